from dataclasses import replace

from assistant.documents.formats.pdf.columns import find_gutter, is_beside, read_order, usual_gutter, with_floats
from assistant.documents.formats.pdf.pages import Piece
from tests.documents.formats.pdf.pieces import page, piece

LINE = "words of a column that is long enough"  # 185 points wide


def column(left: float, name: str, *, rows: int = 12) -> list[Piece]:
    return [piece(f"{name}{row:02} {LINE}", left, 700 - 12 * row) for row in range(rows)]


def test_two_columns_are_read_one_after_the_other() -> None:
    both = page(*(each for pair in zip(column(50, "a"), column(320, "b"), strict=True) for each in pair))

    gutter = find_gutter(both)

    assert gutter is not None
    assert 265 < gutter.place < 320
    left, right = read_order(both, gutter, None)
    assert [line.text[0] for line in left] == ["a"] * 12
    assert [line.text[0] for line in right] == ["b"] * 12


def test_a_title_over_both_columns_comes_before_them() -> None:
    title = piece("A title over all of the page, from one side to the other of it", 50, 730, size=16)
    both = page(title, *column(50, "a"), *column(320, "b"))

    regions = read_order(both, find_gutter(both), None)

    assert [region[0].text[:1] for region in regions] == ["A", "a", "b"]


def test_one_column_has_no_gutter() -> None:
    assert find_gutter(page(*column(50, "a"))) is None


def test_a_table_of_short_cells_is_no_columns() -> None:
    cells = [piece(text, left, 700 - 12 * row) for row in range(12) for text, left in (("town", 50), ("12", 320))]

    assert find_gutter(page(*cells)) is None


def test_the_usual_gutter_is_that_of_most_pages() -> None:
    one, other = (find_gutter(page(*column(50, "a"), *column(left, "b"))) for left in (320, 340))

    assert usual_gutter([one, None, other, other]) == other
    assert usual_gutter([None]) is None


BOX = (300.0, 600.0, 450.0, 700.0)
WIDE = "a line that is as wide as the box and what is beside it, with many words."
NARROW = "a line beside the box on the left"


def test_what_is_in_a_box_beside_the_text_is_apart() -> None:
    beside = [piece(NARROW, 50, 690 - 14 * i) for i in range(6)]
    inside = piece("Key figures", 310, 680)

    kept = with_floats(replace(page(piece(WIDE, 50, 710), *beside, inside, piece(WIDE, 50, 580)), boxes=(BOX,)))

    assert kept.asides == ((inside,),)
    assert inside not in kept.pieces
    assert kept.boxes == (BOX,)


def test_a_coloured_column_is_no_box_beside_the_text() -> None:
    left = [piece(NARROW, 50, 760 - 14 * i) for i in range(20)]
    inside = [piece("its own words", 310, 690 - 14 * i) for i in range(6)]

    kept = with_floats(replace(page(*left, *inside), boxes=(BOX,)))

    assert kept.asides == ()
    assert len(kept.pieces) == 26


def test_a_line_is_beside_a_box_if_it_is_not_over_or_under_it() -> None:
    assert is_beside(piece(NARROW, 50, 650).box, BOX)
    assert not is_beside(piece(WIDE, 50, 650).box, BOX)
    assert not is_beside(piece(NARROW, 50, 500).box, BOX)
