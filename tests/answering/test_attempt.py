import math

import pytest

from assistant.answering.answerability import Answerability
from assistant.answering.attempt import Attempt, best_attempt
from assistant.answering.judge import Judges
from assistant.retrieval import Finders


@pytest.fixture(scope="module")
def made(finders: Finders) -> Judges:
    return Judges(finders, Answerability.read().threshold)


def test_a_named_place_has_all_support(made: Judges) -> None:
    attempt = Attempt.of(made.of(made.finders.english), "What does para. 2 say?", (), top_k=6)

    assert attempt.support == math.inf
    assert attempt.is_answered


def test_nothing_found_has_none(made: Judges) -> None:
    attempt = Attempt.of(made.of(made.finders.english), "", (), top_k=0)

    assert (attempt.support, attempt.is_answered, attempt.chance) == (-math.inf, False, 0.0)


def test_of_several_attempts_the_best_supported_is_kept(made: Judges) -> None:
    judge, hopeless = made.of(made.finders.english), made.of(made.finders.english)

    best = best_attempt([hopeless, judge], "Who protects children?", (), top_k=6)

    assert best.candidates[0].passage.locator == "para. 1"


def test_a_follow_up_is_searched_for_with_what_it_leans_on_where_a_passage_is_on_both(made: Judges) -> None:
    judge = made.of(made.finders.english)

    attempt = Attempt.of(judge, "and by the authorities?", ["How are children protected?"], top_k=6)

    assert [candidate.passage.locator for candidate in attempt.candidates] == ["para. 1"]
    assert attempt.left_out == ""


def test_a_follow_up_is_searched_for_by_itself_where_no_passage_is_on_both(made: Judges) -> None:
    judge = made.of(made.finders.english)

    attempt = Attempt.of(judge, "and for data?", ["How are children protected?"], top_k=6)

    assert [candidate.passage.locator for candidate in attempt.candidates] == ["para. 2"]
    assert (attempt.understood.text, attempt.left_out) == ("and for data?", "How are children protected?")


def test_a_follow_up_that_adds_what_no_passage_has_is_not_answered(made: Judges) -> None:
    judge = made.of(made.finders.english)

    attempt = Attempt.of(judge, "and for zebras?", ["How are children protected?"], top_k=6)

    assert (attempt.probability, attempt.is_answered, attempt.left_out) == (0.0, False, "")
    assert attempt.candidates
