import numpy as np
import pytest

from assistant.records import Passage, Source
from assistant.retrieval.candidates import Candidate, Features, Understood

NONE = np.zeros(0, dtype=np.float32)  # no objectives

PASSAGE = Passage(Source("note", "Note"), 1, "", "para. 1", "One. Two.", 0, 9)


def candidate(*, is_named: bool = False, odds: float | None = None) -> Candidate:
    features = Features(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, is_named)
    return Candidate(0, PASSAGE, features, ((0, 4), (5, 9)), (0.3, 0.9), NONE, odds=odds)


def test_a_named_passage_scores_one_more() -> None:
    assert candidate().score == 0.7
    assert candidate(is_named=True).score == 1.7


def test_a_passage_that_was_read_scores_more_the_surer_it_answers() -> None:
    scores = [candidate(odds=odds).score for odds in (-20.0, -1.0, 0.0, 1.0, 20.0)]

    assert scores == sorted(set(scores))
    assert scores[0] == pytest.approx(candidate().score, abs=1e-3)
    assert scores[-1] < candidate(is_named=True).score


def test_the_best_sentence_is_the_one_with_the_greatest_score() -> None:
    assert candidate().best_sentence == 1


def test_the_last_reading_is_what_was_typed_and_each_part_is_a_question() -> None:
    understood = Understood("A? And b?", (("A? And b?", 0.6), ("And b?", 0.4)), parts=("A?", "b?"))

    assert understood.typed == "And b?"
    assert [part.text for part in understood.alone] == ["A?", "b?"]
    assert [part.readings for part in understood.alone] == [(("A?", 1.0),), (("b?", 1.0),)]
