"""The first bytes of a file -> what it is, whatever its name says. This module reads nothing and raises nothing."""

import re

HEAD_BYTES = 4096  # enough to tell

_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
)
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_BEFORE_HTML = re.compile(rb"(?:\s|<\?xml[^>]*>|<!--(?s:.{0,2000}?)-->)*")

# What each is called in a message, and the suffix under which it would be read.
NAMES = {
    "pdf": "a PDF",
    "html": "an HTML page",
    "zip": "a Word document or another ZIP",
    "ole": "an old Office file (.doc), or one that needs a password",
    "rtf": "a rich-text file (.rtf)",
    "picture": "a picture",
    "archive": "a packed archive",
    "program": "a program",
    "text": "plain text",
    "empty": "empty",
}


def sniff(head: bytes) -> str:
    """Tell what a file is by its beginning: one of the keys of `NAMES`.

    >>> sniff(b"%PDF-1.7"), sniff(b"<!DOCTYPE html>"), sniff(b"Words.")
    ('pdf', 'html', 'text')
    """
    if not head:
        return "empty"
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    return "html" if _is_html(head) else "text"


def _is_html(head: bytes) -> bool:
    plain = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    before = _BEFORE_HTML.match(plain)
    return bool(before and _HTML.match(plain, before.end()))
