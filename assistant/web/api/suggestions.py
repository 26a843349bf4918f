"""Suggest headings, places and questions of the documents; a question is suggested only where they answer it.

The questions are checked once for each state of the documents and each language that somebody reads, in the
background: nobody waits for them, and they take a tenth of a core until enough are known.
"""

import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeAlias

from assistant.errors import AssistantError
from assistant.records import Answer
from assistant.web.app import Answering
from assistant.web.rendering import Strings, place_of

MOST = 5  # suggestions while somebody types
_NEXT = 3  # questions below an answer
_ENOUGH = 12  # questions that are answered; no others are checked then
_MOST_CHECKED = 40
_PAUSE = 9  # times as long as a check has taken, so that answers don't wait for it
_LONGEST = 90  # characters of a heading or a question that is suggested
_QUESTION_END = ("?", "？", "؟")
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<![^?？؟.!])[^?？؟.!]+[?？؟]")

Kind: TypeAlias = Literal["question", "place", "heading"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to go on with.

    Attributes:
        address: Where a place or a heading can be read; empty for a question.
    """

    kind: Kind
    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class _Answered:
    """A question, with the place of its answer and the objectives that it concerns."""

    question: str
    place: tuple[str, str]
    objectives: frozenset[int]


class Suggestions:
    """The suggestions of the documents that are open."""

    def __init__(self, questions: Iterable[str]) -> None:
        """Take the keys of questions, or questions, that are known to be good."""
        self._keys = tuple(questions)
        self._lock = threading.Lock()
        self._checked: dict[str, tuple[_Answered, ...]] = {}  # by language
        self._assistant: Answering | None = None

    def matching(self, typed: str, assistant: Answering, strings: Strings) -> list[Suggestion]:
        """Return what matches some typed words, at most five: questions, then places, then headings."""
        words = _WORD.findall(typed.casefold())
        if not words:
            return []
        known = [Suggestion("question", each.question) for each in self.questions(assistant, strings)]
        found = [each for each in (*known, *_places(assistant), *_headings(assistant)) if _matches(each.text, words)]
        return list({each.text: each for each in reversed(found)}.values())[::-1][:MOST]

    def following(self, answer: Answer, assistant: Answering, strings: Strings, asked: Sequence[str]) -> list[str]:
        """Return three questions to go on with that are answered elsewhere; those on like objectives first."""
        if not answer.hits:
            return []
        first = answer.hits[0].passage
        objectives = {each.objective.number for each in answer.objectives}
        others = [
            each
            for each in self.questions(assistant, strings)
            if each.place != (first.source.id, first.locator) and each.question not in asked
        ]
        return [each.question for each in sorted(others, key=lambda each: not each.objectives & objectives)][:_NEXT]

    def questions(self, assistant: Answering, strings: Strings) -> tuple[_Answered, ...]:
        """Return the questions in a language that are answered; none until they are checked."""
        with self._lock:
            if self._assistant is not assistant:
                self._assistant, self._checked = assistant, {}
            if strings.language not in self._checked:
                self._checked[strings.language] = ()
                check = threading.Thread(target=self._check, args=(assistant, strings), name="suggestions", daemon=True)
                check.start()
            return self._checked[strings.language]

    def _check(self, assistant: Answering, strings: Strings) -> None:
        for question in islice(_candidates(self._keys, assistant, strings), _MOST_CHECKED):
            begun = time.monotonic()
            try:
                answer = assistant.ask(question)
            except AssistantError:
                return
            time.sleep(_PAUSE * (time.monotonic() - begun))
            if not answer.hits or (answer.answer or "").rstrip().endswith(_QUESTION_END):
                continue  # a question is no answer
            first = answer.hits[0].passage
            numbers = frozenset(each.objective.number for each in answer.objectives)
            answered = _Answered(question, (first.source.id, first.locator), numbers)
            with self._lock:
                if self._assistant is not assistant:
                    return  # the documents have changed
                self._checked[strings.language] += (answered,)
                if len(self._checked[strings.language]) == _ENOUGH:
                    return


def _candidates(keys: Iterable[str], assistant: Answering, strings: Strings) -> Iterator[str]:
    """Yield questions that may be answered: known ones, one for each heading, the documents' own."""
    yield from (strings.text(key) if key in strings else key for key in keys)
    yield from (strings.text("suggest.about", heading=each.text) for each in _headings(assistant))
    for document in assistant.documents.values():
        if document.source.language != strings.language:
            continue
        for paragraph in document.paragraphs:
            for sentence in _SENTENCE.findall(document.text[paragraph.start : paragraph.end]):
                question = re.sub(r"^[\W\d_]+", "", " ".join(sentence.split()))
                if len(question) <= _LONGEST:
                    yield question


def _headings(assistant: Answering) -> Iterator[Suggestion]:
    for document in assistant.documents.values():
        seen = set()
        for paragraph in document.paragraphs:
            heading = " ".join(paragraph.heading.split())
            if heading and heading not in seen and len(heading) <= _LONGEST:
                seen.add(heading)
                yield Suggestion("heading", heading, place_of(document.source, paragraph.anchor))


def _places(assistant: Answering) -> Iterator[Suggestion]:
    for document in assistant.documents.values():
        for paragraph in document.paragraphs:
            text = f"{paragraph.locator}, {document.source.title}"
            yield Suggestion("place", text, place_of(document.source, paragraph.anchor))


def _matches(text: str, typed: Sequence[str]) -> bool:
    """Return whether each typed word begins a word of a text, or stands in one that is written without spaces."""
    words = _WORD.findall(text.casefold())
    return all(any(each.startswith(word) or (not word.isascii() and word in each) for each in words) for word in typed)
