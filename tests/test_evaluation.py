import math
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.evaluation import (
    figure,
    objective_figures,
    read_gold,
    refusal_figures,
    reliability,
    retrieval_figures,
)
from assistant.records import Answer, Hit, Objective, ObjectiveMatch, Passage, Source


def hit(locator: str, text: str = "words") -> Hit:
    return Hit(Passage(Source("note", "Note"), 1, "", locator, text, 0, len(text)), 0.5)


class Fixed:
    """Finds the same paragraphs whatever is asked, and answers what begins with a capital."""

    def __init__(self, *locators: str) -> None:
        self._hits = tuple(hit(locator) for locator in locators)

    def ask(
        self, question: str, *, history: Sequence[str] = (), objectives: Collection[int] = (), top_k: int = 5
    ) -> Answer:
        if question[0].islower():
            return Answer(question, question, "not_in_documents", "")
        return Answer(question, question, "answered", "", answer="the exact words", hits=self._hits)

    def ranked_hits(self, question: str, *, history: Sequence[str] = (), top_k: int = 5) -> tuple[Hit, ...]:
        return self._hits[:top_k]

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        return iter(())


def test_ranks_become_the_fields_measures() -> None:
    rows = [
        {"question": "One", "expected": [["note", "para. 1"]], "evidence": []},
        {"question": "two", "expected": [["note", "para. 3"]], "evidence": []},
        {"question": "Three", "expected": [["other", "para. 1"]], "evidence": ["exact words"]},
    ]

    figures = {
        each.name: each.value for each in retrieval_figures(Fixed("para. 1", "para. 2", "para. 3"), rows, name="n")
    }

    assert figures["n: recall@1"] == pytest.approx(1 / 3)
    assert figures["n: recall@5"] == pytest.approx(2 / 3)
    assert figures["n: MRR@10"] == pytest.approx((1 + 1 / 3) / 3)
    assert figures["n: nDCG@10"] == pytest.approx((1 + 1 / math.log2(4)) / 3)
    assert figures["n: answered"] == pytest.approx(2 / 3)
    assert figures["n: quotation holds the answer"] == pytest.approx(1 / 3)


def test_of_a_paragraph_cut_in_parts_the_one_with_the_evidence_counts() -> None:
    rows = [{"question": "One", "locators": ["para. 1"], "evidence": "elsewhere"}]

    figures = retrieval_figures(Fixed("para. 1"), rows, name="n")

    assert figures[0].value == 0


def test_refusals_are_counted_by_kind() -> None:
    rows = [
        {"question": "no", "kind": "near_miss"},
        {"question": "Yes", "kind": "near_miss"},
        {"question": "no", "kind": "far"},
    ]

    figures = refusal_figures(Fixed(), rows, name="n")

    assert [(each.name, each.value) for each in figures] == [("n: refused, near miss", 0.5), ("n: refused, far", 1.0)]


def test_objectives_are_right_defensible_or_among_three() -> None:
    ranking = [ObjectiveMatch(Objective(n, "", "", 0, 1), "inferred", 0.9 - n / 10) for n in (1, 2, 3, 4)]
    rows = [
        {"kind": "topic", "objective": 1, "also": []},
        {"kind": "topic", "objective": 3, "also": [1]},
        {"kind": "topic", "objective": 4, "also": []},
    ]

    figures = objective_figures([ranking] * 3, rows, name="n")

    assert [each.value for each in figures] == pytest.approx([1 / 3, 2 / 3, 2 / 3])
    assert reliability([ranking] * 3, rows)[1].split() == ["0.70", "to", "0.85", "0.800", "0.333", "3"]


def test_an_interval_holds_its_mean() -> None:
    shares = figure("n", [True, False, True, True])

    assert shares.low <= shares.value == 0.75 <= shares.high
    assert shares.count == 4
    assert math.isnan(figure("n", []).value)


def test_questions_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("{", encoding="utf-8")

    with pytest.raises(InputError, match=r"gold\.jsonl"):
        read_gold(tmp_path / "gold.jsonl")
