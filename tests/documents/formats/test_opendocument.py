from pathlib import Path

import pytest

from assistant.documents.formats.blocks import Block, FormatError
from assistant.documents.formats.opendocument import read_odt
from assistant.documents.reading import read_file
from tests.documents.formats.samples import (
    DECISION,
    odt_file,
    odt_list,
    odt_list_style,
    odt_paragraph,
    pieces_of,
    zipped,
)

NUMBERED = odt_list_style("L1", (("", "1", "."), ("(", "a", ")"), ("(", "i", ")")))


def read(tmp_path: Path, content: bytes) -> tuple[list[Block], str]:
    path = tmp_path / "brief.odt"
    path.write_bytes(content)
    return pieces_of(read_odt(path))


def texts(tmp_path: Path, body: str, *, automatic: str = NUMBERED, styles: str = "") -> list[str]:
    return [block.text for block in read(tmp_path, odt_file(body, automatic=automatic, styles=styles))[0]]


def table(*rows: str) -> str:
    return f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"


def cell(content: str) -> str:
    return f"<table:table-cell>{content}</table:table-cell>"


def words(text: str) -> str:
    return cell(odt_paragraph(text))


def test_a_document_is_read_with_its_headings_lists_and_tables(tmp_path: Path) -> None:
    bullets = '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>'
    body = (
        odt_paragraph("Rooms and clinics", "Title")
        + '<text:h text:outline-level="1">Rooms</text:h>'
        + odt_paragraph("Towns keep<text:s/>registers.")
        + odt_list(odt_paragraph("A bed"), style="L2")
        + odt_list(odt_paragraph("First step"), odt_paragraph("Second step"))
        + table(words("Town") + words("Beds"), words("Port") + words("7"))
    )

    styles = '<style:style style:name="Title" style:family="paragraph"/>'
    content = odt_file(body, automatic=NUMBERED + bullets, styles=styles, title="draft 3")

    blocks, title = read(tmp_path, content)

    assert title == "Rooms and clinics"
    assert [(block.kind, block.text, block.label) for block in blocks] == [
        ("heading", "Rooms and clinics", ""),
        ("heading", "Rooms", ""),
        ("paragraph", "Towns keep registers.", ""),
        ("paragraph", "• A bed", ""),
        ("paragraph", "1. First step", ""),
        ("paragraph", "2. Second step", ""),
        ("row", "Town | Beds", "table 1"),
        ("row", "Port | 7", "table 1"),
    ]


def test_the_title_is_printed_else_the_files_own_else_the_first_heading(tmp_path: Path) -> None:
    heading = '<text:h text:outline-level="1">Rooms</text:h>'

    assert read(tmp_path, odt_file(heading, title=" Shelter\nreport "))[1] == "Shelter report"
    assert read(tmp_path, odt_file(heading))[1] == "Rooms"
    assert read(tmp_path, odt_file(odt_paragraph("Words.")))[1] == ""


def test_numbered_paragraphs_are_cited_by_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "decision.odt"
    paragraphs = [odt_paragraph(f"{text.split(' ', 1)[1]}") for text in DECISION]
    items = odt_list(*paragraphs[2:4], style="")
    body = odt_list(paragraphs[0], paragraphs[1] + items, paragraphs[4])
    path.write_bytes(odt_file(body, automatic=NUMBERED))

    content = read_file(path)

    assert {one.locator: content.text[one.start : one.end] for one in content.paragraphs} == dict(
        zip(["para. 1", "para. 2", "para. 2 (a)", "para. 2 (b)", "para. 3"], DECISION, strict=True)
    )


def test_a_list_may_begin_at_any_number(tmp_path: Path) -> None:
    path = tmp_path / "brief.odt"
    item = f'<text:list-item text:start-value="7">{odt_paragraph("The seventh of all.")}</text:list-item>'
    items = "".join(f"<text:list-item>{odt_paragraph(f'Number {i}.')}</text:list-item>" for i in (8, 9))
    body = f'<text:list text:style-name="L1">{item}{items}</text:list>'
    path.write_bytes(odt_file(body, automatic=NUMBERED))

    assert [one.locator for one in read_file(path).paragraphs] == ["para. 7", "para. 8", "para. 9"]


def test_lists_inside_lists_have_numbers_of_their_own(tmp_path: Path) -> None:
    deepest = odt_list(odt_paragraph("x"), odt_paragraph("y"), style="")
    inner = odt_list(odt_paragraph("a") + odt_paragraph("more of a"), odt_paragraph("b") + deepest, style="")
    body = odt_list(odt_paragraph("one") + inner, odt_paragraph("two") + odt_list(odt_paragraph("a"), style=""))

    assert texts(tmp_path, body) == ["1. one", "(a) a", "more of a", "(b) b", "(i) x", "(ii) y", "2. two", "(a) a"]


