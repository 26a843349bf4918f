"""Find what stands in quotation marks: of every kind, in every language's way of opening and closing them."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from assistant.records import Span

# What closes each mark; a mark that closes in one language opens in another.
_CLOSING = {
    "“": "”“",
    "„": '“”„"',
    "‟": "”",
    "”": "”“",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    '"': '"',
    "＂": "＂",
    "״": "״",
    "「": "」",
    "『": "』",
    "﹁": "﹂",
    "〝": "〞〟",
    "‘": "’",
    "‚": "‘’",
    "‛": "’",
    "'": "'",
    "＇": "＇",
}
_MARKS = frozenset(_CLOSING).union(*_CLOSING.values())
_NESTING = frozenset("“«‹「『„")
_SINGLE = frozenset("‘‚‛'＇")  # their closing mark is an apostrophe, too
_DOUBLED = {
    "``": "“ ",
    "''": " ”",
    "<<": "« ",
    ">>": " »",
}  # as typed without such keys; as long as what they stand for
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*|\f|\n(?=\s*(?:[-*•]|\(?\w{1,3}[.)])\s)|(?<=[.!?:;。！？”»\"'’)])[^\S\n]*\n")
_SPACES = re.compile(r"\s*+")
_SPACE = " \t\n\u00a0\u202f\u2009"
_PREFIXES = "وفبلكוהבלכמש"  # words of one letter that Arabic and Hebrew write together with the next
_MOST_ENDS = 6  # apostrophes that might close a quotation
_LONGEST = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch in quotation marks, without them.

    Attributes:
        ends: Where it may end, nearest first: what closes it may be an apostrophe.
    """

    start: int
    ends: tuple[int, ...]


def paragraph_spans(text: str) -> list[Span]:
    """Split a draft into paragraphs: at blank lines, at items, and at lines that end with a sentence."""
    spans, start = [], 0
    for cut in [*(match.span() for match in _PARAGRAPH.finditer(text)), (len(text), len(text))]:
        words = text[start : cut[0]]
        if words.strip():
            first = start + len(words) - len(words.lstrip())
            spans.append((first, first + len(words.strip())))
        start = cut[1]
    return spans


def marked_in(text: str) -> list[Marked]:
    """Return what stands in quotation marks, in order; inside another only the outermost counts.

    >>> [("say “it” and «this»")[each.start : each.ends[0]] for each in marked_in("say “it” and «this»")]
    ['it', 'this']
    """
    for doubled, marks in _DOUBLED.items():
        text = text.replace(doubled, marks)
    return [each for start, end in _blocks(text) for each in _Block(text, start, end).marked()]


def _blocks(text: str) -> Iterator[Span]:
    """Yield the stretches between blank lines; no quotation goes beyond one, but where each begins with a mark."""
    start = 0
    for match in re.finditer(r"\n[^\S\n]*\n|\Z", text):
        yield start, match.start()
        start = match.end()


