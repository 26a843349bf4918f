import pytest

from assistant.documents.formats.numbering import Counter, Level, NumberedList, number

LEVELS = {0: Level(text="%1."), 1: Level(text="%1.%2"), 2: Level(style="lowerLetter", text="(%3)")}


def counted(numbered: NumberedList, *levels: int) -> list[str]:
    counter = Counter({"1": numbered})
    return [counter.next("1", level) for level in levels]


def test_levels_are_counted_each_under_the_one_above() -> None:
    assert counted(NumberedList("a", LEVELS), 0, 1, 1, 2, 2, 0, 1, 2) == [
        "1.", "1.1", "1.2", "(a)", "(b)", "2.", "2.1", "(a)",
    ]  # fmt: skip


def test_a_level_that_never_restarts_counts_on() -> None:
    levels = {0: Level(text="%1."), 1: Level(text="(%2)", restart=0)}

    assert counted(NumberedList("a", levels), 0, 1, 0, 1) == ["1.", "(1)", "2.", "(2)"]


def test_lists_of_one_definition_count_on_together_unless_one_restarts() -> None:
    counter = Counter(
        {
            "1": NumberedList("a", LEVELS),
            "2": NumberedList("a", LEVELS),
            "3": NumberedList("a", LEVELS, restarts={0: 5}),
            "4": NumberedList("b", LEVELS),
        }
    )

    assert [counter.next(list_id, 0) for list_id in "12334"] == ["1.", "2.", "5.", "6.", "1."]


def test_legal_numbers_are_in_figures() -> None:
    levels = {0: Level(style="upperRoman", text="%1."), 1: Level(text="%1.%2", legal=True)}

    assert counted(NumberedList("a", levels), 0, 0, 1) == ["I.", "II.", "2.1"]


def test_bullets_have_no_number_and_unknown_lists_no_mark() -> None:
    counter = Counter({"1": NumberedList("a", {0: Level(style="bullet", text="o"), 1: Level(style="none", text="x")})})

    assert [counter.next("1", 0), counter.next("1", 1), counter.next("1", 7), counter.next("9", 0)] == ["•", "", "", ""]


def test_a_paragraph_may_have_a_number_of_its_own_from_which_the_others_go_on() -> None:
    counter = Counter({"1": NumberedList("a", LEVELS)})

    assert [counter.next("1", 0), counter.next("1", 0, start=7), counter.next("1", 0)] == ["1.", "7.", "8."]


@pytest.mark.parametrize(
    ("count", "style", "shown"),
    [
        (26, "lowerLetter", "z"),
        (27, "upperLetter", "AA"),
        (28, "lowerLetter", "bb"),
        (28, "lowerAlphabet", "ab"),
        (703, "upperAlphabet", "AAA"),
        (0, "lowerAlphabet", "0"),
        (0, "lowerLetter", "0"),
        (1994, "lowerRoman", "mcmxciv"),
        (5000, "upperRoman", "5000"),
        (7, "decimalZero", "07"),
        (22, "ordinal", "22nd"),
        (12, "ordinal", "12th"),
        (3, "chineseCounting", "3"),
    ],
)
def test_counts_are_written_in_every_style(count: int, style: str, shown: str) -> None:
    assert number(count, style) == shown
