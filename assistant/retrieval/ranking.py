"""Question -> candidates: passages with scores and the scores of their sentences, best first.

Six signs that a passage is meant are added up, each on a scale of its own that is the same for every question:

- meaning: the cosine of the question to the whole passage, under its heading, which knows what it is about;
- sentence: the cosine to the nearest of its sentences, which knows what it says;
- tokens: for each word piece of the question the nearest of the passage's, in a mean in which the words that tell the
  documents' passages apart count most (late interaction);
- sentence tokens: the same for the sentence that comes nearest, since what answers stands together;
- words: BM25 as a share of the most that the question's words could reach;
- objectives: how far question and passage concern the same objectives of the Global Compact, which knows synonyms of
  the field that the encoder doesn't (Bhattacharyya's coefficient of their chances).

A place that the question names ("question 3", "para. 21 (b)") comes before all; words in quotation marks must stand in
a passage as they are, if they do in any. Higher is better. Of passages that say the same in nearly the same words, the
best is found. This module decides nothing about answering.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np
import numpy.typing as npt

from assistant.encoding import Encoder, Query, Vectors
from assistant.index import Chosen, LexicalIndex, PassageIndex
from assistant.language import content_words, holds_phrase, is_content, quoted_phrases, spelt_words, stem
from assistant.records import Passage, Span
from assistant.retrieval.normalising import EXPANSION
from assistant.retrieval.proposing import (
    PROPOSED,
    allowed_rows,
    holding_rows,
    named_rows,
    nearest_of,
    phrases_and_titled,
    proposed_rows,
)

# How much each sign counts: what a listwise fit on the questions of tests/gold that aren't test ones found, the same
# within a little whichever of their documents was left out; rounded. They add up to one.
_MEANING, _SENTENCE, _TOKENS, _SENTENCE_TOKENS, _WORDS, _OBJECTIVES = 0.07, 0.20, 0.30, 0.32, 0.05, 0.06
_WEIGHTS = np.array([_MEANING, _SENTENCE, _TOKENS, _SENTENCE_TOKENS, _WORDS, _OBJECTIVES])  # in the order of `Signs`
# Beside a word that tells passages apart as well as any, one that doesn't, such as a word of grammar, counts so much.
_LEAST_TELLING = 0.1
# The signs of tokens take the longest to look up. Of many proposed passages those are looked at that come first by the
# other signs; words weigh more there, since they stand for their tokens. Of the six that all signs together rank first
# among 358 passages, 99.1 % are among these; of the first ones, 99.4 %.
_CLOSELY = 64
_MEANING_ALONE, _SENTENCE_ALONE, _WORDS_ALONE, _OBJECTIVES_ALONE = 0.10, 0.20, 0.25, 0.06
_SAME = 0.85  # share of their words that two passages have in common, from which on they count as one


@dataclass(frozen=True, slots=True)
class Signs:
    """Why a passage was found: each sign as it stands, before it is weighed."""

    meaning: float
    sentence: float
    tokens: float
    sentence_tokens: float
    words: float
    objectives: float
    is_named: bool = False  # its place is, or its words are quoted

    @property
    def weighed(self) -> float:
        """The six signs in one figure, 0 to 1."""
        return (
            _MEANING * self.meaning
            + _SENTENCE * self.sentence
            + _TOKENS * self.tokens
            + _SENTENCE_TOKENS * self.sentence_tokens
            + _WORDS * self.words
            + _OBJECTIVES * self.objectives
        )

    @property
    def score(self) -> float:
        """The figure by which passages are ranked: one more where the question names the passage."""
        return float(self.is_named) + self.weighed


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer.

    Attributes:
        row: Its row in the index.
        sentences: The spans of its sentences and clauses inside its text.
        sentence_scores: How near each one comes to the question, by its meaning and its tokens; 0 to 1.
        read: The first of the question's readings.
        nearness: For each of that one's tokens the greatest cosine to one of the passage's.
    """

    row: int
    passage: Passage
    signs: Signs
    sentences: tuple[Span, ...]
    sentence_scores: tuple[float, ...]
    read: str = ""
    nearness: tuple[float, ...] = ()

    @property
    def score(self) -> float:
        """How well it fits; higher is better."""
        return self.signs.score


