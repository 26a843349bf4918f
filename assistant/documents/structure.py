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

from assistant.documents.items import Items, introduction
from assistant.documents.lines import Stretch, lines_of
from assistant.documents.outline import LABEL_WORDS, Part, Run, outline_of
from assistant.documents.preambles import GOES_ON, TERMINAL, Line
from assistant.language import word_count
from assistant.records import Paragraph

# Under such a heading the numbers count its items, not the document's paragraphs: "Guiding question 3".
_COUNTED = re.compile(r"(?:question|recommendation|message|principle|tenet|step|conclusion|proposal)s\Z", re.IGNORECASE)
_JOINED_MARKS = re.compile(r"\d{1,3}[.)]\s+\(([a-z]|\d)\)\s")  # "1. (a) For the purpose of"
# A footnote of an official journal has a number in parentheses, as recitals and items have.
_JOURNAL_NOTE = re.compile(r"\(\s?\d{1,3}\s?\)\s+(?:OJ\b|See\b|Ibid)|(?=.*\bOJ [LC]\b).*\.\Z", re.DOTALL)

_EDGES = ("opening", "closing")
_LEAD_WORDS = 40  # a longer header isn't repeated before each row
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
class _Table:
    """The table whose rows are being counted."""

    name: str = ""
    header: str = ""  # its first row
    rows: int = 0


