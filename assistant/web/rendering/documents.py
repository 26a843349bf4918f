"""A document as HTML, in full: every word in order, each paragraph with its place."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from assistant.collation import PieceKind, compare_versions, earlier_versions, pieces_between
from assistant.documents import markdown_title
from assistant.records import Change, Document, Paragraph, Passage, Span, Tag, anchor_of
from assistant.web.rendering.document_words import LINE_ENDS, read_lines, render_lines
from assistant.web.rendering.passages import Context, keeps_lines
from assistant.web.rendering.templates import render

_REST = "closing words"  # the locator that passages give to words after the last paragraph
_LONG = 200  # paragraphs from which a browser lays out only what is near the window
_LINE = re.compile(rf"[^{LINE_ENDS}]+")
_BREAK = re.compile(rf"(?<!\s)\s*[{LINE_ENDS}]\s*")
_INLINE_SPACE = " \t\u00a0"
# Where Markdown is looked for: a link, or a line that may open with the sign of a heading or an item.
_WITH_SIGNS = re.compile(rf"\[|https?://|(?:\A|(?<=[{LINE_ENDS}]))[^\S{LINE_ENDS}]*[-*•–#]", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\(?(\d+)[.)]")


@dataclass(frozen=True, slots=True)
class _Line:
    """Words between paragraphs; a heading has an anchor and a title, without the signs that it is written with."""

    words: Markup
    anchor: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph as it is shown, with the lines above it.

    Attributes:
        anchor: Unique in the document.
        number: Where it stands, as far as its heading and its own words don't say so.
    """

    above: tuple[_Line, ...]
    words: Markup
    anchor: str
    number: str
    locator: str
    tags: Sequence[Tag]


def render_document(
    document: Document, passages: Iterable[Passage], context: Context, *, marks: Iterable[Span] = ()
) -> str:
    """Write one document in full.

    Args:
        passages: Its passages, whose objectives stand in the margin.
        marks: Spans of its text to mark; those outside it are left out.
    """
    words = _Words(document, _separated(marks, len(document.text)))
    parts = tuple(_parts(document, _tags_by_locator(passages), words))
    return render(
        "documents/document.html",
        source=document.source,
        context=context,
        parts=parts,
        contents=[line for part in parts for line in part.above if line.anchor],
        is_long=len(parts) > _LONG,
        versions=[_Version(each, document) for each in _earlier(document, context)],
    )


class _Version:
    """An earlier version of a document, and what changed since, paragraph by paragraph."""

    def __init__(self, before: Document, after: Document) -> None:
        self.source = before.source
        self._texts = before.text, after.text
        changes = compare_versions(before, after)
        self.same = sum(each.kind == "same" for each in changes)
        self.moved = [
            (each.before, each.after)
            for each in changes
            if each.kind == "same" and each.before and each.after and each.before.locator != each.after.locator
        ]
        self.changes = [each for each in changes if each.kind != "same"]

    def pieces(self, change: Change) -> list[tuple[PieceKind, str, str]]:
        """Return the words of both sides of a change, as they are the same or differ."""
        sides = zip(self._texts, (change.before, change.after), strict=True)
        return pieces_between(*(text[each.start : each.end] if each else "" for text, each in sides))


def _earlier(document: Document, context: Context) -> list[Document]:
    """Return the version that a document follows, if any."""
    known = context.documents
    earlier = earlier_versions(document.source, [each.source for each in known.values()])
    return [known[each.id] for each in earlier[:1] if each.id in known]


# Parts ---------------------------------------------------------------------------------------------------------------


def _parts(document: Document, tags: Mapping[str, Sequence[Tag]], words: "_Words") -> Iterator[_Part]:
    """Yield the document in order: each of its words is in a paragraph or in a line above one."""
    paragraphs = _paragraphs(document)
    anchors = _Anchors()
    own = [anchors.give(paragraph.anchor) for paragraph in paragraphs]  # first, since citations lead to them
    end = 0
    for paragraph, anchor in zip(paragraphs, own, strict=True):
        lines = _lines(document.text, end, paragraph.start)
        end = paragraph.end
        yield _Part(
            above=tuple(_above(lines, paragraph, anchors, words)),
            words=words.between(paragraph.start, end, keeps_lines=keeps_lines(paragraph.locator)),
            anchor=anchor,
            number=_shown_number(paragraph, document.text),
            locator=paragraph.locator,
            tags=tags.get(paragraph.locator, ()),
        )


def _paragraphs(document: Document) -> list[Paragraph]:
    """Return its paragraphs, with words left over after the last as one more."""
    end = document.paragraphs[-1].end if document.paragraphs else 0
    rest = document.text[end:].strip()
    if not rest:
        return list(document.paragraphs)
    start = document.text.index(rest, end)
    return [*document.paragraphs, Paragraph(_REST, "", start, start + len(rest))]


