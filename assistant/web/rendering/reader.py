"""Document -> HTML: every word of it in order, each paragraph with its place, its objectives and its citation.

Pure functions of records; whatever comes from a document is escaped. This module knows nothing of the server or of the
page around the documents.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from assistant.documents import markdown_title
from assistant.records import Document, Paragraph, Passage, Source, Span, Tag, anchor_of
from assistant.web.rendering.cards import Context, language_attributes, render_badges, type_in_words
from assistant.web.rendering.citations import DOCUMENTS, cite, place_of
from assistant.web.rendering.markup import LINE_ENDS, is_web_address, link_attributes, render_words
from assistant.web.rendering.strings import Strings, direction_of

_REST = "closing words"  # the locator that passages give to words after the last paragraph
_UNFOLDED = 8  # headings; a longer list of contents would push the text out of sight
_LONG = 200  # paragraphs from which a browser lays out only what is near the window
_LINE = re.compile(rf"[^{LINE_ENDS}]+")
_BREAK = re.compile(rf"\s*[{LINE_ENDS}]\s*")
_INLINE_SPACE = " \t\u00a0"
# Where markup takes a closer look: a link, or a line that may open with the sign of a heading or an item.
_WITH_SIGNS = re.compile(rf"\[|https?://|(?:\A|[{LINE_ENDS}])\s*[-*•–#]", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\(?(\d+)[.)]")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every part of one document's sheet is written with."""

    document: Document
    context: Context
    marks: tuple[Span, ...]  # apart from each other, in order

    @property
    def language(self) -> str:
        return language_attributes(self.document.source)


@dataclass(frozen=True, slots=True)
class _Line:
    """Words between paragraphs; with an anchor where they are a heading."""

    start: int
    end: int
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph with its anchor, unique in its document, and the lines that stand above it."""

    above: tuple[_Line, ...]
    paragraph: Paragraph
    anchor: str


# The list ------------------------------------------------------------------------------------------------------------


def render_library(sources: Sequence[Source], context: Context) -> str:
    """List the documents: originals, digests, and last the links whose text isn't here."""
    ordered = sorted(sources, key=lambda source: ("original", "digest", "link").index(source.kind))
    items = "".join(f"<li>{_entry(source, context)}</li>" for source in ordered)
    label = escape(context.strings.text("documents.title"))
    return f'<nav class="library" aria-label="{label}"><ul class="library-list">{items}</ul></nav>'


def _entry(source: Source, context: Context) -> str:
    strings = context.strings
    kind = strings.text("link_only" if source.kind == "link" else source.kind)
    facts = " · ".join(filter(None, (type_in_words(source, strings), kind)))
    date = f" · {_in_its_language(source.date, source)}" if source.date else ""
    title = f'<bdi lang="{escape(source.language)}">{escape(source.title)}</bdi>'
    words = f'{title}<span class="library-facts">{escape(facts)}{date}</span>'
    if source.id in context.documents:
        place = f'href="{escape(_place_of_document(source))}" data-document="{escape(source.id)}"'
        return f'<a class="library-link" {place}>{words}</a>'
    if is_web_address(source.address):
        return f'<a class="library-link" {link_attributes(source.address)}>{words}</a>'
    return f'<span class="library-link">{words}</span>'


# The sheet -----------------------------------------------------------------------------------------------------------


def render_sheet(
    document: Document, passages: Iterable[Passage], context: Context, *, marks: Iterable[Span] = ()
) -> str:
    """Write one document in full.

    Args:
        passages: Its passages, whose objectives stand in the margin.
        marks: Spans of its text to mark; those outside it are left out.
    """
    sheet = _Sheet(document, context, _apart(marks, len(document.text)))
    parts = tuple(_parts(document))
    tags = _tags_by_locator(passages)
    body = "".join(_part(part, tags.get(part.paragraph.locator, ()), sheet) for part in parts)
    source, strings = document.source, context.strings
    classes = "reader" + (" is-digest" if source.kind == "digest" else "") + (" is-long" if len(parts) > _LONG else "")
    return (
        f'<article class="{classes}" aria-labelledby="reader-title" data-document="{escape(source.id)}">'
        f'<p class="reader-up"><a href="#{DOCUMENTS}">{escape(strings.text("documents.title"))}</a></p>'
        f'<h2 class="reader-title document-words" id="reader-title" tabindex="-1" {sheet.language}>'
        f"{escape(source.title)}</h2>{_notice(source, strings)}{_facts(source, strings)}{_contents(parts, sheet)}"
        f'<div class="paragraphs" dir="{direction_of(source.language)}">{body}</div></article>'
    )


