from assistant.documents.formats.tables import Grid


def test_an_empty_cell_keeps_its_place_and_an_empty_row_is_none() -> None:
    grid = Grid()

    for cell in ("Ruritania", "", "", "512"):
        grid.add(cell)
    assert grid.end_row() == "Ruritania |  |  | 512"

    grid.add("")
    grid.add("2018")
    assert grid.end_row() == "| 2018"

    grid.add("")
    assert grid.end_row() == ""


def test_a_cell_over_several_rows_or_columns_belongs_to_each() -> None:
    grid = Grid()

    grid.add("Borduria", rows=2)
    grid.add("2020", columns=2)
    grid.add("all", rows=3)
    assert grid.end_row() == "Borduria | 2020 | 2020 | all"

    grid.add("5")
    grid.add("6")
    assert grid.end_row() == "Borduria | 5 | 6 | all"

    grid.add("Syldavia")
    assert grid.end_row() == "Syldavia |  |  | all"


def test_a_cell_over_all_columns_is_read_once() -> None:
    grid = Grid()

    grid.add("Europe", columns=4)

    assert grid.end_row() == "Europe"


def test_what_reaches_down_may_be_marked_in_each_row() -> None:
    grid = Grid()
    grid.add("Borduria")
    grid.add("men")
    grid.end_row()

    grid.add_from_above()
    grid.add("women")

    assert grid.end_row() == "Borduria | women"


def test_no_table_can_swell() -> None:
    grid = Grid()

    grid.add("x" * 10_000, columns=10**9, rows=10**9)
    for _ in range(3):
        assert len(grid.end_row()) < 11_000
