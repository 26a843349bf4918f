"""Rank passages for a question in English: candidates with features and sentence scores, best first.

The score is a weighted sum of six features, each on a scale that is the same for every question:

- meaning: cosine of the question to the whole passage under its heading, which knows what the passage is about;
- sentence: cosine to the nearest of its sentences, which knows what the passage says;
- tokens: late interaction: for each token of the question the greatest cosine to a token of the passage, averaged with
  weights by inverse document frequency (ColBERT's MaxSim, Khattab and Zaharia, 2020);
- sentence tokens: the same within the one sentence that comes nearest, since what answers stands together;
- words: BM25 as a share of the most that the question's words could reach;
- objectives: geometric mean of the chances that question and passage fall under the objective that they share most,
  which knows synonyms of the field that the encoder doesn't.

A place that the question names ("question 3", "para. 21 (b)") comes before all. Words in quotation marks must stand in
a passage as they are, if they stand so in any. Of passages with nearly the same words, the best is kept.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np
import numpy.typing as npt

from assistant.encoding import Query, QueryRuntime, Vectors
from assistant.index import EVERYTHING, Fetched, Filter, Rows, Store, Words
from assistant.language import content_words, holds_phrase, is_content, quoted_phrases, spelt_words, stem
from assistant.records import Span
from assistant.retrieval.candidates import Candidate, Features, Reading, WordMatch
from assistant.retrieval.normalising import EXPANSION
from assistant.retrieval.proposing import (
    PROPOSED,
    cited_documents,
    holding_rows,
    in_order,
    likely_rows,
    named_rows,
    phrases_and_titled,
)

# Weights of the features, in the order above: `python -m bench.fit_ranking` finds them, the same within a little
# whichever document is left out; rounded. They add up to one.
_MEANING, _SENTENCE, _TOKENS, _SENTENCE_TOKENS, _WORDS, _OBJECTIVES = 0.07, 0.20, 0.30, 0.32, 0.05, 0.06
_WEIGHTS = np.array([_MEANING, _SENTENCE, _TOKENS, _SENTENCE_TOKENS, _WORDS, _OBJECTIVES])
_LEAST_TOKEN_WEIGHT = 0.1  # of a token, relative to the rarest word's
# Matching tokens takes the longest. Of many proposed passages only those are matched that come first by the other
# features; words weigh more there, since they stand in for the tokens. Of the six that all features together rank first
# among 358 passages, 99.1 % are among these; of the first ones, 99.4 %.
_CLOSELY = 64
_MEANING_ALONE, _SENTENCE_ALONE, _WORDS_ALONE, _OBJECTIVES_ALONE = 0.10, 0.20, 0.25, 0.06
_SAME = 0.85  # share of common words from which on two passages count as the same


def search(
    readings: Sequence[Reading],
    store: Store,
    runtime: QueryRuntime,
    *,
    typed: str = "",
    top_k: int,
    narrowed: Filter = EVERYTHING,
    at: Collection[int] = (),
) -> list[Candidate]:
    """Return the passages nearest to a question, best first.

    Args:
        readings: The question, normalised; a follow-up in more than one reading.
        typed: The question's own words before normalising, where these differ: they name places and quote phrases.
        top_k: Candidates at the most.
        narrowed: What passages are searched.
        at: The rows of the only passages that are ranked, as named; empty for whatever is proposed.
    """
    queries = [_EncodedReading.of(reading, store.words, runtime) for reading in readings]
    vector = queries[0].query.vector
    if at:
        return list(_best_first(store.filter(narrowed), in_order(at), queries, at, runtime))
    names = typed or readings[-1].text
    phrases, titled = phrases_and_titled(quoted_phrases(names), store.sources)
    documents = titled | (cited_documents(names, store.sources) or frozenset())
    searched = store.filter(narrowed).filter(Filter(documents=documents))
    holding = holding_rows(searched, phrases, vector)
    named = named_rows(searched, names, vector) | holding
    rows = holding or named.union(*(likely_rows(searched, each.query.vector, each.words) for each in queries))
    if not rows:
        return []
    found = _best_first(searched, in_order(rows), queries, named, runtime)
    if holding:
        found = (with_phrases_first(candidate, phrases) for candidate in found)
    return list(islice(distinct(found, store.words), top_k))


def merged(searches: Iterable[Sequence[Candidate]], words: Words, *, top_k: int) -> list[Candidate]:
    """Return the candidates of several searches together, each passage with its best scores, best first."""
    best: dict[int, Candidate] = {}
    for candidate in chain.from_iterable(searches):
        known = best.get(candidate.row, candidate)
        scores = tuple(map(max, known.sentence_scores, candidate.sentence_scores))
        best[candidate.row] = replace(max(known, candidate, key=lambda each: each.score), sentence_scores=scores)
    ranked = sorted(best.values(), key=lambda candidate: (-candidate.score, candidate.row))
    return list(islice(distinct(ranked, words), top_k))


def match_words(question: str, candidate: Candidate, store: Store, runtime: QueryRuntime) -> tuple[WordMatch, ...]:
    """Return how each content word of a question matches a passage; of a question without any, each word."""
    query = runtime.encoder.encode_query(question)
    nearness = candidate.nearness
    if candidate.reading != question:
        tokens = store.fetch(np.array([candidate.row])).tokens
        nearness = tuple(
            tokens.matches(query.tokens, products=runtime.products).passages[:, 0].tolist() if tokens else ()
        )
    words = spelt_words(question)
    content = [(word, span) for word, span in words if is_content(word)] or words
    return tuple(
        WordMatch(
            word=word,
            nearness=_nearness(nearness[query.tokens_in(span)]),
            weight=store.words.weight(stem(word)),
            is_known=store.words.holds(word),
            in_passage=store.words.row_holds(candidate.row, word),
            is_name=span[0] > 0 and question[span[0]].isupper(),
        )
        for word, span in content
    )


def _nearness(of_tokens: Sequence[float]) -> float:
    return sum(of_tokens) / len(of_tokens) if of_tokens else 0.0


@dataclass(frozen=True, slots=True)
class _EncodedReading:
    """A reading with its vectors and content words.

    Attributes:
        token_weights: float32, (tokens of the query,); they add up to one.
    """

    reading: Reading
    query: Query
    token_weights: npt.NDArray[np.float32]
    words: tuple[str, ...]

    @classmethod
    def of(cls, reading: Reading, words: Words, runtime: QueryRuntime) -> "_EncodedReading":
        query = runtime.encoder.encode_query(reading.text)
        weights = _token_weights(reading.text, query.spans, words)
        return cls(reading, query, weights, tuple(content_words(reading.text)))

    def shared_objectives(self, fetched: Fetched) -> npt.NDArray[np.float32]:
        """Return how surely the reading and each passage share an objective; zeros where no chances are known."""
        if self.reading.objectives is None:
            return np.zeros(len(fetched), dtype=np.float32)
        return fetched.shared_objectives(self.reading.objectives)

    def match(self, fetched: Fetched, words: Words, runtime: QueryRuntime) -> "_Matches":
        """Return how the reading matches passages that were fetched with their tokens."""
        if fetched.tokens is None:
            raise ValueError("passages that were fetched without their tokens")
        tokens = fetched.tokens.matches(self.query.tokens, products=runtime.products)
        of_passages = [
            fetched.cosines(self.query.vector),
            self.token_weights @ tokens.passages,
            words.scores(self.words, fetched.rows),
            self.shared_objectives(fetched),
        ]
        of_sentences = [fetched.sentence_cosines(self.query.vector), self.token_weights @ tokens.sentences]
        return _Matches(np.array(of_passages), np.array(of_sentences), tokens.passages)


@dataclass(frozen=True, slots=True)
class _Matches:
    """Features of passages for one reading.

    Attributes:
        passages: float32, (4, passages): by meaning, tokens, words and objectives.
        sentences: float32, (2, sentences of these passages in order): by meaning and tokens.
        nearness: float32, (tokens of the reading, passages): the greatest cosines.
    """

    passages: Vectors
    sentences: Vectors
    nearness: Vectors


def _best_first(
    store: Store, rows: Rows, queries: Sequence[_EncodedReading], named: Collection[int], runtime: QueryRuntime
) -> Iterator[Candidate]:
    """Yield passages as candidates, best first; of equals the one that stands first in the index."""
    if len(rows) > PROPOSED:
        rows = _promising(store, rows, queries, named)
    fetched = store.fetch(rows)
    matches = [each.match(fetched, store.words, runtime) for each in queries]
    weights = [np.float32(each.reading.weight) for each in queries]
    meaning, tokens, words, shared = _mean(weights, [each.passages for each in matches])
    of_sentences = _mean(weights, [each.sentences for each in matches])
    scores = (_SENTENCE * of_sentences[0] + _SENTENCE_TOKENS * of_sentences[1]) / (_SENTENCE + _SENTENCE_TOKENS)
    sentence, together = fetched.greatest_of_sentences(of_sentences)
    features = np.array([meaning, sentence, tokens, together, words, shared], dtype=np.float64)
    weighted = _WEIGHTS @ features
    is_named = np.array([row in named for row in rows.tolist()])
    ranked = np.argsort(-(weighted + is_named), kind="stable")
    for at, row in zip(ranked.tolist(), rows[ranked].tolist(), strict=True):
        start, end = fetched.sentence_starts[at : at + 2]
        yield Candidate(
            row,
            fetched.passages[at],
            Features(*(values[at].item() for values in (*features, weighted, is_named))),
            fetched.sentences[at],
            tuple(scores[start:end].tolist()),
            fetched.objective_probabilities[at],
            queries[0].reading.text,
            tuple(matches[0].nearness[:, at].tolist()),
        )


def _promising(store: Store, rows: Rows, queries: Sequence[_EncodedReading], named: Collection[int]) -> Rows:
    """Return those of many passages whose tokens are worth matching: the likeliest, and the named ones."""
    fetched = store.fetch(rows, with_tokens=False)
    likeness = _mean(
        [np.float32(each.reading.weight) for each in queries],
        [
            _MEANING_ALONE * fetched.cosines(each.query.vector)
            + _SENTENCE_ALONE * fetched.greatest_of_sentences(fetched.sentence_cosines(each.query.vector))
            + _WORDS_ALONE * store.words.scores(each.words, rows)
            + _OBJECTIVES_ALONE * each.shared_objectives(fetched)
            for each in queries
        ],
    )
    best = rows[np.argpartition(-likeness, _CLOSELY - 1)[:_CLOSELY]]
    return in_order({*best.tolist(), *named})


def _mean(weights: Sequence[np.float32], values: Sequence[Vectors]) -> Vectors:
    """Return the mean by weights that add up to one."""
    weighed = [weight * each for weight, each in zip(weights, values, strict=True)]
    return np.sum(weighed, axis=0) if len(weighed) > 1 else weighed[0]


def _token_weights(question: str, spans: Sequence[Span], words: Words) -> npt.NDArray[np.float32]:
    """Return weights of the question's tokens that add up to one, by the rarity of the word that each is part of."""
    weighted = [(words.weight(stem(word)), span) for word, span in spelt_words(question) if is_content(word)]
    # What stands in parentheses, such as the words that an acronym is short for, counts as one word.
    starts = [start for _, (start, _) in weighted]
    for match in EXPANSION.finditer(question):
        inside = slice(bisect_left(starts, match.start()), bisect_left(starts, match.end()))
        weighted[inside] = [(weight / (inside.stop - inside.start), span) for weight, span in weighted[inside]]
    most = max((weight for weight, _ in weighted), default=1.0) or 1.0
    of_tokens = [weight / most for weight in _of_words(spans, weighted)]
    weights = np.array(of_tokens, dtype=np.float32) + np.float32(_LEAST_TOKEN_WEIGHT)
    weighed: npt.NDArray[np.float32] = weights / weights.sum()
    return weighed


