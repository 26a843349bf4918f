import math
from collections.abc import Sequence

import pytest

from assistant.evaluation.figures import (
    conversation_figures,
    latency_figures,
    objective_figures,
    parallel_figures,
    question_figures,
    several_figures,
)
from assistant.evaluation.questions import Outcome, Row, ask_all
from tests.evaluation.fixed_assistant import Fixed, matches


def values_of(assistant: Fixed, rows: Sequence[Row]) -> dict[str, float]:
    return {each.name: each.value for each in question_figures(ask_all(assistant, rows), name="n")}


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
    assert values["n: quotation right when answered"] == pytest.approx(1 / 2)


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

    figures = conversation_figures(ask_all(assistant, rows), name="n")

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


def test_of_several_objectives_each_is_counted_and_off_topic_none() -> None:
    rows = [{"kind": "topic", "objective": 2, "also": [1]}, {"kind": "off topic", "objective": 0, "also": []}]

    figures = {each.name: each for each in several_figures([matches(1, 2, 3)] * 2, rows, name="n")}

    assert figures["n: topic, right within three"].count == 1
    assert figures["n: average precision"].value == 1
    assert figures["n: F1 of what is likely"].value == pytest.approx(2 * 2 / (6 + 2))  # all six are likely
    assert figures["n: none likely, off topic"].value == 0
    assert figures["n: calibration error"].kind == "error"


def test_the_same_questions_are_held_against_each_other_in_all_languages() -> None:
    def outcome(kind: str, ranking: tuple[str, ...], *, is_answered: bool) -> Outcome:
        relevant = frozenset({"a"} if kind == "answerable" else ())
        return Outcome(kind, bool(relevant), relevant, ranking, 0.5, is_answered, False, 1.0)

    asked = {
        "en": [
            outcome("answerable", ("a",), is_answered=True),
            outcome("answerable", ("a", "b"), is_answered=True),
            outcome("near_miss", (), is_answered=False),
        ],
        "fr": [
            outcome("answerable", ("a",), is_answered=True),
            outcome("answerable", ("b", "a"), is_answered=False),
            outcome("near_miss", (), is_answered=False),
        ],
    }

    values = {each.name.removeprefix("n: "): each.value for each in parallel_figures(asked, name="n")}

    assert values == {
        "the same decision": pytest.approx(2 / 3),
        "the same first passage": 0.5,
        "recall@5, least language": 1,
        "answered, least language": 0.5,
        "refused, near miss, least language": 1,
    }


def test_latency_is_a_median_and_a_tail() -> None:
    asked = [Outcome("", True, frozenset(), (), 0.5, True, True, float(n)) for n in range(1, 102)]

    median, tail = latency_figures(asked, name="n")

    assert (median.value, tail.value, tail.kind) == (51, 96, "time")
