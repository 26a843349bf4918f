"""Numbers and dates that stand beside a quotation in its sentence, held against its document."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from assistant.language import places_in, sentence_spans
from assistant.records import Document, Figure, Quotation, Span

_MONTH = r"[^\W\d_]{3,12}\.?"
_OF = r"(?:\s+(?:de|del|of))?"
# A date in words in either order, an ISO date, a number; the signs of money and percent belong to what is compared.
_FIGURE = re.compile(
    rf"(?<![\w/])(?:\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?{_OF}\s+{_MONTH}{_OF},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}"
    r"|\d{4}-\d\d-\d\d|\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d+(?:[.,\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?![\w/])",
)
_FAR = 400  # characters on either side of a quotation; what stands farther off isn't beside it
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)*(?: \(\w+\))*")  # "23 (f)" in "para. 23 (f)"


class Taken:
    """The places of all quotations of a draft."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans)
        self._longest = max((end - start for start, end in self._spans), default=0)

    def overlap(self, span: Span) -> bool:
        """Return whether one of them has a letter in common with a span."""
        since, upto = (bisect_left(self._spans, (at,)) for at in (span[0] - self._longest, span[1]))
        return any(end > span[0] for _, end in self._spans[since:upto])


def figures_beside(
    quotation: Quotation, draft: str, paragraph: Span, taken: Taken, document: Document
) -> Iterator[Figure]:
    """Yield the numbers and dates of a quotation's sentence that stand outside all quotations.

    Args:
        paragraph: Of the draft, in which it stands.
        taken: The places of the draft's quotations.
    """
    start, end = _sentence(draft, paragraph, quotation)
    source = document.source
    cited = f"{source.title} {source.symbol} {source.date}"
    named: list[Span] = []
    for place in places_in(draft[start:end]):
        span = start + place.span[0], start + place.span[1]
        if place.locators and not taken.overlap(span):
            named.append(span)
            is_there = any(_is_at(quotation.locator, each) for each in place.locators)
            yield Figure(draft[slice(*span)], *span, is_there=is_there)
    for match in _FIGURE.finditer(draft, start, end):
        if not taken.overlap(match.span()) and not _overlaps(match.span(), named):
            said = f" {_spaced(match[0])} "
            is_there = said in f" {_spaced(quotation.source)} " or said in _known(document.text, cited)
            yield Figure(match[0], *match.span(), is_there=is_there)


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _is_at(locator: str, named: str) -> bool:
    """Return whether a quotation from a place comes from the one named, by its number, whatever the number counts.

    >>> _is_at("para. 23 (f)", "para. 23"), _is_at("Guiding question 3", "question 3"), _is_at("para. 23", "para. 2")
    (True, True, False)
    """
    number = _NUMBER.search(named)
    return number is None or any(
        found.startswith(number[0]) and not found.removeprefix(number[0])[:1].isalnum()
        for found in _NUMBER.findall(locator.lower())
    )


def _sentence(draft: str, paragraph: Span, quotation: Quotation) -> Span:
    """Return the sentence around a quotation; what the quotation itself ends isn't the end of it."""
    first, last = max(paragraph[0], quotation.start - _FAR), min(paragraph[1], quotation.end + _FAR)
    while first > paragraph[0] and not draft[first - 1].isspace():
        first -= 1
    while last < paragraph[1] and not draft[last].isspace():
        last += 1
    inside = draft[quotation.start : quotation.end]
    hidden = draft[first : quotation.start] + "x" * len(inside) + draft[quotation.end : last]
    at = quotation.start - first
    for start, end in sentence_spans(hidden):
        if start <= at < end:
            return first + start, min(first + end, last)
    return first, last


@lru_cache(maxsize=32)
def _known(text: str, cited: str) -> str:
    """Return what a figure may come from: a document's text, title, symbol and date, as they are compared."""
    return f" {_spaced(text)} {_spaced(cited)} "


def _spaced(text: str) -> str:
    joined = re.sub(r"(?<=\d)[,.\u00a0\u202f ](?=\d{3}(?!\d))", "", text)
    return " ".join(re.findall(r"\w+", joined.casefold()))
