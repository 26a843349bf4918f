"""A file -> its text, its title and its paragraphs.

The text is the file's own, character for character, so that offsets count from its beginning. This module knows nothing
of the corpus as a whole: `sources.toml` may know a better title than the file itself gives.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ReadError
from assistant.records import Paragraph
from assistant.structure import paragraphs_of

_MARKDOWN_TITLE = re.compile(r"#\s+(?P<title>.+?)\s*#*")
_RESOLUTION_TITLE = re.compile(r"^\s*\d{1,3}/\d{1,4}\.\s+(?P<title>\S.*?)\s*$", re.MULTILINE)
_TITLE_PAGE = 1500  # characters at the beginning in which a resolution gives its title
_TITLE_WORDS = 25  # a longer first line is running text, not a title


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds. `title` is empty where the file doesn't begin with one."""

    title: str
    text: str
    paragraphs: tuple[Paragraph, ...]


def read_file(path: Path) -> Content:
    """Read a document.

    Raises:
        ReadError: The file can't be opened, isn't UTF-8, or holds no words.
    """
    text = _decoded(path)
    if not re.search(r"\w", text):
        raise ReadError(f"{path}: there are no words in it; put text into it or take it away.")
    return Content(title=_title_of(text), text=text, paragraphs=paragraphs_of(text))


SUFFIXES = frozenset({".txt", ".md"})


def _decoded(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"{path}: not UTF-8 text (byte {error.start + 1}); save it as UTF-8 and try again.") from error
    except OSError as error:
        raise ReadError(
            f"{path}: can't be read ({error.strerror or error}); check the file and who may read it."
        ) from error


def _title_of(text: str) -> str:
    first = text.strip().splitlines()[0].strip()
    if match := _MARKDOWN_TITLE.fullmatch(first) or _RESOLUTION_TITLE.search(text[:_TITLE_PAGE]):
        return match["title"]
    return first if len(first.split()) <= _TITLE_WORDS and first[-1] not in ".;:," else ""
