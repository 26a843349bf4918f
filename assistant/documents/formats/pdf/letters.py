"""Letters with their places on a page become runs and pieces: words are parted, and put in the order of reading.

A page that is read from right to left is mirrored: what begins at the right then lies at the left, and all that is done
with lines and columns is done alike.
"""

import ctypes
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise, takewhile
from statistics import median

import pypdfium2.raw as pdfium

from ..blocks import FormatError
from .directions import RIGHT_TO_LEFT, as_read, is_mark, is_right_to_left, reading_order, with_brackets
from .pages import CELL_GAP, MAX_GAP, WORD_GAP, Box, Gap, Piece, Run, follows
from .words import UNSPACED

_SAME_BASE = 0.05  # of a letter's size
_SAME_FOREIGN_BASE = 0.15  # likewise, for scripts that raise letters with marks a little
_SAME_LOW = 0.01  # points
_MAX_UNKNOWN = 0.2  # share of letters without a character in their fonts' tables
_QUARTER = math.pi / 2
_SLANT = 0.1  # radians by which letters may be rotated more or less than most, as in a scan that lies askew
_SMALLEST = 2.5  # points; smaller letters aren't seen
_FIRM_SPACE = 0xA0
_LINE_ENDS = (10, 13)
_SPACES = frozenset({1, *range(3, 33), 0x7F, _FIRM_SPACE})
_LINE_END_HYPHEN = 2  # the library's code for a hyphen that divides a word
_HYPHEN = "-"
_BOLD_WEIGHT = 600
_BOLD_NAMES = (b"bold", b"black", b"heavy")
_STROKE = (0.12, 0.5)  # of a letter's size above its baseline, where a line strikes it out

# In lines that are read from the right, where the library turns letters around: shares of a letter's size.
_APART = 0.15  # a gap between words that don't follow each other in the library's order
_FAR_APART = 0.25  # a gap without a space between letters that do
_FOREIGN_GAP = 0.5  # a gap that may separate cells
_CLOSE = 0.05  # the least gap where a space is

_MOST_WALLS = 1000  # on a page; a drawing of more is no table
_LEAST_WALL = 6.0  # points: the height of a line between two cells
_LEAST_SPACED = 5  # letters of a word that are set apart
_SPACED = 0.8  # of the letters in a line that stand alone, if it is letterspaced
_LEAST_TIGHT = 12  # letters of a line without spaces, or of what seems to be one word
_TIGHT_GAP = 0.04  # of a letter's size: the least gap between words that are set tightly
_CLEAR_GAP = 0.12  # likewise, in a short word
_WITHIN_WORD = 0.02  # of a letter's size: the widest gap within such words


_SYMBOLS = range(0xF020, 0xF100)  # where fonts without letters have their signs


@dataclass(slots=True)
class _Letter:
    index: int
    text: str
    space: str  # in front of it
    left: float
    right: float
    low: float  # the lower edge of its font's box, which letters of one font on one line have in common
    is_apart: bool = False  # from the letter before it, as cells are


