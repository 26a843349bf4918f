import pytest

from assistant.collation.words import Worded, compared, same_signs


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("l’accès", "L'ACCÈS"),
        ("ﬁnal", "final"),
        ("co\u00adoperate", "cooperate"),
        ("العَرَبِيّة", "العربية"),
    ],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    assert compared(one) == compared(other)


def test_numbers_and_apostrophes_stay_whole_and_characters_are_words() -> None:
    assert Worded("The child’s 1,200 移民 हिन्दी").compared == ["the", "child's", "1,200", "移", "民", "हिन्दी"]


def test_brackets_are_the_drafts_own() -> None:
    draft = Worded("[S]tates [the said] shall", is_draft=True)

    assert draft.compared == ["states", "the", "said", "shall"]
    assert (set(draft.editorial), set(draft.own)) == ({0, 1, 2}, {1, 2})


def test_an_ellipsis_parts_words() -> None:
    assert Worded("one … two [...] three. Four", is_draft=True).ellipses == {1, 2}


def test_numbers_of_items_are_markers() -> None:
    text = Worded("8. States\n(a) To act in 8 ways")

    assert [text.word(i) for i in range(len(text.spans)) if text.is_marker(i)] == ["8", "a"]


@pytest.mark.parametrize(("one", "other", "same"), [(" — ", "–", True), ("\n- ", " ", True), (", ", " ", False)])
def test_dashes_of_any_kind_and_bullets_are_no_difference(one: str, other: str, same: bool) -> None:
    assert same_signs(one, other) is same
