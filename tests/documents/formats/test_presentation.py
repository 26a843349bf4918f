from pathlib import Path

import pytest

from assistant.documents.formats.blocks import Block, FormatError
from assistant.documents.formats.presentation import read_pptx
from tests.documents.formats.samples import paragraph, pieces_of, pptx_file, shape, word_file, zipped


def read(tmp_path: Path, content: bytes) -> tuple[list[Block], str]:
    path = tmp_path / "talk.pptx"
    path.write_bytes(content)
    return pieces_of(read_pptx(path))


def run(text: str, properties: str = "") -> str:
    return f"<a:r><a:rPr {properties}/><a:t>{text}</a:t></a:r>"


def test_slides_are_read_in_their_order_titles_first(tmp_path: Path) -> None:
    first = shape("61 shelters", "412 beds") + shape("Rooms", placeholder="ctrTitle") + shape("7", placeholder="sldNum")
    content = pptx_file(shape("Last words"), first, order=(1, 0))

    blocks, title = read(tmp_path, content)

    assert title == "Rooms"
    assert [(block.kind, block.text, block.page) for block in blocks] == [
        ("heading", "Rooms", 1),
        ("paragraph", "61 shelters", 1),
        ("paragraph", "412 beds", 1),
        ("paragraph", "Last words", 2),
    ]


def test_struck_words_are_left_out_and_raised_ones_understood(tmp_path: Path) -> None:
    text = shape(
        run("By 2020") + run("3", 'baseline="30000"') + run(" some ") + run("30", 'strike="sngStrike"') + run("45")
    )

    assert [block.text for block in read(tmp_path, pptx_file(text))[0]] == ["By 2020 some 45"]


def test_lists_have_the_numbers_that_they_say(tmp_path: Path) -> None:
    def item(text: str, kind: str, level: int = 0) -> str:
        return f'<a:pPr lvl="{level}"><a:buAutoNum type="{kind}"/></a:pPr>{run(text)}'

    items = shape(
        item("one", "arabicPeriod"), item("a", "alphaLcParenBoth", 1), item("b", "alphaLcParenBoth", 1),
        item("two", "arabicPeriod"), item("again", "alphaLcParenBoth", 1),
        f'<a:pPr><a:buChar char="•"/></a:pPr>{run("dot")}',
    )  # fmt: skip

    assert [block.text for block in read(tmp_path, pptx_file(items))[0]] == [
        "1. one", "(a) a", "(b) b", "2. two", "(a) again", "• dot",
    ]  # fmt: skip


def test_tables_groups_and_diagrams_are_read(tmp_path: Path) -> None:
    def cell(text: str, attributes: str = "") -> str:
        return f"<a:tc {attributes}><a:txBody><a:p>{run(text)}</a:p></a:txBody></a:tc>"

    rows = (
        cell("State", 'rowSpan="2"') + cell("2020", 'gridSpan="2"') + cell("", 'hMerge="1"'),
        cell("", 'vMerge="1"') + cell("men") + cell("women"),
        cell("Ruritania") + cell("") + cell("5"),
    )
    table = "".join(f"<a:tr>{row}</a:tr>" for row in rows)
    frame = "<p:graphicFrame><a:graphic><a:graphicData>{}</a:graphicData></a:graphic></p:graphicFrame>"
    shapes = (
        frame.format(f"<a:tbl>{table}</a:tbl>")
        + f"<p:grpSp>{shape('In a group')}</p:grpSp>"
        + frame.format('<d:relIds xmlns:d="d" r:dm="d1"/>')
    )
    parts: dict[str, bytes | str] = {
        "ppt/slides/_rels/slide0.xml.rels": '<Relationships><Relationship Id="d1" Type="x/diagramData" Target="d.xml"/>'
        "</Relationships>",
        "ppt/slides/d.xml": "<d xmlns:a='a'><a:p><a:r><a:t>Step one</a:t></a:r></a:p></d>",
    }

    assert [block.text for block in read(tmp_path, pptx_file(shapes, parts=parts))[0]] == [
        "State | 2020 | 2020",
        "State | men | women",
        "Ruritania |  | 5",
        "In a group",
        "Step one",
    ]


def test_a_hidden_slide_is_left_out_and_counted(tmp_path: Path) -> None:
    hidden = '<p:sld xmlns:p="p" show="0"><p:cSld><p:spTree/></p:cSld></p:sld>'
    content = pptx_file(shape("One"), shape("Two"), shape("Three"), parts={"ppt/slides/slide1.xml": hidden})

    assert [(block.text, block.page) for block in read(tmp_path, content)[0]] == [("One", 1), ("Three", 3)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (word_file(paragraph("words")), "a Word document"),
        (zipped({"a.txt": "words"}), "without a presentation"),
        (b"no zip", "damaged"),
    ],
)
def test_what_is_no_presentation_says_so(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, content)
