import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.documents.formats.blocks import Block
from assistant.documents.formats.html.tree import blocks_of


def read(html: str) -> list[Block]:
    body = LexborHTMLParser(html).body
    assert body is not None
    return list(blocks_of(body))


def test_paragraphs_and_headings_are_blocks() -> None:
    blocks = read("<h2>A <i>title</i></h2><p>One\nline.<br>Another.</p><p><b>In bold alone</b></p>")

    assert blocks == [
        Block("A title", "heading"),
        Block("One line."),
        Block("Another."),
        Block("In bold alone", "heading"),
    ]


def test_items_get_the_numbers_that_a_browser_shows() -> None:
    blocks = read('<ol start="3"><li>three<li value="7">seven<li>(a) its own</ol><ol type="i"><li>one</ol>')

    assert [block.text for block in blocks] == ["3. three", "7. seven", "(a) its own", "i. one"]


def test_rows_of_a_table_keep_their_cells_apart_and_layout_is_no_table() -> None:
    table = "<table><caption>Beds</caption><tr><th>Town<th>Beds<tr><td>Lissen<td>12</table>"
    layout = '<table role="presentation"><tr><td>left<td>right<tr><td>more<td>still more</table>'

    assert read(table) == [
        Block("Beds"),
        *(Block(row, "row", label="table 1") for row in ("Town | Beds", "Lissen | 12")),
    ]
    assert [block.kind for block in read(layout)] == ["paragraph"] * 4


def test_notes_come_last_under_their_numbers_and_references_to_them_are_left_out() -> None:
    blocks = read(
        '<div class="footnotes"><ol><li>Where it stands.</ol></div><p>Text<sup><a href="#fn1">1</a></sup>.</p>'
    )

    assert [block.text for block in blocks if block.kind == "paragraph"] == ["Text."]
    assert blocks[-1].label == "footnote 1"
    assert "Where it stands." in blocks[-1].text


@pytest.mark.parametrize("depth", [20_000])
def test_no_depth_of_nesting_is_too_deep(depth: int) -> None:
    assert [block.text for block in read("<div>" * depth + "deep")] == ["deep"]
