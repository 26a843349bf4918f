"""Curated answers: questions for which the operator names the place of a document that comes first.

The answer is still a quotation: the sentences there that come nearest to the question. A question is one of an entry's
if it has the same words or, in English, if it is like one of them. Likeness alone takes "who pays for the rooms" for
"who pays for the travel", so that four things must agree: the meaning of the whole, each word piece's counterpart, the
kind of thing that is asked for, and what the reader says of the place. `python -m bench.likes` measures it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from assistant.answering.attempt import Attempt
from assistant.encoding import Query
from assistant.index import ByPlace, Filter
from assistant.language import ENGLISH, asked_for, stem
from assistant.records import Span
from assistant.retrieval import Candidate, EnglishFinder, Found

# On tests/gold/likes-dev.jsonl these let 2 of 90 different questions pass, which differ in a word, and know 21 % of the
# paraphrases; on likes-test.jsonl 2 of 75, and 35 %. Below them, more of both.
_ALIKE = 0.8  # cosine of the whole
_LEAST = 0.35  # cosine of each word piece to the nearest one of the other question
LEAST_ODDS = -1.5  # log odds that the place answers, by the reader
_NO_VECTOR = np.zeros(1, dtype=np.float32)
_WORD = re.compile(r"\w+")
_OF_ASKER = frozenset("a an the i we you us our my your please do does did to".split())


@dataclass(frozen=True, slots=True)
class CuratedAnswer:
    """The place that comes first for some questions.

    Attributes:
        document: Its id.
        place: The locator of the paragraph.
        start, end: Of the paragraph, in the document's text.
    """

    questions: tuple[str, ...]
    document: str
    place: str
    start: int
    end: int


class Curated:
    """The curated answers of one corpus; safe to share between threads."""

    def __init__(self, answers: Sequence[CuratedAnswer], english: EnglishFinder) -> None:
        """Take the answers, and what encodes questions in English."""
        self._answers = answers
        self._english = english

    def __bool__(self) -> bool:
        return bool(self._answers)

    def first(self, attempt: Attempt, narrowed: Filter) -> Attempt | None:
        """Return an attempt with the place first that is meant for its question; None where none is.

        Args:
            narrowed: What passages the asker has searched.
        """
        attempt = replace(attempt, narrowed=narrowed)
        question = attempt.understood.text
        for answer, is_same in self._meant(question, attempt.judge.finder.language):
            candidates = self._at_place(answer, attempt)
            if candidates and (is_same or self.may_answer(question, candidates)):
                rows = {each.row for each in candidates}
                others = [each for each in attempt.candidates if each.row not in rows]
                # What stands outside of the place has negative scores, and stays behind when sentences are read.
                first = attempt.judge.finder.read_sentences(attempt.understood, candidates[0])
                found = Found([first, *candidates[1:], *others])
                return replace(attempt, found=found, probability=1.0, is_curated=True)
        return None

    def _meant(self, question: str, language: str) -> Iterator[tuple[CuratedAnswer, bool]]:
        """Yield the answers that a question may be meant for, and whether it has the same words as one of theirs."""
        yield from ((each, True) for each in self._answers if any(have_same_words(question, q) for q in each.questions))
        if language == ENGLISH:
            asked = self._english.runtime.encoder.encode_query(self._english.normalised(question))
            for answer, questions in zip(self._answers, self._encoded, strict=True):
                if any(are_alike(question, asked, *other) for other in questions):
                    yield answer, False

    @cached_property
    def _encoded(self) -> list[list[tuple[str, Query]]]:
        """The questions of each answer with their vectors."""
        encode, normalised = self._english.runtime.encoder.encode_query, self._english.normalised
        return [[(each, encode(normalised(each))) for each in answer.questions] for answer in self._answers]

    def _at_place(self, answer: CuratedAnswer, attempt: Attempt) -> list[Candidate]:
        """Return the passages at an answer's place that the search may show, best first."""
        finder = attempt.judge.finder
        store = finder.store.filter(attempt.narrowed).filter(Filter(documents={answer.document}))
        rows = store.propose(ByPlace([answer.place.lower()], _NO_VECTOR), count=len(store))
        if not len(rows):
            return []
        found = finder.search(attempt.understood, top_k=len(rows), at=rows.tolist())
        inside = [kept for each in found if (kept := _inside(each, (answer.start, answer.end)))]
        return sorted(inside, key=lambda each: -each.score)

    def may_answer(self, question: str, candidates: Sequence[Candidate]) -> bool:
        """Return whether the first of these passages may answer a question, by the reader, if there is one."""
        if self._english.reader is None:
            return True
        odds = self._english.reader.read(question, candidates[:1])[0].odds
        return odds is None or odds >= LEAST_ODDS


def are_alike(question: str, asked: Query, other: str, known: Query) -> bool:
    """Return whether two questions in English, with their vectors, seem to ask the same."""
    if float(asked.vector @ known.vector) < _ALIKE or asked_for(question, ENGLISH) != asked_for(other, ENGLISH):
        return False
    nearness = asked.tokens @ known.tokens.T
    return bool(min(nearness.max(axis=0, initial=-1).min(), nearness.max(axis=1, initial=-1).min()) >= _LEAST)


def _inside(candidate: Candidate, place: Span) -> Candidate | None:
    """Return a candidate of which only the sentences that stand at a place can be quoted; None where none does."""
    start, end = (at - candidate.passage.start for at in place)
    pairs = zip(candidate.sentences, candidate.sentence_scores, strict=True)
    scores = tuple(score if first >= start and last <= end else -1.0 for (first, last), score in pairs)
    return replace(candidate, sentence_scores=scores) if max(scores) > -1 else None


def have_same_words(question: str, other: str) -> bool:
    """Return whether two questions have the same words in the same order, but for inflections and for who asks.

    >>> have_same_words("Where do I get the papers?", "where can we get a paper")
    False
    >>> have_same_words("Where do I get the papers?", "where do we get papers")
    True
    """
    return _told(question) == _told(other)


def _told(question: str) -> list[str]:
    words = _WORD.findall(question.casefold())
    return [stem(word) for word in words if word not in _OF_ASKER] or words
