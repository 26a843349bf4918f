"""Some passages with all that ranks them, as a store gives them out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.encoding import TokenProducts, Vectors, multiply_tokens
from assistant.index.centred_rows import CentredRows
from assistant.records import Passage, Span

Rows: TypeAlias = npt.NDArray[np.int64]

_SHORTEST = 1e-3  # squared length of a centred token, lest noise count as much as meaning
_AT_ONCE = (
    32  # tokens of a question: all of a long one at once, with all tokens of the passages, fill a hundred megabytes
)


@dataclass(frozen=True, slots=True)
class TokenMatches:
    """The greatest cosine of each token of a question to a token of each passage, and of each of its sentences.

    Its mean over the question's tokens is ColBERT's MaxSim (Khattab and Zaharia, 2020).

    Attributes:
        passages: float32, (the question's tokens, passages).
        sentences: float32, (the question's tokens, sentences of these passages in order).
    """

    passages: Vectors
    sentences: Vectors


@dataclass(frozen=True, slots=True)
class FetchedTokens:
    """The vectors of some passages' tokens, and the pieces that these belong to.

    A passage's first piece is its heading, the others are its sentences.

    Attributes:
        rows: uint8, (tokens, dimensions): as in `TokenVectors`.
        scales: float32, (tokens,).
        starts: int64: the first token of each piece that has any.
        is_filled: bool, (pieces,): whether a piece has any token.
        headings: int64, (passages,): which of the pieces are headings.
        sentences: int64, (sentences,): which of the pieces are sentences.
        groups: int64, (tokens,): the language of each, as a number from 0; None where they aren't centred.
        centres: float32, (languages, dimensions): what is taken from the tokens of each language.
    """

    rows: npt.NDArray[np.uint8]
    scales: Vectors
    starts: Rows
    is_filled: npt.NDArray[np.bool_]
    headings: Rows
    sentences: Rows
    groups: Rows | None = None
    centres: Vectors | None = None

    @classmethod
    def of(
        cls, rows: npt.NDArray[np.uint8], scales: Vectors, counts: Rows, sentence_counts: Rows, first_tokens: Rows
    ) -> "FetchedTokens":
        """Find the pieces of some passages.

        Args:
            rows: As above, like `scales`.
            counts: int64, (passages,): the tokens of each.
            sentence_counts: int64, (passages,).
            first_tokens: int64, (sentences,): the first token of each, counted in its passage.
        """
        begins = np.cumsum(counts) - counts
        headings = np.arange(len(counts)) + np.cumsum(sentence_counts) - sentence_counts
        is_heading = np.zeros(len(counts) + sentence_counts.sum(), dtype=bool)
        is_heading[headings] = True
        starts = np.empty(len(is_heading), dtype=np.int64)
        starts[headings] = begins
        starts[~is_heading] = first_tokens + np.repeat(begins, sentence_counts)
        is_filled = np.diff(np.append(starts, counts.sum())) > 0
        return cls(rows, scales, starts[is_filled], is_filled, headings, np.flatnonzero(~is_heading))

    def centred(self, passages: CentredRows, counts: Rows) -> "FetchedTokens":
        """Return the tokens centred as their passages are, of each of which there are so many."""
        return replace(self, groups=np.repeat(passages.groups, counts), centres=passages.centres)

    def matches(self, query: Vectors, *, products: TokenProducts = multiply_tokens) -> TokenMatches:
        """Match the tokens of a question with those of the passages.

        Args:
            query: float32 rows of unit length, (the question's tokens, dimensions).
            products: Multiplies these with rows of tokens.
        """
        # A piece without a token comes near to nothing.
        greatest = np.zeros((len(query), len(self.is_filled)), dtype=np.float32)
        if len(self.starts):
            for first in range(0, len(query), _AT_ONCE):
                some = slice(first, first + _AT_ONCE)
                cosines = self._cosines(query[some], products)
                greatest[some, self.is_filled] = np.maximum.reduceat(cosines, self.starts, axis=1)
        if not len(self.headings):
            return TokenMatches(greatest, greatest)
        of_passages = np.maximum.reduceat(greatest, self.headings, axis=1)
        return TokenMatches(of_passages, greatest.take(self.sentences, axis=1))

    def _cosines(self, query: Vectors, products: TokenProducts) -> Vectors:
        """Return the cosines of a question's tokens to all tokens, these centred where they are to be."""
        if self.groups is None or self.centres is None:
            cosines = products(query, self.rows)
            cosines *= self.scales
            return cosines
        cosines = products(np.concatenate([query, self.centres]), self.rows) * self.scales
        along = cosines[len(query) :][self.groups, np.arange(len(self.groups))]
        squares = 1 - 2 * along + (self.centres**2).sum(axis=1)[self.groups]
        centred: Vectors = cosines[: len(query)] - (query @ self.centres.T)[:, self.groups]
        centred /= np.sqrt(np.maximum(squares, _SHORTEST))
        return centred


@dataclass(frozen=True, slots=True)
class MultilingualRows:
    """The vectors of some passages, their sentences and their tokens by the encoder that reads many languages."""

    passages: CentredRows
    sentences: CentredRows
    tokens: FetchedTokens


@dataclass(frozen=True, slots=True)
class Fetched:
    """Some passages of a store.

    Attributes:
        rows: int64, (passages,).
        sentences: For each passage, the spans of its sentences and clauses inside its text.
        sentence_starts: int64, (passages + 1,): the first sentence of each passage, and last the number of sentences.
        vectors: float32 rows of unit length, (passages, dimensions).
        sentence_vectors: float32 rows of unit length, (sentences of these passages in order, dimensions).
        objective_probabilities: float32, (passages, objectives).
        tokens: The vectors of their tokens; None where they weren't asked for.
        across_languages: Their vectors by the other encoder; None where these weren't asked for or don't exist.
    """

    rows: Rows
    passages: Sequence[Passage]
    sentences: Sequence[tuple[Span, ...]]
    sentence_starts: Rows
    vectors: Vectors
    sentence_vectors: Vectors
    objective_probabilities: Vectors
    tokens: FetchedTokens | None = None
    across_languages: MultilingualRows | None = None

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.rows)

    def cosines(self, vector: Vectors) -> Vectors:
        """Return the cosine of each passage to a unit vector."""
        cosines: Vectors = self.vectors @ vector
        return cosines

    def sentence_cosines(self, vector: Vectors) -> Vectors:
        """Return the cosine of each sentence to a unit vector."""
        cosines: Vectors = self.sentence_vectors @ vector
        return cosines

    def shared_objectives(self, asked: Vectors) -> Vectors:
        """Return the chance of the objective that a text and each passage share most: the geometric mean of both.

        Args:
            asked: float32, (objectives,): the text's.
        """
        shared: Vectors = np.sqrt((self.objective_probabilities * asked).max(axis=1))
        return shared

    def greatest_of_sentences(self, values: Vectors) -> Vectors:
        """Return, for each passage, the greatest value of its sentences, which are the last axis."""
        greatest: Vectors = np.maximum.reduceat(values, self.sentence_starts[:-1], axis=-1)
        return greatest
