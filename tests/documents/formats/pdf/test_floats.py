from dataclasses import replace

from assistant.documents.formats.pdf.floats import is_beside, with_floats
from tests.documents.formats.pdf.pieces import page, piece

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