def test_a_list_that_a_paragraph_interrupts_counts_on_where_it_says_so(tmp_path: Path) -> None:
    inner = odt_list(odt_paragraph("c"), style="")
    body = (
        odt_list(odt_paragraph("one") + odt_list(odt_paragraph("a"), odt_paragraph("b"), style=""))
        + odt_paragraph("Between.")
        + odt_list(inner, odt_paragraph("two"), attributes='xml:id="second" text:continue-numbering="true"')
        + odt_list(odt_paragraph("another"))
        + odt_list(odt_paragraph("three"), attributes='text:continue-list="second"')
    )

    assert texts(tmp_path, body) == [
        "1. one", "(a) a", "(b) b", "Between.", "(c) c", "2. two", "1. another", "3. three",
    ]  # fmt: skip


def test_an_empty_item_is_counted_and_not_shown_and_a_header_neither(tmp_path: Path) -> None:
    header = f"<text:list-header>{odt_paragraph('Head')}</text:list-header>"
    items = "".join(f"<text:list-item>{odt_paragraph(text)}</text:list-item>" for text in ("one", "", "three"))

    body = f'<text:list text:style-name="L1">{header}{items}</text:list>'

    assert texts(tmp_path, body) == ["Head", "1. one", "3. three"]


@pytest.mark.parametrize(
    ("level", "marks"),
    [
        ('style:num-format="I" style:num-suffix=")"', ["I)", "II)"]),
        ('style:num-format="A" style:num-suffix="." text:start-value="26"', ["Z.", "AA."]),
        ('style:num-format="a" style:num-letter-sync="true" text:start-value="27"', ["aa", "bb"]),
        ('style:num-format="a" text:start-value="27"', ["aa", "ab"]),
        ('style:num-format="1" xmlns:x="later" x:num-list-format="Article %1%:"', ["Article 1:", "Article 2:"]),
        ('style:num-format=""', ["", ""]),
    ],
)
def test_numbers_are_those_that_are_shown(tmp_path: Path, level: str, marks: list[str]) -> None:
    style = f'<text:list-style style:name="L1"><text:list-level-style-number text:level="1" {level}/></text:list-style>'

    told = texts(tmp_path, odt_list(odt_paragraph("words"), odt_paragraph("words")), automatic=style)

    assert [text.removesuffix("words").strip() for text in told] == marks


def test_a_level_shows_the_levels_above_it_and_an_item_may_look_like_another_list(tmp_path: Path) -> None:
    style = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/>'
        '<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/></text:list-style>'
    )
    roman = odt_list_style("L2", [("", "i", ")")])
    inner = odt_list(odt_paragraph("a"), odt_paragraph("b"), style="")
    items = (
        f"<text:list-item>{odt_paragraph('one')}{inner}</text:list-item>"
        f'<text:list-item text:style-override="L2">{odt_paragraph("two")}</text:list-item>'
    )
    body = f'<text:list text:style-name="L1">{items}</text:list>'

    assert texts(tmp_path, body, automatic=style + roman) == ["1 one", "1.1 a", "1.2 b", "ii) two"]


def test_headings_and_single_paragraphs_may_be_numbered(tmp_path: Path) -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/>'
        '<text:outline-level-style text:level="2" style:num-format=""/></text:outline-style>'
    )
    single = (
        '<text:numbered-paragraph text:list-id="n" text:style-name="L1" text:level="1">{}</text:numbered-paragraph>'
    )
    body = (
        '<text:h text:outline-level="1">Rooms</text:h><text:h text:outline-level="2">Beds</text:h>'
        '<text:h text:outline-level="1" text:is-list-header="true">Aside</text:h><text:h text:outline-level="1">Doctors'
        f"</text:h>{single.format(odt_paragraph('one'))}{single.format(odt_paragraph('two'))}"
    )

    assert texts(tmp_path, body, styles=outline) == ["I. Rooms", "Beds", "Aside", "II. Doctors", "1. one", "2. two"]


