import asyncio
from typing import Any

import pytest

from assistant.errors import CorpusError, InputError
from assistant.records import ReportProgress
from assistant.web.app.opening import Answering, Opening
from assistant.web.rendering.questions import Asked, as_text, ask, leaning_on, read_asked, turn_of
from tests.web.fake_assistant import FakeAssistant


def test_a_question_is_read_with_all_that_goes_with_it() -> None:
    sent = {
        "question": " And schools? ",
        "history": ["What of children?"],
        "objectives": [7],
        "lang": "FR",
        "number": 2,
    }

    assert read_asked(sent) == Asked("And schools?", ("What of children?",), frozenset({7}), "fr", 2)


def test_only_the_question_is_needed() -> None:
    assert read_asked({"question": "Why?", "lang": "tlh"}) == Asked("Why?")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ([], "Send a JSON object."),
        ({}, "question: send text."),
        ({"question": "  "}, "question: send some text."),
        ({"question": "a", "history": "b"}, "history: send a list."),
        ({"question": "a", "history": [1]}, "history: send text."),
        ({"question": "a", "objectives": [24]}, "objectives: send whole numbers from 1 to 23."),
        ({"question": "a", "objectives": [True]}, "objectives: send whole numbers from 1 to 23."),
        ({"question": "a", "number": "1"}, "number: send whole numbers from 1 to 10000."),
    ],
)
def test_a_field_that_is_wrong_is_named(sent: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_asked(sent)


def test_a_question_that_is_asked_again_does_not_refer_to_itself() -> None:
    assert leaning_on(["a", "", "b", "a"], "a") == ("b",)
    assert len(leaning_on([str(n) for n in range(99)], "a")) == 10


def test_half_a_surrogate_pair_is_replaced_and_a_long_text_is_cut() -> None:
    assert as_text(" \ud800a ") == "?a"
    assert len(as_text("a" * 9999)) == 2000


def test_a_problem_becomes_part_of_the_turn() -> None:
    def fail(_: ReportProgress) -> Answering:
        raise CorpusError("corpus: no such folder.")

    turn = asyncio.run(turn_of(Asked("Why?", objectives=frozenset({7})), Opening(fail)))

    assert (turn.question, turn.answer, turn.problem) == ("Why?", None, "corpus: no such folder.")
    assert turn.objectives == {7}


def test_an_answer_comes_with_the_question_s_objectives() -> None:
    assistant = FakeAssistant()

    turn = ask(Asked("What of children?", objectives=frozenset({7})), assistant)

    assert turn.answer
    assert turn.objectives == {7}
    assert assistant.narrowed == [frozenset({7})]
