"""The journeys of a question to its answer, and of a topic to its objectives.

Here, and in `building`, the encoder meets the passages and the index.
"""

import logging
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from assistant.answering import (
    LOOKED_AT,
    NEAREST,
    Answerability,
    Attempt,
    Judges,
    best_attempt,
    compose,
    compose_hits,
    is_command,
    is_question,
    says_nothing,
)
from assistant.encoding import NO_ENCODER, Encoder, SentenceEncoder, identify, multilingual_encoder
from assistant.errors import IndexingError, InputError
from assistant.index import Origin
from assistant.journeys.building import build_index, corpus_state, refresh_index, translated_file
from assistant.language import ENGLISH, act_of, messages_in
from assistant.objectives import LIKELY, SUREST, asked_objectives, second_sha256
from assistant.records import (
    Answer,
    Classification,
    Document,
    Hit,
    Objective,
    ObjectiveMatch,
    Passage,
    Progress,
    ReportProgress,
    Source,
)
from assistant.retrieval import Finder, Finders
from assistant.settings import DEFAULT_TOP_K, MAX_QUESTION, MAX_TOP_K, Settings

_logger = logging.getLogger("assistant")
_REMEMBERED = 512  # answers kept in memory; some megabytes
_TOPICS_AT_ONCE = 256  # bounds the memory of a long list
_EXPLAINED = 0.01  # below it no word has decided anything
_FIRST_QUESTIONS = ("What is this about?", "De quoi s'agit-il ?")
_TITLES = 5  # documents that are named when nothing was found


def _ignore(progress: Progress) -> None:
    """Ignore progress."""


