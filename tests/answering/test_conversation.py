import pytest

from assistant.answering.conversation import is_follow_up, says_nothing, understand

FIRST = "How should states inform migrants?"


@pytest.mark.parametrize(
    "question",
    [
        "and for children?",
        "What about the media?",
        "how about women",
        "for children?",
        "Which objective is that under?",
        "Where is that said?",
        "and who should they work with?",
        "Can they get a regular status?",
        "When did it come out?",
        "Which one closed first?",
        "under which objectives does this question fall?",
        "What can be done about it?",
        "what about their jobs?",
        "Also in cities?",
        "which objectives does that come under?",
        "what time does it finish?",
        "how does that link to the goals?",
    ],
)
def test_a_question_that_leans_on_another_is_a_follow_up(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    [
        "How can I send content to the Network's channel?",
        "What is the second tenet of the policy brief?",
        "Does working together mean that a country gives up its own plans?",
        "Which question is about measures that reduce vulnerability?",
        "What does this note say about data?",
        "Which hashtags can be used?",
        "legal assistance",
        "When is this meeting?",
        "For whom is this note?",
        "To whom are direct messages sent?",
        "By whom was the brief drafted?",
        "What time does the review finish?",
        "Does that group of countries report?",
        "In keeping with which objective does the roundtable consider experiences of building an evidence base?",
        "",
        "?",
    ],
)
def test_a_question_that_stands_on_its_own_is_none(question: str) -> None:
    assert not is_follow_up(question)


def test_without_history_a_question_is_itself() -> None:
    understood = understand("and for children?", [])

    assert understood.text == "and for children?"
    assert understood.readings == (("and for children?", 1.0),)


def test_a_follow_up_is_read_with_the_question_before_it() -> None:
    understood = understand("and for children?", [FIRST])

    assert understood.text == f"{FIRST} and for children?"
    assert [text for text, _ in understood.readings] == [f"{FIRST} and for children?", "and for children?"]
    assert sum(weight for _, weight in understood.readings) == pytest.approx(1)


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
    ("question", "parts"),
    [
        (
            "How many borders were closed, and who wrote the brief?",
            ("How many borders were closed", "who wrote the brief?"),
        ),
        (
            "When is the meeting held? Which hashtags are used?",
            ("When is the meeting held?", "Which hashtags are used?"),
        ),
        (
            "When is the meeting held? And which hashtags are used?",
            ("When is the meeting held?", "which hashtags are used?"),
        ),
        ("When is the meeting held? And for children?", ()),
        ("When and where is the meeting?", ()),
        ("Who shares data and when?", ()),
        ("How do states share data and protect privacy?", ()),
        ("Which rules apply to women and who are they?", ()),
        ("data and borders", ()),
    ],
)
def test_a_question_for_several_things_has_parts(question: str, parts: tuple[str, ...]) -> None:
    assert understand(question, []).parts == parts


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