@dataclass(frozen=True, slots=True)
class Found:
    """What a question finds.

    Attributes:
        candidates: Passages, best first.
        parts: The questions that it consists of, each with what it finds by itself.
    """

    candidates: list[Candidate]
    parts: tuple[tuple[str, list[Candidate]], ...] = ()


@dataclass(frozen=True, slots=True)
class WordMatch:
    """How a word of the question stands to a passage.

    Attributes:
        nearness: The greatest cosine of its word pieces to the passage's, in the mean.
        weight: How telling it is among the documents.
        is_known: Whether any document holds it, in any inflection.
        in_passage: Whether the passage does.
        is_name: Whether it is written like one, with a capital inside the question.
    """

    word: str
    nearness: float
    weight: float
    is_known: bool
    in_passage: bool
    is_name: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what was asked.

    Attributes:
        weight: How much it counts beside the others; they add up to one.
        objective_probabilities: float32, (objectives,): how likely it concerns each; None if not
            known.
    """

    text: str
    weight: float = 1.0
    objective_probabilities: npt.NDArray[np.float32] | None = None


def search(
    readings: Sequence[Reading],
    index: PassageIndex,
    lexical: LexicalIndex,
    encoder: Encoder,
    *,
    typed: str = "",
    top_k: int,
    objectives: Collection[int] = (),
) -> list[Candidate]:
    """Find the passages nearest to a question, best first.

    Args:
        readings: The question; a follow-up in more than one reading.
        typed: Its own words, before any slips were mended, where these differ: places are named in them and phrases
            quoted.
        top_k: How many at the most.
        objectives: Only passages that carry one of these tags; empty for all.
    """
    queries = [_Sought.of(reading, lexical, encoder) for reading in readings]
    names = typed or readings[-1].text
    phrases, titled = phrases_and_titled(quoted_phrases(names), index.catalogue)
    allowed = allowed_rows(index.catalogue, objectives, titled)
    vector = queries[0].query.vector
    holding = holding_rows(phrases, index, lexical, vector)
    if allowed is not None:
        holding = {row for row in holding if allowed[row]}
    named = {*nearest_of(set(named_rows(names, index.catalogue)), index, vector), *holding}
    proposed = (proposed_rows(index, each.query.vector, each.words, allowed) for each in queries)
    rows = np.array(sorted(holding or named.union(*proposed)), dtype=np.int64)
    if allowed is not None:
        rows = rows[allowed[rows]]
    if not len(rows):
        return []
    found = _best_first(index, rows, queries, named, encoder)
    if holding:
        found = (with_phrases_first(candidate, phrases) for candidate in found)
    return list(islice(distinct(found, lexical), top_k))


def merged(searches: Iterable[Sequence[Candidate]], lexical: LexicalIndex, *, top_k: int) -> list[Candidate]:
    """Put what was found for the parts of a question together, each passage at its best, best first."""
    best: dict[int, Candidate] = {}
    for candidate in chain.from_iterable(searches):
        known = best.get(candidate.row, candidate)
        scores = tuple(map(max, known.sentence_scores, candidate.sentence_scores))
        best[candidate.row] = replace(max(known, candidate, key=lambda each: each.score), sentence_scores=scores)
    ranked = sorted(best.values(), key=lambda candidate: (-candidate.score, candidate.row))
    return list(islice(distinct(ranked, lexical), top_k))


def match_words(
    question: str, candidate: Candidate, index: PassageIndex, lexical: LexicalIndex, encoder: Encoder
) -> tuple[WordMatch, ...]:
    """Say how each content word of a question stands to a passage; where it has no other, each word of asking."""
    query = encoder.encode_query(question)
    nearness = candidate.nearness
    if candidate.read != question:
        chosen = index.chosen(np.array([candidate.row]))
        nearness = tuple(index.token_matches(chosen, query.tokens, products=encoder.products).passages[:, 0].tolist())
    words = spelt_words(question)
    content = [(word, span) for word, span in words if is_content(word)] or words
    return tuple(
        WordMatch(
            word=word,
            nearness=_mean_inside(nearness, query.spans, span),
            weight=lexical.weight(stem(word)),
            is_known=lexical.holds(word),
            in_passage=lexical.row_holds(candidate.row, word),
            is_name=span[0] > 0 and question[span[0]].isupper(),
        )
        for word, span in content
    )


def _mean_inside(values: Sequence[float], spans: Sequence[Span], word: Span) -> float:
    inside = [value for value, (start, end) in zip(values, spans, strict=True) if start < word[1] and word[0] < end]
    return sum(inside) / len(inside) if inside else 0.0


@dataclass(frozen=True, slots=True)
class _Sought:
    """A reading as it is searched for."""

    text: str
    weight: float
    query: Query
    objective_probabilities: npt.NDArray[np.float32] | None
    token_weights: npt.NDArray[np.float32]  # of the query's tokens; they add up to one
    words: npt.NDArray[np.float32]  # the score by words of every passage

    @classmethod
    def of(cls, reading: Reading, lexical: LexicalIndex, encoder: Encoder) -> "_Sought":
        query = encoder.encode_query(reading.text)
        words = lexical.scores(content_words(reading.text))
        token_weights = _token_weights(reading.text, query.spans, lexical)
        return cls(reading.text, reading.weight, query, reading.objective_probabilities, token_weights, words)

    def shared_objectives(self, index: PassageIndex, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """How far each of these passages concerns the same objectives as the reading, 0 to 1."""
        if self.objective_probabilities is None:
            return np.zeros(len(rows), dtype=np.float32)
        shared: npt.NDArray[np.float32] = np.sqrt(index.objective_probabilities[rows]) @ np.sqrt(
            self.objective_probabilities
        )
        return shared

    def matched(self, index: PassageIndex, chosen: Chosen, encoder: Encoder) -> "_Matched":
        """Look up how the reading matches passages."""
        tokens = index.token_matches(chosen, self.query.tokens, products=encoder.products)
        of_passages = [
            index.cosines(chosen.rows, self.query.vector),
            self.token_weights @ tokens.passages,
            self.words[chosen.rows],
            self.shared_objectives(index, chosen.rows),
        ]
        of_sentences = [index.sentence_cosines(chosen, self.query.vector), self.token_weights @ tokens.sentences]
        return _Matched(np.array(of_passages), np.array(of_sentences), tokens.passages)


@dataclass(frozen=True, slots=True)
class _Matched:
    """How a reading matches passages.

    Attributes:
        passages: float32, (4, passages): by meaning, tokens, words and objectives.
        sentences: float32, (2, sentences of these passages in order): by meaning and tokens.
        nearness: float32, (the reading's tokens, passages): the greatest cosines.
    """

    passages: Vectors
    sentences: Vectors
    nearness: Vectors


def _best_first(
    index: PassageIndex,
    rows: npt.NDArray[np.int64],
    queries: Sequence[_Sought],
    named: Collection[int],
    encoder: Encoder,
) -> Iterator[Candidate]:
    """Weigh passages, and yield them as candidates, best first; of equals the one that stands first."""
    if len(rows) > PROPOSED:
        rows = _promising(index, rows, queries, named)
    chosen = index.chosen(rows)
    matched = [each.matched(index, chosen, encoder) for each in queries]
    weights = [np.float32(each.weight) for each in queries]
    meaning, tokens, words, shared = _mean(weights, [each.passages for each in matched])
    of_sentences = _mean(weights, [each.sentences for each in matched])
    scores = (_SENTENCE * of_sentences[0] + _SENTENCE_TOKENS * of_sentences[1]) / (_SENTENCE + _SENTENCE_TOKENS)
    sentence, together = np.maximum.reduceat(of_sentences, chosen.sentence_starts[:-1], axis=1)
    signs = np.array([meaning, sentence, tokens, together, words, shared], dtype=np.float64)
    is_named = np.array([row in named for row in rows.tolist()])
    ranked = np.argsort(-(_WEIGHTS @ signs + is_named), kind="stable")
    for at, row in zip(ranked.tolist(), rows[ranked].tolist(), strict=True):
        start, end = chosen.sentence_starts[at : at + 2]
        yield Candidate(
            row,
            index.passages[row],
            _signs(signs[:, at], is_named=bool(is_named[at])),
            index.sentences[row],
            tuple(scores[start:end].tolist()),
            queries[0].text,
            tuple(matched[0].nearness[:, at].tolist()),
        )


def _promising(
    index: PassageIndex, rows: npt.NDArray[np.int64], queries: Sequence[_Sought], named: Collection[int]
) -> npt.NDArray[np.int64]:
    """Of many passages, choose those to look at closely."""
    likeness = _mean(
        [np.float32(each.weight) for each in queries],
        [
            _MEANING_ALONE * index.cosines(rows, each.query.vector)
            + _SENTENCE_ALONE * index.nearest_sentences(rows, each.query.vector)
            + _WORDS_ALONE * each.words[rows]
            + _OBJECTIVES_ALONE * each.shared_objectives(index, rows)
            for each in queries
        ],
    )
    best = rows[np.argpartition(-likeness, _CLOSELY - 1)[:_CLOSELY]]
    return np.array(sorted({*best.tolist(), *named}), dtype=np.int64)


def _signs(values: npt.NDArray[np.float64], *, is_named: bool) -> Signs:
    meaning, sentence, tokens, together, words, shared = values.tolist()
    return Signs(meaning, sentence, tokens, together, words, shared, is_named)


def _mean(weights: Sequence[np.float32], values: Sequence[Vectors]) -> Vectors:
    """The mean by weights that add up to one."""
    weighed = [weight * each for weight, each in zip(weights, values, strict=True)]
    return np.sum(weighed, axis=0) if len(weighed) > 1 else weighed[0]


def _token_weights(question: str, spans: Sequence[Span], lexical: LexicalIndex) -> npt.NDArray[np.float32]:
    """Weights of the question's tokens that add up to one, by how telling the word is that each is part of."""
    telling = [(lexical.weight(stem(word)), span) for word, span in spelt_words(question) if is_content(word)]
    # What stands in parentheses, such as what an acronym is short for, counts as one word.
    for match in EXPANSION.finditer(question):
        inside = {span for _, span in telling if match.start() <= span[0] < match.end()}
        telling = [(weight / len(inside) if span in inside else weight, span) for weight, span in telling]
    most = max((weight for weight, _ in telling), default=1.0) or 1.0
    of_tokens = [weight / most for weight in _of_words(spans, telling)]
    weights = np.array(of_tokens, dtype=np.float32) + np.float32(_LEAST_TELLING)
    weighed: npt.NDArray[np.float32] = weights / weights.sum()
    return weighed


def _of_words(spans: Sequence[Span], words: Sequence[tuple[float, Span]]) -> Iterator[float]:
    """The weight of the word that each token is part of, the greatest where several are; both in the text's order."""
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


def distinct(candidates: Iterable[Candidate], lexical: LexicalIndex) -> Iterator[Candidate]:
    """Leave out what says the same as a better one in nearly the same words."""
    kept: list[int] = []
    for candidate in candidates:
        if not any(lexical.are_alike(candidate.row, row, _SAME) for row in kept):
            kept.append(candidate.row)
            yield candidate


def with_phrases_first(candidate: Candidate, phrases: Sequence[str]) -> Candidate:
    """Put the sentences that hold what was quoted before the others."""
    texts = (candidate.passage.text[start:end] for start, end in candidate.sentences)
    holds = [any(holds_phrase(text, phrase) for phrase in phrases) for text in texts]
    scores = tuple(score + held for score, held in zip(candidate.sentence_scores, holds, strict=True))
    return replace(candidate, sentence_scores=scores)
