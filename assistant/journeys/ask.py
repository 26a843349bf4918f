"""The journey of a question: understood, searched for, judged, answered or refused."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import islice

from assistant.answering import (
    CONTENT,
    LOOKED_AT,
    OF_DOCUMENTS,
    OF_MEETING,
    Attempt,
    Curated,
    Intent,
    Meeting,
    Particulars,
    asks_of_meeting_alone,
    best_attempt,
    compose,
    holding,
    intent_of,
    is_opening,
    is_question,
    says_nothing,
)
from assistant.index import EVERYTHING, Filter
from assistant.journeys.objective_ranking import ObjectiveRanking
from assistant.journeys.opening import OpenCorpus
from assistant.language import ENGLISH, Messages, act_of, is_follow_up, messages_in, named_places
from assistant.memory import one_question
from assistant.records import Answer, Hit
from assistant.retrieval import Finder, Found
from assistant.settings import MAX_QUESTION

_PUT = 20  # passages in which what is asked of the meeting is looked for
_OPENS = 0.9  # chance that a day or a place in the opening lines of a document is that of its meeting
# Chance that a passage answers, from which on a question asks for that, however it sounds: of 104 gold questions that
# want something of the documents themselves (tests/gold/intent-dev and -test) two reach it.
_SURE = 0.8
_TITLES = 5  # documents that are named when nothing was found
_MOST_EARLIER = 20  # questions of a conversation that are looked at
_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"([^\w\s])\1{3,}")
_NO_WORDS = re.compile(r"([\W_]{12})[\W_]+")


def normalise_input(text: str) -> str:
    r"""Return what is read of a text: no more characters than the limit.

    White space and repeated marks are made short first, accents composed, halves of characters replaced.

    >>> normalise_input("  Who\n\n pays?????  ")
    'Who pays???'
    """
    short = _NO_WORDS.sub(r"\1 ", _MARKS.sub(r"\1\1\1", _SPACE.sub(" ", text)))
    composed = unicodedata.normalize("NFC", short.strip()[:MAX_QUESTION])
    return composed.encode("utf-8", "replace").decode().strip()


def normalise_history(history: Sequence[str], room: int) -> list[str]:
    """Return what is read of a conversation: its latest questions that there is room for together, oldest first.

    >>> normalise_history(["What is said of borders?", "...", "Who pays?"], 16)
    ['Who pays?']
    """
    read: list[str] = []
    for earlier in islice(reversed(history), _MOST_EARLIER):
        each = normalise_input(earlier)
        room -= len(each)
        if room < 0:
            break
        if is_question(each):
            read.append(each)
    return read[::-1]


class Asking:
    """Answers to questions about one open corpus; safe to share between threads."""

    def __init__(self, opened: OpenCorpus, ranking: ObjectiveRanking) -> None:
        """Answer from a corpus, with objectives as `ranking` has them."""
        self._corpus_hash = opened.models.origin.corpus
        self._finders = opened.finders
        self._judges = opened.judges
        self._ranking = ranking
        sources = {source.id: source for source in opened.sources}
        self._titles = {id: sources[id].title for id in opened.documents}
        store = opened.finders.english.store
        self._particulars = Particulars(store, opened.documents, opened.models.objectives, opened.passages)
        self._meeting = Meeting(store, opened.documents)
        self._curated = Curated(opened.models.steering.answers, opened.finders.english)

    @one_question()
    def attempt(self, question: str, history: Sequence[str] = (), *, top_k: int) -> Attempt | None:
        """Search for a question in its language; None where that can't be read."""
        read = normalise_input(question)
        finders = self._finders.for_question(read)
        return self.attempt_with(finders, read, history, top_k=top_k) if finders else None

    @one_question()
    def attempt_with(
        self,
        finders: Sequence[Finder],
        read: str,
        history: Sequence[str] = (),
        *,
        top_k: int,
        narrowed: Filter = EVERYTHING,
    ) -> Attempt:
        """Search for a question with each of some finders, and return the best attempt."""
        earlier = normalise_history(history, MAX_QUESTION - len(read))
        judges = [self._judges.of(finder) for finder in finders]
        return best_attempt(judges, read, earlier, top_k=top_k, narrowed=narrowed)

    def explain_unread(self, text: str) -> str:
        """Return, in a text's language, that it can't be read here; an empty text where it can."""
        read = normalise_input(text)
        return "" if self._finders.for_question(read) else messages_in(self._finders.spoken(read).language).unread

    @one_question()
    def answer(self, question: str, history: tuple[str, ...], narrowed: Filter, *, top_k: int, explain: bool) -> Answer:
        """Answer a question, or say that the documents don't."""
        read = normalise_input(question)
        english = self._finders.english
        asked = is_question(read) and not says_nothing(read, history)
        finders = self._finders.for_question(read) if asked else (english,)
        asked = asked and not (finders == (english,) and english.is_gibberish(read))
        language = finders[0].language if len(finders) == 1 else self._finders.spoken(read).language
        count = max(top_k, LOOKED_AT) if asked else 0
        search = cache(partial(self.attempt_with, finders, read, history, top_k=count, narrowed=narrowed))
        intent = self._intent(read, history, finders, language) if asked else CONTENT
        intent = _unless_answered(intent, read, search) if finders else intent
        curated = self._curated.first(search(), narrowed) if asked and finders and self._curated else None
        if asked and not curated and (known := self._particulars.known(read, language, intent, narrowed)):
            answer = Answer(question, read, "not_in_documents", self._corpus_hash, notice=known.notice, known=known)
            objectives = self._ranking.rank_for_answer(answer, (*finders, english)[0])
            return replace(answer, objectives=objectives, probability=0.0)
        if not finders:
            notice = self.explain_unread(read)
            return Answer(question, read, "unclear", self._corpus_hash, notice=notice, is_unread=True)
        best = curated or self._weighed(read, intent, search(), top_k=count)
        messages = messages_in(self._language_of(read, best.judge.finder, is_question=asked))
        if not asked:
            return Answer(question, best.understood.text, "unclear", self._corpus_hash, notice=messages.unclear)
        best = best.with_sentences_read() if best.candidates and best.is_answered else best
        return self._composed(question, best, messages, top_k=top_k, explain=explain)

    def _composed(self, question: str, best: Attempt, messages: Messages, *, top_k: int, explain: bool) -> Answer:
        """Return the answer that an attempt gives."""
        composed = compose(
            question,
            best.understood.text,
            best.candidates,
            is_answered=best.is_answered,
            corpus=self._corpus_hash,
            notice=messages.nothing.format(searched=self._searched(best.narrowed)),
            top_k=top_k,
        )
        if composed.status == "answered" and (best.is_curated or best.left_out):
            notice = messages.curated if best.is_curated else messages.alone.format(earlier=best.left_out)
            composed = replace(composed, notice=notice)
        if explain:
            composed = _with_reasons(composed, best)
        objectives = self._ranking.rank_for_answer(composed, best.judge.finder)
        documents = frozenset(best.narrowed.documents)
        return replace(composed, objectives=objectives, probability=round(best.probability, 3), documents=documents)

    def _weighed(self, read: str, intent: Intent, best: Attempt, *, top_k: int) -> Attempt:
        """Return an attempt, judged as one on the meeting itself where its question is."""
        if self._meeting.is_another(read):
            return replace(best, probability=0.0)
        return self._of_meeting(intent, best, top_k=top_k) if intent in OF_MEETING else best

    def _intent(self, read: str, history: Sequence[str], finders: Sequence[Finder], language: str) -> Intent:
        """Return what a question wants; a follow-up on what documents say asks for more of the same."""
        encoders = [self._finders.english.runtime.encoder]
        if self._finders.across:  # reads English too, only less well
            encoders.insert(0 if len(finders) > 1 or language != ENGLISH else 1, self._finders.across.encoder)
        intent = intent_of(read, encoders)
        if history and intent not in (CONTENT, "writing") and is_follow_up(read, language):
            earlier = intent_of(normalise_input(history[-1]), encoders)
            return intent if earlier == intent or {earlier, intent} <= OF_MEETING else CONTENT
        return intent

    def _of_meeting(self, intent: Intent, best: Attempt, *, top_k: int) -> Attempt:
        """Return the attempt at a question on the meeting itself, by what holds such a thing; it may hold none."""
        judge = self._judges.of(self._finders.english)
        tried = [best.of_those(holding(best.candidates, intent))]
        if best.judge.finder.language != ENGLISH or asks_of_meeting_alone(best.understood.typed):
            for question in self._meeting.questions(intent):
                put = Attempt.of(judge, question, (), top_k=_PUT, narrowed=best.narrowed)
                kept = holding(put.candidates, intent)
                if opening := [each for each in kept if is_opening(each)]:
                    return replace(put, understood=best.understood, found=Found(opening[:1]), probability=_OPENS)
                tried.append(put.of_those(kept[:top_k]))
        answered = [each for each in tried if each.is_answered]
        if not answered:
            return replace(best, probability=min(each.probability for each in tried))
        return replace(max(answered, key=lambda each: each.support), understood=best.understood)

    def _language_of(self, read: str, finder: Finder, *, is_question: bool) -> str:
        """Return the language to answer in."""
        if finder.language != ENGLISH:
            return finder.language
        # The few words of a greeting don't tell their language; the greeting itself does.
        if act := act_of(read):
            return act.language
        return ENGLISH if is_question else self._finders.spoken(read).language

    def _searched(self, narrowed: Filter) -> str:
        """Return in a few words what is searched."""
        titles = [title for id, title in self._titles.items() if id in narrowed.documents or not narrowed.documents]
        more = len(titles) - _TITLES
        named = "; ".join(islice(titles, _TITLES)) + (f"; and {more} more" if more > 0 else "")
        if not narrowed.objectives:
            return named
        return f"passages on objective {', '.join(map(str, sorted(narrowed.objectives)))} in {named}"


def _unless_answered(intent: Intent, read: str, search: Callable[[], Attempt]) -> Intent:
    """Return the intent, but for what a passage surely answers that isn't found by the name of its place."""
    if intent not in OF_DOCUMENTS or named_places(read):
        return intent
    return CONTENT if search().probability >= _SURE else intent


def _with_reasons(answer: Answer, attempt: Attempt) -> Answer:
    """Add to each passage why it was found."""
    by_id = {candidate.passage.id: candidate for candidate in attempt.candidates}
    finder = attempt.judge.finder

    def explained(hits: Sequence[Hit]) -> tuple[Hit, ...]:
        reasons = [finder.reason(answer.understood_as, by_id[hit.passage.id]) for hit in hits]
        if attempt.is_curated:  # the operator named the place, not the question
            reasons = [replace(each, is_named=False) for each in reasons]
        return tuple(replace(hit, reason=reason) for hit, reason in zip(hits, reasons, strict=True))

    return replace(answer, hits=explained(answer.hits), nearest=explained(answer.nearest))