class Assistant:
    """Answers questions from the documents of one corpus; safe to share between threads."""

    def __init__(self, finders: Finders) -> None:
        """Take what searches an index; `Assistant.open` is the usual way."""
        passage_index = finders.index
        self.finders = finders
        self._judges = Judges(finders)
        self.objectives: tuple[Objective, ...] = passage_index.objectives
        self.documents: Mapping[str, Document] = MappingProxyType({each.id: each for each in passage_index.documents})
        self.sources: tuple[Source, ...] = passage_index.sources
        self.passages: tuple[Passage, ...] = passage_index.passages
        self.problems: tuple[str, ...] = passage_index.problems
        self._by_number = {objective.number: objective for objective in self.objectives}
        # In a meeting many ask the same. It lives as long as the index that it was answered from.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._answered)

    @property
    def corpus_hash(self) -> str:
        """Names the documents that answers come from: "sha256:…"."""
        return self.finders.index.origin.corpus

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that can be asked in, English first: ISO 639-1."""
        return self.finders.languages

    @classmethod
    def open(
        cls,
        corpus: str | Path = "corpus",
        index: str | Path = "index",
        *,
        encoder: Encoder | None = None,
        second: Encoder | None = None,
        report: ReportProgress = _ignore,
    ) -> "Assistant":
        """Open a corpus with the packaged models, building or refreshing its index if need be.

        Args:
            corpus: Folder of the documents.
            index: Folder of the generated index.
            encoder: As for `from_settings`.
            second: As for `from_settings`.
            report: Called as a build goes on.

        Raises:
            AssistantError: As for `from_settings`.
        """
        return cls.from_settings(Settings(Path(corpus), Path(index)), encoder=encoder, second=second, report=report)

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        *,
        encoder: Encoder | None = None,
        second: Encoder | None = None,
        report: ReportProgress = _ignore,
        must_keep: bool = False,
        build: Callable[[], str] | None = None,
    ) -> "Assistant":
        """Open a corpus, building or refreshing its index if it is missing, stale or damaged.

        Args:
            settings: The folders and the models.
            encoder: An encoder to use instead of loading the model. Questions are then read in English alone, unless
                `second` or the settings name what reads other languages.
            second: An encoder for questions in other languages, to use instead of loading one.
            report: Called as a build goes on.
            must_keep: Whether to fail where the index can't be written, rather than answer without keeping one.
            build: Builds the index elsewhere, as `build_apart` does, and returns the hash of the documents found there;
                None to build it in this process.

        Raises:
            CorpusError: The documents can't be used.
            EncoderError: The model can't be used.
            IndexingError: The index can't be written, and must be.
        """
        # The documents first: a wrong folder is known at once, a model takes seconds.
        state, table = corpus_state(settings.corpus)
        identity = encoder.identity if encoder else identify(settings.model)
        other = second or multilingual_encoder(settings.multilingual or (NO_ENCODER if encoder else ""))
        translated = translated_file(settings.corpus)
        other_sha256 = second_sha256(other, table.encode(), translated.read_bytes()) if other else ""
        origin = Origin(identity.name, identity.sha256, state, table, Answerability.read().sha256, other_sha256)

        @cache
        def load() -> Encoder:
            return encoder or SentenceEncoder(settings.model)

        try:
            opened = refresh_index(settings, origin, load, second=other, build=build, report=report)
        except IndexingError as error:
            if must_keep:
                raise
            _logger.warning("%s Answering without keeping an index.", error)
            opened = build_index(settings.corpus, load(), origin, old=None, second=other, report=report)
        return cls(opened)

    def warm_up(self) -> None:
        """Load what the first question in English and the first in another language would else wait for."""
        for question in _FIRST_QUESTIONS:
            self.ask(question)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        objectives: Collection[int] = (),
        top_k: int = DEFAULT_TOP_K,
        explain: bool = False,
        id: object = None,
    ) -> Answer:
        """Answer a question with the documents' own words.

        Args:
            question: In words; what goes beyond 2,000 characters isn't read.
            history: The earlier questions of the conversation, oldest first.
            objectives: Only passages with one of these tags; empty for all.
            top_k: Passages at the most, 1 to 20.
            explain: Whether to say of each passage why it was found.
            id: The caller's own name for the question, echoed.

        Raises:
            InputError: `objectives` or `top_k` is out of range.
        """
        started = time.perf_counter()
        if isinstance(history, str):
            raise InputError("history: must be a list of questions, not one text.")
        for number in sorted(set(objectives) - self._by_number.keys()):
            raise InputError(f"objectives: {number} isn't from 1 to {len(self.objectives)}.")
        if not 1 <= top_k <= MAX_TOP_K:
            raise InputError(f"top_k: {top_k} isn't from 1 to {MAX_TOP_K}.")

        # What is longer is hardly asked twice, and would swell what is remembered.
        is_short = len(question) + sum(map(len, history)) <= MAX_QUESTION
        answered = self._remembered if is_short else self._answered
        answer = answered(question, tuple(history), frozenset(objectives), top_k, explain=explain)
        return replace(answer, id=id, elapsed_ms=_milliseconds_since(started))

    def _answered(
        self, question: str, history: tuple[str, ...], objectives: frozenset[int], top_k: int, *, explain: bool
    ) -> Answer:
        read = _read(question)
        asked = is_question(read) and not says_nothing(read, history)
        finders = self.finders.for_question(read) if asked else (self.finders.english,)
        if not finders:
            return Answer(question, read, "unclear", self.corpus_hash, notice=self.unread(read), is_unread=True)
        asked = asked and not (finders == (self.finders.english,) and self.finders.english.is_gibberish(read))
        count = max(top_k, LOOKED_AT) if asked else 0
        best = self._best(finders, read, history, top_k=count, objectives=objectives)
        finder = best.judge.finder
        language = finder.language
        if language == ENGLISH:
            act = act_of(read)  # tells its language where its few words don't
            language = act.language if act else language if asked else self.finders.spoken(read).language
        composed = compose(
            question,
            best.understood.text,
            best.candidates,
            is_question=asked,
            is_answered=not is_command(read) and best.is_answered,
            corpus=self.corpus_hash,
            searched=self._searched(objectives),
            top_k=top_k,
            language=language,
        )
        if explain:
            composed = self._explained(composed, best)
        return replace(composed, objectives=self._objectives_of(composed, finder) if asked else ())

    def unread(self, text: str) -> str:
        """Say, in a text's language, that it can't be read here; nothing where it can."""
        read = _read(text)
        return "" if self.finders.for_question(read) else messages_in(self.finders.spoken(read).language).unread

    def _searched(self, objectives: Collection[int]) -> str:
        """Say in a few words what is searched."""
        titles = [document.source.title for document in islice(self.documents.values(), _TITLES)]
        more = len(self.documents) - _TITLES
        named = "; ".join(titles) + (f"; and {more} more" if more > 0 else "")
        if not objectives:
            return named
        return f"passages on objective {', '.join(map(str, sorted(objectives)))} in {named}"

    def _explained(self, answer: Answer, attempt: Attempt) -> Answer:
        """Add to each passage why it was found."""
        by_id = {candidate.passage.id: candidate for candidate in attempt.candidates}
        finder = attempt.judge.finder

        def told(hits: Sequence[Hit]) -> tuple[Hit, ...]:
            return tuple(
                replace(hit, reason=finder.reason(answer.understood_as, by_id[hit.passage.id])) for hit in hits
            )

        return replace(answer, hits=told(answer.hits), nearest=told(answer.nearest))

    def ranked_hits(self, question: str, *, history: Sequence[str] = (), top_k: int = DEFAULT_TOP_K) -> tuple[Hit, ...]:
        """Return the passages nearest to a question in their order, whether or not they answer it."""
        attempt = self._attempt(_read(question), history, top_k=top_k)
        return tuple(Hit(each.passage, each.score) for each in attempt.candidates) if attempt else ()

    def chance(self, question: str, *, history: Sequence[str] = ()) -> float:
        """Return how likely the documents answer a question, 0 to 1; rules on names and commands come on top."""
        attempt = self._attempt(_read(question), history, top_k=LOOKED_AT)
        return attempt.chance if attempt else 0.0

    def _attempt(self, read: str, history: Sequence[str], *, top_k: int) -> Attempt | None:
        """Search for a question in its language; None where that can't be read."""
        finders = self.finders.for_question(read)
        return self._best(finders, read, history, top_k=top_k) if finders else None

    def _best(
        self,
        finders: Sequence[Finder],
        read: str,
        history: Sequence[str],
        *,
        top_k: int,
        objectives: Collection[int] = (),
    ) -> Attempt:
        leanable = [earlier for earlier in map(_read, history) if is_question(earlier) and not is_command(earlier)]
        judges = [self._judges.of(finder) for finder in finders]
        return best_attempt(judges, read, leanable, top_k=top_k, objectives=objectives)

    def classify(self, topic: str, *, id: object = None) -> Classification:
        """Rank the 23 objectives by how likely a topic falls under them, and quote what the documents say on it.

        Args:
            topic: In words; what goes beyond 2,000 characters isn't read.
            id: The caller's own name for the topic, echoed.

        Raises:
            InputError: The topic is in a language that can't be read here.
        """
        started = time.perf_counter()
        typed = _read(topic)
        finders = self.finders.for_question(typed)
        if not finders:
            raise InputError(f"topic: {self.unread(typed)}")
        finder = _surest(finders, typed)
        read = finder.normalised(typed)
        attempt = self._best((finder,), read, (), top_k=LOOKED_AT if is_question(read) else 0)
        answered = not is_command(typed) and attempt.is_answered
        hits = compose_hits(attempt.candidates, NEAREST) if answered else ()
        ranked = self._ranked(typed, finder)
        return Classification(topic, ranked, self.corpus_hash, hits, _milliseconds_since(started), id)

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        """Rank the 23 objectives for each of many topics, without the words that decided or what the documents say.

        What can't be read (`unread`) is taken for English, so that one topic doesn't stop the others.
        """
        for first in range(0, len(topics), _TOPICS_AT_ONCE):
            part = [_read(topic) for topic in topics[first : first + _TOPICS_AT_ONCE]]
            finders = [_surest(self.finders.for_question(topic) or (self.finders.english,), topic) for topic in part]
            normalised = [finder.normalised(topic) for finder, topic in zip(finders, part, strict=True)]
            vectors = self.finders.english.runtime.encoder.encode_passages(normalised).vectors
            confidences = self.finders.english.classifier.confidences(normalised, vectors)
            for finder, topic, confidence in zip(finders, part, confidences, strict=True):
                yield self._matches(
                    confidence if finder is self.finders.english else self._confidence(finder, topic),
                    asked_objectives(topic, self.objectives),
                )

    # Objectives of a question or a topic

    def _confidence(self, finder: Finder, text: str) -> dict[int, float]:
        """How likely a text concerns each objective, by number."""
        return self.finders.english.classifier.by_number(finder.objective_probabilities(finder.normalised(text)))

    def _ranked(self, text: str, finder: Finder, *, explained_from: float = _EXPLAINED) -> tuple[ObjectiveMatch, ...]:
        """All 23, best first, the first three with the words that decided, if they are so likely."""
        normalised = finder.normalised(text)
        named = asked_objectives(text, self.objectives)
        matches = self._matches(self._confidence(finder, text), named)
        explained = [
            replace(match, why=match.why or finder.explain(normalised, match.objective.number))
            if match.confidence >= explained_from
            else match
            for match in matches[:NEAREST]
        ]
        return (*explained, *matches[NEAREST:])

    def _matches(self, confidence: Mapping[int, float], named: Mapping[int, str]) -> tuple[ObjectiveMatch, ...]:
        matches = [
            ObjectiveMatch(self._by_number[number], "stated", 1.0, (named[number],))
            if number in named
            else ObjectiveMatch(self._by_number[number], "inferred", round(min(share, SUREST), 4))
            for number, share in confidence.items()
        ]
        return tuple(sorted(matches, key=lambda match: (-match.confidence, match.objective.number)))

    def _objectives_of(self, answer: Answer, finder: Finder) -> tuple[ObjectiveMatch, ...]:
        """The objectives of a question as a whole: what it and the passage that answers state, then the likely ones."""
        read = answer.understood_as
        if answer.status != "answered":
            return self._ranked(read, finder)[:NEAREST]
        ranked = self._ranked(read, finder, explained_from=LIKELY)
        stated = {tag.number: tag for hit in answer.hits[:1] for tag in hit.passage.tags if tag.basis == "stated"}
        of_passage = [ObjectiveMatch(self._by_number[n], "stated", 1.0, (tag.evidence,)) for n, tag in stated.items()]
        named = [match for match in ranked if match.basis == "stated" and match.objective.number not in stated]
        likely = [match for match in ranked if match.basis == "inferred" and match.confidence >= LIKELY]
        return (*named, *of_passage, *(match for match in likely if match.objective.number not in stated))


def _surest(finders: Sequence[Finder], topic: str) -> Finder:
    """Choose what classifies a topic; of several, since its language isn't sure, the one that is surest."""
    if len(finders) == 1:  # many topics are encoded together, and none need be by itself
        return finders[0]
    return max(finders, key=lambda finder: float(finder.objective_probabilities(finder.normalised(topic)).max()))


def _read(text: str) -> str:
    """What is read of a text: no more than the limit, letters with their accents as one, no halves of characters."""
    whole = unicodedata.normalize("NFC", text[:MAX_QUESTION])
    return whole.encode("utf-8", "replace").decode().strip()


def _milliseconds_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
