from pathlib import Path

from tests.journeys.opened import opened


def test_a_refusal_says_where_the_topic_falls(folder: Path) -> None:
    answer = opened(folder).ask("word7 of Zebra and unicorn")

    assert answer.status == "not_in_documents"
    assert answer.objectives[0].objective.number == 7
    assert len(answer.objectives) == 3
