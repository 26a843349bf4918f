"""A Word document becomes blocks: headings, paragraphs with the numbers that Word shows, rows of tables, notes.

What Word doesn't print, or prints on every page, is left out: deleted and hidden text, comments, running heads, and the
table of contents.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import Element

from ..blocks import Block, Reading, Title, clean
from ..numbering import Counter, number
from ..office import attribute, child, children, local, table_blocks
from .parts import Package, Style, is_on, list_place, open_package

_CONTAINERS = frozenset(
    {"hyperlink", "ins", "moveTo", "smartTag", "sdtContent", "fldSimple", "customXml", "dir", "bdo"}
)
_CHARACTERS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_PRIVATE = range(0xE000, 0xF900)  # code points that mean something in one font alone


def read_docx(path: Path) -> Reading:
    """Read a Word document."""
    reader = _Reader(open_package(path))
    yield None
    yield from reader.blocks()
    if reader.title:
        yield Title(reader.title)


class _Reader:
    """One walk through a document, which counts its lists, tables and notes on the way."""

    def __init__(self, package: Package) -> None:
        self.title = ""
        self._has_title = False
        self._package = package
        self._counter = Counter(package.lists)
        self._table_numbers = count(1)
        # By id: numbers in the order of the first references.
        self._notes: dict[str, dict[str, int]] = {"footnote": {}, "endnote": {}}
        self._boxes: list[Element] = []  # anchored in the current paragraph

    def blocks(self) -> Iterator[Block]:
        yield from self._within(self._package.body)
        yield from self._note_blocks("footnote", self._package.footnotes, "decimal")
        yield from self._note_blocks("endnote", self._package.endnotes, "lowerRoman")

    def _note_blocks(self, kind: str, notes: Mapping[str, Element], style: str) -> Iterator[Block]:
        for note_id, place in list(self._notes[kind].items()):
            if note_id in notes:
                text = clean(" ".join(self._text(one) for one in notes[note_id].iter() if local(one) == "p"))
                if text:
                    shown = number(place, style)
                    yield Block(f"{shown} {text}", "note", label=f"{kind} {shown}")

    def _within(self, parent: Element) -> Iterator[Block]:
        for element in parent:
            match local(element):
                case "p":
                    yield from self._paragraph(element)
                case "tbl":
                    yield from self._table(element)
                case "sdt":
                    if attribute(child(element, "sdtPr", "docPartObj", "docPartGallery"), "val") != "Table of Contents":
                        for content in children(element, "sdtContent"):
                            yield from self._within(content)
                case "ins" | "moveTo" | "customXml":
                    yield from self._within(element)

    # Paragraphs --------------------------------------------------------------------------------------------------

    def _paragraph(self, element: Element) -> Iterator[Block]:
        properties = child(element, "pPr")
        style = self._style(properties)
        mark = self._mark(properties, style)
        text = self._text(element)
        boxes, self._boxes = self._boxes, []
        lines = [line for piece in text.split("\n") if (line := clean(piece))]
        if lines and not style.is_contents:
            is_heading = self._is_heading(properties, style)
            if is_heading:
                lines = [" ".join(lines)]
                self._take_title(lines[0], style)
            lines[0] = f"{mark} {lines[0]}" if mark else lines[0]
            yield from (Block(line, "heading" if is_heading else "paragraph") for line in lines)
        for box in boxes:
            yield from self._within(box)

    def _style(self, properties: Element | None) -> Style:
        key = attribute(child(properties, "pStyle"), "val") or self._package.default_style
        return self._package.styles.get(key, Style())

    def _mark(self, properties: Element | None, style: Style) -> str:
        """Return the number or bullet that Word shows in front; an empty paragraph is counted too."""
        list_id, level = list_place(properties)
        list_id = list_id or style.list_id
        if level is None:
            level = style.level or 0
        return self._counter.next(list_id, level) if list_id not in ("", "0") else ""

    def _is_heading(self, properties: Element | None, style: Style) -> bool:
        outline = attribute(child(properties, "outlineLvl"), "val")
        return outline < "9" if outline else style.is_heading

    def _take_title(self, text: str, style: Style) -> None:
        """Take the first paragraph in the style Title for the title, or else the first heading."""
        is_title = style.name.lower() == "title"
        if not self.title or (is_title and not self._has_title):
            self.title = text
        self._has_title = self._has_title or is_title

    # Text --------------------------------------------------------------------------------------------------------

    def _text(self, parent: Element) -> str:
        return "".join(self._pieces(parent))

    def _pieces(self, parent: Element) -> Iterator[str]:
        for element in parent:
            name = local(element)
            if name == "r":
                if not is_on(child(element, "rPr", "vanish")):
                    yield from self._run(element)
            elif name == "sdt":
                yield from map(self._text, children(element, "sdtContent"))
            elif name in _CONTAINERS:
                yield self._text(element)
            elif name in ("oMath", "oMathPara"):
                yield "".join(one.text or "" for one in element.iter() if local(one) == "t")

    def _run(self, run: Element) -> Iterator[str]:
        for element in run:
            name = local(element)
            if name == "t":
                yield element.text or ""
            elif name in _CHARACTERS:
                yield _CHARACTERS[name]
            elif name == "sym":
                yield _symbol(attribute(element, "char"))
            elif name in ("footnoteReference", "endnoteReference"):
                numbers = self._notes[name.removesuffix("Reference")]
                numbers.setdefault(attribute(element, "id"), len(numbers) + 1)
            elif name in ("AlternateContent", "drawing", "pict", "object"):
                self._boxes.extend(_boxes(element))

    # Tables ------------------------------------------------------------------------------------------------------

    def _table(self, table: Element) -> Iterator[Block]:
        rows = [list(_parts(row, "tc")) for row in _parts(table, "tr")]
        yield from table_blocks(rows, self._cell, self._table_numbers)

    def _cell(self, cell: Element) -> Iterator[Block]:
        """Yield the blocks of a cell, unless the cell above reaches down into it."""
        merged = child(cell, "tcPr", "vMerge")
        if merged is None or attribute(merged, "val") == "restart":
            yield from self._within(cell)


def _parts(parent: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, those in content controls too."""
    for element in parent:
        if local(element) == name:
            yield element
        elif local(element) == "sdt":
            for content in children(element, "sdtContent"):
                yield from _parts(content, name)


def _boxes(element: Element) -> Iterator[Element]:
    """Yield the text boxes of a drawing; of one that is stored in two forms, those of the first."""
    for inner in element:
        name = local(inner)
        if name == "txbxContent":
            yield inner
        elif name != "Fallback" or next(children(element, "Choice"), None) is None:
            yield from _boxes(inner)


def _symbol(code: str) -> str:
    try:
        point = int(code, 16)
    except ValueError:
        return ""
    return "" if point in _PRIVATE or point > 0xFFFF else chr(point)
