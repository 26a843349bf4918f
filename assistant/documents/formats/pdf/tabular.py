"""Lines with gaps become the rows of a table: cells stand under each other, and go on over several lines."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .pages import Line, Span
from .words import joined

_LEAST_ROWS = 3  # lines with wide gaps make a table; with fewer of them the cells must stand exactly under each other
_ALIGNED = 3.0  # points
_MOST_ALIGNED = 0.7  # of the cells
_NEAR = 3.0  # line pitches: lines that are farther apart are no longer of one table
_TIGHT = 1.25  # of the least distance of two lines: lines that are no farther apart may be of one cell
_TIGHTER = 0.85  # of the least distance of two rows: the distance of the lines of a cell
_MOST_MORE = 2  # lines of a first cell below the last row
_BESIDE = 0.5  # of a letter's size: the least gap between columns


@dataclass(slots=True)
class _Column:
    left: float
    right: float


def with_rows(region: Sequence[Line]) -> list[Line]:
    """Return the lines of a region, those of each table as its rows."""
    lines: list[Line] = []
    number = max((line.table for line in region), default=0)
    first = 0
    for start, end in _tables(region):
        lines += region[first:start]
        first = end
        number += 1
        block = region[start:end]
        columns = _columns(block)
        above: list[str] = []
        for group in _grouped(block, columns):
            cells = _cells(group, columns)
            if _is_spanned(cells, above):
                cells[0] = above[0]
            lines.append(replace(group[0], cells=(_joined(cells),), table=number))
            above = cells
    return [*lines, *region[first:]]


# Where tables are ----------------------------------------------------------------------------------------------------


def _tables(region: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield where each table begins and ends."""
    right = max((line.right for line in region), default=0.0)
    start = 0
    while start < len(region):
        end = start + 1
        if _may_be_row(region[start], right):
            end, is_table = _end_of_rows(region, start, right)
            if is_table:
                yield start, end
        start = end


def _may_be_row(line: Line, right: float) -> bool:
    """Return whether a line has gaps as between cells, unlike one that is stretched and one that begins an item."""
    is_stretched = line.right > right - 1 and 2 * sum(cell.islower() for cell in line.cells) > len(line.cells) > 4
    return not line.table and len(line.cells) > 1 and not is_stretched and not _is_item(line.cells[0])


def _is_item(cell: str) -> bool:
    return len(cell) <= 5 and cell[:1] != "-" and (cell[-1] in ".)" or not cell[-1].isalnum())


def _end_of_rows(region: Sequence[Line], start: int, right: float) -> tuple[int, bool]:
    """Return where lines end whose cells are in the same columns as those of one, and whether they are a table."""
    columns: list[_Column] = []
    rows: list[Line] = []
    end = last = start
    for place, line in enumerate(region[start:], start=start):
        if line.table or (place > start and _is_far_below(region[place - 1], line)):
            break
        wider = _wider(columns, line.places)
        if _may_be_row(line, right) and len(wider) >= max(len(columns), 2) - line.has_gap:
            columns = wider
            rows.append(line)
            end = last = place + 1
        elif not _goes_on(line, columns):
            break
        elif line.left > columns[0].right:
            end = place + 1  # more of a cell that isn't in the first column
        elif (
            len(rows) > 1
            and place - last < _MOST_MORE
            and region[place - 1].base - line.base < _TIGHTER * _least_distance(rows)
        ):
            end = place + 1  # more of the first cell, since its lines are closer than the rows
    gaps = sum(line.has_gap for line in rows)
    is_table = gaps >= _LEAST_ROWS or (gaps and _are_aligned(rows, columns))
    return max(end, start + 1), bool(is_table) and len(columns) > 1


def _least_distance(lines: Sequence[Line]) -> float:
    return min(above.base - below.base for above, below in pairwise(lines))


def _is_far_below(above: Line, below: Line) -> bool:
    return above.base - below.base > _NEAR * max(above.size, below.size)


def _wider(columns: Sequence[_Column], places: Sequence[Span]) -> list[_Column]:
    """Return columns that hold further cells, which may make two columns one."""
    wider: list[_Column] = []
    for left, right in sorted([*((column.left, column.right) for column in columns), *places]):
        if wider and left < wider[-1].right:
            wider[-1].right = max(wider[-1].right, right)
        else:
            wider.append(_Column(left, right))
    return wider


