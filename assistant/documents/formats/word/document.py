"""A Word document becomes blocks: headings, paragraphs with the numbers that Word shows, rows of tables, notes.

What Word doesn't print, or prints on every page, is left out: deleted, struck and hidden text, comments, prompts for
what is still to be filled in, running heads, and the table of contents.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import Element

from ..blocks import Block, Reading, Title, clean, clean_lines
from ..encodings import decode_declared
from ..numbering import Counter, number
from ..office import Cell, attribute, child, children, drawing_blocks, integer, local, table_blocks, texts_in
from ..raised import Fragment, joined
from ..registry import sniff
from .parts import Look, Package, Style, is_on, list_place, look_of, open_package

# Elements whose contents are shown in their place.
_TRANSPARENT = frozenset(
    {"hyperlink", "ins", "moveTo", "smartTag", "sdtContent", "fldSimple", "customXml", "dir", "bdo", "ruby", "rubyBase"}
)
_PRIVATE = range(0xE000, 0xF900)  # code points that mean something in one font alone
_MAX_IMPORTS = 3  # files imported into each other


def read_docx(path: Path) -> Reading:
    """Read a Word document."""
    reader = _Reader(open_package(path))
    yield None
    yield from reader.blocks()
    if reader.title:
        yield Title(reader.title)


class _Reader:
    """One walk through a document, which counts its lists, tables and notes on the way."""

    def __init__(self, package: Package, depth: int = 0) -> None:
        self.title = ""
        self._depth = depth  # of imported files
        self._has_title = False
        self._package = package
        self._counter = Counter(package.lists)
        self._table_numbers = count(1)
        # By id: numbers in the order of the first references.
        self._notes: dict[str, dict[str, int]] = {"footnote": {}, "endnote": {}}
        self._boxes: list[Element] = []  # anchored in the current paragraph
        self._open: list[
            str
        ] = []  # the texts of paragraphs whose ends were deleted, so that they go on in the next one
        self._paper = Look()  # what is under the text

    def blocks(self) -> Iterator[Block]:
        yield from self._all(self._package.body)
        yield from self._note_blocks("footnote", self._package.footnotes, "decimal")
        yield from self._note_blocks("endnote", self._package.endnotes, "lowerRoman")

    def _note_blocks(self, kind: str, notes: Mapping[str, Element], style: str) -> Iterator[Block]:
        for note_id, place in list(self._notes[kind].items()):
            if note_id in notes:
                paragraphs = (one for one in notes[note_id].iter() if local(one) == "p")
                text = clean(" ".join(self._text(one, Look()) for one in paragraphs))
                if text:
                    shown = number(place, style)
                    yield Block(f"{shown} {text}", "note", label=f"{kind} {shown}")

    def _all(self, parent: Element) -> Iterator[Block]:
        """Yield the blocks of a body, a cell or a text box; no paragraph goes on beyond its end."""
        yield from self._within(parent)
        yield from self._left_open()

    def _left_open(self) -> Iterator[Block]:
        text = clean("".join(self._open))
        self._open.clear()
        if text:
            yield Block(text)

    def _shaded(self, parent: Element) -> Iterator[Block]:
        """Yield the blocks of a cell or a text box, which may lie on a colour."""
        paper, self._paper = self._paper, Look(is_shaded=True)
        yield from self._all(parent)
        self._paper = paper

    def _within(self, parent: Element) -> Iterator[Block]:
        for element in _shown(parent):
            match local(element):
                case "p":
                    yield from self._paragraph(element)
                case "tbl":
                    yield from self._left_open()
                    yield from self._table(element)
                case "altChunk":
                    yield from self._imported(self._package.chunks.get(attribute(element, "id"), b""))

    def _imported(self, content: bytes) -> Iterator[Block]:
        """Yield the blocks of a file that Word shows in place of a reference to it."""
        if sniff(content).name == "zip":
            if self._depth < _MAX_IMPORTS:
                yield from _Reader(open_package(io.BytesIO(content)), self._depth + 1).blocks()
        elif b"<" in content and sniff(content).name in ("html", "text"):
            from ..html import read_page

            yield from (piece for piece in read_page(content) if isinstance(piece, Block))
        else:
            lines = map(clean, decode_declared(content, "").splitlines()) if sniff(content).name == "text" else ()
            yield from map(Block, filter(None, lines))

    # Paragraphs --------------------------------------------------------------------------------------------------

    def _paragraph(self, element: Element) -> Iterator[Block]:
        properties = child(element, "pPr")
        style = self._style(properties)
        self._open.append(self._text(element, look_of(properties).over(style.look).over(self._paper)))
        if _goes_on(properties):
            return
        text = "".join(self._open)
        self._open.clear()
        mark = self._mark(properties, style)
        boxes, self._boxes = self._boxes, []
        lines = clean_lines(text)
        if lines and not style.is_contents:
            is_heading = self._is_heading(properties, style)
            if is_heading:
                lines = [" ".join(lines)]
                self._take_title(lines[0], style)
            lines[0] = f"{mark} {lines[0]}" if mark else lines[0]
            yield from (Block(line, "heading" if is_heading else "paragraph") for line in lines)
        for box in boxes:
            yield from self._shaded(box) if local(box) == "txbxContent" else drawing_blocks(box)

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

    def _text(self, parent: Element, look: Look) -> str:
        return joined(self._fragments(parent, look))

    def _fragments(self, parent: Element, look: Look) -> Iterator[Fragment]:
        for element in _shown(parent):
            name = local(element)
            if name == "r":
                own = self._look(child(element, "rPr"), look)
                if not own.is_unseen:
                    yield from self._run(element, own)
            elif name in ("oMath", "oMathPara"):
                yield from _formula(element)

    def _look(self, properties: Element | None, look: Look) -> Look:
        style = self._package.styles.get(attribute(child(properties, "rStyle"), "val"), Style())
        return look_of(properties).over(style.look).over(look)

    def _run(self, run: Element, look: Look) -> Iterator[Fragment]:
        for element in _shown(run):
            name = local(element)
            if name == "t":
                yield element.text or "", bool(look.is_raised)
            elif name in _CHARACTERS:
                yield _CHARACTERS[name](element), False
            elif name == "r":  # the base of ruby text
                yield from self._run(element, look)
            elif name in ("footnoteReference", "endnoteReference"):
                numbers = self._notes[name.removesuffix("Reference")]
                numbers.setdefault(attribute(element, "id"), len(numbers) + 1)
            elif name in ("drawing", "pict", "object"):
                self._boxes.extend(self._drawings(element))

    def _drawings(self, element: Element) -> Iterator[Element]:
        """Yield the text boxes, diagrams and charts of a drawing; of one that is stored in two forms the first."""
        for inner in element:
            name = local(inner)
            if name == "txbxContent":
                yield inner
            elif name in ("relIds", "chart"):
                key = attribute(inner, "dm") or attribute(inner, "id")
                yield from filter(None, [self._package.drawings.get(key)])
            elif name != "Fallback" or next(children(element, "Choice"), None) is None:
                yield from self._drawings(inner)

    # Tables ------------------------------------------------------------------------------------------------------

    def _table(self, table: Element) -> Iterator[Block]:
        rows = [list(_cells(row)) for row in _named(table, "tr") if child(row, "trPr", "del") is None]
        yield from table_blocks(rows, self._shaded, self._table_numbers)


def _named(parent: Element, name: str) -> Iterator[Element]:
    return (element for element in _shown(parent) if local(element) == name)


def _cells(row: Element) -> Iterator[Cell]:
    before = integer(attribute(child(row, "trPr", "gridBefore"), "val"), 0)
    yield from [Cell(Element("tc"))] * min(before, 9)
    for cell in _named(row, "tc"):
        columns = integer(attribute(child(cell, "tcPr", "gridSpan"), "val"), 1)
        merged = child(cell, "tcPr", "vMerge")
        is_below = merged is not None and attribute(merged, "val") != "restart"
        yield Cell(cell, columns, is_below=is_below)


def _shown(parent: Element) -> Iterator[Element]:
    """Yield the children of an element that are shown, those in transparent ones too, without Word's prompts."""
    for element in parent:
        name = local(element)
        if name == "AlternateContent":  # stored in two forms, the better one first
            yield from _shown(next(children(element, "Choice", "Fallback"), element))
        elif name in _TRANSPARENT:
            yield from _shown(element)
        elif name != "sdt":
            yield element
        elif not _is_prompt(element):
            yield from _shown(element)


