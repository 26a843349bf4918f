from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.evaluation.questions import Row, ask_all, read_gold, relevant_passages
from tests.evaluation.fixed_assistant import Fixed, passage


def test_of_a_paragraph_cut_in_parts_those_with_the_evidence_answer() -> None:
    cut = [passage("para. 1", "about one thing", number=1), passage("para. 1", "about another", number=2)]

    assert relevant_passages(cut, {"locators": ["para. 1"], "evidence": "another"}) == {"note#2"}
    assert relevant_passages(cut, {"expected": [["note", "para. 1"]]}) == {"note#1", "note#2"}
    assert relevant_passages(cut, {"expected": [["other", "para. 1"]]}) == set()
    assert relevant_passages(cut, {"question": "unanswerable"}) == set()


def test_a_quotation_counts_when_it_overlaps_with_the_words_that_answer() -> None:
    rows: list[Row] = [
        {"question": "Yes", "locators": ["para. 1"], "evidence": "the  exact\nwords of it"},
        {"question": "Yes", "locators": ["para. 1"], "evidence": ["other words", "exact"]},
        {"question": "Yes", "locators": ["para. 1"], "evidence": "other words"},
        {"question": "no", "locators": ["para. 1"], "evidence": "exact"},
    ]

    asked = ask_all(Fixed("para. 1"), rows)

    assert [each.is_quoted for each in asked] == [True, True, False, False]


def test_only_answerable_questions_are_ranked() -> None:
    rows: list[Row] = [{"question": "Yes", "locators": ["para. 2"]}, {"question": "Yes", "kind": "far"}]

    answerable, unanswerable = ask_all(Fixed("para. 1", "para. 2"), rows)

    assert (answerable.ranking, answerable.is_right) == (("note#1", "note#2"), False)
    assert (unanswerable.ranking, unanswerable.is_answerable) == ((), False)


def test_questions_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("{", encoding="utf-8")

    with pytest.raises(InputError, match=r"gold\.jsonl"):
        read_gold(tmp_path / "gold.jsonl")
