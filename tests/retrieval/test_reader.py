import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.records import Passage, Source
from assistant.retrieval.candidates import Candidate, Features
from assistant.retrieval.reader import _HURRIED, MOST_READ, Reader, Scale
from tests.fakes import SharedWordsReader

NONE = np.zeros(0, dtype=np.float32)  # no objectives
QUESTION = "who shares data with schools"
DOUBT, SURE = Scale(slope=1.0, offset=-9.0), Scale(slope=1.0, offset=9.0)  # of whatever is read


def candidates(*texts: str, named: Sequence[int] = ()) -> list[Candidate]:
    """Candidates in falling order, each under a heading of its own."""
    return [
        Candidate(
            row,
            Passage(Source("note", "Note"), row, f"Heading {row}", "", text, 0, len(text)),
            Features(0, 0, 0, 0, 0, 0, 0.5 - 0.001 * row, row in named),
            ((0, len(text)),),
            (0.5,),
            NONE,
        )
        for row, text in enumerate(texts)
    ]


MANY = candidates(*["on boats"] * (MOST_READ + 4))


def rows(found: Sequence[Candidate]) -> list[int]:
    return [each.row for each in found]


def test_a_first_passage_that_surely_answers_is_read_alone() -> None:
    model = SharedWordsReader()

    found = Reader(model, SURE).read(QUESTION, MANY)

    assert len(model.read) == 1
    assert found[0].odds == 9.0
    assert found[1:] == MANY[1:]


def test_otherwise_the_next_few_are_read() -> None:
    model = SharedWordsReader()

    found = Reader(model, DOUBT).read(QUESTION, MANY)

    assert len(model.read) == MOST_READ
    assert [each.odds is not None for each in found] == [True] * MOST_READ + [False] * 4


def test_a_passage_that_could_not_come_first_is_not_read() -> None:
    model = SharedWordsReader()
    best, other = candidates("on boats", "schools share data")
    far = replace(other, features=replace(other.features, score=best.features.score - 0.2))

    found = Reader(model, DOUBT).read(QUESTION, [best, far])

    assert model.read == [(QUESTION, "Heading 0 on boats")]
    assert [each.odds is not None for each in found] == [True, False]


def test_a_passage_is_read_under_its_heading() -> None:
    model = SharedWordsReader()

    Reader(model, SURE).read(QUESTION, MANY)

    assert model.read == [(QUESTION, "Heading 0 on boats")]


def test_what_was_read_is_put_in_order_by_both() -> None:
    found = Reader(SharedWordsReader(steps=3.0), DOUBT).read(
        QUESTION, candidates("on boats", "schools share data", "on trains", "on ferries")
    )

    assert rows(found) == [1, 0, 2, 3]
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_what_was_not_read_stays_behind_what_was() -> None:
    unread = candidates(*["on boats"] * MOST_READ, "schools share data", "on boats")

    found = Reader(SharedWordsReader(steps=9.0), DOUBT).read(QUESTION, unread)

    assert rows(found) == list(range(MOST_READ + 2))
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_a_passage_that_the_question_names_stays_first() -> None:
    found = Reader(SharedWordsReader(steps=9.0), DOUBT).read(
        QUESTION, candidates("on boats", "schools share data", named=[0])
    )

    assert rows(found) == [0, 1]


def test_where_nothing_was_found_nothing_is_read() -> None:
    model = SharedWordsReader()
    reader = Reader(model)

    assert reader.read(QUESTION, []) == []
    assert reader.scores(QUESTION, []) == []
    assert model.read == []


@pytest.mark.parametrize(("start", "odds"), [(3.0, 2.5), (1e9, 20.0), (-1e9, -20.0)])
def test_a_score_becomes_log_odds_within_bounds(start: float, odds: float) -> None:
    reader = Reader(SharedWordsReader(start=start), Scale(slope=0.5, offset=1.0))

    found = reader.read(QUESTION, MANY)

    assert found[0].odds == odds
    assert np.isfinite(found[0].score)


class Waiting(SharedWordsReader):
    """Goes on reading when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = threading.Event()
        self.is_begun = threading.Semaphore(0)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        self.is_begun.release()
        self.may_go_on.wait(10)
        return super().scores(question, passages)


def test_while_many_questions_are_read_only_the_first_passage_is() -> None:
    model = Waiting()
    reader = Reader(model, DOUBT)
    others = [threading.Thread(target=reader.read, args=(f"question {n}", MANY)) for n in range(_HURRIED)]
    for other in others:
        other.start()
        assert model.is_begun.acquire(timeout=60)

    hurried = threading.Thread(target=reader.read, args=(QUESTION, MANY))
    hurried.start()
    assert model.is_begun.acquire(timeout=60)
    model.may_go_on.set()
    for each in (*others, hurried):
        each.join(10)

    assert [question for question, _ in model.read].count(QUESTION) == 1
    assert [question for question, _ in model.read].count("question 0") == MOST_READ


class Failing(SharedWordsReader):
    """Fails as often as it is told to, then reads."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        self.times -= 1
        if self.times >= 0:
            raise RuntimeError
        return super().scores(question, passages)


def test_a_question_that_fails_is_not_counted_any_more() -> None:
    model = Failing(_HURRIED)
    reader = Reader(model, DOUBT)
    for _ in range(_HURRIED):
        with pytest.raises(RuntimeError):
            reader.read(QUESTION, MANY)

    reader.read(QUESTION, MANY)

    assert len(model.read) == MOST_READ


def with_sentences(*sentences: str, scores: Sequence[float]) -> Candidate:
    """A candidate of these sentences, as near to the question as the scores say."""
    ends = np.cumsum([len(each) + 1 for each in sentences]).tolist()
    spans = tuple((end - len(each) - 1, end - 1) for each, end in zip(sentences, ends, strict=True))
    return replace(candidates(" ".join(sentences))[0], sentences=spans, sentence_scores=tuple(scores))


def test_of_sentences_about_as_near_the_one_that_answers_is_best() -> None:
    found = with_sentences("Boats sail.", "Schools who shares data with.", "Ferries sail.", scores=(0.5, 0.45, 0.2))
    model = SharedWordsReader(steps=3.0)

    read = Reader(model, Scale(offset=-6.0)).read_sentences(QUESTION, found)

    assert found.best_sentence == 0
    assert read.best_sentence == 1
    assert model.read[0] == (QUESTION, "Heading 0 Boats sail.")


def test_a_sentence_that_is_not_read_stays_behind_those_that_are() -> None:
    found = with_sentences(*["Boats sail."] * 6, scores=(0.5, 0.45, 0.44, 0.43, 0.42, 0.41))

    read = Reader(SharedWordsReader(), DOUBT).read_sentences(QUESTION, found)

    assert read.best_sentence == 0


def test_a_passage_of_one_sentence_needs_no_further_reading() -> None:
    model = SharedWordsReader()

    assert Reader(model).read_sentences(QUESTION, MANY[0]) is MANY[0]
    assert model.read == []
