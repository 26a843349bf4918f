"""The store that searches files of this machine: FAISS for meaning, BM25 for words, a catalogue for the rest."""

import copy
from collections.abc import Mapping, Sequence

import numpy as np

from assistant.encoding import TokenVectors, Vectors
from assistant.index.catalogue import Catalogue, Mask
from assistant.index.centred_rows import CentredRows
from assistant.index.fetched import Fetched, FetchedTokens, MultilingualRows, Rows
from assistant.index.lexical import LexicalIndex
from assistant.index.passage_index import MultilingualVectors, PassageIndex
from assistant.index.store import ByMeaning, ByPlace, ByRow, ByWords, Criterion, Filter
from assistant.records import Source

_ALL_AT_ONCE = 100  # passages: an index of no more is fetched whole by nearly every question


class LocalStore:
    """A `Store` of the passages of one build."""

    def __init__(
        self, index: PassageIndex, words: LexicalIndex, multilingual: MultilingualVectors | None = None
    ) -> None:
        """Search passages with their words, in other languages by their multilingual vectors."""
        self._index = index
        self._words = words
        self._catalogue = Catalogue(index.passages)
        self._among: Mask | None = None
        self._multilingual = multilingual
        self._across_languages = centred(index, multilingual) if multilingual else None
        self._everything = self._gathered(np.arange(len(index.passages))) if len(self) <= _ALL_AT_ONCE else None

    @property
    def words(self) -> LexicalIndex:
        """The words of all passages."""
        return self._words

    @property
    def sources(self) -> Mapping[str, Source]:
        """The sources of all documents by their ids."""
        return self._catalogue.sources

    @property
    def trouble(self) -> str:
        """Nothing: it lies in memory."""
        return ""

    def __len__(self) -> int:
        """Return the number of all passages."""
        return len(self._index.passages)

    def filter(self, narrowed: Filter) -> "LocalStore":
        """Return this store narrowed further."""
        masks = [self._catalogue.tagged(narrowed.objectives)] if narrowed.objectives else []
        masks += [self._catalogue.belonging(narrowed.documents)] if narrowed.documents else []
        masks += [~self._catalogue.called(narrowed.without)] if narrowed.without else []
        if not masks:
            return self
        store = copy.copy(self)
        store._among = np.logical_and.reduce(masks if self._among is None else [self._among, *masks])
        return store

    def propose(self, criterion: Criterion, *, count: int) -> Rows:
        """Return the rows of the passages that pass the filter and fit a criterion best."""
        match criterion:
            case ByMeaning():
                return self._by_meaning(criterion, count)
            case ByWords():
                return self._by_words(criterion.words, count)
            case ByPlace():
                rows = np.unique([row for place in criterion.places for row in self._catalogue.standing_at(place)])
                return self._nearest_of(rows, criterion.vector, count)
            case ByRow():
                return self._nearest_of(criterion.rows, criterion.vector, count)

    def fetch(self, rows: Rows, *, with_tokens: bool = True, is_across_languages: bool = False) -> Fetched:
        """Return what ranks some passages."""
        if self._everything and np.array_equal(rows, self._everything.rows):
            return self._everything
        return self._gathered(rows, with_tokens=with_tokens, is_across_languages=is_across_languages)

    def _by_meaning(self, criterion: ByMeaning, count: int) -> Rows:
        everything = np.arange(len(self)) if self._among is None else np.flatnonzero(self._among)
        if len(everything) <= count:
            return everything
        if not criterion.is_across_languages:
            nearest = self._index.vectors.nearest(criterion.vector, count, among=self._among)
            return np.array([row for row, _ in nearest], dtype=np.int64)
        if self._across_languages is None:
            return everything[:0]
        cosines = self._across_languages[0].cosines(criterion.vector)[everything]
        return everything[np.argsort(-cosines, kind="stable")[:count]]

    def _by_words(self, words: Sequence[str], count: int) -> Rows:
        scores = self._words.scores(words)
        scores = scores if self._among is None else np.where(self._among, scores, 0)
        best = np.arange(len(self)) if len(self) <= count else np.argpartition(-scores, count - 1)[:count]
        return best[scores[best] > 0]

    def _nearest_of(self, rows: Sequence[int] | Rows, vector: Vectors | None, count: int) -> Rows:
        rows = np.asarray(rows, dtype=np.int64)
        passing = rows if self._among is None else rows[self._among[rows]]
        if len(passing) <= count or vector is None:
            return passing[:count]
        among = np.zeros(len(self), dtype=bool)
        among[passing] = True
        return np.array([row for row, _ in self._index.vectors.nearest(vector, count, among=among)], dtype=np.int64)

    def _gathered(self, rows: Rows, *, with_tokens: bool = True, is_across_languages: bool = True) -> Fetched:
        index = self._index
        counts = index.sentence_starts[rows + 1] - index.sentence_starts[rows]
        sentences = _ranges(index.sentence_starts, rows)
        return Fetched(
            rows,
            [index.passages[row] for row in rows.tolist()],
            [index.sentences[row] for row in rows.tolist()],
            np.concatenate([[0], np.cumsum(counts)]),
            index.vectors.rows[rows],
            np.asarray(index.sentence_vectors)[sentences],
            index.objective_probabilities[rows],
            _tokens(rows, counts, index.tokens, index.sentence_tokens[sentences]) if with_tokens else None,
            self._across(rows, counts, sentences) if is_across_languages else None,
        )

    def _across(self, rows: Rows, counts: Rows, sentences: Rows | slice) -> MultilingualRows | None:
        across, vectors = self._across_languages, self._multilingual
        if across is None or vectors is None:
            return None
        passages = across[0].take(rows)
        starts = vectors.tokens.starts
        tokens = _tokens(rows, counts, vectors.tokens, vectors.sentence_tokens[sentences])
        tokens = tokens.centred(passages, starts[rows + 1] - starts[rows])
        return MultilingualRows(passages, across[1].take(sentences), tokens)


def centred(index: PassageIndex, vectors: MultilingualVectors) -> tuple[CentredRows, CentredRows]:
    """Centre the multilingual vectors of passages and sentences by their languages, in the order of the names."""
    languages = [passage.source.language for passage in index.passages]
    groups = np.unique(languages, return_inverse=True)[1] if languages else np.zeros(0, dtype=np.int64)
    of_sentences = np.repeat(groups, np.diff(index.sentence_starts))
    return CentredRows.of(vectors.passages, groups), CentredRows.of(vectors.sentences, of_sentences)


def _tokens(rows: Rows, sentence_counts: Rows, tokens: TokenVectors, first_tokens: Rows) -> FetchedTokens:
    """Take the tokens of some passages, given the row of the first one of each of their sentences."""
    at = _ranges(tokens.starts, rows)
    return FetchedTokens.of(
        np.asarray(tokens.rows)[at],
        tokens.scales[at],
        tokens.starts[rows + 1] - tokens.starts[rows],
        sentence_counts,
        first_tokens - np.repeat(tokens.starts[rows], sentence_counts),
    )


def _ranges(starts: Rows, rows: Rows) -> Rows | slice:
    """Return all numbers from each row's start to the next row's, one row after another; all of them as a slice."""
    if len(rows) == len(starts) - 1 and np.array_equal(rows, np.arange(len(rows))):
        return slice(0, int(starts[-1]))  # what is taken whole is looked at where it lies
    counts = starts[rows + 1] - starts[rows]
    skipped = np.repeat(starts[rows] - (np.cumsum(counts) - counts), counts)
    ranges: Rows = np.arange(len(skipped)) + skipped
    return ranges
