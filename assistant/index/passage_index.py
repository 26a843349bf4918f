"""Passages beside their vectors, in memory.

Row i of the vectors is passage i, and the rows of the sentences' and of the tokens' vectors follow the passages in
order; that is checked whenever an index is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.documents import Corpus
from assistant.encoding import TokenVectors, Vectors
from assistant.index.fetched import Rows
from assistant.index.rows import passage_lines, read_passages
from assistant.index.vectors import SearchableVectors
from assistant.records import Passage, Span


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """The passages of a corpus, their sentences, and the vectors of both.

    Attributes:
        sentences: For each passage, the spans of its sentences and clauses inside its text.
        vectors: Of the passages, (passages, dimensions).
        sentence_vectors: float32 rows of unit length, (sentences of all passages in order, dimensions).
        tokens: The vectors of the passages' tokens.
        sentence_tokens: int64, (sentences of all passages in order,): the row of each one's first token.
        objective_probabilities: float32, (passages, objectives): the chance that each holds, alone or among others.
        sentence_starts: int64, (passages + 1,): the row of each passage's first sentence, and last their number.

    Raises:
        ValueError: The numbers of rows don't fit.
    """

    passages: tuple[Passage, ...]
    sentences: tuple[tuple[Span, ...], ...]
    vectors: SearchableVectors
    sentence_vectors: Vectors
    tokens: TokenVectors
    sentence_tokens: Rows
    objective_probabilities: Vectors
    sentence_starts: Rows = field(init=False)

    def __post_init__(self) -> None:
        """Count the sentences, and check that the numbers of rows fit."""
        starts = np.cumsum([0, *map(len, self.sentences)])
        object.__setattr__(self, "sentence_starts", starts)
        count, sentences = len(self.passages), int(starts[-1])
        expected = (count, count, count, sentences, sentences, count + 1, *[int(self.tokens.starts[-1])] * 3)
        tokens = self.tokens
        found = (
            len(self.vectors),
            len(self.sentences),
            len(self.objective_probabilities),
            len(self.sentence_vectors),
            len(self.sentence_tokens),
            len(tokens.starts),
            len(tokens.rows),
            len(tokens.scales),
            len(tokens.words),
        )
        if expected != found:
            raise ValueError(f"rows that don't fit the passages: expected {expected}, found {found}")

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what `from_arrays` needs."""
        return {
            "passages": passage_lines(self.passages),
            "spans": np.array([span for spans in self.sentences for span in spans], dtype=np.int32).reshape(-1, 2),
            "sentence_starts": self.sentence_starts,
            "vectors": self.vectors.to_array(),
            "sentence_vectors": self.sentence_vectors,
            **_token_arrays(self.tokens),
            "sentence_tokens": self.sentence_tokens,
            "objective_probabilities": self.objective_probabilities,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], corpus: Corpus) -> "PassageIndex":
        """Return the index of a corpus whose `arrays` these are; `vectors` must come from nowhere else.

        Raises:
            ValueError: The numbers of rows don't fit.
        """
        spans = [(start, end) for start, end in arrays["spans"].tolist()]
        starts = arrays["sentence_starts"].tolist()
        return cls(
            read_passages(arrays["passages"], corpus),
            tuple(tuple(spans[first:last]) for first, last in pairwise(starts)),
            SearchableVectors.from_array(arrays["vectors"]),
            arrays["sentence_vectors"],
            _read_tokens(arrays),
            np.asarray(arrays["sentence_tokens"]),
            np.asarray(arrays["objective_probabilities"]),
        )


@dataclass(frozen=True, slots=True)
class MultilingualVectors:
    """The vectors of passages by a multilingual encoder, for questions in other languages.

    Attributes:
        passages: float32 rows of unit length, (passages, dimensions).
        sentences: float32 rows of unit length, (sentences of all passages in order, dimensions).
        tokens: The vectors of the passages' tokens.
        sentence_tokens: int64, (sentences of all passages in order,): the row of each one's first token.
    """

    passages: Vectors
    sentences: Vectors
    tokens: TokenVectors
    sentence_tokens: Rows

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what `from_arrays` needs."""
        return {
            "passages": self.passages,
            "sentences": self.sentences,
            **_token_arrays(self.tokens),
            "sentence_tokens": self.sentence_tokens,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "MultilingualVectors":
        """Return the vectors whose `arrays` these are."""
        sentence_tokens = np.asarray(arrays["sentence_tokens"])
        return cls(arrays["passages"], arrays["sentences"], _read_tokens(arrays), sentence_tokens)


def _token_arrays(tokens: TokenVectors) -> dict[str, npt.NDArray[Any]]:
    return {
        "tokens": tokens.rows,
        "token_scales": tokens.scales,
        "token_words": tokens.words,
        "token_starts": tokens.starts,
    }


def _read_tokens(arrays: Mapping[str, npt.NDArray[Any]]) -> TokenVectors:
    small = (np.asarray(arrays[name]) for name in ("token_scales", "token_words", "token_starts"))
    return TokenVectors(arrays["tokens"], *small)
