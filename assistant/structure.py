"""Plain text or simple Markdown -> paragraphs, each with the locator that a person would cite.

What it understands: headings, paragraphs (on one line each, or wrapped) and those broken by a page break, numbered
paragraphs, lettered items and their sub-items, lists, annexes whose numbers begin again, and a document's opening
lines. It knows nothing of files, passages or objectives, and it changes no character: a paragraph is a span of text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.records import Paragraph, Span
from assistant.sentences import sentence_spans, word_count

_LINE = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]+")
_BLANK_LINE = re.compile(r"(?:\r\n|[\n\r\v\x85\u2028\u2029])[^\S\n\r]*(?:\r\n|[\n\r\v\x85\u2028\u2029])|\f")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(?P<title>.*?)\s*#*\Z")
_NUMBERED = re.compile(r"(?P<number>\d{1,3})[.)]\s+\S")
_LETTERED = re.compile(r"\((?P<letter>[a-z]{1,2}|[ivx]{1,5})\)\s+\S")
_BULLET = re.compile(r"[-*•–]\s+\S")
_ANNEX = re.compile(r"(?P<name>Annex|Appendix)(?:\s+(?P<number>[IVX]+|\d+))?\Z")
# Opens a resolution; the preambular paragraphs are counted from the line after it.
_ORGAN = re.compile(r"The (?:General Assembly|Security Council|Economic and Social Council|Human Rights Council),?\Z")
_TERMINAL = re.compile(r"[.?!…:;,][”’\"')\]»]*\Z")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
# Under such a heading the numbers count its items, not the document's paragraphs: "Guiding question 3".
_COUNTED = re.compile(r"(?:question|recommendation|message|principle|tenet|step|conclusion|proposal)s\Z", re.IGNORECASE)

_HEADING_WORDS = 12  # a longer line is a heading only where all paragraphs are numbered
_LONG_HEADING_WORDS = 25
_LABEL_WORDS = 8  # a longer heading is too long to cite by: "section 3" instead
_PROSE_WORDS = 12  # a line of so many words that ends like a sentence is running text
_WRAPPED = range(40, 121)  # characters of a line that an editor wrapped
_WRAPPED_SHARE = 0.9
_LEAD_WORDS = 40


@dataclass(frozen=True, slots=True)
class _Line:
    """A logical line: a paragraph, an item or a heading, wherever the file breaks it."""

    start: int
    end: int
    text: str
    kind: str = "plain"  # plain | numbered | lettered | bullet | heading | organ | opening | closing
    mark: str = ""  # the number, the letter, or the heading's words


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Find the paragraphs of a text, in order, with unique locators.

    Headings aren't paragraphs: they lie in the gaps between them. Every other word is in exactly one paragraph.
    """
    lines = [_classified(line) for line in _logical_lines(text)]
    lines = _repaired(lines, text)
    lines = _with_headings(lines)
    return tuple(_unique(list(_located(lines))))


# Lines ---------------------------------------------------------------------------------------------------------------


def _logical_lines(text: str) -> list[_Line]:
    spans = [span for match in _LINE.finditer(text) if (span := _stripped(text, match.span())) is not None]
    if _is_wrapped(text, spans):
        spans = _unwrapped(text, spans)
    return [_Line(start, end, text[start:end]) for start, end in spans]


def _stripped(text: str, span: Span) -> Span | None:
    piece = text[slice(*span)]
    if not re.search(r"\w", piece):
        return None  # a rule or an ornament: no words to cite
    start = span[0] + len(piece) - len(piece.lstrip())
    return start, span[0] + len(piece.rstrip())


def _same_block(text: str, first: Span, second: Span) -> bool:
    return not _BLANK_LINE.search(text, first[1], second[0])


def _is_wrapped(text: str, spans: list[Span]) -> bool:
    """Whether an editor broke the lines at a column, so that only blank lines and marks part paragraphs."""
    inner = [first[1] - first[0] for first, second in pairwise(spans) if _same_block(text, first, second)]
    if len(inner) < 4 or max(inner) >= _WRAPPED.stop:
        return False
    return sum(length in _WRAPPED for length in inner) >= _WRAPPED_SHARE * len(inner)


def _unwrapped(text: str, spans: list[Span]) -> list[Span]:
    joined = spans[:1]
    for span in spans[1:]:
        line = _classified(_Line(*span, text[slice(*span)]))
        previous = _classified(_Line(*joined[-1], text[slice(*joined[-1])]))
        starts_anew = line.kind != "plain" or previous.kind == "heading" or not _same_block(text, joined[-1], span)
        joined = [*joined, span] if starts_anew else [*joined[:-1], (joined[-1][0], span[1])]
    return joined


def _classified(line: _Line) -> _Line:
    if _ORGAN.match(line.text):
        return replace(line, kind="organ")
    if match := _MARKDOWN_HEADING.match(line.text):
        return replace(line, kind="heading", mark=match["title"])
    if match := _NUMBERED.match(line.text):
        return replace(line, kind="numbered", mark=match["number"])
    if match := _LETTERED.match(line.text):
        return replace(line, kind="lettered", mark=match["letter"])
    if _BULLET.match(line.text):
        return replace(line, kind="bullet")
    return line


