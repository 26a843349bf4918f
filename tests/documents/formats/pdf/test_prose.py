from assistant.documents.formats.blocks import Block
from assistant.documents.formats.pdf.pages import Line, lines_of
from assistant.documents.formats.pdf.prose import blocks_of, title_of
from tests.documents.formats.pdf.pieces import piece

WIDE = "a line of prose that goes on to the right"


def line(text: str, base: float, *, left: float = 50, size: float = 10) -> Line:
    (made,) = lines_of([piece(text, left, base, size=size)], 1)
    return made


def read(*regions: tuple[Line, ...]) -> list[Block]:
    return [block for block in blocks_of([list(regions)]) if block is not None]


def test_lines_of_a_paragraph_are_joined_and_a_divided_word_is_put_together() -> None:
    region = (line(f"{WIDE} and mi-", 700), line("gration ends the sentence of the paragraph.", 688))

    assert [block.text for block in read(region)] == [f"{WIDE} and migration ends the sentence of the paragraph."]


def test_a_wide_gap_parts_paragraphs() -> None:
    region = (line(f"{WIDE}.", 700), line(f"{WIDE}.", 688), line(f"{WIDE}, once more.", 660), line(f"{WIDE}.", 648))

    assert len(read(region)) == 2


def test_a_paragraph_goes_on_in_the_next_column() -> None:
    first = (line(f"{WIDE} and so on", 700), line(f"{WIDE} and still", 688))
    second = (line("goes on here, in the other one of the two columns.", 700, left=320),)

    assert len(read(first, second)) == 1


def test_larger_letters_are_a_heading_and_the_title() -> None:
    region = (line("A title", 740, size=16), line(f"{WIDE}.", 700), line(f"{WIDE}.", 688))

    blocks = read(region)

    assert (blocks[0].text, blocks[0].kind) == ("A title", "heading")
    assert title_of([[region]]) == "A title"


def test_a_line_of_a_table_of_contents_is_left_out() -> None:
    assert [block.text for block in read((line("Introduction ........ 4", 700), line(f"{WIDE}.", 680)))] == [f"{WIDE}."]