class _Block:
    """A stretch between blank lines; the places of its marks are listed once, since each mark looks for its end."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._quotations = cache(self._list_quotations)
        self._apostrophes = cache(self._list_apostrophes)
        self._closing = cache(self._list_closing)
        self._partners = cache(self._list_partners)

    def marked(self) -> Iterator[Marked]:
        text, at = self._text, self._start
        first = _after_spaces(text, at)
        while at < self._end:
            if text[at] not in _CLOSING or not self._opens(at):
                at += 1
                continue
            ends = self._ends(at)
            if not ends and at == first and text[at] not in _SINGLE and self._goes_on(at):
                ends = [self._end]
            found = _trimmed(text, at + 1, ends)
            if found:
                yield found
            at = ends[0] + 1 if found else at + 1

    def _opens(self, at: int) -> bool:
        text, start, end = self._text, self._start, self._end
        mark, before = text[at], text[at - 1] if at > start else " "
        if before in _PREFIXES and (at - 2 < start or text[at - 2] in _SPACE):
            before = " "
        after = text[at + 1] if at + 1 < end else " "
        if mark in "「『﹁〝«“„‹":
            return True
        return (not before.isalnum() and before not in ".,;!?" and after not in _SPACE) or (
            mark in "»›״＂" and not before.isalnum() and before in _SPACE
        )

    def _ends(self, at: int) -> Sequence[int]:
        mark, end = self._text[at], min(self._end, at + _LONGEST)
        if mark in _SINGLE:
            ends = self._apostrophes(mark)
            # Another quotation, of any kind, begins behind the end of this one; unless it stands inside it.
            other = _next(self._quotations(""), at + 2, end) or end
            same = _next(self._quotations(mark), at + 2, end) or end
            return _between(ends, at + 2, other) or _between(ends, at + 2, same)
        found = [
            self._balanced(at, end, closing)
            if mark in _NESTING and closing != mark
            else _next(self._closing(closing), at + 1, end)
            for closing in _CLOSING[mark]
        ]
        return [min(filter(None, found))] if any(found) else []

    def _balanced(self, at: int, end: int, closing: str) -> int:
        """Return where what a mark opens is closed, past others inside it; else the first closing mark; 0 for none."""
        partner = self._partners(self._text[at], closing).get(at, end)
        return partner if partner < end else max(self._text.find(closing, at + 1, end), 0)

    def _goes_on(self, at: int) -> bool:
        """Return whether the next paragraph begins with a mark, too: a quotation of several, closed after the last."""
        following = _after_spaces(self._text, self._end)
        return self._text[following : following + 1] == self._text[at]

    # Places of marks, in order ------------------------------------------------------------------------------------

    @cached_property
    def _marks(self) -> list[int]:
        return [i for i in range(self._start, self._end) if self._text[i] in _MARKS]

    def _list_quotations(self, mark: str) -> list[int]:
        """Return where quotations begin behind a space, with a mark or, without one, with any."""
        marks, text = mark or _CLOSING, self._text
        return [i for i in self._marks if text[i] in marks and text[i - 1] in _SPACE + "("]

    def _list_apostrophes(self, mark: str) -> list[int]:
        """Return where an apostrophe may close a mark: at a word's end, with neither a word nor the mark behind it."""
        text, end = self._text, self._end
        return [
            i
            for i in self._marks
            if text[i] in _CLOSING[mark]
            and text[i - 1] not in _SPACE
            and not (i + 1 < end and (text[i + 1].isalnum() or text[i + 1] == mark))
        ]

    def _list_closing(self, mark: str) -> list[int]:
        """Return where a mark that opens and closes alike closes: a word's end before it, and no word behind it."""
        text, end = self._text, self._end
        return [
            i
            for i in self._marks
            if text[i] == mark and text[i - 1] not in _SPACE + "([" and (i + 1 >= end or not text[i + 1].isalnum())
        ]

    def _list_partners(self, mark: str, closing: str) -> dict[int, int]:
        """Return where each mark of a kind is closed, where as many are closed as are opened."""
        partners: dict[int, int] = {}
        opened: list[int] = []
        for i in self._marks:
            if self._text[i] == mark:
                opened.append(i)
            elif self._text[i] == closing and opened:
                partners[opened.pop()] = i
        return partners


def _next(places: Sequence[int], first: int, end: int) -> int:
    """Return the first of some places that isn't before one and is before another; 0 for none."""
    at = bisect_left(places, first)
    return places[at] if at < len(places) and places[at] < end else 0


def _between(places: Sequence[int], first: int, end: int) -> Sequence[int]:
    """Return the first few of some places from one up to another."""
    at = bisect_left(places, first)
    return places[at : min(bisect_left(places, end), at + _MOST_ENDS)]


def _after_spaces(text: str, at: int) -> int:
    match = _SPACES.match(text, at)
    return match.end() if match else at


def _trimmed(text: str, start: int, ends: Sequence[int]) -> Marked | None:
    kept = []
    for end in ends:
        words = text[start:end].rstrip(_SPACE)
        if any(character.isalnum() for character in words):
            kept.append(start + len(words))
    if not kept:
        return None
    return Marked(start + len(text[start : kept[0]]) - len(text[start : kept[0]].lstrip(_SPACE)), tuple(kept))
