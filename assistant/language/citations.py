"""The documents that a question names: by symbol, by number, or by the name behind a place.

"A/HRC/RES/59/25", "resolution 59/25", "Article 33 of the 1951 Convention".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.language.places import places_in
from assistant.language.words import is_content, words_of
from assistant.memory import remembered
from assistant.records import Source, Span

SYMBOL = re.compile(
    r"(?<![0-9A-Za-z/])[A-Z][A-Z0-9]{0,11}(?:/[A-Z0-9][\w.-]{0,30}(?:\([\w ]{1,20}\))?){0,6}"
    r"/[\w.-]{0,30}?\d(?:[\w-]|\.(?=\w))*(?: ?\([IVXLC\d]+\)| \(Part [IVX]+\))?"
)
_TYPED_SYMBOL = re.compile(SYMBOL.pattern, re.IGNORECASE)
# The number of a resolution or a decision, as all languages write it; a noun before it makes sure.
_NUMBER = re.compile(
    r"(?P<noun>\b(?:r[eé]soluci[oó]n|r[eé]solution|res\.|d[eé]cision|decisi[oó]n|резолюци\w+|решени\w+)\s+)?"
    r"(?:(?<![0-9A-Za-z/])(?P<number>(?:[A-Z]{1,2}-)?\d{1,4}/\d{1,4})(?![0-9A-Za-z/])"
    r"|(?(noun)(?P<old>\d{1,4}(?:\s?\(\w+\))?)(?!\w)|(?!)))",
    re.IGNORECASE,
)
_OF = re.compile(r"[,\s]+(?:(?:of|in|to|under|from)\s+)?(?:the\s+)?")  # between a place and its document
# "of the Charter of the United Nations", "of the 1951 Convention": capitals and the small words between them.
_NAME = re.compile(
    r"[,\s]+(?:of|in|to|under|from)\s+(?:the\s+)?"
    r"(?P<name>(?:\d{4}\s+)?[A-Z][\w’'-]*"
    r"(?:\s+(?:(?:of|on|for|to|and|in|the|relating|against)\s+){0,3}(?:[A-Z][\w’'-]*+(?!/)|\d{4}))*|[\w’'-]+)"
)
_MIN_LETTERS = 4  # of a word in small letters that may name a document


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document that a question names."""

    name: str
    span: Span
    is_symbol: bool
    is_certain: bool  # nothing else can be meant: it has a symbol, or a name with capitals

    def fits(self, source: Source) -> bool:
        """Return whether a document is called so."""
        if self.is_symbol:
            # A text may belong to two organs: "A/79/614–S/2024/840".
            return any(_fits_symbol(_bare(self.name), _bare(symbol)) for symbol in source.symbol.split("–"))
        called = {*words_of(source.title), *words_of(source.symbol), *words_of(source.date)}
        # A year tells nothing of a document whose date isn't known.
        words = [word for word in words_of(self.name) if is_content(word) and (source.date or not word.isdecimal())]
        return bool(words) and called.issuperset(words)


def _bare(symbol: str) -> str:
    return re.sub(r"\s", "", symbol).upper()


def _fits_symbol(name: str, symbol: str) -> bool:
    """Return whether a symbol is the one named, or ends with the number that is named: "59/25", "1325"."""
    number = symbol.rpartition("/RES/")[2] or symbol
    return bool(symbol) and (name in (symbol, number) or number.startswith(f"{name}("))


@remembered
def documents_in(question: str) -> tuple[CitedDocument, ...]:
    """Return the documents that a question names, in no particular order.

    >>> [document.name for document in documents_in("Article 33 of the 1951 Convention and A/RES/73/195")]
    ['A/RES/73/195', '1951 Convention']
    """
    return tuple(_found(question))


def _found(question: str) -> Iterator[CitedDocument]:
    shown = bytearray(len(question))  # whether a symbol or a number covers a character
    place_ends = [place.span[1] for place in places_in(question) if place.locators]
    for pattern in (_TYPED_SYMBOL, _NUMBER):
        for match in pattern.finditer(question):
            start, end = match.span()
            if not any(shown[start:end]):
                shown[start:end] = b"\1" * (end - start)
                noun, *numbers = match.groups() if pattern is _NUMBER else (match[0], match[0])
                name = next(filter(None, numbers))
                is_certain = bool(noun) or any(_OF.fullmatch(question, place_end, start) for place_end in place_ends)
                yield CitedDocument(name, match.span(), is_symbol=True, is_certain=is_certain)
    for place in places_in(question):
        named = _NAME.match(question, place.span[1]) if place.locators else None
        if named and not shown[named.start("name")]:
            name, is_capital = named["name"], not named["name"].islower()
            if is_capital or len(name) >= _MIN_LETTERS:
                yield CitedDocument(name, named.span("name"), is_symbol=False, is_certain=is_capital)


def without_documents(question: str) -> str:
    """Return a question without the documents that it names for certain."""
    pieces, at = [], 0
    for document in sorted(documents_in(question), key=lambda each: each.span):
        start, end = document.span
        if document.is_certain and start >= at:
            pieces += [question[at:start], " "]
            at = end
    return "".join([*pieces, question[at:]])