class Letters:
    """The letters of a page, rotated so that most of them are upright."""

    def __init__(self, text_page: object, paper: Box, unseen: frozenset[int] = frozenset()) -> None:
        self._page = text_page
        self._count = max(pdfium.FPDFText_CountChars(text_page), 0)
        self._paper = paper
        self._unseen = unseen
        self._turns = self._common_turns()
        self._codes = self._read_codes()
        self._sizes: dict[int, float] = {}
        left, bottom, right, top = paper
        self.width, self.height = (top - bottom, right - left) if self._turns % 2 else (right - left, top - bottom)
        text = "".join(map(chr, self._codes))
        self._has_foreign = RIGHT_TO_LEFT.search(text) is not None
        self._is_mirrored = self._has_foreign and is_right_to_left(text)
        self._strokes: list[Box] = []
        self._walls: list[Box] = []

    def pieces(self, strokes: Sequence[Box] = ()) -> Iterator[Piece]:
        """Yield pieces of letters side by side, in the order in which the page draws them.

        Args:
            strokes: Thin lines on the page, turned as it is; some may strike letters out, or part cells.

        Raises:
            FormatError: The fonts don't say which letters they draw.
        """
        flat = [box for box in strokes if box[2] - box[0] > box[3] - box[1]]
        self._strokes = sorted(flat, key=_middle)
        walls = [box for box in strokes if box[3] - box[1] >= _LEAST_WALL]
        self._walls = walls if len(walls) <= _MOST_WALLS else []
        runs: list[Run] = []
        for run in self._runs():
            if runs and not follows(runs[-1], run):
                yield Piece(tuple(runs))
                runs = []
            runs.append(run)
        if runs:
            yield Piece(tuple(runs))
        if sum(self._unknown.values()) > _MAX_UNKNOWN * max(self._count, 1):
            raise FormatError("its fonts don't say which letters they draw; run text recognition (OCR) over it.")

    @property
    def unread(self) -> int:
        """The number of letters that can't be read; signs of symbol fonts, such as bullets, aren't letters."""
        return sum(count for code, count in self._unknown.items() if code not in _SYMBOLS)

    @cached_property
    def _unknown(self) -> Mapping[int, int]:
        """The codes that stand for no letter, and how often each does."""
        return {code: count for code, count in Counter(self._codes).items() if _is_unknown(code)}

    def turned(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return where something lies on the page when it is turned, and mirrored if it is read from the right."""
        first_x, first_y, last_x, last_y = self._paper
        match self._turns:
            case 0:
                box = left - first_x, bottom - first_y, right - first_x, top - first_y
            case 1:
                box = bottom - first_y, last_x - right, top - first_y, last_x - left
            case 2:
                box = last_x - right, last_y - top, last_x - left, last_y - bottom
            case _:
                box = last_y - top, left - first_x, last_y - bottom, right - first_x
        return (self.width - box[2], box[1], self.width - box[0], box[3]) if self._is_mirrored else box

    # Lines -------------------------------------------------------------------------------------------------------

    def _runs(self) -> Iterator[Run]:
        """Yield runs of letters on one line, without a gap."""
        if self._has_foreign:
            runs = [run for level in self._all_levels() for run in self._foreign_runs(level)]
            texts = with_brackets([run.text for run in runs]) if self._is_mirrored else [run.text for run in runs]
            yield from (replace(run, text=text) for run, text in zip(runs, texts, strict=True))
            return
        level: list[_Letter] = []
        for letter in self._placed():
            if level and abs(letter.low - level[-1].low) > _SAME_LOW and not self._is_level(level[-1], letter):
                yield from self._level_runs(level)
                level = []
            level.append(letter)
        yield from self._level_runs(level)

    def _is_level(self, last: _Letter, letter: _Letter) -> bool:
        bases = self._base_of(letter.index), self._base_of(last.index)
        return abs(bases[0] - bases[1]) <= _SAME_BASE * self._size_of(last.index)

    def _base_of(self, index: int) -> float:
        """Return the height of a letter's baseline."""
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(self._page, index, x, y)
        return self.turned(x.value, y.value, x.value, y.value)[1]

    def _all_levels(self) -> list[list[_Letter]]:
        """Return the letters of each height on the page, marks with the letters that they are over."""
        bases = {letter.index: (self._base_of(letter.index), letter) for letter in self._placed()}
        heights: list[float] = []
        levels: list[list[_Letter]] = []
        for base, letter in sorted(bases.values(), key=lambda each: -each[0]):
            if is_mark(letter.text):
                continue
            if not levels or heights[-1] - base > _SAME_FOREIGN_BASE * self._size_of(letter.index):
                heights.append(base)
                levels.append([])
            levels[-1].append(letter)
        for base, letter in bases.values() if levels else ():
            if is_mark(letter.text):
                nearest = min(range(len(levels)), key=lambda place: abs(heights[place] - base))
                levels[nearest].append(letter)
        return levels

    def _level_runs(self, letters: list[_Letter]) -> Iterator[Run]:
        """Yield the runs of consecutive letters on one line, which may be in several columns."""
        if not letters:
            return
        size = self._size_of(letters[0].index)
        spacing = _letter_spacing(letters, size)
        walls = self._walls_at(letters[0])
        part = letters[:1]
        for letter in letters[1:]:
            is_parted = walls and bisect_left(walls, part[-1].right - 1) != bisect_left(walls, letter.left)
            if is_parted or not _goes_on(part[-1], letter, size, spacing):
                yield from self._run(part)
                part = []
                size = self._size_of(letter.index)
            part.append(letter)
        yield from self._run(part)

    def _walls_at(self, letter: _Letter) -> list[float]:
        """Return the places of upright lines that a line of letters may cross."""
        base = self._base_of(letter.index) if self._walls else 0
        return sorted((box[0] + box[2]) / 2 for box in self._walls if box[1] <= base <= box[3])

    def _foreign_runs(self, level: list[_Letter]) -> Iterator[Run]:
        """Yield the runs of all letters of one height, of which some are read from the right."""
        largest = max(self._size_of(letter.index) for letter in level)
        for letters in _parted(self._not_struck(level), _FOREIGN_GAP * largest):
            size = median(self._size_of(letter.index) for letter in letters)
            groups = _drawn(letters)
            signs = [_sign(groups[0])]
            first_word = groups[0]
            for before, group in pairwise(groups):
                if self._are_apart(before, group, size):
                    signs.append(" ")
                elif " " not in signs:
                    first_word = group
                signs.append(_sign(group))
            if self._is_mirrored:
                signs.reverse()
            text = reading_order(signs, from_right=self._is_mirrored or is_right_to_left("".join(signs)))
            for run in self._run([each for group in groups for each in group]):
                yield replace(run, text=text, word=max(each.right for each in first_word))

    def _are_apart(self, first: Sequence[_Letter], second: Sequence[_Letter], size: float) -> bool:
        """Return whether a space is between two neighbours on a line."""
        gap = min(each.left for each in second) - max(each.right for each in first)
        low, high = sorted((first[0].index, second[0].index))
        between = self._codes[low + 1 : high] if high - low < 4 else [0]
        if all(code in _SPACES for code in between):
            return gap > (_CLOSE if between else _FAR_APART) * size
        return gap > _APART * size

    def _run(self, letters: list[_Letter]) -> Iterator[Run]:
        """Yield the run of some letters, unless it is no text of the page."""
        letters = self._not_struck(letters)
        if not letters or not self._is_upright(letters[0].index):
            return
        first, last = letters[0], letters[-1]
        if self._size_of(first.index) < _SMALLEST:
            return
        self._part_tight_words(letters)
        word = list(takewhile(lambda letter: letter.space != " ", letters[1:]))
        yield Run(
            text="".join(letter.space + letter.text for letter in letters),
            left=min(letter.left for letter in letters),
            right=max(letter.right for letter in letters),
            base=self._base_of(first.index),
            size=self._size_of(first.index),
            word=max(letter.right for letter in (first, *word)),
            bold=self._is_bold(first.index) and self._is_bold(last.index),
            gaps=_gaps(letters) if any(letter.is_apart for letter in letters) else (),
        )

    def _part_tight_words(self, letters: Sequence[_Letter]) -> None:
        """Put spaces between words that are set so tightly that their gaps alone don't show it."""
        if len(letters) < _LEAST_TIGHT or any(self._is_drawn_space(letter) for letter in letters):
            return
        size = self._size_of(letters[0].index)
        gaps = [
            0.0 if UNSPACED.match(after.text) else (after.left - before.right) / size
            for before, after in pairwise(letters)
        ]
        if any(_WITHIN_WORD < gap < _TIGHT_GAP for gap in gaps):
            return
        start = 0  # of the current word
        for end in [*(i for i, letter in enumerate(letters) if i and letter.space), len(letters)]:
            least = _TIGHT_GAP if end - start >= _LEAST_TIGHT else _CLEAR_GAP
            for i in range(start + 1, end):
                if gaps[i - 1] >= least:
                    letters[i].space = " "
            start = end

    def _is_drawn_space(self, letter: _Letter) -> bool:
        return bool(letter.space) and letter.index > 0 and not pdfium.FPDFText_IsGenerated(self._page, letter.index - 1)

    def _not_struck(self, letters: list[_Letter]) -> list[_Letter]:
        """Return the letters that no line strikes out; a line that goes on beyond them is one of a table."""
        if not self._strokes or not letters:
            return letters
        size, base = self._size_of(letters[0].index), self._base_of(letters[0].index)
        first = bisect_left(self._strokes, base + _STROKE[0] * size, key=_middle)
        last = bisect_right(self._strokes, base + _STROKE[1] * size, key=_middle)
        if first == last:
            return letters
        left, right = min(each.left for each in letters) - size, max(each.right for each in letters) + size
        strokes = [box for box in self._strokes[first:last] if left <= box[0] and box[2] <= right]
        return [
            letter
            for letter in letters
            if not any(box[0] <= (letter.left + letter.right) / 2 <= box[2] for box in strokes)
        ]

    # Letters -----------------------------------------------------------------------------------------------------

    def _placed(self) -> Iterator[_Letter]:
        """Yield each letter that lies on the page and is seen."""
        rectangle = pdfium.FS_RECTF()
        box_of = pdfium.FPDFText_GetLooseCharBox
        paper_left, paper_bottom, paper_right, paper_top = self._paper
        page, turned, unseen = self._page, self.turned, self._unseen
        is_plain = not self._turns and not self._is_mirrored
        space = ""
        for index, code in enumerate(self._codes):
            if code in _LINE_ENDS:
                space = ""  # what goes on at its right on another height needs none
                continue
            if code in _SPACES:
                space = " " if code != _FIRM_SPACE else space or chr(code)
                continue
            if not code or index in unseen:
                continue
            box_of(page, index, rectangle)
            left, bottom, right, top = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
            if paper_left <= left <= paper_right and paper_bottom <= (bottom + top) / 2 <= paper_top:
                if is_plain:
                    left, low, right = left - paper_left, bottom - paper_bottom, right - paper_left
                else:
                    left, low, right, _ = turned(left, bottom, right, top)
                yield _Letter(index, _HYPHEN if code == _LINE_END_HYPHEN else chr(code), space, left, right, low)
                space = ""

    def _read_codes(self) -> list[int]:
        """Return the characters of all letters, by their indexes."""
        units = (ctypes.c_ushort * (self._count + 1))()
        # One call reads them all, unless the library leaves some of them out.
        if pdfium.FPDFText_GetText(self._page, 0, self._count, units) == self._count + 1:
            codes = list(units)[:-1]
            # It has no text for hyphens at the ends of lines, and two for a rare letter.
            return [
                code if code < 0xD800 or 0xE000 <= code < 0xFFFE else pdfium.FPDFText_GetUnicode(self._page, index)
                for index, code in enumerate(codes)
            ]
        return [pdfium.FPDFText_GetUnicode(self._page, index) for index in range(self._count)]

    def _size_of(self, index: int) -> float:
        """Return the size at which a letter is printed, in points."""
        if index not in self._sizes:
            matrix = self._matrix(index)
            size = pdfium.FPDFText_GetFontSize(self._page, index) * math.hypot(matrix.c, matrix.d)
            self._sizes[index] = size if 0 < size <= 1000 else 1.0
        return self._sizes[index]

    def _matrix(self, index: int) -> pdfium.FS_MATRIX:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._page, index, matrix)
        return matrix

    def _common_turns(self) -> int:
        """Return the number of right angles by which most letters are rotated."""
        angles = map(self._angle_of, range(0, self._count, max(self._count // 100, 1)))
        turns = Counter(round(angle / _QUARTER) % 4 for angle in angles)
        return turns.most_common(1)[0][0] if turns else 0

    def _angle_of(self, index: int) -> float:
        """Return the direction in which a letter's line runs, in radians."""
        matrix = self._matrix(index)
        return math.atan2(matrix.b, matrix.a)

    def _is_upright(self, index: int) -> bool:
        """Return whether a letter is rotated like most, unlike those of a stamp or a watermark."""
        return abs(math.remainder(self._angle_of(index) - self._turns * _QUARTER, math.tau)) <= _SLANT

    def _is_bold(self, index: int) -> bool:
        flags = ctypes.c_int()
        name = ctypes.create_string_buffer(128)
        pdfium.FPDFText_GetFontInfo(self._page, index, name, len(name), flags)
        is_named = any(word in name.value.lower() for word in _BOLD_NAMES)
        return is_named or bool(pdfium.FPDFText_GetFontWeight(self._page, index) >= _BOLD_WEIGHT)


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _goes_on(last: _Letter, letter: _Letter, size: float, spacing: float) -> bool:
    """Return whether a letter continues the run of the last one, and put a space in front of it where a gap is.

    Args:
        spacing: The distance of the letters of a word, where they are set apart; else 0.
    """
    if letter.left == last.left and letter.right == last.right:
        return True  # letters that are drawn as one
    gap = letter.left - last.right - spacing
    if not -0.5 * size < gap < MAX_GAP * size:
        return False
    if spacing:
        letter.space = ""
    if UNSPACED.match(last.text) and UNSPACED.match(letter.text):
        gap -= CELL_GAP * size  # such letters are as wide as high, whatever their font says
        letter.space = ""
    if gap > WORD_GAP * size:
        letter.space = letter.space or " "
        letter.is_apart = gap > CELL_GAP * size
    return True


def _gaps(letters: Sequence[_Letter]) -> tuple[Gap, ...]:
    """Return the wider gaps of a run: where they are in its text, and on the page."""
    gaps: list[Gap] = []
    place = 0
    for before, letter in pairwise(letters):
        place += len(before.space) + len(before.text)
        if letter.is_apart:
            gaps.append((place, before.right, letter.left))
    return tuple(gaps)


def _letter_spacing(letters: Sequence[_Letter], size: float) -> float:
    """Return the distance of the letters of a word, if they are set apart as in "F A M I L Y"; else 0."""
    least = WORD_GAP * size
    if len(letters) < _LEAST_SPACED or not any(letters[i + 1].left - letters[i].right > least for i in (0, 1)):
        return 0.0
    gaps = [after.left - before.right for before, after in pairwise(letters)]
    alone = sum(gap > least for gap in gaps)
    if all(ord(after.text[0]) - ord(before.text[0]) == 1 for before, after in pairwise(letters)):
        return 0.0  # the letters of an alphabet
    if alone < _SPACED * len(gaps) or not all(letter.text.isalpha() for letter in letters[:_LEAST_SPACED]):
        return 0.0
    return max(median(gaps), 0.0)


# From right to left ---------------------------------------------------------------------------------------------------


def _parted(letters: Sequence[_Letter], gap: float) -> Iterator[list[_Letter]]:
    """Yield the letters of a line from left to right, parted where gaps are as wide as between columns."""
    part: list[_Letter] = []
    right = -math.inf
    for letter in sorted(letters, key=lambda letter: (letter.left, letter.index)):
        if part and letter.left - right > gap:
            yield part
            part = []
        part.append(letter)
        right = max(right, letter.right)
    if part:
        yield part


def _drawn(letters: Sequence[_Letter]) -> list[list[_Letter]]:
    """Return what is drawn as one: a letter with the marks over it, or several letters in one place."""
    groups: list[list[_Letter]] = []
    own = [letter for letter in letters if not is_mark(letter.text)]
    for _, group in groupby(own or letters, key=lambda each: (each.left, each.right)):
        groups.append(list(group))
    for mark in letters if own else ():
        if is_mark(mark.text):
            middle = (mark.left + mark.right) / 2
            min(groups, key=lambda group: abs((group[0].left + group[0].right) / 2 - middle)).append(mark)
    return groups


def _sign(group: Sequence[_Letter]) -> str:
    letters, marks = ("".join(each.text for each in group if is_mark(each.text) is kind) for kind in (False, True))
    return as_read(letters) + marks


def _is_unknown(code: int) -> bool:
    return code == 0 or code >= 0xFFFE or 0xE000 <= code < 0xF900
