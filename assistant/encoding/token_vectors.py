"""The vectors of the word pieces of texts, kept in a quarter of their size."""

import mmap
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.encoding.embeddings import MIDDLE, Vectors


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of the word pieces of texts, in a quarter of their size.

    A row is whole numbers from -127 to 127, kept moved up by 128, times its scale; the rounding moves a cosine by about
    a thousandth.

    Attributes:
        rows: uint8, (tokens of all texts in order, dimensions).
        scales: float32, (tokens,).
        words: int32, (tokens,): which word of its text each token is part of, counted from 0.
        starts: int64, the row at which each text's tokens begin, and at last the number of rows: (texts + 1,).
    """

    rows: npt.NDArray[np.uint8]
    scales: Vectors
    words: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    @classmethod
    def from_unit_rows(
        cls, rows: Vectors, words: npt.NDArray[np.int32], starts: npt.NDArray[np.int64]
    ) -> "TokenVectors":
        """Shrink float32 rows."""
        scales = np.abs(rows).max(axis=1, initial=0) / 127 + np.finfo(np.float32).tiny
        rounded = (np.rint(rows / scales[:, None]) + MIDDLE).astype(np.uint8)
        return cls(rounded, scales.astype(np.float32), words, starts)

    def restored(self) -> Vectors:
        """Return the float32 rows, nearly as they were."""
        rows: Vectors = (self.rows.astype(np.float32) - MIDDLE) * self.scales[:, None]
        return rows

    def release(self) -> None:
        """Give back the memory of rows that lie in a file and were looked at, where the system can."""
        mapped = self.rows.base
        if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            mapped.madvise(mmap.MADV_DONTNEED)

    def first_of_word(self, text: int, word: int) -> int:
        """Return the row of the first token of one text that belongs to this word of it or to a later one."""
        first, last = self.starts[text : text + 2]
        return int(first + np.searchsorted(self.words[first:last], word))
