from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents.formats.blocks import Block, FormatError, Recognised, Remark
from assistant.documents.formats.pdf import read_pdf, read_scanned_pdf, recognition
from tests.documents.formats.samples import fake_tesseract, write_scan

LINES = ("The office opened sixty-one shelters.", "Two of them are in Odrin.")


@pytest.fixture(autouse=True)
def languages() -> Iterator[None]:
    """Tesseract is asked for its languages anew by each test."""
    recognition._languages.cache_clear()
    yield
    recognition._languages.cache_clear()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A page that is a picture, and one with text."""
    write_scan(tmp_path / "scan.pdf", pictures=1, texts=["The last page has letters of its own, and some more."])
    return tmp_path / "scan.pdf"


def test_pictures_of_pages_are_read_and_their_numbers_told(
    scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(fake_tesseract(tmp_path, lines=LINES)))

    read = list(read_scanned_pdf(scan))

    assert [(block.page, block.text) for block in read if isinstance(block, Block)] == [
        (1, LINES[0]),
        (1, LINES[1]),
        (2, "The last page has letters of its own, and some more."),
    ]
    assert [piece for piece in read if isinstance(piece, Recognised | Remark)] == [Recognised(1)]


def test_without_ocr_it_is_said_that_pages_are_pictures(scan: Path) -> None:
    (remark,) = [piece for piece in read_pdf(scan) if isinstance(piece, Remark)]

    assert remark.text == "1 of its 2 pages are pictures; ASSISTANT_OCR=1 reads them, with Tesseract"


@pytest.mark.parametrize(
    ("program", "message"), [("", "needs Tesseract to read them; install it"), ("#!/bin/sh\nexit 3\n", "can't read")]
)
def test_a_missing_or_failing_tesseract_is_told(
    scan: Path, tmp_path: Path, program: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if program:
        (tmp_path / "tesseract").write_text(program, encoding="utf-8")
        (tmp_path / "tesseract").chmod(0o755)

    with pytest.raises(FormatError, match=message):
        list(read_scanned_pdf(scan))
