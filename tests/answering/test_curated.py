from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering.curated import have_same_words
from assistant.settings import Settings
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder, SharedWordsReader

TEXT = """Briefing

1. Delegations pay for their own travel. The bus leaves at nine in the morning. Lunch is served in the hall at noon.

2. Statements last three minutes. Speakers are called in the order of the list. A bell rings at the end of the time.

3. Children of delegates are looked after on the ground floor. The room has toys, books and a garden behind the house.
"""
ANSWERS = """
[[answer]]
questions = ["Who pays for the flights of delegates?", "Qui paie les vols ?"]
document = "briefing"
place = "Paragraph 1"

[[answer]]
questions = ["How loud is the bell?"]
document = "digest"
place = "What it says, para. 1"
"""
DIGEST = "# Digest: Rules\n\n## What it says\n\nThe bell is not loud at all in the new hall of the house.\n"


def opened(folder: Path, answers: str = ANSWERS, *, reader: SharedWordsReader | None = None) -> Assistant:
    """An assistant of a bag of words for a made-up briefing."""
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for name, text in (("briefing.txt", TEXT), ("digest.md", DIGEST), ("objectives.toml", small_table())):
        (corpus / name).write_text(text, encoding="utf-8")
    (corpus / "answers.toml").write_text(answers, encoding="utf-8")
    return Assistant.from_settings(Settings(corpus, folder / "index"), encoder=BagOfWordsEncoder(), reader=reader)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return opened(tmp_path_factory.mktemp("curated"))


@pytest.mark.parametrize(
    "question",
    [
        "Who pays for the flights of delegates?",
        "who pays for my flight of delegates",
        "Please: who pays for the flights of our delegates",
    ],
)
def test_a_listed_question_gets_its_place_first_and_says_who_chose_it(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, explain=True)

    passage = answer.hits[0].passage
    assert (answer.status, answer.answer_kind, passage.source.id, passage.locator) == (
        "answered",
        "quotation",
        "briefing",
        "para. 1",
    )
    assert (answer.answer or "nothing") in TEXT
    assert assistant.documents["briefing"].text[passage.start : passage.end] == passage.text
    assert answer.notice == "The organisers chose this place for the question."
    assert [hit.reason.is_named for hit in answer.hits[:1] if hit.reason] == [False]


@pytest.mark.parametrize(
    "question",
    ["Who pays for the rooms of delegates?", "How many flights have delegates?", "Which flights?", "What of the bell?"],
)
def test_another_question_is_none_of_them(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).notice != "The organisers chose this place for the question."


def test_who_narrows_the_search_elsewhere_is_not_led_there(assistant: Assistant) -> None:
    question = "Who pays for the flights of delegates?"

    assert all(hit.passage.source.id == "digest" for hit in assistant.ask(question, documents={"digest"}).hits)
    assert assistant.ask(question, objectives={7}).hits == ()


def test_a_place_in_a_digest_is_shown_as_our_summary(assistant: Assistant) -> None:
    answer = assistant.ask("How loud is the bell?")

    assert (answer.status, answer.answer_kind, answer.answer) == ("answered", "summary", None)
    assert answer.hits[0].passage.source.id == "digest"


def test_a_like_question_is_one_unless_the_reader_denies_that_the_place_answers(tmp_path: Path) -> None:
    like = "For the flights of delegates who pays?"

    willing = opened(tmp_path, reader=SharedWordsReader(start=2.0)).ask(like)
    denying = opened(tmp_path, reader=SharedWordsReader(start=-9.0)).ask(like)

    assert willing.notice == "The organisers chose this place for the question."
    assert denying.notice != willing.notice


@pytest.mark.parametrize("other", ["Where is the bell?", "How loud is no bell?", "loud bell"])
def test_a_word_more_or_another_is_a_difference(other: str) -> None:
    assert not have_same_words("How loud is the bell?", other)


def test_questions_of_nothing_but_askers_words_are_told_apart() -> None:
    assert not have_same_words("Do you?", "Please?")
    assert have_same_words("Do you?", "do YOU")