class _Anchors:
    """Unique anchors: one that is asked for again gets a number behind it."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}

    def give(self, wanted: str) -> str:
        anchor = wanted
        while anchor in self._taken:
            self._counts[wanted] = self._counts.get(wanted, 1) + 1
            anchor = f"{wanted}-{self._counts[wanted]}"
        self._taken.add(anchor)
        return anchor


def _lines(text: str, start: int, end: int) -> list[Span]:
    """Return the lines between two paragraphs, without the white space around them."""
    lines = []
    for match in _LINE.finditer(text, start, end):
        words = match[0].strip()
        if words:
            first = match.start() + match[0].index(words)
            lines.append((first, first + len(words)))
    return lines


def _above(lines: Sequence[Span], paragraph: Paragraph, anchors: _Anchors, words: "_Words") -> Iterator[_Line]:
    """Yield the lines above a paragraph, those of its heading as one."""
    heading = _heading(words.text, lines, paragraph.heading)
    for i, (start, end) in enumerate(lines):
        if heading is None or not heading[0] <= i <= heading[1]:
            yield _Line(words.between(start, end))
        elif i == heading[0]:
            last = lines[heading[1]][1]
            anchor = anchors.give(anchor_of(paragraph.heading))
            yield _Line(words.between(start, last), anchor, _bare(words.text[start:last]))


def _heading(text: str, lines: Sequence[Span], heading: str) -> Span | None:
    """Return the first and the last of the lines that make up the heading; the last place where it stands wins."""
    wanted = _bare(heading)
    for last in range(len(lines) - 1, -1, -1):
        for first in range(last, -1, -1):
            found = _bare(text[lines[first][0] : lines[last][1]])
            if found == wanted:
                return first, last
            if len(found) > len(wanted):
                break
    return None


def _bare(heading: str) -> str:
    """Return a heading's words without the signs and the line breaks that it is written with."""
    return " ".join((markdown_title(heading) or heading).split())


def _shown_number(paragraph: Paragraph, text: str) -> str:
    """Return where the paragraph stands, as far as its heading and its own first words don't say so."""
    under_heading = paragraph.locator.removeprefix(f"{paragraph.heading.rstrip(':')}, ")
    number = under_heading.removeprefix("para. ")
    own = _NUMBER.match(text, paragraph.start, paragraph.end)
    return "" if own and own[1] == number.rsplit(" ", 1)[-1] else number


def _tags_by_locator(passages: Iterable[Passage]) -> Mapping[str, Sequence[Tag]]:
    """Return each paragraph's objectives, each once: stated ones by number, then inferred ones, likeliest first."""
    found: dict[str, dict[int, Tag]] = {}
    for passage in passages:
        best = found.setdefault(passage.locator, {})
        for tag in passage.tags:
            if tag.number not in best or _rank(tag) < _rank(best[tag.number]):
                best[tag.number] = tag
    return {locator: sorted(tags.values(), key=_rank) for locator, tags in found.items()}


def _rank(tag: Tag) -> tuple[bool, float, int]:
    return tag.basis != "stated", 0.0 if tag.basis == "stated" else -tag.confidence, tag.number


# Words ---------------------------------------------------------------------------------------------------------------


class _Words:
    """A document's words as HTML."""

    def __init__(self, document: Document, marks: Sequence[Span]) -> None:
        """Take the spans to mark, separated and in order."""
        self.text = document.text
        self._links = document.source.links
        self._marks = marks

    def between(self, start: int, end: int, *, keeps_lines: bool = False) -> Markup:
        words = self.text[start:end]
        highlights = _inside(self._marks, start, end)
        # Most paragraphs of a long document are plain sentences; letter by letter they would take seconds.
        if not highlights and not keeps_lines and not _WITH_SIGNS.search(words):
            shown = escape(_BREAK.sub(" ", words.strip()))
            return Markup(f'<span class="words-line">{shown}</span>' if shown else "")  # noqa: S704 - it is escaped
        lines = read_lines(
            words,
            highlights=highlights,
            links=self._links,
            starts_line=_starts_line(self.text, start),
            keeps_lines=keeps_lines,
        )
        return render_lines(lines)


def _starts_line(text: str, position: int) -> bool:
    while position and text[position - 1] in _INLINE_SPACE:
        position -= 1
    return position == 0 or text[position - 1] in LINE_ENDS


def _separated(marks: Iterable[Span], length: int) -> tuple[Span, ...]:
    """Return the spans inside a text of this length, in order; those that touch become one."""
    separated: list[Span] = []
    for start, end in sorted((max(start, 0), min(end, length)) for start, end in marks):
        if separated and start <= separated[-1][1]:
            separated[-1] = (separated[-1][0], max(end, separated[-1][1]))
        elif start < end:
            separated.append((start, end))
    return tuple(separated)


def _inside(marks: Sequence[Span], start: int, end: int) -> list[Span]:
    """Return what of the marks lies in a span, counted from its start."""
    inside = []
    for i in range(bisect_right(marks, start, key=lambda mark: mark[1]), len(marks)):
        if marks[i][0] >= end:
            break
        inside.append((max(marks[i][0], start) - start, min(marks[i][1], end) - start))
    return inside