def _is_prompt(control: Element) -> bool:
    """Return whether a content control shows its prompt, "Click or tap here to enter text.", or a table of contents."""
    gallery = attribute(child(control, "sdtPr", "docPartObj", "docPartGallery"), "val")
    return is_on(child(control, "sdtPr", "showingPlcHdr")) or gallery == "Table of Contents"


def _goes_on(properties: Element | None) -> bool:
    """Return whether a paragraph goes on in the next one: its end was deleted or is hidden, or it is a drop cap."""
    end = next(children(child(properties, "rPr"), "del", "moveFrom", "specVanish", "vanish"), None)
    is_drop_cap = attribute(child(properties, "framePr"), "dropCap") in ("drop", "margin")
    return (end is not None and is_on(end)) or is_drop_cap


def _formula(element: Element) -> Iterator[Fragment]:
    """Yield the characters of a formula: powers raised, fractions with a stroke."""
    for part in element:
        name = local(part)
        if name == "t":
            yield part.text or "", False
        elif name == "sup":
            yield "".join(texts_in(part)), True
        else:
            yield {"f": " ", "den": "/"}.get(name, ""), False
            yield from _formula(part)


def _field_value(element: Element) -> str:
    """Return what an old form field shows where it begins: the choice of a list, the mark of a box."""
    field = child(element, "ffData")
    if (options := child(field, "ddList")) is not None:
        entries = [attribute(entry, "val") for entry in children(options, "listEntry")]
        chosen = integer(attribute(child(options, "result"), "val") or attribute(child(options, "default"), "val"), 0)
        return entries[chosen] if chosen < len(entries) else ""
    if (box := child(field, "checkBox")) is not None:
        state = child(box, "checked")
        return "☒" if is_on(child(box, "default") if state is None else state) else "☐"
    return ""


def _symbol(element: Element) -> str:
    try:
        point = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    return "" if point in _PRIVATE or point > 0xFFFF else chr(point)


_CHARACTERS: Mapping[str, Callable[[Element], str]] = {
    "tab": lambda _: " ",
    "br": lambda _: "\n",
    "cr": lambda _: "\n",
    "noBreakHyphen": lambda _: "-",
    "ptab": lambda _: " ",
    "sym": _symbol,
    "fldChar": _field_value,
}
