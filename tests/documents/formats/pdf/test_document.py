from pathlib import Path

import pytest
from matplotlib import get_data_path
from pypdfium2 import PdfDocument
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.formats.blocks import FormatError
from assistant.documents.formats.pdf import read_pdf
from assistant.documents.formats.pdf.document import remarks_on
from tests.documents.formats.samples import (
    BRIEF,
    DECISION,
    HEIGHT,
    pieces_of,
    set_lines,
    write_columns,
    write_lines,
    write_picture,
)


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_columns_are_read_one_after_the_other_and_paragraphs_are_whole(tmp_path: Path, columns: int) -> None:
    path = tmp_path / "brief.pdf"
    told = [f"{text} This is paragraph {i}." for i, text in enumerate(BRIEF * 9)]
    write_columns(path, told, columns=columns, title="Rooms, clinics and schools", head="Brief 7, not for sale")

    blocks, title = pieces_of(read_pdf(path))

    assert title == "Rooms, clinics and schools"
    assert [block.text for block in blocks if block.kind == "paragraph"] == told
    assert [block.text for block in blocks if block.kind == "heading"] == ["Rooms, clinics and schools"]
    assert {block.page for block in blocks} >= {1, 2}


def test_numbered_paragraphs_and_lettered_items_are_apart(tmp_path: Path) -> None:
    path = tmp_path / "decision.pdf"
    write_columns(path, DECISION * 8, spaceAfter=0, alignment=0)

    blocks, _ = pieces_of(read_pdf(path))

    assert [block.text for block in blocks] == list(DECISION) * 8


def test_first_lines_that_are_indented_begin_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    write_columns(path, BRIEF * 6, columns=1, spaceAfter=0, firstLineIndent=14)

    blocks, _ = pieces_of(read_pdf(path))

    assert [block.text for block in blocks] == list(BRIEF) * 6


def test_a_word_divided_at_a_lines_end_is_put_together(tmp_path: Path) -> None:
    path = tmp_path / "divided.pdf"
    lines = [
        "The registration of people who move depends on well-",
        "trained clerks. Child-sensitive care needs rooms of its own, and regis-",
        "tration needs time, as child-",
        "sensitive care does too. In the years of COVID-",
        "19 that was hard, and the data/",
        "figures show it.",
    ]
    write_lines(path, [[(70, 150 + 13 * i, line, "Times-Roman", 11) for i, line in enumerate(lines)]])

    blocks, _ = pieces_of(read_pdf(path))
    text = " ".join(block.text for block in blocks)

    assert "well-trained" in text
    assert "registration needs time" in text
    assert "child-sensitive care does too" in text
    assert "COVID-19" in text
    assert "data/figures" in text


def test_running_heads_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "heads.pdf"
    pages = [
        [
            (70, 40, "Brief 7 / Rooms", "Times-Roman", 9),
            (300, HEIGHT - 40, f"- {number} -", "Times-Roman", 9),
            *set_lines(f"{BRIEF[0]} Here ends page {number}."),
        ]
        for number in (1, 2, 3)
    ]
    write_lines(path, pages)

    blocks, _ = pieces_of(read_pdf(path))

    assert [block.text for block in blocks] == [f"{BRIEF[0]} Here ends page {number}." for number in (1, 2, 3)]
    assert [block.page for block in blocks] == [1, 2, 3]


def test_footnotes_are_apart_and_their_marks_out_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "notes.pdf"
    page = [
        (70, 150, "Towns keep a register of rooms", "Times-Roman", 11),
        (70 + 136.5, 146, "1", "Times-Roman", 6.5),
        (70 + 141, 150, "and place a family within a day, which costs", "Times-Roman", 11),
        (70, 163, "little and saves the hall, an area of 400 km", "Times-Roman", 11),
        (70 + 192.5, 159, "2", "Times-Roman", 6.5),
        (70, HEIGHT - 120, "1", "Times-Roman", 5),
        (74, HEIGHT - 117, "See the list of towns, made up for this test, which fills more than one", "Times-Roman", 8),
        (74, HEIGHT - 107, "line at the foot of the page.", "Times-Roman", 8),
        (70, HEIGHT - 97, "2", "Times-Roman", 5),
        (74, HEIGHT - 94, "Another note.", "Times-Roman", 8),
    ]
    write_lines(path, [page])

    blocks, _ = pieces_of(read_pdf(path))

    assert [(block.kind, block.label) for block in blocks] == [
        ("paragraph", ""),
        ("note", "footnote 1"),
        ("note", "footnote 2"),
    ]
    assert "register of rooms and place" in blocks[0].text
    assert blocks[0].text.endswith("400 km²")
    assert blocks[1].text.endswith("fills more than one line at the foot of the page.")


