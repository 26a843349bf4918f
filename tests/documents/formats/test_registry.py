import importlib
import subprocess
import sys

import pytest

from assistant.documents.formats.registry import FORMATS, KINDS, SUFFIXES, format_named, format_of, sniff


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "pdf"),
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
        (b"PK\x03\x04" + b"." * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text", "odt"),
        (b"PK\x03\x04" + b"." * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"{\\rtf1", "rtf"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x1f\x8b\x08", "archive"),
        (b"\x7fELF", "program"),
        (b"<!DOCTYPE html>", "html"),
        (b"\xef\xbb\xbf \n<html lang='en'>", "html"),
        (b"<?xml version='1.0'?><!-- x --><html>", "html"),
        (b"<?xml version='1.0'?><!-- x --><x>", "text"),
        (b"<!-- --> " * 400 + b"<p>", "text"),
        ("<!doctype html>".encode("utf-16"), "html"),
        (b"Words about <html> and %PDF-.", "text"),
        (b"<p>A fragment.</p>", "text"),
    ],
)
def test_a_file_is_told_by_its_beginning(head: bytes, kind: str) -> None:
    assert sniff(head).name == kind


def test_every_format_has_its_own_name_and_suffixes_and_a_kind_that_can_be_recognised() -> None:
    names = [row.name for row in FORMATS]
    suffixes = [suffix for row in FORMATS for suffix in row.suffixes]

    assert len(set(names)) == len(names)
    assert sorted(set(suffixes)) == sorted(suffixes) == sorted(SUFFIXES)
    assert {kind for row in FORMATS for kind in (row.kind, *row.tolerated)} <= {kind.name for kind in KINDS}


@pytest.mark.parametrize("reader", [row.reader for row in FORMATS if row.reader])
def test_every_reader_is_there(reader: str) -> None:
    module, _, function = reader.rpartition(".")

    assert callable(getattr(importlib.import_module(f"assistant.documents.formats.{module}"), function))


def test_the_table_is_read_without_the_libraries_of_its_readers() -> None:
    libraries = "{'pypdfium2', 'selectolax'}"
    program = f"import sys, assistant.documents.formats.registry; sys.exit(bool({libraries} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_name_promises_a_format() -> None:
    names = ("a.PDF", "a.b.htm", "a.docx", "a.md", "a.markdown", "a.xhtml", "folder/a.odt", "a.exe", "pdf")

    formats = [promised.name if (promised := format_of(name)) else None for name in names]

    assert formats == ["pdf", "html", "docx", "markdown", "markdown", "xhtml", "odt", None, None]


def test_a_type_fits_its_own_kind_and_what_says_nothing_fits_all() -> None:
    assert format_named("pdf").fits_type("Application/PDF; charset=binary")
    assert format_named("html").fits_type("")
    assert format_named("html").fits_type("application/xhtml+xml")
    assert format_named("docx").fits_type("application/octet-stream")
    assert not format_named("pdf").fits_type("text/html")
    assert not format_named("odt").fits_type("application/zip")


def test_a_whole_file_has_its_end() -> None:
    assert format_named("pdf").is_whole(b"xref %%EOF\r\n", is_length_known=True)
    assert not format_named("pdf").is_whole(b"%%EOF" + b"0" * 5000, is_length_known=True)
    assert format_named("html").is_whole(b"<p>no end", is_length_known=True)
    assert not format_named("html").is_whole(b"<p>no end", is_length_known=False)
    assert format_named("html").is_whole(b"</HTML>", is_length_known=False)
    assert format_named("odt").is_whole(b"PK\x05\x06" + b"0" * 18, is_length_known=True)
    assert format_named("text").is_whole(b"", is_length_known=False)
