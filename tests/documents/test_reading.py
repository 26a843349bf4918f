import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from assistant.documents import extraction, reading
from assistant.documents.corpus import read_corpus
from assistant.documents.extraction import Limits
from assistant.documents.formats.registry import SUFFIXES
from assistant.documents.reading import Content, read_file
from assistant.errors import ReadError
from tests.documents.formats.samples import (
    BRIEF,
    DECISION,
    akoma_ntoso,
    fake_tesseract,
    odt_file,
    odt_paragraph,
    pptx_file,
    shape,
    word_file,
    write_columns,
    write_lines,
    write_scan,
    write_word,
)


def test_a_text_keeps_every_character(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes("\r\n A title\r\n\r\nWords “quoted”.\r\n".encode())

    content = read_file(path)

    assert content.text == "\r\n A title\r\n\r\nWords “quoted”.\r\n"
    assert content.title == "A title"


@pytest.mark.parametrize("unit", [" ", "\n", ". ", "a. (", "1. ", "\u3000", "“", "a\n", " \n", "A/1", "- a\n"])
@pytest.mark.parametrize("name", ["brief.txt", "brief.md"])
def test_a_text_of_anything_is_read_in_linear_time(tmp_path: Path, name: str, unit: str) -> None:
    path = tmp_path / name
    took = []
    for length in (6_000, 60_000):
        path.write_text("Words of a title\n\nStates share words. " + unit * (length // len(unit)) + "End.", "utf-8")
        costs = []
        for _ in range(3):
            before = time.process_time()
            content = read_file(path)
            costs.append(time.process_time() - before)
        took.append(min(costs))
        assert content.paragraphs

    assert took[1] < 20 * max(took[0], 1e-4)


def test_a_large_text_is_read_by_a_process_with_limits_as_a_small_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "brief.md"
    path.write_text("---\ntitle: A brief\n---\n# Data\n\n1. Words.\n\n2. More “words”.\n", encoding="utf-8")
    small = read_file(path)

    monkeypatch.setattr(reading, "_SHORT_TEXT", 0)

    assert read_file(path) == small
    monkeypatch.setattr(extraction, "Limits", partial(Limits, clock=0.01))
    with pytest.raises(ReadError, match="takes too long to read"):
        read_file(path)


def test_a_link_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("A secret.", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "secret.txt")

    with pytest.raises(ReadError, match="can't be read"):
        read_file(tmp_path / "link.txt")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes(b"\xef\xbb\xbfWords.")

    assert read_file(path).text == "Words."


def test_a_markdown_title_is_the_heading_that_it_begins_with(tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    path.write_text("\n# The title\n\nWords.\n\n# Introduction\n", encoding="utf-8")

    assert read_file(path).title == "The title"


@pytest.mark.parametrize("name", ["brief.md", "brief.markdown", "brief.txt"])
def test_front_matter_gives_title_and_date_and_is_no_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text('---\ntitle: "Shelter report"\ndate: 2020-05-01\n---\n\n# Shelters\n\nThere are 61 shelters.\n')

    content = read_file(path)

    assert (content.title, content.date) == ("Shelter report", "1 May 2020")
    assert content.text == "\n# Shelters\n\nThere are 61 shelters.\n"


def test_a_resolution_is_called_by_its_title(tmp_path: Path) -> None:
    path = tmp_path / "resolution.txt"
    path.write_text(
        "Seventh session\nAgenda item 3\n7/1. Mobility and shelter\nThe General Assembly,\n", encoding="utf-8"
    )

    assert read_file(path).title == "Mobility and shelter"


def test_a_first_line_that_is_running_text_is_no_title(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_text("This is a sentence.\n", encoding="utf-8")

    assert read_file(path).title == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"caf\xe9\x81", r"not UTF-8 text \(byte 4\)"),
        (b"", "no words"),
        (b" \n--\n", "no words"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes(content)

    with pytest.raises(ReadError, match=message) as caught:
        read_file(path)

    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("text", "message"), [("a\n" * 300_001, "300,000 lines"), ("a " * 5_000_001, "10,000,000 c")])
def test_a_text_that_would_take_long_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "long.txt"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ReadError, match=f"holds more than {message}"):
        read_file(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="can't be read"):
        read_file(tmp_path / "none.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_of_each_encoding_reads_alike(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "brief.txt"
    path.write_text("Café\n\nIt says “yes” – always.\n", encoding=encoding, newline="")

    assert read_file(path).text == "Café\n\nIt says “yes” – always.\n"


# Every format --------------------------------------------------------------------------------------------------------


def write_text(path: Path, paragraphs: tuple[str, ...]) -> None:
    path.write_text("\n".join(paragraphs), encoding="utf-8")


def write_page(path: Path, paragraphs: tuple[str, ...]) -> None:
    path.write_text("".join(f"<p>{text}</p>" for text in paragraphs), encoding="utf-8")


def write_plain_word(path: Path, paragraphs: tuple[str, ...]) -> None:
    write_word(path, [(text, "Normal") for text in paragraphs])


def write_opendocument(path: Path, paragraphs: tuple[str, ...]) -> None:
    path.write_bytes(odt_file("".join(map(odt_paragraph, paragraphs))))


def write_slides(path: Path, paragraphs: tuple[str, ...]) -> None:
    path.write_bytes(pptx_file(shape(*paragraphs)))


def write_akoma_ntoso(path: Path, paragraphs: tuple[str, ...]) -> None:
    path.write_text(akoma_ntoso("".join(f"<p>{text}</p>" for text in paragraphs)), encoding="utf-8")


WRITERS: dict[str, Callable[[Path, tuple[str, ...]], None]] = {
    ".txt": write_text,
    ".md": write_text,
    ".markdown": write_text,
    ".html": write_page,
    ".htm": write_page,
    ".mhtml": write_page,
    ".mht": write_page,
    ".xhtml": write_page,
    ".docx": write_plain_word,
    ".odt": write_opendocument,
    ".pptx": write_slides,
    ".xml": write_akoma_ntoso,
    ".pdf": write_columns,
}


def written(tmp_path: Path, suffix: str, paragraphs: tuple[str, ...]) -> Content:
    path = tmp_path / f"made{suffix}"
    WRITERS[suffix](path, paragraphs)
    return read_file(path)


def test_every_suffix_is_tested() -> None:
    assert set(WRITERS) == SUFFIXES


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_numbered_paragraphs_are_cited_alike_in_every_format(tmp_path: Path, suffix: str) -> None:
    content = written(tmp_path, suffix, DECISION)

    assert {p.locator: content.text[p.start : p.end] for p in content.paragraphs} == dict(
        zip(["para. 1", "para. 2", "para. 2 (a)", "para. 2 (b)", "para. 3"], DECISION, strict=True)
    )


@pytest.mark.parametrize("suffix", [".html", ".docx", ".odt", ".pdf"])
def test_what_has_no_number_is_cited_by_its_place_and_by_its_page_where_there_is_one(
    tmp_path: Path, suffix: str
) -> None:
    content = written(tmp_path, suffix, BRIEF)

    page = "p. 1, " if suffix == ".pdf" else ""
    assert [p.locator for p in content.paragraphs] == [f"{page}para. {n}" for n in (1, 2, 3)]
    assert [content.text[p.start : p.end] for p in content.paragraphs] == list(BRIEF)


def test_paragraphs_of_a_pdf_are_counted_on_each_page(tmp_path: Path) -> None:
    path = tmp_path / "brief.pdf"
    write_columns(path, BRIEF * 12, columns=1)

    locators = [p.locator for p in read_file(path).paragraphs]

    assert locators[:2] == ["p. 1, para. 1", "p. 1, para. 2"]
    assert "p. 2, para. 1" in locators
    assert len(set(locators)) == len(locators)


def test_tables_are_cited_by_their_rows_which_know_the_first_one(tmp_path: Path) -> None:
    path = tmp_path / "table.html"
    path.write_text("<p>Words.</p><table><tr><th>Town<th>Beds<tr><td>Port<td>7</table><p>More.</p>", encoding="utf-8")

    content = read_file(path)

    assert content.text == "Words.\n\nTown | Beds\nPort | 7\n\nMore."
    assert [(p.locator, p.lead) for p in content.paragraphs] == [
        ("para. 1", ""),
        ("table 1, row 1", ""),
        ("table 1, row 2", "Town | Beds"),
        ("para. 2", ""),
    ]


def test_the_title_of_a_resolution_is_found_in_every_format(tmp_path: Path) -> None:
    lines = ("Seventh session", "7/1. Mobility and shelter", "The General Assembly,", *DECISION)

    assert {written(tmp_path, suffix, lines).title for suffix in WRITERS} == {"Mobility and shelter"}


RESOLUTION = (
    "United Nations A/HRC/RES/99/25",
    "General Assembly Distr.: General",
    "16 July 2031",
    "Original: English",
    "Resolution adopted by the Human Rights Council on 8 July 2031",
    "99/25. Mobility and shelter",
    "The Human Rights Council,",
    "Recalling the shelters that towns have opened in each of the winters since the port was closed to ships,",
    "Noting with concern that many of those who come to them at night are children without their families,",
    "1. Calls upon towns to open more shelters, and to keep them open;",
    "2. Decides to remain seized of the matter.",
)


def test_a_resolution_is_cited_alike_in_every_format(tmp_path: Path) -> None:
    folders = {suffix: tmp_path / suffix[1:] for suffix in WRITERS}
    for suffix, folder in folders.items():
        folder.mkdir()
        WRITERS[suffix](folder / f"made{suffix}", RESOLUTION)
    write_columns(folders[".pdf"] / "made.pdf", RESOLUTION, columns=1, spaceAfter=16)

    documents = {suffix: read_corpus(folder).documents[0] for suffix, folder in folders.items()}

    sources = {(each.source.title, each.source.symbol, each.source.date) for each in documents.values()}
    assert sources == {("Mobility and shelter", "A/HRC/RES/99/25", "8 July 2031")}
    places = ["preambular para. 1", "preambular para. 2", "para. 1", "para. 2"]
    assert {
        suffix: [each.locator for each in documents[suffix].paragraphs[-4:]] for suffix in WRITERS
    } == dict.fromkeys(WRITERS, places)


# What isn't as it should be ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("a.docx", ".pdf", "is a PDF, not a Word document; name it .pdf"),
        ("a.txt", ".pdf", "is a PDF, not plain text"),
        ("a.pdf", ".html", "is an HTML page, not a PDF; name it .html, or get the document itself again"),
        ("a.docx", ".html", "is an HTML page, not a Word document"),
        ("a.docx", ".odt", "is an OpenDocument text, not a Word document; name it .odt and try again"),
        ("a.odt", ".pdf", "is a PDF, not an OpenDocument text; name it .pdf"),
        ("a.odt", ".docx", "a ZIP without an OpenDocument text in it"),
        ("a.markdown", ".docx", "is a Word document or another ZIP, not Markdown"),
        ("a.docx", ".txt", "is plain text, not a Word document"),
        ("a.html", ".docx", "is a Word document or another ZIP, not an HTML page"),
        ("a.pdf", ".docx", "is a Word document or another ZIP, not a PDF"),
        ("a.md", ".docx", "is a Word document or another ZIP, not Markdown"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_named(tmp_path: Path, name: str, kind: str, message: str) -> None:
    made = tmp_path / f"made{kind}"
    WRITERS[kind](made, BRIEF)
    path = tmp_path / name
    content = made.read_bytes()
    path.write_bytes(b"<!doctype html>" + content if kind == ".html" else content)

    with pytest.raises(ReadError, match=message):
        read_file(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file .* save it as .docx, without a password"),
        ("a.docx", b"{\\rtf1 words}", "a rich-text file"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", "a picture, not a PDF"),
        ("a.pdf", b"", "is empty, not a PDF; get it again"),
        ("a.pdf", b"words", "cut off or damaged"),
        ("a.docx", word_file(""), "there are no words in it"),
        ("a.html", b"<!doctype html><body><script>1</script></body>", "there are no words in it"),
    ],
)
def test_a_file_that_cannot_serve_says_why(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ReadError, match=message) as caught:
        read_file(path)

    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_bad_files_of_every_format_harm_no_other(tmp_path: Path) -> None:
    for suffix, write in WRITERS.items():
        write(tmp_path / f"good{suffix}", DECISION)
    for suffix in (".pdf", ".docx", ".odt"):
        (tmp_path / f"bad{suffix}").write_bytes((tmp_path / f"good{suffix}").read_bytes()[:500])
    write_lines(tmp_path / "scan.pdf", [[]])
    (tmp_path / "bad.html").write_bytes(b"\x00\x01")

    corpus = read_corpus(tmp_path)

    assert len(corpus.documents) == len(WRITERS)
    assert [problem.split(": ")[0] for problem in corpus.problems] == [
        str(tmp_path / name) for name in ("bad.docx", "bad.html", "bad.odt", "bad.pdf", "scan.pdf")
    ]


def test_slides_are_called_so(tmp_path: Path) -> None:
    path = tmp_path / "talk.pptx"
    path.write_bytes(pptx_file(shape("Rooms", placeholder="title") + shape(BRIEF[0]), shape(BRIEF[1], BRIEF[2])))

    content = read_file(path)

    assert content.title == "Rooms"
    assert [paragraph.locator for paragraph in content.paragraphs] == [
        "slide 1, para. 1",
        "slide 2, para. 1",
        "slide 2, para. 2",
    ]


def test_the_locators_of_pages_that_are_pictures_say_that_ocr_read_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "scan.pdf"
    write_scan(path, pictures=1, texts=["The last page has letters of its own, and more than a few."])
    monkeypatch.setenv(
        "PATH", str(fake_tesseract(tmp_path, lines=["The office opened sixty-one shelters in the year."]))
    )

    without, scanned = read_file(path), read_file(path, ocr=True)

    assert [paragraph.locator for paragraph in scanned.paragraphs] == ["p. 1, para. 1, read by OCR", "p. 2, para. 1"]
    assert [paragraph.locator for paragraph in without.paragraphs] == ["p. 2, para. 1"]
    assert caplog.messages == [f"{path}: 1 of its 2 pages are pictures; ASSISTANT_OCR=1 reads them, with Tesseract."]
