"""Pieces of text with their places on pages become lines."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from ..raised import Fragment, joined
from .words import joined as joined_lines

Span: TypeAlias = tuple[float, float]  # from left to right, in points
Gap: TypeAlias = tuple[int, float, float]  # the place in a text, and what is left and right of it, in points
Box: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top; in points, from the lower left corner

_BELOW = 0.25  # of a letter's size lies below its baseline
WORD_GAP = 0.17  # of a letter's size; a wider gap separates words
MAX_GAP = 1.0  # a wider gap may separate columns
CELL_GAP = 0.35  # a wider gap may separate cells
_WIDE_GAP = 1.6  # a wider gap separates cells
_RULE = re.compile(r"[_\-–—=~*.·\s]{4,}")  # a line that is drawn with characters
_LONGEST_RAISED = 12  # characters


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one font side by side."""

    text: str  # with the space before it, if there is one
    left: float
    right: float
    base: float  # the height of its baseline
    size: float  # that of its font
    word: float  # the right edge of its first word; a no-break space doesn't end a word
    bold: bool
    gaps: tuple[Gap, ...] = ()  # in it, which may separate cells

    @property
    def box(self) -> Box:
        """Return the box around it, as if all letters were equally high."""
        return self.left, self.base - _BELOW * self.size, self.right, self.base + (1 - _BELOW) * self.size


@dataclass(frozen=True)
class Piece:
    """Runs side by side, without a gap that could separate columns; or a table that is drawn."""

    runs: tuple[Run, ...]
    rows: tuple[str, ...] = ()  # of a table

    @cached_property
    def box(self) -> Box:
        """Return the box around all its runs."""
        boxes = [run.box for run in self.runs]
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )

    @cached_property
    def text(self) -> str:
        """Return its words."""
        return "".join(run.text for run in self.runs).strip()


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the pieces of text on it, in the order in which the file draws them."""

    number: int
    height: float
    pieces: tuple[Piece, ...]
    strokes: tuple[Box, ...] = ()  # thin lines that are drawn, from left to right and upright
    boxes: tuple[Box, ...] = ()  # frames, coloured areas and pictures
    asides: tuple[tuple[Piece, ...], ...] = ()  # what is in boxes beside the text


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column."""

    cells: tuple[str, ...]  # its text, cut where gaps may be those between a table's cells
    left: float
    right: float
    base: float  # the baseline of most of its letters
    size: float  # the size of most of its letters
    word: float  # the width of its first word
    bold: bool
    page: int
    raised: str = ""  # raised figures at its beginning, as in front of a footnote
    places: tuple[Span, ...] = ()  # of the cells, from left to right
    has_gap: bool = False  # some of its cells are as far apart as those of tables alone
    table: int = 0  # the number on its page of the table whose row it is; 0 for none
    is_beside: bool = False  # it is beside a box, and shorter for that, or in such a box

    @property
    def text(self) -> str:
        """Return its words."""
        return " ".join(self.cells)


Region: TypeAlias = tuple[Line, ...]  # consecutive lines of a column, or lines that span all columns


def follows(first: Run, second: Run) -> bool:
    """Return whether the second run continues the line of the first."""
    size = max(first.size, second.size)
    return are_level(first.box, second.box) and -0.5 * size < second.left - first.right < MAX_GAP * size


def are_level(first: Box, second: Box) -> bool:
    """Return whether two boxes are on one line: whether they share more than half of the smaller height."""
    shared = min(first[3], second[3]) - max(first[1], second[1])
    return shared > 0.5 * min(first[3] - first[1], second[3] - second[1])


