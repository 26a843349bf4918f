"""Find what stands in quotation marks: of every kind, in every language's way of opening and closing them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
_NESTING = frozenset("“«‹「『„")
_SINGLE = frozenset("‘‚‛'＇")  # their closing mark is an apostrophe, too
_DOUBLED = {
    "``": "“ ",
    "''": " ”",
    "<<": "« ",
    ">>": " »",
}  # as typed without such keys; as long as what they stand for
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*|\f|\n(?=\s*(?:[-*•]|\(?\w{1,3}[.)])\s)|(?<=[.!?:;。！？”»\"'’)])[^\S\n]*\n")
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
    return [each for start, end in _blocks(text) for each in _marked(text, start, end)]


def _blocks(text: str) -> Iterator[Span]:
    """Yield the stretches between blank lines; no quotation goes beyond one, but where each begins with a mark."""
    start = 0
    for match in re.finditer(r"\n[^\S\n]*\n|\Z", text):
        yield start, match.start()
        start = match.end()


def _marked(text: str, start: int, end: int) -> Iterator[Marked]:
    at = start
    while at < end:
        if text[at] not in _CLOSING or not _opens(text, at, start, end):
            at += 1
            continue
        ends = _ends(text, at, end)
        if not ends and not text[start:at].strip() and text[at] not in _SINGLE and _goes_on(text, at, end):
            ends = [end]
        found = _trimmed(text, at + 1, ends)
        if found:
            yield found
        at = ends[0] + 1 if found else at + 1


def _opens(text: str, at: int, start: int, end: int) -> bool:
    mark, before = text[at], text[at - 1] if at > start else " "
    if before in _PREFIXES and (at - 2 < start or text[at - 2] in _SPACE):
        before = " "
    after = text[at + 1] if at + 1 < end else " "
    if mark in "「『﹁〝«“„‹":
        return True
    return (not before.isalnum() and before not in ".,;!?" and after not in _SPACE) or (
        mark in "»›״＂" and not before.isalnum() and before in _SPACE
    )


def _ends(text: str, at: int, end: int) -> list[int]:
    mark = text[at]
    end = min(end, at + _LONGEST)
    if mark in _SINGLE:
        ends = [
            i
            for i in range(at + 2, end)
            if text[i] in _CLOSING[mark]
            and text[i - 1] not in _SPACE
            and not (i + 1 < end and (text[i + 1].isalnum() or text[i + 1] == mark))
        ]
        # Another quotation, of any kind, begins behind the end of this one; unless it stands inside it.
        others = [i for i in range(at + 2, end) if text[i] in _CLOSING and text[i - 1] in _SPACE + "("]
        before_others = [i for i in ends if not others or i < others[0]]
        same = next((i for i in others if text[i] == mark), end)
        return (before_others or [i for i in ends if i < same])[:_MOST_ENDS]
    found = [
        _balanced(text, at, end, mark, closing)
        if mark in _NESTING and closing != mark
        else next((i for i in range(at + 1, end) if text[i] == closing and _closes(text, i, end)), 0)
        for closing in _CLOSING[mark]
    ]
    return [min(filter(None, found))] if any(found) else []


def _closes(text: str, i: int, end: int) -> bool:
    """Return whether a mark that opens and closes alike closes: a word's end before it, and no word behind it."""
    return text[i - 1] not in _SPACE + "([" and (i + 1 >= end or not text[i + 1].isalnum())


def _balanced(text: str, at: int, end: int, mark: str, closing: str) -> int:
    depth, first = 1, 0
    for i in range(at + 1, end):
        if text[i] == closing:
            first = first or i
            depth -= 1
            if not depth:
                return i
        elif text[i] == mark:
            depth += 1
    return first


def _goes_on(text: str, at: int, end: int) -> bool:
    """Return whether the next paragraph begins with a mark, too: a quotation of several, closed after the last."""
    return text[end:].lstrip()[:1] == text[at]


def _trimmed(text: str, start: int, ends: list[int]) -> Marked | None:
    kept = []
    for end in ends:
        words = text[start:end].rstrip(_SPACE)
        if any(character.isalnum() for character in words):
            kept.append(start + len(words))
    if not kept:
        return None
    return Marked(start + len(text[start : kept[0]]) - len(text[start : kept[0]].lstrip(_SPACE)), tuple(kept))
