"""Pieces of text on a page become regions in the order of reading: columns, what spans them, boxes beside the text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from statistics import median

from .pages import Box, Page, Piece, Region, is_within, lines_of, rows_of

_LARGEST = 14_400  # points: the largest page that the format allows; columns aren't looked for on a larger one
_GRID = 3.0  # points: the step of the search for gutters
_LEAST_SHARED = 0.2  # of the height of a page's text, over which columns stand side by side
_LEAST_LINES = 5
_LEAST_WORDS = 2.5  # in a line of a column, on average
_GUTTER = 0.7  # of a letter's size
_COLUMN = 0.18  # of the text's width
_FULL_LINE = 0.6  # of its column's width, from which a line counts as full
_FULL_LINES = 0.4  # of a column's lines, if it is prose and not part of a table
_MAX_COLUMNS = 4
_TWO_COLUMNS = 0.5  # of the text's width: a narrower column isn't split again
_ALIGNED = 3.0  # points
_LARGER = 1.15  # than the page's usual letters: those of a heading over all columns
_LEAST_BESIDE = 2  # lines of the text beside a box
_NEAR_BOX = 3.0  # of a line's height: how far above and below a box its surroundings reach
_OVER_BOX = 0.4  # of the width of a box, or of the text beside it, that a line over both of them covers
_MOST_BOXES = 100  # on a page; a drawing of more isn't looked at
_LEAST_SIZE = 40.0  # points, of a box's sides


@dataclass(frozen=True, slots=True)
class Gutter:
    """The gap between two columns."""

    place: float  # the position of its middle
    column: float  # the left edge of the column to the right of it


def find_gutter(page: Page) -> Gutter | None:
    """Return the main gutter of a page; None if its text isn't in columns."""
    return _gutter(_pieces(page))


def usual_gutter(gutters: Sequence[Gutter | None]) -> Gutter | None:
    """Return the most frequent gutter of the pages with columns."""
    most = Counter(gutter.place for gutter in gutters if gutter).most_common(1)
    return next((gutter for gutter in gutters if gutter and gutter.place == most[0][0]), None)


def read_order(page: Page, gutter: Gutter | None, usual: Gutter | None) -> list[Region]:
    """Return the lines of a page, column after column.

    The document's usual gutter serves a page with too little text in one column to show its own.
    """
    pieces = _pieces(page)
    if gutter is None and usual is not None and _fits(pieces, usual):
        gutter = usual
    regions = [region for region in _regions(pieces, gutter, _MAX_COLUMNS) if region]
    lines = [_marked(lines_of(region, page.number), page.boxes) for region in regions]
    asides = [lines_of(aside, page.number) for aside in page.asides]
    return [*lines, *(tuple(replace(line, is_beside=True) for line in aside) for aside in asides)]


def _marked(region: Region, boxes: Sequence[Box]) -> Region:
    """Return the lines of a region with those marked that are beside a box."""
    if not boxes:
        return region
    places = [(line.left, line.base, line.right, line.base + line.size) for line in region]
    return tuple(
        replace(line, is_beside=any(is_beside(place, box) for box in boxes))
        for line, place in zip(region, places, strict=True)
    )


def _pieces(page: Page) -> list[Piece]:
    return [piece for piece in page.pieces if piece.text]


def _regions(pieces: list[Piece], gutter: Gutter | None, most: int) -> Iterator[list[Piece]]:
    if gutter is None:
        yield pieces
        return
    for band in _bands(pieces, gutter.place):
        left = [piece for piece in band if piece.box[2] <= gutter.place]
        right = [piece for piece in band if piece.box[0] >= gutter.place]
        if len(left) + len(right) < len(band):
            yield band
            continue
        for column in (left, right):
            is_wide = most > 2 and _width(column) >= _TWO_COLUMNS * _width(pieces)
            yield from _regions(column, _gutter(column) if is_wide else None, most - 1)


