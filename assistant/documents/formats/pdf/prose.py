"""Lines in the order of reading become blocks: whole paragraphs, headings, rows of tables, and footnotes last.

A paragraph continues over columns and pages; a word that is divided at a line's end is joined.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ..blocks import Block, clean
from .pages import Line, Region
from .tabular import with_rows
from .words import count_words, joined

_MARKER = re.compile(
    r"(?:\d{1,3}(?:\.\d{1,3})*[.)]|\([a-z]{1,2}\)|\([ivx]{1,5}\)|[a-z][.)]|[-*•–·▪■●◦‣\ue000-\uf8ff])(?:\s|\Z)"
)
_MARKED_END = re.compile(r"(?:[.?!…:;,][”’\"')\]»]*|\b(?:and|or))\Z")
_SENTENCE_END = re.compile(r"[.?!…:;][”’\"')\]»]*\Z")
_CONTENTS = re.compile(r"(?<!\.)(?<!\.\s)(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxl]+)?\Z")  # a line of a table of contents
_NOTE_MARK = re.compile(r"(?P<mark>\d{1,3}|[*†‡]+)[.)]?\s")
_BULLETS = re.compile(r"[·▪■●◦‣\ue000-\uf8ff]\s?")

_UNFINISHED = ("-", "\u2010", "\u00ad", "/", ",")  # a line that ends so is continued by the next
# A day and its month, which typesetting keeps on one line.
_DAY = re.compile(r"\d{1,2} [A-Z]")

_WIDE_GAP = 1.35  # of the usual distance of two lines; more separates paragraphs
_INDENT = 0.8  # of a line's height
_SPACE = 0.5  # of a line's height: the space between two words
_LARGER = 1.12  # than the text's letters: the letters of a heading
_SMALLER = 0.93  # than the text's letters: the letters of a footnote
_SAME_SIZE = 0.08
_HEADING_WORDS = 30
_BOLD_WORDS = 20


@dataclass(slots=True)
class _Paragraph:
    """The lines of a paragraph, a row or a note, as they are collected."""

    lines: list[Line]
    kind: str = "text"  # text | row | note
    label: str = ""

    @property
    def last(self) -> Line:
        return self.lines[-1]


@dataclass(slots=True)
class _Text:
    """The measures of a document, and its paragraphs so far."""

    size: float  # of its letters
    pitch: float  # the distance of two lines, as a share of their letters' height
    is_bold: bool  # most of it is, so that bold letters make no heading
    paragraphs: list[_Paragraph] = field(default_factory=list)
    notes: list[_Paragraph] = field(default_factory=list)
    tables: int = 0


def blocks_of(pages: Sequence[Sequence[Region]]) -> Iterator[Block | None]:
    """Yield the blocks of all pages, notes last; None is a sign that work goes on."""
    text = _measured(pages)
    for page in pages:
        for region in page:
            body = _without_notes(text, region)
            _add_region(text, with_rows([line for line in body if not _CONTENTS.search(line.text)]))
        yield None
    words = count_words(line.text for paragraph in text.paragraphs for line in paragraph.lines)
    for paragraph in (*text.paragraphs, *text.notes):
        block = _block(paragraph, text, words)
        yield block if block.text else None


def title_of(pages: Sequence[Sequence[Region]]) -> str:
    """Return the heading in the largest letters on the first page; nothing if none are larger than the text's."""
    text = _measured(pages)
    for region in pages[0] if pages else ():
        _add_region(text, with_rows(region))
    headings = [paragraph for paragraph in text.paragraphs if _is_heading(paragraph, text)]
    largest = max(headings, key=lambda paragraph: paragraph.lines[0].size, default=None)
    if largest is None or largest.lines[0].size < _LARGER * text.size:
        return ""
    return joined([line.text for line in largest.lines], Counter())


