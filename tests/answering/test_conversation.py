import pytest

from assistant.answering.conversation import says_nothing, understand

FIRST = "How should states inform migrants?"


def test_without_history_a_question_is_itself() -> None:
    understood = understand("and for children?", [])

    assert understood.text == "and for children?"
    assert understood.readings == (("and for children?", 1.0),)


def test_a_follow_up_is_read_with_the_question_before_it() -> None:
    understood = understand("and for children?", [FIRST])

    assert understood.text == f"{FIRST} and for children?"
    assert [text for text, _ in understood.readings] == [f"{FIRST} and for children?", "and for children?"]
    assert sum(weight for _, weight in understood.readings) == pytest.approx(1)


def test_a_phrase_that_is_added_is_kept_apart_from_what_it_is_added_to() -> None:
    understood = understand("and for children?", [FIRST])

    assert (understood.leant_on, understood.added) == (FIRST, "for children?")
    assert understand("Where is that said?", [FIRST]).added == ""
    assert understand("and for children?", []).added == ""


def test_a_follow_up_without_words_of_its_own_leans_more() -> None:
    pointing = understand("Where is that said?", [FIRST]).readings[-1][1]
    naming = understand("and for children?", [FIRST]).readings[-1][1]

    assert pointing < naming


def test_a_second_follow_up_leans_on_the_question_that_stood_alone() -> None:
    assert understand("and for workers?", [FIRST, "and for women?"]).text == f"{FIRST} and for workers?"


def test_a_change_of_topic_is_not_dragged_back() -> None:
    question = "Which hashtags can be used?"

    assert understand(question, [FIRST, "and for women?"]).text == question


@pytest.mark.parametrize(
    "question", ["hello", "Thanks!", "ok", "why?", "Who?", "tell me more", "Bonsoir !", "Спасибо!", "为什么？"]
)
def test_a_greeting_or_a_bare_word_says_nothing(question: str) -> None:
    assert says_nothing(question, [])


def test_a_bare_word_after_a_question_says_something() -> None:
    assert not says_nothing("why?", ["Are borders closed?"])
    assert not says_nothing("почему?", ["Закрыты ли границы?"])
    assert not says_nothing("media", [])
    assert says_nothing("merci", ["Are borders closed?"])