def _notice(source: Source, strings: Strings) -> str:
    """Say of a digest what it is and where the original is."""
    if source.kind != "digest":
        return ""
    link = ""
    if is_web_address(source.address):
        link = f" <a {link_attributes(source.address)}>{escape(strings.text('open_original'))}</a>"
    said = escape(strings.sentence(strings.text("digest")))
    return f'<p class="reader-notice"><strong>{said}</strong>{link}</p>'


def _facts(source: Source, strings: Strings) -> str:
    code, key = source.language, f"written_in.{source.language}"
    written_in = strings.text(key if key in strings else "written_in.other", code=code)
    kind = strings.text("link_only" if source.kind == "link" else source.kind)
    address = escape(source.address)
    if is_web_address(source.address):
        address = f'<a dir="ltr" {link_attributes(source.address)}>{address}</a>'
    rows = (
        ("kind", escape(" · ".join(filter(None, (type_in_words(source, strings), kind, written_in))))),
        ("source", _in_its_language(source.publisher, source)),
        ("symbol", _in_its_language(source.symbol, source)),
        ("date", _in_its_language(source.date, source)),
        ("address", address),
    )
    html = "".join(f"<dt>{escape(strings.text(key))}</dt><dd>{value}</dd>" for key, value in rows if value)
    return f'<dl class="reader-facts">{html}</dl>'


def _contents(parts: Iterable[_Part], sheet: _Sheet) -> str:
    headings = [line for part in parts for line in part.above if line.anchor]
    if len(headings) < 2:
        return ""
    source, text, strings = sheet.document.source, sheet.document.text, sheet.context.strings
    items = "".join(
        f'<li><a href="{escape(place_of(source, line.anchor))}"><bdi {sheet.language}>'
        f"{escape(_bare(text[line.start : line.end]))}</bdi></a></li>"
        for line in headings
    )
    is_open = " open" if len(headings) <= _UNFOLDED else ""
    return (
        f'<details class="contents disclosure"{is_open}><summary>{escape(strings.text("contents"))}</summary>'
        f'<ol class="contents-list">{items}</ol></details>'
    )


# Parts ---------------------------------------------------------------------------------------------------------------


def _parts(document: Document) -> Iterator[_Part]:
    """The document in order: each of its words is in a paragraph or in a line above one."""
    paragraphs = _paragraphs(document)
    anchors = _Anchors()
    own = [anchors.give(paragraph.anchor) for paragraph in paragraphs]  # first, since citations lead to them
    end = 0
    for paragraph, anchor in zip(paragraphs, own, strict=True):
        lines = _lines(document.text, end, paragraph.start)
        heading = _heading(document.text, lines, paragraph.heading)
        if heading is None:
            above = lines
        else:
            first, last = heading
            title = _Line(lines[first].start, lines[last].end, anchors.give(anchor_of(paragraph.heading)))
            above = [*lines[:first], title, *lines[last + 1 :]]
        yield _Part(tuple(above), paragraph, anchor)
        end = paragraph.end


def _paragraphs(document: Document) -> list[Paragraph]:
    """Its paragraphs, with words left over after the last as one more."""
    end = document.paragraphs[-1].end if document.paragraphs else 0
    rest = document.text[end:].strip()
    if not rest:
        return list(document.paragraphs)
    start = document.text.index(rest, end)
    return [*document.paragraphs, Paragraph(_REST, "", start, start + len(rest))]


class _Anchors:
    """Gives each anchor once; what asks for one that is taken gets a number behind it."""

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


def _lines(text: str, start: int, end: int) -> list[_Line]:
    """The lines between two paragraphs, without the white space around them."""
    lines = []
    for match in _LINE.finditer(text, start, end):
        words = match[0].strip()
        if words:
            first = match.start() + match[0].index(words)
            lines.append(_Line(first, first + len(words)))
    return lines


def _heading(text: str, lines: Sequence[_Line], heading: str) -> tuple[int, int] | None:
    """The first and the last of the lines that make up the heading, if it stands among them; the last one wins."""
    wanted = _bare(heading)
    for last in range(len(lines) - 1, -1, -1):
        for first in range(last, -1, -1):
            said = _bare(text[lines[first].start : lines[last].end])
            if said == wanted:
                return first, last
            if len(said) > len(wanted):
                break
    return None


def _bare(heading: str) -> str:
    """A heading's words without the signs and the line breaks that it is written with."""
    return " ".join((markdown_title(heading) or heading).split())


