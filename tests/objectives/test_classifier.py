import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import Assistant
from assistant.objectives.classifier import LIKELY, ObjectiveClassifier
from assistant.objectives.table import read_objectives
from assistant.records import Example
from tests.conftest import ROOT
from tests.fakes import BagOfWordsEncoder

WORDS = {
    1: "data statistics census",
    2: "poverty drought conflict",
    3: "website leaflet hotline",
    0: "agenda lunch vote",
}


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """Ten short texts of each of four classes, and nine of two at once."""
    return [
        Example(f"{words.split()[i % 3]} {words.split()[(i + 1) % 3]} in case {i}", number)
        for number, words in WORDS.items()
        for i in range(10)
    ] + [Example(f"{WORDS[2].split()[i % 3]} {WORDS[3].split()[i // 3]}", 2, (3,)) for i in range(9)]


@pytest.fixture(scope="module")
def classifier(examples: list[Example]) -> ObjectiveClassifier:
    """What is learned from them."""
    return ObjectiveClassifier.fit(examples, BagOfWordsEncoder().encode_passages([e.text for e in examples]).vectors)


def confidences_of(classifier: ObjectiveClassifier, text: str) -> dict[int, float]:
    (confidences,) = classifier.confidences([text], BagOfWordsEncoder().encode_passages([text]).vectors)
    return confidences


def test_a_text_falls_under_what_its_words_were_learned_for(classifier: ObjectiveClassifier) -> None:
    confidences = confidences_of(classifier, "a census of statistics")

    assert max(confidences, key=confidences.__getitem__) == 1
    assert confidences[1] > 0.7


def test_a_text_that_belongs_to_none_leaves_little_for_any(classifier: ObjectiveClassifier) -> None:
    assert sum(confidences_of(classifier, "lunch and the agenda").values()) < 0.4


def test_several_objectives_may_hold_or_none(classifier: ObjectiveClassifier) -> None:
    texts = ["census", "lunch and a vote", "drought conflict leaflet hotline"]

    chances = classifier.objective_probabilities(texts, BagOfWordsEncoder().encode_passages(texts).vectors)

    assert chances.shape == (3, len(classifier.objectives))
    assert (chances > 0).all()
    assert chances[1].max() < LIKELY
    assert (chances[2, 1:] > LIKELY).all()


def test_the_words_that_decided_are_named(classifier: ObjectiveClassifier) -> None:
    text = "the drought came before the website"

    assert classifier.explain(text, 2, BagOfWordsEncoder().encode_query(text))[0] == "drought"
    assert classifier.explain(text, 3, BagOfWordsEncoder().encode_query(text))[0] == "website"


def test_it_is_kept_and_made_again(classifier: ObjectiveClassifier) -> None:
    again = ObjectiveClassifier.from_arrays(classifier.arrays())

    assert confidences_of(again, "census and drought") == confidences_of(classifier, "census and drought")


def gold(name: str) -> list[dict[str, Any]]:
    path = ROOT / "tests" / "gold" / f"objectives-{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# Well under what is measured (docs/evaluation.md), well over what the titles alone reach (0.41 and 0.56).
FLOORS = {"topic": (0.85, 0.93), "practice": (0.85, 0.93), "action": (0.85, 0.93)}


@pytest.mark.parametrize("kind", FLOORS)
def test_unseen_texts_of_each_kind_fall_under_the_right_objective(assistant: Assistant, kind: str) -> None:
    rows = [row for row in gold("dev") if row["kind"] == kind]

    ranked = list(assistant.classify_all([row["text"] for row in rows]))

    numbers = [[match.objective.number for match in matches] for matches in ranked]
    first = np.mean([n[0] in (row["objective"], *row["also"]) for n, row in zip(numbers, rows, strict=True)])
    among_three = np.mean([row["objective"] in n[:3] for n, row in zip(numbers, rows, strict=True)])
    assert first >= FLOORS[kind][0]
    assert among_three >= FLOORS[kind][1]


def test_the_examples_share_no_text_with_the_questions(corpus_folder: Path) -> None:
    examples = {example.text.lower() for example in read_objectives(corpus_folder / "objectives.toml").examples}

    assert not [row["id"] for name in ("dev", "test") for row in gold(name) if row["text"].lower() in examples]
