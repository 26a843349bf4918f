"""Numbers and dates that stand beside a quotation in its sentence, held against its document."""

import re
from collections.abc import Iterator, Sequence
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
_APART = re.compile(r"[\s\u00a0\u202f,.]+")


def figures_beside(
    quotation: Quotation, draft: str, paragraph: Span, taken: Sequence[Span], document: Document
) -> Iterator[Figure]:
    """Yield the numbers and dates of a quotation's sentence that stand outside all quotations.

    Args:
        paragraph: Of the draft, in which it stands.
        taken: The places of all quotations of the draft.
    """
    start, end = _sentence(draft, paragraph, quotation)
    source = document.source
    cited = f"{source.title} {source.symbol} {source.date}"
    covered = list(taken)
    for place in places_in(draft[start:end]):
        span = start + place.span[0], start + place.span[1]
        if place.locators and not _overlaps(span, taken):
            covered.append(span)
            is_there = any(_is_at(quotation.locator, each) for each in place.locators)
            yield Figure(draft[slice(*span)], *span, is_there=is_there)
    for match in _FIGURE.finditer(draft, start, end):
        if not _overlaps(match.span(), covered):
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
    number = re.search(r"[\d.]*\d(?: \(\w+\))*", named)
    return number is None or bool(re.search(rf"(?<![\w.]){re.escape(number[0])}(?![\w])", locator.lower()))


def _sentence(draft: str, paragraph: Span, quotation: Quotation) -> Span:
    """Return the sentence around a quotation; what the quotation itself ends isn't the end of it."""
    first, last = paragraph
    inside = draft[quotation.start : quotation.end]
    hidden = draft[first : quotation.start] + "x" * len(inside) + draft[quotation.end : last]
    at = quotation.start - first
    for start, end in sentence_spans(hidden):
        if start <= at < end:
            return first + start, min(first + end, len(draft))
    return paragraph


@lru_cache(maxsize=32)
def _known(text: str, cited: str) -> str:
    """Return what a figure may come from: a document's text, title, symbol and date, as they are compared."""
    return f" {_spaced(text)} {_spaced(cited)} "


def _spaced(text: str) -> str:
    joined = re.sub(r"(?<=\d)[,.\u00a0\u202f ](?=\d{3}(?!\d))", "", text)
    return " ".join(re.findall(r"\w+", joined.casefold()))
