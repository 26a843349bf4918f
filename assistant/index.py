"""Passages beside their vectors, in memory. The only home of FAISS.

Row i of the vectors is passage i, and the rows of the sentences' and of the tokens' vectors follow the passages in
order: checked when an index is built and when it is loaded. This module is given arrays and knows no encoder, and no
disk: `storage` keeps an index.
"""

import dataclasses
import mmap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from assistant.embeddings import Vectors, products
from assistant.multilingual import Second
from assistant.records import Document, Objective, Passage, Source, Span
from assistant.runtime import Network

Products = Callable[[Vectors, npt.NDArray[np.int8]], Vectors]


@dataclass(frozen=True, slots=True)
class Origin:
    """What an index was made from; an index of another origin is stale.

    Attributes:
        encoder: The encoder's name, for people.
        encoder_sha256: Its weights'.
        corpus: The corpus's fingerprint, "sha256:…".
        table: The sha256 of the objectives' table, from which the classifier was learned.
        answerability: The sha256 of the weights that tell whether a question is answered.
        second_sha256: The weights of the encoder that reads other languages; empty for none.
    """

    encoder: str
    encoder_sha256: str
    corpus: str
    table: str = ""
    answerability: str = ""
    second_sha256: str = ""


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """From when on a question counts as answered by these documents with this encoder.

    Attributes:
        threshold: The chance from which on it does.
        apart: By how much the chances of questions made of these documents lie above those of the documents that the
            weights were fitted on, in log odds.
        probes: How many questions that rests on.
    """

    threshold: float = 0.5
    apart: float = 0.0
    probes: int = 0


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of the word pieces of texts, in a quarter of their size.

    A row is whole numbers from -127 to 127 times its scale; the rounding moves a cosine by about a thousandth.

    Attributes:
        rows: int8, (tokens of all texts in order, dimensions).
        scales: float32, (tokens,).
        words: int32, (tokens,): which word of its text each token is part of, counted from 0.
        starts: int64, the row at which each text's tokens begin, and at last the number of rows: (texts + 1,).
    """

    rows: npt.NDArray[np.int8]
    scales: Vectors
    words: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    @classmethod
    def from_unit_rows(
        cls, rows: Vectors, words: npt.NDArray[np.int32], starts: npt.NDArray[np.int64]
    ) -> "TokenVectors":
        """Shrink float32 rows."""
        scales = np.abs(rows).max(axis=1, initial=0) / 127 + np.finfo(np.float32).tiny
        return cls(np.rint(rows / scales[:, None]).astype(np.int8), scales.astype(np.float32), words, starts)

    def release(self) -> None:
        """Give back the memory of rows that lie in a file and were looked at, where the system can."""
        mapped = self.rows.base
        if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            mapped.madvise(mmap.MADV_DONTNEED)

    def first_of_word(self, text: int, word: int) -> int:
        """Return the row of the first token of one text that belongs to this word of it or to a later one."""
        first, last = self.starts[text : text + 2]
        return int(first + np.searchsorted(self.words[first:last], word))


@dataclass(frozen=True, slots=True)
class TokenMatches:
    """How near each token of a question comes to a token of each passage, and of each of its sentences.

    The greatest cosine, whose mean over the question's tokens is ColBERT's MaxSim (Khattab and Zaharia, 2020).

    Attributes:
        passages: float32, (the question's tokens, passages).
        sentences: float32, (the question's tokens, sentences of these passages in order).
    """

    passages: Vectors
    sentences: Vectors


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """Everything that answering needs.

    Attributes:
        sentences: For each passage, the spans of its sentences and clauses inside its text.
        vectors: FAISS's index of the passages' vectors, (passages, dimensions).
        sentence_vectors: float32, (sentences of all passages in order, dimensions).
        tokens: The vectors of the passages' word pieces.
        sentence_tokens: int64, (sentences of all passages in order,): the row of each one's first token.
        concerns: float32, (passages, objectives): how likely each passage concerns each objective; a row adds up to one
            at the most, and what it lacks is "none of them".
        objectives: The 23, in order.
        classifier: The arrays of what was learned from their examples.
        problems: One sentence for each file of the corpus that couldn't be read.
        operating_point: From when on a question counts as answered.
        network: The encoder's model, converted to encode questions; None where the encoder itself does.
        second: Vectors of an encoder that reads other languages; None where there is none.
    """

    origin: Origin
    sources: tuple[Source, ...]
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    sentences: tuple[tuple[Span, ...], ...]
    vectors: faiss.Index
    sentence_vectors: Vectors
    tokens: TokenVectors
    sentence_tokens: npt.NDArray[np.int64]
    concerns: Vectors
    objectives: tuple[Objective, ...] = ()
    classifier: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    operating_point: OperatingPoint = OperatingPoint()
    network: Network | None = None
    second: Second | None = None
    sentence_starts: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, dtype=np.int64))

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
        sentence_tokens: npt.NDArray[np.int64],
        concerns: Vectors,
        objectives: Sequence[Objective] = (),
        classifier: Mapping[str, npt.NDArray[Any]] | None = None,
        problems: Sequence[str] = (),
        network: Network | None = None,
        second: Second | None = None,
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
            sentence_tokens,
            concerns,
            tuple(objectives),
            dict(classifier or {}),
            tuple(problems),
            network=network,
            second=second,
        )
        return made.checked()

    def checked(self) -> "PassageIndex":
        """Return this index, with the row at which each passage's sentences begin.

        Raises:
            ValueError: The numbers of rows don't fit.
        """
        count = len(self.passages)
        sentences = sum(map(len, self.sentences))
        expected = (count, count, count, sentences, sentences, count + 1, *[int(self.tokens.starts[-1])] * 3)
        found = (
            self.vectors.ntotal,
            len(self.sentences),
            len(self.concerns),
            len(self.sentence_vectors),
            len(self.sentence_tokens),
            len(self.tokens.starts),
            len(self.tokens.rows),
            len(self.tokens.scales),
            len(self.tokens.words),
        )
        if expected != found:
            raise ValueError(f"rows that don't fit the passages: expected {expected}, found {found}")
        if self.second and (len(self.second.passages), len(self.second.sentences)) != (count, sentences):
            raise ValueError("rows of the second vectors that don't fit the passages")
        starts = np.cumsum([0, *map(len, self.sentences)])
        return dataclasses.replace(self, sentence_starts=starts)

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """Return (row, cosine) of the passages nearest to a unit vector, best first."""
        scores, rows = self.vectors.search(vector.reshape(1, -1), min(count, len(self.passages)))
        return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]

    def cosines(self, rows: npt.NDArray[np.int64], vector: Vectors) -> Vectors:
        """Return the cosine of each of these passages to a unit vector."""
        cosines: Vectors = self.vectors.reconstruct_batch(rows) @ vector
        return cosines

    def vector(self, row: int) -> Vectors:
        """Return the vector of passage `row`."""
        return np.asarray(self.vectors.reconstruct(row), dtype=np.float32)

    def all_vectors(self) -> Vectors:
        """Return the vectors of all passages, (passages, dimensions)."""
        return np.asarray(self.vectors.reconstruct_n(0, self.vectors.ntotal), dtype=np.float32)

    def sentence_cosines(self, rows: npt.NDArray[np.int64], vector: Vectors) -> Vectors:
        """Return the cosine of each sentence of these passages, in order, to a unit vector."""
        cosines: Vectors = self.sentence_vectors[_ranges(self.sentence_starts, rows)] @ vector
        return cosines

    def token_matches(
        self, rows: npt.NDArray[np.int64], query: Vectors, *, products: Products = products
    ) -> TokenMatches:
        """Match the tokens of a question with those of passages.

        Args:
            rows: Passages.
            query: float32 rows of unit length, (the question's tokens, dimensions).
            products: Multiplies these with rows of the index.
        """
        sentences = _ranges(self.sentence_starts, rows)
        found = TokenMatches(
            np.zeros((len(query), len(rows)), dtype=np.float32),
            np.zeros((len(query), len(sentences)), dtype=np.float32),
        )
        taken = _ranges(self.tokens.starts, rows)
        if not len(taken) or not len(query):
            return found
        cosines = products(query, self.tokens.rows.view(np.ndarray)[taken]) * self.tokens.scales[taken]
        # Among the tokens taken, each passage begins with those of its heading, then come its sentences'.
        sentence_counts = np.diff(self.sentence_starts)[rows]
        token_counts = np.diff(self.tokens.starts)[rows]
        begins = np.cumsum(token_counts) - token_counts
        heads = np.arange(len(rows)) + np.cumsum(sentence_counts) - sentence_counts
        is_head = np.zeros(len(rows) + len(sentences), dtype=bool)
        is_head[heads] = True
        pieces = np.empty(len(is_head), dtype=np.int64)
        pieces[heads] = begins
        moved = np.repeat(begins - self.tokens.starts[rows], sentence_counts)
        pieces[~is_head] = self.sentence_tokens[sentences] + moved
        greatest = _greatest(cosines, pieces)
        found.sentences[:] = greatest[:, ~is_head]
        found.passages[:] = np.maximum.reduceat(greatest, heads, axis=1)
        return found


def _ranges(starts: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return what lies from each row's start to the next row's, for these rows, one after another."""
    counts = starts[rows + 1] - starts[rows]
    skipped = np.repeat(starts[rows] - (np.cumsum(counts) - counts), counts)
    ranges: npt.NDArray[np.int64] = np.arange(len(skipped)) + skipped
    return ranges


def _greatest(values: Vectors, starts: npt.NDArray[np.int64]) -> Vectors:
    """Return the greatest value of each piece along the second axis, 0 for a piece that is empty."""
    is_filled = np.diff(np.append(starts, values.shape[1])) > 0
    greatest = np.zeros((len(values), len(starts)), dtype=np.float32)
    greatest[:, is_filled] = np.maximum.reduceat(values, starts[is_filled], axis=1)
    return greatest


def vectors_to_bytes(vectors: faiss.Index) -> bytes:
    """Turn FAISS's index of the passages' vectors into bytes."""
    content: bytes = faiss.serialize_index(vectors).tobytes()
    return content


def vectors_from_bytes(content: bytes) -> faiss.Index:
    """Turn the bytes of `vectors_to_bytes`, and of nothing else, into FAISS's index."""
    return faiss.deserialize_index(np.frombuffer(content, dtype=np.uint8))
