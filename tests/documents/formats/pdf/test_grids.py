import itertools
from dataclasses import replace

from assistant.documents.formats.pdf.grids import with_tables
from assistant.documents.formats.pdf.pages import Box, Page
from tests.documents.formats.pdf.pieces import page, piece


def grid(columns: list[float], heights: list[float], *gone: tuple[str, int, int]) -> tuple[Box, ...]:
    """The lines of a table, cell by cell, but for those that are gone: "wall" or "floor", row, column."""
    walls = [
        (x, low, x + 0.5, high)
        for row, (high, low) in enumerate(itertools.pairwise(heights))
        for column, x in enumerate(columns)
        if ("wall", row, column) not in gone
    ]
    floors = [
        (left, y, right, y + 0.5)
        for row, y in enumerate(heights)
        for column, (left, right) in enumerate(itertools.pairwise(columns))
        if ("floor", row, column) not in gone
    ]
    return (*walls, *floors)


def rows(drawn: Page) -> list[tuple[str, ...]]:
    return [each.rows for each in with_tables(drawn).pieces if each.rows]


def test_drawn_cells_keep_their_places_and_lines_and_merged_ones_belong_to_all() -> None:
    strokes = grid([40, 140, 240, 340], [720, 700, 680, 640], ("wall", 0, 2), ("floor", 2, 0))
    pieces = (
        piece("State", 50, 706), piece("2020", 210, 706), piece("Ruritania", 50, 686), piece("men", 150, 686),
        piece("women and", 150, 665), piece("girls", 150, 653), piece("6", 250, 665),
    )  # fmt: skip

    assert rows(replace(page(*pieces), strokes=strokes)) == [
        ("State | 2020 | 2020", "Ruritania | men |", "Ruritania | women and girls | 6")
    ]


def test_a_column_between_double_lines_is_none() -> None:
    strokes = grid([40, 46, 140, 240], [720, 700, 680])
    pieces = [piece(text, x, y) for y in (706, 686) for text, x in (("town", 60), ("beds", 160))]

    assert rows(replace(page(*pieces), strokes=strokes)) == [("town | beds", "town | beds")]


def test_a_frame_is_a_box_and_no_table() -> None:
    framed = replace(page(piece("Key figures", 60, 700)), strokes=grid([40, 240], [720, 620]))

    kept = with_tables(framed)

    assert kept.pieces == framed.pieces
    assert [tuple(map(round, box)) for box in kept.boxes] == [(40, 620, 240, 720)]


def test_cells_with_whole_columns_of_text_are_a_pages_layout() -> None:
    words = [piece("many words of a page " * 2, x, 700 - 12 * i) for i in range(20) for x in (50, 350)]
    strokes = grid([40, 340, 640], [720, 440, 420])

    assert rows(replace(page(*words), strokes=strokes)) == []
