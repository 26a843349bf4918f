"""Lines that are drawn on a page part it into the cells of tables.

Cells may be merged, which shows in the lines that are missing between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..tables import Grid
from .pages import Box, Page, Piece, cell_text, is_within

_SAME_LINE = 3.0  # points between two lines that are drawn as one, or that touch
_MOST_LINES = 600  # on a page; a drawing of more is no table
_MOST_CELLS = 5000
_LAYOUT_WORDS = 150  # a cell with more is part of a page's layout
_LEAST_CELLS = 3  # with text


@dataclass(frozen=True, slots=True)
class _Stroke:
    place: float  # the height of a line from left to right, or the distance of an upright one from the left
    first: float
    last: float

    def covers(self, place: float) -> bool:
        return self.first - _SAME_LINE <= place <= self.last + _SAME_LINE


def with_tables(page: Page) -> Page:
    """Return a page on which what stands in a table is one piece, with its rows; its lines are done with."""
    pieces = list(page.pieces)
    boxes = list(page.boxes)
    for floors, walls in _grids(*_strokes(page)):
        table = _Table(floors, walls)
        inside = [piece for piece in pieces if is_within(piece.box, table.box)]
        if rows := table.rows(inside):
            pieces = [piece for piece in pieces if not is_within(piece.box, table.box)]
            pieces.append(Piece(tuple(run for piece in inside for run in piece.runs), rows))
        elif inside:
            boxes.append(table.box)
    return replace(page, pieces=tuple(pieces), strokes=(), boxes=tuple(boxes))


# Lines ---------------------------------------------------------------------------------------------------------------


def _strokes(page: Page) -> tuple[list[_Stroke], list[_Stroke]]:
    """Return the lines from left to right and the upright ones, each drawn in one piece or in several."""
    flat = [_Stroke((box[1] + box[3]) / 2, box[0], box[2]) for box in page.strokes if box[2] - box[0] > box[3] - box[1]]
    upright = [
        _Stroke((box[0] + box[2]) / 2, box[1], box[3]) for box in page.strokes if box[3] - box[1] >= box[2] - box[0]
    ]
    return _merged(flat), _merged(upright)


def _merged(strokes: list[_Stroke]) -> list[_Stroke]:
    strokes.sort(key=lambda stroke: stroke.place)
    levels: list[list[_Stroke]] = []
    for stroke in strokes:
        if levels and stroke.place - levels[-1][0].place <= _SAME_LINE:
            levels[-1].append(stroke)
        else:
            levels.append([stroke])
    merged: list[_Stroke] = []
    for level in levels:
        level.sort(key=lambda stroke: stroke.first)
        merged.append(level[0])
        for stroke in level[1:]:
            if stroke.first <= merged[-1].last + _SAME_LINE:
                merged[-1] = replace(merged[-1], last=max(merged[-1].last, stroke.last))
            else:
                merged.append(replace(stroke, place=level[0].place))
    return merged


def _grids(flat: list[_Stroke], upright: list[_Stroke]) -> Iterator[tuple[list[_Stroke], list[_Stroke]]]:
    """Yield the lines of each table: those that touch each other."""
    if len(flat) + len(upright) > _MOST_LINES:
        return
    left = set(range(len(upright)))
    while left:
        walls = {left.pop()}
        floors: set[int] = set()
        waiting = list(walls)
        while waiting:
            wall = upright[waiting.pop()]
            for i, floor in enumerate(flat):
                if i not in floors and floor.covers(wall.place) and wall.covers(floor.place):
                    floors.add(i)
                    found = {j for j in left if floor.covers(upright[j].place) and upright[j].covers(floor.place)}
                    left -= found
                    walls |= found
                    waiting += found
        yield [flat[i] for i in sorted(floors)], [upright[i] for i in sorted(walls)]


# Cells ---------------------------------------------------------------------------------------------------------------


class _Table:
    """The cells between some lines, and what stands in them."""

    def __init__(self, floors: Sequence[_Stroke], walls: Sequence[_Stroke]) -> None:
        self._floors, self._walls = floors, walls
        self._columns = _edges([wall.place for wall in walls], floors)
        self._heights = _edges([floor.place for floor in floors], walls)[::-1]

    @property
    def box(self) -> Box:
        """Return the box around all cells."""
        return self._columns[0], self._heights[-1], self._columns[-1], self._heights[0]

    def rows(self, pieces: Sequence[Piece]) -> tuple[str, ...]:
        """Return the rows of the table; none if the lines are a box, a drawing or a page's layout."""
        columns, heights = len(self._columns) - 1, len(self._heights) - 1
        if columns < 2 or heights < 2 or columns * heights > _MOST_CELLS:
            return ()
        texts = self._texts(pieces)
        used = {column for _, column in texts}
        if unused := [column for column in range(columns) if column not in used]:
            return self._without(unused).rows(pieces) if len(used) > 1 else ()
        if len(texts) < _LEAST_CELLS or any(len(text.split()) > _LAYOUT_WORDS for text in texts.values()):
            return ()
        grid = Grid()
        taken: set[tuple[int, int]] = set()
        rows = []
        for row in range(heights):
            for column in range(columns):
                if (row, column) not in taken:
                    wide, high = self._extent(row, column)
                    cells = {(row + i, column + j) for i in range(high) for j in range(wide)}
                    taken |= cells
                    grid.add(" ".join(texts[cell] for cell in sorted(cells) if cell in texts), columns=wide, rows=high)
            rows.append(grid.end_row())
        return tuple(filter(None, rows))

    def _without(self, columns: Sequence[int]) -> "_Table":
        """Return the table without columns that are empty in all rows, as between double lines."""
        table = _Table(self._floors, self._walls)
        last = len(self._columns) - 2
        gone = {column if column == last else column + 1 for column in columns}
        table._columns = [edge for i, edge in enumerate(self._columns) if i not in gone]
        return table

    def _texts(self, pieces: Sequence[Piece]) -> dict[tuple[int, int], str]:
        """Return what stands in each cell, by its row and column."""
        inside: dict[tuple[int, int], list[Piece]] = {}
        for piece in pieces:
            for run in piece.runs:
                x, y = (run.left + run.right) / 2, (run.box[1] + run.box[3]) / 2
                column = sum(edge < x for edge in self._columns) - 1
                row = sum(edge > y for edge in self._heights) - 1
                inside.setdefault((max(row, 0), max(column, 0)), []).append(Piece((run,)))
        return {place: text for place, runs in inside.items() if (text := cell_text(runs))}

    def _extent(self, row: int, column: int) -> tuple[int, int]:
        """Return how many columns and rows a cell takes."""
        y = (self._heights[row] + self._heights[row + 1]) / 2
        wide = 1
        while column + wide < len(self._columns) - 1 and not _is_drawn(self._walls, self._columns[column + wide], y):
            wide += 1
        x = (self._columns[column] + self._columns[column + 1]) / 2
        high = 1
        while row + high < len(self._heights) - 1 and not _is_drawn(self._floors, self._heights[row + high], x):
            high += 1
        return wide, high


def _edges(places: Sequence[float], across: Sequence[_Stroke]) -> list[float]:
    """Return where lines are, and where those across them begin and end, in order."""
    ends = [min(stroke.first for stroke in across), max(stroke.last for stroke in across)] if across else []
    edges = sorted([*places, *ends])
    return [edge for before, edge in pairwise([float("-inf"), *edges]) if edge - before > _SAME_LINE]


def _is_drawn(strokes: Sequence[_Stroke], place: float, across: float) -> bool:
    return any(abs(stroke.place - place) <= _SAME_LINE and stroke.covers(across) for stroke in strokes)
