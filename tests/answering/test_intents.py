import json
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.intents import (
    INTENTS,
    OF_MEETING,
    IntentModel,
    asks_of_meeting_alone,
    intent_of,
    learned,
    save,
)
from assistant.encoding import NanoEncoder, identify
from tests.conftest import ROOT
from tests.fakes import BagOfWordsEncoder


def test_the_models_that_ship_are_those_of_the_encoders_that_ship() -> None:
    assert learned().keys() == {identify().sha256, NanoEncoder().identity.sha256}


def test_the_likeliest_intent_counts_only_where_it_is_likely() -> None:
    weights = np.zeros((len(INTENTS), 2), dtype=np.float32)
    weights[INTENTS.index("when")] = [4.0, -2.0]
    model = IntentModel(weights)

    assert model.intent(np.array([2.0], dtype=np.float32)) == "when"
    assert model.intent(np.array([-2.0], dtype=np.float32)) != "when"


def test_with_an_encoder_that_nothing_was_learned_for_all_ask_what_documents_say() -> None:
    assert intent_of("Summarise the note", [BagOfWordsEncoder()]) == "content"


@pytest.mark.parametrize("question", ["paragraph 4", "objectives 22 and 23", "guiding question 3"])
def test_a_place_alone_is_asked_of_the_documents(question: str) -> None:
    assert intent_of(question, []) == "content"


def test_what_asks_of_lunch_asks_of_more_than_the_meeting() -> None:
    assert asks_of_meeting_alone("What time does the round table start?")
    assert not asks_of_meeting_alone("What time does lunch start?")


def test_models_are_read_as_they_were_kept(tmp_path: Path) -> None:
    save({"a": np.ones((len(INTENTS), 3), dtype=np.float32)}, ["When is it?"], tmp_path / "kept.npz")

    kept = learned(tmp_path / "kept.npz")

    assert kept.keys() == {"a"}
    assert kept["a"].weights.dtype == np.float32


def test_questions_for_learning_and_for_testing_are_apart() -> None:
    rows = {
        split: [json.loads(line) for line in (ROOT / "tests/gold" / f"intent-{split}.jsonl").read_text().splitlines()]
        for split in ("fit", "dev", "test")
    }
    asked = [row["question"].casefold() for each in rows.values() for row in each]

    assert len(asked) == len(set(asked))
    assert {row["intent"] for each in rows.values() for row in each} == set(INTENTS) >= OF_MEETING
