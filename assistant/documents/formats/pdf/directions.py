"""Characters from left to right, as they stand on paper, become text in the order in which it is read.

Arabic and Hebrew are read from the right, numbers and words of other scripts between them from the left. This turns
the Unicode Bidirectional Algorithm around; where two texts look alike on paper, it takes the usual one.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

RIGHT_TO_LEFT = re.compile("[\u0590-\u085f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ARABIC = re.compile("[\u0600-\u085f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
# By Unicode's names of directions: letters from the left and from the right, digits, signs beside and between digits.
_CLASSES = {"L": "L", "R": "R", "AL": "R", "EN": "N", "AN": "N", "CS": "S", "ES": "D", "ET": "T", "WS": "W"}
# A number with its signs; a phrase from one word of another script to its last one, or to a number behind that.
# No number has more signs than sixty.
_FROM_LEFT = re.compile(r"(?:[TN][NSDT]{0,60})?L(?:[LNSDTWO]*[LNT])?|T{0,60}N(?:[SD]?N|T)*")
_FROM_RIGHT = re.compile(r"R(?:[RNSDTWO]*R)?")
_GLUED = re.compile(f"(?<=[A-Za-z]{{2}})(?={RIGHT_TO_LEFT.pattern})")
_BRACKETS = str.maketrans("()[]{}«»‹›", ")(][}{»«›‹")


def is_right_to_left(text: str) -> bool:
    """Return whether most letters of a text are of scripts that are read from the right."""
    foreign = len(RIGHT_TO_LEFT.findall(text))
    return foreign > 0 and 2 * foreign > sum(character.isalpha() for character in text)


def is_mark(character: str) -> bool:
    """Return whether a character is drawn over or under a letter."""
    return unicodedata.combining(character) > 0


def reading_order(signs: Sequence[str], *, from_right: bool) -> str:
    """Put signs, given from left to right, in the order in which they are read.

    >>> reading_order([*"2019 תנשב 61"], from_right=True)
    '61 בשנת 2019'

    Args:
        signs: What is drawn as one: a letter with its marks, letters drawn as one in their own order, a space.
        from_right: Whether the line as a whole is read from the right.
    """
    kinds = "".join(_CLASSES.get(unicodedata.bidirectional(sign[0]), "O") for sign in signs)
    if not from_right:
        return "".join(_parts(signs, kinds, _FROM_RIGHT, turned=True))
    if any(map(_ARABIC.match, signs)):
        kinds = kinds.replace("D", "O").replace(
            "T", "O"
        )  # among Arabic letters "10%" stands as "%10", and "2-1" as "1-2"
    return _GLUED.sub(" ", "".join(reversed(_parts(signs, kinds, _FROM_LEFT, turned=False))))


def with_brackets(lines: Sequence[str]) -> list[str]:
    """Return lines that are read from the right with their brackets the right way round.

    Some files name a bracket by its shape and some by its meaning: in the lines together most brackets must be closed
    after they are opened.
    """
    turned = [line.translate(_BRACKETS) for line in lines]
    return turned if _unmatched("".join(turned)) < _unmatched("".join(lines)) else list(lines)


def as_read(letters: str) -> str:
    """Return letters of one script that are drawn as one in the order in which they are read, such as lam and alef."""
    is_turned = len(letters) > 1 and RIGHT_TO_LEFT.match(letters) and letters not in _ligatures()
    return letters[::-1] if is_turned else letters


def _parts(signs: Sequence[str], kinds: str, pattern: re.Pattern[str], *, turned: bool) -> list[str]:
    """Return signs one by one, but those that fit a pattern as one part, which is turned around if so wished."""
    parts: list[str] = []
    end = 0
    for match in pattern.finditer(kinds):
        parts += signs[end : match.start()]
        inside, end = signs[slice(*match.span())], match.end()
        parts.append(reading_order(inside, from_right=True) if turned else "".join(inside))
    return [*parts, *signs[end:]]


def _unmatched(text: str) -> int:
    """Count the closing brackets before which no bracket is open."""
    open_brackets = unmatched = 0
    for character in text:
        if character in "([{«‹":
            open_brackets += 1
        elif character in ")]}»›":
            unmatched += open_brackets == 0
            open_brackets = max(open_brackets - 1, 0)
    return unmatched


@cache
def _ligatures() -> frozenset[str]:
    """Return the groups of letters that Unicode has a character for, as they are read."""
    forms = (unicodedata.normalize("NFKC", chr(code)) for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)))
    return frozenset(form for form in forms if len(form) > 1)