def _width(pieces: Sequence[Piece]) -> float:
    return max((piece.box[2] for piece in pieces), default=0) - min((piece.box[0] for piece in pieces), default=0)


def _fits(pieces: Sequence[Piece], gutter: Gutter) -> bool:
    """Return whether a page has the columns of another page, although one of them holds little text."""
    is_left = any(piece.box[2] <= gutter.place for piece in pieces)
    firsts = [row[0].box[0] for row in rows_of([piece for piece in pieces if piece.box[0] >= gutter.place])]
    aligned = sum(abs(first - gutter.column) <= _ALIGNED for first in firsts)
    return is_left and aligned >= max(2, 0.3 * len(firsts)) and min(firsts) >= gutter.column - _ALIGNED


def _gutter(pieces: Sequence[Piece]) -> Gutter | None:
    """Return the gutter between two columns: the place that has most lines on both sides."""
    if len(pieces) < 2 * _LEAST_LINES:
        return None
    size = median(piece.box[3] - piece.box[1] for piece in pieces)
    left, right = min(piece.box[0] for piece in pieces), max(piece.box[2] for piece in pieces)
    if right - left > _LARGEST or max(piece.box[3] for piece in pieces) > _LARGEST:
        return None
    places = [left + _GRID * i for i in range(int((right - left) / _GRID) + 1)]
    shared = _shared_heights(pieces, places)
    taken = max(reduce(or_, map(_mask, pieces), 0).bit_count(), 1)
    best = max(shared, default=0)
    if best * _GRID < max(_LEAST_SHARED * taken * _GRID, _LEAST_LINES * size):
        return None
    good = [place for place, height in zip(places, shared, strict=True) if height >= 0.9 * best]
    runs = _neighbours(good)
    for run in sorted(runs, key=len, reverse=True):
        middle = (run[0] + run[-1]) / 2
        if run[-1] - run[0] >= _GUTTER * size - _GRID and _are_columns(pieces, middle, right - left):
            return Gutter(round(middle), _left_edge([piece for piece in pieces if piece.box[0] >= middle]))
    return None


def _shared_heights(pieces: Sequence[Piece], places: Sequence[float]) -> list[int]:
    """Return for each place how much of the page's height has text on both sides of it and none across it."""
    masks = [(piece.box[0], piece.box[2], _mask(piece)) for piece in pieces]
    heights = []
    for place in places:
        before = across = after = 0
        for left, right, mask in masks:
            if right <= place:
                before |= mask
            elif left >= place:
                after |= mask
            else:
                across |= mask
        heights.append((before & after & ~across).bit_count())
    return heights


def _mask(piece: Piece) -> int:
    """Return the heights that a piece covers as bits, one for each step of the grid."""
    low, high = (max(int(edge / _GRID), 0) for edge in (piece.box[1], piece.box[3]))
    return ((1 << max(high - low, 1)) - 1) << low


def _neighbours(places: Sequence[float]) -> list[list[float]]:
    runs: list[list[float]] = []
    for place in places:
        if runs and place - runs[-1][-1] <= 1.5 * _GRID:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _left_edge(pieces: Sequence[Piece]) -> float:
    """Return the left edge of most lines of a column, or of the leftmost of several columns."""
    counts = Counter(round(piece.box[0]) for piece in pieces)
    return min(place for place, count in counts.items() if count >= 0.3 * max(counts.values()))


def _are_columns(pieces: Sequence[Piece], gutter: float, width: float) -> bool:
    """Return whether there is prose on both sides of a gutter, in one column or in several."""
    sides = (
        [piece for piece in pieces if piece.box[2] <= gutter],
        [piece for piece in pieces if piece.box[0] >= gutter],
    )
    return all(_is_prose(side, width) or _gutter(side) is not None for side in sides)


