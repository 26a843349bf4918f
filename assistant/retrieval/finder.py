"""Find the passages for a question: what every finder does, and the finder for questions in English."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence

from assistant.encoding import QueryRuntime, Vectors
from assistant.index import EVERYTHING, Filter, Store
from assistant.language import ENGLISH, is_content, quoted_phrases, with_places_in_english, words_of
from assistant.memory import remembered
from assistant.objectives import ObjectiveClassifier
from assistant.records import Reason
from assistant.retrieval.candidates import Candidate, Found, Reading, Understood, WordMatch
from assistant.retrieval.normalising import EXPANSION, OwnTerms, QueryNormaliser
from assistant.retrieval.ranking import match_words, merged, search
from assistant.retrieval.reader import Reader

_MARKUP = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
# How much of what a follow-up leans on, and of what it adds, a passage must match to be on both. A passage on one alone
# matched up to 0.45 and 0.22 of the other, one on both at least 0.59 and 0.49 (conversations of tests/gold).
_LEANT_ON, _ADDED = 0.5, 0.35
_LOOKED_THROUGH = 20  # passages for those that match both
_NEAR = 0.6  # cosine from which on a word of the passage may be said to be near one of the question


class Finder(ABC):
    """A search of one store for questions in one language."""

    def __init__(self, store: Store, language: str, reader: Reader | None = None) -> None:
        """Take the store of the passages, the language of the questions, and what reads the first few passages."""
        self.store = store
        self.language = language
        self.reader = reader

    def find(self, understood: Understood, *, top_k: int, narrowed: Filter = EVERYTHING) -> Found:
        """Return the passages nearest to a question and to each of its parts.

        Args:
            top_k: Passages at the most, of the whole and of each part.
            narrowed: What passages are searched.
        """
        if understood.added:
            likely = self.search(understood, top_k=max(top_k, _LOOKED_THROUGH), narrowed=narrowed)
            both = [candidate for candidate in likely if self._is_on_both(understood, candidate)]
            return Found(self.read(understood, both[:top_k]))
        whole = self.read(understood, self.search(understood, top_k=top_k, narrowed=narrowed))
        if not understood.parts:
            return Found(whole)
        parts = tuple(
            (part.text, self.read(part, self.search(part, top_k=top_k, narrowed=narrowed))) for part in understood.alone
        )
        return Found(merged([whole, *(found for _, found in parts)], self.store.words, top_k=top_k), parts)

    @abstractmethod
    def search(
        self, understood: Understood, *, top_k: int, narrowed: Filter = EVERYTHING, at: Collection[int] = ()
    ) -> list[Candidate]:
        """Return the passages nearest to a question as a whole, best first.

        Args:
            at: The rows of the only passages that are ranked, as named; empty for whatever is proposed.
        """

    def read(self, understood: Understood, candidates: list[Candidate]) -> list[Candidate]:
        """Return the candidates, best first, after the first few were read, where something reads."""
        if self.reader is None:
            return candidates
        return self.reader.read(_readable(understood), candidates)

    def read_sentences(self, understood: Understood, candidate: Candidate) -> Candidate:
        """Return a candidate after its sentences were read, where something reads."""
        return self.reader.read_sentences(_readable(understood), candidate) if self.reader else candidate

    def _is_on_both(self, understood: Understood, candidate: Candidate) -> bool:
        """Return whether a passage is on what a follow-up adds and on what it leans on, or stands where it says."""
        return candidate.features.is_named or (
            self.matched(understood.added, candidate) >= _ADDED
            and (not understood.leant_on or self.matched(understood.leant_on, candidate) >= _LEANT_ON)
        )

    @abstractmethod
    def matched(self, text: str, candidate: Candidate) -> float:
        """Return how much of what a text asks for a passage matches, 0 to 1; 1 where that can't be told."""

    @abstractmethod
    def normalised(self, text: str) -> str:
        """Return a text as it is searched for."""

    @abstractmethod
    def quoted(self, typed: str) -> tuple[str, ...]:
        """Return the phrases in quotation marks that must stand in a passage as they are."""

    @abstractmethod
    def objective_probabilities(self, text: str) -> Vectors:
        """Return the probability of each objective for a normalised text: float32, (objectives,)."""

    @abstractmethod
    def explain(self, text: str, number: int) -> tuple[str, ...]:
        """Return the words of a normalised text that decided for an objective."""

    @abstractmethod
    def reason(self, question: str, candidate: Candidate) -> Reason:
        """Return why a passage was found."""


