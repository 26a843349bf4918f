from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.answerability import (
    ACROSS_LANGUAGES,
    READ,
    UNREAD,
    Answerability,
    features_of,
    from_log_odds,
    log_odds,
)
from assistant.records import Passage, Source
from assistant.retrieval.candidates import Candidate, Features, WordMatch

NONE = np.zeros(0, dtype=np.float32)  # no objectives
READING = {"read", "read well", "read second"}
MADE_UP = Answerability({"score": 0.5, "gap": 0.1}, {"score": 0.2, "gap": 0.1}, {"score": 2, "gap": 1}, -1, 0.5, 0, "")


def candidate(text: str = "data", *, score: float = 0.5, odds: float | None = None) -> Candidate:
    passage = Passage(Source("note", "Note"), 1, "", "para. 1", text, 0, len(text))
    features = Features(score, score, score, score, score, score, score)
    return Candidate(0, passage, features, ((0, len(text)),), (score,), NONE, odds=odds)


def signs(*candidates: Candidate) -> dict[str, float]:
    words = (WordMatch("data", 0.9, 2.0, True, True, False), WordMatch("Mars", 0.2, 4.0, False, False, True))
    objectives = {"same objective": 0.8, "other objective": 0.1, "no objective": 0.1}
    return features_of(candidates or [candidate()], words, objectives)


def read(*odds: float | None) -> dict[str, float]:
    """The signs of passages that the reader gave these log odds, by name."""
    found = signs(*(candidate(odds=each) for each in odds))
    return {name: value for name, value in found.items() if name in READING}


def test_unmatched_words_and_unknown_names_are_told() -> None:
    found = signs()

    assert found["weakest word"] == 0.2
    assert found["names unknown"] == 1.0
    assert found["words unknown"] == pytest.approx(2 / 3)
    assert found["words in passage"] == pytest.approx(1 / 3)


def test_how_far_the_best_passage_stands_out_is_told() -> None:
    assert signs(candidate(score=0.8), candidate(score=0.4), candidate(score=0.2))["gap"] == pytest.approx(0.5)
    assert signs(candidate(score=0.8))["gap"] == 0.0


def test_what_the_reader_made_of_the_passages_is_told_whatever_their_order() -> None:
    assert read(-1.0, 2.0, -3.0) == {"read": 2.0, "read well": 2.0, "read second": -1.0}
    assert read(-1.0, None, None) == {"read": -1.0, "read well": 0.0, "read second": -1.0}
    assert read(None, None) == {}


@pytest.mark.parametrize(("weights", "odds"), [(READ, 1.0), (UNREAD, None)])
def test_the_shipped_weights_know_no_sign_that_is_not_told(weights: Path, odds: float | None) -> None:
    fitted, told = Answerability.read(weights), signs(candidate(odds=odds))

    assert fitted.weights.keys() <= told.keys()
    assert fitted.weights.keys() <= fitted.means.keys() & fitted.scales.keys()
    assert 0 < fitted.threshold < 1
    assert 0 < fitted.chance(told) < 1


def test_only_where_passages_are_read_does_the_reading_count() -> None:
    assert READING & Answerability.read(READ).weights.keys()
    assert not READING & Answerability.read(UNREAD).weights.keys()


@pytest.mark.parametrize("weights", [READ, UNREAD])
def test_no_sign_looks_at_how_a_question_is_put(weights: Path) -> None:
    assert not [name for name in Answerability.read(weights).weights if name.startswith(("asks", "form"))]


def test_weights_are_known_by_their_bytes() -> None:
    assert len({Answerability.read(weights).sha256 for weights in (READ, UNREAD, ACROSS_LANGUAGES)}) == 3


def test_a_sign_counts_by_its_weight_and_by_its_distance_from_the_usual() -> None:
    assert MADE_UP.chance({"score": 0.5, "gap": 0.1}) == pytest.approx(from_log_odds(-1))
    assert MADE_UP.chance({"score": 0.7, "gap": 0.0, "other": 9.0}) == pytest.approx(from_log_odds(-1 + 2 - 1))


def test_a_sign_that_is_left_out_counts_as_usual() -> None:
    without = MADE_UP.without(["gap", "none of its signs"])

    assert without.weights == {"score": 2}
    assert without.chance({"score": 0.7, "gap": 9.0}) == MADE_UP.chance({"score": 0.7, "gap": 0.1})


def test_no_sign_is_too_extreme() -> None:
    odd = replace(MADE_UP, weights={"score": 1e9})

    assert [odd.chance({"score": score, "gap": 0.0}) for score in (-1e9, 1e9)] == pytest.approx([0.0, 1.0])


@pytest.mark.parametrize("chance", [0.001, 0.3, 0.5, 0.99])
def test_a_chance_and_its_log_odds_say_the_same(chance: float) -> None:
    assert from_log_odds(log_odds(chance)) == pytest.approx(chance)
    assert -15 < log_odds(0.0) < log_odds(1.0) < 15
