"""The words of a text as they are compared, and what stands between them.

Two words are one where they differ only in case, in the form of an apostrophe, in ligatures, vowel signs of Arabic or
invisible characters. In scripts without spaces each character is a word.
"""

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.records import DifferenceKind, Span

_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_INVISIBLE = "\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
DASHES = "-\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\u00ad"
QUOTES = (
    "\"'`´\u00ab\u00bb\u2018-\u201f\u2039\u203a\u2032\u2033\u275b-\u275e\u300c-\u300f\u301d-\u301f\ufe41-\ufe44"
    "\uff02\uff07\u05f3\u05f4"
)


def _ranges(numbers: Iterator[int]) -> str:
    """Return code points as the inside of a character class."""
    pieces: list[list[int]] = []
    for number in numbers:
        if pieces and pieces[-1][1] == number - 1:
            pieces[-1][1] = number
        else:
            pieces.append([number, number])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in pieces)


# A letter's marks are part of a word, which `\w` leaves out; so what ends a word is named instead.
_SIGNS = _ranges(
    each for each in range(0x20, 0x10000) if unicodedata.category(chr(each))[0] in "PS" and chr(each) not in "\u00ad"
)
_LETTER = rf"[^\s\x00-\x1f{_SIGNS}{_INVISIBLE}{_DENSE}]"
_APOSTROPHES = "'’ʼ＇"
WORD = re.compile(rf"[{_DENSE}]|\d+(?:[.,٫٬]\d+)+|{_LETTER}+(?:[{_APOSTROPHES}]{_LETTER}+)*")
# "[M]igrants" and "protect[ed]" are words that the writer of a draft changed, and says so.
_CHANGED = rf"{_LETTER}+\[{_LETTER}+\]{_LETTER}*|\[{_LETTER}+\]{_LETTER}+"
_WORD_OF_DRAFT = re.compile(rf"{_CHANGED}|{WORD.pattern}")
_ELLIPSIS = re.compile(r"(?:[\[(<]\s*+|(?<!\s)\s*+|)(?:…|\.\s?\.\s?\.(?:\s?\.)?|⋯|⋮)+\s*[\])>]?")
_BRACKETS = re.compile(r"\[[^\[\]\n]{1,200}\]")
_LEFT_OUT = dict.fromkeys([0xAD, 0x200C, 0x200D, 0x2060, 0x640, 0x670, *range(0x64B, 0x653), *map(ord, "¹²³⁰⁴⁵⁶⁷⁸⁹[]")])
_UNIFORM = _LEFT_OUT | {ord(mark): "'" for mark in _APOSTROPHES}
_BROKEN = re.compile(rf"[{DASHES}]\s*\n\s*")
_NO_PUNCTUATION = re.compile(rf"[\s{_INVISIBLE}{QUOTES}\[\]*_#>|~\\•·▪◦‣…\x00-\x1f]+")
DASH = re.compile(rf"[{DASHES}]+")
_MARKER = re.compile(r"\s*(?:[#>*•·▪◦–—-]+\s+)?(?:\(\w{1,4}\)|\w{1,3}[.)]|\d+(?:\.\d+)*\.?)[\s*]+")
_LONGEST_MARKER = 12  # characters
_PLAIN_DASH = re.compile(r"\s*[-–—]\s*\Z")


def spelt(word: str) -> str:
    """Return a word as it is compared for its letters and their case."""
    if word.isascii():
        return word.replace("[", "").replace("]", "")
    return sys.intern(unicodedata.normalize("NFKC", word.translate(_UNIFORM)))


def compared(word: str) -> str:
    """Return a word as it is looked up."""
    return spelt(word).casefold()


