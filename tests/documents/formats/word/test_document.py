from pathlib import Path

import pytest
from docx import Document

from assistant.documents.formats.blocks import Block, FormatError
from assistant.documents.formats.word import read_docx
from tests.documents.formats.samples import (
    MAIN,
    NUMBERING,
    in_list,
    paragraph,
    pieces_of,
    word_file,
    write_word,
    zipped,
)


def read(tmp_path: Path, content: bytes) -> list[Block]:
    path = tmp_path / "brief.docx"
    path.write_bytes(content)
    return pieces_of(read_docx(path))[0]


def test_a_file_of_word_is_read_with_its_headings_lists_and_tables(tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    document = Document()
    document.add_heading("Rooms and clinics", 0)
    document.add_heading("Rooms", 1)
    document.add_paragraph("Towns keep registers.")
    document.add_paragraph("A bed", style="List Bullet")
    document.add_paragraph("First step", style="List Number")
    document.add_paragraph("Second step", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), ("Town", "Beds", "Port", "7"), strict=True):
        cell.text = text
    document.save(str(path))

    blocks, title = pieces_of(read_docx(path))

    assert title == "Rooms and clinics"
    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "Rooms and clinics"),
        ("heading", "Rooms"),
        ("paragraph", "Towns keep registers."),
        ("paragraph", "• A bed"),
        ("paragraph", "1. First step"),
        ("paragraph", "2. Second step"),
        ("row", "Town | Beds"),
        ("row", "Port | 7"),
    ]


def test_numbers_are_those_that_word_shows(tmp_path: Path) -> None:
    levels = (1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1), (2, 0), (1, 0)
    body = "".join(paragraph("words", in_list(*level)) for level in levels)

    blocks = read(tmp_path, word_file(body, numbering=NUMBERING))

    assert [block.text.removesuffix(" words") for block in blocks] == [
        "1.", "(a)", "(b)", "(i)", "2.", "(a)", "1.", "2.",
    ]  # fmt: skip


def test_an_empty_paragraph_of_a_list_is_counted_and_not_shown(tmp_path: Path) -> None:
    body = paragraph("one", in_list(1, 0)) + paragraph("", in_list(1, 0)) + paragraph("three", in_list(1, 0))

    assert [block.text for block in read(tmp_path, word_file(body, numbering=NUMBERING))] == ["1. one", "3. three"]


def test_a_style_gives_a_list_and_a_heading_through_the_one_that_it_is_based_on(tmp_path: Path) -> None:
    styles = (
        f'<w:styles {MAIN}><w:style w:styleId="a"><w:name w:val="Numbered"/><w:pPr>{in_list(1, 1)}</w:pPr></w:style>'
        '<w:style w:styleId="b"><w:name w:val="Mine"/><w:basedOn w:val="a"/></w:style>'
        '<w:style w:styleId="h"><w:name w:val="Chapter"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:styleId="i"><w:name w:val="Sub"/><w:basedOn w:val="h"/></w:style></w:styles>'
    )
    body = paragraph("Part", '<w:pStyle w:val="i"/>') + paragraph("words", '<w:pStyle w:val="b"/>')
    body += paragraph("no number", '<w:pStyle w:val="b"/><w:numPr><w:numId w:val="0"/></w:numPr>')

    blocks = read(tmp_path, word_file(body, numbering=NUMBERING, styles=styles))

    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "Part"),
        ("paragraph", "(a) words"),
        ("paragraph", "no number"),
    ]


def test_what_word_does_not_print_is_left_out(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>Towns </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>always </w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>secretly </w:t></w:r>"
        '<w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink><w:r><w:t xml:space="preserve">help</w:t></w:r>'
        "</w:hyperlink><w:r><w:noBreakHyphen/><w:t>desk</w:t><w:tab/><w:t>there</w:t></w:r></w:p>"
    )

    assert [block.text for block in read(tmp_path, word_file(body))] == ["Towns always help-desk there"]


def test_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    styles = f'<w:styles {MAIN}><w:style w:styleId="c"><w:name w:val="toc 1"/></w:style></w:styles>'
    body = paragraph("Rooms 3", '<w:pStyle w:val="c"/>') + (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{paragraph('Clinics 4')}</w:sdtContent></w:sdt><w:sdt><w:sdtContent>{paragraph('Words.')}"
        "</w:sdtContent></w:sdt>"
    )

    assert [block.text for block in read(tmp_path, word_file(body, styles=styles))] == ["Words."]


