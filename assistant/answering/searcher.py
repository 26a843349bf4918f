"""An index, its words and its encoder put together: what a question finds, and what tells whether that answers it.

Questions in English are searched for here, those in other languages by `crosslingual`, where the index has second
vectors; where it isn't sure which language a question is in, by both. This module knows nothing of answers.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np

from assistant.answering.answerability import Agreement, Answerability, signs_of
from assistant.answering.conversation import Understood, understand
from assistant.answering.crosslingual import CrossLingualSearcher
from assistant.answering.in_language import InLanguage
from assistant.documents import context_of
from assistant.encoding import Encoder, Query, Vectors
from assistant.index import LexicalIndex, PassageIndex, indexed
from assistant.language import (
    ENGLISH,
    Spoken,
    beside_names,
    named_places,
    quoted_phrases,
    spoken,
    with_places_in_english,
    without_quoted,
    words_of,
)
from assistant.objectives import ObjectiveClassifier
from assistant.records import Reason
from assistant.retrieval import (
    EXPANSION,
    Candidate,
    Found,
    QueryMender,
    Reading,
    defined_acronyms,
    match_words,
    merged,
    search,
)

LOOKED_AT = 6  # passages by which it is judged whether a question is answered
_MARKUP = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
_HANDLE = re.compile(r"[@#]\w+")
_REMEMBERED = 64  # questions
_BESIDE_NAMES = 1  # words of a question that names a place or a phrase, up to which it asks for no more than that
_NEAR = 0.6  # cosine from which on a word of the passage may be said to be near one of the question


class Finder(Protocol):
    """What searches for questions in one language, and judges what it found."""

    @property
    def language(self) -> str:
        """The questions'."""

    @property
    def threshold(self) -> float:
        """The chance from which on a question counts as answered."""

    def understood(self, question: str, history: Sequence[str]) -> Understood:
        """Read a question in its conversation."""

    def find(self, understood: Understood, *, top_k: int, objectives: Collection[int] = ()) -> Found:
        """Find the passages nearest to a question, and to each of its parts."""

    def is_answered(self, understood: Understood, found: Found) -> bool:
        """Whether what a question finds answers it."""

    def chance(self, question: str, candidates: Sequence[Candidate]) -> float:
        """Return how likely these passages, best first, answer a question: 0 to 1."""

    def mended(self, text: str) -> str:
        """Return a text as it is searched for."""

    def objective_probabilities(self, text: str) -> Vectors:
        """Return how likely a text, as it is searched for, concerns each objective: float32, (objectives,)."""

    def explain(self, text: str, number: int) -> tuple[str, ...]:
        """Return the words of a text, as it is searched for, that decided for an objective."""

    def reason(self, question: str, candidate: Candidate) -> Reason:
        """Say why a passage was found."""


