"""An inverted index: the words of texts, and which texts score highest for words.

The score is BM25 (Robertson and Zaragoza, 2009; Lucene's variant) divided by the highest possible score of the same
words: 0 for none of them, 1 for all of them and often. A word that no text holds counts as missed. The index is arrays,
which may be mapped from files: of a large one only what a question needs is read.
"""

import math
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.index.fetched import Rows
from assistant.language import is_content, stem, stems_of, words_of
from assistant.memory import remembered

Scores = npt.NDArray[np.float32]

_SATURATION = 1.2  # BM25's k1
_LENGTH = 0.6  # BM25's b: passages are of similar length
_SHORTEST_TYPO = 5  # letters; shorter words have too many neighbours
_LONG = 8  # letters from which on two slips are allowed
_REMEMBERED = 4096  # rows whose stems are kept as a set; some megabytes
VOCABULARY = ("stems", "words", "counts", "found_starts")  # the arrays that a `Vocabulary` needs


class Vocabulary:
    """The words of texts and how many texts hold each, without the texts; safe to share between threads."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], texts: int) -> None:
        """Take those of the arrays of `LexicalIndex` that `VOCABULARY` names, and the number of texts."""
        self._arrays = arrays
        self._rows = texts
        self._ids = {found: id for id, found in enumerate(parted(arrays["stems"]))}
        self._found_starts: list[int] = arrays["found_starts"].tolist()

    def count(self, stemmed: str) -> int:
        """Return how many texts hold a stem."""
        found = self._found(stemmed)
        return int(found.stop - found.start)

    def weight(self, stemmed: str) -> float:
        """Return a stem's inverse document frequency, which is greatest for one that no text holds."""
        count = self.count(stemmed)
        return math.log(1 + (self._rows - count + 0.5) / (count + 0.5))

    def holds(self, word: str) -> bool:
        """Return whether any text holds a word in any inflection."""
        return stem(word) in self._ids

    def corrected(self, word: str) -> str | None:
        """Return the most frequent of the words nearest to a misspelt one; None where none is near."""
        if len(word) < _SHORTEST_TYPO or not word.isalpha():
            return None
        slips = 2 if len(word) >= _LONG else 1
        found = process.extract(word, self._long_words, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=5)
        alike = [(distance, -self._counts[near], near) for near, distance, _ in found if near[0] == word[0]]
        return min(alike)[2] if alike else None

    def _found(self, stemmed: str) -> slice:
        """Return where in the postings the texts that hold a stem stand."""
        id = self._ids.get(stemmed)
        return slice(0, 0) if id is None else slice(self._found_starts[id], self._found_starts[id + 1])

    @cached_property
    def _counts(self) -> dict[str, int]:
        return dict(zip(parted(self._arrays["words"]), self._arrays["counts"].tolist(), strict=True))

    @cached_property
    def _long_words(self) -> list[str]:
        return [word for word in self._counts if len(word) >= _SHORTEST_TYPO - 1 and word.isalpha()]