def _repaired(lines: list[_Line], text: str) -> list[_Line]:
    """Join a paragraph that a page break interrupts in mid-sentence: "child-sensitive and" / "gender-specific …"."""
    repaired = lines[:1]
    for line in lines[1:]:
        before = repaired[-1]
        broken = (
            line.kind == "plain"
            and line.text[0].islower()
            and before.kind != "heading"
            and word_count(before.text) >= _PROSE_WORDS
            and (not _TERMINAL.search(before.text) or before.text.endswith(","))
        )
        if broken:
            repaired[-1] = replace(before, end=line.end, text=text[before.start : line.end])
        else:
            repaired.append(line)
    return repaired


# Headings and opening lines ------------------------------------------------------------------------------------------


def _with_headings(lines: list[_Line]) -> list[_Line]:
    numbered = _is_numbered(lines)
    longest = _LONG_HEADING_WORDS if numbered else _HEADING_WORDS
    last_content = max((i for i, line in enumerate(lines) if _is_content(line)), default=-1)
    marked = [
        replace(line, kind="heading", mark=line.text) if i < last_content and _is_heading(line, longest) else line
        for i, line in enumerate(lines)
    ]
    return _with_opening(marked)


def _is_content(line: _Line) -> bool:
    return line.kind in ("numbered", "lettered", "bullet") or (
        line.kind == "plain" and bool(_TERMINAL.search(line.text))
    )


def _is_heading(line: _Line, longest: int) -> bool:
    return (
        line.kind == "plain"
        and not _TERMINAL.search(line.text)
        and "](" not in line.text
        and not line.text[0].islower()
        and line.text[0] not in "|>`"
        and word_count(line.text) <= longest
    )


def _with_opening(lines: list[_Line]) -> list[_Line]:
    """Tell the title, date and the like above the first running text, and a signature below the last, from headings."""
    first = next((i for i, line in enumerate(lines) if not _is_bare(line)), len(lines))
    if first >= 2 and first < len(lines):
        heading = lines[first - 1].kind == "heading"
        opening = lines[: first - 1 if heading else first]
        lines = [replace(line, kind="opening") for line in opening] + lines[len(opening) :]
    if not _is_numbered(lines):
        return lines
    last = next(i for i in range(len(lines) - 1, -1, -1) if not _is_bare(lines[i]))
    return lines[: last + 1] + [replace(line, kind="closing") for line in lines[last + 1 :]]


def _is_bare(line: _Line) -> bool:
    """Whether this could be part of a title page: no sentence, no item, no marked heading."""
    return (
        line.kind in ("plain", "heading")
        and not line.text.startswith("#")
        and not _TERMINAL.search(line.text)
        and "](" not in line.text
        and word_count(line.text) <= _LONG_HEADING_WORDS
    )


def _is_numbered(lines: list[_Line]) -> bool:
    """Whether numbers count the document's paragraphs, and not the items of one of its lists."""
    numbered = sum(line.kind == "numbered" for line in lines)
    prose = sum(line.kind == "plain" and word_count(line.text) >= _PROSE_WORDS for line in lines)
    return numbered >= 3 and numbered > prose


# Locators ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Place:
    """Where the walk through the lines has come to."""

    heading: str = ""
    section: int = 0
    annex: str = ""
    has_numbers: bool = False  # the document's paragraphs are numbered
    number: str = ""  # the current numbered paragraph's locator
    letter: str = ""
    sub_item: str = ""
    plain: int = 0  # unnumbered paragraphs in this section, or since the last number
    items: int = 0
    lead: str = ""  # introduces lettered items
    letter_lead: str = ""  # introduces sub-items
    is_list: bool = False  # most lines of this section are no sentences

    def enter_annex(self, name: str) -> None:
        """Begin an annex; it is part of the citation unless the document's numbers only begin in it."""
        self.annex = f"{name}, " if self.number or self.annex else ""
        self.number = ""

    def cited(self, label: str) -> str:
        """A label within this section: as it is in the first one, under the heading's name in the later ones."""
        if self.section <= 1:
            return label
        named = word_count(self.heading) <= _LABEL_WORDS and self.heading
        return f"{self.heading.rstrip(':')}, {label}" if named else f"section {self.section}, {label}"


def _located(lines: list[_Line]) -> Iterator[Paragraph]:
    place = _Place(has_numbers=_is_numbered(lines))
    yield from _grouped([line for line in lines if line.kind == "opening"], "opening")
    for i, line in enumerate(lines):
        if line.kind == "heading":
            _enter(place, line, lines[i + 1 :])
        elif line.kind in _LOCATORS:
            place.section = place.section or 1
            lead = _lead_for(place, line)
            locator = _LOCATORS[line.kind](place, line)
            yield Paragraph(locator, place.heading, line.start, line.end, lead)
    yield from _grouped([line for line in lines if line.kind == "closing"], "closing")


