"""Logical lines: the paragraphs, items, headings and rows of a text, wherever a file breaks them.

Understood are paragraphs on one line each, wrapped, or interrupted by a page break; headings, annexes, articles, the
marks of items, a document's opening and closing lines. No character is changed: a line is a span of the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from assistant.documents.formats.blocks import BlockKind
from assistant.documents.outline import are_numbered
from assistant.documents.preambles import COMMA, TERMINAL, Line, LineKind, with_preambles
from assistant.language import SYMBOL, word_count
from assistant.records import Span

_LINE = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]+")
_BLANK_LINE = re.compile(r"(?:\r\n|[\n\r\v\x85\u2028\u2029])[^\S\n\r]*(?:\r\n|[\n\r\v\x85\u2028\u2029])|\f")
# A link in Markdown; each part of it is looked through once.
LINK = re.compile(r"\[(?P<label>[^\[\]]+)\]\((?P<target>(?:[^()\s]|\([^()\s]*\))*)(?:\s+\"[^\"\n]*\")?\)")
_COMMENT = re.compile(r"<!--.*-->\Z")
# The first words of a line, which may go on with a title.
_ANNEX = re.compile(
    r"(?P<noun>annexe?|appendix|enclosure|anexo|приложение|附件)(?:\s+(?P<number>[ivx]+|\d{1,2}|[a-z])(?!\w))?[.:]?(?:\s+|\Z)",
    re.IGNORECASE,
)
# The same of an article; behind a full stop its first paragraph may follow, too.
_ARTICLE = re.compile(
    r"(?:article|art\.|artículo|artikel|articolo|artigo|статья|المادة)\s+"
    r"(?P<number>\d{1,3}(?:\s?(?:bis|ter)|[a-z])?|[ivxlc]{1,7})(?P<end>\s?[.:–—-]+)?(?:\s+|\Z)",
    re.IGNORECASE,
)
# Stands below what was adopted: "50th plenary meeting", "19 December 2023".
_ADOPTED = re.compile(r"\d{1,5}(?:st|nd|rd|th)\s+(?:\w+\s+)?meeting|\d{1,2}\s+[^\W\d]{3,}\s+\d{4}\.?\Z", re.IGNORECASE)

_HEADING_WORDS = 12  # a longer line is a heading only if all paragraphs are numbered
_LONG_HEADING_WORDS = 25  # one of more words never is
_KNOWN_HEADINGS = 2  # if a format marks so many, no other line is one, unless all paragraphs are numbered
_PROSE_WORDS = 12  # a line of so many words that ends like a sentence is running text
_ADOPTED_WORDS = 6
_MARK = 6  # characters at the beginning of a line, among which its mark ends
_WRAPPED = range(40, 121)  # characters of a line that an editor wrapped
_WRAPPED_SHARE = 0.9  # of the lines within paragraphs, if the text is wrapped

_Marks: TypeAlias = tuple[tuple[LineKind, re.Pattern[str]], ...]
# A scan may have "l" and "I" for 1, "O" for 0. A mark may stand alone, its text on the next line.
_MARKS: _Marks = (
    (
        "numbered",
        re.compile(r"\A(\d{1,3}(?=[.)]| \. )|[\dl][\dlO]{0,2}(?=\.)|I(?=\.\s[\s\S]{40,}[;.]\Z)) ?[.)](?:\s+\S|\Z)"),
    ),
    ("lettered", re.compile(r"\(\s?([a-z]{1,2}|[ivx]{1,5}|\d{1,3})\s?\)(?:\s+\S|\Z)")),
    ("bullet", re.compile(r"[-*•–—]\s+\S")),
)
# Any wrapped line could begin so: "1.2 ", "a. ".
_LOOSE_MARKS: _Marks = (
    ("numbered", re.compile(r"(\d{1,3}(?:\.(?:\d{1,3}|[a-z])){1,3})[.)]?\s+[A-Z“\"(]")),
    ("lettered", re.compile(r"([a-z]|[ivx]{2,5})[.)]\s+\S")),
)
_AS_SCANNED = str.maketrans("lIO", "110")
_BARE_MARK = re.compile(r"\(?\s?\w{1,5}\s?[.)]\Z")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span of a text whose kind its format gives."""

    start: int
    end: int
    kind: BlockKind = "paragraph"
    page: int = 0  # counted from the file's first, 1; 0 if the format has none
    label: str = ""  # a row's table ("table 2"), a note's name ("footnote 3"); else empty


