from pathlib import Path

from tests.journeys.opened import opened


def test_a_refusal_says_where_the_topic_falls(folder: Path) -> None:
    answer = opened(folder).ask("word7 of Zebra and unicorn")

    assert answer.status == "not_in_documents"
    assert answer.objectives[0].objective.number == 7
    assert len(answer.objectives) == 3


def test_stated_is_only_what_the_passage_that_answers_names(folder: Path) -> None:
    text = "GCM objective 7 shares zebras.\n\nUnicorns share hay.\n"
    (folder / "corpus" / "zebras.txt").write_text(text, encoding="utf-8")
    assistant = opened(folder)

    elsewhere = assistant.ask("Does objective 7 share health?", documents={"health"})
    there = assistant.ask('"objective 7"')

    assert [(match.objective.number, match.basis) for match in elsewhere.objectives[:1]] == [(7, "inferred")]
    assert [(match.objective.number, match.basis) for match in there.objectives[:1]] == [(7, "stated")]