@dataclass(frozen=True)
class Worded:
    """A text with its words.

    Attributes:
        is_draft: Whether ellipses and brackets are its writer's, and no document's.
    """

    text: str
    is_draft: bool = False

    @cached_property
    def spans(self) -> list[Span]:
        """The words' places."""
        pattern = _WORD_OF_DRAFT if self.is_draft else WORD
        return [match.span() for match in pattern.finditer(self.text)]

    @cached_property
    def starts(self) -> list[int]:
        """The places where the words begin."""
        return [start for start, _ in self.spans]

    @cached_property
    def compared(self) -> list[str]:
        """The words as they are looked up."""
        return [compared(self.text[start:end]) for start, end in self.spans]

    @cached_property
    def ellipses(self) -> frozenset[int]:
        """The words of a draft before which it leaves others out, by number; not the first."""
        found = _ELLIPSIS.finditer(self.text) if self.is_draft else ()
        after = {bisect_right(self.starts, match.start()) for match in found}
        return frozenset(i for i in after if 0 < i < len(self.spans))

    @cached_property
    def editorial(self) -> frozenset[int]:
        """The words of a draft in brackets, by number: its writer's, or changed by them."""
        inside: set[int] = set()
        for match in _BRACKETS.finditer(self.text) if self.is_draft else ():
            first = max(bisect_right(self.starts, match.start()) - 1, 0)
            last = bisect_right(self.starts, match.end() - 1)
            inside.update(i for i in range(first, last) if self.spans[i][1] > match.start())
        return frozenset(inside)

    @cached_property
    def own(self) -> frozenset[int]:
        """The words of a draft that stand in brackets as a whole, by number: its writer's."""
        return frozenset(i for i in self.editorial if "[" not in self.word(i))

    def word(self, i: int) -> str:
        """Return a word as it is written."""
        start, end = self.spans[i]
        return self.text[start:end]

    def between(self, i: int) -> str:
        """Return what stands between a word and the next."""
        return self.text[self.spans[i][1] : self.spans[i + 1][0]]

    def words(self, first: int, last: int) -> str:
        """Return the text from a word up to another, which isn't part of it."""
        return self.text[self.spans[first][0] : self.spans[last - 1][1]] if first < last else ""

    def is_marker(self, i: int) -> bool:
        """Return whether a word is the number or letter of an item that begins its line: "8.", "(a)"."""
        start, end = self.spans[i]
        line = max(self.text.rfind("\n", 0, start), self.text.rfind("\f", 0, start)) + 1
        return start - line < _LONGEST_MARKER and end <= line + marker_length(self.text[line : line + 80])


def marker_length(text: str) -> int:
    """Return how long the number or letter of an item is that a text begins with; 0 where there is none.

    >>> marker_length("(a) To cooperate"), marker_length("To cooperate")
    (4, 0)
    """
    marker = _MARKER.match(text)
    return marker.end() if marker else 0


def difference_kind(draft: str, source: str) -> DifferenceKind:
    """Return how words of a draft differ from a document's, where one side may be empty."""
    if draft and source:
        return "changed"
    return "added" if draft else "left out"


def same_signs(one: str, other: str) -> bool:
    """Return whether two texts between words differ in nothing but spaces, quotation marks, ellipses and bullets.

    >>> same_signs(" – “", "-"), same_signs("”, ", ","), same_signs("; ", ", ")
    (True, True, False)
    """
    return one == other or not {punctuation(one), _unlisted(one)}.isdisjoint({punctuation(other), _unlisted(other)})


def _unlisted(between: str) -> str:
    """Return what stands between two words without a dash that begins a line, which may be a bullet."""
    head, _, tail = between.rpartition("\n")
    return punctuation(head if _PLAIN_DASH.match(tail) else between)


def punctuation(between: str) -> str:
    """Return what stands between two words as it is compared: without spaces, quotation marks and ellipses.

    >>> punctuation(" – “"), punctuation("”, "), punctuation(" […] ")
    ('-', ',', '')
    """
    if between == " ":
        return ""
    between = unicodedata.normalize("NFKC", _ELLIPSIS.sub("", _BROKEN.sub("", between)))
    return _NO_PUNCTUATION.sub("", DASH.sub("-", between))
