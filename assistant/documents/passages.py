"""Passages: a document cut along its headings, paragraphs, sentences and clauses.

A passage has at most `MAX_WORDS` words, never reaches over the end of a paragraph, and opens with the headings right
above its paragraph, so that every word of a document is in at least one passage; but what a digest says of itself is in
none, since it answers nothing.
"""

import re
from collections.abc import Iterable
from itertools import groupby, pairwise

from assistant.language import CLAUSE_LEVELS, WORD, clause_spans, reading_length, sentence_spans
from assistant.records import Document, Paragraph, Passage, Span

MAX_WORDS = 120
_SPACE = re.compile(r"\s*")
_OF_ITSELF = re.compile(r"\bthis\s+digest\b", re.IGNORECASE)  # a sentence in which a digest speaks of itself
# A name of several words, by its head ("Organization") and what goes before and after: "Islamic", "for Food Security".
_FULL_NAME = re.compile(
    r"(?<![\w-])(?:[A-Z][a-z]+ ){0,5}(?P<head>[A-Z][a-z]{3,})"
    r"(?: (?:(?:of|for|on)(?: the)?|in) [A-Z][a-z]+(?: [A-Z][a-z]+){0,4}){0,4}"
)
# What a text calls it from then on: "the Organization".
_SHORT_NAME = re.compile(r"\bthe ([A-Z][a-z]{3,})\b(?!-| (?:(?:of|for|on)\b|[A-Z]))")


def split_document(document: Document, *, max_words: int = MAX_WORDS) -> tuple[Passage, ...]:
    """Cut a document into passages, in order.

    A paragraph over `max_words` is cut into parts of about equal length: between sentences if possible, else after a
    semicolon, a colon or a comma, and only then between words.
    """
    passages: list[Passage] = []
    names = _Names()
    names.take(document.source.title)
    for paragraph, opening in _with_openings(document):
        body = _first_word(document.text, paragraph.start)
        parts = _parts(document.text, opening, paragraph, max_words)
        for start, end in (span for part in parts for span in _of_its_subject(document, part, body)):
            text = document.text[start:end]
            passages.append(
                Passage(
                    source=document.source,
                    number=len(passages) + 1,
                    heading=paragraph.heading,
                    locator=paragraph.locator,
                    text=text,
                    start=start,
                    end=end,
                    body=min(max(body - start, 0), end - start),
                    lead=" ".join(part for part in (paragraph.lead, *names.meant_in(text)) if part),
                )
            )
            names.take(text)
    return tuple(passages)


class _Names:
    """The full names that a text has given so far, by their heads; the first one of each counts."""

    def __init__(self) -> None:
        self._full: dict[str, str] = {}

    def take(self, text: str) -> None:
        """Learn the names in a text, and those inside of names: "the Statute of the Islamic Organization"."""
        at = 0
        while match := _FULL_NAME.search(text, at):
            name = match[0].removeprefix("The ")
            if " " in name:
                self._full.setdefault(match["head"], name)
            at = match.end("head")

    def meant_in(self, text: str) -> list[str]:
        """Return the full names of what a text names by their heads alone."""
        meant = dict.fromkeys(self._full.get(short, "") for short in _SHORT_NAME.findall(text))
        return [name for name in meant if name and name not in text]

    def in_full(self, text: str) -> str:
        """Return a text with full names for short ones."""
        return _SHORT_NAME.sub(lambda short: f"the {self._full.get(short[1], short[1])}", text)


def context_of(passage: Passage) -> str:
    """Return the words by which a passage is found: its own, after its heading and the words that introduce it."""
    own = passage.text[passage.body :]
    return " ".join(" ".join(part for part in (passage.heading, passage.lead, own) if part).split())


def sentence_in_full(passage: Passage, sentence: str) -> str:
    """Return the words by which a sentence of a passage is found: "the Organization" by its full name."""
    names = _Names()
    names.take(passage.lead)
    return names.in_full(sentence) if passage.lead else sentence


