from pathlib import Path

import pytest

from assistant import Document, Passage
from assistant.documents.passages import split_document
from assistant.objectives.stated import asked_numbers, asked_objectives, named_objectives, with_stated_tags
from assistant.objectives.table import read_objectives
from tests.conftest import make_document


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("GCM objective 7", [7]),
        ("In keeping with GCM objective 1, this", [1]),
        ("(GCM objectives 1 and 23)", [1, 23]),
        ("(GCM objective 7 and 23)", [7, 23]),
        ("(GCM objectives 17)", [17]),
        ("objectives 2 to 5", [2, 3, 4, 5]),
        ("objectives 2–4 and 9", [2, 3, 4, 9]),
        ("Round table two: objectives 4, 8, 9, 10, 11, 13 and 21;", [4, 8, 9, 10, 11, 13, 21]),
        ("the Global Compact’s objective 12", [12]),
        ("objective 3 of the Global Compact for Migration", [3]),
        ("objectives two and twenty-three of the GCM", [2, 23]),
        ("Objective 7(b)", [7]),
        ("OBJECTIVE 19: CREATE CONDITIONS", [19]),
        ("progress on objective 7 in the region", [7]),
        ("Objective 3 of the SDGs", []),
        ("SDG objective 4", []),
        ("Objective 10 of the Sustainable Development Goals", []),
        ("objective 2 of the Global Compact on Refugees", []),
        ("strategic objective 2", []),
        ("specific objectives 1 and 2", []),
        ("objective 5 of the national strategy", []),
        ("objectives", []),
        ("these objectives", []),
        ("all 23 objectives of the Global Compact", []),
        ("objective 24", []),
        ("objective 0", []),
        ("objective 2.5", []),
        ("objective 7 per cent", []),
        ("the objective 5 years ago", []),
        ("SDG 10.7", []),
        ("Strategic Objective 2: growth", []),
        ("Specific Objective 1", []),
        ("Climate Compact objective 3", []),
        ("UN Global Compact objective 2", []),
        ("Global Compact on Refugees objective 2", []),
        ("the objective one would hope for", []),
        ("objective two years ago", []),
        ("sub-objective 3", []),
        ("objective 7 and 12 States", [7]),
        ("Under objective 7, 13 countries", [7]),
        ("Objective 7 - 13 November", [7]),
        ("objectives 2‑5", [2, 3, 4, 5]),
        ("GCM Objectives: 1, 7 and 23", [1, 7, 23]),
        ("objectives (1, 7 and 23)", [1, 7, 23]),
        ("Objectives 7/8", [7, 8]),
        ("objectives 5, 6, as well as 18", [5, 6, 18]),
        ("Objective 3 of this Compact", [3]),
        ("the Compact's objective 12", [12]),
        ("GCM Objectives 3 (information), 7 (vulnerability) and 17", [3, 7, 17]),
    ],
)
def test_objectives_are_named_by_number(text: str, numbers: list[int]) -> None:
    assert list(named_objectives(text)) == numbers


def test_an_official_title_names_its_objective(corpus_folder: Path) -> None:
    objectives = read_objectives(corpus_folder / "objectives.toml").objectives

    named = named_objectives("They aim to manage borders in an integrated,\nsecure and coordinated manner.", objectives)

    assert named == {11: "manage borders in an integrated, secure and coordinated manner"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Que dit l'objectif 7 ?", {7: "objectif 7"}),
        ("цели 3 и 12", {3: "цели 3 и 12", 12: "цели 3 и 12"}),
        ("目标23", {23: "目标23"}),
        ("الهدف 17", {17: "الهدف 17"}),
        ("el GCM objective 5", {5: "GCM objective 5"}),
        ("objetivo 40", {}),
    ],
)
def test_what_is_asked_names_objectives_in_any_language_as_typed(text: str, named: dict[int, str]) -> None:
    assert asked_objectives(text, []) == named


@pytest.fixture(scope="module")
def tagged(note: Document, corpus_folder: Path) -> tuple[Passage, ...]:
    """The note's passages with their stated tags."""
    return with_stated_tags(note, split_document(note), read_objectives(corpus_folder / "objectives.toml").objectives)


FIVE = [1, 3, 7, 17, 23]
# Checked by hand against the note: what each paragraph states, and nothing else.
STATED_IN_THE_NOTE = {
    "opening lines 1–3": [],
    "opening lines 4–8": FIVE,
    "para. 1": FIVE,
    "para. 2": [1],
    "para. 3": [3],
    "para. 4": [7],
    "para. 5": [17],
    "para. 6": [23],
    "para. 7": FIVE,
    "Guiding questions, para. 1": [],
    "Guiding question 1": [1, 23],
    "Guiding question 2": [3, 23],
    "Guiding question 3": [17],
    "Guiding question 4": [7],
    "Guiding question 5": [7, 23],
}


def test_stated_tags_of_the_note_are_exactly_those_checked_by_hand(tagged: tuple[Passage, ...]) -> None:
    stated = {passage.locator: [tag.number for tag in passage.tags] for passage in tagged}

    assert stated == {passage.locator: STATED_IN_THE_NOTE.get(passage.locator, []) for passage in tagged}
    assert all(tag.basis == "stated" and tag.confidence == 1.0 for passage in tagged for tag in passage.tags)


def test_every_part_of_a_paragraph_carries_what_its_beginning_states(tagged: tuple[Passage, ...]) -> None:
    parts = [passage for passage in tagged if passage.locator == "para. 4"]

    assert len(parts) == 3
    assert [(tag.number, tag.evidence) for part in parts for tag in part.tags] == [(7, "GCM objective 7")] * 3


def test_five_objectives_above_are_those_listed_above(tagged: tuple[Passage, ...]) -> None:
    passage = next(passage for passage in tagged if passage.locator == "para. 1")

    assert {tag.evidence for tag in passage.tags} == {"five GCM objectives above"}


def test_a_count_that_fits_nothing_above_states_nothing() -> None:
    document = make_document(
        "GCM objective 1 is named here, and nothing else is.\n\nThese five GCM objectives matter to all.\n"
    )

    tagged = with_stated_tags(document, split_document(document), ())

    assert [len(passage.tags) for passage in tagged] == [1, 0]


def test_a_heading_that_names_objectives_tags_what_stands_under_it() -> None:
    text = "Round table 1 (objectives 2, 5, 6, 12 and 18)\n1. Progress was made.\n2. Gaps remain.\n3. More is needed.\n"
    document = make_document(text)

    tagged = with_stated_tags(document, split_document(document), ())

    assert [[tag.number for tag in passage.tags] for passage in tagged] == [[2, 5, 6, 12, 18]] * 3


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("What is objective 22?", [22]),
        ("objective 0, objective 99", [0, 99]),
        ("objectives 22 and 24", [22, 24]),
        ("Que dit l'objectif 24 ?", [24]),
        ("目标24", [24]),
        ("What does strategic objective 2 say?", []),
        ("objective 3 of the SDGs", []),
        ("23 objectives", []),
        ("13 November", []),
    ],
)
def test_a_question_names_objectives_by_number_whether_or_not_there_are_such(question: str, numbers: list[int]) -> None:
    assert asked_numbers(question) == numbers
