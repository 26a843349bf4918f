from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.evaluation.questions import (
    Row,
    ask_all,
    evidence_of,
    folded,
    holds_evidence,
    read_gold,
    relevant_passages,
)
from tests.evaluation.fixed_assistant import Fixed, passage


def test_of_a_paragraph_cut_in_parts_those_with_the_evidence_answer() -> None:
    cut = [passage("para. 1", "about one thing", number=1), passage("para. 1", "about another", number=2)]

    assert relevant_passages(cut, {"locators": ["para. 1"], "evidence": "another"}) == {"note#2"}
    assert relevant_passages(cut, {"expected": [["note", "para. 1"]]}) == {"note#1", "note#2"}
    assert relevant_passages(cut, {"expected": [["other", "para. 1"]]}) == set()
    assert relevant_passages(cut, {"question": "unanswerable"}) == set()


def test_where_no_paragraph_is_named_all_passages_that_hold_the_evidence_answer() -> None:
    passages = [
        passage("para. 1", "She said:\n“Boats  leave at noon.” Nobody asked."),
        passage("para. 2", 'Again: "Boats leave at noon."'),
        passage("para. 3", "Boats leave."),
    ]

    found = relevant_passages(
        passages, {"question": "When?", "evidence": ["'no such words'", "“Boats leave at noon.”"]}
    )

    assert found == {"note#1", "note#2"}


def test_a_good_half_of_evidence_that_was_cut_in_two_is_enough() -> None:
    words = "one two three four five six seven eight nine ten"

    assert holds_evidence("so one two three four five", [words])
    assert holds_evidence("six seven eight nine ten and on", [words])
    assert not holds_evidence("four five six seven", [words])
    assert not holds_evidence("one two three", ["one two three four five six"]), "too little to be told by a half"
    assert not holds_evidence("anything", [])


def test_white_space_and_the_kind_of_quotation_marks_are_no_difference() -> None:
    assert folded(" „So“\n  it\u00a0is, he’s «told» ") == '"So" it is, he\'s "told"'


def test_evidence_is_one_text_or_several_or_none() -> None:
    assert evidence_of({"evidence": "one"}) == ["one"]
    assert evidence_of({"evidence": ["one", "two"]}) == ["one", "two"]
    assert evidence_of({"kind": "near_miss"}) == evidence_of({"evidence": None}) == []


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


def test_the_chance_is_the_answers_own() -> None:
    rows: list[Row] = [{"question": "Yes", "kind": "far"}, {"question": "no", "kind": "far"}]

    assert [each.chance for each in ask_all(Fixed("para. 1"), rows)] == [0.75, 0.25]


def test_questions_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("{", encoding="utf-8")

    with pytest.raises(InputError, match=r"gold\.jsonl"):
        read_gold(tmp_path / "gold.jsonl")