def _part(part: _Part, tags: Sequence[Tag], sheet: _Sheet) -> str:
    above = "".join(_line(line, sheet) for line in part.above)
    paragraph, source = part.paragraph, sheet.document.source
    number = _shown_number(paragraph, sheet.document.text)
    shown = f'<span class="paragraph-number">{escape(number)}</span>' if number else ""
    keeps_lines = paragraph.locator.startswith(("opening", "closing"))
    words = _words(paragraph.start, paragraph.end, sheet, keeps_lines=keeps_lines)
    return (
        f'{above}<div class="paragraph" id="{escape(f"{source.id}--{part.anchor}")}" tabindex="-1">{shown}'
        f'<p class="document-words" {sheet.language}>{words}</p>{_margin(part, tags, sheet)}</div>'
    )


def _line(line: _Line, sheet: _Sheet) -> str:
    words = _words(line.start, line.end, sheet)
    if not line.anchor:
        return f'<p class="reader-between document-words" {sheet.language}>{words}</p>'
    id = escape(f"{sheet.document.id}--{line.anchor}")
    return f'<h3 class="reader-heading document-words" id="{id}" tabindex="-1" {sheet.language}>{words}</h3>'


def _shown_number(paragraph: Paragraph, text: str) -> str:
    """Where the paragraph stands, but for what its heading or its own first words say already."""
    under_heading = paragraph.locator.removeprefix(f"{paragraph.heading.rstrip(':')}, ")
    number = under_heading.removeprefix("para. ")
    own = _NUMBER.match(text, paragraph.start, paragraph.end)
    return "" if own and own[1] == number.rsplit(" ", 1)[-1] else number


def _margin(part: _Part, tags: Sequence[Tag], sheet: _Sheet) -> str:
    strings, source, locator = sheet.context.strings, sheet.document.source, part.paragraph.locator
    objectives = sheet.context.objectives
    tagged = [(objectives[tag.number], tag.basis, tag.confidence) for tag in tags if tag.number in objectives]
    which = f'<span class="visually-hidden" lang="{escape(source.language)}">, {escape(locator)}</span>'
    return (
        f'<div class="paragraph-margin">{render_badges(tagged, strings)}'
        f'<a class="text-action" href="{escape(place_of(source, part.anchor))}" data-share>'
        f"{escape(strings.text('paragraph_link'))}{which}</a>"
        f'<button type="button" class="text-action" data-copy="{escape(cite(source, locator, strings))}">'
        f"{escape(strings.text('copy_citation'))}{which}</button></div>"
    )


def _tags_by_locator(passages: Iterable[Passage]) -> Mapping[str, Sequence[Tag]]:
    """The objectives of each paragraph, one tag each: the stated ones by number, then the inferred, likeliest first."""
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


def _words(start: int, end: int, sheet: _Sheet, *, keeps_lines: bool = False) -> str:
    words = sheet.document.text[start:end]
    highlights = _inside(sheet.marks, start, end)
    # Most paragraphs of a long document are plain sentences; letter by letter they would take seconds.
    if not highlights and not keeps_lines and not _WITH_SIGNS.search(words):
        shown = escape(_BREAK.sub(" ", words.strip()))
        return f'<span class="words-line">{shown}</span>' if shown else ""
    return render_words(
        words,
        highlights=highlights,
        links=sheet.document.source.links,
        starts_line=_starts_line(sheet.document.text, start),
        keeps_lines=keeps_lines,
    )


def _starts_line(text: str, position: int) -> bool:
    while position and text[position - 1] in _INLINE_SPACE:
        position -= 1
    return position == 0 or text[position - 1] in LINE_ENDS


def _apart(marks: Iterable[Span], length: int) -> tuple[Span, ...]:
    """Spans inside a text of this length, in order and none over another."""
    apart: list[Span] = []
    for start, end in sorted((max(start, 0), min(end, length)) for start, end in marks):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        elif start < end:
            apart.append((start, end))
    return tuple(apart)


def _inside(marks: Sequence[Span], start: int, end: int) -> list[Span]:
    """What of the marks lies in a span, counted from its start."""
    inside = []
    for i in range(bisect_right(marks, start, key=lambda mark: mark[1]), len(marks)):
        if marks[i][0] >= end:
            break
        inside.append((max(marks[i][0], start) - start, min(marks[i][1], end) - start))
    return inside


# Facts ---------------------------------------------------------------------------------------------------------------


def _in_its_language(words: str, source: Source) -> str:
    return f'<bdi lang="{escape(source.language)}">{escape(words)}</bdi>' if words else ""


def _place_of_document(source: Source) -> str:
    return place_of(source, "").rstrip("/")
