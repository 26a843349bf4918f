"""Words -> scores of the passages that hold them.

The score is BM25's (Robertson and Zaragoza, 2009; Lucene's variant), divided by the most that the same words could
reach: from 0, none of them, to 1, all of them and often. A word that no passage holds counts as one that is missed.
This module knows nothing of vectors.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.words import is_content, stem, stems_of, words_of

Scores = npt.NDArray[np.float32]

_SATURATION = 1.2  # BM25's k1
_LENGTH = 0.6  # BM25's b: passages are of similar length
_SHORTEST_TYPO = 5  # letters; shorter words have too many neighbours
_LONG = 8  # letters from which on two slips are forgiven


class LexicalIndex:
    """Finds passages by their words."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index the words of texts, a row a text."""
        stems = [stems_of(text) for text in texts]
        self._rows = len(texts)
        self._stems = [frozenset(row) for row in stems]
        self._found_in = Counter(found for row in stems for found in set(row))
        self._words = Counter(word for text in texts for word in words_of(text))
        self._shares = _shares(stems)

    def scores(self, words: Sequence[str]) -> Scores:
        """Return a score from 0 to 1 for each row; `words` are whole words in lower case."""
        stems = list(dict.fromkeys(map(stem, words)))
        known = [each for each in stems if each in self._found_in]
        if not known:
            return np.zeros(self._rows, dtype=np.float32)
        most = sum(self.weight(each) for each in stems)
        scores = np.zeros(self._rows, dtype=np.float32)
        for each in known:
            rows, shares = self._shares[each]
            scores[rows] += np.float32(self.weight(each)) * shares
        scores /= np.float32(most)
        return scores

    def weight(self, stemmed: str) -> float:
        """Return how telling a stem is: its inverse document frequency, greatest for one that no row holds."""
        count = self._found_in[stemmed]
        return math.log(1 + (self._rows - count + 0.5) / (count + 0.5))

    def row_holds(self, row: int, word: str) -> bool:
        """Whether one row holds the word in any inflection."""
        return stem(word) in self._stems[row]

    def row_holds_all(self, row: int, words: Collection[str]) -> bool:
        """Whether one row holds all of these words that carry meaning, in any inflection."""
        return self._stems[row].issuperset(stem(word) for word in words if is_content(word))

    def are_alike(self, row: int, other: int, share: float) -> bool:
        """Whether both hold at least this share, 0 to 1, of the words of two rows (Jaccard's index)."""
        one, two = self._stems[row], self._stems[other]
        fewer, more = sorted((len(one), len(two)))
        if fewer < share * more:  # as most; they needn't be compared
            return False
        both = len(one & two)
        return both >= share * (fewer + more - both)

    def holds(self, word: str) -> bool:
        """Whether any row holds the word in any inflection."""
        return stem(word) in self._found_in

    def corrected(self, word: str) -> str | None:
        """Return the word of the texts that a misspelt one stands for, the most frequent of the nearest, if any."""
        if len(word) < _SHORTEST_TYPO or not word.isalpha():
            return None
        slips = 2 if len(word) >= _LONG else 1
        found = process.extract(word, self._long_words, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=5)
        alike = [(distance, -self._words[near], near) for near, distance, _ in found if near[0] == word[0]]
        return min(alike)[2] if alike else None

    @cached_property
    def _long_words(self) -> list[str]:
        return [word for word in self._words if len(word) >= _SHORTEST_TYPO - 1 and word.isalpha()]


def _shares(stems: Sequence[Sequence[str]]) -> dict[str, tuple[npt.NDArray[np.int32], Scores]]:
    """For each stem the rows that hold it, and which share of its weight each of them gets, by how often it does."""
    counts: dict[str, tuple[list[int], list[int]]] = {}
    for row, each in enumerate(stems):
        for found, count in Counter(each).items():
            rows, numbers = counts.setdefault(found, ([], []))
            rows.append(row)
            numbers.append(count)
    lengths = np.array([len(each) for each in stems], dtype=np.float32)
    mean = lengths.mean() if lengths.any() else 1.0
    damping = _SATURATION * (1 - _LENGTH + _LENGTH * lengths / mean)
    shares: dict[str, tuple[npt.NDArray[np.int32], Scores]] = {}
    for found, (rows, numbers) in counts.items():
        places, often = np.array(rows, dtype=np.int32), np.array(numbers, dtype=np.float32)
        shares[found] = places, (often / (often + damping[places])).astype(np.float32)
    return shares