def _with_openings(document: Document) -> Iterable[tuple[Paragraph, int]]:
    """Pair each paragraph with the offset at which the headings above it begin; words below the last make one more."""
    end_before = 0
    for paragraph in document.paragraphs:
        yield paragraph, _first_word(document.text, end_before)
        end_before = paragraph.end
    rest = document.text[end_before:].strip()
    if any(character.isalnum() for character in rest):
        start = document.text.index(rest, end_before)
        yield Paragraph("closing words", "", start, start + len(rest)), start


def _of_its_subject(document: Document, span: Span, body: int) -> list[Span]:
    """Return the stretches of a span that aren't a digest's words on itself; the span as it is of any other document.

    Args:
        body: Where the paragraph begins, after its headings.
    """
    start, end = span
    if document.source.kind != "digest" or not _OF_ITSELF.search(document.text, start, end):
        return [span]
    sentences = [(start + first, start + last) for first, last in sentence_spans(document.text[start:end])]
    runs = groupby(sentences, key=lambda each: bool(_OF_ITSELF.search(document.text, *each)))
    kept = [list(run) for is_of_itself, run in runs if not is_of_itself]
    return [(run[0][0], run[-1][1]) for run in kept if run[-1][1] > body]  # headings alone say nothing


def _first_word(text: str, start: int) -> int:
    space = _SPACE.match(text, start)
    return space.end() if space else start


def _parts(text: str, opening: int, paragraph: Paragraph, max_words: int) -> list[Span]:
    """Return spans of at most `max_words` words that cover the paragraph and the headings above it."""
    if reading_length(text[opening : paragraph.end]) <= max_words:
        return [(opening, paragraph.end)]
    pieces = _pieces(text, (paragraph.start, paragraph.end), max_words)
    if opening < paragraph.start:
        headings = opening, opening + len(text[opening : paragraph.start].rstrip())
        pieces = _pieces(text, headings, max_words) + pieces
    return _packed(text, pieces, max_words)


def _pieces(text: str, span: Span, max_words: int) -> list[Span]:
    """Cut a span into sentences, those that are too long into clauses, and these into runs of words."""
    start, end = span
    pieces = [(start + first, start + last) for first, last in sentence_spans(text[start:end])]
    for level in range(CLAUSE_LEVELS):
        pieces = [part for piece in pieces for part in _clauses(text, piece, max_words, level)]
    return [part for piece in pieces for part in _word_runs(text, piece, max_words)]


def _clauses(text: str, span: Span, max_words: int, level: int) -> list[Span]:
    """Cut a span that is too long into the clauses of a level."""
    start, end = span
    if reading_length(text[start:end]) <= max_words:
        return [span]
    return [(start + first, start + last) for first, last in clause_spans(text[start:end], level=level)]


def _word_runs(text: str, span: Span, max_words: int) -> list[Span]:
    """Cut a span that is too long between words."""
    start, end = span
    words = [match.span() for match in WORD.finditer(text, start, end)]
    if len(words) <= max_words:
        return [span]
    parts = (words[first : first + max_words] for first in range(0, len(words), max_words))
    return [(part[0][0], part[-1][1]) for part in parts]


def _packed(text: str, pieces: list[Span], max_words: int) -> list[Span]:
    """Join neighbouring pieces into parts that are as even as their ends allow."""
    counts = [reading_length(text[start:end]) for start, end in pieces]
    target = sum(counts) / -(-sum(counts) // max_words)
    cuts = [0]
    filled = 0
    for i, count in enumerate(counts):
        over = filled + count > max_words
        # End the part here if that brings it nearer to the target than taking the piece too.
        enough = filled > 0 and filled + count - target > target - filled
        if over or enough:
            cuts.append(i)
            filled = 0
        filled += count
    cuts.append(len(pieces))
    return [(pieces[first][0], pieces[last - 1][1]) for first, last in pairwise(cuts) if last > first]
