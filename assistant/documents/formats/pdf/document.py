"""A PDF becomes blocks: this module opens it and asks for its pages, the others make text of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from ..blocks import FormatError, Reading, Recognised, Remark, Title
from .columns import find_gutter, read_order, usual_gutter, with_floats
from .furniture import without_furniture
from .grids import with_tables
from .letters import Letters
from .pages import Box, Page, Piece, Run
from .prose import blocks_of, title_of
from .recognition import recognised
from .unseen import look_at, unseen_letters

_MAX_PAGES = 3000
_PASSWORD = 4  # the library's error code for it
_LEAST_LETTERS = 15  # on a page, on average; fewer are stamps on scanned pages
_PICTURE = 0.4  # of a page, that pictures cover on one without letters
_LEAST_UNREAD = 0.005  # of a file's letters; fewer aren't told
_BOXES = {pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON}
_MARKED, _UNMARKED = "☒", "☐"
_STAMPS = {pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_WATERMARK}
_OBJECT = re.compile(rb"\d\s+obj\b")


def read_pdf(path: Path) -> Reading:
    """Read a PDF.

    Raises:
        FormatError: It is damaged or protected, or holds no text.
    """
    return _read(path)


def read_scanned_pdf(path: Path) -> Reading:
    """Read a PDF, pictures of pages by OCR.

    Raises:
        FormatError: It is damaged or protected, or holds no text; or Tesseract isn't here.
    """
    return _read(path, ocr=True)


def _read(path: Path, *, ocr: bool = False) -> Reading:
    pages: list[Page] = []
    pictures = letters = unread = 0
    with _opened(path) as document:
        for number in range(1, len(document) + 1):
            read = _page(document, number, ocr=ocr)
            pages.append(with_floats(with_tables(read.page)))
            pictures += read.is_picture
            letters += read.letters
            unread += read.unread
            yield Recognised(number) if read.is_recognised else None
    yield from remarks_on(len(pages), pictures, unread / max(letters, 1))
    pages = without_furniture(pages)
    gutters = []
    for page in pages:
        gutters.append(find_gutter(page))
        yield None
    usual = usual_gutter(gutters)
    lines = []
    for page, gutter in zip(pages, gutters, strict=True):
        lines.append(read_order(page, gutter, usual))
        yield None
    blocks = []
    for block in blocks_of(lines):
        if block is None:
            yield None
        else:
            blocks.append(block)
    letters = sum(character.isalnum() for block in blocks for character in block.text)
    if letters < _LEAST_LETTERS * len(pages):
        raise FormatError(
            "holds pictures of pages and no text, or hardly any; run text recognition (OCR) over it and try again, "
            "or set ASSISTANT_OCR=1 where Tesseract is installed."
        )
    yield from blocks
    if title := title_of(lines):
        yield Title(title)


def _opened(path: Path) -> pypdfium2.PdfDocument:
    content = path.read_bytes()
    # Some servers add bytes after the end of a PDF; but where parts of it follow an end, another end is missing.
    end = content.rfind(b"%%EOF")
    if end < 0 or _OBJECT.search(content, end):
        raise FormatError("cut off or damaged (a PDF ends with %%EOF, this one doesn't); get it again.")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise FormatError("needs a password; save a copy without one and try again.") from error
        raise FormatError("no PDF, or a damaged one; get it again, or print it to a new PDF.") from error
    document.init_forms()
    if not 0 < len(document) <= _MAX_PAGES:
        raise FormatError(f"has {len(document)} pages; give a file of 1 to {_MAX_PAGES} pages.")
    return document


def remarks_on(pages: int, pictures: int, unread: float) -> Iterator[Remark]:
    """Say what of a file isn't among its text: pages that are pictures, and a share of its letters."""
    if 0 < pictures < pages:
        yield Remark(f"{pictures} of its {pages} pages are pictures; ASSISTANT_OCR=1 reads them, with Tesseract")
    if unread >= _LEAST_UNREAD:
        yield Remark(
            f"{max(round(100 * unread), 1)} % of its letters can't be read, since its fonts don't say which they are"
        )


