"""The formats that documents may have: how each is named, recognised and read.

`FORMATS` is the one table of them. Another format is a module with a function that turns a path into blocks, and a row
here. Readers are named by strings, so that only the process that reads a file imports the libraries which that takes.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath

HEAD_BYTES = 4096  # enough of a file's beginning to recognise it
_TAIL_BYTES = 4096  # enough of a file's end to find its end mark


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file, as its first bytes show it."""

    name: str
    called: str  # what messages call it
    advice: str  # what to do with such a file where another kind is wanted
    beginning: bytes  # a pattern of the first bytes


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be read."""

    name: str
    suffixes: tuple[str, ...]  # in lower case, each with its dot
    called: str  # what messages call a file of this format
    kind: str  # the name of the kind that its files are
    tolerated: tuple[str, ...] = ()  # names of other kinds that a file may seem to be
    # The module of this package and the function in it that read a file; none where its bytes are its text.
    reader: str = ""
    media_types: tuple[str, ...] = ()  # what a server may call it
    end: bytes = b""  # what stands near the end of a whole file, in lower case
    page: str = "p."  # what locators call its pages, if it has any
    ocr: str = ""  # the reader that also reads pictures of pages, if there is one

    def fits_type(self, content_type: str) -> bool:
        """Return whether a server that names this Content-Type may mean a file of this format."""
        named = content_type.partition(";")[0].strip().lower()
        return named in _UNSPECIFIC or any(named in row.media_types for row in FORMATS if row.kind == self.kind)

    def is_whole(self, content: bytes, *, is_length_known: bool) -> bool:
        """Return whether a file has the end that a whole one has; a page of known length needs no end mark."""
        return (self.kind == "html" and is_length_known) or self.end in content[-_TAIL_BYTES:].lower()


_ZIP_END = b"pk\x05\x06"
_PDF_OCR = "pdf.read_scanned_pdf"
_PDF_TYPES = ("application/pdf", "application/x-pdf")
_WORD_TYPES = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/zip")
_PPTX_TYPES = ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "application/zip")
_XML_TYPES = ("application/akn+xml", "application/xml", "text/xml")
_ODT_TYPES = ("application/vnd.oasis.opendocument.text",)
_PAGES = (".html", ".htm", ".mhtml", ".mht")
_HTML_TYPES = ("text/html", "multipart/related", "message/rfc822")
_XHTML_TYPES = ("application/xhtml+xml",)

# Each row: name, suffixes, what it is called, its kind, tolerated kinds, reader, media types, end mark, name of pages.
FORMATS = (
    Format("text", (".txt",), "plain text", "text", ("empty",), "", ("text/plain",)),
    Format("markdown", (".md", ".markdown"), "Markdown", "text", ("empty",), "", ("text/markdown",)),
    Format("html", _PAGES, "an HTML page", "html", ("text",), "html.read_html", _HTML_TYPES, b"</html"),
    Format("xhtml", (".xhtml",), "an XHTML page", "html", ("text",), "html.read_xhtml", _XHTML_TYPES, b"</html"),
    Format("pdf", (".pdf",), "a PDF", "pdf", ("text",), "pdf.read_pdf", _PDF_TYPES, b"%%eof", ocr=_PDF_OCR),
    Format("docx", (".docx",), "a Word document", "zip", (), "word.read_docx", _WORD_TYPES, _ZIP_END),
    Format("pptx", (".pptx",), "a presentation", "zip", (), "presentation.read_pptx", _PPTX_TYPES, _ZIP_END, "slide"),
    Format("xml", (".xml",), "Akoma Ntoso XML", "text", ("html",), "akoma_ntoso.read_akoma_ntoso", _XML_TYPES, b">"),
    Format("odt", (".odt",), "an OpenDocument text", "odt", ("zip",), "opendocument.read_odt", _ODT_TYPES, _ZIP_END),
)

# Content types that say nothing of the format.
_UNSPECIFIC = frozenset({"", "application/octet-stream", "binary/octet-stream"})

_HTML = rb"(?i)(?:\s|<\?xml[^>]*>|<!--.{0,2000}?-->)*+(?:<!doctype\s+html|<html[\s>])"
_REPLACE = "put a text document in its place"
_ODT = rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.text"
_ZIP_ADVICE = "name it .docx if it is a Word document, or unpack it"
_OLE = "an old Office file (.doc), or one that needs a password"
_OLE_ADVICE = "open it in Word and save it as .docx, without a password"

# The first whose pattern fits is what a file is; text is whatever is nothing else.
KINDS = (
    Kind("empty", "empty", "get it again or take it away", rb"\Z"),
    Kind("pdf", "a PDF", "name it .pdf and try again", rb"%PDF-"),
    Kind("odt", "an OpenDocument text", "name it .odt and try again", _ODT),
    Kind("zip", "a Word document or another ZIP", _ZIP_ADVICE, rb"PK(?:\x03\x04|\x05\x06)"),
    Kind("ole", _OLE, _OLE_ADVICE, rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    Kind("rtf", "a rich-text file (.rtf)", "open it in Word and save it as .docx", rb"\{\\rtf"),
    Kind("picture", "a picture", _REPLACE, rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*"),
    Kind("archive", "a packed archive", _REPLACE, rb"\x1f\x8b|BZh|7z\xbc\xaf|Rar!"),
    Kind("program", "a program", _REPLACE, rb"\x7fELF|MZ\x90"),
    Kind("html", "an HTML page", "name it .html, or get the document itself again", _HTML),
    Kind("text", "plain text", "name it .txt, or get the document itself again", rb""),
)

SUFFIXES = frozenset(suffix for row in FORMATS for suffix in row.suffixes)
_BY_SUFFIX = {suffix: row for row in FORMATS for suffix in row.suffixes}
_BY_NAME = {row.name: row for row in FORMATS}
_BEGINNINGS = tuple((re.compile(kind.beginning, re.DOTALL), kind) for kind in KINDS)


def format_of(file: str) -> Format | None:
    """Return the format that a file's name promises; None for a suffix that isn't read."""
    return _BY_SUFFIX.get(PurePath(file).suffix.lower())


def format_named(name: str) -> Format:
    """Return the format of a name."""
    return _BY_NAME[name]


def sniff(head: bytes) -> Kind:
    """Recognise a file by its beginning.

    >>> sniff(b"%PDF-1.7").name, sniff(b"<!DOCTYPE html>").name, sniff(b"Words.").name
    ('pdf', 'html', 'text')
    """
    # Without the byte order mark and the zeros of UTF-16, a page in any encoding begins alike.
    plain = head.replace(b"\x00", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        plain = plain.removeprefix(mark)
    return next(kind for pattern, kind in _BEGINNINGS if pattern.match(plain if kind.name == "html" else head))
