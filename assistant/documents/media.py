"""A file's name, type and end -> of which kind it should be, and whether it is whole; a page -> its links.

Kinds are those of `formats.sniffing`, which tells them by a file's beginning. This module knows nothing of networks or
of the corpus.
"""

from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

MediaKind: TypeAlias = Literal["pdf", "html", "zip", "text"]

TAIL = 4096  # bytes at the end in which a whole file has its end mark
_KINDS: dict[str, MediaKind] = {
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".docx": "zip",
    ".txt": "text",
    ".md": "text",
}
_TYPES: dict[MediaKind, frozenset[str]] = {
    "pdf": frozenset({"application/pdf", "application/x-pdf"}),
    "html": frozenset({"text/html", "application/xhtml+xml"}),
    "zip": frozenset({"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/zip"}),
    "text": frozenset({"text/plain", "text/markdown"}),
}
# A server that says so says nothing of the kind; the bytes decide.
_ANY = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_ENDS: dict[MediaKind, bytes] = {"pdf": b"%%EOF", "html": b"</html", "zip": b"PK\x05\x06"}


def kind_of_name(name: str) -> MediaKind | None:
    """Say which kind a file's name promises; None for one that isn't known."""
    return _KINDS.get(PurePosixPath(name).suffix.lower())


def fits_type(kind: MediaKind, content_type: str) -> bool:
    """Whether a server that names this Content-Type may mean a file of the kind."""
    name = content_type.partition(";")[0].strip().lower()
    return name in _TYPES[kind] or name in _ANY


def is_whole(kind: MediaKind, tail: bytes, *, is_length_known: bool) -> bool:
    """Whether a file that ends so is whole.

    Args:
        tail: Its last bytes.
        is_length_known: Whether as many bytes came as were announced; a page then needs no end mark.
    """
    mark = _ENDS.get(kind)
    return mark is None or (kind == "html" and is_length_known) or mark in tail[-TAIL:].replace(b"</HTML", b"</html")


def links_of(page: bytes) -> tuple[str, ...]:
    """Return the targets of a web page's links, each once, in order."""
    finder = _LinkFinder()
    finder.feed(page.decode("utf-8", "replace"))
    finder.close()
    return tuple(dict.fromkeys(finder.targets))


class _LinkFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        target = dict(attrs).get("href") if tag == "a" else None
        if target and target.strip():
            self.targets.append(target.strip())
