import numpy as np
import pytest

from assistant.index.lexical import LexicalIndex

TEXTS = [
    "Migrant children travel alone and need protection.",
    "Xenophobia and racism are met by legislation.",
    "Borders, visas and permits; borders again.",
]


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    """Three short texts."""
    return LexicalIndex.of(TEXTS)


def test_scores_lie_between_none_and_all_of_the_words(lexical: LexicalIndex) -> None:
    scores = lexical.scores(["borders", "visas"])

    assert scores.argmax() == 2
    assert scores[0] == 0
    assert 0 < scores.max() < 1


def test_inflections_are_found(lexical: LexicalIndex) -> None:
    assert lexical.scores(["child", "protecting"])[0] > 0.2


def test_a_word_that_no_text_holds_lowers_the_score(lexical: LexicalIndex) -> None:
    assert lexical.scores(["racism", "zebras"])[1] < lexical.scores(["racism"])[1] / 1.5


@pytest.mark.parametrize("words", [[], ["zebras"], [""]])
def test_no_word_found_is_no_score(lexical: LexicalIndex, words: list[str]) -> None:
    np.testing.assert_array_equal(lexical.scores(words), np.zeros(3))


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("xenophbia", "xenophobia"),
        ("chidren", "children"),
        ("lesgislation", "legislation"),
        ("protction", "protection"),
        ("zebras", None),
        ("visa", None),
        ("2020x", None),
    ],
)
def test_slips_of_the_keyboard_are_mended(lexical: LexicalIndex, slip: str, meant: str | None) -> None:
    assert lexical.corrected(slip) == meant


def test_texts_without_words_are_indexed() -> None:
    assert LexicalIndex.of(["the", ""]).scores(["data"]).tolist() == [0, 0]


def test_rows_are_alike_from_the_share_of_words_on_that_both_hold() -> None:
    lexical = LexicalIndex.of(["open the borders soon", "open borders", "ferries sail at night"])

    assert lexical.are_alike(0, 1, 2 / 3)
    assert not lexical.are_alike(0, 1, 0.7)
    assert not lexical.are_alike(0, 2, 0.1)


def test_rows_that_hold_all_words_are_found(lexical: LexicalIndex) -> None:
    assert lexical.rows_holding(["the", "border", "permits"]) == [2]
    assert lexical.rows_holding(["borders", "racism"]) == []
    assert lexical.rows_holding(["zebras"]) == []


def test_arrays_from_elsewhere_find_the_same(lexical: LexicalIndex) -> None:
    again = LexicalIndex({name: array.copy() for name, array in LexicalIndex.of(TEXTS).arrays().items()})

    np.testing.assert_array_equal(again.scores(["borders", "children"]), lexical.scores(["borders", "children"]))
    assert again.corrected("xenophbia") == "xenophobia"
    assert [again.row_holds(row, "child") for row in range(3)] == [True, False, False]
