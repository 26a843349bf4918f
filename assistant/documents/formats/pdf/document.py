"""A PDF becomes blocks: this module takes the letters and their places from its pages, the others make text of them."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from ..blocks import FormatError, Reading, Title
from .columns import find_gutter, read_order, usual_gutter
from .pages import MAX_GAP, WORD_GAP, Box, Page, Piece, Run, follows, without_running_heads
from .prose import blocks_of, title_of

_MAX_PAGES = 3000
_PASSWORD = 4  # the library's error code for it
_TAIL = 4096  # bytes at the end of a file in which a PDF has its end mark
_SAME_BASE = 0.05  # of a letter's size
_LEAST_LETTERS = 15  # on a page, on average; fewer are stamps on scanned pages
_MAX_UNKNOWN = 0.2  # share of letters without a character in their fonts' tables
_QUARTER = 1.5708  # radians of a right angle
_FIRM_SPACE = 0xA0
_SPACES = frozenset({1, *range(3, 33), 0x7F, _FIRM_SPACE})
_LINE_END_HYPHEN = 2  # the library's code for a hyphen that divides a word
_HYPHEN = "-"
_BOLD_WEIGHT = 600
_BOLD_NAMES = (b"bold", b"black", b"heavy")


def read_pdf(path: Path) -> Reading:
    """Read a PDF.

    Raises:
        FormatError: It is damaged or protected, or holds no text.
    """
    pages = []
    with _opened(path) as document:
        for number in range(1, len(document) + 1):
            pages.append(_page(document, number))
            yield None
    pages = without_running_heads(pages)
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
            "holds pictures of pages and no text, or hardly any; run text recognition (OCR) over it and try again."
        )
    yield from blocks
    if title := title_of(lines):
        yield Title(title)


def _opened(path: Path) -> pypdfium2.PdfDocument:
    content = path.read_bytes()
    if b"%%EOF" not in content[-_TAIL:]:
        raise FormatError("cut off or damaged (a PDF ends with %%EOF, this one doesn't); get it again.")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise FormatError("needs a password; save a copy without one and try again.") from error
        raise FormatError("no PDF, or a damaged one; get it again, or print it to a new PDF.") from error
    if not 0 < len(document) <= _MAX_PAGES:
        raise FormatError(f"has {len(document)} pages; give a file of 1 to {_MAX_PAGES} pages.")
    return document


def _page(document: pypdfium2.PdfDocument, number: int) -> Page:
    try:
        page = document[number - 1]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise FormatError(f"damaged (page {number} can't be read); get it again, or print it to a new PDF.") from error
    try:
        letters = _Letters(text_page.raw, page.get_bbox())
        return Page(number, letters.height, tuple(letters.pieces()))
    finally:
        text_page.close()
        page.close()


@dataclass(slots=True)
class _Letter:
    index: int
    text: str
    space: str  # in front of it
    left: float
    right: float
    base: float


class _Letters:
    """The letters of a page, rotated so that most of them are upright."""

    def __init__(self, text_page: object, paper: Box) -> None:
        self._page = text_page
        self._count = max(pdfium.FPDFText_CountChars(text_page), 0)
        self._paper = paper
        self._turns = self._common_turns()
        self._unknown = 0
        self._sizes: dict[int, float] = {}
        left, bottom, right, top = paper
        self.height = right - left if self._turns % 2 else top - bottom

    def pieces(self) -> Iterator[Piece]:
        """Yield pieces of letters side by side, in the order in which the page draws them.

        Raises:
            FormatError: The fonts don't say which letters they draw.
        """
        runs: list[Run] = []
        for run in self._runs():
            if runs and not follows(runs[-1], run):
                yield Piece(tuple(runs))
                runs = []
            runs.append(run)
        if runs:
            yield Piece(tuple(runs))
        if self._unknown > _MAX_UNKNOWN * max(self._count, 1):
            raise FormatError("its fonts don't say which letters they draw; run text recognition (OCR) over it.")

    def _runs(self) -> Iterator[Run]:
        """Yield runs of letters on one line, without a gap."""
        letters: list[_Letter] = []
        for letter in self._placed():
            if letters and not _goes_on(letters[-1], letter, self._size_of(letters[0].index)):
                yield from self._run(letters)
                letters = []
            letters.append(letter)
        yield from self._run(letters)

    def _run(self, letters: list[_Letter]) -> Iterator[Run]:
        """Yield the run of some letters, unless they are rotated otherwise than most, as a stamp on the margin is."""
        if letters and self._turns_of(letters[0].index) == self._turns:
            first, last = letters[0], letters[-1]
            word = list(takewhile(lambda letter: letter.space != " ", letters[1:]))
            yield Run(
                text="".join(letter.space + letter.text for letter in letters),
                left=min(letter.left for letter in letters),
                right=max(letter.right for letter in letters),
                base=first.base,
                size=self._size_of(first.index),
                word=(word or letters)[-1 if word else 0].right,
                bold=self._is_bold(first.index) and self._is_bold(last.index),
            )

    def _placed(self) -> Iterator[_Letter]:
        """Yield each letter that lies on the page."""
        rectangle = pdfium.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        left, bottom, right, top = self._paper
        page, turned = self._page, self._turned
        space = ""
        for index in range(self._count):
            code = pdfium.FPDFText_GetUnicode(page, index)
            if code in _SPACES:
                space = " " if code != _FIRM_SPACE else space or chr(code)
                continue
            pdfium.FPDFText_GetCharOrigin(page, index, x, y)
            if not (left <= x.value <= right and bottom <= y.value <= top):
                continue
            self._unknown += code == 0 or code >= 0xFFFE or 0xE000 <= code < 0xF900
            if code:
                pdfium.FPDFText_GetLooseCharBox(page, index, rectangle)
                first, _, last, _ = turned(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
                _, base, _, _ = turned(x.value, y.value, x.value, y.value)
                text = _HYPHEN if code == _LINE_END_HYPHEN else chr(code)
                yield _Letter(index, text, space, first, last, base)
                space = ""

    def _size_of(self, index: int) -> float:
        """Return the size at which a letter is printed, in points."""
        if index not in self._sizes:
            matrix = pdfium.FS_MATRIX()
            pdfium.FPDFText_GetMatrix(self._page, index, matrix)
            size = pdfium.FPDFText_GetFontSize(self._page, index) * math.hypot(matrix.c, matrix.d)
            self._sizes[index] = size if 1 <= size <= 1000 else 1.0
        return self._sizes[index]

    def _turned(self, left: float, bottom: float, right: float, top: float) -> Box:
        first_x, first_y, last_x, last_y = self._paper
        match self._turns:
            case 1:
                return bottom - first_y, last_x - right, top - first_y, last_x - left
            case 2:
                return last_x - right, last_y - top, last_x - left, last_y - bottom
            case 3:
                return last_y - top, left - first_x, last_y - bottom, right - first_x
        return left - first_x, bottom - first_y, right - first_x, top - first_y

    def _common_turns(self) -> int:
        """Return the number of right angles by which most letters are rotated."""
        turns = Counter(self._turns_of(index) for index in range(0, self._count, max(self._count // 100, 1)))
        return turns.most_common(1)[0][0] if turns else 0

    def _turns_of(self, index: int) -> int:
        # The library measures angles clockwise.
        angle: float = pdfium.FPDFText_GetCharAngle(self._page, index)
        return -round(angle / _QUARTER) % 4

    def _is_bold(self, index: int) -> bool:
        flags = ctypes.c_int()
        name = ctypes.create_string_buffer(128)
        pdfium.FPDFText_GetFontInfo(self._page, index, name, len(name), flags)
        is_named = any(word in name.value.lower() for word in _BOLD_NAMES)
        return is_named or bool(pdfium.FPDFText_GetFontWeight(self._page, index) >= _BOLD_WEIGHT)


def _goes_on(last: _Letter, letter: _Letter, size: float) -> bool:
    """Return whether a letter continues the run of the last one, and put a space in front of it where a gap is."""
    gap = letter.left - last.right
    if abs(letter.base - last.base) > _SAME_BASE * size or not -0.5 * size < gap < MAX_GAP * size:
        return False
    if gap > WORD_GAP * size and not letter.space:
        letter.space = " "
    return True