def lines_of(text: str, stretches: Sequence[Stretch] = ()) -> list[Line]:
    """Find the logical lines of a text, in order, each with its kind.

    Stretches are in order, notes last; without any, lines are recognised by their wording.
    """
    known = [line for stretch in stretches if (line := _line_of(stretch, text))]
    lines = known if stretches else list(_logical_lines(text))
    notes = [line for line in lines if line.kind == "note"]
    whole = _rejoined([line for line in lines if line.kind != "note"], text)
    body = _with_articles([part for line in whole for part in _parted(line)])
    headings = sum(line.kind == "heading" for line in known)
    headed = _with_headings(body, guess=headings < _KNOWN_HEADINGS or are_numbered(body))
    return _with_ends(with_preambles(headed)) + notes


def _line_of(stretch: Stretch, text: str) -> Line | None:
    """Return the line that a stretch makes; none for the symbol that stands at the head of each page."""
    line = Line(stretch.start, stretch.end, text[stretch.start : stretch.end], page=stretch.page)
    if stretch.page > 1 and SYMBOL.fullmatch(line.text):
        return None
    if stretch.kind == "heading":
        return replace(line, kind="heading", mark=line.text)
    if stretch.kind in ("row", "note"):
        return replace(line, kind=stretch.kind, mark=stretch.label)
    return _marked(line, (*_MARKS, *_LOOSE_MARKS))


def _logical_lines(text: str) -> Iterator[Line]:
    spans = [span for match in _LINE.finditer(text) if (span := _stripped(text, match.span())) is not None]
    if _is_wrapped(text, spans):
        spans = _unwrapped(text, spans)
    for before, span in zip([None, *spans], spans, strict=False):
        stands_apart = before is not None and not _same_block(text, before, span)
        marks = (*_MARKS, *_LOOSE_MARKS) if stands_apart else _MARKS
        yield _classified(Line(*span, text[slice(*span)]), marks)


def _stripped(text: str, span: Span) -> Span | None:
    piece = text[slice(*span)]
    if not re.search(r"\w", piece) or _COMMENT.match(piece.strip()):
        return None  # a rule, an ornament or a comment has no words to cite
    start = span[0] + len(piece) - len(piece.lstrip())
    return start, span[0] + len(piece.rstrip())


def _same_block(text: str, first: Span, second: Span) -> bool:
    return not _BLANK_LINE.search(text, first[1], second[0])


def _is_wrapped(text: str, spans: list[Span]) -> bool:
    """Return whether an editor broke the lines at a column, so that only blank lines and marks part paragraphs."""
    inner = [first[1] - first[0] for first, second in pairwise(spans) if _same_block(text, first, second)]
    if len(inner) < 4 or max(inner) >= _WRAPPED.stop:
        return False
    return sum(length in _WRAPPED for length in inner) >= _WRAPPED_SHARE * len(inner)


