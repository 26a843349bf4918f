"""Logical lines: the paragraphs, items, headings and rows of a text, wherever a file breaks them.

Understood are paragraphs on one line each, wrapped, or interrupted by a page break; headings, the marks of items, a
document's opening and closing lines. No character is changed: a line is a span of the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeAlias

from assistant.documents.formats.blocks import BlockKind
from assistant.language import word_count
from assistant.records import Span

_LINE = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]+")
_BLANK_LINE = re.compile(r"(?:\r\n|[\n\r\v\x85\u2028\u2029])[^\S\n\r]*(?:\r\n|[\n\r\v\x85\u2028\u2029])|\f")
# A link in Markdown; each part of it is looked through once.
LINK = re.compile(r"\[(?P<label>[^\[\]]+)\]\((?P<target>(?:[^()\s]|\([^()\s]*\))*)(?:\s+\"[^\"\n]*\")?\)")
ANNEX = re.compile(r"(?P<name>Annex|Appendix)(?:\s+(?P<number>[IVX]+|\d+))?\Z")
TERMINAL = re.compile(r"[.?!…:;,][”’\"')\]»]*\Z")

_HEADING_WORDS = 12  # a longer line is a heading only if all paragraphs are numbered
_LONG_HEADING_WORDS = 25  # one of more words never is
_KNOWN_HEADINGS = 2  # if a format marks so many, no other line is one, unless all paragraphs are numbered
_PROSE_WORDS = 12  # a line of so many words that ends like a sentence is running text
_WRAPPED = range(40, 121)  # characters of a line that an editor wrapped
_WRAPPED_SHARE = 0.9  # of the lines within paragraphs, if the text is wrapped

LineKind: TypeAlias = Literal[
    "plain", "numbered", "lettered", "bullet", "heading", "organ", "opening", "closing", "row", "note"
]
_Marks: TypeAlias = tuple[tuple[LineKind, re.Pattern[str]], ...]
_MARKS: _Marks = (
    # Opens a resolution; the preambular paragraphs are counted from the line after it.
    (
        "organ",
        re.compile(r"The (?:General Assembly|Security Council|Economic and Social Council|Human Rights Council),?\Z"),
    ),
    ("numbered", re.compile(r"(\d{1,3})[.)]\s+\S")),
    ("lettered", re.compile(r"\(([a-z]{1,2}|[ivx]{1,5})\)\s+\S")),
    ("bullet", re.compile(r"[-*•–]\s+\S")),
)
# Any wrapped line could begin so: "1.2 ", "a. ".
_LOOSE_MARKS: _Marks = (
    ("numbered", re.compile(r"(\d{1,3}(?:\.\d{1,3}){1,3})[.)]?\s+[A-Z“\"(]")),
    ("lettered", re.compile(r"([a-z]|[ivx]{2,5})[.)]\s+\S")),
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span of a text whose kind its format gives."""

    start: int
    end: int
    kind: BlockKind = "paragraph"
    page: int = 0  # counted from the file's first, 1; 0 if the format has none
    label: str = ""  # a row's table ("table 2"), a note's name ("footnote 3"); else empty


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line."""

    start: int
    end: int
    text: str
    kind: LineKind = "plain"
    mark: str = ""  # the number, the letter, the heading's words, the row's table or the note's name
    page: int = 0


def lines_of(text: str, stretches: Sequence[Stretch] = ()) -> list[Line]:
    """Find the logical lines of a text, in order, each with its kind.

    Stretches are in order, notes last; without any, lines are recognised by their wording.
    """
    if stretches:
        lines = [_line_of(stretch, text) for stretch in stretches]
    else:
        lines = [_classified(line) for line in _logical_lines(text)]
    notes = [line for line in lines if line.kind == "note"]
    body = _rejoined([line for line in lines if line.kind != "note"], text)
    known = sum(line.kind == "heading" for line in lines) if stretches else 0
    return _with_headings(body, guess=known < _KNOWN_HEADINGS or are_numbered(body)) + notes


def are_numbered(lines: Sequence[Line]) -> bool:
    """Return whether numbers count the document's paragraphs, and not the items of one of its lists."""
    numbered = sum(line.kind == "numbered" for line in lines)
    prose = sum(line.kind == "plain" and word_count(line.text) >= _PROSE_WORDS for line in lines)
    return numbered >= 3 and numbered > prose