def is_within(box: Box, other: Box) -> bool:
    """Return whether the middle of a box is inside of another one."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]


def rows_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return the rows of pieces on one line, each from left to right, from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.box[1]):
        if rows and are_level(rows[-1][0].box, piece.box):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.box[0]) for row in rows]


# Lines ---------------------------------------------------------------------------------------------------------------


def lines_of(pieces: Sequence[Piece], page: int) -> Region:
    """Return the lines of the pieces of a column, from top to bottom."""
    tables = [piece for piece in pieces if piece.rows]
    text = rows_of([piece for piece in pieces if not piece.rows])
    lines = [(line.base, [line]) for row in text if (line := _line(row, page)) is not None]
    lines += [(table.box[3], _rows(table, number, page)) for number, table in enumerate(tables, start=1)]
    return tuple(line for _, some in sorted(lines, key=lambda each: -each[0]) for line in some)


def cell_text(pieces: Sequence[Piece]) -> str:
    """Return the text of a cell, whose lines are joined."""
    if len(pieces) == 1:
        return pieces[0].text
    lines = [line.text for row in rows_of(pieces) if (line := _line(row, 0)) is not None]
    return joined_lines(lines, Counter()) if lines else ""


def _rows(table: Piece, number: int, page: int) -> list[Line]:
    left, bottom, right, _ = table.box
    size = _common([run.size for run in table.runs], table.runs)
    bold = all(run.bold for run in table.runs)
    return [Line((row,), left, right, bottom, size, right - left, bold, page, table=number) for row in table.rows]


def _line(row: Sequence[Piece], page: int) -> Line | None:
    runs = sorted((run for piece in row for run in piece.runs), key=lambda run: run.left)
    size = _common([run.size for run in runs], runs)
    usual = [run for run in runs if abs(run.size - size) <= 0.1 * size]
    base = _common([run.base for run in usual], usual)
    raised = ""
    while runs and _is_raised(runs[0], size, base):
        raised += runs.pop(0).text.strip()
    cells = _cells(runs, size, base)
    if not cells or all(_RULE.fullmatch(text) for text, _ in cells):
        return None
    return Line(
        tuple(text for text, _ in cells),
        left=runs[0].left,
        right=max(run.right for run in runs),
        base=base,
        size=size,
        word=_first_word(runs, size),
        bold=all(run.bold for run in usual),
        page=page,
        raised=raised,
        places=tuple(place for _, place in cells),
        has_gap=any(after[0] - before[1] > _WIDE_GAP * size for (_, before), (_, after) in pairwise(cells)),
    )


def _cells(runs: Sequence[Run], size: float, base: float) -> list[tuple[str, Span]]:
    """Return a line's text, split at its widest gaps, without the figures that refer to notes."""
    cells: list[tuple[list[Fragment], Span]] = []
    right = -math.inf
    for run in _parted(runs):
        gap = run.left - right
        is_raised = _is_above(run, size, base) and len(run.text.strip()) <= _LONGEST_RAISED
        if not cells or (gap > CELL_GAP * size and not is_raised):
            cells.append(([], (run.left, run.right)))
        elif gap > WORD_GAP * size and not run.text[0].isspace():
            cells[-1][0].append((" ", is_raised))
        right = max(run.right, right)
        fragments, (first, _) = cells[-1]
        fragments.append((run.text, is_raised))
        cells[-1] = fragments, (first, right)
    return [(text, place) for fragments, place in cells if (text := joined(fragments).strip())]


def _parted(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield runs, parted where gaps may separate cells."""
    for run in runs:
        start, left = 0, run.left
        for place, right, after in run.gaps:
            yield replace(run, text=run.text[start:place], left=left, right=right)
            start, left = place, after
        yield replace(run, text=run.text[start:], left=left) if run.gaps else run


def _first_word(runs: Sequence[Run], size: float) -> float:
    """Return the width of a line's first word, which may span several runs."""
    right = runs[0].word
    for run, after in pairwise(runs):
        if right < run.right or after.text[0].isspace() or after.left - run.right > WORD_GAP * size:
            break
        right = after.word
    return right - runs[0].left


def _common(values: Sequence[float], runs: Sequence[Run]) -> float:
    """Return the value that most letters have."""
    if len(values) == 1:
        return round(values[0], 1)
    counts: Counter[float] = Counter()
    for value, run in zip(values, runs, strict=True):
        counts[round(value, 1)] += len(run.text)
    return counts.most_common(1)[0][0]


def _is_raised(run: Run, size: float, base: float) -> bool:
    return _is_above(run, size, base) and re.fullmatch(r"[\s\d,*†‡]{1,8}", run.text) is not None


def _is_above(run: Run, size: float, base: float) -> bool:
    return run.size < 0.9 * size and run.base > base + 0.15 * size
