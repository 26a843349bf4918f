import dataclasses
import math

import numpy as np
import pytest

from assistant.index.store import Filter, Store
from assistant.retrieval.candidates import Reading
from assistant.retrieval.proposing import PROPOSED
from assistant.retrieval.ranking import match_words, merged, search
from tests.fakes import bag_of_words
from tests.index.test_passage_index import build_index, store_of

TEXT = """\
Guiding questions

1. How are data shared between states?

2. Who protects children on the way?

GCM objective 7 speaks of borders and of children.
"""


@pytest.fixture(scope="module")
def store() -> Store:
    """Three passages, one of them tagged."""
    return store_of(build_index(TEXT))


def found(store: Store, question: str, **options: object) -> list[str]:
    candidates = search([Reading(question)], store, bag_of_words(), top_k=5, **options)  # type: ignore[arg-type]
    return [candidate.passage.locator for candidate in candidates]


def test_the_passage_that_shares_most_comes_first(store: Store) -> None:
    assert found(store, "How do states share data?")[0] == "Guiding question 1"


@pytest.mark.parametrize(
    "question", ["What is question 2?", "guiding question two", "Question no. 2, please", "the second guiding question"]
)
def test_a_place_that_is_named_comes_before_all(store: Store, question: str) -> None:
    assert found(store, question)[0] == "Guiding question 2"


def test_a_filter_leaves_only_tagged_passages(store: Store) -> None:
    assert found(store, "children", narrowed=Filter(objectives={7})) == ["para. 1"]
    assert found(store, "children", narrowed=Filter(objectives={8})) == []


def test_a_filter_keeps_out_a_named_place_among_very_many_tagged_passages() -> None:
    tagged = [f"{n}. GCM objective 7 has ferry number {n}." for n in range(1, 2 * PROPOSED)]
    many = store_of(build_index("Title\n\n" + "\n\n".join(tagged) + "\n\n900. Nothing is stated here of ferries.\n"))

    with_filter = found(many, "What does para. 900 say of ferries?", narrowed=Filter(objectives={7}))

    assert with_filter
    assert "para. 900" not in with_filter
    assert found(many, "What does para. 900 say of ferries?")[0] == "para. 900"


def test_readings_are_weighed_together(store: Store) -> None:
    runtime = bag_of_words()
    readings = [Reading("data shared between states", 0.9), Reading("borders", 0.1)]

    first = search(readings, store, runtime, top_k=1)[0]

    assert first.passage.locator == "Guiding question 1"


