import math

import pytest

from assistant.answering.attempt import Attempt, best_attempt
from assistant.answering.judge import Judges
from assistant.index import Filter
from assistant.retrieval import Finders


@pytest.fixture(scope="module")
def made(finders: Finders) -> Judges:
    return Judges(finders, 0.5)


def test_a_named_place_has_all_support(made: Judges) -> None:
    attempt = Attempt.of(made.english, "What does para. 2 say?", (), top_k=6)

    assert (attempt.probability, attempt.support) == (1.0, math.inf)
    assert attempt.is_answered


def test_nothing_found_has_least_support(made: Judges) -> None:
    attempt = Attempt.of(made.english, "", (), top_k=0)

    assert (attempt.is_answered, attempt.probability) == (False, 0.0)
    assert attempt.support < Attempt.of(made.english, "Who protects children?", (), top_k=6).support


def test_a_question_is_answered_from_the_threshold_on(finders: Finders) -> None:
    question = "Are children protected by the authorities?"

    attempts = [Attempt.of(Judges(finders, each).english, question, (), top_k=6) for each in (0.0, 1.0)]

    assert [each.is_answered for each in attempts] == [True, False]
    assert len({each.probability for each in attempts}) == 1


def test_passages_are_left_out_as_if_they_were_not_there(made: Judges) -> None:
    narrowed = Filter(without={"made-up#1"})

    attempt = Attempt.of(made.english, "Who protects children?", (), top_k=6, narrowed=narrowed)

    assert {each.passage.locator for each in attempt.candidates} == {"para. 2", "para. 3", "para. 4"}


def test_of_several_attempts_the_best_supported_is_kept(made: Judges) -> None:
    best = best_attempt([made.english, made.english], "Who protects children?", (), top_k=6)

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
