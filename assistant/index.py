"""Passages beside their vectors, in memory. The only home of FAISS.

Row i of the vectors is passage i, and the rows of the sentences' and of the tokens' vectors follow the passages in
order: checked when an index is built and when it is loaded. This module is given arrays and knows no encoder, and no
disk: `storage` keeps an index.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from assistant.records import Document, Objective, Passage, Source, Span

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Origin:
    """What an index was made from; an index of another origin is stale.

    Attributes:
        encoder: The encoder's name, for people.
        encoder_sha256: Its weights'.
        corpus: The corpus's fingerprint, "sha256:…".
        table: The sha256 of the objectives' table, from which the classifier was learned.
    """

    encoder: str
    encoder_sha256: str
    corpus: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of the word pieces of texts, in a quarter of their size.

    A row is whole numbers from -127 to 127 times its scale; the rounding moves a cosine by about a thousandth.

    Attributes:
        rows: int8, (tokens of all texts in order, dimensions).
        scales: float32, (tokens,).
        starts: int64, the row at which each text's tokens begin, and at last the number of rows: (texts + 1,).
    """

    rows: npt.NDArray[np.int8]
    scales: Vectors
    starts: npt.NDArray[np.int64]

    @classmethod
    def from_unit_rows(cls, rows: Vectors, starts: npt.NDArray[np.int64]) -> "TokenVectors":
        """Shrink float32 rows."""
        scales = np.abs(rows).max(axis=1, initial=0) / 127 + np.finfo(np.float32).tiny
        return cls(np.rint(rows / scales[:, None]).astype(np.int8), scales.astype(np.float32), starts)

    @classmethod
    def joined(cls, parts: "Sequence[TokenVectors]") -> "TokenVectors":
        """Put the tokens of texts one after another."""
        counts = np.concatenate([np.diff(part.starts) for part in parts])
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(
            np.concatenate([part.rows for part in parts]), np.concatenate([part.scales for part in parts]), starts
        )

    def of(self, text: int) -> "TokenVectors":
        """Return the tokens of one text."""
        first, last = self.starts[text : text + 2]
        return TokenVectors(self.rows[first:last], self.scales[first:last], np.array([0, last - first]))


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """Everything that answering needs.

    Attributes:
        sentences: For each passage, the spans of its sentences and clauses inside its text.
        vectors: FAISS's index of the passages' vectors, (passages, dimensions).
        sentence_vectors: float32, (sentences of all passages in order, dimensions).
        tokens: The vectors of the passages' word pieces.
        objectives: The 23, in order.
        classifier: The arrays of what was learned from their examples.
        problems: One sentence for each file of the corpus that couldn't be read.
    """

    origin: Origin
    sources: tuple[Source, ...]
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    sentences: tuple[tuple[Span, ...], ...]
    vectors: faiss.Index
    sentence_vectors: Vectors
    tokens: TokenVectors
    objectives: tuple[Objective, ...] = ()
    classifier: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    sentence_starts: tuple[int, ...] = ()

    @classmethod
    def build(
        cls,
        origin: Origin,
        *,
        sources: Sequence[Source],
        documents: Sequence[Document],
        passages: Sequence[Passage],
        sentences: Sequence[Sequence[Span]],
        vectors: Vectors,
        sentence_vectors: Vectors,
        tokens: TokenVectors,
        objectives: Sequence[Objective] = (),
        classifier: Mapping[str, npt.NDArray[Any]] | None = None,
        problems: Sequence[str] = (),
    ) -> "PassageIndex":
        """Put passages beside their vectors.

        Args:
            vectors: float32 rows of unit length, (passages, dimensions).
            sentence_vectors: likewise, (sentences of all passages in order, dimensions).

        Raises:
            ValueError: The numbers of rows don't fit.
        """
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(np.ascontiguousarray(vectors, dtype=np.float32))
        spans = tuple(map(tuple, sentences))
        made = cls(
            origin,
            tuple(sources),
            tuple(documents),
            tuple(passages),
            spans,
            flat,
            sentence_vectors,
            tokens,
            tuple(objectives),
            dict(classifier or {}),
            tuple(problems),
        )
        return made.checked()

    def checked(self) -> "PassageIndex":
        """Return this index, with the row at which each passage's sentences begin.

        Raises:
            ValueError: The numbers of rows don't fit.
        """
        count = len(self.passages)
        expected = (count, count, sum(map(len, self.sentences)), count + 1, self.tokens.starts[-1])
        found = (
            self.vectors.ntotal,
            len(self.sentences),
            len(self.sentence_vectors),
            len(self.tokens.starts),
            len(self.tokens.rows),
        )
        if expected != found:
            raise ValueError(f"rows that don't fit the passages: expected {expected}, found {found}")
        starts = tuple(accumulate((len(spans) for spans in self.sentences), initial=0))
        return dataclasses.replace(self, sentence_starts=starts)

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """Return (row, cosine) of the passages nearest to a unit vector, best first."""
        scores, rows = self.vectors.search(vector.reshape(1, -1), min(count, len(self.passages)))
        return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]

    def cosines(self, rows: npt.NDArray[np.int64], vector: Vectors) -> Vectors:
        """Return the cosine of each of these passages to a unit vector."""
        stored: Vectors = np.stack([self.vector(int(row)) for row in rows])
        cosines: Vectors = stored @ vector
        return cosines

    def vector(self, row: int) -> Vectors:
        """Return the vector of passage `row`."""
        return np.asarray(self.vectors.reconstruct(row), dtype=np.float32)

    def sentence_scores(self, row: int, vector: Vectors) -> Vectors:
        """Return the cosine of each sentence of passage `row` to a unit vector."""
        scores: Vectors = self.sentence_vectors[self.sentence_starts[row] : self.sentence_starts[row + 1]] @ vector
        return scores

    def token_matches(self, rows: npt.NDArray[np.int64], query: Vectors) -> Vectors:
        """Return how near each token of a question comes to a token of each of these passages.

        The greatest cosine among the passage's tokens, whose mean is ColBERT's MaxSim (Khattab and Zaharia, 2020).

        Args:
            rows: Passages.
            query: float32 rows of unit length, (the question's tokens, dimensions).

        Returns:
            (the question's tokens, these passages)
        """
        starts = self.tokens.starts
        counts = starts[rows + 1] - starts[rows]
        matches = np.zeros((len(query), len(rows)), dtype=np.float32)
        filled = np.flatnonzero(counts)
        if not len(filled) or not len(query):
            return matches
        taken = np.concatenate([np.arange(starts[row], starts[row + 1]) for row in rows[filled]])
        cosines = query @ self.tokens.rows[taken].astype(np.float32).T * self.tokens.scales[taken]
        begins = np.concatenate([[0], np.cumsum(counts[filled])[:-1]])
        matches[:, filled] = np.maximum.reduceat(cosines, begins, axis=1)
        return matches


def vectors_to_bytes(vectors: faiss.Index) -> bytes:
    """Turn FAISS's index of the passages' vectors into bytes."""
    content: bytes = faiss.serialize_index(vectors).tobytes()
    return content


def vectors_from_bytes(content: bytes) -> faiss.Index:
    """Turn the bytes of `vectors_to_bytes`, and of nothing else, into FAISS's index."""
    return faiss.deserialize_index(np.frombuffer(content, dtype=np.uint8))
