"""A document in Akoma Ntoso, the XML of parliaments and the United Nations, becomes blocks.

Its markup names articles, paragraphs and items, and gives their numbers; they are written in front of the text, as they
are when it is printed.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from .blocks import Block, FormatError, Reading, Title, clean, clean_lines
from .office import Cell, attribute, child, children, integer, local, parse_xml, table_blocks
from .raised import Fragment, joined

_MAX_BYTES = 64_000_000
_KINDS = frozenset(
    "act amendment amendmentList bill debate debateReport doc documentCollection judgment officialGazette portion"
    " statement".split()
)
_ARTICLES = frozenset({"article", "rule"})  # their numbers are headings, even alone
_PARAGRAPHS = frozenset({"p", "block", "docTitle", "longTitle", "listIntroduction", "listConclusion", "crossHeading"})
_HEADINGS = frozenset({"docTitle", "crossHeading"})
_NOT_TEXT = frozenset({"meta", "num", "heading", "subheading", "del", "remark", "toc", "img", "noteRef"})


def read_akoma_ntoso(path: Path) -> Reading:
    """Read a document in Akoma Ntoso.

    Raises:
        FormatError: It is damaged, too large, or XML of another kind.
    """
    content = path.read_bytes()
    if len(content) > _MAX_BYTES:
        raise FormatError(f"is larger than {_MAX_BYTES // 1_000_000} MB; split it into parts.")
    try:
        root = parse_xml(content, program="its program")
    except ParseError as error:
        raise FormatError("damaged (its XML isn't well formed); get it again.") from error
    yield None
    document = next(children(root, *_KINDS), None) if local(root) == "akomaNtoso" else None
    if document is None:
        raise FormatError("XML, but not Akoma Ntoso; save its text as .html or .docx.")
    reader = _Reader()
    yield from reader.within(document)
    yield from reader.notes
    title = next((text for one in document.iter() if local(one) == "docTitle" and (text := reader.text(one))), "")
    if title or reader.first_heading:
        yield Title(title or reader.first_heading)


class _Reader:
    """One walk through a document, which collects its notes and counts its tables."""

    def __init__(self) -> None:
        self.notes: list[Block] = []
        self.first_heading = ""
        self._tables = count(1)
        self._number = ""  # of an element whose first words are still to come

    def within(self, parent: Element) -> Iterator[Block]:
        """Yield the blocks of an element."""
        for element in parent:
            name = local(element)
            if name in _PARAGRAPHS:
                yield from self._paragraph(element, is_heading=name in _HEADINGS)
            elif name == "table":
                rows = [list(_cells(row)) for row in element.iter() if local(row) == "tr"]
                yield from table_blocks(rows, self.inside, self._tables)
            elif name == "authorialNote":
                self._note(element)
            elif name not in _NOT_TEXT:
                yield from self._part(element)

    def inside(self, element: Element) -> Iterator[Block]:
        """Yield the blocks of an element that holds other ones, or words."""
        has_words = bool((element.text or "").strip()) or not len(element)
        yield from self._paragraph(element) if has_words else self.within(element)

    def _part(self, element: Element) -> Iterator[Block]:
        number, heading = (self.text(child(element, name)) for name in ("num", "heading"))
        if heading or (number and local(element) in _ARTICLES):
            text = " ".join(filter(None, (self._number, number, heading)))
            self._number = ""
            self.first_heading = self.first_heading or text
            yield Block(text, "heading")
        elif number:
            self._number = f"{self._number} {number}".strip()
        yield from self.inside(element)

    def _paragraph(self, element: Element, *, is_heading: bool = False) -> Iterator[Block]:
        lines = clean_lines(joined(self._fragments(element)))
        if not lines:
            return
        if self._number:
            lines[0] = f"{self._number}{'.' if self._number.isdecimal() else ''} {lines[0]}"
            self._number = ""
        yield from (Block(line, "heading" if is_heading else "paragraph") for line in lines)

    def text(self, element: Element | None) -> str:
        """Return the text of an element on one line."""
        return "" if element is None else clean(joined(self._fragments(element)).replace("\n", " "))

    def _fragments(self, parent: Element, *, is_raised: bool = False) -> Iterator[Fragment]:
        yield (parent.text or "").replace("\n", " "), is_raised
        for element in parent:
            name = local(element)
            if name in ("eol", "br"):
                yield "\n", False
            elif name == "authorialNote":
                self._note(element)
            elif name not in _NOT_TEXT:
                yield from self._fragments(element, is_raised=is_raised or name == "sup")
            yield (element.tail or "").replace("\n", " "), is_raised

    def _note(self, element: Element) -> None:
        shown = attribute(element, "marker") or str(len(self.notes) + 1)
        if text := " ".join(block.text for block in _Reader().inside(element)):
            self.notes.append(Block(f"{shown} {text}", "note", label=f"footnote {shown}"))


def _cells(row: Element) -> Iterator[Cell]:
    for cell in children(row, "td", "th"):
        yield Cell(cell, integer(attribute(cell, "colspan"), 1), integer(attribute(cell, "rowspan"), 1))
