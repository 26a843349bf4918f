from pathlib import Path

import pytest

from assistant.documents import Corpus
from assistant.errors import CorpusError
from assistant.index import Part
from assistant.journeys.building.corpus_state import corpus_state
from assistant.journeys.building.steering import Steering, read_steering, stale_answers
from tests.conftest import make_document

TEXT = "1. Delegations pay for their own travel.\n\n2. Statements last three minutes.\n\n3. A bell rings.\n"
ENTRY = '[[answer]]\nquestions = {questions}\ndocument = "{document}"\nplace = "{place}"\n'


def corpus() -> Corpus:
    document = make_document(TEXT, id="briefing")
    return Corpus((document,), (document.source,))


def write(folder: Path, questions: str = '["Who?"]', document: str = "briefing", place: str = "para. 1") -> None:
    content = ENTRY.format(questions=questions, document=document, place=place)
    (folder / "answers.toml").write_text(content, encoding="utf-8")


def test_without_files_nothing_is_steered(tmp_path: Path) -> None:
    assert read_steering(tmp_path, corpus()) == Steering()


@pytest.mark.parametrize("place", ["para. 2", "Para. 2", " paragraph 2 "])
def test_a_place_is_found_as_people_cite_it(tmp_path: Path, place: str) -> None:
    write(tmp_path, place=place)
    (tmp_path / "glossary.toml").write_text('[[term]]\nen = ["fee", "levy"]\nfr = ["redevance"]\n', encoding="utf-8")

    steering = read_steering(tmp_path, corpus())

    (answer,) = steering.answers
    assert (answer.place, TEXT[answer.start : answer.end].strip()) == ("para. 2", "2. Statements last three minutes.")
    assert Steering.from_facts(Part({}, steering.facts()).facts) == steering


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"place": "para. 9"},
            r"answers\.toml: \[\[answer\]\] number 1: briefing has no place 'para\. 9'; .*Near",
        ),
        ({"document": "note"}, r"number 1: there is no document 'note' with text; it may be briefing\."),
        ({"questions": '"Who?"'}, r"number 1: give questions = "),
        ({"questions": '[" "]'}, r"number 1: give questions = "),
        ({"questions": '["???"]'}, r"number 1: give questions = "),
        ({"place": 'para. 1"\npage = "2'}, r"number 1: 'page' is no part of an entry"),
        ({"place": ""}, r"number 1: give document = "),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(tmp_path: Path, wrong: dict[str, str], said: str) -> None:
    write(tmp_path, **wrong)

    with pytest.raises(CorpusError, match=said):
        read_steering(tmp_path, corpus())
    assert len(stale_answers(tmp_path, corpus())) == 1


@pytest.mark.parametrize("content", ["answer = 3", "answer = [3]", "[answer]\nquestions = 1"])
def test_what_is_no_list_of_entries_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "answers.toml").write_text(content, encoding="utf-8")

    with pytest.raises(CorpusError, match="number 1: give questions"):
        read_steering(tmp_path, corpus())


def test_a_table_of_another_name_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text("[[answers]]\nquestions = []\n", encoding="utf-8")

    with pytest.raises(CorpusError, match=r"answers\.toml: holds 'answers'; it may hold \[\[answer\]\] alone\."):
        read_steering(tmp_path, corpus())


def test_each_file_changes_the_state_of_the_corpus(tmp_path: Path) -> None:
    (tmp_path / "briefing.txt").write_text(TEXT, encoding="utf-8")
    states = [corpus_state(tmp_path)]

    for name in ("answers.toml", "glossary.toml"):
        (tmp_path / name).write_text("", encoding="utf-8")
        states.append(corpus_state(tmp_path))

    assert len(set(states)) == 3
