"""Blocks: what every reader gives, in order, with a title, or the error that says why there are none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

BlockKind: TypeAlias = Literal["heading", "paragraph", "row", "note"]

# Control characters, unpaired surrogates, noncharacters, and invisible marks such as soft hyphens.
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufff9-\uffff\ud800-\udfff]")
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_][ \u00a0]){4,}[^\W\d_](?!\S)")  # "F A M I L Y"
_SPACE = re.compile(r"\s+")
# Letters that some fonts draw as one; a search for "fi" would miss them.
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)


class FormatError(Exception):
    """A file can't be read: what is wrong and what to do, without the file's name."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document: a heading, a paragraph, a row of a table or a note."""

    text: str  # its words on one line, never empty
    kind: BlockKind = "paragraph"  # a row of a table has its cells parted by " | "; a note is a footnote or an endnote
    page: int = 0  # counted from the file's first page, 1; 0 where the format has none
    label: str = ""  # a row's table ("table 2"), a note's name ("footnote 3"); else empty


@dataclass(frozen=True, slots=True)
class Title:
    """The title that a document gives itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """The number of a page that is a picture and was read by OCR."""

    page: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on what of a file couldn't be read."""

    text: str


Reading: TypeAlias = Iterator[
    Block | Title | Recognised | Remark | None
]  # what a reader yields; None is a sign that work goes on


def clean(text: str) -> str:
    r"""Return a text on one line, without invisible characters and ligatures.

    >>> clean(" The\tfirst\n line\x02 ")
    'The first line'
    """
    plain = _NO_TEXT.sub("", text)
    if _SPACED.search(plain):
        plain = _SPACED.sub(_closed_up, plain)
    return _SPACE.sub(" ", plain).strip().translate(_LIGATURES)


def clean_lines(text: str) -> list[str]:
    r"""Return the lines of a text that have words or signs, each clean.

    >>> clean_lines("The first \n\t\n second ")
    ['The first', 'second']
    """
    return [line for piece in text.split("\n") if (line := clean(piece))]


def _closed_up(spaced: re.Match[str]) -> str:
    """Return letters that are set apart as a word, unless they are those of an alphabet."""
    letters = spaced[0][::2]
    is_alphabet = all(ord(after) - ord(before) == 1 for before, after in pairwise(letters))
    return spaced[0] if is_alphabet else letters
