"""A file becomes its text, its title and its paragraphs.

The text of plain text and Markdown is the file's own, character for character, without its front matter; of the other
formats it is what was read from the file. Offsets count from its beginning. `sources.toml` may know a better title than
the file itself gives.
"""

import logging
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from assistant.documents.extraction import WITH_OCR, extract, extract_paragraphs
from assistant.documents.formats.blocks import Block
from assistant.documents.formats.encodings import decode
from assistant.documents.formats.front_matter import split_front_matter
from assistant.documents.formats.registry import HEAD_BYTES, Format, format_named, format_of, sniff
from assistant.documents.lines import Stretch
from assistant.documents.masthead import read_masthead
from assistant.documents.structure import paragraphs_of
from assistant.errors import ReadError
from assistant.records import Paragraph

BY_OCR = ", read by OCR"  # ends the locators of a page that is a picture
_logger = logging.getLogger("assistant")
_PAGE = "p."  # what locators call a page
_ON_PAGE = re.compile(r"\Ap\.(?= \d)")
_MAX_BYTES = 200_000_000  # of a file
_MAX_TEXT_BYTES = 40_000_000
_SHORT_TEXT = 64_000  # characters; a longer text is read in a process of its own
_MAX_CHARACTERS = 10_000_000  # 3,000 pages
_MAX_LINES = 300_000  # likewise, with twice as many lines as they have
_LINE_ENDS = "\n\r\f\v\x85\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Content:
    """The contents of a file; `title` and `date` are empty where the file gives none."""

    title: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    date: str = ""


def read_file(path: Path, *, ocr: bool = False) -> Content:
    """Read a document.

    Args:
        ocr: Whether Tesseract reads pages that are pictures.

    Raises:
        ReadError: The file can't be opened or read, isn't what its name says, is too large, or holds no words.
    """
    promised = _promised_format(path)
    if not promised.reader:
        matter, text = split_front_matter(_decoded(path))
        find = partial(paragraphs_of, text) if len(text) <= _SHORT_TEXT else partial(extract_paragraphs, path)
        return replace(_content(path, matter.title, text, find), date=matter.date)
    is_scan = ocr and promised.ocr
    extracted = extract(path, promised.ocr, limits=WITH_OCR) if is_scan else extract(path, promised.reader)
    for remark in extracted.remarks:
        _logger.warning("%s: %s.", path, remark)
    text, stretches = _joined(extracted.blocks)
    content = _content(path, extracted.title, text, partial(paragraphs_of, text, stretches))
    if extracted.recognised:
        return replace(content, paragraphs=_told_as_recognised(content, stretches, extracted.recognised))
    return content if promised.page == _PAGE else replace(content, paragraphs=_renamed(content, promised.page))


def read_paragraphs(path: Path) -> tuple[Paragraph, ...]:
    """Read the paragraphs of a text file.

    Raises:
        ReadError: It can't be read.
    """
    return paragraphs_of(split_front_matter(_decoded(path))[1])


def _content(path: Path, title: str, text: str, find: Callable[[], tuple[Paragraph, ...]]) -> Content:
    """Check a text, and put its contents together with the paragraphs that `find` returns.

    Raises:
        ReadError: It is too large, or holds no words.
    """
    if not re.search(r"\w", text):
        raise ReadError(f"{path}: there are no words in it; put text into it or take it away.")
    if len(text) > _MAX_CHARACTERS:
        raise ReadError(f"{path}: holds more than {_MAX_CHARACTERS:,} characters; split it into parts.")
    if max(map(text.count, _LINE_ENDS)) > _MAX_LINES:
        raise ReadError(f"{path}: holds more than {_MAX_LINES:,} lines; split it into parts.")
    return Content(read_masthead(text, title).title, text, find())


def _told_as_recognised(content: Content, stretches: Sequence[Stretch], pages: frozenset[int]) -> tuple[Paragraph, ...]:
    """Return paragraphs that say of themselves whether OCR read them."""
    starts = [stretch.start for stretch in stretches]
    return tuple(
        replace(paragraph, locator=f"{paragraph.locator}{BY_OCR}")
        if stretches[bisect_right(starts, paragraph.start) - 1].page in pages
        else paragraph
        for paragraph in content.paragraphs
    )


def _renamed(content: Content, page: str) -> tuple[Paragraph, ...]:
    """Return paragraphs whose pages are called otherwise, such as slides."""
    return tuple(replace(paragraph, locator=_ON_PAGE.sub(page, paragraph.locator)) for paragraph in content.paragraphs)


def _promised_format(path: Path) -> Format:
    """Return the format that a file's name promises.

    Raises:
        ReadError: The file can't be opened, is too large, or begins like one of another format.
    """
    promised = format_of(path.name) or format_named("text")
    found = sniff(_head(path))
    if found.name not in (promised.kind, *promised.tolerated):
        raise ReadError(f"{path}: is {found.called}, not {promised.called}; {found.advice}.")
    return promised


def _head(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        with open(path, "rb", opener=_open_unlinked) as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise _unreadable(path, error) from error
    if size > _MAX_BYTES:
        raise ReadError(f"{path}: is larger than {_MAX_BYTES // 1_000_000} MB; split it into parts.")
    return head


def _open_unlinked(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


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
    """Join blocks by blank lines, and the rows of a table by line breaks."""
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
