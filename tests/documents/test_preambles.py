import pytest

from assistant.documents.lines import lines_of


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
