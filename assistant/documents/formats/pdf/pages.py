"""Pieces of text with their places on pages become lines, without running heads and page numbers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

Box: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top; in points, from the lower left corner

_MARGIN = 0.12  # of a page's height, above and below, in which running heads stand
_REPEATED = 3  # pages that have the same line at the same height; in a shorter document fewer suffice
_SAME_PLACE = 4.0  # points
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page\s*)?(?:\d{1,4}|[ivxl]{1,7})(?:\s*(?:/|of|\|)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE
)
# The imprint at the foot of the first page of United Nations documents.
_IMPRINT = re.compile(r"\d\d-\d{5}(?:\s*\(E\))?(?:\s+\d{6})?|\*\d{7,8}\*|Please recycle\W*")

_BELOW = 0.25  # of a letter's size lies below its baseline
WORD_GAP = 0.17  # of a letter's size; a wider gap separates words
MAX_GAP = 1.0  # a wider gap may separate columns or cells
_CELL_GAP = 1.6
# What stands before raised figures that refer to a note, and not before an exponent: "shelter³", not "km²".
_REFERS = re.compile(r"(?:[^\W\d_]{3}|[^\w\s])\s*\Z")


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

    @property
    def box(self) -> Box:
        """Return the box around it, as if all letters were equally high."""
        return self.left, self.base - _BELOW * self.size, self.right, self.base + (1 - _BELOW) * self.size


@dataclass(frozen=True)
class Piece:
    """Runs side by side, without a gap that could separate columns."""

    runs: tuple[Run, ...]

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


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column."""

    cells: tuple[str, ...]  # its text, cut where gaps are as wide as between a table's cells
    left: float
    right: float
    base: float  # the baseline of most of its letters
    size: float  # the size of most of its letters
    word: float  # the width of its first word
    bold: bool
    page: int
    raised: str = ""  # raised figures at its beginning, as in front of a footnote

    @property
    def text(self) -> str:
        """Return its words."""
        return " ".join(self.cells)


Region: TypeAlias = tuple[Line, ...]  # consecutive lines of a column, or lines that span all columns


def follows(first: Run, second: Run) -> bool:
    """Return whether the second run continues the line of the first."""
    size = max(first.size, second.size)
    return _are_level(first.box, second.box) and -0.5 * size < second.left - first.right < MAX_GAP * size


def _are_level(first: Box, second: Box) -> bool:
    """Return whether two boxes are on one line: whether they share more than half of the smaller height."""
    shared = min(first[3], second[3]) - max(first[1], second[1])
    return shared > 0.5 * min(first[3] - first[1], second[3] - second[1])


# Running heads -------------------------------------------------------------------------------------------------------


def without_running_heads(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without page numbers and what is repeated at the head or foot of several pages."""
    rows = [[row for row in rows_of(page.pieces) if _in_margin(row, page)] for page in pages]
    places: dict[str, list[float]] = {}
    for page_rows in rows:
        for row in page_rows:
            places.setdefault(_pattern(row), []).append(row[0].box[1])
    needed = min(_REPEATED, max(len(pages) // 2 + 1, 2))
    kept = []
    for page, page_rows in zip(pages, rows, strict=True):
        dropped = {id(piece) for row in page_rows if _is_running(row, places, needed) for piece in row}
        kept.append(replace(page, pieces=tuple(piece for piece in page.pieces if id(piece) not in dropped)))
    return kept


def rows_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return the rows of pieces on one line, each from left to right, from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.box[1]):
        if rows and _are_level(rows[-1][0].box, piece.box):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.box[0]) for row in rows]


def _in_margin(row: Sequence[Piece], page: Page) -> bool:
    _, bottom, _, top = row[0].box
    return bottom > (1 - _MARGIN) * page.height or top < _MARGIN * page.height


def _pattern(row: Sequence[Piece]) -> str:
    """Return a row's words with all numbers replaced, so that page numbers make no difference."""
    return re.sub(r"\d+|\b[ivxl]+\b", "#", " ".join(piece.text for piece in row).casefold())


def _is_running(row: Sequence[Piece], places: dict[str, list[float]], needed: int) -> bool:
    if all(_PAGE_NUMBER.fullmatch(piece.text) or _IMPRINT.fullmatch(piece.text) for piece in row):
        return True
    height = row[0].box[1]
    return sum(abs(other - height) <= _SAME_PLACE for other in places[_pattern(row)]) >= needed


# Lines ---------------------------------------------------------------------------------------------------------------


def lines_of(pieces: Sequence[Piece], page: int) -> Region:
    """Return the lines of the pieces of a column, from top to bottom."""
    return tuple(line for row in rows_of(pieces) if (line := _line(row, page)) is not None)


def _line(row: Sequence[Piece], page: int) -> Line | None:
    runs = [run for piece in row for run in piece.runs]
    size = _common([run.size for run in runs], runs)
    usual = [run for run in runs if abs(run.size - size) <= 0.1 * size]
    base = _common([run.base for run in usual], usual)
    raised = ""
    while runs and _is_raised(runs[0], size, base):
        raised += runs.pop(0).text.strip()
    cells = _cells(runs, size, base)
    if not cells:
        return None
    return Line(
        cells,
        left=runs[0].left,
        right=max(run.right for run in runs),
        base=base,
        size=size,
        word=_first_word(runs, size),
        bold=all(run.bold for run in usual),
        page=page,
        raised=raised,
    )


def _cells(runs: Sequence[Run], size: float, base: float) -> tuple[str, ...]:
    """Return a line's text, split at its widest gaps, without the figures that refer to notes."""
    cells = [""]
    right: float | None = None
    for run in runs:
        gap = 0.0 if right is None else run.left - right
        right = run.right
        if _is_raised(run, size, base) and _REFERS.search(cells[-1]):
            continue
        if gap > _CELL_GAP * size:
            cells.append("")
        elif gap > WORD_GAP * size and not run.text[0].isspace():
            cells[-1] += " "
        cells[-1] += run.text
    return tuple(cell.strip() for cell in cells if cell.strip())


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
    counts: Counter[float] = Counter()
    for value, run in zip(values, runs, strict=True):
        counts[round(value, 1)] += len(run.text)
    return counts.most_common(1)[0][0]


def _is_raised(run: Run, size: float, base: float) -> bool:
    small = run.size < 0.9 * size and run.base > base + 0.15 * size
    return small and re.fullmatch(r"[\s\d,*†‡]{1,8}", run.text) is not None
