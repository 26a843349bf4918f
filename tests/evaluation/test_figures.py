import json
import math
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.evaluation.figures import (
    Outcome,
    Row,
    conversation_figures,
    evaluate,
    latency_figures,
    objective_figures,
    outcomes,
    question_figures,
    read_gold,
    relevant_passages,
)
from assistant.records import Answer, Hit, Objective, ObjectiveMatch, Passage, Source


def passage(locator: str, text: str = "words", *, number: int = 0) -> Passage:
    return Passage(Source("note", "Note"), number or int(locator[-1]), "", locator, text, 0, len(text))


def matches(*numbers: int) -> tuple[ObjectiveMatch, ...]:
    return tuple(ObjectiveMatch(Objective(n, "", "", 0, 1), "inferred", 0.9 - n / 10) for n in numbers)


class Fixed:
    """Finds the same paragraphs whatever is asked, and answers what begins with a capital."""

    languages = ("en",)

    def __init__(self, *locators: str) -> None:
        self.passages = tuple(passage(locator) for locator in locators)
        self.histories: list[list[str]] = []

    def ask(
        self, question: str, *, history: Sequence[str] = (), objectives: Collection[int] = (), top_k: int = 5
    ) -> Answer:
        self.histories.append(list(history))
        if question[0].islower():
            return Answer(question, question, "not_in_documents", "", elapsed_ms=10)
        return Answer(question, question, "answered", "", answer="the exact words", elapsed_ms=30)

    def ranked_hits(self, question: str, *, history: Sequence[str] = (), top_k: int = 5) -> tuple[Hit, ...]:
        return tuple(Hit(each, 0.5) for each in self.passages[:top_k])

    def chance(self, question: str, *, history: Sequence[str] = ()) -> float:
        return 0.25 if question[0].islower() else 0.75

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        return iter([matches(1, 2, 3, 4)] * len(topics))


def values_of(assistant: Fixed, rows: Sequence[Row]) -> dict[str, float]:
    return {each.name: each.value for each in question_figures(outcomes(assistant, rows), name="n")}


def test_ranks_become_the_fields_measures() -> None:
    rows = [
        {"question": "One", "expected": [["note", "para. 1"]], "evidence": []},
        {"question": "two", "expected": [["note", "para. 3"]], "evidence": []},
        {"question": "Three", "expected": [["other", "para. 1"]], "evidence": ["exact words"]},
    ]

    values = values_of(Fixed("para. 1", "para. 2", "para. 3"), rows)

    assert values["n: recall@1"] == pytest.approx(1 / 3)
    assert values["n: recall@5"] == pytest.approx(2 / 3)
    assert values["n: MRR@10"] == pytest.approx((1 + 1 / 3) / 3)
    assert values["n: nDCG@10"] == pytest.approx((1 + 1 / math.log2(4)) / 3)
    assert values["n: answered"] == pytest.approx(2 / 3)
    assert values["n: quotation holds the answer"] == pytest.approx(1 / 3)
    assert values["n: right when answered"] == pytest.approx(1 / 2)


def test_of_a_paragraph_cut_in_parts_those_with_the_evidence_answer() -> None:
    cut = [passage("para. 1", "about one thing", number=1), passage("para. 1", "about another", number=2)]

    assert relevant_passages(cut, {"locators": ["para. 1"], "evidence": "another"}) == {"note#2"}
    assert relevant_passages(cut, {"expected": [["note", "para. 1"]]}) == {"note#1", "note#2"}
    assert relevant_passages(cut, {"expected": [["other", "para. 1"]]}) == set()
    assert relevant_passages(cut, {"question": "unanswerable"}) == set()


def test_all_expected_paragraphs_are_relevant() -> None:
    rows = [{"question": "One", "expected": [["note", "para. 1"], ["note", "para. 3"]], "evidence": []}]

    values = values_of(Fixed("para. 1", "para. 2", "para. 3"), rows)

    assert values["n: nDCG@10"] == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3)))


def test_refusals_are_counted_by_kind() -> None:
    rows = [
        {"question": "no", "kind": "near_miss"},
        {"question": "Yes", "kind": "near_miss"},
        {"question": "no", "kind": "far"},
    ]

    values = values_of(Fixed(), rows)

    assert values["n: refused, near miss"] == 0.5
    assert values["n: refused, far"] == 1.0
    assert values["n: right when answered"] == 0


def test_the_chance_is_held_against_what_the_documents_answer() -> None:
    answerable: Row = {"expected": [["note", "para. 1"]], "evidence": []}
    rows: list[Row] = [
        {"question": "Yes", **answerable},
        {"question": "no", **answerable},
        {"question": "Yes", "kind": "near_miss"},
        {"question": "no", "kind": "far"},
    ]

    values = values_of(Fixed("para. 1"), rows)

    assert values["n: AUROC, near misses"] == pytest.approx(0.25)
    assert values["n: AUROC, all unanswerable"] == pytest.approx(0.5)
    assert values["n: calibration error"] == pytest.approx(0.25)


def test_of_a_conversation_the_last_turn_is_asked_after_the_others() -> None:
    assistant = Fixed("para. 1")
    rows: list[Row] = [
        {"turns": ["First", "Then"], "expected": [["note", "para. 1"]], "status": "answered"},
        {"turns": ["First", "then"], "expected": [], "status": "not_in_documents"},
        {"turns": ["First", "Then"], "expected": [], "status": "not_in_documents"},
    ]

    figures = conversation_figures(outcomes(assistant, rows), name="n")

    values = {each.name: (each.value, each.count) for each in figures}
    assert assistant.histories == [["First"]] * 3
    assert values["n: recall@1"] == (1.0, 1)
    assert values["n: answered"] == (1.0, 1)
    assert values["n: refused"] == (0.5, 2)


def test_objectives_are_right_defensible_or_among_three() -> None:
    rows = [
        {"kind": "topic", "objective": 1, "also": []},
        {"kind": "topic", "objective": 3, "also": [1]},
        {"kind": "topic", "objective": 4, "also": []},
    ]

    figures = objective_figures([matches(1, 2, 3, 4)] * 3, rows, name="n")

    assert [each.value for each in figures] == pytest.approx([1 / 3, 2 / 3, 2 / 3, 0.8 - 1 / 3])
    assert [each.kind for each in figures] == ["share"] * 3 + ["error"]


def test_latency_is_a_median_and_a_tail() -> None:
    asked = [Outcome("", True, frozenset(), (), 0.5, True, True, float(n)) for n in range(1, 102)]

    median, tail = latency_figures(asked, name="n")

    assert (median.value, tail.value, tail.kind) == (51, 96, "time")


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


def test_questions_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("{", encoding="utf-8")

    with pytest.raises(InputError, match=r"gold\.jsonl"):
        read_gold(tmp_path / "gold.jsonl")
