"""The documents of a corpus a page at a time: all of them, or those that hold what was typed in a search."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.records import Source

_LONGEST = 200  # characters of a search that are read


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of the documents that were searched for.

    Attributes:
        sources: Of this page.
        found: Documents on all pages.
        find: What was typed; empty for all documents.
        number: Of this page, from 1.
        size: Documents of a page at the most.
        alike: The ids of those that another document's title, symbol and date fit as well.
    """

    sources: Sequence[Source]
    found: int
    find: str
    number: int
    size: int
    alike: frozenset[str]

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.found // self.size))

    @property
    def first_shown(self) -> int:
        """The place of this page's first document among all that were found, from 1."""
        return (self.number - 1) * self.size + 1


def page_of(sources: Iterable[Source], *, size: int, find: str = "", number: int = 1) -> DocumentPage:
    """Return a page of the documents whose title, symbol, date, publisher or id holds each of the words.

    Args:
        number: Of the page, from 1; beyond the last one it is the last.
    """
    everything = list(sources)
    names = Counter(map(_name, everything))
    words = _plain(find[:_LONGEST]).split()
    found = [source for source in everything if _holds(source, words)]
    number = max(1, min(number, -(-len(found) // size)))
    shown = found[(number - 1) * size : number * size]
    alike = frozenset(source.id for source in shown if names[_name(source)] > 1)
    return DocumentPage(shown, len(found), find[:_LONGEST], number, size, alike)


def number_in(text: str) -> int:
    """Read the number of a page from an address; the first where it is none.

    >>> number_in("12"), number_in("-1"), number_in("²")
    (12, 1, 1)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _holds(source: Source, words: Sequence[str]) -> bool:
    if not words:
        return True
    own = _plain(" ".join((source.title, source.symbol, source.date, source.publisher, source.id)))
    return all(word in own for word in words)


def _name(source: Source) -> tuple[str, str, str]:
    return source.title.casefold(), source.symbol, source.date


def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each))