class Searcher:
    """Searches one index; safe to share between threads."""

    def __init__(self, index: PassageIndex, encoder: Encoder, second: Encoder | None = None) -> None:
        """Put an index and the encoders that it was made with together; `second` reads other languages."""
        self.classifier = ObjectiveClassifier.from_arrays(index.classifier)
        self.index = index
        self.encoder = encoder
        self._answerability = Answerability.read()
        # A question's objectives are told beside its answer, and help to find it and to judge it.
        self._cached_probabilities = lru_cache(maxsize=_REMEMBERED)(self._objective_probabilities)
        self._cached_mended = lru_cache(maxsize=_REMEMBERED)(self._mended)
        self._lexical = LexicalIndex(index.lexical or indexed(map(context_of, index.passages)))
        self._mender = QueryMender(
            holds=self._lexical.holds,
            knows=encoder.knows,
            corrected=self._lexical.corrected,
            acronyms=defined_acronyms(document.text for document in index.documents),
        )
        self.others = (
            CrossLingualSearcher(index, index.second, second, self._lexical, self._is_english)
            if second and index.second
            else None
        )
        self._written = frozenset(document.source.language for document in index.documents) - {ENGLISH}

    @property
    def language(self) -> str:
        """The questions' that it searches for by itself."""
        return ENGLISH

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the questions that can be read, English first; further ones are read as well as their likes are."""
        return self.others.languages if self.others else (ENGLISH,)

    def spoken(self, question: str) -> Spoken:
        """Tell the language of a question; what it quotes or names by a handle may be in any."""
        own = _HANDLE.sub(" ", without_quoted(question))
        told = own if re.search(r"[^\W\d_]", own) else question
        return spoken(told, self.others.terms if self.others else {})

    def finders(self, question: str) -> tuple[Finder, ...]:
        """Choose what searches for a question: by its language, by both where that isn't sure; none can't read it."""
        told = self.spoken(question)
        if told.language == ENGLISH:
            # A document in another language is found by meaning alone.
            return (self, InLanguage(self.others, ENGLISH)) if self.others and self._written else (self,)
        if self.others is None:
            return () if told.is_sure and told.language not in self._written else (self,)
        other = InLanguage(self.others, told.language)
        return (other,) if told.is_sure else (self, other)

    def _is_english(self, word: str) -> bool:
        """Whether a word in lower case may be one of English documents, as far as these and the model know."""
        return self._lexical.holds(word) or self.encoder.knows(word)

    def understood(self, question: str, history: Sequence[str]) -> Understood:
        """Read a question in its conversation."""
        return understand(question, history)

    @property
    def threshold(self) -> float:
        """The chance from which on a question counts as answered."""
        return self.index.operating_point.threshold

    def explain(self, text: str, number: int) -> tuple[str, ...]:
        """Return the words of a text, as it is searched for, that decided for an objective."""
        return self.classifier.explain(text, number, self.encode_query(text))

    def is_noise(self, question: str) -> bool:
        """Whether no word of it is one."""
        return self._mender.is_noise(question)

    def mended(self, text: str) -> str:
        """Return a text as it is searched for: markup left out, slips mended, acronyms spelt out."""
        return self._cached_mended(text)

    def _mended(self, text: str) -> str:
        return self._mender.mended(with_places_in_english(_MARKUP.sub(" ", text)))

    def encode_query(self, mended: str) -> Query:
        """Encode a question or topic, once."""
        return self.encoder.encode_query(mended)

    def objective_probabilities(self, mended: str) -> Vectors:
        """Return how likely a question or topic concerns each objective: float32, (objectives,)."""
        return self._cached_probabilities(mended)

    def _objective_probabilities(self, mended: str) -> Vectors:
        probabilities: Vectors = self.classifier.objective_probabilities(
            [mended], self.encode_query(mended).vector[None]
        )[0]
        return probabilities

    def candidates(self, understood: Understood, *, top_k: int) -> list[Candidate]:
        """Find the passages nearest to a question, best first, `top_k` at the most."""
        return self.find(understood, top_k=top_k).candidates

    def find(self, understood: Understood, *, top_k: int, objectives: Collection[int] = ()) -> Found:
        """Find the passages nearest to a question and to each of its parts.

        Args:
            understood: The question in its readings.
            top_k: Passages at the most.
            objectives: Only passages that carry one of these tags; empty for all.
        """
        whole = self._search(understood.readings, top_k, objectives)
        if not understood.parts:
            return Found(whole)
        parts = tuple((part, self._search(((part, 1.0),), top_k, objectives)) for part in understood.parts)
        return Found(merged([whole, *(found for _, found in parts)], self._lexical, top_k=top_k), parts)

    def _search(
        self, readings: Sequence[tuple[str, float]], top_k: int, objectives: Collection[int]
    ) -> list[Candidate]:
        mended = [(self.mended(text), weight) for text, weight in readings]
        sought = [Reading(text, weight, self.objective_probabilities(text)) for text, weight in mended]
        return search(
            sought, self.index, self._lexical, self.encoder, typed=readings[-1][0], top_k=top_k, objectives=objectives
        )

    def signs(self, question: str, candidates: Sequence[Candidate]) -> dict[str, float]:
        """Gather what tells whether these passages, best first, answer a question; at least one."""
        mended = self.mended(question)
        words = match_words(mended, candidates[0], self.index, self._lexical, self.encoder)
        looked_at = candidates[:LOOKED_AT]
        return signs_of(question, looked_at, words, self._agreement(mended, looked_at))

    def chance(self, question: str, candidates: Sequence[Candidate]) -> float:
        """Return how likely these passages, best first, answer a question: 0 to 1."""
        return self._answerability.chance(self.signs(question, candidates)) if candidates else 0.0

    def is_answered(self, understood: Understood, found: Found) -> bool:
        """Whether what a question finds answers it or a part of it, by the index's operating point.

        Args:
            understood: The question in its readings.
            found: At least `LOOKED_AT` passages, if there are so many.
        """
        if found.parts:
            return any(self._is_answered(part, part, candidates) for part, candidates in found.parts)
        return self._is_answered(understood.text, understood.readings[-1][0], found.candidates)

    def _is_answered(self, question: str, typed: str, candidates: Sequence[Candidate]) -> bool:
        if not candidates:
            return False
        if candidates[0].signs.is_named:
            if len(beside_names(typed)) <= _BESIDE_NAMES:
                return True
        elif named_places(typed) or quoted_phrases(typed):
            return False  # a place or a phrase that the documents don't have
        return self._answerability.is_answered(self.signs(question, candidates), self.index.operating_point.threshold)

    def reason(self, question: str, candidate: Candidate) -> Reason:
        """Say why a passage was found."""
        mended = self.mended(question)
        expansions = {word for match in EXPANSION.finditer(mended) for word in words_of(match[0])}
        unasked = expansions.difference(words_of(question))
        matched = match_words(mended, candidate, self.index, self._lexical, self.encoder)
        words = [word for word in matched if word.word not in unasked]
        telling = sorted({word.word: word for word in words}.values(), key=lambda word: -word.weight)
        signs = candidate.signs
        return Reason(
            words=tuple(word.word for word in telling if word.in_passage),
            near=tuple(word.word for word in telling if not word.in_passage and word.nearness >= _NEAR),
            likeness={
                "meaning": signs.meaning,
                "sentence": signs.sentence,
                "tokens": signs.tokens,
                "sentence tokens": signs.sentence_tokens,
                "words": signs.words,
                "objectives": signs.objectives,
            },
            is_named=signs.is_named,
        )

    def _agreement(self, question: str, candidates: Sequence[Candidate]) -> Agreement:
        passages = self.index.objective_probabilities[[candidate.row for candidate in candidates]]
        asked = self.objective_probabilities(question)
        likely = int(np.argmax(asked))
        return Agreement(
            shared=float((passages @ asked).max()),
            apart=float(asked[likely] * (1 - passages[0, likely])),
            outside=float(1 - asked.sum()),
        )
