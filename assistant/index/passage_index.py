"""Passages beside their vectors, in memory.

Row i of the vectors is passage i, and the rows of the sentences' and of the tokens' vectors follow the passages in
order: checked when an index is built and when it is loaded. This module is given arrays and knows no encoder, and no
disk: `storage` keeps an index.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.encoding import Network, TokenProducts, TokenVectors, Vectors, multiply_tokens
from assistant.index.catalogue import Catalogue, Mask
from assistant.index.vectors import SearchableVectors
from assistant.records import Document, Objective, Passage, Source, Span

Rows = npt.NDArray[np.int64]
_ALL_AT_ONCE = 100  # passages: an index of no more is looked at whole by nearly every question


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
class MultilingualVectors:
    """The vectors of a multilingual encoder, for questions in other languages.

    Attributes:
        encoder: For people.
        sha256: Names the encoder's weights and the tables that were learned from.
        passages: float32 rows of unit length, (passages, dimensions).
        sentences: float32 rows of unit length, (sentences of all passages in order, dimensions).
        learned: The arrays of the classifier of objectives on these vectors.
    """

    encoder: str
    sha256: str
    passages: Vectors
    sentences: Vectors
    learned: Mapping[str, npt.NDArray[Any]]


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
class Chosen:
    """Some passages of an index, and where what belongs to them lies: worked out once for all that is asked of them.

    Attributes:
        rows: int64, (passages,).
        sentences: The rows of their sentences, in order.
        sentence_starts: int64, (passages + 1,): where among these each passage's begin, and at last their number.
        tokens: The rows of their tokens, in order.
        pieces: int64: where among these each piece begins that has any token. A passage's first piece is its heading,
            the others are its sentences.
        is_filled: Of all pieces, whether they have any.
        heads: int64, (passages,): where among all pieces each passage's begin.
        parts: int64, (sentences,): which of all pieces are sentences.
    """

    rows: Rows
    sentences: Rows | slice
    sentence_starts: Rows
    tokens: Rows | slice
    pieces: Rows
    is_filled: npt.NDArray[np.bool_]
    heads: Rows
    parts: Rows


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """Everything that answering needs.

    Attributes:
        sentences: For each passage, the spans of its sentences and clauses inside its text.
        vectors: FAISS's index of the passages' vectors, (passages, dimensions).
        sentence_vectors: float32, (sentences of all passages in order, dimensions).
        tokens: The vectors of the passages' word pieces.
        sentence_tokens: int64, (sentences of all passages in order,): the row of each one's first token.
        objective_probabilities: float32, (passages, objectives): a row adds up to one at the most, and what it lacks
            is the probability of none of them.
        objectives: The 23, in order.
        classifier: The arrays of what was learned from their examples.
        lexical: The arrays of the words of the passages with their headings; none where they weren't kept.
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
    vectors: SearchableVectors
    sentence_vectors: Vectors
    tokens: TokenVectors
    sentence_tokens: npt.NDArray[np.int64]
    objective_probabilities: Vectors
    objectives: tuple[Objective, ...] = ()
    classifier: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    lexical: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    operating_point: OperatingPoint = OperatingPoint()
    network: Network | None = None
    second: MultilingualVectors | None = None
    sentence_starts: Rows = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    everything: Chosen | None = None
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(()), compare=False)

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
        objective_probabilities: Vectors,
        objectives: Sequence[Objective] = (),
        classifier: Mapping[str, npt.NDArray[Any]] | None = None,
        lexical: Mapping[str, npt.NDArray[Any]] | None = None,
        problems: Sequence[str] = (),
        network: Network | None = None,
        second: MultilingualVectors | None = None,
    ) -> "PassageIndex":
        """Put passages beside their vectors.

        Args:
            vectors: float32 rows of unit length, (passages, dimensions).
            sentence_vectors: likewise, (sentences of all passages in order, dimensions).

        Raises:
            ValueError: The numbers of rows don't fit.
        """
        spans = tuple(map(tuple, sentences))
        made = cls(
            origin,
            tuple(sources),
            tuple(documents),
            tuple(passages),
            spans,
            SearchableVectors.of(vectors),
            sentence_vectors,
            tokens,
            sentence_tokens,
            objective_probabilities,
            tuple(objectives),
            dict(classifier or {}),
            dict(lexical or {}),
            tuple(problems),
            network=network,
            second=second,
        )
        return made.checked()

    def checked(self) -> "PassageIndex":
        """Return this index, with the row at which each passage's sentences begin; a small one with all of it chosen.

        Raises:
            ValueError: The numbers of rows don't fit.
        """
        count = len(self.passages)
        sentences = sum(map(len, self.sentences))
        expected = (count, count, count, sentences, sentences, count + 1, *[int(self.tokens.starts[-1])] * 3)
        found = (
            len(self.vectors),
            len(self.sentences),
            len(self.objective_probabilities),
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
        index = dataclasses.replace(self, sentence_starts=starts, catalogue=Catalogue(self.passages))
        if count > _ALL_AT_ONCE:
            return index
        # What is taken whole needn't be gathered.
        everything = dataclasses.replace(index.chosen(np.arange(count)), sentences=slice(None), tokens=slice(None))
        return dataclasses.replace(index, everything=everything)

    def nearest(self, vector: Vectors, count: int, *, among: Mask | None = None) -> list[tuple[int, float]]:
        """Return (row, cosine) of the passages nearest to a unit vector, best first; of a large index, nearly always.

        Args:
            among: Which passages are looked at; None for all.
        """
        return self.vectors.nearest(vector, count, among=among)

    def chosen(self, rows: Rows) -> Chosen:
        """Find what belongs to some passages.

        Args:
            rows: Of passages, each once.
        """
        if self.everything and np.array_equal(rows, self.everything.rows):
            return self.everything
        sentences = _ranges(self.sentence_starts, rows)
        sentence_counts = self.sentence_starts[rows + 1] - self.sentence_starts[rows]
        sentence_starts = np.concatenate([[0], np.cumsum(sentence_counts)])
        token_counts = self.tokens.starts[rows + 1] - self.tokens.starts[rows]
        begins = np.cumsum(token_counts) - token_counts
        heads = np.arange(len(rows)) + sentence_starts[:-1]
        is_head = np.zeros(len(rows) + len(sentences), dtype=bool)
        is_head[heads] = True
        pieces = np.empty(len(is_head), dtype=np.int64)
        pieces[heads] = begins
        moved = np.repeat(begins - self.tokens.starts[rows], sentence_counts)
        pieces[~is_head] = self.sentence_tokens[sentences] + moved
        is_filled = np.diff(np.append(pieces, token_counts.sum())) > 0
        tokens = _ranges(self.tokens.starts, rows)
        parts = np.flatnonzero(~is_head)
        return Chosen(rows, sentences, sentence_starts, tokens, pieces[is_filled], is_filled, heads, parts)

    def cosines(self, rows: Rows, vector: Vectors) -> Vectors:
        """Return the cosine of each of these passages to a unit vector."""
        cosines: Vectors = self.vectors.rows[rows] @ vector
        return cosines

    def all_vectors(self) -> Vectors:
        """Return the vectors of all passages, (passages, dimensions)."""
        return np.array(self.vectors.rows)

    def sentence_cosines(self, chosen: Chosen, vector: Vectors) -> Vectors:
        """Return the cosine of each sentence of these passages, in order, to a unit vector."""
        cosines: Vectors = self.sentence_vectors.view(np.ndarray)[chosen.sentences] @ vector
        return cosines

    def nearest_sentences(self, rows: Rows, vector: Vectors) -> Vectors:
        """Return the greatest cosine of each of these passages' sentences to a unit vector."""
        cosines = self.sentence_vectors.view(np.ndarray)[_ranges(self.sentence_starts, rows)] @ vector
        counts = self.sentence_starts[rows + 1] - self.sentence_starts[rows]
        greatest: Vectors = np.maximum.reduceat(cosines, np.cumsum(counts) - counts)
        return greatest

    def token_matches(self, chosen: Chosen, query: Vectors, *, products: TokenProducts = multiply_tokens) -> TokenMatches:
        """Match the tokens of a question with those of passages.

        Args:
            chosen: The passages.
            query: float32 rows of unit length, (the question's tokens, dimensions).
            products: Multiplies these with rows of the index.
        """
        # A piece without a token comes near to nothing.
        greatest = np.zeros((len(query), len(chosen.is_filled)), dtype=np.float32)
        if len(query) and len(chosen.pieces):
            cosines = products(query, self.tokens.rows.view(np.ndarray)[chosen.tokens])
            cosines *= self.tokens.scales[chosen.tokens]
            greatest[:, chosen.is_filled] = np.maximum.reduceat(cosines, chosen.pieces, axis=1)
        if not len(chosen.heads):
            return TokenMatches(greatest, greatest)
        return TokenMatches(np.maximum.reduceat(greatest, chosen.heads, axis=1), greatest.take(chosen.parts, axis=1))


def _ranges(starts: Rows, rows: Rows) -> Rows:
    """Return what lies from each row's start to the next row's, for these rows, one after another."""
    counts = starts[rows + 1] - starts[rows]
    skipped = np.repeat(starts[rows] - (np.cumsum(counts) - counts), counts)
    ranges: Rows = np.arange(len(skipped)) + skipped
    return ranges