class LexicalIndex(Vocabulary):
    """The words of texts, a row a text; safe to share between threads."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Search arrays that `arrays` returned."""
        super().__init__(arrays, len(arrays["held_starts"]) - 1)
        # As plain arrays: the wrapper of a mapped one takes its time at each step.
        self._rows_found, self._shares, self._held, self._held_starts = (
            arrays[name].view(np.ndarray) for name in ("found", "shares", "held", "held_starts")
        )
        self._stems = lru_cache(maxsize=_REMEMBERED)(self._stems_of_row)
        self._remembered_scores = remembered(self._scores)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "LexicalIndex":
        """Index the words of texts, a row a text."""
        return cls(_invert(texts))

    def __len__(self) -> int:
        """Return the number of texts."""
        return self._rows

    def arrays(self) -> Mapping[str, npt.NDArray[Any]]:
        """Return what the constructor needs."""
        return self._arrays

    def scores(self, words: Sequence[str], rows: Rows | slice = slice(None)) -> Scores:
        """Return a score from 0 to 1 for each of some rows; `words` are whole words in lower case."""
        scores: Scores = self._remembered_scores(tuple(words))[rows]
        return scores

    def _scores(self, words: Sequence[str]) -> Scores:
        stems = list(dict.fromkeys(map(stem, words)))
        known = [each for each in stems if each in self._ids]
        if not known:
            return np.zeros(self._rows, dtype=np.float32)
        most = sum(self.weight(each) for each in stems)
        scores = np.zeros(self._rows, dtype=np.float32)
        for each in known:
            found = self._found(each)
            scores[self._rows_found[found]] += np.float32(self.weight(each)) * self._shares[found]
        scores /= np.float32(most)
        scores.flags.writeable = False  # kept, and given out again
        return scores

    def row_holds(self, row: int, word: str) -> bool:
        """Return whether a row holds a word in any inflection."""
        return self._ids.get(stem(word)) in self._stems(row)

    def rows_holding(self, words: Collection[str]) -> list[int]:
        """Return the rows that hold all content words among these in any inflection; none if there are none."""
        rows: list[int] = self.rows_holding_stems([stem(word) for word in words if is_content(word)]).tolist()
        return rows

    def rows_holding_stems(self, stems: Collection[str]) -> Rows:
        """Return the rows that hold all of these stems, in order; none if there are none."""
        if not stems:
            return np.empty(0, dtype=np.int64)
        first, *others = sorted((self._rows_found[self._found(each)] for each in stems), key=len)
        for each in others:
            first = first[np.isin(first, each, assume_unique=True)]
        return first.astype(np.int64)

    def are_alike(self, row: int, other: int, share: float) -> bool:
        """Return whether two rows have at least this share of their words in common (Jaccard index)."""
        one, two = self._stems(row), self._stems(other)
        fewer, more = sorted((len(one), len(two)))
        if fewer < share * more:  # the usual case; their words needn't be compared
            return False
        both = len(one & two)
        return both >= share * (fewer + more - both)

    def _stems_of_row(self, row: int) -> frozenset[int]:
        first, last = self._held_starts[row : row + 2]
        return frozenset(self._held[first:last].tolist())


def _invert(texts: Iterable[str]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of an inverted index of texts, a row a text.

    Returns:
        stems: uint8, the texts' stems with line feeds between them, in UTF-8; a stem's id is its place among them.
        words, counts: uint8, their words likewise; int64, how often each occurs.
        held, held_starts: int32, the ids of the stems of each row, one row after another; int64, (rows + 1,), the first
            of each row.
        found, found_starts: int32, the postings: the rows that hold each stem, one stem after another; int64,
            (stems + 1,), the first of each stem.
        shares: float32, the share of its stem's weight for each posting.
    """
    ids: dict[str, int] = {}
    words: Counter[str] = Counter()
    held, often, lengths, sizes = array("i"), array("i"), array("i"), array("q", [0])
    for text in texts:
        stems = stems_of(text)
        words.update(words_of(text))
        counts = Counter(ids.setdefault(each, len(ids)) for each in stems)
        held.extend(counts.keys())
        often.extend(counts.values())
        lengths.append(len(stems))
        sizes.append(len(counts))
    starts = np.cumsum(sizes)
    stem_ids = np.array(held, dtype=np.int32)
    order = np.argsort(stem_ids, kind="stable")
    found = np.repeat(np.arange(len(lengths), dtype=np.int32), np.diff(starts))[order]
    return {
        "stems": joined(ids),
        "words": joined(words),
        "counts": np.fromiter(words.values(), dtype=np.int64),
        "held": stem_ids,
        "held_starts": starts,
        "found": found,
        "found_starts": np.searchsorted(stem_ids[order], np.arange(len(ids) + 1)),
        "shares": shares_of(np.array(often)[order], np.array(lengths)[found], mean_length(sum(lengths), len(lengths))),
    }


def mean_length(stems: int, texts: int) -> float:
    """Return the mean length of texts, in stems; 1 where none holds any."""
    return stems / texts if stems else 1.0


def shares_of(often: npt.NDArray[Any], lengths: npt.NDArray[Any], mean: float) -> Scores:
    """Return the share of a stem's weight for each posting.

    Args:
        often: How often its text holds the stem.
        lengths: The stems of its text.
        mean: Of the lengths of all texts.
    """
    damping = _SATURATION * (1 - _LENGTH + _LENGTH * lengths / mean)
    shares: Scores = (often / (often + damping)).astype(np.float32)
    return shares


def joined(words: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Put words into lines of UTF-8."""
    return np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), dtype=np.uint8)


def parted(lines: npt.NDArray[np.uint8]) -> list[str]:
    """Return the words that `joined` put into lines."""
    return lines.tobytes().decode("utf-8", "surrogatepass").split("\n") if len(lines) else []
