import pytest

from assistant.records import Source
from assistant.web.app.document_pages import page_of

SOURCES = [
    Source("a", "Résolution adoptée par l’Assemblée", symbol="A/RES/73/195", date="19 December 2018", file="a.pdf"),
    Source("b", "Résolution adoptée par l’Assemblée", symbol="A/RES/71/1", date="19 September 2016", file="b.pdf"),
    Source("c", "Note", file="c.txt"),
    Source("d", "Note", file="d.txt"),
    Source("e", "تقرير الأمين العام", publisher="UNHCR", language="ar"),
]


@pytest.mark.parametrize(
    ("find", "ids"),
    [
        ("", "abcde"),
        ("  ", "abcde"),
        ("RESOLUTION 2016", "b"),
        ("73/195", "a"),
        ("unhcr", "e"),
        ("الأمين", "e"),
        ("note d", "d"),
        ("nothing like it", ""),
        ("x" * 10_000, ""),
    ],
)
def test_each_word_of_a_search_stands_in_a_document_s_facts(find: str, ids: str) -> None:
    assert "".join(each.id for each in page_of(SOURCES, size=9, find=find).sources) == ids


@pytest.mark.parametrize(
    ("number", "ids", "shown"), [(1, "ab", 1), (2, "cd", 2), (3, "e", 3), (99, "e", 3), (-4, "ab", 1)]
)
def test_pages_are_cut_and_a_number_beyond_is_the_last(number: int, ids: str, shown: int) -> None:
    page = page_of(SOURCES, size=2, number=number)

    assert "".join(each.id for each in page.sources) == ids
    assert (page.number, page.last, page.found) == (shown, 3, 5)


def test_nothing_found_is_an_empty_page() -> None:
    page = page_of([], size=2)

    assert (page.sources, page.number, page.last) == ([], 1, 1)


def test_documents_of_one_name_symbol_and_date_are_alike() -> None:
    assert page_of(SOURCES, size=9).alike == {"c", "d"}
    assert page_of(SOURCES, size=3).alike == {"c"}  # though the other is on the next page
