import pytest

from assistant.documents.formats.raised import joined


@pytest.mark.parametrize(
    ("before", "raised", "after", "read"),
    [
        ("In 2020", "3", " it rose", "In 2020 it rose"),
        ("Towns", "1, 2", " stay", "Towns stay"),
        ("the end.", "[4]", "", "the end."),
        ("all 512", "a", "", "all 512"),
        ("Total", "a/", "", "Total"),
        ("Total", "*", "", "Total"),
        ("some 10", "6", " people", "some 10⁶ people"),
        ("1,210", "6", " people", "1,210 people"),
        ("300 km", "2", " of land", "300 km² of land"),
        ("40 м", "2", "", "40 м²"),
        ("g", "-3", "", "g⁻³"),
        ("x", "2", "", "x²"),
        ("4", "1", "/2 years", "4 1/2 years"),
        ("", "3", "⁄4 of all", "3⁄4 of all"),
        ("the 21", "st", " century", "the 21st century"),
        ("XIX", "e", " siècle", "XIXe siècle"),
        ("1", "a", " sesión", "1a sesión"),
        ("", "1", "See the list.", "1 See the list."),
        ("A line.\n", "b", "Estimates.", "A line.\nb Estimates."),
    ],
)
def test_raised_characters_are_read_by_what_is_around_them(before: str, raised: str, after: str, read: str) -> None:
    assert joined([(before, False), (raised, True), (after, False)]) == read


def test_a_mark_may_come_in_pieces() -> None:
    assert joined([("2020", False), ("1", True), ("2", True), (" and", False)]) == "2020 and"