def _measured(pages: Sequence[Sequence[Region]]) -> _Text:
    sizes: Counter[float] = Counter()
    weights: Counter[bool] = Counter()
    pitches: dict[bool, list[float]] = {True: [], False: []}  # of lines that go on in small letters, and of others
    for page in pages:
        for region in page:
            for line in region:
                sizes[round(line.size, 1)] += len(line.text)
                weights[line.bold] += len(line.text)
            for above, below in pairwise(region):
                pitch = (above.base - below.base) / below.size
                if _same_size(above, below) and 0.7 <= pitch <= 2.5:
                    pitches[below.text[:1].islower()].append(pitch)
    near = pitches[True] or pitches[False]
    return _Text(
        size=sizes.most_common(1)[0][0] if sizes else 1.0,
        pitch=median(near) if near else 1.2,
        is_bold=weights[True] > weights[False],
    )


def _same_size(first: Line, second: Line) -> bool:
    return abs(first.size - second.size) <= _SAME_SIZE * max(first.size, second.size)


# Footnotes -----------------------------------------------------------------------------------------------------------


def _without_notes(text: _Text, region: Region) -> Region:
    """Move the notes at the end of a column to the document's notes, and return the rest of the column."""
    first = 0 if region and all(line.is_beside for line in region) else len(region)
    while first and _may_be_note(region[first - 1], text):
        first -= 1
    small = region[first:]
    marked = [i for i, line in enumerate(small) if _note_mark(line)]
    if not marked and small and _is_rest_of_note(text, region, first):
        text.notes[-1].lines.extend(small)
        return region[:first]
    if not marked:
        return region
    if marked[0] and not (text.notes and _is_apart(region, first, text)):
        first += marked[0]  # small letters above the first note belong to the text
        small = region[first:]
    for line in small:
        if mark := _note_mark(line):
            text.notes.append(_Paragraph([line], "note", f"footnote {mark}"))
        else:
            text.notes[-1].lines.append(line)
    return region[:first]


def _is_rest_of_note(text: _Text, region: Region, first: int) -> bool:
    """Return whether lines without a mark continue the last note of the previous column or page."""
    if not text.notes or not first or not _is_apart(region, first, text):
        return False
    open_line = text.notes[-1].last
    return region[first].page - open_line.page in (0, 1) and open_line.text[-1] not in ".?!…"


def _may_be_note(line: Line, text: _Text) -> bool:
    return line.size <= _SMALLER * text.size or (bool(line.raised) and line.size <= text.size)


def _note_mark(line: Line) -> str:
    if line.raised:
        return line.raised
    match = _NOTE_MARK.match(line.text)
    return match["mark"] if match else ""


def _is_apart(region: Region, first: int, text: _Text) -> bool:
    if not first:
        return True
    return region[first - 1].base - region[first].base > _WIDE_GAP * text.pitch * region[first].size


# Paragraphs ----------------------------------------------------------------------------------------------------------


def _add_region(text: _Text, region: Sequence[Line]) -> None:
    rights = _rights(region, text)
    previous: Line | None = None
    for i, line in enumerate(region):
        if line.table:
            text.tables += previous is None or previous.table != line.table
            text.paragraphs.append(_Paragraph([line], "row", f"table {text.tables}"))
        elif not text.paragraphs or text.paragraphs[-1].kind == "row":
            text.paragraphs.append(_Paragraph([line]))
        else:
            current = text.paragraphs[-1]
            if previous is None:
                goes_on = _goes_on_elsewhere(current, line)
            else:
                goes_on = not _starts_anew(current, line, rights[i - 1], text)
            if goes_on:
                current.lines.append(line)
            else:
                text.paragraphs.append(_Paragraph([line]))
        previous = line
    if region and text.paragraphs:
        _remember_end(text.paragraphs[-1], rights[-1])


def _rights(region: Sequence[Line], text: _Text) -> list[float]:
    """Return for each line the right edge of the lines around it, up to the next gap."""
    rights: list[float] = []
    first = 0
    for i in range(1, len(region) + 1):
        if i == len(region) or _is_parted(region[i - 1], region[i], text):
            rights += [max(line.right for line in region[first:i])] * (i - first)
            first = i
    return rights


def _is_parted(above: Line, below: Line, text: _Text) -> bool:
    return above.is_beside != below.is_beside or _is_gap(above, below, text)


