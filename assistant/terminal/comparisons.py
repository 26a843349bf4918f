"""Write what was compared for a terminal: a draft's quotations, two versions, one subject in all documents."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from assistant.records import (
    Answer,
    Change,
    CheckedDraft,
    Difference,
    Document,
    ObjectiveMatch,
    Paragraph,
    Quotation,
    Source,
    percent_in_words,
)

_WIDTH = 100  # characters
_SHOWN = 400  # characters of a paragraph or a difference
_SAID = {"exact": "Exact", "altered": "Altered", "absent": "Not in these documents"}


def render_check(checked: CheckedDraft) -> str:
    """Write the check of a draft: each quotation with what is to be known of it, then the objectives."""
    lines = [", ".join(f"{count} {_SAID[status].lower()}" for status, count in checked.counts.items()), ""]
    for number, quotation in enumerate(checked.quotations, start=1):
        lines += [*_quotation(number, quotation), ""]
    for paragraph in checked.paragraphs:
        if paragraph.objectives:
            named = "; ".join(
                f"{each.objective.number} {each.objective.short} ({_known(each)})" for each in paragraph.objectives
            )
            begin = textwrap.shorten(checked.text[paragraph.start : paragraph.end], 50, placeholder=" …")
            lines.append(f"Objectives of “{begin}”: {named}")
    return "\n".join(lines).rstrip()


def _known(match: ObjectiveMatch) -> str:
    return "stated" if match.basis == "stated" else percent_in_words(match.confidence)


def _quotation(number: int, quotation: Quotation) -> Iterator[str]:
    yield from _wrapped(f"{number}. {_SAID[quotation.status]}: “{_short(quotation.text)}”", "   ")
    if quotation.is_ours and quotation.document:
        yield f"   Only our summary of {quotation.document.title} has these words; don't quote them as its own."
    elif quotation.document:
        yield f"   {_cited(quotation.document, quotation.locator)}"
    for difference in quotation.differences:
        yield from _wrapped(f"   - {_difference(difference)}", "     ")
    if quotation.status == "altered":
        yield from _wrapped(f"   The document: “{_short(quotation.source)}”", "   ")
    for figure in quotation.figures:
        said = "as in the document" if figure.is_there else "not in the document, or not its place"
        yield f"   Beside it: {figure.text}, {said}"


def _difference(difference: Difference) -> str:
    if difference.kind == "left out":
        return f"left out: “{_short(difference.source)}”"
    if difference.kind == "added":
        return f"added: “{_short(difference.draft)}”"
    return f"changed: “{_short(difference.source)}” into “{_short(difference.draft)}”"


def _cited(source: Source, locator: str) -> str:
    known = (source.publisher, source.title, source.symbol, source.date, locator, source.address)
    return ", ".join(filter(None, known))


def render_comparison(before: Document, after: Document, changes: Sequence[Change]) -> str:
    """Write what changed between two versions of a document; what is the same is only counted."""
    same = sum(each.kind == "same" for each in changes)
    lines = [f"{before.source.title} → {after.source.title}", f"Paragraphs that are the same: {same}.", ""]
    for change in changes:
        lines += _change(change, before, after)
    return "\n".join(lines).rstrip()


def _change(change: Change, before: Document, after: Document) -> Iterator[str]:
    old, new = change.before, change.after
    if change.kind == "same":
        if old and new and old.locator != new.locator:
            yield f"= {old.locator} is now {new.locator}"
    elif change.kind == "removed" and old:
        yield from _wrapped(f"- {old.locator}: {_words(before, old)}", "  ")
    elif change.kind == "added" and new:
        yield from _wrapped(f"+ {new.locator}: {_words(after, new)}", "  ")
    elif old and new:
        yield f"~ {old.locator}" + (f" → {new.locator}" if old.locator != new.locator else "")
        for difference in change.differences:
            yield from _wrapped(f"    {_difference(difference)}", "      ")


def _words(document: Document, paragraph: Paragraph) -> str:
    return _short(document.text[paragraph.start : paragraph.end])


def render_in_all(answers: Mapping[str, Answer], sources: Mapping[str, Source]) -> str:
    """Write what each document says on a subject, word for word, and which say nothing."""
    lines: list[str] = []
    for id, answer in answers.items():
        if answer.hits:
            first = answer.hits[0].passage
            lines.append(_cited(sources[id], first.locator))
            said = answer.answer or f"(our summary) {answer.summary}"
            lines += [*_wrapped(f"    “{' '.join(said.split())}”", "    "), ""]
    silent = [sources[id].title for id, answer in answers.items() if not answer.hits]
    if silent:
        lines += _wrapped(f"Nothing on it: {'; '.join(silent)}", "    ")
    return "\n".join(lines).rstrip()


def _short(text: str) -> str:
    return textwrap.shorten(text, _SHOWN, placeholder=" …")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
