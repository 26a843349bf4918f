from pathlib import Path

import pytest

from tests.journeys.opened import opened


def test_a_topic_is_ranked_under_all_objectives(folder: Path) -> None:
    classification = opened(folder).classify("word7 and data", id=5)

    assert classification.objectives[0].objective.number == 7
    assert len(classification.objectives) == 23
    assert classification.objectives[0].why[0] == "word7"
    assert classification.id == 5


def test_a_topic_that_names_its_objective_is_stated(folder: Path) -> None:
    first = opened(folder).classify("word7 under GCM objective 3").objectives[0]

    assert (first.objective.number, first.basis, first.confidence, first.why) == (
        3,
        "stated",
        1.0,
        ("GCM objective 3",),
    )


def test_many_topics_are_ranked_as_one_is(folder: Path) -> None:
    assistant = opened(folder)
    topics = ["word7", "word11 data", "nothing known", ""]

    ranked = list(assistant.classify_all(topics))

    for topic, matches in zip(topics, ranked, strict=True):
        one_by_one = {match.objective.number: match.confidence for match in assistant.classify(topic).objectives}
        assert {match.objective.number: match.confidence for match in matches} == pytest.approx(one_by_one, abs=1e-3)
