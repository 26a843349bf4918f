from dataclasses import replace

import pytest

from assistant.records import (
    Answer,
    Classification,
    Entry,
    Hit,
    Known,
    Objective,
    ObjectiveMatch,
    Passage,
    Reason,
    Source,
    Tag,
)
from assistant.terminal.rendering import render_answer, render_classification

QUESTION = "Which data are collected on migrants?"
NOTE = Source("note", "Background note")
DATA = Objective(1, "Collect and utilize accurate and disaggregated data", "Data", 17, 4)
SERVICES = Objective(15, "Provide access to basic services for migrants", "Basic services", 31, 3)
PASSAGE = Passage(
    NOTE,
    1,
    "",
    "para. 2",
    "Data on migrants are scarce.",
    0,
    28,
    tags=(Tag(1, "stated", 1.0, "objective 1"), Tag(15, "inferred", 0.58, "scarce")),
)
REASON = Reason(("data",), ("migrants",), {"meaning": 0.5, "words": -0.001}, is_named=False)
ANSWER = Answer(
    QUESTION,
    QUESTION,
    "answered",
    "sha256:3f9a1c70aaaa",
    answer="Data on migrants are scarce.",
    hits=(Hit(PASSAGE, 0.7),),
)
REFUSAL = Answer(
    QUESTION,
    QUESTION,
    "not_in_documents",
    "sha256:3f9a1c70aaaa",
    nearest=(Hit(PASSAGE, 0.2),),
    notice="No passage answers this question.",
)


def test_an_answer_is_quoted_first_then_placed_then_its_passages_follow() -> None:
    lines = render_answer(ANSWER).splitlines()

    assert lines[:5] == [
        "  | Data on migrants are scarce.",
        "    Background note, para. 2",
        "",
        "1 passage found",
        "",
    ]
    assert lines[5:9] == [
        "1. Background note, para. 2",
        "   Data on migrants are scarce.",
        "   Objective 1, stated: “objective 1”",
        "   Objective 15, inferred 58%: “scarce”",
    ]
    assert "Why this" not in render_answer(ANSWER)


def test_a_link_is_shown_by_its_words() -> None:
    passage = replace(PASSAGE, text="Materials are\navailable [here](#).")

    text = render_answer(replace(ANSWER, answer="available [here](#)", hits=(Hit(passage, 0.7),)))

    assert "  | available here\n" in text
    assert "   Materials are available here.\n" in text


def test_what_was_understood_is_said_only_if_it_differs() -> None:
    assert render_answer(replace(ANSWER, question="And data?")).startswith(f"Understood as: {QUESTION}\n")
    assert "Understood as" not in render_answer(replace(ANSWER, question=f" {QUESTION}"))


def test_why_a_passage_was_found_is_told_where_that_was_asked_for() -> None:
    found = render_answer(replace(ANSWER, hits=(Hit(PASSAGE, 0.7, reason=REASON),)))
    named = render_answer(replace(ANSWER, hits=(Hit(PASSAGE, 0.7, reason=Reason((), (), {"words": 0.3}, True)),)))

    assert "   Why this: holds data; comes near migrants; meaning 0.50, words 0.00\n" in found
    assert "   Why this: named in the question; words 0.30\n" in named


def test_a_refusal_says_so_and_offers_what_is_nearest() -> None:
    said = render_answer(REFUSAL)

    assert said.startswith("Not in the documents. No passage answers this question.\n")
    assert "Nearest passages (they do not answer the question)\n\n1. Background note, para. 2" in said


def test_what_is_known_is_told_with_where_to_read_on() -> None:
    known = Known("Answers here are quotations.", (Entry(NOTE, "Guiding question 3", "guiding-question-3"),))

    text = render_answer(replace(REFUSAL, nearest=(), known=known, notice=known.notice))

    assert text.startswith("Answers here are quotations.\n  - Guiding question 3\n")
    assert "Not in the documents" not in text


def test_what_only_a_digest_says_is_our_summary_and_no_quotation() -> None:
    source = Source("brief", "On borders", "digest", address="https://example.org/borders")

    lines = render_answer(replace(ANSWER, answer=None, hits=(Hit(replace(PASSAGE, source=source), 0.7),))).splitlines()

    place = "Our summary, para. 2 (the original: On borders, https://example.org/borders)"
    assert lines[:2] == ["Our summary says: Data on migrants are scarce.", f"    {place}"]
    assert f"1. {place}" in lines
    assert not any(line.startswith("  |") for line in lines)


@pytest.mark.parametrize(("confidence", "said"), [(0.0, "< 1%"), (0.004, "< 1%"), (0.58, "58%"), (0.999, "> 99%")])
def test_an_inference_is_never_certain(confidence: float, said: str) -> None:
    matches = (ObjectiveMatch(DATA, "inferred", confidence),)
    passage = replace(PASSAGE, tags=(Tag(1, "inferred", confidence, "data"),))

    assert f"Objectives: 1 Data (inferred {said})\n" in render_answer(replace(REFUSAL, objectives=matches))
    assert f"Objective 1, inferred {said}: “data”\n" in render_answer(replace(ANSWER, hits=(Hit(passage, 0.7),)))
    assert f" {said}  1. Collect and utilize" in render_classification(Classification("data", matches, "sha256:0"))


def test_a_ranking_explains_the_first_and_quotes_the_documents() -> None:
    matches = (
        ObjectiveMatch(DATA, "stated", 1.0, ("objective 1",)),
        ObjectiveMatch(SERVICES, "inferred", 0.3, ("data",)),
    )

    lines = render_classification(Classification("data", matches, "sha256:0", (Hit(PASSAGE, 0.7),))).splitlines()

    assert lines[:8] == [
        "Which objective? data",
        "",
        "      stated  1. Collect and utilize accurate and disaggregated data",
        "              Global Compact, para. 17; roundtable 4, this roundtable",
        "              stated by: objective 1",
        " perhaps 30%  15. Provide access to basic services for migrants",
        "              Global Compact, para. 31; roundtable 3, not this one",
        "              decided by: data",
    ]
    assert lines[9:12] == ["What the documents say on it", "", "1. Background note, para. 2"]