def test_notes_are_apart_in_the_order_of_their_references(tmp_path: Path) -> None:
    def reference(kind: str, note: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{note}"/></w:r>'

    def notes(kind: str, *texts: str) -> str:
        each = "".join(f'<w:{kind} w:id="{i}">{paragraph(text)}</w:{kind}>' for i, text in enumerate(texts, start=1))
        return f'<w:{kind}s {MAIN}><w:{kind} w:type="separator" w:id="0"/>{each}</w:{kind}s>'

    body = (
        f"<w:p><w:r><w:t>First.</w:t></w:r>{reference('footnote', 2)}</w:p>"
        f"<w:p><w:r><w:t>Then.</w:t></w:r>{reference('footnote', 1)}{reference('endnote', 1)}</w:p>"
    )
    content = word_file(
        body, footnotes=notes("footnote", "one", "two", "unused"), endnotes=notes("endnote", "at the end")
    )

    assert [(block.text, block.label) for block in read(tmp_path, content)] == [
        ("First.", ""),
        ("Then.", ""),
        ("1 two", "footnote 1"),
        ("2 one", "footnote 2"),
        ("i at the end", "endnote i"),
    ]


def test_a_table_that_lays_out_a_page_is_text(tmp_path: Path) -> None:
    def table(*rows: str) -> str:
        return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"

    def cell(content: str) -> str:
        return f"<w:tc>{content}</w:tc>"

    inner = table(cell(paragraph("a")) + cell(paragraph("b")), cell(paragraph("c")) + cell(paragraph("d")))
    body = table(cell(paragraph("Masthead")) + cell(paragraph("Symbol"))) + table(
        cell(paragraph("Left.") + inner) + cell(paragraph("Right.")), cell(paragraph("Below."))
    )

    assert [(block.kind, block.text) for block in read(tmp_path, word_file(body))] == [
        ("paragraph", "Masthead"),
        ("paragraph", "Symbol"),
        ("paragraph", "Left."),
        ("row", "a | b"),
        ("row", "c | d"),
        ("paragraph", "Right."),
        ("paragraph", "Below."),
    ]


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>Beside it.</w:t><mc:AlternateContent xmlns:mc='m'><mc:Choice>"
        f"<w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )

    assert [block.text for block in read(tmp_path, word_file(body))] == ["Beside it.", "In the box."]


def test_a_main_part_of_another_name_is_found(tmp_path: Path) -> None:
    content = word_file(paragraph("Words."), main="word/document2.xml")

    assert [block.text for block in read(tmp_path, content)] == ["Words."]


def bomb() -> bytes:
    """A body that unpacks to more than a hundred times its size."""
    return word_file("<w:p/>" + " " * 70_000_000)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and no more", "damaged, or not all of it is there"),
        (word_file(paragraph("Words."))[:-30], "damaged, or not all of it is there"),
        (zipped({"a": b"words"}), "a ZIP without a Word document in it"),
        (zipped({"word/document.xml": b"<w:document"}), "its XML isn't well formed"),
        (zipped({"word/document.xml": b"<x/>"}), "not a Word document"),
        (zipped({"word/document.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}), "has a DOCTYPE"),
        (bomb(), "unpacks to more than 64 MB"),
    ],
    ids=["no ZIP", "cut off", "other ZIP", "bad XML", "other XML", "entities", "bomb"],
)
def test_a_file_that_is_no_whole_word_document_says_so(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, content)


@pytest.mark.parametrize(("folder", "message"), [("xl", "a spreadsheet"), ("ppt", "a presentation")])
def test_other_office_files_are_named(tmp_path: Path, folder: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, word_file("", main=f"{folder}/main.xml"))


def test_a_file_of_word_needs_no_styles(tmp_path: Path) -> None:
    path = tmp_path / "plain.docx"
    write_word(path, [("1. A point.", "Normal"), ("(a) An item;", "Normal")])

    assert [block.text for block in pieces_of(read_docx(path))[0]] == ["1. A point.", "(a) An item;"]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def texts(tmp_path: Path, body: str, **parts: str) -> list[str]:
    return [block.text for block in read(tmp_path, word_file(body, **parts))]


def linked(body: str, targets: dict[str, tuple[str, str]], parts: dict[str, bytes | str], *, fold: str = "/") -> bytes:
    """A Word file whose document refers to parts: by id their kinds and names, whose folders `fold` parts."""
    relations = "".join(
        f'<Relationship Id="{key}" Type="http://x/relationships/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    all_parts: dict[str, bytes | str] = {
        "_rels/.rels": '<Relationships><Relationship Type="http://x/officeDocument" Target="word/main7.xml"/>'
        "</Relationships>",
        "word/main7.xml": f"<w:document {MAIN} xmlns:r='r'><w:body>{body}</w:body></w:document>",
        "word/_rels/main7.xml.rels": f"<Relationships>{relations}</Relationships>",
        **parts,
    }
    return zipped({name.replace("/", fold): content for name, content in all_parts.items()})


@pytest.mark.parametrize("fold", ["/", "\\"])
def test_parts_are_found_by_their_relationships(tmp_path: Path, fold: str) -> None:
    note = f'<w:footnotes {MAIN}><w:footnote w:id="2">{paragraph("Its source.")}</w:footnote></w:footnotes>'
    style = (
        f'<w:styles {MAIN}><w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/></w:style></w:styles>'
    )
    body = (
        paragraph("Pathways", '<w:pStyle w:val="H"/>')
        + f'<w:p><w:pPr>{in_list(1, 0)}</w:pPr>{run("First.")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    )
    targets = {
        "a": ("numbering", "/word/Lists2.xml"),
        "b": ("footnotes", "../word/notes2.xml"),
        "c": ("styles", "looks/styles%202.xml"),
    }
    parts: dict[str, bytes | str] = {
        "word/lists2.xml": NUMBERING,
        "word/notes2.xml": note,
        "word/looks/styles 2.xml": style,
    }

    blocks = read(tmp_path, linked(body, targets, parts, fold=fold))

    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "Pathways"),
        ("paragraph", "1. First."),
        ("note", "1 Its source."),
    ]


def test_imported_files_and_diagrams_are_read(tmp_path: Path) -> None:
    body = (
        paragraph("Before.")
        + "".join(f'<w:altChunk r:id="{key}"/>' for key in "abc")
        + ('<w:p><w:r><w:drawing><graphicData><relIds r:dm="d"/></graphicData></w:drawing></w:r></w:p>')
    )
    targets = {key: ("aFChunk", f"chunk{key}") for key in "abc"} | {"d": ("diagramData", "diagrams/data1.xml")}
    parts: dict[str, bytes | str] = {
        "word/chunka": "<html><p>77 shelters</p></html>",
        "word/chunkb": word_file(paragraph("Its own list.", in_list(1, 0)), numbering=NUMBERING),
        "word/chunkc": "Plain words.\nMore of them.",
        "word/diagrams/data1.xml": "<d xmlns:a='a'><a:p><a:r><a:t>Step </a:t></a:r><a:r><a:t>one</a:t></a:r></a:p></d>",
    }

    blocks = read(tmp_path, linked(body, targets, parts))

    assert [block.text for block in blocks] == [
        "Before.",
        "77 shelters",
        "1. Its own list.",
        "Plain words.",
        "More of them.",
        "Step one",
    ]


def test_a_file_that_imports_itself_comes_to_an_end(tmp_path: Path) -> None:
    content = linked(paragraph("End."), {}, {})
    for _ in range(9):
        content = linked('<w:altChunk r:id="a"/>' + paragraph("Outer."), {"a": ("aFChunk", "c")}, {"word/c": content})

    assert {block.text for block in read(tmp_path, content)} == {"Outer."}


def test_fields_show_their_values_and_prompts_are_left_out(tmp_path: Path) -> None:
    def field(inside: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{inside}</w:ffData></w:fldChar></w:r>'

    def control(inside: str, properties: str = "<w:showingPlcHdr/>") -> str:
        return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"

    choices = '<w:listEntry w:val="No"/><w:listEntry w:val="Yes, in 2018"/>'
    cells = f"<w:tc>{paragraph('Name')}</w:tc><w:tc>{control(paragraph('Click here'))}</w:tc>"
    body = (
        f'<w:p>{run("Ratified? ")}{field(f"""<w:ddList><w:result w:val="1"/>{choices}</w:ddList>""")}</w:p>'
        + f"<w:p>{field('<w:checkBox><w:checked/></w:checkBox>')}{run(' A plan ')}"
        + f'{field("""<w:checkBox><w:default w:val="0"/></w:checkBox>""")}{run(" a law")}</w:p>'
        + control(paragraph("Click or tap here to enter text."))
        + f"<w:p>{run('Focal point: ')}{control(run('Choose an item.'))}</w:p>"
        + control(paragraph("Filled in."), '<w:showingPlcHdr w:val="0"/>')
        + f"<w:tbl><w:tr>{cells}</w:tr><w:tr>{cells}</w:tr></w:tbl>"
    )

    assert texts(tmp_path, body) == [
        "Ratified? Yes, in 2018",
        "☒ A plan ☐ a law",
        "Focal point:",
        "Filled in.",
        "Name |",
        "Name |",
    ]


def test_hidden_struck_and_white_text_is_left_out_whatever_says_so(tmp_path: Path) -> None:
    def style(key: str, kind: str, looks: str, based: str = "") -> str:
        return (
            f'<w:style w:type="{kind}" w:styleId="{key}"><w:basedOn w:val="{based}"/><w:rPr>{looks}</w:rPr></w:style>'
        )

    styles = f"<w:styles {MAIN}>{style('Old', 'character', '<w:strike/>')}{style('Older', 'character', '', 'Old')}" + (
        f"{style('Secret', 'paragraph', '<w:vanish/>')}</w:styles>"
    )
    white, older = '<w:color w:val="FFFFFF"/>', '<w:rStyle w:val="Older"/>'
    tiny = '<w:sz w:val="2"/>'
    shown = '<w:strike w:val="0"/><w:vanish w:val="0"/>'
    body = (
        f"<w:p>{run('The fee is ')}{run('30', '<w:strike/>')}{run('35', '<w:dstrike/>')}"
        + f"{run('40', older)}{run('45', shown)}{run('1', white)}{run('2', tiny)}</w:p>"
        + f'<w:p><w:pPr><w:pStyle w:val="Secret"/></w:pPr>{run("Hidden.")}{run("Shown.", shown)}</w:p>'
        + f'<w:p><w:pPr><w:shd w:fill="003366"/></w:pPr>{run("White on blue.", white)}</w:p>'
        + f"<w:tbl><w:tr><w:tc><w:p>{run('Head', white)}</w:p></w:tc><w:tc>{paragraph('b')}</w:tc></w:tr>"
        + f"<w:tr><w:tc>{paragraph('c')}</w:tc><w:tc>{paragraph('d')}</w:tc></w:tr></w:tbl>"
    )

    assert texts(tmp_path, body, styles=styles) == [
        "The fee is 45",
        "Shown.",
        "White on blue.",
        "Head | b",
        "c | d",
    ]


def test_raised_runs_ruby_and_formulas_are_read_as_they_are_meant(tmp_path: Path) -> None:
    raised, lifted = '<w:vertAlign w:val="superscript"/>', '<w:position w:val="8"/>'
    ruby = f"<w:ruby><w:rt>{run('quán')}</w:rt><w:rubyBase>{run('权利')}</w:rubyBase></w:ruby>"
    ten, six, one, two = (f"<m:r><m:t>{each}</m:t></m:r>" for each in (10, 6, 1, 2))
    power = f"<m:sSup><m:e>{ten}</m:e><m:sup>{six}</m:sup></m:sSup>"
    half = f"<m:f><m:num>{one}</m:num><m:den>{two}</m:den></m:f>"
    body = (
        f"<w:p>{run('In 2020')}{run('3', raised)}{run(' some 5 km')}{run('2', lifted)}{run(' of ')}"
        f"<w:r>{ruby}</w:r></w:p>"
        f"<w:p><m:oMath xmlns:m='m'>{power}{half}</m:oMath></w:p>"
    )

    assert texts(tmp_path, body) == ["In 2020 some 5 km² of 权利", "10⁶ 1/2"]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next(tmp_path: Path) -> None:
    deleted, moved = ("<w:rPr><w:" + mark + ' w:id="1"/></w:rPr>' for mark in ("del", "moveFrom"))
    body = (
        paragraph("Created in 2019 and ", in_list(1, 0) + deleted)
        + paragraph("closed in 2023.", in_list(1, 0))
        + paragraph("T", '<w:framePr w:dropCap="drop"/>')
        + paragraph("owns help.", in_list(1, 0))
        + paragraph("", moved)
        + paragraph("Left over", deleted)
        + "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc/><w:tc/></w:tr>"
        + f"<w:tr><w:tc>{paragraph('a', deleted)}</w:tc><w:tc>{paragraph('b')}</w:tc></w:tr>"
        + f"<w:tr><w:tc>{paragraph('c')}</w:tc><w:tc>{paragraph('d')}</w:tc></w:tr></w:tbl>"
    )

    assert texts(tmp_path, body, numbering=NUMBERING) == [
        "1. Created in 2019 and closed in 2023.",
        "2. Towns help.",
        "Left over",
        "a | b",
        "c | d",
    ]


def test_merged_cells_belong_to_each_of_their_rows_and_columns(tmp_path: Path) -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    rows = (
        cell("State", '<w:vMerge w:val="restart"/>') + cell("2020", '<w:gridSpan w:val="2"/>'),
        cell("", "<w:vMerge/>") + cell("men") + cell("women"),
        cell("Ruritania", '<w:vMerge w:val="restart"/>') + cell("") + cell("5"),
        cell("", "<w:vMerge/>") + cell("6") + cell(""),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("7") + cell("8"),
        cell("Estimates", '<w:gridSpan w:val="3"/>'),
    )

    assert texts(tmp_path, f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>") == [
        "State | 2020 | 2020",
        "State | men | women",
        "Ruritania |  | 5",
        "Ruritania | 6 |",
        "| 7 | 8",
        "Estimates",
    ]
