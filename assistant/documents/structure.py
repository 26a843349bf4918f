"""Plain text, or text whose format is known -> paragraphs, each with the locator that a person would cite.

What it understands: headings, numbered paragraphs, lettered items and their sub-items, lists, tables, footnotes, pages,
annexes whose numbers begin again, and a document's opening lines. It knows nothing of files, passages or objectives,
and it changes no character: a paragraph is a span of text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.documents.lines import ANNEX, TERMINAL, Line, Stretch, are_numbered, lines_of
from assistant.language import sentence_spans, word_count
from assistant.records import Paragraph

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
# Under such a heading the numbers count its items, not the document's paragraphs: "Guiding question 3".
_COUNTED = re.compile(r"(?:question|recommendation|message|principle|tenet|step|conclusion|proposal)s\Z", re.IGNORECASE)

_LABEL_WORDS = 8  # a longer heading is too long to cite by: "section 3" instead
_LEAD_WORDS = 40
_LEAD_CHARACTERS = 1000  # more than so many words have


def paragraphs_of(text: str, stretches: Sequence[Stretch] = ()) -> tuple[Paragraph, ...]:
    """Find the paragraphs of a text, in order, with unique locators.

    Headings aren't paragraphs: they lie in the gaps between them. Every other word is in exactly one paragraph.

    Args:
        text: The text.
        stretches: What its format knows of it, in order; where there are any, they hold all its words.
    """
    return tuple(_unique(list(_located(lines_of(text, stretches)))))


# Locators ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Place:
    """Where the walk through the lines has come to."""

    heading: str = ""
    section: int = 0
    page: int = 0  # 0 where the format has no pages
    annex: str = ""
    has_numbers: bool = False  # the document's paragraphs are numbered
    number: str = ""  # the current numbered paragraph's locator
    letter: str = ""
    sub_item: str = ""
    plain: int = 0  # unnumbered paragraphs on this page, in this section, or since the last number
    items: int = 0
    table: str = ""
    rows: int = 0
    header: str = ""  # the first row of the table
    lead: str = ""  # introduces lettered items
    letter_lead: str = ""  # introduces sub-items
    is_list: bool = False  # most lines of this section are no sentences

    def enter_annex(self, name: str) -> None:
        """Begin an annex; it is part of the citation unless the document's numbers only begin in it."""
        self.annex = f"{name}, " if self.number or self.annex else ""
        self.number = ""

    def turn_to(self, page: int) -> None:
        """Come to a page; what has no number of its own is counted from its top."""
        if page != self.page and not self.has_numbers:
            self.plain = self.items = 0
        self.page = page

    def cited(self, label: str) -> str:
        """A label on this page; without pages, as it is in the first section, under the heading in later ones."""
        if self.page:
            return f"p. {self.page}, {label}"
        if self.section <= 1:
            return label
        named = word_count(self.heading) <= _LABEL_WORDS and self.heading
        return f"{self.heading.rstrip(':')}, {label}" if named else f"section {self.section}, {label}"


def _located(lines: list[Line]) -> Iterator[Paragraph]:
    place = _Place(has_numbers=are_numbered(lines))
    sections = _sections(lines)
    yield from _grouped([line for line in lines if line.kind == "opening"], "opening")
    for i, line in enumerate(lines):
        if line.page:
            place.turn_to(line.page)
        if line.kind == "heading":
            _enter(place, line, sections[i])
        elif line.kind in _LOCATORS:
            place.section = place.section or 1
            lead = _lead_for(place, line)
            locator = _LOCATORS[line.kind](place, line)
            yield Paragraph(locator, place.heading, line.start, line.end, lead)
    yield from _grouped([line for line in lines if line.kind == "closing"], "closing")
    yield from (Paragraph(line.mark, "", line.start, line.end) for line in lines if line.kind == "note")


def _sections(lines: list[Line]) -> dict[int, list[Line]]:
    """What stands under each heading, up to the next one."""
    sections: dict[int, list[Line]] = {}
    section: list[Line] = []
    for i, line in enumerate(lines):
        if line.kind == "heading":
            section = sections[i] = []
        else:
            section.append(line)
    return sections


def _grouped(lines: list[Line], label: str) -> Iterator[Paragraph]:
    """Group opening or closing lines, parting a list (three or more that begin alike) from what stands above it."""
    firsts = [line.text.split()[0] for line in lines]
    counts = Counter(firsts)
    alike = [word if counts[word] >= 3 else "" for word in firsts]
    first = 0
    while first < len(lines):
        last = first
        while last + 1 < len(lines) and alike[last + 1] == alike[first]:
            last += 1
        locator = f"{label} line {first + 1}" if first == last else f"{label} lines {first + 1}–{last + 1}"
        yield Paragraph(locator, "", lines[first].start, lines[last].end)
        first = last + 1


def _enter(place: _Place, line: Line, section: list[Line]) -> None:
    if match := ANNEX.match(line.mark):
        place.enter_annex(" ".join(part for part in (match["name"].lower(), match["number"]) if part))
    place.heading = line.mark
    if section:
        place.section += 1
    plain = [below for below in section if below.kind == "plain"]
    place.is_list = len(plain) > 1 and sum(not TERMINAL.search(below.text) for below in plain) * 2 > len(plain)
    place.letter = place.sub_item = place.lead = place.letter_lead = ""
    if not place.has_numbers:
        place.number = ""
    if place.page and not place.has_numbers:
        return  # the page's counts go on
    place.items = 0
    if not place.has_numbers:
        place.plain = 0


def _lead_for(place: _Place, line: Line) -> str:
    if line.kind == "lettered":
        return place.letter_lead if _is_sub_item(place, line.mark) else place.lead
    if line.kind == "row":
        return place.header if place.table == line.mark else ""
    return place.lead if line.kind == "bullet" else ""


def _introduces(line: Line) -> str:
    """The sentence that ends in a colon and so introduces what follows, if it is short enough to repeat."""
    if not line.text.endswith(":"):
        return ""
    tail = line.text[-_LEAD_CHARACTERS:]
    start, end = sentence_spans(tail)[-1]
    if start == 0 and len(tail) < len(line.text):
        return ""
    sentence = tail[start:end]
    return " ".join(sentence.split()) if word_count(sentence) <= _LEAD_WORDS else ""


def _number_locator(place: _Place, line: Line) -> str:
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


def _letter_locator(place: _Place, line: Line) -> str:
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


def _bullet_locator(place: _Place, _: Line) -> str:
    place.items += 1
    label = f"item {place.items}"
    return f"{place.number}, {label}" if place.number else place.cited(label)


def _plain_locator(place: _Place, line: Line) -> str:
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


def _row_locator(place: _Place, line: Line) -> str:
    if line.mark != place.table:
        place.table, place.rows = line.mark, 0
        place.header = line.text if word_count(line.text) <= _LEAD_WORDS else ""
    place.rows += 1
    return f"{line.mark}, row {place.rows}"


_LOCATORS = {
    "numbered": _number_locator,
    "lettered": _letter_locator,
    "bullet": _bullet_locator,
    "plain": _plain_locator,
    "row": _row_locator,
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
