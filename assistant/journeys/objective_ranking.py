"""Rank the objectives for a question or a topic: what it states comes first, then what is most likely."""

from collections.abc import Mapping
from dataclasses import replace

from assistant.answering import NEAREST
from assistant.journeys.opening import OpenCorpus
from assistant.objectives import LIKELY, SUREST, asked_objectives
from assistant.records import Answer, ObjectiveMatch
from assistant.retrieval import Finder

_EXPLAINED = 0.01  # probability below which no word has decided anything


class ObjectiveRanking:
    """The objectives of one open corpus, and what infers them."""

    def __init__(self, opened: OpenCorpus) -> None:
        """Rank with the classifier of a build."""
        self.classifier = opened.models.classifier
        self._objectives = opened.models.objectives
        self._by_number = {objective.number: objective for objective in self._objectives}

    def rank(self, text: str, finder: Finder, *, explained_from: float = _EXPLAINED) -> tuple[ObjectiveMatch, ...]:
        """Return all objectives, best first; the first three with the words that decided, if they are so likely."""
        normalised = finder.normalised(text)
        matches = self.match(text, self.confidences(text, finder))
        explained = [
            replace(match, why=match.why or finder.explain(normalised, match.objective.number))
            if match.confidence >= explained_from
            else match
            for match in matches[:NEAREST]
        ]
        return (*explained, *matches[NEAREST:])

    def rank_for_answer(self, answer: Answer, finder: Finder) -> tuple[ObjectiveMatch, ...]:
        """Return the objectives of a question as a whole.

        Those that it names and those that the passage which answers states come first, then the likely ones; where
        nothing answers, the first three. Stated is only what the passage states.
        """
        question = answer.understood_as
        if answer.status != "answered":
            return tuple(map(_inferred, self.rank(question, finder)[:NEAREST]))
        ranked = self.rank(question, finder, explained_from=LIKELY)
        stated = {tag.number: tag for hit in answer.hits[:1] for tag in hit.passage.tags if tag.basis == "stated"}
        of_passage = [ObjectiveMatch(self._by_number[n], "stated", 1.0, (tag.evidence,)) for n, tag in stated.items()]
        others = [match for match in ranked if match.objective.number not in stated]
        named = [_inferred(match) for match in others if match.basis == "stated"]
        likely = [match for match in others if match.basis == "inferred" and match.confidence >= LIKELY]
        return (*named, *of_passage, *likely)

    def confidences(self, text: str, finder: Finder) -> dict[int, float]:
        """Return the probability of each objective for a text, by number."""
        return self.classifier.by_number(finder.objective_probabilities(finder.normalised(text)))

    def match(self, text: str, confidences: Mapping[int, float]) -> tuple[ObjectiveMatch, ...]:
        """Return all objectives, best first, given their probabilities; those that the text names are stated."""
        named = asked_objectives(text, self._objectives)
        matches = [
            ObjectiveMatch(self._by_number[number], "stated", 1.0, (named[number],))
            if number in named
            else ObjectiveMatch(self._by_number[number], "inferred", round(min(confidence, SUREST), 4))
            for number, confidence in confidences.items()
        ]
        return tuple(sorted(matches, key=lambda match: (-match.confidence, match.objective.number)))


def _inferred(match: ObjectiveMatch) -> ObjectiveMatch:
    """Return a match that a question names as one that no passage states."""
    return replace(match, basis="inferred", confidence=min(match.confidence, SUREST))