@dataclass(slots=True)
class _Place:
    """The place in a document that the walk through its lines has reached."""

    articles_recur: bool  # two parts have an article of one number, which is cited with its part
    part: Part = field(default_factory=Part)
    page: int = 0  # 0 if the format has no pages
    section: _Section = field(default_factory=_Section)
    article: str = ""
    number: str = ""  # the locator of the current numbered paragraph
    item: str = ""  # the same of an item of a numbered list under it
    stands_below: bool = True  # no heading stands between that paragraph and here
    items: Items = field(default_factory=Items)
    counts: Counter[str] = field(default_factory=Counter)  # of what has no number of its own, by kind
    table: _Table = field(default_factory=_Table)

    def turn_to(self, page: int, part: Part) -> None:
        """Go to a page of a part; what has no number of its own is counted from the top of an unnumbered one."""
        if part is not self.part:
            self.part = part
            self.number = self.article = ""
            self.items = Items()
            self.counts.clear()
        elif page != self.page and not part.is_numbered:
            self._count_anew()
        self.page = page

    def enter(self, line: Line, lines: Sequence[Line]) -> None:
        """Go to the section, the annex or the article that a line opens and other lines make up."""
        plain = [each for each in lines if each.kind == "plain"]
        is_list = len(plain) > 1 and sum(not TERMINAL.search(each.text) for each in plain) * 2 > len(plain)
        heading = line.text if line.kind == "annex" else line.mark
        self.section = _Section(heading, self.section.number + bool(lines), is_list)
        if line.kind == "article":
            self.article = f"{self.part.prefix}{line.mark}" if self.articles_recur else line.mark
            self.number = ""
            self.items = Items()
            self.counts.clear()
        elif not self.article:  # under which a heading is but its title
            self._leave_paragraph()

    def _leave_paragraph(self) -> None:
        self.stands_below = False
        if not self.part.is_numbered:
            self.number = ""
            self.items = Items()
        if not self.number and not (self.page and not self.part.is_numbered):
            self._count_anew()

    def _count_anew(self) -> None:
        self.counts["para."] = self.counts["item"] = 0

    def paragraph(self, line: Line, run: Run | None, following: str) -> Paragraph:
        """Return the paragraph that a line makes.

        Args:
            run: The run that its number belongs to.
            following: The mark of the next line.
        """
        self.section.number = self.section.number or 1
        lead = self._lead(line)
        if line.kind == "lettered":
            locator = self._letter_locator(line, following)
            lead = self.items.lead
        else:
            locator = self._locator(line, run)
        return Paragraph(locator, self.section.heading, line.start, line.end, lead)

    def _lead(self, line: Line) -> str:
        """Return the words that introduce an item or a row."""
        if line.kind == "row":
            return self.table.header if self.table.name == line.mark else ""
        return self.items.introduction if line.kind == "bullet" else ""

    def _locator(self, line: Line, run: Run | None) -> str:
        match line.kind:
            case "numbered":
                return self._number_locator(line, run)
            case "row":
                return self._row_locator(line)
            case "bullet":
                return self._bullet_locator()
            case "aside":
                return line.mark if line.mark[-1].isdecimal() else self._cited(line.mark)
            case "clause" | "decision":
                return self._clause_locator(line)
            case _:
                return self._plain_locator(line)

    def _number_locator(self, line: Line, run: Run | None) -> str:
        heading = self.section.heading
        if run and run.is_list and run.is_embedded and self.number:
            self.item = f"{self.number}, item {line.mark}"
            self.items = Items(introduction(line.text))
            return self.item
        if self.article:
            self.number = f"{self.article} ({line.mark})"
        elif self.part.is_numbered and not (run and run.is_list):
            self.number = f"{self.part.prefix}para. {line.mark}"
        elif _COUNTED.search(heading) and word_count(heading) <= LABEL_WORDS:
            self.number = f"{heading[:-1]} {line.mark}"
        else:
            self.number = self._cited(f"item {line.mark}")
        self.stands_below = True
        self.item = ""
        self.counts.clear()
        self.items = Items(introduction(line.text))
        if match := _JOINED_MARKS.match(line.text):
            self.items.take(match[1], following="", text=line.text)
            return f"{self.number}{self.items.marks}"
        return self.number

    def _letter_locator(self, line: Line, following: str) -> str:
        if line.mark.isdecimal() and not self.number and not self.article and self.counts["clause"]:
            if int(line.mark) == self.counts["recital"] + 1 and not _JOURNAL_NOTE.match(line.text):
                self.counts["recital"] += 1
                return f"{self.part.prefix}recital {line.mark}"
            return f"footnote {line.mark}"
        if line.mark.isdecimal() and _JOURNAL_NOTE.match(line.text) and not self.items.continues(line.mark):
            return f"footnote {line.mark}"
        self.items.take(line.mark, following=following, text=line.text)
        above = self._above()
        return f"{above}{self.items.marks}" if above else self._cited(self.items.marks.strip())

    def _above(self) -> str:
        """Return the locator of the paragraph that items stand under; empty where it has no number."""
        if self.number or self.article:
            return self.item or self.number or self.article
        return f"{self.part.prefix}preambular para. {self.counts['clause']}" if self.counts["clause"] else ""

    def _clause_locator(self, line: Line) -> str:
        self.items = Items(introduction(line.text))
        self.counts[line.kind] += line.mark != GOES_ON
        count = self.counts[line.kind]
        if line.kind == "clause":
            return f"{self.part.prefix}preambular para. {count}"
        self.number = f"{self.part.prefix}operative para." + (f" {count}" if count > 1 else "")
        return self.number

    def _bullet_locator(self) -> str:
        self.counts["item"] += 1
        label = f"item {self.counts['item']}"
        above = self._above()
        return f"{above}, {label}" if above else self._cited(label)

    def _plain_locator(self, line: Line) -> str:
        self.items = Items(introduction(line.text))
        if self.section.is_list and not self._above():
            return self._bullet_locator()
        self.counts["para."] += 1
        count = self.counts["para."]
        if self.article and not self.number:
            return self.article if count == 1 else f"{self.article}, para. {count}"
        self.item = ""
        if self.number and (self.article or (self.part.is_numbered and self.stands_below)):
            return f"{self.number}, subpara. {count + 1}"
        return self._cited(f"para. {count}")

    def _row_locator(self, line: Line) -> str:
        if line.mark != self.table.name:
            self.table = _Table(line.mark, line.text if word_count(line.text) <= _LEAD_WORDS else "")
        self.table.rows += 1
        return f"{line.mark}, row {self.table.rows}"

    def _cited(self, label: str) -> str:
        """Return a label with its page; without pages, with its heading, but for the first section.

        A page is no help where paragraphs have numbers; there the label must not be taken for one of these.
        """
        heading = self.section.heading.rstrip(":")
        name = heading if word_count(heading) <= LABEL_WORDS else f"section {self.section.number}"
        if "decision" in self.part.name:
            return f"{self.part.prefix}{label}"
        if self.part.is_numbered:
            return f"{self.part.prefix}{name}, {label}" if heading else f"{self.part.prefix}introductory {label}"
        if self.page:
            return f"p. {self.page}, {label}"
        within = f"{name or f'section {self.section.number}'}, " if self.section.number > 1 else ""
        return f"{self.part.prefix}{within}{label}"


def _located(lines: Sequence[Line]) -> Iterator[Paragraph]:
    outline = outline_of(lines)
    names = Counter(line.mark for line in lines if line.kind == "article")
    place = _Place(articles_recur=any(count > 1 for count in names.values()))
    sections = _sections(lines)
    for edge, group in groupby(range(len(lines)), key=lambda i: lines[i].kind if lines[i].kind in _EDGES else ""):
        if edge:
            yield from _grouped([lines[i] for i in group], edge)
            continue
        for i in group:
            line = lines[i]
            if line.kind == "note":
                yield Paragraph(line.mark, "", line.start, line.end)
                continue
            place.turn_to(line.page or place.page, outline.parts[i])
            if i in sections:
                place.enter(line, sections[i])
            elif line.kind != "organ":
                yield place.paragraph(line, outline.runs[i], lines[i + 1].mark if i + 1 < len(lines) else "")


def _sections(lines: Sequence[Line]) -> dict[int, list[Line]]:
    """Return the lines under each heading, up to the next one, by the heading's place among the lines."""
    sections: dict[int, list[Line]] = {}
    section: list[Line] = []
    for i, line in enumerate(lines):
        if line.kind in ("heading", "annex", "article"):
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
