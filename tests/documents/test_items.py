import pytest

from assistant.documents.items import Items, introduction


def cited(*marks: str, introducing: tuple[str, ...] = ()) -> list[str]:
    """The citations of items, of which some introduce those that follow."""
    items, found = Items(), []
    for i, mark in enumerate(marks):
        text = f"({mark}) The following:" if mark in introducing else f"({mark}) A ferry;"
        items.take(mark, following=marks[i + 1] if i + 1 < len(marks) else "", text=text)
        found.append(items.marks.strip())
    return found


def test_letters_have_sub_items_of_three_levels() -> None:
    assert cited("a", "b", "i", "ii", "a", "c") == ["(a)", "(b)", "(b) (i)", "(b) (ii)", "(a)", "(c)"]
    assert cited("a", "i", "aa", "bb", "ii") == ["(a)", "(a) (i)", "(a) (i) (aa)", "(a) (i) (bb)", "(a) (ii)"]


@pytest.mark.parametrize(
    ("marks", "introducing", "last"),
    [
        (("g", "h", "i", "j"), (), "(j)"),
        (("g", "h", "i", "ii"), (), "(h) (ii)"),
        (("g", "h", "i"), ("h",), "(h) (i)"),
        (("g", "h", "i"), (), "(i)"),
        (("t", "u", "v", "w"), (), "(w)"),
        (("a", "i", "ii", "iii", "iv", "v", "vi"), (), "(a) (vi)"),
        (("y", "z", "aa", "bb"), (), "(bb)"),
    ],
)
def test_a_mark_that_may_be_read_in_two_ways_is_told_by_what_stands_around(
    marks: tuple[str, ...], introducing: tuple[str, ...], last: str
) -> None:
    assert cited(*marks, introducing=introducing)[-1] == last


def test_a_scan_may_have_the_letter_for_the_number() -> None:
    assert cited("l", "2", "3") == ["(1)", "(2)", "(3)"]
    assert cited("j", "k", "l", "m")[2] == "(l)"


def test_a_list_that_lacks_an_item_goes_on() -> None:
    assert cited("a", "c", "d") == ["(a)", "(c)", "(d)"]


def test_an_item_keeps_the_words_that_introduce_it() -> None:
    items = Items("Decides:")

    items.take("a", following="i", text="(a) To sail:")
    assert items.lead == "Decides:"

    items.take("i", following="", text="(i) By day;")
    assert items.lead == "(a) To sail:"


def test_only_a_sentence_that_ends_in_a_colon_introduces() -> None:
    assert introduction("It rains. Decides:") == "Decides:"
    assert introduction("It rains.") == ""
