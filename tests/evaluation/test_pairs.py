import math

import pytest

from assistant.evaluation.pairs import Pair, ask_pairs, pair_figures, wording_figure
from assistant.evaluation.questions import Row
from tests.evaluation.fixed_assistant import Fixed, passage

ANSWERED: Row = {"question": "Yes", "expected": [["note", "para. 1"]], "evidence": []}


def test_a_question_is_asked_again_as_if_what_answers_it_were_not_there() -> None:
    assistant = Fixed()
    assistant.passages = (
        passage("para. 1", "Night ferries carry seasonal workers home."),
        passage("para. 2", "Seasonal workers: night ferries carry these home."),  # says the same in other words
        passage("para. 3", "Schools teach a second language."),
    )

    (pair,) = ask_pairs(assistant, [ANSWERED])

    assert assistant.left_out == [{"note#1", "note#2"}]
    assert pair == Pair(is_answered=True, is_refused=True, is_right=True, chances=(0.75, 0.25))


def test_only_what_is_answered_and_stands_alone_is_asked_twice() -> None:
    rows: list[Row] = [
        {"question": "Yes", "kind": "near_miss"},
        {"turns": ["One", "Two"], "expected": [["note", "para. 1"]]},
        {"question": "Yes", "expected": [["other", "para. 1"]], "evidence": []},
    ]

    assert ask_pairs(Fixed("para. 1"), rows) == []


def test_a_first_passage_that_does_not_answer_is_not_right() -> None:
    assistant = Fixed("para. 1", "para. 2")
    assistant.passages = (passage("para. 1", "boats"), passage("para. 2", "trains"))

    (pair,) = ask_pairs(assistant, [{**ANSWERED, "expected": [["note", "para. 2"]]}])

    assert (pair.is_answered, pair.is_right) == (True, False)


def test_both_decisions_have_to_be_right() -> None:
    pairs = [
        Pair(is_answered=True, is_refused=True, is_right=True, chances=(0.9, 0.1)),
        Pair(is_answered=True, is_refused=False, is_right=True, chances=(0.8, 0.7)),
        Pair(is_answered=False, is_refused=True, is_right=False, chances=(0.3, 0.2)),
        Pair(is_answered=True, is_refused=True, is_right=False, chances=(0.6, 0.4)),
    ]

    figures = {each.name: (round(each.value, 4), each.count) for each in pair_figures(pairs, name="n")}

    assert figures["n: answered with its evidence"] == (0.75, 4)
    assert figures["n: refused without it"] == (0.75, 4)
    assert figures["n: both right"] == (0.5, 4)
    assert figures["n: of all answers, first passage right"] == (
        0.5,
        4,
    )  # three answers where it is, one where it isn't
    assert figures["n: AUROC over pairs"] == (round(13 / 16, 4), 8)


def test_one_who_judges_the_wording_alone_gets_no_pair_right() -> None:
    rows = [{**ANSWERED, "question": question} for question in ("Where is it!", "how many are there")]

    figures = {each.name: each.value for each in pair_figures(ask_pairs(Fixed("para. 1"), rows), name="n")}

    assert figures["n: answered with its evidence"] == figures["n: refused without it"] == 0.5
    assert figures["n: both right"] == 0.0
    assert figures["n: AUROC over pairs"] == 0.5


def test_without_pairs_nothing_is_measured() -> None:
    assert all(math.isnan(each.value) for each in pair_figures([], name="n"))


WORDED = {
    "one": [("Where is the office?", True), ("How many came?", False)],
    "two": [("Where is the school?", True), ("How many left?", False), ("How many stayed?", False)],
}


def test_a_wording_that_gives_the_answer_away_is_told() -> None:
    told = wording_figure(WORDED, name="n", among=["one", "two"])

    assert told.name == "n: AUROC of the wording alone"
    assert (told.value, told.count) == (1.0, 5)


def test_a_documents_wording_is_told_by_the_questions_of_the_others() -> None:
    contrary = {**WORDED, "two": [(question, not is_answered) for question, is_answered in WORDED["two"]]}

    assert wording_figure(contrary, name="n", among=["one"]).value == 0.0
    assert wording_figure({"one": WORDED["one"]}, name="n", among=["one"]).value == 0.5


def test_the_same_words_tell_nothing() -> None:
    same = {name: [("Where?", True), ("Where?", False)] for name in ("one", "two")}

    assert wording_figure(same, name="n", among=["one", "two"]).value == 0.5


@pytest.mark.parametrize("asked", [[], [("", True), ("?", False)], [("Where?", True)]])
def test_questions_without_words_or_of_one_kind_are_no_trouble(asked: list[tuple[str, bool]]) -> None:
    value = wording_figure({"one": asked, "two": WORDED["two"]}, name="n", among=["one"]).value

    assert math.isnan(value) or value == 0.5
