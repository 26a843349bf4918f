"""Boxes beside the text of a column are read apart from it, and the text beside them as one with that around them."""

from collections.abc import Sequence
from dataclasses import replace

from .pages import Box, Page, Piece, rows_of

_LEAST_BESIDE = 2  # lines of the text beside a box
_NEAR = 3.0  # of a line's height: how far above and below a box its surroundings reach
_OVER = 0.4  # of the width of a box, or of the text beside it, that a line over both of them covers
_MOST_BOXES = 100  # on a page; a drawing of more isn't looked at
_LEAST_SIZE = 40.0  # points, of a box's sides


def with_floats(page: Page) -> Page:
    """Return a page without what is in boxes beside its text, which becomes its asides."""
    floats: list[Box] = []
    asides: list[tuple[Piece, ...]] = []
    pieces = list(page.pieces)
    wide = {box for box in page.boxes if min(box[2] - box[0], box[3] - box[1]) >= _LEAST_SIZE}
    for box in sorted(wide)[:_MOST_BOXES]:
        outside = [piece for piece in pieces if not _holds(box, piece)]
        if outside and _is_float(box, outside):
            floats.append(box)
            if len(outside) < len(pieces):
                asides.append(tuple(piece for piece in pieces if _holds(box, piece)))
            pieces = outside
    return replace(page, pieces=tuple(pieces), boxes=tuple(floats), asides=tuple(asides))


def _holds(box: Box, piece: Piece) -> bool:
    x, y = (piece.box[0] + piece.box[2]) / 2, (piece.box[1] + piece.box[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _is_float(box: Box, pieces: Sequence[Piece]) -> bool:
    """Return whether text goes on beside a box, and is as wide as both of them above or below, unlike columns."""
    beside = [piece for piece in pieces if is_beside(piece.box, box)]
    if len(rows_of(beside)) < _LEAST_BESIDE:
        return False
    height = beside[0].box[3] - beside[0].box[1]
    first, last = min(piece.box[0] for piece in beside), max(piece.box[2] for piece in beside)
    near = [piece for piece in pieces if _distance(piece.box, box) <= _NEAR * height and piece not in beside]
    over = [_overlap(piece.box, box[0], box[2]) >= _OVER for piece in near if _overlap(piece.box, first, last) >= _OVER]
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