def test_a_paragraph_goes_on_over_a_page(tmp_path: Path) -> None:
    path = tmp_path / "pages.pdf"
    first, second = BRIEF[0].split(" long before ")
    write_lines(path, [set_lines(first), set_lines(f"long before {second}")])

    blocks, _ = pieces_of(read_pdf(path))

    assert [(block.text, block.page) for block in blocks] == [(BRIEF[0], 1)]


def test_lines_with_wide_gaps_are_rows_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "table.pdf"
    rows = [("Town", "Beds", "Nights"), ("North town", "40", "900"), ("South town", "25", "610"), ("Port", "7", "88")]
    cells = [
        (x, 300 + 16 * i, cell, "Times-Roman", 11)
        for i, row in enumerate(rows)
        for x, cell in zip((70, 250, 350), row, strict=True)
    ]
    write_lines(path, [[*set_lines(BRIEF[0]), *cells]])

    blocks, _ = pieces_of(read_pdf(path))

    assert [block.text for block in blocks if block.kind == "row"] == [" | ".join(row) for row in rows]
    assert {block.label for block in blocks if block.kind == "row"} == {"table 1"}


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_read(tmp_path: Path, turn: int) -> None:
    upright, path = tmp_path / "upright.pdf", tmp_path / "turned.pdf"
    write_columns(upright, BRIEF * 3)
    document = PdfDocument(upright)
    document[0].set_rotation(turn)
    document.save(path)

    assert pieces_of(read_pdf(path))[0] == pieces_of(read_pdf(upright))[0]


def test_text_set_sideways_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sideways.pdf"
    canvas = Canvas(str(path))
    canvas.translate(500, 60)
    canvas.rotate(90)
    for x, y, text, font, size in set_lines(BRIEF[1]):
        canvas.setFont(font, size)
        canvas.drawString(x, 400 - y, text)
    canvas.save()

    blocks, _ = pieces_of(read_pdf(path))

    assert [block.text for block in blocks] == [BRIEF[1]]


@pytest.mark.parametrize("stamp", ["", "Copy 12"])
def test_a_scan_says_that_it_needs_text_recognition(tmp_path: Path, stamp: str) -> None:
    path = tmp_path / "scan.pdf"
    write_picture(path, stamp=stamp)

    with pytest.raises(FormatError, match=r"holds pictures of pages and no text.*OCR"):
        list(read_pdf(path))


