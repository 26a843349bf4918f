"""Raised characters become part of their line: exponents as "10⁶", fractions as "4 1/2", marks of notes not at all."""

import re
from collections.abc import Iterable
from itertools import groupby, pairwise
from typing import TypeAlias

Fragment: TypeAlias = tuple[str, bool]  # characters of a line, and whether they are raised

_EXPONENT = re.compile(r"[-–−+]?\d{1,3}")
_POWERS = str.maketrans("0123456789-–−+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻⁺")
# What an exponent stands behind: ten, a unit or a variable. Behind words and other numbers stand marks of notes.
_BASE = re.compile(r"(?:(?<![\d.,])10|(?<![^\W\d_])(?:[kcdmnhµμ]m|ft|mi|yd|[ксд]м|[^\W\d_]))\s?\Z")
_SIGN = r"(?:\d{1,3}|[a-z]/?|[*∗†‡§¶#]{1,3})"
_SIGNS = re.compile(r"[\s,;.:*∗†‡§¶#]+")
_MARK = re.compile(rf"[\[(]?{_SIGN}(?:\s?[,;–-]\s?{_SIGN})*[\])]?")
# A letter is a mark behind a long number, a word or a sign, and belongs to what is before it elsewhere: "1a", "XIXe".
_NOTED = re.compile(r"(?:\d{3}|[^\W\d_]{3}|[^\w\s])\s?\Z")
_ENDINGS = frozenset("eo")
_TAIL = 24  # characters before a raised one that are looked at


def joined(fragments: Iterable[Fragment]) -> str:
    """Join the fragments of a line.

    >>> joined([("In 2020", False), ("3", True), (" it took 300 km", False), ("2", True)])
    'In 2020 it took 300 km²'
    """
    line = list(fragments)
    if not any(is_raised for _, is_raised in line):
        return "".join(text for text, _ in line)
    whole = [("".join(text for text, _ in group), key) for key, group in groupby(line, key=lambda each: each[1])]
    pieces: list[str] = []
    before = ""
    for (text, is_raised), (after, _) in pairwise([*whole, ("", False)]):
        piece = _lowered(text, before.rpartition("\n")[2], after) if is_raised else text
        if is_raised and not piece and before[-1:].isalnum() and after[:1].isalnum():
            piece = " "  # the mark stood in the place of the space
        pieces.append(piece)
        before = (before + piece)[-_TAIL:]
    return "".join(pieces)


def _lowered(text: str, before: str, after: str) -> str:
    """Return raised characters as they are read between what stands before and after them."""
    mark = text.strip()
    if mark.isdecimal() and after.lstrip().startswith(("/", "⁄")):
        return f" {mark}" if before[-1:].isdigit() else mark  # a fraction
    if not before.strip():
        return f"{text} "  # the mark in front of a note
    if _SIGNS.fullmatch(mark):
        return ""
    if _EXPONENT.fullmatch(mark) and (not mark[0].isdigit() or _BASE.search(before)):
        return mark.translate(_POWERS)
    letters = mark.strip("[]()")
    if not _MARK.fullmatch(mark) or (letters.isalpha() and (letters in _ENDINGS or not _NOTED.search(before))):
        return text
    return ""
