"""Bytes become text: UTF-8, UTF-16 with or without its byte order mark, Windows-1252."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 4096  # bytes from which the encoding is recognised
_ZEROS = 0.3  # share of zero bytes in UTF-16; other alphabets have fewer than Western text
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Western text has few letters beyond ASCII; with more, it is in another code page: Cyrillic, Greek, Arabic.
_FOREIGN = 0.25


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
        try:
            text = _as_text(content, "cp1252")
        except UnicodeDecodeError:
            raise error from None
        if _is_foreign(text):
            raise
        return text


def _as_text(content: bytes, encoding: str) -> str:
    text = content.decode(encoding)
    if match := _NO_TEXT.search(text):
        start = len(text[: match.start()].encode(encoding))
        raise UnicodeDecodeError(encoding, content, start, start + 1, "a control character")
    return text


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
