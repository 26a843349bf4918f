"""Text on a page that its reader doesn't see: invisible, white on white, in a layer that isn't shown, covered.

Invisible text over a picture is the recognised text of a scan, and is kept. Whether other suspicious text is seen is
looked up in a picture of the page, which is drawn for such pages alone.
"""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from .pages import Box, is_within

_MOST_OBJECTS = 20_000  # on a page; a drawing of more isn't looked at
_MOST_COVERS = 200
_INVISIBLE = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_LIGHT = 225  # of 255: letters that are lighter may be white on white
_FAINT = 40  # of 255: opacity
_LEAST_CONTRAST = 20  # of 255, between letters and what is around them
_LARGEST_PICTURE = 2000  # pixels, of a page's longer side
_THICKEST_STROKE = 3.5  # points
_RECTANGLE = 6  # parts of a path that is a rectangle, at most


@dataclass(slots=True)
class Sight:
    """The lines and pictures on a page, and its text that may not be seen."""

    suspicious: set[int] = field(default_factory=set)  # addresses of text objects that may not be seen
    invisible: set[int] = field(default_factory=set)  # addresses of those that are seen in a picture under them alone
    images: list[Box] = field(default_factory=list)
    strokes: list[Box] = field(default_factory=list)  # thin lines, from left to right and upright
    boxes: list[Box] = field(default_factory=list)  # frames and coloured areas


def look_at(page: pypdfium2.PdfPage) -> Sight:
    """Return what there is to see on a page."""
    sight = Sight()
    texts: list[tuple[int, Any]] = []
    covers: list[tuple[int, Box]] = []
    for place, (item, kind, is_inside) in enumerate(_objects(page.raw)):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            texts.append((place, item))
            _note_text(sight, item)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            sight.images.append(page.get_bbox() if is_inside else _bounds(item))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and not is_inside:
            box = _note_path(sight, item)
            if texts and box in sight.boxes[-1:] and _is_filled(item):
                covers.append((place, box))
    if covers and len(covers) <= _MOST_COVERS:
        sight.suspicious |= {_address(item) for place, item in texts if _is_covered(place, item, covers)}
    return sight


def _is_covered(place: int, item: Any, covers: Sequence[tuple[int, Box]]) -> bool:
    """Return whether something that is drawn after a text lies over its middle."""
    if place > covers[-1][0]:
        return False
    bounds = _bounds(item)
    return any(is_within(bounds, box) for behind, box in covers if behind > place)


def unseen_letters(page: pypdfium2.PdfPage, text_page: object, sight: Sight) -> frozenset[int]:
    """Return the indexes of the letters that aren't seen."""
    looked_up = sight.suspicious | sight.invisible
    if not looked_up:
        return frozenset()
    letters: dict[int, list[int]] = {}
    for index in range(max(pdfium.FPDFText_CountChars(text_page), 0)):
        item = pdfium.FPDFText_GetTextObject(text_page, index)
        if item and (address := _address(item)) in looked_up:
            letters.setdefault(address, []).append(index)
    picture = _Picture(page) if sight.suspicious & letters.keys() else None
    unseen: list[int] = []
    for address, indexes in letters.items():
        boxes = [_box_of(text_page, index) for index in indexes]
        if address in sight.invisible:
            is_seen = any(is_within(box, image) for box in boxes[:9] for image in sight.images[:99])
        else:
            is_seen = picture is None or picture.shows(boxes)
        if not is_seen:
            unseen += indexes
    return frozenset(unseen)


def _objects(page: object) -> Iterator[tuple[Any, int, bool]]:
    """Yield the objects of a page, their types and whether they are inside of others."""
    count = pdfium.FPDFPage_CountObjects(page)
    if count > _MOST_OBJECTS:
        return
    left = _MOST_OBJECTS
    waiting = [(pdfium.FPDFPage_GetObject(page, index), False) for index in reversed(range(count))]
    while waiting and left:
        item, is_inside = waiting.pop()
        left -= 1
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            inner = pdfium.FPDFFormObj_CountObjects(item)
            waiting += [
                (pdfium.FPDFFormObj_GetObject(item, index), True) for index in reversed(range(min(inner, left)))
            ]
        else:
            yield item, kind, is_inside


def _note_text(sight: Sight, item: Any) -> None:
    if pdfium.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE:
        sight.invisible.add(_address(item))
        return
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, opacity)
    is_pale = known and (min(red.value, green.value, blue.value) >= _LIGHT or opacity.value <= _FAINT)
    if is_pale or _is_in_layer(item):
        sight.suspicious.add(_address(item))


def _note_path(sight: Sight, item: Any) -> Box:
    left, bottom, right, top = box = _bounds(item)
    if min(top - bottom, right - left) <= _THICKEST_STROKE:
        sight.strokes.append(box)
    elif pdfium.FPDFPath_CountSegments(item) <= _RECTANGLE:
        sight.boxes.append(box)
    return box


def _is_in_layer(item: Any) -> bool:
    for index in range(pdfium.FPDFPageObj_CountMarks(item)):
        name = (pdfium.FPDF_WCHAR * 3)()
        length = ctypes.c_ulong()
        pdfium.FPDFPageObjMark_GetName(pdfium.FPDFPageObj_GetMark(item, index), name, 6, length)
        if bytes(name)[:4] == "OC".encode("utf-16-le"):
            return True
    return False


def _is_filled(item: Any) -> bool:
    mode, is_stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, mode, is_stroked)
    return bool(mode.value)


def _bounds(item: Any) -> Box:
    left, bottom, right, top = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _box_of(text_page: object, index: int) -> Box:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value


def _address(item: Any) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0


class _Picture:
    """A picture of a page, in shades of grey."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._left, _, _, self._top = page.get_bbox()
        size = max(page.get_size())
        self._scale = min(1.0, _LARGEST_PICTURE / max(size, 1))
        bitmap = page.render(scale=self._scale, rotation=-page.get_rotation() % 360, grayscale=True)
        self._width, self._height, self._stride = bitmap.width, bitmap.height, bitmap.stride
        self._pixels = bytes(bitmap.buffer)

    def shows(self, boxes: Sequence[Box]) -> bool:
        """Return whether most letters in these places stand out from what is around them."""
        drawn = [box for box in boxes if box[2] > box[0] and box[3] > box[1]]
        return 2 * sum(self._contrast(box) >= _LEAST_CONTRAST for box in drawn) >= len(drawn)

    def _contrast(self, box: Box) -> int:
        first, last = (int((edge - self._left) * self._scale) for edge in (box[0], box[2]))
        upper, lower = (int((self._top - edge) * self._scale) for edge in (box[3], box[1]))
        first, last = max(first, 0), min(last + 1, self._width)
        rows = [
            self._pixels[row * self._stride + first : row * self._stride + last]
            for row in range(max(upper, 0), min(lower + 1, self._height))
        ]
        shades = [shade for row in rows if row for shade in (min(row), max(row))]
        return max(shades) - min(shades) if shades else 0
