from assistant.documents.formats.pdf.pages import Line, lines_of
from assistant.documents.formats.pdf.tabular import with_rows
from tests.documents.formats.pdf.pieces import piece

PROSE = "a line of prose that goes on and on to the right edge of the column"
PLACES = (50.0, 150.0, 250.0, 350.0)


def lines(*rows: tuple[str, ...], top: float = 700, pitch: float = 14) -> list[Line]:
    """Lines of cells, each at its place; an empty cell isn't drawn."""
    pieces = [
        piece(text, place, top - pitch * i)
        for i, row in enumerate(rows)
        for text, place in zip(row, PLACES, strict=False)
        if text
    ]
    return list(lines_of(pieces, 1))


def texts(region: list[Line]) -> list[str]:
    return [line.text for line in with_rows(region)]


def test_a_cell_stands_in_its_column_where_others_are_empty() -> None:
    region = lines(("State", "2018", "2019", "2020"), ("Ruritania", "", "", "512"), ("Borduria", "2", "", "6"))

    assert texts(region) == ["State | 2018 | 2019 | 2020", "Ruritania |  |  | 512", "Borduria | 2 |  | 6"]


def test_a_cell_goes_on_over_several_lines() -> None:
    region = lines(
        ("State", "Measure", "", "Year"),
        ("Ruritania", "Opened shops", "", "2018"),
        ("", "where people", "", ""),
        ("", "get per-", "", ""),
        ("", "mits", "", ""),
        ("Borduria", "Trained guards", "", "2019"),
    )

    assert texts(region) == [
        "State | Measure | Year",
        "Ruritania | Opened shops where people get permits | 2018",
        "Borduria | Trained guards | 2019",
    ]


def test_a_first_cell_goes_on_where_its_lines_are_closer_than_the_rows() -> None:
    rows = [("Name", "2018", "2019"), ("Police", "3", "4"), ("Office for", "5", "6")]
    region = [*lines(*rows, pitch=20), *lines(("migration",), top=649)]

    assert texts(region)[-1] == "Office for migration | 5 | 6"


def test_a_heading_in_two_lines_is_one_row() -> None:
    region = lines(("", "Not yet", "Closure"), ("Area", "accepted", "requested"), ("Supply", "1", "2"))

    assert texts(region)[0] == "Area | Not yet accepted | Closure requested"


def test_what_stands_once_for_several_rows_belongs_to_each() -> None:
    region = lines(("State", "Sex", "2019"), ("Borduria", "men", "2"), ("", "women", "5"), ("Syldavia", "men", "7"))

    assert texts(region)[1:] == ["Borduria | men | 2", "Borduria | women | 5", "Syldavia | men | 7"]


def test_a_heading_over_two_columns_belongs_to_both() -> None:
    rows = [("Towns", "7", "8", "9"), ("Ports", "1", "2", "3"), ("Roads", "4", "5", "6"), ("Camps", "1", "2", "3")]
    over = lines_of([piece("State", 50, 714), piece("beds in all of the rooms", 145, 714), piece("2020", 350, 714)], 1)

    assert texts([*over, *lines(*rows)])[0] == "State | beds in all of the rooms | beds in all of the rooms | 2020"


def test_prose_above_and_below_a_table_is_no_part_of_it() -> None:
    table = lines(("State", "2018", "2019"), ("Ruritania", "", "512"), ("Borduria", "2", ""), top=680)
    region = [*lines_of([piece(PROSE, 50, 700)], 1), *table, *lines_of([piece(PROSE, 50, 630)], 1)]

    rows = with_rows(region)

    assert [line.table for line in rows] == [0, 1, 1, 1, 0]
    assert (rows[0].text, rows[-1].text) == (PROSE, PROSE)


def test_items_with_their_numbers_apart_are_no_table() -> None:
    items = [piece(text, left, 700 - 14 * i) for i in range(4) for text, left in ((f"{i}.", 50), ("an item", 90))]

    assert not any(line.table for line in with_rows(lines_of(items, 1)))
