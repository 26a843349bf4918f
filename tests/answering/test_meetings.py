import numpy as np
import pytest

from assistant import Assistant
from assistant.answering.intents import Intent
from assistant.answering.meetings import Meeting, holding, holds, is_opening
from assistant.records import Kind, Passage, Source
from assistant.retrieval import Candidate, Features
from tests.conftest import make_document, small_finders


@pytest.mark.parametrize(
    ("intent", "sentence"),
    [
        ("when", "Round table 4 – Friday, 13 November, 13:30 – 15:10"),
        ("when", "The hearing is on 3 March 2031."),
        ("when", "We start at 9.30 in the Palais."),
        ("duration", "Thursday, 18 March 2027, 10:00 – 12:30"),
        ("duration", "Port Ossary, 14 to 16 September 2027"),
        ("duration", "The discussion takes 50 minutes."),
        ("duration", "The panel closes at 5 pm."),
        ("where", "Merrin House, Assembly Room B, 14 Canal Street"),
        ("where", "Port Ossary, 14 to 16 September 2027"),
        ("where", "The forum will be held in Geneva."),
        ("speakers", "The session is moderated by the Ombudsperson of Halvern."),
        ("speakers", "Panellists: Ms. Jane Doe"),
        ("format", "The session will be held online."),
        ("format", "Participants may join remotely."),
    ],
)
def test_a_sentence_holds_what_is_asked_of_a_meeting(intent: Intent, sentence: str) -> None:
    assert holds(intent, sentence)


@pytest.mark.parametrize(
    ("intent", "sentence"),
    [
        ("when", "All materials related to this meeting are available here."),
        ("when", "Participants may wish to discuss legislation of 2018."),
        ("duration", "The hearing is on 3 March 2031."),
        ("where", "Round table 4 – Friday, 13 November, 13:30 – 15:10"),
        ("where", "12 and 13 November 2020"),
        ("where", "This round table may provide a platform for building capacities."),
        ("speakers", "Discussion under this objective might consider community leaders."),
        ("format", "During the round table, the secretariat will live tweet."),
        ("format", "Is the cooperation sufficient to join online platforms?"),
    ],
)
def test_what_only_mentions_a_meeting_holds_nothing(intent: Intent, sentence: str) -> None:
    assert not holds(intent, sentence)


def candidate(text: str, *, locator: str = "para. 1", kind: Kind = "original", language: str = "en") -> Candidate:
    source = Source("note", "On round table 4", kind, language=language)
    passage = Passage(source, 1, "", locator, text, 0, len(text))
    features = Features(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)
    half = text.index(".") + 1
    spans = ((0, half), (half + 1, len(text)))
    return Candidate(0, passage, features, spans, (0.9, 0.4), np.zeros(23, dtype=np.float32))


def test_the_sentence_that_holds_it_is_quoted() -> None:
    kept = holding([candidate("Materials of the meeting are here. It is on 3 March.")], "when")

    assert [each.best_sentence for each in kept] == [1]


def test_a_digest_tells_nothing_of_the_meeting_and_another_language_is_left_to_the_judge() -> None:
    digest = candidate("It came out on 3 March. So it is.", kind="digest")
    french = candidate("La séance a lieu ici. Elle est longue.", language="fr")

    assert holding([digest, french], "when") == [french]


def test_the_opening_lines_of_a_meeting_are_known_by_their_place() -> None:
    assert is_opening(candidate("A. B", locator="opening lines 1–3"))
    assert not is_opening(candidate("A. B"))


def test_the_meeting_is_asked_after_by_the_names_that_documents_open_with(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = "Third Forum\n\nRound table 2\n\nThe round table is about water. A session follows.\n"
    store = small_finders(tmp_path_factory.mktemp("meeting"), text).english.store
    meeting = Meeting(store, {"note": make_document(text)})

    assert meeting.questions("when") == ["When does the round table take place?", "When does the forum take place?"]
    assert meeting.is_another("When is round table 7?")
    assert not meeting.is_another("When is round table 2?")


def test_without_a_name_it_is_a_meeting(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = small_finders(tmp_path_factory.mktemp("none"), "Water is scarce.\n").english.store

    assert Meeting(store, {"note": make_document("Water is scarce.")}).names == ("meeting",)


NOUNS = ("meeting", "session", "event", "round table", "discussion")
GIVEN = ("When does the {} take place?", "How long does the {} last?", "What time does the {} end?")
NOT_GIVEN = (
    "Where does the {} take place?",
    "Who speaks at the {}?",
    "Is there a dress code for the {}?",
    "Is the {} online?",
)


@pytest.mark.parametrize("noun", NOUNS)
def test_plain_logistics_work_in_any_words(assistant: Assistant, noun: str) -> None:
    given = [assistant.ask(question.format(noun)) for question in GIVEN]
    not_given = [assistant.ask(question.format(noun)) for question in NOT_GIVEN]

    assert {answer.answer for answer in given} == {"Roundtable 4 – Friday, 13 November, 13:30 – 15:10"}
    assert {answer.status for answer in not_given} == {"not_in_documents"}


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("what time does it end", "answered"),
        ("Quand a lieu la réunion ?", "answered"),
        ("¿Cuánto dura la mesa redonda?", "answered"),
        ("когда заканчивается круглый стол?", "answered"),
        ("متى تنعقد الجلسة؟", "answered"),
        ("会议什么时候开？", "answered"),
        ("where is it", "not_in_documents"),
        ("is there a dress code?", "not_in_documents"),
        ("Is it online?", "not_in_documents"),
        ("Où se tient la réunion ?", "not_in_documents"),
        ("谁主持会议？", "not_in_documents"),
        ("When does roundtable 2 begin?", "not_in_documents"),
    ],
)
def test_logistics_get_the_same_answer_in_other_words_and_languages(
    assistant: Assistant, question: str, status: str
) -> None:
    answer = assistant.ask(question)

    assert answer.status == status
    assert status != "answered" or answer.hits[0].passage.locator == "opening lines 1–3"
