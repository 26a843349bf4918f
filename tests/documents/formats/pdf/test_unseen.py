from pathlib import Path

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from assistant.documents.formats.pdf import read_pdf
from tests.documents.formats.samples import BRIEF, pieces_of

SECRET = "The fund holds 999 million euros."


@pytest.fixture
def canvas(tmp_path: Path) -> Canvas:
    """A sheet with a line of text on it."""
    canvas = Canvas(str(tmp_path / "seen.pdf"))
    canvas.drawString(70, 700, BRIEF[0][:70])
    return canvas


def texts(canvas: Canvas) -> list[str]:
    canvas.save()
    return [block.text for block in pieces_of(read_pdf(Path(canvas._filename)))[0]]


def invisible(canvas: Canvas, text: str) -> PDFTextObject:
    """An invisible text."""
    written: PDFTextObject = canvas.beginText(70, 500)
    written.setTextRenderMode(3)
    written.textOut(text)
    return written


def test_white_words_are_seen_on_a_colour_alone(canvas: Canvas) -> None:
    canvas.setFillGray(0)
    canvas.rect(60, 590, 300, 30, fill=1)
    canvas.setFillGray(1)
    canvas.drawString(70, 600, "Words on a banner.")
    canvas.drawString(70, 500, SECRET)

    assert texts(canvas) == [BRIEF[0][:70], "Words on a banner."]


def test_faint_covered_and_tiny_words_are_not_seen_and_grey_ones_are(canvas: Canvas) -> None:
    canvas.setFillGray(0.97)
    canvas.drawString(70, 600, SECRET)
    canvas.setFillGray(0)
    canvas.setFillAlpha(0)
    canvas.drawString(70, 560, SECRET)
    canvas.setFillAlpha(1)
    canvas.drawString(70, 520, SECRET)
    canvas.rect(60, 515, 300, 16, fill=1)
    canvas.setFont("Times-Roman", 1)
    canvas.drawString(70, 480, SECRET)
    canvas.setFont("Times-Roman", 11)
    canvas.setFillGray(0.7)
    canvas.drawString(70, 440, "Grey words are seen.")

    assert texts(canvas) == [BRIEF[0][:70], "Grey words are seen."]


def test_invisible_words_are_those_of_a_scan_over_its_picture_alone(canvas: Canvas, tmp_path: Path) -> None:
    from PIL import Image

    canvas.drawText(invisible(canvas, SECRET))
    assert texts(canvas) == [BRIEF[0][:70]]

    scan = Canvas(str(tmp_path / "scan.pdf"))
    scan.drawImage(ImageReader(Image.new("L", (60, 80), 255)), 0, 0, 595, 842)
    scan.drawText(invisible(scan, BRIEF[0][:80]))
    assert texts(scan) == [BRIEF[0][:80]]


def test_a_coloured_area_under_words_hides_nothing(canvas: Canvas) -> None:
    canvas.drawString(70, 600, "Before the area.")
    canvas.setFillColorRGB(1, 1, 0)
    canvas.rect(60, 545, 300, 16, fill=1, stroke=0)
    canvas.setFillGray(0)
    canvas.drawString(70, 550, "Words on yellow.")

    assert texts(canvas) == [BRIEF[0][:70], "Before the area.", "Words on yellow."]
