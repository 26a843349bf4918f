import pytest

from assistant.language.citations import documents_in, without_documents
from assistant.language.names import beside_names
from assistant.records import Source


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("paragraph 3 of resolution 59/25", {"59/25"}),
        ("E/CN.9/2025/6 para. 14", {"E/CN.9/2025/6"}),
        ("What does A/C.3/78/L.19/Rev.1 say?", {"A/C.3/78/L.19/Rev.1"}),
        ("S/RES/1325 (2000) and resolution 1540 (2004)", {"S/RES/1325 (2000)", "1540 (2004)"}),
        ("Article 33 of the 1951 Convention?", {"1951 Convention"}),
        ("Article 5 of the Convention on the Rights of the Child says", {"Convention on the Rights of the Child"}),
        ("Are men and/or women meant?", set()),
        ("Who wrote the Charter?", set()),
    ],
)
def test_documents_are_named_by_symbol_or_behind_a_place(question: str, names: set[str]) -> None:
    assert {document.name for document in documents_in(question)} == names


@pytest.mark.parametrize(
    ("name", "symbol", "fits"),
    [
        ("resolution 59/25", "A/RES/59/25", True),
        ("resolution 59/2", "A/RES/59/25", False),
        ("A/RES/59/25", "A/HRC/RES/59/25", False),
        ("resolution S-24/2", "A/RES/S-24/2", True),
        ("resolution 1514", "A/RES/1514(XV)", True),
        ("resolution 151", "A/RES/1514(XV)", False),
        ("resolution 59/25", "", False),
    ],
)
def test_a_number_is_the_end_of_a_symbol(name: str, symbol: str, *, fits: bool) -> None:
    (document,) = documents_in(name)

    assert document.fits(Source("a", "A", symbol=symbol)) is fits


def test_a_year_tells_nothing_where_no_date_is_known() -> None:
    (document,) = documents_in("Article 33 of the 1951 Convention")

    assert document.fits(Source("a", "Convention on ferries"))
    assert not document.fits(Source("a", "Convention on ferries", date="3 May 1989"))


def test_a_named_document_is_no_topic() -> None:
    assert without_documents("What does para. 3 of resolution 59/25 say?") == "What does para. 3 of   say?"
    assert beside_names("What does paragraph 3 of resolution 59/25 say about ferries?") == ["ferries"]
    assert beside_names("What does Article 33 of the 1951 Convention say?") == []
    assert beside_names("para. 5 (b) of A/RES/78/217") == []