def _is_prose(pieces: Sequence[Piece], width: float) -> bool:
    """Return whether pieces are a column of prose: wide enough, and filled by most lines, unlike a table's."""
    rows = [(row[0].box[0], max(piece.box[2] for piece in row)) for row in rows_of(pieces)]
    words = sum(len(piece.text.split()) for piece in pieces)
    if len(rows) < _LEAST_LINES or words < _LEAST_WORDS * len(rows):
        return False
    column = max(right for _, right in rows) - min(left for left, _ in rows)
    full = sum(right - left >= _FULL_LINE * column for left, right in rows)
    return column >= _COLUMN * width and full >= _FULL_LINES * len(rows)


def _bands(pieces: Sequence[Piece], gutter: float) -> list[list[Piece]]:
    """Split the pieces into bands, so that what spans both columns is in bands of its own."""
    size = median(piece.box[3] - piece.box[1] for piece in pieces)
    bands: list[list[Piece]] = []
    before = False
    for row in rows_of(pieces):
        spans = any(piece.box[0] < gutter < piece.box[2] for piece in row) or _is_headline(row, pieces, gutter, size)
        if not bands or spans != before:
            bands.append([])
        bands[-1].extend(row)
        before = spans
    return bands


def _is_headline(row: Sequence[Piece], pieces: Sequence[Piece], gutter: float, size: float) -> bool:
    """Return whether a row is a headline: short, in larger letters, with nothing beside it in the other column."""
    left, bottom, right, top = row[0].box
    if len(row) > 1 or top - bottom < _LARGER * size or not (right <= gutter or left >= gutter):
        return False
    near = (top - bottom) / 2
    return not any(
        piece is not row[0] and piece.box[1] < top + near and piece.box[3] > bottom - near for piece in pieces
    )


# Boxes beside the text ------------------------------------------------------------------------------------------------


def with_floats(page: Page) -> Page:
    """Return a page without what is in boxes beside its text, which becomes its asides."""
    floats: list[Box] = []
    asides: list[tuple[Piece, ...]] = []
    pieces = list(page.pieces)
    wide = {box for box in page.boxes if min(box[2] - box[0], box[3] - box[1]) >= _LEAST_SIZE}
    for box in sorted(wide)[:_MOST_BOXES]:
        outside = [piece for piece in pieces if not is_within(piece.box, box)]
        if outside and _is_float(box, outside):
            floats.append(box)
            if len(outside) < len(pieces):
                asides.append(tuple(piece for piece in pieces if is_within(piece.box, box)))
            pieces = outside
    return replace(page, pieces=tuple(pieces), boxes=tuple(floats), asides=tuple(asides))


def _is_float(box: Box, pieces: Sequence[Piece]) -> bool:
    """Return whether text goes on beside a box, and is as wide as both of them above or below, unlike columns."""
    beside = [piece for piece in pieces if is_beside(piece.box, box)]
    if len(rows_of(beside)) < _LEAST_BESIDE:
        return False
    height = beside[0].box[3] - beside[0].box[1]
    first, last = min(piece.box[0] for piece in beside), max(piece.box[2] for piece in beside)
    others = [piece for piece in pieces if not is_beside(piece.box, box)]
    near = [piece for piece in others if _distance(piece.box, box) <= _NEAR_BOX * height]
    over = [
        _overlap(piece.box, box[0], box[2]) >= _OVER_BOX
        for piece in near
        if _overlap(piece.box, first, last) >= _OVER_BOX
    ]
    return 2 * sum(over) > len(over)


def _distance(place: Box, box: Box) -> float:
    """Return how far something is above or below a box."""
    return max(place[1] - box[3], box[1] - place[3], 0.0)


def _overlap(place: Box, first: float, last: float) -> float:
    """Return the share of what is between two places that something covers."""
    return (min(place[2], last) - max(place[0], first)) / max(last - first, 1.0)


def is_beside(place: Box, box: Box) -> bool:
    """Return whether something is on the left or on the right of a box, and not over or under it."""
    height = place[3] - place[1]
    middle = (place[1] + place[3]) / 2
    return box[1] - height <= middle <= box[3] + height and (place[2] <= box[0] or place[0] >= box[2])
