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
