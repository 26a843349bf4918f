import pytest

from assistant.documents.formats.sniffing import NAMES, sniff


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "pdf"),
        (b"PK\x03\x04", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"{\\rtf1", "rtf"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x1f\x8b\x08", "archive"),
        (b"\x7fELF", "program"),
        (b"<!DOCTYPE html>", "html"),
        (b"\xef\xbb\xbf \n<html lang='en'>", "html"),
        (b"<?xml version='1.0'?><!-- x --><html>", "html"),
        ("<!doctype html>".encode("utf-16"), "html"),
        (b"Words about <html> and %PDF-.", "text"),
        (b"<p>A fragment.</p>", "text"),
    ],
)
def test_a_file_is_told_by_its_beginning(head: bytes, kind: str) -> None:
    assert sniff(head) == kind
    assert kind in NAMES