def _unwrapped(text: str, spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    after_heading = False
    for span in spans:
        kind = _classified(Line(*span, text[slice(*span)])).kind
        if not joined or kind != "plain" or after_heading or not _same_block(text, joined[-1], span):
            joined.append(span)
            after_heading = kind == "heading"
        else:
            joined[-1] = (joined[-1][0], span[1])
    return joined


def _classified(line: Line, marks: _Marks = _MARKS) -> Line:
    title = markdown_title(line.text)
    return _marked(line, marks) if title is None else replace(line, kind="heading", mark=title)


def without_link_marks(text: str) -> str:
    """Return a text with each link of Markdown as it is read: by its words alone.

    >>> without_link_marks("All materials are available [here](#).")
    'All materials are available here.'
    """
    return LINK.sub(r"\g<label>", text)


def markdown_title(line: str) -> str | None:
    """Return the words of a heading in Markdown, or None for another line.

    >>> markdown_title("## Means ##"), markdown_title("#7 of all")
    ('Means', None)
    """
    words = line.lstrip("#")
    level = len(line) - len(words)
    return words.strip().rstrip("#").rstrip() if 1 <= level <= 6 and words[:1].isspace() else None


def _marked(line: Line, marks: _Marks) -> Line:
    """Recognise an item by its mark, which programs write with backslashes in Markdown."""
    text = line.text.replace("\\", "", 2) if "\\" in line.text[:_MARK] else line.text
    for kind, pattern in marks:
        if match := pattern.match(text):
            mark = "".join(match.groups())
            return replace(line, kind=kind, mark=mark.translate(_AS_SCANNED) if kind == "numbered" else mark)
    return line


def _rejoined(lines: list[Line], text: str) -> list[Line]:
    """Join a mark to its text, and a paragraph that a page break interrupts: "child-sensitive and" / "specific …"."""
    groups: list[tuple[Line, Line]] = []  # the first line of each and the last one so far
    words = 0  # of the current group
    for line in lines:
        if groups and _is_interrupted(text, groups[-1][0], words, groups[-1][1], line):
            groups[-1] = (groups[-1][0], line)
            words += word_count(line.text)
        else:
            groups.append((line, line))
            words = word_count(line.text)
    return [
        first if first is last else replace(first, end=last.end, text=text[first.start : last.end])
        for first, last in groups
    ]


def _is_interrupted(text: str, first: Line, words: int, before: Line, line: Line) -> bool:
    if first is before and first.kind in ("numbered", "lettered") and _BARE_MARK.match(first.text):
        return line.kind == "plain"
    is_open = not TERMINAL.search(before.text)
    goes_on = line.kind == "plain" and line.text[0].islower() and first.kind not in ("heading", "row")
    if words < _PROSE_WORDS:  # a heading or a title over two lines
        return (
            goes_on
            and is_open
            and len(before.text) >= _WRAPPED.start
            and _same_block(text, (0, before.end), (line.start, 0))
        )
    return goes_on and (is_open or before.text.endswith(","))


def _parted(line: Line) -> Iterator[Line]:
    """Part the name of an annex or an article from the title or the paragraph that follows it on its line."""
    words = line.mark if line.kind == "heading" else line.text
    if line.kind not in ("plain", "heading"):
        yield line
        return
    offset = line.start + line.text.index(words)
    if (match := _ANNEX.match(words)) and _is_head(words[match.end() :], line):
        name = " ".join(part for part in (match["noun"].lower(), match["number"]) if part)
        kind: LineKind = "annex"
    elif (match := _ARTICLE.match(words)) and _is_head(words[match.end() :], line, is_marked=bool(match["end"])):
        name, kind = f"Article {match['number']}", "article"
    else:
        yield line
        return
    rest = words[match.end() :]
    yield replace(line, end=offset + len(match[0].rstrip()), text=match[0].rstrip(), kind=kind, mark=name)
    if rest:
        rest_line = Line(offset + match.end(), line.end, rest, page=line.page)
        is_title = line.kind == "heading" or not TERMINAL.search(rest)
        yield replace(rest_line, kind="heading", mark=rest) if is_title else _marked(rest_line, _MARKS)


def _is_head(rest: str, line: Line, *, is_marked: bool = False) -> bool:
    """Return whether words behind the name of an annex or an article are its title or its first paragraph."""
    if not rest or (is_marked and not rest[0].islower()):
        return True
    is_title = line.kind == "heading" or (not TERMINAL.search(rest) and word_count(rest) <= _LONG_HEADING_WORDS)
    return is_title and rest[0].isupper()


def _with_articles(lines: Sequence[Line]) -> list[Line]:
    """Take articles for headings where numbers go on over them: a report has paragraphs 45 to 50 under "Article 3"."""
    first_numbers: list[str] = []  # of the articles that have numbers
    is_new = False
    for line in lines:
        if line.kind == "article":
            is_new = True
        elif line.kind == "numbered" and is_new:
            first_numbers.append(line.mark)
            is_new = False
    if sum(number == "1" for number in first_numbers) * 2 >= len(first_numbers):
        return list(lines)
    return [replace(line, kind="heading", mark=line.text) if line.kind == "article" else line for line in lines]


def _with_headings(lines: Sequence[Line], *, guess: bool) -> list[Line]:
    numbered = are_numbered(lines)
    longest = _LONG_HEADING_WORDS if numbered else _HEADING_WORDS
    last_content = max((i for i, line in enumerate(lines) if _is_content(line)), default=-1)
    return [
        replace(line, kind="heading", mark=line.text)
        if i < last_content and _is_heading(line, _limit(lines, i, longest if guess else 0))
        else line
        for i, line in enumerate(lines)
    ]


def _limit(lines: Sequence[Line], i: int, longest: int) -> int:
    """Return the most words that a heading may have: below the name of an article stands its title."""
    return _LONG_HEADING_WORDS if i and lines[i - 1].kind == "article" else longest


def _is_content(line: Line) -> bool:
    return line.kind in ("numbered", "lettered", "bullet", "row", "article") or (
        line.kind == "plain" and bool(TERMINAL.search(line.text))
    )


def _is_heading(line: Line, longest: int) -> bool:
    return (
        line.kind == "plain"
        and not TERMINAL.search(line.text)
        and not line.text.endswith("-")  # a divided word
        and "](" not in line.text
        and not line.text[0].islower()
        and line.text[0] not in "|>`["
        and word_count(line.text) <= longest
    )


def _with_ends(lines: Sequence[Line]) -> list[Line]:
    """Mark title, date and the like above the first running text, and what stands below what was adopted."""
    first = next((i for i, line in enumerate(lines) if not _is_bare(line)), len(lines))
    organ = next((i for i, line in enumerate(lines) if line.kind == "organ"), 0)
    if all(line.kind in ("plain", "heading") and not line.text.endswith(".") for line in lines[first:organ]):
        first = max(first, organ)  # whatever stands above who speaks, unless it is running text
    marked = list(lines)
    if first < len(lines):
        has_heading = first > 0 and lines[first - 1].kind == "heading"
        opening = first - 1 if has_heading else first
        if first >= (1 if organ else 2):
            marked[:opening] = [replace(line, kind="opening") for line in lines[:opening]]
    is_formal = are_numbered(lines) or any(line.kind in ("organ", "clause") for line in lines)
    if not is_formal:
        return marked
    ends = (i for i in range(len(lines) - 1, -1, -1) if not (_is_bare(lines[i]) or _is_adopted(lines[i])))
    last = next(ends, len(lines))
    return [
        replace(line, kind="closing") if i > last or (i > first and _is_adopted(line)) else line
        for i, line in enumerate(marked)
    ]


def _is_bare(line: Line) -> bool:
    """Return whether a line could be part of a title page: it is no sentence, no item and no marked heading."""
    return (
        line.kind in ("plain", "heading")
        and not line.text.startswith("#")
        and (not _is_sentence(line.text) or line.text[0] + line.text[-1] == "[]")
        and "](" not in line.text
        and word_count(line.text) <= _LONG_HEADING_WORDS
    )


def _is_adopted(line: Line) -> bool:
    """Return whether a line says at which meeting or when something was adopted."""
    is_short = line.kind in ("plain", "heading") and word_count(line.text) <= _ADOPTED_WORDS
    return is_short and bool(_ADOPTED.match(line.text))


def _is_sentence(text: str) -> bool:
    return bool(TERMINAL.search(text)) and not COMMA.search(text) and word_count(text) > 2  # "Distr."
