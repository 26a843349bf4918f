from dataclasses import replace

import numpy as np
import pytest

from assistant.answering.composing import compose, compose_hits, is_question
from assistant.records import Answer, Passage, Source
from assistant.retrieval.candidates import Candidate, Features

NONE = np.zeros(0, dtype=np.float32)  # no objectives

TEXT = "First sentence here. Second one there. Third one last."
SPANS = ((0, 20), (21, 38), (39, 54))


def candidate(score: float, sentence_scores: tuple[float, ...] = (0.2, 0.9, 0.3), number: int = 1) -> Candidate:
    passage = Passage(Source("note", "Note"), number, "", f"para. {number}", TEXT, 0, len(TEXT))
    return Candidate(
        number, passage, Features(score, score, score, score, score, score, score), SPANS, sentence_scores, NONE
    )


def test_the_sentence_that_fits_best_is_quoted_and_marked() -> None:
    answer = compose(
        "question?",
        "question?",
        [candidate(0.6)],
        is_answered=True,
        corpus="sha256:0",
        notice="Nothing in: Note",
        top_k=5,
    )

    assert answer.status == "answered"
    assert answer.answer == "Second one there."
    assert answer.hits[0].highlights == ((21, 38),)


def test_sentences_side_by_side_that_fit_about_as_well_are_quoted_together() -> None:
    found = [candidate(0.6, (0.1, 0.85, 0.9))]

    answer = compose("question?", "question?", found, is_answered=True, corpus="", notice="Nothing in: Note", top_k=5)

    assert answer.answer == "Second one there. Third one last."


def test_a_quotation_never_reaches_over_what_does_not_fit() -> None:
    found = [candidate(0.6, (0.85, 0.1, 0.9))]

    answer = compose("question?", "question?", found, is_answered=True, corpus="", notice="Nothing in: Note", top_k=5)

    assert answer.answer == "Third one last."
    assert answer.hits[0].highlights == ((0, 20), (39, 54))


def test_passages_far_behind_the_best_are_not_shown() -> None:
    hits = compose_hits([candidate(0.8), candidate(0.6, number=2), candidate(0.2, number=3)], 5)

    assert [hit.passage.number for hit in hits] == [1, 2]


def test_no_more_passages_are_shown_than_asked_for() -> None:
    assert len(compose_hits([candidate(0.8, number=n) for n in range(1, 9)], 3)) == 3


def test_a_refusal_offers_the_nearest_passages_unmarked() -> None:
    found = [candidate(0.8, number=n) for n in range(1, 9)]

    answer = compose("question?", "question?", found, is_answered=False, corpus="", notice="Nothing in: Note", top_k=5)

    assert answer.status == "not_in_documents"
    assert answer.answer is None
    assert answer.hits == ()
    assert [hit.highlights for hit in answer.nearest] == [(), (), ()]
    assert answer.notice == "Nothing in: Note"


@pytest.mark.parametrize(
    ("text", "expected"), [("", False), ("?!", False), ("a", False), ("no", True), ("7", True), ("日本", True)]
)
def test_a_question_has_a_word_or_a_number(text: str, expected: bool) -> None:
    assert is_question(text) is expected


LIST = "The measures are: joint databases; shared platforms; regional talks. They last."
CLAUSES = ((0, 33), (35, 51), (53, 68), (69, 79))


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Which measures are named?", "The measures are: joint databases; shared platforms; regional talks."),
        ("What are the plans?", "The measures are: joint databases; shared platforms; regional talks."),
        ("Is there a platform?", "shared platforms"),
        ("What does it say on platforms?", "shared platforms"),
    ],
)
def test_a_list_answers_as_a_whole_when_it_is_asked_for(question: str, quoted: str) -> None:
    passage = Passage(Source("note", "Note"), 1, "", "para. 1", LIST, 0, len(LIST))
    found = [Candidate(0, passage, Features(0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6), CLAUSES, (0.2, 0.9, 0.2, 0.3), NONE)]

    answer = compose(question, question, found, is_answered=True, corpus="", notice="Nothing in: Note", top_k=5)

    assert answer.answer == quoted


def test_a_place_that_is_named_hides_nothing() -> None:
    passage = Passage(Source("note", "Note"), 9, "", "para. 9", TEXT, 0, len(TEXT))
    named = Candidate(
        9, passage, Features(0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, is_named=True), SPANS, (0.2, 0.9, 0.3), NONE
    )

    hits = compose_hits([named, candidate(0.6), candidate(0.1)], 5)

    assert [hit.passage.number for hit in hits] == [9, 1]


def of_digest(candidate: Candidate) -> Candidate:
    return replace(candidate, passage=replace(candidate.passage, source=Source("brief", "Brief", "digest")))


def composed(found: list[Candidate]) -> Answer:
    return compose("question?", "question?", found, is_answered=True, corpus="", notice="", top_k=5)


def test_what_only_a_digest_says_is_not_quoted_but_shown_as_a_summary() -> None:
    answer = composed([of_digest(candidate(0.8)), candidate(0.6, number=2), of_digest(candidate(0.6, number=3))])

    assert (answer.status, answer.answer, answer.answer_kind) == ("answered", None, "summary")
    assert answer.summary == "Second one there."
    assert [hit.passage.number for hit in answer.hits] == [1, 2, 3]


def test_an_original_is_quoted_before_a_digest_that_comes_a_little_nearer() -> None:
    answer = composed([of_digest(candidate(0.65)), candidate(0.6, number=2)])

    assert (answer.answer_kind, answer.answer) == ("quotation", "Second one there.")
    assert [hit.passage.source.kind for hit in answer.hits] == ["original", "digest"]
    assert answer.summary == ""


@pytest.mark.parametrize(("odds", "kind"), [(6.0, "quotation"), (-6.0, "summary"), (None, "summary")])
def test_the_reader_tells_whether_an_original_answers_as_well(odds: float | None, kind: str) -> None:
    found = [replace(of_digest(candidate(0.6)), odds=6.0), replace(candidate(0.53, number=2), odds=odds)]

    answer = composed(found)

    assert answer.answer_kind == kind
    assert answer.hits[0].passage.number == (2 if kind == "quotation" else 1)


def test_what_comes_first_is_shown_however_far_behind_by_likeness() -> None:
    hits = compose_hits([candidate(0.2), candidate(0.6, number=2), candidate(0.2, number=3)], 5)

    assert [hit.passage.number for hit in hits] == [1, 2]


def test_a_place_of_a_digest_that_the_question_names_is_not_passed_over() -> None:
    named = of_digest(candidate(0.6))
    named = replace(named, features=replace(named.features, is_named=True), odds=1.0)

    assert composed([named, replace(candidate(0.6, number=2), odds=3.0)]).answer_kind == "summary"


def test_no_kind_is_given_where_nothing_answers() -> None:
    answer = compose("q", "q", [candidate(0.8)], is_answered=False, corpus="", notice="", top_k=5)

    assert (answer.answer_kind, answer.summary) == (None, "")
