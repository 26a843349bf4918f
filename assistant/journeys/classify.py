"""The journey of a topic to its objectives, and to what the documents say on it."""

from collections.abc import Iterator, Sequence

from assistant.answering import LOOKED_AT, NEAREST, compose_hits, is_question
from assistant.errors import InputError
from assistant.journeys.ask import Asking, normalise_input
from assistant.journeys.objective_ranking import ObjectiveRanking
from assistant.journeys.opening import OpenCorpus
from assistant.memory import one_question
from assistant.records import Classification, ObjectiveMatch
from assistant.retrieval import Finder

_TOPICS_AT_ONCE = 256  # bounds the memory of a long list


class Classifying:
    """The objectives of topics, for one open corpus; safe to share between threads."""

    def __init__(self, opened: OpenCorpus, asking: Asking, ranking: ObjectiveRanking) -> None:
        """Classify as `ranking` does, and quote what `asking` finds."""
        self._corpus_hash = opened.models.origin.corpus
        self._finders = opened.finders
        self._asking = asking
        self._ranking = ranking

    @one_question()
    def classify(self, topic: str) -> Classification:
        """Rank the objectives of a topic, and quote what the documents say on it.

        Raises:
            InputError: The topic is in a language that can't be read here.
        """
        typed = normalise_input(topic)
        finders = self._finders.for_question(typed)
        if not finders:
            raise InputError(f"topic: {self._asking.explain_unread(typed)}")
        finder = _surest(finders, typed)
        read = finder.normalised(typed)
        attempt = self._asking.attempt_with((finder,), read, top_k=LOOKED_AT if is_question(read) else 0)
        hits = compose_hits(attempt.candidates, NEAREST) if attempt.is_answered else ()
        return Classification(topic, self._ranking.rank(typed, finder), self._corpus_hash, hits)

    def rank_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        """Yield the objectives of each of many topics, best first, without the words that decided.

        What can't be read is taken for English, so that one topic doesn't stop the others.
        """
        for first in range(0, len(topics), _TOPICS_AT_ONCE):
            yield from self._rank_some([normalise_input(topic) for topic in topics[first : first + _TOPICS_AT_ONCE]])

    def _rank_some(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        english = self._finders.english
        finders = [_surest(self._finders.for_question(topic) or (english,), topic) for topic in topics]
        normalised = [finder.normalised(topic) for finder, topic in zip(finders, topics, strict=True)]
        vectors = english.runtime.encoder.encode_passages(normalised).vectors
        confidences = self._ranking.classifier.confidences(normalised, vectors)
        for finder, topic, confidence in zip(finders, topics, confidences, strict=True):
            yield self._ranking.match(
                topic, confidence if finder is english else self._ranking.confidences(topic, finder)
            )


def _surest(finders: Sequence[Finder], topic: str) -> Finder:
    """Return the finder that classifies a topic: of several, since its language isn't sure, the surest."""
    if len(finders) == 1:  # many topics are encoded together, and none need be by itself
        return finders[0]
    return max(finders, key=lambda finder: float(finder.objective_probabilities(finder.normalised(topic)).max()))
