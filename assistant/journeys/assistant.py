"""The assistant: the front door of all that can be asked of one corpus."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import numpy as np

from assistant.encoding import Vectors
from assistant.errors import InputError
from assistant.index import Filter
from assistant.journeys.ask import Asking, normalise_input
from assistant.journeys.building import Build
from assistant.journeys.checking import Checking
from assistant.journeys.classify import Classifying
from assistant.journeys.objective_ranking import ObjectiveRanking
from assistant.journeys.opening import OpenCorpus, Options, open_corpus
from assistant.memory import give_memory_back
from assistant.records import (
    Answer,
    CheckedDraft,
    Classification,
    Document,
    Hit,
    Objective,
    ObjectiveMatch,
    Passage,
    Source,
)
from assistant.settings import DEFAULT_TOP_K, MAX_TOP_K, Settings

_FIRST_QUESTIONS = ("What is this about?", "De quoi s'agit-il ?")


class Assistant:
    """Answers questions from the documents of one corpus; safe to share between threads."""

    def __init__(self, opened: OpenCorpus) -> None:
        """Answer from an open corpus; `Assistant.open` is the usual way."""
        self.models, self.finders, self.judges = opened.models, opened.finders, opened.judges
        self.objectives: tuple[Objective, ...] = opened.models.objectives
        self.documents: Mapping[str, Document] = opened.documents
        self.sources: tuple[Source, ...] = opened.sources
        self.passages: Sequence[Passage] = opened.passages
        self.problems: tuple[str, ...] = opened.problems
        ranking = ObjectiveRanking(opened)
        self._asking = Asking(opened, ranking)
        self._classifying = Classifying(opened, self._asking, ranking)
        self._checking = Checking(self.documents, self.corpus_hash, self.classify_all, self.objectives)

    @classmethod
    def open(
        cls, corpus: str | Path = "corpus", index: str | Path = "index", **options: Unpack[Options]
    ) -> "Assistant":
        """Open a corpus with the packaged models, building or refreshing its index if need be.

        Args:
            corpus: Folder of the documents.
            index: Folder of the generated index.
            options: As for `open_corpus`.

        Raises:
            AssistantError: As `open_corpus` does.
        """
        return cls.from_settings(Settings(Path(corpus), Path(index)), **options)

    @classmethod
    def from_settings(cls, settings: Settings, **options: Unpack[Options]) -> "Assistant":
        """Open the corpus that settings name, otherwise as `open` does."""
        return cls(open_corpus(settings, **options))

    @property
    def build(self) -> Build:
        """The build itself.

        Raises:
            InputError: It is kept in a store.
        """
        if isinstance(self.models, Build):
            return self.models
        raise InputError("ASSISTANT_STORE: this needs the index in files; unset it.")

    @property
    def corpus_hash(self) -> str:
        """The fingerprint of the documents that answers come from: "sha256:…"."""
        return self.models.origin.corpus

    @property
    def trouble(self) -> str:
        """The reason why questions can't be answered at present; empty where they can."""
        return self.finders.english.store.trouble

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of questions that can be read, English first: ISO 639-1."""
        return self.finders.languages

    def warm_up(self) -> None:
        """Load what the first question in English and the first in another language would otherwise wait for.

        What only a build or a store needs of the networks is let go of: `build` is without them then.
        """
        for question in _FIRST_QUESTIONS:
            self.ask(question)
        self.models = replace(self.models, network=None, reader=None)
        give_memory_back()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        objectives: Collection[int] = (),
        documents: Collection[str] = (),
        top_k: int = DEFAULT_TOP_K,
        explain: bool = False,
        id: object = None,
    ) -> Answer:
        """Answer a question with the documents' own words.

        Args:
            question: In words; `MAX_QUESTION` characters of it are read.
            history: The earlier questions of the conversation, oldest first.
            objectives: Only passages with one of these tags; empty for all.
            documents: Only passages of one of these documents, by id; empty for all.
            top_k: Passages at the most, 1 to `MAX_TOP_K`.
            explain: Whether to say of each passage why it was found.
            id: The caller's own name for the question, echoed.

        Raises:
            InputError: `history` is one text, `objectives` or `top_k` is out of range, or there is no such document.
        """
        started = time.perf_counter()
        if isinstance(history, str):
            raise InputError("history: must be a list of questions, not one text.")
        for number in sorted(set(objectives) - {objective.number for objective in self.objectives}):
            raise InputError(f"objectives: {number} isn't from 1 to {len(self.objectives)}.")
        self._check_documents(documents)
        if not 1 <= top_k <= MAX_TOP_K:
            raise InputError(f"top_k: {top_k} isn't from 1 to {MAX_TOP_K}.")
        narrowed = Filter(frozenset(objectives), frozenset(documents))
        answer = self._asking.answer(question, tuple(history), narrowed, top_k=top_k, explain=explain)
        return replace(answer, id=id, elapsed_ms=_milliseconds_since(started))

    def ask_without(self, question: str, passages: Collection[str]) -> Answer:
        """Answer a question as if these passages, by id, weren't there: what an evaluation asks."""
        narrowed = Filter(without=frozenset(passages))
        return self._asking.answer(question, (), narrowed, top_k=DEFAULT_TOP_K, explain=False)

    def classify(self, topic: str, *, id: object = None) -> Classification:
        """Rank the 23 objectives by how likely a topic falls under them, and quote what the documents say on it.

        Args:
            topic: In words; `MAX_QUESTION` characters of it are read.
            id: The caller's own name for the topic, echoed.

        Raises:
            InputError: The topic is in a language that can't be read here.
        """
        started = time.perf_counter()
        classification = self._classifying.classify(topic)
        return replace(classification, id=id, elapsed_ms=_milliseconds_since(started))

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        """Yield the objectives of each of many topics, best first, without the words that decided.

        What can't be read (`unread`) is taken for English, so that one topic doesn't stop the others.
        """
        return self._classifying.rank_all(topics)

    def check(self, text: str) -> CheckedDraft:
        """Hold the quotations of a draft against the documents, and tell the objectives of its paragraphs.

        Raises:
            InputError: It is longer than `MAX_DRAFT`.
        """
        return self._checking.check(text)

    def in_all_documents(self, question: str, *, documents: Collection[str] = ()) -> dict[str, Answer]:
        """Ask each document by itself, and return the answers by its id.

        Args:
            documents: Only these, by id; empty for all.

        Raises:
            InputError: As `ask` does.
        """
        self._check_documents(documents)
        chosen = [id for id in self.documents if not documents or id in documents]
        return {id: self.ask(question, documents={id}) for id in chosen}

    def _check_documents(self, documents: Collection[str]) -> None:
        for unknown in sorted(set(documents) - self.documents.keys()):
            known = ", ".join(self.documents)
            raise InputError(f"documents: there is none with the id {unknown!r}; it may be {known}.")

    def unread(self, text: str) -> str:
        """Return, in a text's language, that it can't be read here; an empty text where it can."""
        return self._asking.explain_unread(text)

    def ranked_hits(self, question: str, *, history: Sequence[str] = (), top_k: int = DEFAULT_TOP_K) -> tuple[Hit, ...]:
        """Return the passages nearest to a question, best first, whether or not they answer it."""
        attempt = self._asking.attempt(question, history, top_k=top_k)
        return tuple(Hit(each.passage, each.score) for each in attempt.candidates) if attempt else ()

    def question_vectors(self, questions: Sequence[str]) -> Vectors:
        """Return vectors by which questions can be compared, in any language: unit rows, (questions, dimensions)."""
        return np.array([self.finders.question_vector(normalise_input(each)) for each in questions], dtype=np.float32)


def _milliseconds_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
