"""Structure: the paragraphs of a text, each with the locator by which a person would cite it.

Understood are headings, numbered paragraphs, lettered items and their sub-items, lists, tables, footnotes, pages,
annexes whose numbers begin again, and a document's opening and closing lines. No character is changed: a paragraph is a
span of the text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from assistant.documents.lines import ANNEX, TERMINAL, Line, Stretch, are_numbered, lines_of
from assistant.language import sentence_spans, word_count
from assistant.records import Paragraph

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
# Under such a heading the numbers count its items, not the document's paragraphs: "Guiding question 3".
_COUNTED = re.compile(r"(?:question|recommendation|message|principle|tenet|step|conclusion|proposal)s\Z", re.IGNORECASE)

_LABEL_WORDS = 8  # a longer heading is too long to cite by: "section 3" instead
_LEAD_WORDS = 40  # a longer introduction or header isn't repeated before each item or row
_LEAD_CHARACTERS = 1000  # more than so many words have
_ALIKE = 3  # opening lines that begin with the same word make a list


def paragraphs_of(text: str, stretches: Sequence[Stretch] = ()) -> tuple[Paragraph, ...]:
    """Find the paragraphs of a text, in order, with unique locators.

    Headings aren't paragraphs: they lie in the gaps between them. Every other word is in exactly one paragraph. If
    stretches are given, they hold all words of the text, in order.
    """
    return tuple(_unique(_located(lines_of(text, stretches))))


@dataclass(slots=True)
class _Section:
    """The text under one heading."""

    heading: str = ""
    number: int = 0
    is_list: bool = False  # most of its lines are no sentences


@dataclass(slots=True)
class _Items:
    """The lettered items under a paragraph, "(a)", and their sub-items, "(i)"."""

    lead: str = ""  # the words that introduce the items
    letter: str = ""
    letter_lead: str = ""  # the words that introduce the sub-items
    sub_item: str = ""

    def is_sub_item(self, mark: str) -> bool:
        """Return whether "(i)" or "(v)" is a sub-item, and not the letter that follows "(h)" or "(u)"."""
        if not self.letter or mark not in _ROMAN:
            return False
        if self.sub_item:
            return _ROMAN.index(mark) == _ROMAN.index(self.sub_item) + 1
        return mark == "i" and not (self.letter == "h" and not self.letter_lead)


@dataclass(slots=True)
class _Table:
    """The table whose rows are being counted."""

    name: str = ""
    header: str = ""  # its first row
    rows: int = 0


@dataclass(slots=True)
class _Place:
    """The place in a document that the walk through its lines has reached."""

    has_numbers: bool  # the document's paragraphs are numbered
    page: int = 0  # 0 if the format has no pages
    annex: str = ""
    section: _Section = field(default_factory=_Section)
    number: str = ""  # the locator of the current numbered paragraph
    items: _Items = field(default_factory=_Items)
    plain: int = 0  # unnumbered paragraphs on this page, in this section, or since the last number
    bullets: int = 0
    table: _Table = field(default_factory=_Table)

    def turn_to(self, page: int) -> None:
        """Go to a page; what has no number of its own is counted from its top."""
        if page != self.page and not self.has_numbers:
            self.plain = self.bullets = 0
        self.page = page

    def enter_section(self, heading: str, lines: Sequence[Line]) -> None:
        """Go to the section under a heading."""
        if match := ANNEX.match(heading):
            self._enter_annex(" ".join(part for part in (match["name"].lower(), match["number"]) if part))
        plain = [line for line in lines if line.kind == "plain"]
        is_list = len(plain) > 1 and sum(not TERMINAL.search(line.text) for line in plain) * 2 > len(plain)
        self.section = _Section(heading, self.section.number + bool(lines), is_list)
        self.items = _Items()
        if self.has_numbers:
            self.bullets = 0
        else:
            self.number = ""
            if not self.page:
                self.plain = self.bullets = 0

    def _enter_annex(self, name: str) -> None:
        # An annex is part of the citation unless the document's numbers only begin in it.
        self.annex = f"{name}, " if self.number or self.annex else ""
        self.number = ""

    def paragraph(self, line: Line) -> Paragraph:
        """Return the paragraph that a line makes."""
        self.section.number = self.section.number or 1
        lead = self._lead(line)
        return Paragraph(self._locator(line), self.section.heading, line.start, line.end, lead)

    def _lead(self, line: Line) -> str:
        """Return the words that introduce an item or a row."""
        if line.kind == "lettered":
            return self.items.letter_lead if self.items.is_sub_item(line.mark) else self.items.lead
        if line.kind == "row":
            return self.table.header if self.table.name == line.mark else ""
        return self.items.lead if line.kind == "bullet" else ""

    def _locator(self, line: Line) -> str:
        match line.kind:
            case "numbered":
                return self._number_locator(line)
            case "lettered":
                return self._letter_locator(line)
            case "row":
                return self._row_locator(line)
            case "bullet":
                return self._bullet_locator()
            case _:
                return self._plain_locator(line)

    def _number_locator(self, line: Line) -> str:
        self.items = _Items(lead=_introduction(line))
        self.plain = 0
        heading = self.section.heading
        if self.has_numbers:
            self.number = f"{self.annex}para. {line.mark}"
        elif _COUNTED.search(heading) and word_count(heading) <= _LABEL_WORDS:
            self.number = f"{heading[:-1]} {line.mark}"
        else:
            self.number = self._cited(f"item {line.mark}")
        return self.number

    def _letter_locator(self, line: Line) -> str:
        above = f"{self.number} " if self.number else self._cited("")
        if self.items.is_sub_item(line.mark):
            self.items.sub_item = line.mark
            return f"{above}({self.items.letter}) ({line.mark})"
        self.items = _Items(self.items.lead, line.mark, _introduction(line))
        return f"{above}({line.mark})"

    def _bullet_locator(self) -> str:
        self.bullets += 1
        label = f"item {self.bullets}"
        return f"{self.number}, {label}" if self.number else self._cited(label)

    def _plain_locator(self, line: Line) -> str:
        self.items = _Items(lead=_introduction(line))
        if self.section.is_list and not self.number:
            return self._bullet_locator()
        self.plain += 1
        if not self.has_numbers:
            return self._cited(f"para. {self.plain}")
        if self.number:
            return f"{self.number}, subpara. {self.plain + 1}"
        return f"{self.annex}preambular para. {self.plain}"

    def _row_locator(self, line: Line) -> str:
        if line.mark != self.table.name:
            self.table = _Table(line.mark, line.text if word_count(line.text) <= _LEAD_WORDS else "")
        self.table.rows += 1
        return f"{line.mark}, row {self.table.rows}"

    def _cited(self, label: str) -> str:
        """Return a label with its page; without pages, with its heading, but for the first section."""
        if self.page:
            return f"p. {self.page}, {label}"
        heading = self.section.heading
        if self.section.number <= 1:
            return label
        is_short = heading and word_count(heading) <= _LABEL_WORDS
        return f"{heading.rstrip(':')}, {label}" if is_short else f"section {self.section.number}, {label}"


def _located(lines: Sequence[Line]) -> Iterator[Paragraph]:
    place = _Place(are_numbered(lines))
    sections = _sections(lines)
    yield from _grouped([line for line in lines if line.kind == "opening"], "opening")
    for i, line in enumerate(lines):
        if line.page:
            place.turn_to(line.page)
        if line.kind == "heading":
            place.enter_section(line.mark, sections[i])
        elif line.kind in ("numbered", "lettered", "bullet", "plain", "row"):
            yield place.paragraph(line)
    yield from _grouped([line for line in lines if line.kind == "closing"], "closing")
    yield from (Paragraph(line.mark, "", line.start, line.end) for line in lines if line.kind == "note")


def _sections(lines: Sequence[Line]) -> dict[int, list[Line]]:
    """Return the lines under each heading, up to the next one, by the heading's place among the lines."""
    sections: dict[int, list[Line]] = {}
    section: list[Line] = []
    for i, line in enumerate(lines):
        if line.kind == "heading":
            section = sections[i] = []
        else:
            section.append(line)
    return sections