def test_scores_fall_and_lie_between_zero_and_one(store: Store) -> None:
    candidates = search([Reading("children and borders")], store, bag_of_words(), top_k=5)

    scores = [candidate.score for candidate in candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_each_word_tells_how_it_stands_to_a_passage(store: Store) -> None:
    runtime = bag_of_words()
    question = "What of borders on Mars?"
    candidate = search([Reading(question)], store, runtime, top_k=1)[0]

    borders, mars = match_words(question, candidate, store, runtime)

    assert (borders.word, borders.is_known, borders.in_passage, borders.is_name) == ("borders", True, True, False)
    assert (mars.word, mars.is_known, mars.in_passage, mars.is_name) == ("mars", False, False, True)
    assert borders.nearness == pytest.approx(1, abs=0.01)
    assert mars.nearness == pytest.approx(0, abs=0.01)


def test_what_the_search_noted_of_the_words_is_what_looking_again_finds(store: Store) -> None:
    runtime = bag_of_words()
    question = "What of borders on Mars?"
    for candidate in search([Reading(question)], store, runtime, top_k=3):
        noted = match_words(question, candidate, store, runtime)

        looked_up = match_words(question, dataclasses.replace(candidate, reading="", nearness=()), store, runtime)

        assert noted == looked_up


@pytest.mark.parametrize(
    "question",
    [
        'Where is "data shared between" said?',
        "“Data shared between”",
        "„DATA shared  between“",
        "«data shared between»",
    ],
)
def test_words_in_quotation_marks_must_stand_as_they_are(store: Store, question: str) -> None:
    assert found(store, question) == ["Guiding question 1"]


def test_a_phrase_that_no_passage_holds_hides_none(store: Store) -> None:
    assert len(found(store, 'data "between shared"')) == 3


def test_the_sentence_that_holds_the_phrase_is_put_first(store: Store) -> None:
    (candidate,) = search([Reading('"borders and of children"')], store, bag_of_words(), top_k=5)

    assert candidate.features.is_named
    assert max(candidate.sentence_scores) > 1


def test_of_passages_that_say_the_same_one_is_found() -> None:
    index = build_index(
        "States share data on borders each year.\n\nStates share data on borders, each year!\n\nNothing.\n"
    )
    store = store_of(index)

    assert found(store, "data on borders").count("para. 1") == 1
    assert "para. 2" not in found(store, "data on borders")


def test_what_the_parts_of_a_question_find_is_put_together(store: Store) -> None:
    runtime = bag_of_words()
    data = search([Reading("data shared between states")], store, runtime, top_k=5)
    borders = search([Reading("borders")], store, runtime, top_k=5)

    together = merged([data, borders], store.words, top_k=2)

    assert {candidate.passage.locator for candidate in together} == {"Guiding question 1", "para. 1"}
    assert [candidate.score for candidate in together] == sorted((c.score for c in together), reverse=True)
    assert together[0].score == max(data[0].score, borders[0].score)


def test_what_concerns_the_same_objective_comes_first() -> None:
    probabilities = np.array([[0, 0.9], [0.9, 0], [0, 0]], dtype=np.float32)
    told = store_of(dataclasses.replace(build_index(TEXT), objective_probabilities=probabilities))
    asked = np.array([0, 0.8], dtype=np.float32)

    with_objectives = search([Reading("newcomers", 1.0, asked)], told, bag_of_words(), top_k=3)

    assert with_objectives[0].row == 0
    assert with_objectives[0].features.objectives == pytest.approx(math.sqrt(0.72), abs=1e-5)
    assert with_objectives[1].features.objectives == 0


def test_a_filter_finds_what_is_tagged_however_far_from_the_question() -> None:
    many = "\n\n".join(f"States share data number {number} on borders." for number in range(150))
    index = build_index(f"{many}\n\nGCM objective 7 speaks of something else entirely.\n")
    store = store_of(index)

    assert found(store, "share data on borders", narrowed=Filter(objectives={7})) == ["para. 151"]


def test_of_very_many_passages_that_hold_a_phrase_the_nearest_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    index = build_index("Title\n\nThe borders are open.\n\nClosed borders harm children.\n\nFerries sail.\n")
    store = store_of(index)
    question = 'What of "borders" and children?'
    assert len(found(store, question)) == 2

    monkeypatch.setattr("assistant.retrieval.proposing.MOST_NAMED", 1)

    assert found(store, question) == ["para. 2"]


WORDS = "ferries borders children schools data work visas courts remittances skills health doctors camps roads".split()


def test_of_many_passages_those_looked_at_closely_hold_the_first_ones_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(0)
    paragraphs = [f"{number} {' '.join(chance.choice(WORDS, 9))} {number}." for number in range(150)]
    index = build_index("Title\n\n" + "\n\n".join(paragraphs) + "\n")
    store = store_of(index)
    questions = [" ".join(chance.choice(WORDS, 3)) for _ in range(40)]
    closely = [found(store, question) for question in questions]

    monkeypatch.setattr("assistant.retrieval.ranking.PROPOSED", 1000)  # all that is proposed is looked at closely

    everything = [found(store, question) for question in questions]
    assert len(index.passages) == 150
    assert [each[:1] for each in closely] == [each[:1] for each in everything]
    shared = [len(set(one) & set(two)) for one, two in zip(closely, everything, strict=True)]
    assert np.mean(shared) >= 4.8
