import json
from pathlib import Path

import pytest

from assistant.answering import UNREAD, Answerability
from assistant.evaluation import evaluate as module
from assistant.evaluation.evaluate import evaluate, evaluate_texts, open_alone, unseen_questions
from assistant.evaluation.questions import Row, evidence_of
from assistant.journeys import open_corpus
from assistant.settings import Settings
from tests.conftest import ROOT
from tests.evaluation.fixed_assistant import Fixed
from tests.fakes import BagOfWordsEncoder

BAG = BagOfWordsEncoder()


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


def test_documents_that_nothing_was_fitted_on_come_first_and_are_measured_together(tmp_path: Path) -> None:
    for name in ("ask", "refuse", "talk", "formal", "objectives"):
        (tmp_path / f"{name}-test.jsonl").touch()
    unseen: dict[str, tuple[Fixed, list[Row]]] = {
        name: (
            Fixed("para. 1"),
            [
                {"question": "Where", "evidence": "words"},
                {"question": "Where!", "evidence": "words"},
                {"question": "how many", "kind": "near_miss"},
            ],
        )
        for name in ("a.txt", "b.txt")
    }

    done = evaluate(Fixed(), Fixed(), unseen, gold=tmp_path, split="test", corpus="sha256:0", encoder="bag")

    figures = {each.name: (each.value, each.count) for each in done.figures}
    assert done.figures[0].name.startswith("unseen documents")
    assert figures["unseen documents: answered with its evidence"] == (1.0, 4)
    assert figures["unseen documents: both right"] == (0.5, 4)
    assert figures["unseen documents: refused, near miss"] == (1.0, 2)
    assert figures["unseen documents: AUROC of the wording alone"] == (1.0, 6)


def test_other_documents_are_asked_their_own_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "texts").mkdir()
    for name in ("a.txt", "b.md", "unasked.txt"):
        (tmp_path / "texts" / name).touch()
    rows: list[Row] = [
        {"doc": "a", "question": "Where", "evidence": ["words"]},
        {"doc": "b", "question": "no", "kind": "near_miss"},
        {"doc": "gone", "question": "Where", "evidence": ["words"]},
    ]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    asked: list[str] = []

    def open_fixed(document: Path, *_: object, **__: object) -> Fixed:
        asked.append(document.name)
        return Fixed("para. 1")

    monkeypatch.setattr(module, "open_alone", open_fixed)

    figures = evaluate_texts(Settings(), tmp_path / "texts", tmp_path / "questions.jsonl", report=lambda _: None)

    counts = {each.name: each.count for each in figures}
    assert asked == ["a.txt", "b.md"]
    assert counts["texts: answered with its evidence"] == counts["texts: refused, near miss"] == 1
    assert counts["texts: AUROC of the wording alone"] == 2


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings by which documents are opened with a bag of words."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "plan.txt").write_text("A plan\n\nStates share data.\n", encoding="utf-8")
    (tmp_path / "texts" / "other.txt").write_text("Another\n\nBoats leave at noon.\n", encoding="utf-8")
    monkeypatch.setattr(module, "open_corpus", lambda *given, **options: open_corpus(*given, **options, encoder=BAG))
    return Settings(tmp_path / "texts", tmp_path / "index")


def test_a_document_is_opened_alone_with_what_an_index_knows_and_without_some_signs(
    settings: Settings, tmp_path: Path
) -> None:
    open_corpus(settings, encoder=BAG)  # which takes its time to learn the objectives
    known = len(BAG.encoded)
    sign, *others = Answerability.read(UNREAD).weights

    opened = open_alone(
        tmp_path / "texts" / "plan.txt", tmp_path / "scratch", settings, without=[sign], report=lambda _: None
    )

    assert list(opened.documents) == ["plan"]
    assert len(BAG.encoded) == known
    assert opened.languages == ("en",)
    assert list(opened.judges.english.model.weights) == others
    assert opened.ask("Do states share data?").probability is not None


def test_every_unseen_document_of_the_project_has_questions_of_both_kinds() -> None:
    found = unseen_questions(ROOT / "tests" / "gold")

    assert set(found) == {path.name for path in (ROOT / "tests" / "data" / "unseen").iterdir()} - {"README.md"}
    for rows in found.values():
        near = [row for row in rows if row.get("kind") == "near_miss"]
        assert near
        assert not any(evidence_of(row) for row in near)
        assert all(evidence_of(row) for row in rows if row not in near)


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
