import pytest

from assistant.documents.formats.pdf.directions import as_read, is_right_to_left, reading_order, with_brackets


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        ("חתפ דרשמה", "המשרד פתח"),
        (".2019 תנשב םיטלקמ 61", "61 מקלטים בשנת 2019."),
        ("19.12.2018 םוימ 73/195 הטלחה", "החלטה 73/195 מיום 19.12.2018"),
        ("םישדוח 18-ל", "ל-18 חודשים"),
        ("10% לש UN Women-ה", "ה-UN Women של 10%"),
        ("%10 ةبسن", "نسبة 10%"),
        ("1,250 لبقتست Freiburgةنيدملا", "المدينةFreiburg تستقبل 1,250"),
        ("نمPython", "Python من"),
    ],
)
def test_a_line_is_read_from_the_right_but_for_numbers_and_other_scripts(drawn: str, read: str) -> None:
    assert reading_order([*drawn], from_right=True) == read


def test_words_that_are_read_from_the_right_are_turned_in_another_line() -> None:
    assert reading_order([*"the word םולש, once"], from_right=False) == "the word שלום, once"


def test_what_is_drawn_as_one_keeps_its_order() -> None:
    assert reading_order(["ة", "لا", "م"], from_right=True) == "ملاة"
    assert as_read("ال") == "لا", "turned around by the library"
    assert as_read("لا") == "لا"
    assert as_read("fi") == "fi"


def test_brackets_are_closed_after_they_are_opened() -> None:
    assert with_brackets([")במלואם(", "ועוד"]) == ["(במלואם)", "ועוד"]
    assert with_brackets(["(במלואם", "ועוד)"]) == ["(במלואם", "ועוד)"]


def test_a_text_is_read_from_the_right_if_most_of_its_letters_are() -> None:
    assert is_right_to_left("המשרד UN")
    assert not is_right_to_left("the office משרד")
    assert not is_right_to_left("2019")
