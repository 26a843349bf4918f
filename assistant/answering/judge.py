"""Judge whether the passages found for a question answer it: a judge for each kind of finder.

A logistic model (`answerability`) weighs signs of the candidates. What a question names outright is decided by rules: a
place or a quoted phrase that the documents have is shown, one that they don't have is refused. Nobody obeys what a text
orders: an order is answered where a passage answers it, and refused where none does.
"""

import copy
import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

import numpy as np

from assistant.answering.answerability import (
    ACROSS_LANGUAGES,
    UNREAD,
    Answerability,
    features_of,
    from_log_odds,
    log_odds,
    objective_features,
)
from assistant.answering.blanks import is_blank
from assistant.errors import InputError
from assistant.language import (
    UNITED_NATIONS,
    asked_for,
    beside_names,
    is_content,
    meetings_in,
    names_in,
    places_in,
    without_quoted,
    words_of,
)
from assistant.retrieval import Candidate, CrossLingualFinder, EnglishFinder, Finder, Finders, Found, Understood

LOOKED_AT = 6  # passages by which it is judged whether a question is answered
_BESIDE_NAMES = 1  # content words of a question that names a place or a phrase, up to which it asks for no more
_FAR = 0.28  # nearness of words to a passage below which they have nothing to do with it
_ASKS_WHERE = frozenset({"place"})


class Judge(ABC):
    """A judgement of what one finder finds."""

    def __init__(self, finder: Finder, model: Answerability, threshold: float) -> None:
        """Take the finder, the model, and the chance from which on a question counts as answered."""
        self.finder = finder
        self.model = model
        self.threshold = threshold

    def chance(self, question: str, candidates: Sequence[Candidate]) -> float:
        """Return the probability that these passages, best first, answer a question; 0 if the best leaves it open."""
        if not candidates or is_blank(question, candidates[0].passage):
            return 0.0
        return self.model.chance(self.features(question, candidates))

    def probability(self, understood: Understood, found: Found) -> float:
        """Return the probability that what was found answers the question, or one of its parts.

        Args:
            found: At least `LOOKED_AT` passages, if the index has so many.
        """
        if found.parts:
            return max(self._probability(part, part, candidates) for part, candidates in found.parts)
        return self._probability(understood.text, understood.typed, found.candidates)

    def _probability(self, question: str, typed: str, candidates: Sequence[Candidate]) -> float:
        if not candidates:
            return 0.0
        if candidates[0].features.is_named:
            if self.asks_for_named_only(typed):
                return 1.0
        elif any(place.locators for place in places_in(typed)) or self.finder.quoted(typed):
            return 0.0  # a place or a phrase that the documents don't have
        return self.chance(question, candidates)

    @abstractmethod
    def features(self, question: str, candidates: Sequence[Candidate]) -> Mapping[str, float]:
        """Return what the model weighs for a question and its candidates, best first; at least one."""

    @abstractmethod
    def asks_for_named_only(self, typed: str) -> bool:
        """Return whether a question asks for no more than the place or the phrase that it names."""

    def objective_features(self, question: str, candidates: Sequence[Candidate]) -> dict[str, float]:
        """Return how far a question and its candidates fall under the same objectives."""
        asked = self.finder.objective_probabilities(self.finder.normalised(question))
        return objective_features(asked, candidates)


class EnglishJudge(Judge):
    """A judgement by words, meaning and objectives."""

    finder: EnglishFinder

    def chance(self, question: str, candidates: Sequence[Candidate]) -> float:
        """Return the probability that these passages answer a question: none if only its word for a meeting is near."""
        if candidates and meetings_in(question):
            words = self.finder.match_words(question, candidates[0])
            beside = [word.nearness for word in words if is_content(word.word) and not meetings_in(word.word)]
            if beside and max(beside) < _FAR:
                return 0.0
        return super().chance(question, candidates)

    def features(self, question: str, candidates: Sequence[Candidate]) -> Mapping[str, float]:
        """Return what the model weighs for a question and its candidates, best first; at least one."""
        looked_at = candidates[:LOOKED_AT]
        words = self.finder.match_words(question, candidates[0])
        return features_of(looked_at, words, self.objective_features(question, looked_at))

    def asks_for_named_only(self, typed: str) -> bool:
        """Return whether a question asks for no more than the place or the phrase that it names."""
        return len(beside_names(typed)) <= _BESIDE_NAMES


class CrossLingualJudge(Judge):
    """A judgement by meaning, tokens, objectives, names and terms.

    What words tell in English must be told here without them, so the model has weights of its own
    (`python -m bench.fit_crosslingual`).
    """

    finder: CrossLingualFinder

    def features(self, question: str, candidates: Sequence[Candidate]) -> Mapping[str, float]:
        """Return what the model weighs for a question and its candidates, best first; at least one."""
        best, looked_at = candidates[0].features, candidates[:LOOKED_AT]
        scores = [candidate.features.score for candidate in looked_at]
        nearness = candidates[0].nearness or (0.0,)
        terms = self.finder.terms_of(question)
        holds = self.finder.store.words.holds
        unknown = sum(not all(map(holds, words_of(name))) for name in names_in(question, self.finder.language))
        return {
            "score": best.score,
            "meaning": best.meaning,
            "sentence": best.sentence,
            "tokens": best.tokens,
            "sentence tokens": best.sentence_tokens,
            "middle token": float(np.median(nearness)),
            "length": math.sqrt(len(nearness)),
            "gap": scores[0] - float(np.mean(scores[1:])) if len(scores) > 1 else 0.0,
            **self.objective_features(question, looked_at),
            "names unknown": float(unknown),
            "terms held": best.terms,
            "terms unknown": terms.unknown,
            "no terms": float(not terms.holding),
            # How near passages come depends on how well the encoder knows a language.
            **{f"in {each}": float(each == self.finder.language) for each in UNITED_NATIONS},
        }

    def asks_for_named_only(self, typed: str) -> bool:
        """Return whether a question asks for no more than the place or the phrase that it names."""
        return asked_for(without_quoted(typed), self.finder.language) <= _ASKS_WHERE


class Judges:
    """The judges of one index."""

    def __init__(self, finders: Finders, threshold: float) -> None:
        """Take what searches the passages, and the chance from which on a question counts as answered."""
        self.finders = finders
        self._across = Answerability.read(ACROSS_LANGUAGES)
        model = Answerability.read() if finders.english.reader else Answerability.read(UNREAD)
        self.english = EnglishJudge(finders.english, model, threshold)

    def without(self, signs: Collection[str]) -> "Judges":
        """Return judges that leave signs out: what these are worth is what an evaluation loses.

        Raises:
            InputError: No model weighs such a sign.
        """
        judges = copy.copy(self)
        judges._across = self._across.without(signs)
        english = self.english
        judges.english = EnglishJudge(english.finder, english.model.without(signs), english.threshold)
        unknown = sorted(set(signs) - self._across.weights.keys() - english.model.weights.keys())
        if unknown:
            known = ", ".join(english.model.weights)
            raise InputError(f"{unknown[0]}: no sign has this name; it may be one of {known}.")
        return judges

    def of(self, finder: Finder) -> Judge:
        """Return the judge of what a finder finds."""
        if isinstance(finder, CrossLingualFinder):
            return CrossLingualJudge(finder, self._across, self._threshold_across)
        return self.english

    @cached_property
    def _threshold_across(self) -> float:
        """The threshold across languages, moved as far in log odds as the corpus's own is from its model's."""
        moved = log_odds(self.english.threshold) - log_odds(self.english.model.threshold)
        return from_log_odds(log_odds(self._across.threshold) + moved) if moved else self._across.threshold