def test_a_paragraph_style_gives_a_list_and_a_heading_through_the_one_that_it_inherits_from(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"/>'
        '<style:style style:name="a" style:family="paragraph" style:list-style-name="L1"/>'
    )
    automatic = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_1"/>'
        '<style:style style:name="P2" style:family="paragraph" style:parent-style-name="a"/>'
    )
    body = odt_paragraph("Part", "P1") + odt_list(odt_paragraph("words", "P2"), style="")

    blocks, _ = read(tmp_path, odt_file(body, automatic=automatic + NUMBERED, styles=styles))

    assert [(block.kind, block.text) for block in blocks] == [("heading", "Part"), ("paragraph", "1. words")]


def test_what_is_not_printed_is_left_out(tmp_path: Path) -> None:
    hidden = (
        '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    body = (
        f"<text:tracked-changes><text:changed-region><text:deletion>{odt_paragraph('never')}</text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        f"<text:table-of-content><text:index-body>{odt_paragraph('Rooms 3')}</text:index-body></text:table-of-content>"
        f'<text:section text:display="none">{odt_paragraph("No.")}</text:section><text:section>'
        + odt_paragraph(
            'Towns\n <text:change text:change-id="c"/><text:span>always</text:span> '
            '<text:span text:style-name="T1">secretly </text:span><office:annotation><dc:creator>A</dc:creator>'
            "<text:p>Why?</text:p></office:annotation><text:a>help</text:a><text:tab/>there<text:line-break/>and "
            '<text:hidden-text text:is-hidden="true">no</text:hidden-text>'
            "<text:ruby><text:ruby-base>here</text:ruby-base><text:ruby-text>hier</text:ruby-text></text:ruby>"
        )
        + "</text:section>"
    )

    assert texts(tmp_path, body, automatic=hidden) == ["Towns always help there", "and here"]


def test_struck_text_prompts_and_hidden_paragraphs_are_left_out_and_what_is_raised_is_understood(
    tmp_path: Path,
) -> None:
    def style(name: str, properties: str) -> str:
        return (
            f'<style:style style:name="{name}" style:family="text"><style:text-properties {properties}/></style:style>'
        )

    looks = style("S", 'style:text-line-through-style="solid"') + style("U", 'style:text-position="super 58%"')
    body = (
        odt_paragraph('The fee is <text:span text:style-name="S">30</text:span> 45 euros')
        + odt_paragraph(
            'By 2020<text:span text:style-name="U">3</text:span> some 10<text:span text:style-name="U">6</text:span>'
        )
        + odt_paragraph('Name: <text:placeholder text:placeholder-type="text">&lt;Click here&gt;</text:placeholder>')
        + odt_paragraph('Ratified: <text:drop-down><text:label text:value="No"/>Yes</text:drop-down>')
        + odt_paragraph('<text:hidden-paragraph text:is-hidden="true"/>Nobody sees it.')
    )

    assert texts(tmp_path, body, automatic=looks) == [
        "The fee is 45 euros",
        "By 2020 some 10⁶",
        "Name:",
        "Ratified: Yes",
    ]


def test_what_fields_of_forms_show_is_read(tmp_path: Path) -> None:
    fields = (
        '<form:text form:id="a" form:current-value="Ruritania"/>'
        '<form:listbox form:id="b"><form:option form:label="No"/>'
        '<form:option form:label="Yes" form:current-selected="true"/></form:listbox>'
        '<form:checkbox form:id="c" form:current-state="checked"/>'
    )
    body = f'<office:forms xmlns:form="form"><form:form>{fields}</form:form></office:forms>' + "".join(
        odt_paragraph(f'{name}: <draw:control draw:control="{key}"/>')
        for name, key in (("State", "a"), ("Ratified", "b"), ("A plan", "c"))
    )

    assert texts(tmp_path, body) == ["State: Ruritania", "Ratified: Yes", "A plan: ☒"]


def test_cells_stand_under_their_headings(tmp_path: Path) -> None:
    def spanned(text: str, attributes: str) -> str:
        return f"<table:table-cell {attributes}>{odt_paragraph(text)}</table:table-cell>"

    covered = "<table:covered-table-cell/>"
    body = table(
        spanned("State", 'table:number-rows-spanned="2"')
        + spanned("2020", 'table:number-columns-spanned="2"')
        + covered,
        covered + words("men") + words("women"),
        words("Ruritania") + spanned("", 'table:number-columns-repeated="2"'),
    )

    assert texts(tmp_path, body) == ["State | 2020 | 2020", "State | men | women", "Ruritania |  |"]