@dataclass(frozen=True, slots=True)
class _PageRead:
    """A page, and what was read of it."""

    page: Page
    letters: int
    unread: int
    is_picture: bool  # and hardly anything else
    is_recognised: bool = False


def _page(document: pypdfium2.PdfDocument, number: int, *, ocr: bool) -> _PageRead:
    """Read a page, by OCR if it has hardly a letter, or none that its fonts name."""
    try:
        read = _read_page(document, number)
        if not (ocr and read.is_picture):
            return read
    except FormatError:
        if not ocr:
            raise
    page = document[number - 1]
    try:
        with recognised(page) as copy:
            read = _read_page(copy, 1)
    finally:
        page.close()
    return replace(read, page=replace(read.page, number=number), is_picture=False, is_recognised=True)


def _read_page(document: pypdfium2.PdfDocument, number: int) -> _PageRead:
    try:
        page = document[number - 1]
        if _has_values(page):
            marks = _put_values(document, page)
            page.close()
            page = document[number - 1]
        else:
            marks = []
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise FormatError(f"damaged (page {number} can't be read); get it again, or print it to a new PDF.") from error
    try:
        sight = look_at(page)
        letters = Letters(text_page.raw, page.get_bbox(), unseen_letters(page, text_page.raw, sight))
        strokes = tuple(letters.turned(*stroke) for stroke in sight.strokes)
        boxes = tuple(letters.turned(*box) for box in (*sight.boxes, *sight.images))
        pieces = (*letters.pieces(strokes), *(_mark(letters, *mark) for mark in marks))
        page_read = Page(number, letters.height, pieces, strokes, boxes)
        is_picture = _is_picture(sight.images, page.get_bbox(), pieces)
        return _PageRead(page_read, text_page.count_chars(), letters.unread, is_picture)
    finally:
        text_page.close()
        page.close()


def _is_picture(images: Sequence[Box], paper: Box, pieces: Sequence[Piece]) -> bool:
    """Return whether a page is pictures, and hardly a letter."""
    if sum(_area(image) for image in images) < _PICTURE * _area(paper):
        return False
    return sum(character.isalnum() for piece in pieces for character in piece.text) < _LEAST_LETTERS


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


# Forms ---------------------------------------------------------------------------------------------------------------


def _notes(page: pypdfium2.PdfPage) -> Iterator[tuple[int, object]]:
    """Yield what lies over a page, such as fields, remarks and links, and the place of each; the last one first."""
    for index in reversed(range(pdfium.FPDFPage_GetAnnotCount(page.raw))):
        note = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if note:
            yield index, note
            pdfium.FPDFPage_CloseAnnot(note)


def _has_values(page: pypdfium2.PdfPage) -> bool:
    kinds = {pdfium.FPDFAnnot_GetSubtype(note) for _, note in _notes(page)}
    return bool(kinds & {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT})


def _put_values(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> list[tuple[Box, str]]:
    """Make the values of fields and typed remarks part of a page; return its boxes that may be marked, with marks.

    Stamps and buttons aren't text of the document.
    """
    marks = []
    others = []
    for index, note in _notes(page):
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        if kind in _STAMPS:
            others.append(index)
        elif kind == pdfium.FPDF_ANNOT_WIDGET and document.formenv:
            form = document.formenv.raw
            field = pdfium.FPDFAnnot_GetFormFieldType(form, note)
            if field == pdfium.FPDF_FORMFIELD_PUSHBUTTON:
                others.append(index)
            elif field in _BOXES:
                marks.append((_box_of(note), _MARKED if pdfium.FPDFAnnot_IsChecked(form, note) else _UNMARKED))
    for index in others:
        pdfium.FPDFPage_RemoveAnnot(page.raw, index)
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    return marks


def _box_of(note: object) -> Box:
    rectangle = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(note, rectangle)
    return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top


def _mark(letters: Letters, box: Box, text: str) -> Piece:
    left, bottom, right, top = letters.turned(*box)
    size = top - bottom
    return Piece((Run(text, left, right, bottom + 0.2 * size, size, right, bold=False),))
