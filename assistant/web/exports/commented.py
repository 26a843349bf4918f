"""Write a checked draft as a Word file: its text, and at each quotation a comment that says what it is."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.records import CheckedDraft, DraftParagraph, Quotation
from assistant.web.rendering import Strings, basis_in_words, cite, difference_in_words, read_strings

if TYPE_CHECKING:
    from docx.text.run import Run


def commented_docx(checked: CheckedDraft, strings: Strings | None = None) -> bytes:
    """Write a draft line by line, with a comment at each quotation and at each paragraph that concerns objectives."""
    from assistant.web.exports.word import begin_docx, bytes_of, writable  # few ask for it

    strings = strings or read_strings("en")
    document = begin_docx(strings, title=strings.text("place.draft"))
    text, author = checked.text, strings.text("product")
    cuts = sorted({at for each in checked.quotations for at in (each.start, each.end)})
    runs: list[tuple[int, Run]] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        paragraph = document.add_paragraph()
        edges = [start, *cuts[bisect_right(cuts, start) : bisect_left(cuts, end)], end]
        for first, last in pairwise(edges):
            if first < last:
                runs.append((first, paragraph.add_run(writable(text[first:last]))))
        start = end + 1
    starts = [at for at, _ in runs]
    for part, said in _comments(checked, strings):
        inside = [run for _, run in runs[bisect_left(starts, part.start) : bisect_left(starts, part.end)]]
        if inside:
            document.add_comment(inside, text=writable(said), author=author, initials="")
    return bytes_of(document)


def _comments(checked: CheckedDraft, strings: Strings) -> Iterator[tuple[Quotation | DraftParagraph, str]]:
    for quotation in checked.quotations:
        yield quotation, "\n".join(_comment(quotation, strings))
    for part in checked.paragraphs:
        if part.objectives:
            named = strings.semicolon.join(
                f"{each.objective.number} {each.objective.title} "
                f"({basis_in_words(each.basis, each.confidence, strings)})"
                for each in part.objectives
            )
            yield part, strings.label("objectives_of_question") + named


def _comment(quotation: Quotation, strings: Strings) -> Iterator[str]:
    yield strings.text(f"draft.{quotation.status}")
    for each in quotation.differences:
        label = difference_in_words(each, strings) + strings.colon
        yield label + " → ".join(f"“{words}”" for words in (each.source, each.draft) if words)
    if quotation.status == "altered":
        yield f"{strings.label('draft.source')}“{quotation.source}”"
    if quotation.is_ours and quotation.document:
        yield strings.text("draft.ours", title=quotation.document.title)
    elif quotation.document:
        yield cite(quotation.document, quotation.locator, strings)
    for figure in quotation.figures:
        if not figure.is_there:
            yield strings.text("draft.figure", figure=figure.text)