def test_a_pdf_with_a_password_says_so(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    path = tmp_path / "secret.pdf"
    write_lines(path, [set_lines(BRIEF[0])], encrypt=StandardEncryption("open sesame"))

    with pytest.raises(FormatError, match="needs a password; save a copy without one"):
        list(read_pdf(path))


def test_a_pdf_that_only_its_owner_may_change_is_read(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    path = tmp_path / "protected.pdf"
    write_lines(path, [set_lines(BRIEF[0])], encrypt=StandardEncryption("", ownerPassword="owner"))

    assert pieces_of(read_pdf(path))[0][0].text == BRIEF[0]


@pytest.mark.parametrize("added", [b"\0" * 20_000, b"\r\n<!-- served in 12 ms -->", b"%%EOF\n"])
def test_bytes_after_the_end_are_no_damage(tmp_path: Path, added: bytes) -> None:
    path = tmp_path / "trailing.pdf"
    write_lines(path, [set_lines(BRIEF[0])])
    path.write_bytes(path.read_bytes() + added)

    assert pieces_of(read_pdf(path))[0][0].text == BRIEF[0]


def test_a_pdf_that_is_cut_off_or_none_says_so(tmp_path: Path) -> None:
    whole, path = tmp_path / "whole.pdf", tmp_path / "part.pdf"
    write_columns(whole, BRIEF * 9)
    path.write_bytes(whole.read_bytes()[:-2000])

    with pytest.raises(FormatError, match="cut off or damaged"):
        list(read_pdf(path))

    path.write_bytes(b"%PDF-1.7 no more than that %%EOF")
    with pytest.raises(FormatError, match="no PDF, or a damaged one"):
        list(read_pdf(path))


def test_what_fields_show_stands_beside_their_names(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    canvas = Canvas(str(path))
    for i, name in enumerate(("State:", "Ratified:", "A plan:", "A law:")):
        canvas.drawString(70, 700 - 40 * i, name)
    form = canvas.acroForm
    form.textfield(value="Ruritania", x=200, y=695, width=200, height=18)
    form.choice(value="Yes", options=["No", "Yes"], x=200, y=655, width=80, height=18)
    form.checkbox(checked=True, x=200, y=615, size=16)
    form.checkbox(checked=False, x=200, y=575, size=16)
    canvas.drawString(70, 400, BRIEF[0][:80])
    canvas.save()

    blocks, _ = pieces_of(read_pdf(path))

    assert [block.text for block in blocks][:4] == ["State: Ruritania", "Ratified: Yes", "A plan: ☒", "A law: ☐"]


def test_slanted_words_are_no_text_at_any_angle(tmp_path: Path) -> None:
    path = tmp_path / "slanted.pdf"
    canvas = Canvas(str(path))
    for angle in (8, -15, 30, 45, 75):
        canvas.saveState()
        canvas.translate(150, 650)
        canvas.rotate(angle)
        canvas.setFont("Helvetica-Bold", 30)
        canvas.drawString(0, 0, "DRAFT")
        canvas.restoreState()
    for x, y, text, font, size in set_lines(BRIEF[0]):
        canvas.setFont(font, size)
        canvas.drawString(x, 800 - y, text)
    canvas.save()

    assert [block.text for block in pieces_of(read_pdf(path))[0]] == [BRIEF[0]]


def test_a_page_of_hebrew_is_read_from_the_right(tmp_path: Path) -> None:
    font = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    pdfmetrics.registerFont(TTFont("DejaVu", str(font)))
    lines = ("המשרד פתח מקלטים רבים למשפחות בנמל ובעיר הגדולה", "בשנת 2019, והמעסיק שילם את דמי הגיוס במלואם.")
    path = tmp_path / "hebrew.pdf"
    canvas = Canvas(str(path))
    canvas.setFont("DejaVu", 12)
    for i, line in enumerate(lines):
        # On paper the line is turned around, but for its number.
        canvas.drawRightString(520, 700 - 15 * i, line[::-1].replace("9102", "2019"))
    canvas.save()

    blocks, _ = pieces_of(read_pdf(path))

    assert [block.text for block in blocks] == [" ".join(lines)]


@pytest.mark.parametrize(
    ("share", "told"), [(0.004, []), (0.006, ["1 %"]), (0.034, ["3 %"])], ids=["few", "some", "more"]
)
def test_the_share_of_letters_that_can_not_be_read_is_told(share: float, told: list[str]) -> None:
    remarks = [remark.text for remark in remarks_on(2, 0, share)]

    assert remarks == [
        f"{each} of its letters can't be read, since its fonts don't say which they are" for each in told
    ]


def test_short_paragraphs_are_apart_though_there_are_more_gaps_than_lines_that_go_on(tmp_path: Path) -> None:
    path = tmp_path / "short.pdf"
    told = [f"{verb} the ferries that cross the sound by day and by night, in winter too, for whoever lives on one of "
            f"its islands," for verb in ("Recalling", "Noting", "Mindful of")]  # fmt: skip
    write_columns(path, ["The Ferry Council,", *told], columns=1, spaceAfter=6, alignment=0)

    blocks, _ = pieces_of(read_pdf(path))

    assert [block.text for block in blocks] == ["The Ferry Council,", *told]
