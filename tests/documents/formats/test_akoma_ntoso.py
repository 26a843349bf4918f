from pathlib import Path

import pytest

from assistant.documents.formats.akoma_ntoso import read_akoma_ntoso
from assistant.documents.formats.blocks import Block, FormatError
from assistant.documents.reading import read_file
from tests.documents.formats.samples import akoma_ntoso, pieces_of

CHARTER = akoma_ntoso(
    "<preface><longTitle><p><docTitle>Charter of Rooms</docTitle></p></longTitle></preface>"
    "<chapter><num>I</num><heading>Rooms</heading>"
    "<article><num>Article 19</num><heading>Beds</heading>"
    "<paragraph><num>1</num><content><p>Everyone has a bed"
    '<authorialNote marker="3"><p>See the list.</p></authorialNote>'
    ", and 4 m<sup>2</sup>.</p></content></paragraph>"
    "<paragraph><num>2.</num><list><intro><p>A bed has:</p></intro><point><num>(a)</num><content>"
    "<p>a sheet;</p></content>"
    "</point><point><num>(b)</num><content><p>a <del>pillow</del> blanket.</p></content></point></list></paragraph>"
    "</article></chapter>"
)


def read(tmp_path: Path, content: str) -> tuple[list[Block], str]:
    path = tmp_path / "act.xml"
    path.write_text(content, encoding="utf-8")
    return pieces_of(read_akoma_ntoso(path))


def test_articles_paragraphs_and_items_have_the_numbers_of_the_markup(tmp_path: Path) -> None:
    blocks, title = read(tmp_path, CHARTER)

    assert title == "Charter of Rooms"
    assert [(block.kind, block.text) for block in blocks] == [
        ("paragraph", "Charter of Rooms"),
        ("heading", "I Rooms"),
        ("heading", "Article 19 Beds"),
        ("paragraph", "1. Everyone has a bed, and 4 m²."),
        ("paragraph", "2. A bed has:"),
        ("paragraph", "(a) a sheet;"),
        ("paragraph", "(b) a blanket."),
        ("note", "3 See the list."),
    ]


def test_an_article_is_the_locator(tmp_path: Path) -> None:
    path = tmp_path / "charter.xml"
    path.write_text(CHARTER, encoding="utf-8")

    assert [paragraph.locator for paragraph in read_file(path).paragraphs][1:4] == [
        "Article 19 (1)",
        "Article 19 (2)",
        "Article 19 (2) (a)",
    ]


def test_tables_keep_their_cells_in_place(tmp_path: Path) -> None:
    table = "<table><tr><th>Town</th><th>Beds</th></tr><tr><td><p>Port</p></td><td/></tr></table>"

    assert [block.text for block in read(tmp_path, akoma_ntoso(table, kind="doc"))[0]] == ["Town | Beds", "Port |"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<html><p>Words</p></html>", "not Akoma Ntoso"),
        ("<akomaNtoso><act>", "isn't well formed"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><akomaNtoso/>", "DOCTYPE"),
    ],
)
def test_other_xml_says_so(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, content)
