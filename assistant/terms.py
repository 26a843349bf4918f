"""A question in another language -> which passages hold the English terms that stand for what it says.

The glossary knows the terms, the index the words. This module knows nothing of vectors, or of what else speaks for a
passage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from assistant.glossary import Glossary
from assistant.lexical import LexicalIndex, Scores
from assistant.words import is_content, stem, words_of

_REMEMBERED = 1024  # terms

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TermsFound:
    """The terms of a question in the documents.

    Attributes:
        scores: float32, (passages,): the share of the terms that each holds, the telling ones counting most; 0 to 1.
        count: How many terms the question has.
        unknown: How many of them no passage holds.
    """

    scores: Scores
    count: int
    unknown: int


class TermMatcher:
    """Finds the terms of a glossary in passages; safe to share between threads."""

    def __init__(self, glossary: Glossary, lexical: LexicalIndex, passages: int) -> None:
        """Take the glossary, the passages' words and their number."""
        self._glossary = glossary
        self._lexical = lexical
        self._passages = passages
        self._cached = lru_cache(maxsize=_REMEMBERED)(self._looked_up)

    def found(self, text: str, language: str) -> TermsFound:
        """Look a question's terms up."""
        terms = [self._cached(equivalents) for equivalents in self._glossary.equivalents(text, language)]
        scores = np.zeros(self._passages, dtype=np.float32)
        for weight, rows in terms:
            scores[rows] += weight
        if known := sum(weight for weight, _ in terms):
            scores /= np.float32(known)
        return TermsFound(scores, len(terms), sum(not len(rows) for _, rows in terms))

    def _looked_up(self, equivalents: Sequence[str]) -> tuple[np.float32, Rows]:
        """How telling a term is, and the passages that hold all words of one of its equivalents."""
        weight, rows = 0.0, [np.empty(0, dtype=np.int64)]
        for phrase in equivalents:
            words = [word for word in words_of(phrase) if is_content(word)]
            holding = self._lexical.rows_holding(words) if words else []
            if holding:
                rows.append(np.array(holding, dtype=np.int64))
                weight = max(weight, *(self._lexical.weight(stem(word)) for word in words))
        return np.float32(weight), np.unique(np.concatenate(rows))
