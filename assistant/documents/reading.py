"""A file -> its text, its title and its paragraphs.

The text of plain text and Markdown is the file's own, character for character; of the other formats it is what was read
from the file. Offsets count from its beginning. This module knows nothing of the corpus as a whole: `sources.toml` may
know a better title than the file itself gives.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.extraction import extract
from assistant.documents.formats.blocks import Block
from assistant.documents.formats.encodings import decode
from assistant.documents.formats.sniffing import HEAD_BYTES, NAMES, sniff
from assistant.documents.lines import Stretch, markdown_title
from assistant.documents.structure import paragraphs_of
from assistant.errors import ReadError
from assistant.records import Paragraph

_MAX_BYTES = 200_000_000  # of a file
_MAX_TEXT_BYTES = 40_000_000
_MAX_CHARACTERS = 10_000_000  # 3,000 pages
_RESOLUTION_TITLE = re.compile(r"^\s*\d{1,3}/\d{1,4}\.\s+(?P<title>\S.*?)\s*$", re.MULTILINE)
_TITLE_PAGE = 1500  # characters at the beginning in which a resolution gives its title
_TITLE_WORDS = 25  # a longer first line is running text, not a title

# By a file's name: its format, what its beginning may be, and what it is called.
_FORMATS = {
    ".txt": ("text", ("text",), "plain text"),
    ".md": ("text", ("text",), "Markdown"),
    ".html": ("html", ("html", "text"), "an HTML page"),
    ".htm": ("html", ("html", "text"), "an HTML page"),
    ".pdf": ("pdf", ("pdf", "text"), "a PDF"),
    ".docx": ("docx", ("zip",), "a Word document"),
}
SUFFIXES = frozenset(_FORMATS)
_ADVICE = {
    "pdf": "name it .pdf and try again",
    "html": "name it .html, or get the document itself again",
    "zip": "name it .docx if it is a Word document, or unpack it",
    "ole": "open it in Word and save it as .docx, without a password",
    "rtf": "open it in Word and save it as .docx",
    "text": "name it .txt, or get the document itself again",
    "empty": "get it again or take it away",
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds. `title` is empty where the file doesn't begin with one."""

    title: str
    text: str
    paragraphs: tuple[Paragraph, ...]


def read_file(path: Path) -> Content:
    """Read a document.

    Raises:
        ReadError: The file can't be opened or read, isn't what its name says, is too large, or holds no words.
    """
    format_name = _format_of(path)
    if format_name == "text":
        return _content(path, "", _decoded(path))
    extracted = extract(path, format_name)
    return _content(path, extracted.title, *_joined(extracted.blocks))


def _content(path: Path, title: str, text: str, stretches: Sequence[Stretch] = ()) -> Content:
    if not re.search(r"\w", text):
        raise ReadError(f"{path}: there are no words in it; put text into it or take it away.")
    if len(text) > _MAX_CHARACTERS:
        raise ReadError(f"{path}: holds more than {_MAX_CHARACTERS:,} characters; split it into parts.")
    return Content(_title_of(text, title), text, paragraphs_of(text, stretches))


def _format_of(path: Path) -> str:
    """The format that a file's name says, if its beginning is of that format."""
    format_name, beginnings, called = _FORMATS.get(path.suffix.lower(), _FORMATS[".txt"])
    found = sniff(_head(path))
    if format_name == "text" and found == "empty":
        return format_name
    if found not in beginnings:
        advice = _ADVICE.get(found, "put a text document in its place")
        raise ReadError(f"{path}: is {NAMES[found]}, not {called}; {advice}.")
    return format_name


def _head(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise _unreadable(path, error) from error
    if size > _MAX_BYTES:
        raise ReadError(f"{path}: is larger than {_MAX_BYTES // 1_000_000} MB; split it into parts.")
    return head


def _unreadable(path: Path, error: OSError) -> ReadError:
    return ReadError(f"{path}: can't be read ({error.strerror or error}); check the file and who may read it.")


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
        if len(content) > _MAX_TEXT_BYTES:
            raise ReadError(f"{path}: is larger than {_MAX_TEXT_BYTES // 1_000_000} MB; split it into parts.")
        return decode(content)
    except UnicodeDecodeError as error:
        raise ReadError(f"{path}: not UTF-8 text (byte {error.start + 1}); save it as UTF-8 and try again.") from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _joined(blocks: Sequence[Block]) -> tuple[str, tuple[Stretch, ...]]:
    """Put blocks under each other, a blank line between them, but for the rows of a table."""
    pieces: list[str] = []
    stretches: list[Stretch] = []
    end = 0
    for i, block in enumerate(blocks):
        if i:
            gap = "\n" if block.kind == "row" and block.label == blocks[i - 1].label else "\n\n"
            pieces.append(gap)
            end += len(gap)
        pieces.append(block.text)
        stretches.append(Stretch(end, end + len(block.text), block.kind, block.page, block.label))
        end += len(block.text)
    return "".join(pieces), tuple(stretches)


def _title_of(text: str, known: str) -> str:
    if match := _RESOLUTION_TITLE.search(text[:_TITLE_PAGE]):
        return match["title"]
    if known:
        return known
    first = text.lstrip().split("\n", maxsplit=1)[0].splitlines()[0].strip()
    if title := markdown_title(first):
        return title
    return first if len(first.split()) <= _TITLE_WORDS and first[-1] not in ".;:," else ""
