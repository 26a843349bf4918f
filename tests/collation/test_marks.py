import pytest

from assistant.collation.marks import marked_in, paragraph_spans
from tests.test_linear import TOLERATED, grows


def inside(text: str) -> list[str]:
    return [text[each.start : each.ends[0]] for each in marked_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "“it”",
        '"it"',
        "‘it’",
        "'it'",
        "«it»",
        "« it »",
        "»it«",
        "„it“",
        "„it”",
        "”it”",
        "「it」",
        "『it』",
        "‹it›",
        "``it''",
    ],
)
def test_every_kind_of_marks_is_known(text: str) -> None:
    assert inside(f"We say {text}, and more.") == ["it"]


def test_apostrophes_inches_and_years_open_nothing() -> None:
    assert inside("It's the States' choice: a 5\" pipe, rock'n'roll in the '90s.") == []


def test_what_is_inside_a_quotation_belongs_to_it() -> None:
    assert inside("“he said “no” twice” and «a «b» c»") == ["he said “no” twice", "a «b» c"]


def test_a_quotation_of_several_paragraphs_is_closed_after_the_last() -> None:
    assert inside("“The first part.\n\n“The second part.” Ours.") == ["The first part.", "The second part."]


def test_an_end_may_be_an_apostrophe() -> None:
    text = "‘all migrants’ rights’"
    (found,) = marked_in(text)

    assert [text[found.start : end] for end in found.ends] == ["all migrants", "all migrants’ rights"]


@pytest.mark.parametrize("unit", ["'a ", "-'a", "“a ", "““a” ", '"a ', "«-", "“a\n\n"])
def test_ten_times_the_marks_take_about_ten_times_as_long(unit: str) -> None:
    assert grows(marked_in, "", unit) < TOLERATED


def test_paragraphs_end_at_blank_lines_items_and_sentences() -> None:
    text = "One line\nwrapped here.\nTwo.\n\n(a) Three\n(b) Four"

    assert [text[slice(*span)] for span in paragraph_spans(text)] == [
        "One line\nwrapped here.",
        "Two.",
        "(a) Three",
        "(b) Four",
    ]
