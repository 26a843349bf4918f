"""Word's lists -> the number in front of a paragraph, as Word shows it: "12.", "(b)", "IV.", "•".

Word keeps no number with a paragraph: it names a list and a level, and numbers are counted from the beginning. This
module knows nothing of files; it is given the lists' definitions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

BULLET = "•"
_LEVELS = 9
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered.

    Attributes:
        style: Word's name for the kind of number: "decimal", "lowerLetter", "bullet", "none"…
        text: What is shown: "%1.", "(%2)", "%1.%2"; the digit is a level, from 1.
        restart: Begins again after a paragraph of this level (from 0) or above; the next higher one as a rule.
        legal: Shows the numbers of other levels in figures.
    """

    start: int = 1
    style: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A list that paragraphs name.

    Attributes:
        sequence: Lists with the same one count on together.
        restarts: Levels (from 0) that begin anew, and with which number, when this list first shows.
    """

    sequence: str
    levels: Mapping[int, Level]
    restarts: Mapping[int, int] = field(default_factory=dict)


class Counter:
    """Counts the paragraphs of all lists, in the order of the document."""

    def __init__(self, lists: Mapping[str, NumberedList]) -> None:
        self._lists = lists
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()

    def next(self, list_id: str, level: int) -> str:
        """Count a paragraph of a list, and give its number; "" where it has none to show."""
        numbered = self._lists.get(list_id)
        if numbered is None or level not in numbered.levels:
            return ""
        counts = self._counts.setdefault(numbered.sequence, {})
        self._advance(list_id, numbered, level, counts)
        for deeper in range(level + 1, _LEVELS):
            own = numbered.levels.get(deeper)
            # The paragraph of `level` ends the counts below it, save those that are told to go on.
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
    """Write a count in one of Word's styles.

    >>> number(4, "decimal"), number(28, "lowerLetter"), number(9, "upperRoman")
    ('4', 'bb', 'IX')
    """
    return _STYLES.get(style, str)(count)


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


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    written = ""
    for value, letters in _ROMAN:
        written += letters * (count // value)
        count %= value
    return written


def _ordinal(count: int) -> str:
    ending = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


_STYLES: Mapping[str, Callable[[int], str]] = {
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "decimalZero": lambda count: f"{count:02d}",
    "ordinal": _ordinal,
}
