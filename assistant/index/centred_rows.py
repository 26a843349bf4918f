"""Vectors of the encoder that reads many languages, compared as if what their language has in common were taken away.

Such an encoder writes into every vector which language its text is in. A passage's vector is therefore centred by the
mean of the passages in its language; a question's was centred before it comes here.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assistant.encoding import CENTRED, Vectors

# With so many passages in a language, their own mean counts as much as the mean of all.
_FEW = 10
_SHORTEST = 1e-6  # squared length of a centred row, lest anything be divided by zero


@dataclass(frozen=True, slots=True)
class CentredRows:
    """Rows of unit length that stay as they are, and what it takes to compare them as if each had been centred.

    Attributes:
        rows: float32 rows of unit length, (rows, dimensions).
        groups: int64, (rows,): the language of each, as a number from 0.
        lengths: float32, (rows,): of the centred rows.
        centres: float32, (languages, dimensions): what is taken from the rows of each language.
    """

    rows: Vectors
    groups: npt.NDArray[np.int64]
    lengths: Vectors
    centres: Vectors

    @classmethod
    def of(cls, rows: Vectors, groups: npt.NDArray[np.int64]) -> "CentredRows":
        """Centre rows in languages that are numbered from 0."""
        counts = np.bincount(groups, minlength=1) if len(groups) else np.ones(1, dtype=np.int64)
        common = rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1], dtype=np.float32)
        means = [(rows[groups == g].sum(axis=0) + _FEW * common) / (n + _FEW) for g, n in enumerate(counts)]
        return cls.around(np.asarray(rows), groups, np.float32(CENTRED) * np.array(means, dtype=np.float32))

    @classmethod
    def around(cls, rows: Vectors, groups: npt.NDArray[np.int64], centres: Vectors) -> "CentredRows":
        """Centre rows by the centre of the language of each."""
        along = np.zeros(len(rows), dtype=np.float32)
        for group, centre in enumerate(centres):
            along[groups == group] = rows[groups == group] @ centre
        squares = (centres**2).sum(axis=1)[groups]
        lengths = np.sqrt(np.maximum(1 - 2 * along + squares, _SHORTEST)).astype(np.float32)
        return cls(rows, groups, lengths, centres)

    def take(self, at: npt.NDArray[np.int64] | slice) -> "CentredRows":
        """Return some of the rows."""
        return replace(self, rows=self.rows[at], groups=self.groups[at], lengths=self.lengths[at])

    def cosines(self, vector: Vectors) -> Vectors:
        """Return the cosine of a centred question to each row."""
        along: Vectors = self.rows @ vector
        cosines: Vectors = np.divide(along - (self.centres @ vector)[self.groups], self.lengths, dtype=np.float32)
        return cosines
