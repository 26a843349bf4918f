from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.formats.pdf import read_pdf
from tests.documents.formats.samples import BRIEF, pieces_of

FONT, SIZE = "Times-Roman", 11


@pytest.fixture
def canvas(tmp_path: Path) -> Canvas:
    """A sheet in one font, with a line of text at its foot."""
    canvas = Canvas(str(tmp_path / "letters.pdf"))
    canvas.setFont(FONT, SIZE)
    canvas.drawString(70, 200, BRIEF[0][:70])
    return canvas


def first_text(canvas: Canvas) -> str:
    canvas.save()
    return pieces_of(read_pdf(Path(canvas._filename)))[0][0].text


def test_words_that_are_set_tightly_without_spaces_are_parted(canvas: Canvas) -> None:
    x = 70.0
    for word in ("Develop", "a", "global", "programme", "to", "build", "capacities"):
        canvas.drawString(x, 600, word)
        x += stringWidth(word, FONT, SIZE) + 0.07 * SIZE

    assert first_text(canvas) == "Develop a global programme to build capacities"


@pytest.mark.parametrize("spacing", [3, 8, 14])
def test_letters_that_are_set_apart_are_words(canvas: Canvas, spacing: float) -> None:
    text = canvas.beginText(70, 600)
    text.setCharSpace(spacing)
    text.textOut("FAMILY REUNIFICATION")
    text.setCharSpace(0)
    canvas.drawText(text)

    assert first_text(canvas) == "FAMILY REUNIFICATION"


def test_letters_with_spaces_between_them_are_words_and_those_of_an_alphabet_are_not(canvas: Canvas) -> None:
    canvas.drawString(70, 600, "G L O B A L   C O M P A C T")
    canvas.drawString(70, 500, "A B C D E F")

    assert first_text(canvas) == "GLOBAL COMPACT"
    assert "A B C D E F" in [block.text for block in pieces_of(read_pdf(Path(canvas._filename)))[0]]


def test_struck_words_are_left_out_and_underlined_ones_kept(canvas: Canvas) -> None:
    x = 70.0
    for words, height in (("The fee is ", 0.0), ("30", 3.3), (" 45 ", 0.0), ("euros", -2.0), (" a year", 0.0)):
        width = stringWidth(words, FONT, SIZE)
        canvas.drawString(x, 600, words)
        if height:
            canvas.line(x, 600 + height, x + width, 600 + height)
        x += width

    assert first_text(canvas) == "The fee is 45 euros a year"


def test_raised_figures_are_no_digits_of_what_is_before_them(canvas: Canvas) -> None:
    x = 70.0
    for text, lift in (
        ("In 2020", 0),
        ("3", 4),
        (" some 10", 0),
        ("6", 4),
        (" had 4", 0),
        ("1", 4),
        ("/", 0),
        ("2", -2),
    ):
        canvas.setFont(FONT, 7 if lift else SIZE)
        canvas.drawString(x, 600 + lift, text)
        x += stringWidth(text, FONT, 7 if lift else SIZE)

    assert first_text(canvas) == "In 2020 some 10⁶ had 4 1/2"


def test_a_ligature_that_is_narrower_than_its_font_says_tears_no_word(canvas: Canvas) -> None:
    x = 70.0
    for word in ("People", "gain", "from", "it", "fi", "rst", "of", "all", "there"):
        canvas.drawString(x, 600, word)
        x += stringWidth(word, FONT, SIZE) + (0.07 if word == "fi" else 0.3) * SIZE

    assert first_text(canvas) == "People gain from it first of all there"