def test_notes_are_apart_footnotes_before_endnotes(tmp_path: Path) -> None:
    def note(kind: str, citation: str, text: str) -> str:
        return (
            f'<text:note text:note-class="{kind}"><text:note-citation>{citation}</text:note-citation>'
            f"<text:note-body>{odt_paragraph(text)}{odt_paragraph('More.')}</text:note-body></text:note>"
        )

    body = odt_paragraph(f"First{note('endnote', 'i', 'At the end.')}.") + odt_paragraph(
        f"Then{note('footnote', '1', 'One.')} and{note('footnote', '*', 'Two.')}."
    )

    blocks, _ = read(tmp_path, odt_file(body))

    assert [(block.kind, block.text, block.label) for block in blocks] == [
        ("paragraph", "First.", ""),
        ("paragraph", "Then and.", ""),
        ("note", "1 One. More.", "footnote 1"),
        ("note", "* Two. More.", "footnote *"),
        ("note", "i At the end. More.", "endnote i"),
    ]


def test_tables_are_read_by_rows_and_layout_as_text(tmp_path: Path) -> None:
    inner = table(words("a") + words("b"), words("c") + words("d"))
    head = f"<table:table-header-rows><table:table-row>{words('Town')}{words('Beds')}</table:table-row>"
    body = (
        f"<table:table>{head}</table:table-header-rows><table:table-row>{words('Port')}"
        f"<table:covered-table-cell/>{words('7')}</table:table-row></table:table>"
        + table(words("Masthead") + words("Symbol"))
        + table(cell(odt_paragraph("Left.") + inner) + words("Right."), words("Below."))
    )

    blocks, _ = read(tmp_path, odt_file(body))

    assert [(block.kind, block.text, block.label) for block in blocks] == [
        ("row", "Town | Beds", "table 1"),
        ("row", "Port | 7", "table 1"),
        ("paragraph", "Masthead", ""),
        ("paragraph", "Symbol", ""),
        ("paragraph", "Left.", ""),
        ("row", "a | b", "table 2"),
        ("row", "c | d", "table 2"),
        ("paragraph", "Right.", ""),
        ("paragraph", "Below.", ""),
    ]


def test_a_text_box_is_read_after_its_paragraph(tmp_path: Path) -> None:
    box = f"<draw:frame><draw:text-box>{odt_paragraph('In the box.')}</draw:text-box></draw:frame>"
    shape = f"<draw:custom-shape>{odt_paragraph('On the page.')}</draw:custom-shape>"

    assert texts(tmp_path, odt_paragraph(f"Beside {box}it.") + shape) == ["Beside it.", "In the box.", "On the page."]


def bomb() -> bytes:
    """A body that unpacks to more than a hundred times its size."""
    return odt_file(" " * 70_000_000)


PASSWORD = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and no more", "damaged, or not all of it is there"),
        (b"words", "damaged, or not all of it is there"),
        (odt_file(odt_paragraph("Words."))[:-30], "damaged, or not all of it is there"),
        (odt_file("<text:p>"), "its XML isn't well formed"),
        (odt_file("", kind="application/vnd.oasis.opendocument.spreadsheet"), "not a text document but a spreadsheet"),
        (odt_file("", manifest=PASSWORD), "needs a password; save it without one"),
        (odt_file("</office:text></office:body><office:body><office:text>&lol;"), "its XML isn't well formed"),
        (bomb(), "unpacks to more than 64 MB"),
    ],
    ids=["no ZIP", "text", "cut off", "bad XML", "spreadsheet", "password", "unknown entity", "bomb"],
)
def test_a_file_that_is_no_whole_text_document_says_so(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"content.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}, "has a DOCTYPE, which LibreOffice never writes"),
        ({"content.xml": b"<x/>"}, "not a text document"),
        ({"content.xml": b"<x/>", "styles.xml": b"<!DOCTYPE y><y/>"}, "has a DOCTYPE"),
        ({"a": b"words"}, "a ZIP without an OpenDocument text in it"),
    ],
    ids=["entities", "other XML", "entities in the styles", "other ZIP"],
)
def test_a_zip_of_anything_else_says_so(tmp_path: Path, parts: dict[str, bytes], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, zipped(parts))


def test_numbers_of_levels_that_make_no_sense_harm_nothing(tmp_path: Path) -> None:
    style = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="999999" style:num-format="1"'
        ' text:display-levels="999999"/><text:list-level-style-number text:level="0" style:num-format="1"/>'
        '<text:list-level-style-number text:level="x" style:num-format="1" style:num-suffix="."/></text:list-style>'
    )
    deep = odt_paragraph("deep")
    for _ in range(30):
        deep = odt_list(deep, style="")
    body = odt_list(odt_paragraph("one"), deep) + odt_paragraph("Words.")

    assert texts(tmp_path, body, automatic=style) == ["1. one", "deep", "Words."]