class EnglishFinder(Finder):
    """A search by meaning, tokens and words; safe to share between threads."""

    def __init__(
        self,
        store: Store,
        runtime: QueryRuntime,
        classifier: ObjectiveClassifier,
        own: OwnTerms,
        reader: Reader | None = None,
    ) -> None:
        """Put a store and what it was made with together.

        Args:
            runtime: What encodes questions as the passages were.
            classifier: What knows the objectives of a text by its vector.
            own: The corpus's terms.
            reader: What reads the first few candidates.
        """
        super().__init__(store, ENGLISH, reader)
        self.runtime = runtime
        self.classifier = classifier
        self._normaliser = QueryNormaliser(
            holds=store.words.holds,
            knows=runtime.knows,
            corrected=store.words.corrected,
            own=own,
        )
        # A question's objectives are shown beside its answer, help to find it and to judge it.
        self._cached_probabilities = remembered(self._probabilities)
        self._cached_normalised = remembered(self._normalised)

    def search(
        self, understood: Understood, *, top_k: int, narrowed: Filter = EVERYTHING, at: Collection[int] = ()
    ) -> list[Candidate]:
        """Return the passages nearest to a question as a whole, best first."""
        normalised = [(self.normalised(text), weight) for text, weight in understood.readings]
        readings = [Reading(text, weight, self.objective_probabilities(text)) for text, weight in normalised]
        return search(
            readings,
            self.store,
            self.runtime,
            typed=understood.typed,
            top_k=top_k,
            narrowed=narrowed,
            at=at,
        )

    def is_gibberish(self, question: str) -> bool:
        """Return whether no word of the question is one."""
        return self._normaliser.is_gibberish(question)

    def is_english(self, word: str) -> bool:
        """Return whether a word in lower case may be one of English documents, as far as these and the model know."""
        return self.store.words.holds(word) or self.runtime.knows(word)

    def normalised(self, text: str) -> str:
        """Return a text without markup, with slips corrected and acronyms spelt out."""
        return self._cached_normalised(text)

    def _normalised(self, text: str) -> str:
        return self._normaliser.normalise(with_places_in_english(_MARKUP.sub(" ", text)))

    def quoted(self, typed: str) -> tuple[str, ...]:
        """Return the phrases in quotation marks."""
        return quoted_phrases(typed)

    def objective_probabilities(self, text: str) -> Vectors:
        """Return the probability of each objective for a normalised text: float32, (objectives,)."""
        return self._cached_probabilities(text)

    def _probabilities(self, text: str) -> Vectors:
        vector = self.runtime.encoder.encode_query(text).vector
        probabilities: Vectors = self.classifier.objective_probabilities([text], vector[None])[0]
        return probabilities

    def explain(self, text: str, number: int) -> tuple[str, ...]:
        """Return the words of a normalised text that decided for an objective."""
        return self.classifier.explain(text, number, self.runtime.encoder.encode_query(text))

    def matched(self, text: str, candidate: Candidate) -> float:
        """Return how near the words of a text come to those of a passage, by the weight of each."""
        words = [match for match in self.match_words(text, candidate) if is_content(match.word)]
        weight = sum(match.weight for match in words)
        return sum(match.weight * match.nearness for match in words) / weight if weight else 1.0

    def match_words(self, question: str, candidate: Candidate) -> Sequence[WordMatch]:
        """Return how each content word of a question matches a passage."""
        return match_words(self.normalised(question), candidate, self.store, self.runtime)

    def reason(self, question: str, candidate: Candidate) -> Reason:
        """Return why a passage was found."""
        expansions = {word for match in EXPANSION.finditer(self.normalised(question)) for word in words_of(match[0])}
        unasked = expansions.difference(words_of(question))
        matched = [word for word in self.match_words(question, candidate) if word.word not in unasked]
        rarest = sorted({word.word: word for word in matched}.values(), key=lambda word: -word.weight)
        features = candidate.features
        return Reason(
            words=tuple(word.word for word in rarest if word.in_passage),
            near=tuple(word.word for word in rarest if not word.in_passage and word.nearness >= _NEAR),
            likeness={
                "meaning": features.meaning,
                "sentence": features.sentence,
                "tokens": features.tokens,
                "sentence tokens": features.sentence_tokens,
                "words": features.words,
                "objectives": features.objectives,
            },
            is_named=features.is_named,
        )


def _readable(understood: Understood) -> str:
    """Return a question without markup."""
    return _MARKUP.sub(" ", understood.text).strip()
