import time

from assistant.web.api.suggestions import MOST, Suggestions
from assistant.web.rendering.strings import read_strings
from tests.web.fake_assistant import FakeAssistant, answered

STRINGS = read_strings("en")
GOOD, BAD = "What of children?", "Who won the cup?"


def checked() -> tuple[Suggestions, FakeAssistant]:
    """Suggestions whose questions have been checked."""
    suggestions, assistant = Suggestions((GOOD, BAD)), FakeAssistant()
    deadline = time.monotonic() + 60
    while not suggestions.questions(assistant, STRINGS) and time.monotonic() < deadline:
        time.sleep(0.01)
    return suggestions, assistant


def test_only_questions_that_are_answered_are_suggested() -> None:
    suggestions, assistant = checked()

    assert suggestions.questions(assistant, STRINGS)[0].question == GOOD
    assert [each.text for each in suggestions.matching("childr", assistant, STRINGS)] == [GOOD]
    assert suggestions.matching("cup", assistant, STRINGS) == []


def test_places_and_headings_are_found_by_the_beginnings_of_their_words() -> None:
    suggestions, assistant = checked()

    found = suggestions.matching("back", assistant, STRINGS)

    assert {each.kind for each in found} == {"place", "heading"}
    assert all(each.address.startswith("documents/background-note/para-4") for each in found)
    assert len(found) <= MOST
    assert suggestions.matching("  ", assistant, STRINGS) == []


def test_below_an_answer_stand_questions_that_are_answered_elsewhere() -> None:
    suggestions, assistant = checked()

    assert suggestions.following(answered(GOOD), assistant, STRINGS, ()) == []  # the one that is known is answered here
