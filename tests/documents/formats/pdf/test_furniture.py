import pytest

from assistant.documents.formats.pdf.furniture import without_furniture
from assistant.documents.formats.pdf.pages import Page
from tests.documents.formats.pdf.pieces import page, piece

LINE = "words of a line that is long enough"


def texts(pages: list[Page]) -> list[list[str]]:
    return [[each.text for each in one.pieces] for one in without_furniture(pages)]


def test_what_stands_at_the_head_of_several_pages_is_left_out_and_so_are_page_numbers() -> None:
    pages = [
        page(
            piece("ECE/1", 50, 780),
            piece(f"Text of page {number}", 50, 400),
            piece(str(number), 290, 20),
            number=number,
        )
        for number in (1, 2, 3)
    ]

    assert texts(pages) == [[f"Text of page {n}"] for n in (1, 2, 3)]


def test_a_running_head_has_the_same_numbers_on_each_page_or_they_count_the_pages() -> None:
    heads = [f"ECE/7 Housing {number} of 9" for number in (1, 2, 3)]
    articles = [f"Article {number}" for number in (11, 32, 36)]

    pages = [
        page(piece(head, 50, 780), piece(article, 50, 760), piece("Text", 50, 400), number=1 + i)
        for i, (head, article) in enumerate(zip(heads, articles, strict=True))
    ]

    assert texts(pages) == [[article, "Text"] for article in articles]


def test_a_long_foot_is_left_out_at_whatever_height() -> None:
    pages = [
        page(piece(f"Text {n}", 50, 400), piece("Extract from the guide to housing", 50, 30 + 7 * n), number=n)
        for n in (1, 2, 3)
    ]

    assert texts(pages) == [[f"Text {n}"] for n in (1, 2, 3)]


def test_a_line_of_a_paragraph_that_pages_have_in_common_is_kept() -> None:
    pages = [page(piece(LINE, 50, 780), piece(word, 50, 768)) for word in ("once", "twice", "again")]

    assert texts(pages) == [[LINE, word] for word in ("once", "twice", "again")]


@pytest.mark.parametrize("imprint", ["25-11220 (E)", "GE.25-11220 (E)", "25-00745X (E) 200125", "*2511220*"])
def test_a_job_number_is_left_out_and_a_year_in_a_table_kept(imprint: str) -> None:
    one = page(piece("2019", 50, 780), piece("2020", 250, 780), piece("Text", 50, 400), piece(imprint, 50, 20))

    assert texts([one]) == [["2019", "2020", "Text"]]


@pytest.mark.parametrize("left", [20, 400])
@pytest.mark.parametrize("step", [1, 5])
def test_numbers_that_count_the_lines_are_left_out(left: float, step: int) -> None:
    pages = []
    for first in (1, 31):
        rows = [piece(LINE, 50, 700 - 12 * i) for i in range(30)]
        numbers = [piece(str(first + i), left, 700 - 12 * i, size=8) for i in range(30) if (first + i) % step == 0]
        pages.append(page(*rows, *numbers))

    assert texts(pages) == [[LINE] * 30, [LINE] * 30]


def test_numbers_of_a_list_and_of_notes_are_kept() -> None:
    ranks = [piece(text, x, 700 - 12 * i) for i in range(9) for text, x in ((str(i + 1), 20), ("Ruritania", 50))]
    notes = [piece(LINE, 50, 700 - 12 * i) for i in range(30)]
    notes += [piece(text, x, 200 - 12 * i) for i in range(6) for text, x in ((str(i + 1), 20), (LINE, 50))]

    assert len(texts([page(*ranks)])[0]) == 18
    assert len(texts([page(*notes)])[0]) == 42


def test_huge_words_over_the_text_are_a_watermark_and_a_headline_is_none() -> None:
    rows = [piece(LINE, 50, 700 - 12 * i) for i in range(20)]

    assert texts([page(*rows, piece("DRAFT", 60, 600, size=60))]) == [[LINE] * 20]
    assert texts([page(piece("A TITLE", 60, 740, size=30), *rows)]) == [["A TITLE", *[LINE] * 20]]
