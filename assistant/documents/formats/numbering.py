"""Lists give their paragraphs the numbers that are shown in front of them: "12.", "(b)", "IV.", "•".

Word and LibreOffice store no number with a paragraph: it names a list and a level, and numbers are counted from the
document's beginning.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

BULLET = "•"
_LEVELS = 9
_ROMAN_VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
_ROMAN = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")


@dataclass(frozen=True, slots=True)
class Level:
    """The numbering of one level of a list."""

    start: int = 1
    style: str = "decimal"  # Word's name for the style of number: "decimal", "lowerLetter", "bullet", "none"…
    text: str = ""  # what is shown: "%1.", "(%2)", "%1.%2"; the digit is a level, from 1
    restart: int | None = None  # the level (from 0) whose paragraphs begin it again; by default the next higher one
    legal: bool = False  # the numbers of other levels are shown in figures


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A list to which paragraphs belong."""

    sequence: str  # lists of the same sequence are counted together
    levels: Mapping[int, Level]
    # The number with which a level (from 0) begins again when a paragraph first belongs to this list.
    restarts: Mapping[int, int] = field(default_factory=dict)


class Counter:
    """The counts of all lists of a document, whose paragraphs are counted in order."""

    def __init__(self, lists: Mapping[str, NumberedList]) -> None:
        self._lists = lists
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()

    def next(self, list_id: str, level: int, *, start: int | None = None) -> str:
        """Count a paragraph of a list, from `start` on if it is given, and return the number that is shown, if any."""
        numbered = self._lists.get(list_id)
        if numbered is None or level not in numbered.levels:
            return ""
        counts = self._counts.setdefault(numbered.sequence, {})
        self._advance(list_id, numbered, level, counts)
        if start is not None:
            counts[level] = start
        for deeper in range(level + 1, _LEVELS):
            own = numbered.levels.get(deeper)
            # A paragraph ends the counts of the levels below its own, except those that restart after other levels.
            if own is None or own.restart is None or level < own.restart:
                counts.pop(deeper, None)
        return _shown(numbered.levels, level, counts)

    def _advance(self, list_id: str, numbered: NumberedList, level: int, counts: dict[int, int]) -> None:
        if level in numbered.restarts and (list_id, level) not in self._started:
            counts[level] = numbered.restarts[level]
        elif level in counts:
            counts[level] += 1
        else:
            counts[level] = numbered.restarts.get(level, numbered.levels[level].start)
        self._started.add((list_id, level))


def number(count: int, style: str) -> str:
    """Write a count in a style of numbers: one of Word's, or an alphabet that goes on "z", "aa", "ab".

    >>> number(28, "lowerLetter"), number(28, "lowerAlphabet"), number(9, "upperRoman")
    ('bb', 'ab', 'IX')
    """
    written = _STYLES.get(style.replace("upper", "lower"), str)(count)
    return written.upper() if style.startswith("upper") else written


def _shown(levels: Mapping[int, Level], level: int, counts: Mapping[int, int]) -> str:
    own = levels[level]
    if own.style == "bullet":
        return BULLET
    if own.style == "none":
        return ""
    shown = own.text
    for index in range(_LEVELS):
        mark = f"%{index + 1}"
        if mark in shown:
            other = levels.get(index, Level())
            style = "decimal" if own.legal else other.style
            shown = shown.replace(mark, number(counts.get(index, other.start), style))
    return shown.strip()


def _letters(count: int) -> str:
    if not 0 < count <= 26 * 30:
        return str(count)
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def _alphabet(count: int) -> str:
    written = ""
    while count > 0:
        count, letter = divmod(count - 1, 26)
        written = chr(ord("a") + letter) + written
    return written or str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    written = ""
    for value, letters in zip(_ROMAN_VALUES, _ROMAN, strict=True):
        written += letters * (count // value)
        count %= value
    return written


def _ordinal(count: int) -> str:
    ending = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


_STYLES: Mapping[str, Callable[[int], str]] = {
    "lowerLetter": _letters,
    "lowerAlphabet": _alphabet,
    "lowerRoman": _roman,
    "decimalZero": lambda count: f"{count:02d}",
    "ordinal": _ordinal,
}
