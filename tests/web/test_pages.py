import asyncio

from assistant.errors import CorpusError
from assistant.records import ReportProgress
from assistant.web.opening import Opening
from assistant.web.pages import respond
from assistant.web.render import Turn
from tests.web.fake_assistant import REASON, FakeAssistant, answered


def opened(assistant: FakeAssistant) -> Opening:
    return Opening(lambda _: assistant)


def ask(question: str, turns: tuple[Turn, ...], opening: Opening, *, is_alone: bool = False) -> tuple[Turn, ...]:
    return asyncio.run(respond(question, turns, opening, is_alone=is_alone))


def test_a_question_gets_its_turn() -> None:
    turns = ask("What of children?", (), opened(FakeAssistant()))

    assert [(turn.question, turn.answer and turn.answer.status) for turn in turns] == [
        ("What of children?", "answered")
    ]


def test_a_question_is_asked_with_why_each_passage_was_found() -> None:
    (turn,) = ask("What of children?", (), opened(FakeAssistant()))

    assert turn.answer
    assert [hit.reason for hit in turn.answer.hits] == [REASON, REASON]


def test_earlier_questions_are_passed_on_but_not_those_that_were_none() -> None:
    assistant = FakeAssistant()
    opening = opened(assistant)

    turns = ask("What of children?", (), opening)
    turns = ask("?!", turns, opening)
    ask("And schools?", turns, opening)

    assert assistant.asked[-1] == ("And schools?", ("What of children?",))


def test_a_question_can_be_asked_on_its_own() -> None:
    assistant = FakeAssistant()

    ask("And schools?", (Turn("What of children?", answered("What of children?")),), opened(assistant), is_alone=True)

    assert assistant.asked == [("And schools?", ())]


def test_only_the_last_ten_questions_are_passed_on_and_the_last_fifty_turns_kept() -> None:
    assistant = FakeAssistant()
    turns = tuple(Turn(f"children {n}", answered(f"children {n}")) for n in range(50))

    turns = ask("children?", turns, opened(assistant))

    assert assistant.asked[0][1] == tuple(f"children {n}" for n in range(40, 50))
    assert len(turns) == 50
    assert turns[-1].question == "children?"


def test_a_problem_becomes_a_turn_that_asking_again_replaces() -> None:
    outcomes: list[Exception | FakeAssistant] = [CorpusError("corpus: no such folder."), FakeAssistant()]

    def open_at_second_try(_: ReportProgress) -> FakeAssistant:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    opening = Opening(open_at_second_try)

    failed = ask("What of children?", (), opening)
    turns = ask("What of children?", failed, opening)

    assert failed == (Turn("What of children?", problem="corpus: no such folder."),)
    assert [turn.problem for turn in turns] == [""]


def test_a_search_is_narrowed_to_objectives_and_its_turn_says_so() -> None:
    assistant = FakeAssistant()

    turns = asyncio.run(respond("What of children?", (), opened(assistant), objectives={7, 15}))

    assert assistant.narrowed == [frozenset({7, 15})]
    assert turns[0].objectives == {7, 15}


def test_a_question_asked_again_of_all_objectives_is_no_follow_up_to_itself() -> None:
    assistant = FakeAssistant()
    opening = opened(assistant)

    turns = asyncio.run(respond("What of children?", (), opening, objectives={15}))
    asyncio.run(respond("What of children?", turns, opening))

    assert assistant.asked == [("What of children?", ()), ("What of children?", ())]
    assert assistant.narrowed == [{15}, set()]
