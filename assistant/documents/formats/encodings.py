"""Bytes become text: UTF-8, UTF-16 with or without its byte order mark, Windows-1252, or what a page declares."""

import codecs
import re
from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 4096  # bytes from which the encoding is recognised
_ZEROS = 0.3  # share of zero bytes in UTF-16; other alphabets have fewer than Western text
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
# Western text has few letters beyond ASCII; with more, it is in another code page: Cyrillic, Greek, Arabic.
_FOREIGN = 0.25
_FAULTY = 0.05  # share of bytes beyond ASCII that may be wrong in UTF-8
# Browsers read these encodings as larger ones.
_WEB_NAMES = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    "tis-620": "cp874",
}


def decode(content: bytes) -> str:
    r"""Return the text of a text file, without the byte order mark.

    >>> decode(b"caf\xe9"), decode("café".encode("utf-16"))
    ('café', 'café')

    Raises:
        UnicodeDecodeError: The bytes are no text, or text in an encoding that can't be recognised.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _as_text(content[len(mark) :], encoding)
    if encoding := _unmarked_utf16(content):
        return _as_text(content, encoding)
    try:
        return _as_text(content, "utf-8")
    except UnicodeDecodeError as error:
        if text := _faulty_utf8(content):
            return text
        try:
            text = _as_text(content, "cp1252")
        except UnicodeDecodeError:
            raise error from None
        if _is_foreign(text):
            raise
        return text


def encoding_of(path: Path, start: bytes) -> str:
    """Return the encoding of a text file of any size, by its first bytes and whether all of it is UTF-8.

    Raises:
        OSError: It can't be read.
    """
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if encoding := _unmarked_utf16(start):
        return encoding
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decode_declared(content: bytes, declared: str) -> str:
    """Return the text of a page that declares an encoding, which it may be in or not."""
    if not content.startswith(tuple(mark for mark, _ in _MARKS)) and not declared.startswith("utf-16"):
        try:
            if not content.isascii():  # what is valid UTF-8 is nothing else, whatever an old template declares
                return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
        try:
            return content.decode(_WEB_NAMES.get(declared, declared))
        except (LookupError, UnicodeDecodeError):
            pass
    try:
        return decode(content)
    except UnicodeDecodeError:
        return content.decode("utf-8", errors="replace")


def _as_text(content: bytes, encoding: str) -> str:
    text = content.decode(encoding)
    if match := _NO_TEXT.search(text):
        start = len(text[: match.start()].encode(encoding))
        raise UnicodeDecodeError(encoding, content, start, start + 1, "a control character")
    return text


def _faulty_utf8(content: bytes) -> str:
    """Return the text of UTF-8 with a few wrong bytes; nothing for another encoding."""
    text = content.decode("utf-8", errors="replace")
    wrong, beyond = text.count("\ufffd"), sum(map(len, _BEYOND_ASCII.findall(text)))
    return text if wrong <= _FAULTY * beyond and not _NO_TEXT.search(text) else ""


def _unmarked_utf16(content: bytes) -> str:
    sample = content[:_SAMPLE]
    pairs = len(sample) // 2
    if not pairs or len(content) % 2:
        return ""
    even, odd = sample[::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if odd >= _ZEROS and not even:
        return "utf-16-le"
    return "utf-16-be" if even >= _ZEROS and not odd else ""


def _is_foreign(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return sum(letter > "\x7f" for letter in letters) > max(_FOREIGN * len(letters), 1)