def _of_words(spans: Sequence[Span], words: Sequence[tuple[float, Span]]) -> Iterator[float]:
    """Yield the weight of the word that each token is part of, the greatest of several; both in the text's order."""
    first = 0
    for start, end in spans:
        while first < len(words) and words[first][1][1] <= start:
            first += 1
        greatest = 0.0
        for weight, (begins, _) in islice(words, first, None):
            if begins >= end:
                break
            greatest = max(greatest, weight)
        yield greatest


def distinct(candidates: Iterable[Candidate], words: Words) -> Iterator[Candidate]:
    """Yield the candidates without those that say the same as a better one in nearly the same words."""
    kept: list[int] = []
    for candidate in candidates:
        if not any(words.are_alike(candidate.row, row, _SAME) for row in kept):
            kept.append(candidate.row)
            yield candidate


def with_phrases_first(candidate: Candidate, phrases: Sequence[str]) -> Candidate:
    """Return a candidate whose sentences that hold a quoted phrase score above the others."""
    texts = (candidate.passage.text[start:end] for start, end in candidate.sentences)
    holds = [any(holds_phrase(text, phrase) for phrase in phrases) for text in texts]
    scores = tuple(score + held for score, held in zip(candidate.sentence_scores, holds, strict=True))
    return replace(candidate, sentence_scores=scores)