def _grouped(lines: Sequence[Line], label: str) -> Iterator[Paragraph]:
    """Make paragraphs of opening or closing lines, parting a list from what stands above it."""
    firsts = [line.text.split()[0] for line in lines]
    counts = Counter(firsts)
    keys = [word if counts[word] >= _ALIKE else "" for word in firsts]
    for _, group in groupby(range(len(lines)), key=keys.__getitem__):
        rows = list(group)
        first, last = rows[0], rows[-1]
        locator = f"{label} line {first + 1}" if first == last else f"{label} lines {first + 1}–{last + 1}"
        yield Paragraph(locator, "", lines[first].start, lines[last].end)


def _introduction(line: Line) -> str:
    """Return the sentence that ends in a colon and so introduces what follows, if it is short enough to repeat."""
    if not line.text.endswith(":"):
        return ""
    tail = line.text[-_LEAD_CHARACTERS:]
    start, end = sentence_spans(tail)[-1]
    if start == 0 and len(tail) < len(line.text):
        return ""
    sentence = tail[start:end]
    return " ".join(sentence.split()) if word_count(sentence) <= _LEAD_WORDS else ""


def _unique(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Number locators that a document gives twice, or that make the same anchor: "para. 3 [2]"."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for paragraph in paragraphs:
        distinct = paragraph
        while distinct.anchor in taken:
            count = counts[paragraph.anchor] = counts.get(paragraph.anchor, 1) + 1
            distinct = replace(paragraph, locator=f"{paragraph.locator} [{count}]")
        taken.add(distinct.anchor)
        yield distinct
