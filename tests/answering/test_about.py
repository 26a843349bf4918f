from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering.about import Particulars
from assistant.answering.intents import Intent
from assistant.index import EVERYTHING, Filter
from assistant.records import Known
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder

NOTE = """\
Background note

Data are shared under GCM objective 3, as the note of 13 May says.

Children are protected by the authorities.

Guiding questions

1. How are data shared?
2. Who protects children?
"""
PLAN = "Plan of the town\n\nStrategic objective 5 is about water.\n"
SOURCES = """\
[[source]]
id = "note"
title = "Background note"
kind = "original"
publisher = "Review Forum"
date = "13 May 2031"
file = "note.txt"

[[source]]
id = "summary"
title = "On water"
kind = "digest"
publisher = "Water Network"
file = "summary.txt"
"""


@pytest.fixture(scope="module")
def particulars(tmp_path_factory: pytest.TempPathFactory) -> Particulars:
    """What is known of a note, a plan and a digest."""
    folder = tmp_path_factory.mktemp("known")
    corpus = folder / "corpus"
    corpus.mkdir()
    files = {"note.txt": NOTE, "plan.txt": PLAN, "summary.txt": "Water is scarce.\n", "sources.toml": SOURCES}
    for name, text in (files | {"objectives.toml": small_table()}).items():
        Path(corpus / name).write_text(text, encoding="utf-8")
    assistant = Assistant.open(corpus, folder / "index", encoder=BagOfWordsEncoder())
    return Particulars(
        assistant.finders.english.store,
        assistant.documents,
        assistant.objectives,
        assistant.passages,
    )


def known(
    particulars: Particulars, question: str, intent: Intent = "content", *, narrowed: Filter = EVERYTHING
) -> Known | None:
    return particulars.known(question, "en", intent=intent, narrowed=narrowed)


def notice(particulars: Particulars, question: str, intent: Intent = "content") -> str:
    found = known(particulars, question, intent)
    return found.notice if found else ""


@pytest.mark.parametrize(
    "question", ["Summarise the note", "Please draft a speech on the note", "What are the note's main points?"]
)
def test_what_asks_for_writing_is_offered_headings_and_guiding_questions(
    particulars: Particulars, question: str
) -> None:
    found = known(particulars, question, "writing")

    assert found is not None
    assert found.notice.startswith("Answers here are quotations")
    assert [(entry.label, entry.anchor) for entry in found.entries] == [
        ("Background note", ""),
        ("Background note", "para-1"),
        ("Guiding questions", "guiding-question-1"),
        ("Guiding question 1", "guiding-question-1"),
        ("Guiding question 2", "guiding-question-2"),
    ]


def test_of_no_document_in_particular_the_originals_are_offered(particulars: Particulars) -> None:
    found = known(particulars, "Give me the key points", "writing")

    assert found is not None
    assert {entry.source.id for entry in found.entries} == {"note", "plan"}


def test_the_list_of_documents_tells_of_the_one_that_is_named(particulars: Particulars) -> None:
    assert notice(particulars, "Who wrote the note?", "documents") == (
        "From the list of documents (1): Background note (Review Forum, 13 May 2031)."
    )


def test_the_list_of_documents_names_all_and_calls_a_digest_one(particulars: Particulars) -> None:
    said = notice(particulars, "Which documents are here?", "documents")

    assert "Background note (Review Forum, 13 May 2031)" in said
    assert "On water (Water Network, digest)" in said


def test_only_documents_that_are_searched_are_listed(particulars: Particulars) -> None:
    found = known(particulars, "Which documents are here?", "documents", narrowed=Filter(documents={"note"}))

    assert found is not None
    assert [entry.source.id for entry in found.entries] == ["note"]


def test_numbered_places_are_counted(particulars: Particulars) -> None:
    found = known(particulars, "How many guiding questions are there?", "documents")

    assert found is not None
    assert found.notice == "Counted in the documents: Background note: 2."
    assert [entry.label for entry in found.entries] == ["Guiding question 1", "Guiding question 2"]


def test_of_what_is_nowhere_numbered_the_documents_are_told(particulars: Particulars) -> None:
    assert notice(particulars, "How many recommendations are there?", "documents").startswith("From the list")


@pytest.mark.parametrize("place", ["para. 99", "first sentence", "last paragraph", "question 3"])
def test_a_place_that_no_document_has_is_named_with_those_that_there_are(particulars: Particulars, place: str) -> None:
    said = notice(particulars, f"What is the {place}?")

    assert f"no “{place}”" in said
    assert "Background note (para. 1–2; Guiding question 1–2)" in said


def test_a_place_of_a_named_document_is_looked_for_there_alone(particulars: Particulars) -> None:
    said = notice(particulars, "What does para. 1 of the Plan of the town say?")
    of_another = notice(particulars, "Article 33 of the 1951 Convention")

    assert "no “para. 1 of the Plan of the town”" not in said
    assert "no “Article 33 of the 1951 Convention”" in of_another


def test_a_place_that_there_is_is_asked_of_the_documents(particulars: Particulars) -> None:
    assert known(particulars, "What is guiding question 2?") is None
    assert known(particulars, "Does para. 99 contradict para. 1?") is None


def test_a_place_counts_whatever_objectives_are_searched(particulars: Particulars) -> None:
    assert known(particulars, "What is para. 1?", narrowed=Filter(objectives={22})) is None
    assert known(particulars, "What is question 1?", narrowed=Filter(documents={"plan"})) is not None


@pytest.mark.parametrize("number", [0, 24, 99])
def test_there_is_no_objective_beyond_the_table(particulars: Particulars, number: int) -> None:
    found = known(particulars, f"objective {number}")

    assert found is not None
    assert found.notice == f"The Global Compact has 23 objectives; there is no objective {number}."
    assert found.objectives == ()


@pytest.mark.parametrize("question", ["What is objective 22?", "What does the note say on objective 22 for children?"])
def test_an_objective_that_no_document_names_is_told_from_the_table(particulars: Particulars, question: str) -> None:
    found = known(particulars, question)

    assert found is not None
    assert "Objective 22: Aim 22 (Global Compact, para. 38; roundtable 1)" in found.notice
    assert [objective.number for objective in found.objectives] == [22]


def test_the_number_of_a_day_is_no_objective(particulars: Particulars) -> None:
    assert "Objective 13: Aim 13" in notice(particulars, "What is objective 13?")


@pytest.mark.parametrize("question", ["What is objective 3?", "objective 5", "How do objectives 3 and 22 differ?"])
def test_an_objective_that_a_document_names_is_asked_of_the_documents(particulars: Particulars, question: str) -> None:
    assert known(particulars, question) is None


def test_it_is_said_in_the_language_of_the_question(particulars: Particulars) -> None:
    found = particulars.known("Quel est l'objectif 22 ?", "fr", intent="content", narrowed=EVERYTHING)

    assert found is not None
    assert found.notice.startswith("Objectif 22 : Aim 22 (Pacte mondial, par. 38")


@pytest.mark.parametrize("question", ["What does the note say?", "How are data shared?", "Where are the documents?"])
def test_anything_else_is_asked_of_the_documents(particulars: Particulars, question: str) -> None:
    assert known(particulars, question) is None