def _grouped(lines: list[_Line], label: str) -> Iterator[Paragraph]:
    """Group opening or closing lines, parting a list (three or more that begin alike) from what stands above it."""
    first = 0
    while first < len(lines):
        alike = _alike(lines, first)
        last = first
        while last + 1 < len(lines) and _alike(lines, last + 1) == alike:
            last += 1
        locator = f"{label} line {first + 1}" if first == last else f"{label} lines {first + 1}–{last + 1}"
        yield Paragraph(locator, "", lines[first].start, lines[last].end)
        first = last + 1


def _alike(lines: list[_Line], at: int) -> str:
    """The first word that this line shares with at least two others, else nothing."""
    words = [line.text.split()[0] for line in lines]
    return words[at] if words.count(words[at]) >= 3 else ""


def _enter(place: _Place, line: _Line, following: list[_Line]) -> None:
    if match := _ANNEX.match(line.mark):
        place.enter_annex(" ".join(part for part in (match["name"].lower(), match["number"]) if part))
    place.heading = line.mark
    section = []
    for below in following:
        if below.kind == "heading":
            break
        section.append(below)
    if section:
        place.section += 1
    plain = [below for below in section if below.kind == "plain"]
    place.is_list = len(plain) > 1 and sum(not _TERMINAL.search(below.text) for below in plain) * 2 > len(plain)
    place.letter = place.sub_item = place.lead = place.letter_lead = ""
    place.items = 0
    if not place.has_numbers:
        place.plain, place.number = 0, ""


def _lead_for(place: _Place, line: _Line) -> str:
    if line.kind == "lettered":
        return place.letter_lead if _is_sub_item(place, line.mark) else place.lead
    return place.lead if line.kind == "bullet" else ""


def _introduces(line: _Line) -> str:
    """The sentence that ends in a colon and so introduces what follows, if it is short enough to repeat."""
    if not line.text.endswith(":"):
        return ""
    start, end = sentence_spans(line.text)[-1]
    sentence = line.text[start:end]
    return " ".join(sentence.split()) if word_count(sentence) <= _LEAD_WORDS else ""


def _number_locator(place: _Place, line: _Line) -> str:
    place.letter = place.sub_item = place.letter_lead = ""
    place.plain = 0
    place.lead = _introduces(line)
    if place.has_numbers:
        place.number = f"{place.annex}para. {line.mark}"
    elif _COUNTED.search(place.heading) and word_count(place.heading) <= _LABEL_WORDS:
        place.number = f"{place.heading[:-1]} {line.mark}"
    else:
        place.number = place.cited(f"item {line.mark}")
    return place.number


def _letter_locator(place: _Place, line: _Line) -> str:
    if _is_sub_item(place, line.mark):
        place.sub_item = line.mark
        return f"{_item_parent(place)}({place.letter}) ({line.mark})"
    place.letter, place.sub_item = line.mark, ""
    place.letter_lead = _introduces(line)
    return f"{_item_parent(place)}({line.mark})"


def _item_parent(place: _Place) -> str:
    return f"{place.number} " if place.number else place.cited("")


def _is_sub_item(place: _Place, mark: str) -> bool:
    """Whether "(i)" or "(v)" counts items under a lettered one, and isn't the letter that follows "(h)" or "(u)"."""
    if not place.letter or mark not in _ROMAN:
        return False
    if place.sub_item:
        return _ROMAN.index(mark) == _ROMAN.index(place.sub_item) + 1
    return mark == "i" and not (place.letter == "h" and not place.letter_lead)


def _bullet_locator(place: _Place, _: _Line) -> str:
    place.items += 1
    label = f"item {place.items}"
    return f"{place.number}, {label}" if place.number else place.cited(label)


def _plain_locator(place: _Place, line: _Line) -> str:
    place.lead = _introduces(line)
    place.letter = place.sub_item = ""
    if place.is_list and not place.number:
        return _bullet_locator(place, line)
    place.plain += 1
    if not place.has_numbers:
        return place.cited(f"para. {place.plain}")
    if place.number:
        return f"{place.number}, subpara. {place.plain + 1}"
    return f"{place.annex}preambular para. {place.plain}"


_LOCATORS = {
    "numbered": _number_locator,
    "lettered": _letter_locator,
    "bullet": _bullet_locator,
    "plain": _plain_locator,
}


def _unique(paragraphs: list[Paragraph]) -> Iterator[Paragraph]:
    """Tell apart locators that the document itself gives twice, or that make the same anchor: "para. 3 [2]"."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for paragraph in paragraphs:
        told_apart = paragraph
        while told_apart.anchor in taken:
            count = counts[paragraph.anchor] = counts.get(paragraph.anchor, 1) + 1
            told_apart = replace(paragraph, locator=f"{paragraph.locator} [{count}]")
        taken.add(told_apart.anchor)
        yield told_apart
