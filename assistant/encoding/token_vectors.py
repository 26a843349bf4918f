"""The vectors of the word pieces of texts, rounded to eight bits."""

import mmap
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]  # (texts, dimensions), of unit length where nothing else is said

MIDDLE = 128  # added to a number of eight bits with a sign: libraries multiply those without one fastest
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of the word pieces of texts, at a quarter of their size.

    A row holds whole numbers from -127 to 127, plus 128; times its scale they are the vector. The rounding moves a
    cosine by about a thousandth.

    Attributes:
        rows: uint8, (tokens of all texts in order, dimensions).
        scales: float32, (tokens,).
        words: int32, (tokens,): the number of the word of its text that each token is part of.
        starts: int64, (texts + 1,): the row at which each text's tokens begin, and last the number of rows.
    """

    rows: npt.NDArray[np.uint8]
    scales: Vectors
    words: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(
        cls, texts: Sequence[str], rows: Vectors, spans: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]
    ) -> "TokenVectors":
        """Round the vectors of the word pieces of these texts; `spans` are where each stands in its text."""
        words = [np.zeros(0, dtype=np.int32)]
        for text, first, last in zip(texts, starts[:-1], starts[1:], strict=True):
            ends = [match.end() for match in _WORD.finditer(text)]
            words.append(np.searchsorted(ends, spans[first:last, 0], side="right").astype(np.int32))
        return cls.from_unit_rows(rows, np.concatenate(words), starts)

    @classmethod
    def from_unit_rows(
        cls, rows: Vectors, words: npt.NDArray[np.int32], starts: npt.NDArray[np.int64]
    ) -> "TokenVectors":
        """Round float32 rows."""
        scales = np.abs(rows).max(axis=1, initial=0) / 127 + np.finfo(np.float32).tiny
        rounded = (np.rint(rows / scales[:, None]) + MIDDLE).astype(np.uint8)
        return cls(rounded, scales.astype(np.float32), words, starts)

    def restored(self) -> Vectors:
        """Return the float32 rows, but for the rounding."""
        rows: Vectors = (self.rows.astype(np.float32) - MIDDLE) * self.scales[:, None]
        return rows

    def release(self) -> None:
        """Give back the memory of rows that are mapped from a file and were read, where the system can."""
        mapped = self.rows.base
        if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            mapped.madvise(mmap.MADV_DONTNEED)

    def first_of_word(self, text: int, word: int) -> int:
        """Return the row of the first token of a text that belongs to its word of this number or a later one."""
        first, last = self.starts[text : text + 2]
        return int(first + np.searchsorted(self.words[first:last], word))
