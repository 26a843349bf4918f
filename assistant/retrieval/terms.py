"""Find the passages that hold the English equivalents of a question's terms.

The glossary knows the terms, the index the words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.index import Rows, Scores, Words
from assistant.language import Glossary, stems_of
from assistant.memory import remembered


@dataclass(frozen=True, slots=True)
class TermsFound:
    """A question's terms in the documents.

    Attributes:
        scores: float32, (passages,): share of the terms that each holds, weighted by inverse document frequency;
            a term that no passage holds weighs as much as an unknown word.
        holding: For each term as typed, the rows of the passages that hold it.
    """

    scores: Scores
    holding: tuple[tuple[str, Rows], ...]

    @property
    def unknown(self) -> float:
        """The share of the terms that no passage holds, 0 to 1."""
        return sum(not len(rows) for _, rows in self.holding) / len(self.holding) if self.holding else 0.0


class TermMatcher:
    """Finds the terms of a glossary in passages; safe to share between threads."""

    def __init__(self, glossary: Callable[[], Glossary], words: Words, passages: int) -> None:
        """Take the glossary, which is read when first needed, the passages' words and the number of passages."""
        self._glossary = glossary
        self._words = words
        self._passages = passages
        self._unknown = words.weight("")  # of a term that no passage holds
        self._cached = remembered(self._looked_up)
        self.found = remembered(self._found)

    def _found(self, text: str, language: str) -> TermsFound:
        """Return the terms of a question in a language."""
        terms = self._glossary().terms_in(text, language)
        looked_up = [self._cached(term.equivalents) for term in terms]
        scores = np.zeros(self._passages, dtype=np.float32)
        for weight, rows in looked_up:
            scores[rows] += weight
        if known := sum(weight for weight, _ in looked_up):
            scores /= np.float32(known)
        return TermsFound(scores, tuple((term.typed, rows) for term, (_, rows) in zip(terms, looked_up, strict=True)))

    def _looked_up(self, equivalents: Sequence[str]) -> tuple[np.float32, Rows]:
        """Return a term's weight, and the passages that hold all words of one of its equivalents."""
        weight, rows = 0.0, [np.empty(0, dtype=np.int64)]
        for phrase in equivalents:
            stems = stems_of(phrase)
            holding = self._words.rows_holding_stems(stems)
            if len(holding):
                rows.append(holding)
                weight = max(weight, *map(self._words.weight, stems))
        return np.float32(weight or self._unknown), np.unique(np.concatenate(rows))
