import re

import pytest

from assistant.documents.lines import Stretch, lines_of
from assistant.documents.preambles import GOES_ON, Line
from assistant.documents.structure import paragraphs_of


def kinds(*lines: str) -> list[str]:
    return [line.kind for line in lines_of("\n".join(lines))]


CLAUSES = (
    "Recalling the ferries that crossed the sound in every winter before the bridge was built,",
    "Noting with concern that no ferry has crossed it since the bridge was opened to all,",
)


@pytest.mark.parametrize(
    "organ",
    [
        "The General Assembly,",
        "The Conference of the Parties,",
        "THE EUROPEAN PARLIAMENT AND THE COUNCIL OF THE EUROPEAN UNION,",
        "The States Parties to the present Convention,",
        "L’Assemblée générale,",
        "Генеральная Ассамблея,",
        "大会，",
    ],
)
def test_whoever_speaks_is_no_clause_of_the_preamble(organ: str) -> None:
    assert kinds(organ, *CLAUSES, "1. Decides to sail;") == ["organ", "clause", "clause", "numbered"]


def test_clauses_are_told_without_anybody_who_speaks() -> None:
    assert kinds(*CLAUSES, "1. Decides to sail;") == ["clause", "clause", "numbered"]


def test_an_organ_is_parted_from_the_clause_on_its_line() -> None:
    assert kinds(f"The Security Council, {CLAUSES[0]}", CLAUSES[1], "1. Decides to sail;") == [
        "organ", "clause", "clause", "numbered",
    ]  # fmt: skip


def test_a_clause_may_end_otherwise_where_numbers_follow() -> None:
    lines = ("The General Assembly,", CLAUSES[0], "Having asked the port for its ferries;", "1. Decides to sail;")

    assert kinds(*lines) == ["organ", "clause", "clause", "numbered"]


@pytest.mark.parametrize(
    "decision",
    ["Endorses the plan for the sound.", "Also requests the port to sail again.", "To sail again in spring is agreed."],
)
def test_what_is_decided_without_a_number_is_no_clause(decision: str) -> None:
    assert kinds("The General Assembly,", *CLAUSES, decision) == ["organ", "clause", "clause", "decision"]


def test_what_stands_below_a_decision_is_none() -> None:
    lines = ("The General Assembly,", *CLAUSES, "Endorses the plan.", "80th plenary meeting", "3 May 2031")

    assert kinds(*lines)[-3:] == ["decision", "closing", "closing"]


def test_an_organ_may_decide_without_a_preamble() -> None:
    assert kinds("The General Assembly", "Adopts the plan for the sound.", "A plan", "1. Sail.", "2. Row.")[:2] == [
        "organ", "decision",
    ]  # fmt: skip


def test_a_footnote_among_clauses_counts_for_none() -> None:
    lines = ("The General Assembly,", CLAUSES[0], "3 See resolution 12/4, annex.", CLAUSES[1], "1. Decides to sail;")

    assert kinds(*lines) == ["organ", "clause", "aside", "clause", "numbered"]


def test_a_running_head_among_clauses_counts_for_none() -> None:
    lines = ("The General Assembly,", CLAUSES[0], "A/RES/12/5 Ferries", CLAUSES[1], "1. Decides to sail;")

    assert "clause" not in kinds(*lines)[2]


def test_a_letter_has_no_preamble() -> None:
    lines = ("Dear Sir,", "I have the honour to write to you about the ferries of the sound.", "Yours sincerely,")

    assert not {"organ", "clause"} & set(kinds(*lines))


def test_a_list_of_short_lines_that_end_in_commas_has_none() -> None:
    assert not {"organ", "clause"} & set(kinds("Lissen,", "Odrin,", "Tollmarch,", "Quessin"))


def lines_on(*pieces: tuple[int, str]) -> list[Line]:
    """The lines of paragraphs on pages."""
    text = "\n\n".join(piece for _, piece in pieces)
    at, stretches = 0, []
    for page, piece in pieces:
        stretches.append(Stretch(at, at + len(piece), page=page))
        at += len(piece) + 2
    return lines_of(text, stretches)


def known(*pieces: tuple[int, str]) -> list[str]:
    return [line.kind for line in lines_on(*pieces)]


def test_a_clause_that_goes_on_on_the_next_page_is_one() -> None:
    broken = (
        (1, "Reaffirming that all who are at sea by day or by night fall under the Ferry Convention relative to the"),
        (2, "Protection of Ferries,"),
    )

    assert known((1, "The Council,"), (1, CLAUSES[0]), *broken, (2, CLAUSES[1]), (2, "1. Decides to sail;")) == [
        "organ", "clause", "clause", "clause", "clause", "numbered",
    ]  # fmt: skip
    assert [line.mark for line in lines_on((1, "The Council,"), (1, CLAUSES[0]), *broken)] == ["", "", "", GOES_ON]


def test_the_furniture_of_a_page_is_no_clause() -> None:
    foot = (
        (1, CLAUSES[1]),
        (2, "A/RES/12/5"),
        (1, "** As in rule 7 of it."),
    )

    assert known((1, "The Council,"), (1, CLAUSES[0]), *foot, (2, CLAUSES[1]), (2, "1. Decides to sail;")) == [
        "organ", "clause", "clause", "aside", "clause", "numbered",
    ]  # fmt: skip


PROSE = "The ferries have crossed the sound in every winter since the port was built."


@pytest.mark.parametrize("heading", ["The Security Council", "The General Assembly"])
def test_a_heading_that_names_an_organ_is_no_speaker(heading: str) -> None:
    assert not {"organ", "clause", "decision"} & set(kinds("Organs", PROSE, heading, PROSE, PROSE))


def test_running_text_ends_a_preamble_that_nobody_speaks() -> None:
    text = "\n\n".join((*CLAUSES, PROSE, CLAUSES[0], PROSE))

    assert [line.kind for line in lines_of(text)] == ["clause", "clause", "plain", "plain", "plain"]


def test_clauses_are_counted_over_pages_though_nothing_is_numbered() -> None:
    text = "\n\n".join(("The General Assembly,", *CLAUSES, "Endorses the plan for the sound."))
    ends = [match.end() for match in re.finditer(r"[^\n]+", text)]
    starts = [0, *(end + 2 for end in ends[:-1])]
    stretches = [Stretch(start, end, page=1 + i // 2) for i, (start, end) in enumerate(zip(starts, ends, strict=True))]

    assert [paragraph.locator for paragraph in paragraphs_of(text, stretches)] == [
        "preambular para. 1", "preambular para. 2", "operative para.",
    ]  # fmt: skip


def test_clauses_end_with_the_marks_of_old_footnotes_and_with_divided_words() -> None:
    lines = (
        "The Council,",
        "Having considered the report of the Secretary on ferries and piers,26/",
        f"{CLAUSES[1][:-1]} which may contrib-",
        "259 See Ferries of the Sound (Odrin, 1971).",
        "ute to the peace of the sound,",
        CLAUSES[0],
        "1. Decides to sail;",
    )

    assert [(line.kind, line.mark) for line in lines_of("\n\n".join(lines))] == [
        ("organ", ""), ("clause", ""), ("clause", ""), ("aside", "footnote 259"), ("clause", GOES_ON), ("clause", ""),
        ("numbered", "1"),
    ]  # fmt: skip