def _goes_on(line: Line, columns: Sequence[_Column]) -> bool:
    """Return whether a line lies in one column alone, and doesn't reach into the next one."""
    touched = [i for i, column in enumerate(columns) if line.left < column.right and line.right > column.left]
    if len(touched) != 1:
        return False
    after = columns[touched[0] + 1 :]
    return not after or line.right < after[0].left - _BESIDE * line.size


def _are_aligned(rows: Sequence[Line], columns: Sequence[_Column]) -> bool:
    """Return whether most cells behind the first column stand exactly under another one, on one side."""
    places: dict[int, list[Span]] = {}
    for row in rows:
        for column, place in zip(_filled(row, columns), row.places, strict=True):
            places.setdefault(column, []).append(place)
    cells = [(place, others) for column, others in places.items() if column for place in others]
    aligned = sum(
        any(other is not place and abs(other[side] - place[side]) <= _ALIGNED for other in others for side in (0, 1))
        for place, others in cells
    )
    return len(rows) + len(columns) > 4 and len(rows) > 1 and aligned >= _MOST_ALIGNED * len(cells)


# Rows ----------------------------------------------------------------------------------------------------------------


def _columns(block: Sequence[Line]) -> list[_Column]:
    """Return the columns of a table: where most lines have cells, since a heading may stand over several columns."""
    edges = sorted([(left, 1) for line in block for left, _ in line.places] + _ends(block))
    least = 1 if len(block) < _LEAST_ROWS + 1 else max(2, len(block) // 8)
    columns: list[_Column] = []
    depth = 0
    for place, step in edges:
        if step > 0 and depth == least - 1:
            columns.append(_Column(place, place))
        elif step < 0 and depth == least:
            columns[-1].right = place
        depth += step
    return columns


def _ends(block: Sequence[Line]) -> list[tuple[float, int]]:
    return [(right, -1) for line in block for _, right in line.places]


def _filled(line: Line, columns: Sequence[_Column]) -> list[int]:
    """Return the column of each cell of a line: the first of those that it lies in, or the nearest."""
    return [
        min(range(len(columns)), key=lambda i: max(columns[i].left - right, left - columns[i].right, 0.0))
        for left, right in line.places
    ]


def _grouped(block: Sequence[Line], columns: Sequence[_Column]) -> list[list[Line]]:
    """Return the lines of each row."""
    distances = [above.base - below.base for above, below in pairwise(block)]
    least = min((distance for distance in distances if distance > 0), default=0)
    groups = [[block[0]]]
    for distance, line in zip(distances, block[1:], strict=True):
        if distance <= _TIGHT * least and _is_more_of(groups[-1], line, columns):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _is_more_of(row: Sequence[Line], line: Line, columns: Sequence[_Column]) -> bool:
    """Return whether a line that follows closely is more of a row, and not a row of its own."""
    filled = _filled(line, columns)
    before = {column for each in row for column in _filled(each, columns)}
    if 0 not in before:
        return not any(character.isdigit() for each in row for character in each.text)
    if 0 in filled:
        return len(filled) == 1 and (len(before) > 1 or line.text[:1].islower())
    return len(filled) == 1 or not any(line.cells[i][:1].isdigit() for i in range(len(filled)))


def _cells(lines: Sequence[Line], columns: Sequence[_Column]) -> list[str]:
    """Return the text in each column of a row, given its lines."""
    cells: dict[int, list[str]] = {}
    for line in lines:
        for (left, right), cell in zip(line.places, line.cells, strict=True):
            inside = [i for i, column in enumerate(columns) if left < column.right and right > column.left]
            for i in inside or _filled(replace(line, places=((left, right),)), columns):
                cells.setdefault(i, []).append(cell)
    return [joined(cells[i], Counter()) if i in cells else "" for i in range(len(columns))]


def _is_spanned(cells: Sequence[str], above: Sequence[str]) -> bool:
    """Return whether the first cell above belongs to a row too, in which only that one is empty."""
    filled, filled_above = ([i for i, cell in enumerate(each) if cell] for each in (cells, above))
    return len(filled) > 1 and filled_above == [0, *filled] and not above[0][:1].isdigit()


def _joined(cells: Sequence[str]) -> str:
    is_heading = len(set(cells)) == 1 or not any(cells[1:])
    return cells[0] if is_heading else " | ".join(cells).strip()