def _line_of(stretch: Stretch, text: str) -> Line:
    line = Line(stretch.start, stretch.end, text[stretch.start : stretch.end], page=stretch.page)
    if stretch.kind == "heading":
        return replace(line, kind="heading", mark=line.text)
    if stretch.kind in ("row", "note"):
        return replace(line, kind=stretch.kind, mark=stretch.label)
    return _marked(line, (*_MARKS, *_LOOSE_MARKS))


def _logical_lines(text: str) -> list[Line]:
    spans = [span for match in _LINE.finditer(text) if (span := _stripped(text, match.span())) is not None]
    if _is_wrapped(text, spans):
        spans = _unwrapped(text, spans)
    return [Line(start, end, text[start:end]) for start, end in spans]


def _stripped(text: str, span: Span) -> Span | None:
    piece = text[slice(*span)]
    if not re.search(r"\w", piece):
        return None  # a rule or an ornament has no words to cite
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


def _classified(line: Line) -> Line:
    title = markdown_title(line.text)
    return _marked(line, _MARKS) if title is None else replace(line, kind="heading", mark=title)


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
    """Recognise an item by its mark."""
    for kind, pattern in marks:
        if match := pattern.match(line.text):
            return replace(line, kind=kind, mark="".join(match.groups()))
    return line


def _rejoined(lines: list[Line], text: str) -> list[Line]:
    """Join a paragraph that a page break interrupts in mid-sentence: "child-sensitive and" / "gender-specific …"."""
    groups: list[tuple[Line, Line]] = []  # the first line of each and the last one so far
    words = 0  # of the current group
    for line in lines:
        if groups and _is_interrupted(groups[-1][0], words, groups[-1][1], line):
            groups[-1] = (groups[-1][0], line)
            words += word_count(line.text)
        else:
            groups.append((line, line))
            words = word_count(line.text)
    return [
        first if first is last else replace(first, end=last.end, text=text[first.start : last.end])
        for first, last in groups
    ]


def _is_interrupted(first: Line, words: int, before: Line, line: Line) -> bool:
    return (
        line.kind == "plain"
        and line.text[0].islower()
        and first.kind not in ("heading", "row")
        and words >= _PROSE_WORDS
        and (not TERMINAL.search(before.text) or before.text.endswith(","))
    )


def _with_headings(lines: list[Line], *, guess: bool) -> list[Line]:
    numbered = are_numbered(lines)
    longest = _LONG_HEADING_WORDS if numbered else _HEADING_WORDS
    last_content = max((i for i, line in enumerate(lines) if _is_content(line)), default=-1)
    marked = [
        replace(line, kind="heading", mark=line.text)
        if i < last_content and _is_heading(line, longest if guess else 0)
        else line
        for i, line in enumerate(lines)
    ]
    return _with_opening(marked)


def _is_content(line: Line) -> bool:
    return line.kind in ("numbered", "lettered", "bullet", "row") or (
        line.kind == "plain" and bool(TERMINAL.search(line.text))
    )


def _is_heading(line: Line, longest: int) -> bool:
    if line.kind == "plain" and ANNEX.match(line.text):
        return True
    return (
        line.kind == "plain"
        and not TERMINAL.search(line.text)
        and "](" not in line.text
        and not line.text[0].islower()
        and line.text[0] not in "|>`"
        and word_count(line.text) <= longest
    )


def _with_opening(lines: list[Line]) -> list[Line]:
    """Mark the title, date and the like above the first running text, and a signature below the last."""
    first = next((i for i, line in enumerate(lines) if not _is_bare(line)), len(lines))
    if first >= 2 and first < len(lines):
        heading = lines[first - 1].kind == "heading"
        opening = lines[: first - 1 if heading else first]
        lines = [replace(line, kind="opening") for line in opening] + lines[len(opening) :]
    if not are_numbered(lines):
        return lines
    last = next(i for i in range(len(lines) - 1, -1, -1) if not _is_bare(lines[i]))
    return lines[: last + 1] + [replace(line, kind="closing") for line in lines[last + 1 :]]


def _is_bare(line: Line) -> bool:
    """Return whether a line could be part of a title page: it is no sentence, no item and no marked heading."""
    return (
        line.kind in ("plain", "heading")
        and not line.text.startswith("#")
        and not TERMINAL.search(line.text)
        and "](" not in line.text
        and word_count(line.text) <= _LONG_HEADING_WORDS
    )