def _is_gap(above: Line, below: Line, text: _Text) -> bool:
    return above.base - below.base > _WIDE_GAP * text.pitch * max(above.size, below.size)


def _starts_anew(current: _Paragraph, line: Line, right: float, text: _Text) -> bool:
    last = current.last
    if _is_gap(last, line, text) or not _same_size(last, line):
        return True
    if line.size >= _LARGER * text.size:
        return False  # a heading of several lines, which may be centred
    if last.bold and not line.bold and not line.text[0].islower() and not text.is_bold:
        return True  # a heading in bold
    if _is_item(line) and (_MARKED_END.search(last.text) or abs(line.left - last.left) > 1):
        return not _closes_parenthesis(current, line)
    return _is_indented(current, line) or _would_have_fitted(last, line, right)


def _is_item(line: Line) -> bool:
    return _MARKER.match(line.text) is not None


def _closes_parenthesis(current: _Paragraph, line: Line) -> bool:
    """Return whether a line that begins like an item closes a parenthesis: "(objectives 2 and" / "18)"."""
    before = current.last.text
    return line.text.split()[0].endswith(")") and line.text[0] != "(" and before.count("(") > before.count(")")


def _is_indented(current: _Paragraph, line: Line) -> bool:
    """Return whether a line is indented otherwise than the one above it, as a paragraph's first line is."""
    last, indent = current.last, _INDENT * line.size
    if last.is_beside != line.is_beside:
        return False
    if len(current.lines) == 1:
        # The second line may begin left of an indented first one, or right of a number.
        return line.left > last.left + indent and not _is_item(last)
    return abs(line.left - last.left) > indent


def _would_have_fitted(last: Line, line: Line, right: float) -> bool:
    """Return whether a line's first word would have fitted on the line above, so that the break is deliberate."""
    if last.text.endswith(_UNFINISHED):
        return False
    if (_DAY.match(line.text) or line.text[0].islower()) and not _MARKED_END.search(last.text):
        return False
    return last.right + line.word + _SPACE * line.size < right


def _goes_on_elsewhere(current: _Paragraph, line: Line) -> bool:
    """Return whether a line at the top of a column or page continues a paragraph."""
    last = current.last
    if not _same_size(last, line) or _is_item(line) or last.bold != line.bold:
        return False
    if line.text[0].islower():
        return True
    return not _SENTENCE_END.search(last.text) if current.label == "full" else False


def _remember_end(paragraph: _Paragraph, right: float) -> None:
    """Label a paragraph whose last line fills its column, since it may continue in the next one."""
    if paragraph.kind == "text":
        paragraph.label = "full" if paragraph.last.right > right - 4 * paragraph.last.size else ""


# Blocks --------------------------------------------------------------------------------------------------------------


def _block(paragraph: _Paragraph, text: _Text, words: Counter[str]) -> Block:
    page = paragraph.lines[0].page
    if paragraph.kind == "row":
        cells = (clean(cell) for cell in paragraph.lines[0].text.split("|"))
        return Block(" | ".join(cells).strip(), "row", page, paragraph.label)
    whole = clean(joined([line.text for line in paragraph.lines], words))
    if paragraph.kind == "note":
        raised = paragraph.lines[0].raised
        return Block(f"{raised} {whole}" if raised else whole, "note", page, paragraph.label)
    whole = _BULLETS.sub("• ", whole, count=1) if _BULLETS.match(whole) else whole
    return Block(whole, "heading" if _is_heading(paragraph, text) else "paragraph", page)


def _is_heading(paragraph: _Paragraph, text: _Text) -> bool:
    words = sum(len(line.text.split()) for line in paragraph.lines)
    if paragraph.kind != "text" or words > _HEADING_WORDS or not any(c.isalpha() for c in paragraph.lines[0].text):
        return False
    if all(line.size >= _LARGER * text.size for line in paragraph.lines):
        return True
    return (
        all(line.bold for line in paragraph.lines)
        and not text.is_bold
        and words <= _BOLD_WORDS
        and paragraph.last.text[-1] not in ".:;,"
        and paragraph.lines[0].size >= _SMALLER * text.size
    )
