"""Whatever is in a file: its text, with every offset right, or one line that says why not; in time, and alone."""

import os
import random
import time
import zipfile
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.documents.formats.registry import SUFFIXES
from assistant.documents.reading import read_file
from assistant.errors import ReadError
from tests.documents.formats.samples import (
    BRIEF,
    DECISION,
    NUMBERING,
    akoma_ntoso,
    in_list,
    odt_file,
    odt_list,
    odt_list_style,
    odt_paragraph,
    paragraph,
    pptx_file,
    shape,
    word_file,
    write_columns,
    write_word,
)

LONG = os.environ.get("ASSISTANT_TEST_LONG") == "1"
FILES = 2000 if LONG else 60  # a process each
SECONDS = 30  # for one file, which takes a half of one where nothing else runs


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A whole file of each format."""
    folder = tmp_path_factory.mktemp("samples")
    write_columns(folder / "a.pdf", BRIEF * 3 + DECISION, title="Rooms", head="Brief 7")
    write_word(folder / "a.docx", [("Rooms", "Title"), *((text, "List Number") for text in BRIEF)])
    listed = word_file("".join(paragraph("words", in_list(1, i % 3)) for i in range(9)), numbering=NUMBERING)
    style = odt_list_style("L1", (("", "1", "."), ("(", "a", ")")))
    inner = odt_list(*map(odt_paragraph, DECISION), style="")
    open_document = odt_file(odt_list(*(odt_paragraph(text) + inner for text in BRIEF)), automatic=style)
    page = "<!doctype html><html><body><main><h1>Rooms</h1><table><tr><td>a<td>b<tr><td>c</table><ol><li>x<ul><li>y"
    text = "Rooms\n\n" + "\n".join(DECISION) + "\n- a\n- b\n\nAnnex I\n1. One.\n"
    return {
        ".pdf": (folder / "a.pdf").read_bytes(),
        ".docx": (folder / "a.docx").read_bytes(),
        ".docx of lists": listed,
        ".odt": open_document,
        ".html": page.encode() * 3,
        ".pptx": pptx_file(shape("Rooms", placeholder="title") + shape(*BRIEF), shape(*DECISION)),
        ".xml": akoma_ntoso(
            "".join(f"<article><num>{i}</num><p>{text}</p></article>" for i, text in enumerate(BRIEF))
        ).encode(),
        ".xhtml": page.replace("<li>", "<li/>").encode(),
        ".txt": text.encode(),
        ".md": text.encode("utf-16"),
    }


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Change, cut, double or leave out some of a file."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 30))):
        at = chance.randrange(len(changed) + 1)
        size = chance.choice((1, 2, 16, 400))
        match chance.randrange(5):
            case 0:
                changed[at : at + size] = chance.randbytes(size)
            case 1:
                del changed[at : at + size]
            case 2:
                changed[at:at] = changed[at : at + size]
            case 3:
                changed[at : at + 1] = chance.choice((b"<", b">", b"(", b"/", b"\xff", b"9999999999", b"\n"))
            case 4:
                del changed[max(at, len(changed) // 2) :]
    return bytes(changed)


def repacked(content: bytes, chance: random.Random) -> bytes:
    """Change a part of an office file and pack it again, so that it is the XML that is wrong and not the ZIP."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        unlucky = chance.choice(old.namelist())
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry, words_changed(part, chance) if entry.filename == unlucky else part)
    return packed.getvalue()


def words_changed(part: bytes, chance: random.Random) -> bytes:
    """Change numbers and names of an XML, which stays well formed more often than not."""
    numbers = (b'"1"', b'"-7"'), (b'"0"', b'"99999999999"')
    names = (b"w:p>", b"w:tbl>"), (b"w:t>", b"w:r>"), (b"text:p>", b"text:list>"), (b"text:list-item>", b"text:p>")
    for old, new in numbers + names:
        if chance.random() < 0.5:
            part = part.replace(old, new)
    return part


def made(samples: dict[str, bytes], seed: int) -> tuple[str, bytes]:
    """A suffix, and bytes that may or may not be of its format."""
    chance = random.Random(seed)
    kind = chance.choice(sorted(samples))
    suffix = kind.split()[0]
    match chance.randrange(6):
        case 0:
            return chance.choice(sorted(SUFFIXES)), samples[kind]
        case 1:
            return suffix, chance.randbytes(chance.randrange(3000))
        case 2:
            return suffix, samples[kind][:8] + chance.randbytes(chance.randrange(3000)) + samples[kind][-40:]
        case 3 if suffix in (".docx", ".odt"):
            return suffix, repacked(samples[kind], chance)
    return suffix, mutated(samples[kind], chance)


def outcome(path: Path) -> str:
    """What comes of a file: its text is right, or the message why there is none."""
    try:
        read = read_file(path)
    except ReadError as error:
        return str(error)
    assert all(one.start < one.end <= len(read.text) for one in read.paragraphs)
    assert all(one.end <= other.start for one, other in pairwise(read.paragraphs))
    assert len({one.anchor for one in read.paragraphs}) == len(read.paragraphs)
    read.text.encode("utf-8")
    return "read"


def test_any_file_is_read_or_refused_in_one_line_and_in_time(tmp_path: Path, samples: dict[str, bytes]) -> None:
    seen = 0
    first = random.SystemRandom().randrange(1 << 30) if LONG else 0
    for seed in range(first, first + FILES):
        suffix, content = made(samples, seed)
        path = tmp_path / f"{seed}{suffix}"
        path.write_bytes(content)
        before = time.monotonic()

        told = outcome(path)

        assert told == "read" or (told.startswith(f"{path}: ") and len(told.splitlines()) == 1), seed
        assert time.monotonic() - before < SECONDS, seed
        seen += told == "read"
        path.unlink()

    assert FILES / 10 < seen < FILES * 9 / 10
