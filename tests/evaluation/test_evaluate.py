import json
from pathlib import Path

from assistant.evaluation.evaluate import evaluate
from assistant.evaluation.questions import Row
from tests.evaluation.fixed_assistant import Fixed


def test_a_whole_split_is_evaluated(tmp_path: Path) -> None:
    answerable: Row = {"expected": [["note", "para. 1"]], "evidence": []}
    gold: dict[str, list[Row]] = {
        "ask": [{"question": "Yes", **answerable}, {"question": "no", **answerable}],
        "refuse": [{"question": "Yes", "kind": "far"}, {"question": "no", "kind": "near_miss"}],
        "talk": [{"turns": ["Yes", "Yes"], **answerable}],
        "formal": [{"question": "Yes", "locators": ["para. 1"]}, {"question": "no", "locators": [], "kind": "far"}],
        "objectives": [{"text": "Topic", "kind": "topic", "objective": 1, "also": []}],
    }
    for name, rows in gold.items():
        (tmp_path / f"{name}-dev.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    done = evaluate(Fixed("para. 1"), Fixed("para. 1"), gold=tmp_path, split="dev", corpus="sha256:0", encoder="bag")

    names = [each.name for each in done.figures]
    assert len(names) == len(set(names))
    assert {name.partition(":")[0] for name in names} == {
        "documents",
        "conversations",
        "formal text",
        "objectives",
        "latency",
    }
    assert set(done.reliability) == {"documents", "formal text", "objectives"}
    assert done.risks["documents"].chosen == (0.5, 0.5)
    assert done.risks["documents"].points == ((0.5, 0.5), (1.0, 0.5))


def test_a_language_is_evaluated_beside_the_same_questions_in_english(tmp_path: Path) -> None:
    answerable: Row = {"expected": [["note", "para. 1"]], "evidence": []}
    gold: dict[str, list[Row]] = {
        "ask": [{"question": "Yes", **answerable}],
        "refuse": [],
        "talk": [],
        "formal": [],
        "objectives": [],
        "ask-fr": [{"question": "Oui", "english": "yes", **answerable}],
        "refuse-fr": [{"question": "non", "kind": "off_topic"}],
        "objectives-fr": [{"text": "Sujet", "objective": 1}],
        "ask-ru": [{"question": "Да", "english": "Yes", **answerable}],
    }
    for name, rows in gold.items():
        (tmp_path / f"{name}-dev.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    documents = Fixed("para. 1", languages=("en", "fr"))

    done = evaluate(documents, Fixed(), gold=tmp_path, split="dev", corpus="sha256:0", encoder="bag")

    values = {each.name: each.value for each in done.figures}
    assert values["French: recall@1"] == values["French: the same in English, recall@5"] == 1
    assert values["French: answered"] == values["French: refused, off topic"] == 1
    assert values["French: objective of a topic, right first"] == 1
    assert not any(name.startswith("Russian") for name in values), "the documents can't be asked in Russian"
