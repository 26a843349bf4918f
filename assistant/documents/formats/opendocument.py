"""An OpenDocument text becomes blocks: headings, paragraphs with the numbers that are shown, rows of tables, notes.

What LibreOffice doesn't print, or prints on every page, is left out: deleted, struck and hidden text, comments, prompts
for what is still to be filled in, running heads, and the table of contents and other indexes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import Element

from .blocks import Block, FormatError, Reading, Title, clean, clean_lines
from .numbering import Counter, Level, NumberedList
from .office import (
    MOST_INHERITED,
    Cell,
    Parts,
    attribute,
    child,
    children,
    integer,
    is_heading_style,
    local,
    open_parts,
    table_blocks,
)
from .raised import Fragment, joined

_TEXT = b"application/vnd.oasis.opendocument.text"  # templates and master documents go on "-template", "-master"
_NUMBERS = {
    "1": "decimal",
    "01, 02, 03, ...": "decimalZero",
    "a": "lowerAlphabet",
    "A": "upperAlphabet",
    "i": "lowerRoman",
    "I": "upperRoman",
}
_SYNCHRONISED = {"a": "lowerLetter", "A": "upperLetter"}  # "z", "aa", "bb"
_OUTLINE = "outline"  # the list of numbered headings
_LEVELS = 9
_PARAGRAPHS = frozenset({"p", "h"})
_CHARACTERS = {"s": " ", "tab": " ", "line-break": "\n", "soft-page-break": ""}
_DRAWING = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"  # frames and shapes, which may hold text
_UNPRINTED = frozenset({"annotation", "ruby-text", "placeholder"})
_RAISED = re.compile(r"super\b|[1-9]\d*%")
_MOST_REPEATED = 100  # cells that a file writes once


@dataclass(frozen=True, slots=True)
class _Style:
    """A style of paragraphs or characters, with what it inherits."""

    names: tuple[str, ...] = ()  # its own and those of the styles that it inherits from
    list_name: str = ""  # the list that its paragraphs belong to; empty for none
    is_unseen: bool = False  # its characters are hidden or struck out
    is_raised: bool = False


@dataclass(slots=True)
class _Place:
    """The place of an item in a list."""

    list_key: str  # the key of the list in the counter
    level: int  # the level in the list, from 0
    start: int | None = None  # the number that the item sets for itself
    is_marked: bool = False  # the item's number has been shown, or it has none


def read_odt(path: Path) -> Reading:
    """Read an OpenDocument text.

    Raises:
        FormatError: It is damaged, protected, too large or no text document.
    """
    with open_parts(path, program="LibreOffice") as parts:
        _check_kind(parts)
        content, styles = parts.tree("content.xml"), parts.tree_if_there("styles.xml")
        meta = parts.tree_if_there("meta.xml")
    yield None
    body = child(content, "body", "text")
    if body is None:
        raise FormatError("not a text document; save its text as .odt and try again.")
    reader = _Reader([root for root in (styles, content) if root is not None])
    yield from reader.blocks(body)
    title = reader.title or clean(_plain_text(child(meta, "meta", "title"))) or reader.first_heading
    if title:
        yield Title(title)


def _check_kind(parts: Parts) -> None:
    kind = parts.read("mimetype").strip() if "mimetype" in parts else _TEXT
    if not kind.startswith(_TEXT):
        raise FormatError("not a text document but a spreadsheet, a drawing or the like; save its text as .odt.")
    manifest = "META-INF/manifest.xml"
    if manifest in parts and b"encryption-data" in parts.read(manifest):
        raise FormatError("needs a password; save it without one and try again.")
    if "content.xml" not in parts:
        raise FormatError("a ZIP without an OpenDocument text in it; unpack it and put its documents into the folder.")


class _Reader:
    """One walk through a document, which counts its lists, tables and notes on the way."""

    def __init__(self, roots: list[Element]) -> None:
        self.title = ""  # the first paragraph in the style Title
        self.first_heading = ""
        self._styles = _read_styles(roots)
        self._list_styles = _read_list_styles(roots)
        self._lists = {_OUTLINE: NumberedList(_OUTLINE, self._list_styles.get(_OUTLINE, {}))}
        self._counter = Counter(self._lists)
        self._last_list: dict[str, str] = {}  # by style: the key of its last list
        self._table_numbers = count(1)
        self._notes: dict[str, list[Element]] = {"footnote": [], "endnote": []}
        self._boxes: list[Element] = []  # text boxes anchored in the current paragraph
        self._fields: dict[str, str] = {}  # what the fields of forms show, by their ids

    def blocks(self, body: Element) -> Iterator[Block]:
        for forms in children(body, "forms"):
            self._fields |= {attribute(field, "id"): _field_value(field) for field in forms.iter()}
        yield from self._within(body)
        yield from self._note_blocks("footnote")
        yield from self._note_blocks("endnote")

    def _note_blocks(self, kind: str) -> Iterator[Block]:
        for place, note in enumerate(self._notes[kind], start=1):
            shown = clean(_plain_text(child(note, "note-citation"))) or str(place)
            if text := self._joined(child(note, "note-body")):
                yield Block(f"{shown} {text}", "note", label=f"{kind} {shown}")

    def _joined(self, parent: Element | None) -> str:
        return "" if parent is None else " ".join(block.text for block in self._within(parent))

    def _within(self, parent: Element, place: _Place | None = None) -> Iterator[Block]:
        for element in parent:
            name = local(element)
            if name in _PARAGRAPHS:
                yield from self._paragraph(element, place)
            elif name == "list":
                yield from self._list(element, place)
            elif name == "numbered-paragraph":
                yield from self._numbered_paragraph(element)
            elif name == "table":
                yield from self._table(element)
            elif _is_drawn(element) or (name == "section" and attribute(element, "display") != "none"):
                yield from self._within(element)

    # Paragraphs --------------------------------------------------------------------------------------------------

    def _paragraph(self, element: Element, place: _Place | None) -> Iterator[Block]:
        style = self._styles.get(attribute(element, "style-name"), _Style())
        mark = self._mark(element, place)
        is_unseen = style.is_unseen or any(_is_hidden_paragraph(one) for one in element)
        text = "" if is_unseen else self._text(element)
        boxes, self._boxes = self._boxes, []
        lines = clean_lines(text)
        if lines:
            is_heading = local(element) == "h" or is_heading_style(style.names)
            if is_heading:
                lines = [" ".join(lines)]
                self._take_title(lines[0], style)
            lines[0] = f"{mark} {lines[0]}" if mark else lines[0]
            yield from (Block(line, "heading" if is_heading else "paragraph") for line in lines)
        for box in boxes:
            yield from self._within(box)

    def _take_title(self, text: str, style: _Style) -> None:
        self.first_heading = self.first_heading or text
        if not self.title and any(name.lower() == "title" for name in style.names):
            self.title = text

    def _mark(self, element: Element, place: _Place | None) -> str:
        """Return the number or bullet that is shown in front; an empty paragraph is counted too."""
        if place is not None:
            if place.is_marked:
                return ""
            place.is_marked = True
            return self._counter.next(place.list_key, place.level, start=place.start)
        if local(element) == "h" and attribute(element, "is-list-header") != "true":
            level = integer(attribute(element, "outline-level"), 1) - 1
            return self._counter.next(_OUTLINE, level, start=_start_of(element))
        return ""

    # Lists -------------------------------------------------------------------------------------------------------

    def _list(self, element: Element, outer: _Place | None) -> Iterator[Block]:
        level = 0 if outer is None else outer.level + 1
        key = self._add_list(element, None if outer is None else self._lists[outer.list_key])
        for item in children(element, "list-item", "list-header"):
            place = _Place(self._item_list(item, key), level, _start_of(item), local(item) == "list-header")
            yield from self._within(item, place)

    def _add_list(self, element: Element, outer: NumberedList | None) -> str:
        """Add a list to those that are counted, and return its key.

        As in LibreOffice, a list inside another one continues until the outer one counts its next item, whatever the
        attributes of the inner one say.
        """
        key = attribute(element, "id") or f"list {len(self._lists)}"
        style = attribute(element, "style-name") or self._paragraphs_list(element)
        continued = attribute(element, "continue-list")
        if not continued and attribute(element, "continue-numbering") == "true":
            continued = self._last_list.get(style, "")
        before = outer or self._lists.get(continued)
        levels = self._list_styles.get(style) or (outer.levels if outer else {})
        self._lists[key] = NumberedList(before.sequence if before else key, levels)
        if outer is None:
            self._last_list[style] = key
        return key

    def _item_list(self, item: Element, key: str) -> str:
        """Return the key of an item's list; an item may be numbered in another style than its neighbours."""
        style = attribute(item, "style-override")
        if style not in self._list_styles:
            return key
        looks = f"{key} as {style}"
        self._lists[looks] = NumberedList(self._lists[key].sequence, self._list_styles[style])
        return looks

    def _paragraphs_list(self, element: Element) -> str:
        """Return the list style that belongs to the style of a list's first paragraph."""
        first = next((one for one in element.iter() if local(one) in _PARAGRAPHS), None)
        return self._styles.get(attribute(first, "style-name"), _Style()).list_name

    def _numbered_paragraph(self, element: Element) -> Iterator[Block]:
        style = attribute(element, "style-name")
        key = f"paragraphs {attribute(element, 'list-id') or style}"
        self._lists[key] = NumberedList(key, self._list_styles.get(style, {}))
        yield from self._within(element, _Place(key, integer(attribute(element, "level"), 1) - 1, _start_of(element)))

    # Text --------------------------------------------------------------------------------------------------------

    def _text(self, parent: Element) -> str:
        return joined(self._fragments(parent, is_raised=False))

    def _fragments(self, parent: Element, *, is_raised: bool) -> Iterator[Fragment]:
        yield _flowing(parent.text), is_raised
        for element in parent:
            name = local(element)
            if name in _CHARACTERS:
                yield _CHARACTERS[name], False
            elif name == "note":
                self._notes["endnote" if attribute(element, "note-class") == "endnote" else "footnote"].append(element)
            elif name == "control":
                yield self._fields.get(attribute(element, "control"), ""), False
            elif _is_drawn(element):
                self._boxes.append(element)
            elif name not in _UNPRINTED and attribute(element, "is-hidden") != "true":
                style = self._styles.get(attribute(element, "style-name"), _Style())
                if not style.is_unseen:
                    yield from self._fragments(element, is_raised=is_raised or style.is_raised)
            yield _flowing(element.tail), is_raised

    # Tables ------------------------------------------------------------------------------------------------------

    def _table(self, table: Element) -> Iterator[Block]:
        rows = [list(_cells(row)) for row in _rows(table)]
        yield from table_blocks(rows, self._within, self._table_numbers)


def _cells(row: Element) -> Iterator[Cell]:
    for cell in children(row, "table-cell"):
        columns, rows, repeated = (
            integer(attribute(cell, name), 1)
            for name in ("number-columns-spanned", "number-rows-spanned", "number-columns-repeated")
        )
        yield from [Cell(cell, columns, rows)] * min(repeated, _MOST_REPEATED)


def _field_value(field: Element) -> str:
    """Return what the field of a form shows: its value, its mark or what is chosen in it."""
    if local(field) in ("checkbox", "radio"):
        return "☒" if "checked" in (attribute(field, "current-state"), attribute(field, "state")) else "☐"
    chosen = [one for one in children(field, "option") if attribute(one, "current-selected") == "true"]
    return attribute(chosen[0], "label") if chosen else attribute(field, "current-value") or attribute(field, "value")


def _is_hidden_paragraph(element: Element) -> bool:
    return local(element) == "hidden-paragraph" and attribute(element, "is-hidden") == "true"


def _start_of(element: Element) -> int | None:
    """Return the number that an item or a heading sets for itself."""
    start = attribute(element, "start-value")
    return integer(start, 1) if start else None


def _rows(table: Element) -> Iterator[Element]:
    for element in table:
        name = local(element)
        if name == "table-row":
            yield element
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(element)


def _plain_text(element: Element | None) -> str:
    return "" if element is None else " ".join(element.itertext())


def _is_drawn(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(_DRAWING)


def _flowing(text: str | None) -> str:
    return (text or "").replace("\n", " ")


# Styles --------------------------------------------------------------------------------------------------------------


def _read_styles(roots: list[Element]) -> dict[str, _Style]:
    styles = [style for style in _defined(roots, "style") if attribute(style, "family") in ("paragraph", "text")]
    elements = {attribute(style, "name"): style for style in styles}
    return {key: _inherited(key, elements) for key in elements}


def _defined(roots: list[Element], *names: str) -> Iterator[Element]:
    for root in roots:
        for group in children(root, "styles", "automatic-styles"):
            yield from children(group, *names)


def _inherited(key: str, elements: Mapping[str, Element]) -> _Style:
    names: list[str] = []
    list_name = ""
    looks: dict[str, str] = {}  # by property: its value
    seen: set[str] = set()
    while key in elements and key not in seen and len(seen) < MOST_INHERITED:
        seen.add(key)
        style = elements[key]
        names.append(attribute(style, "display-name") or key)
        list_name = list_name or attribute(style, "list-style-name")
        for properties in children(style, "text-properties"):
            looks = {key.rpartition("}")[2]: value for key, value in properties.items()} | looks
        key = attribute(style, "parent-style-name")
    is_struck = any(looks.get(f"text-line-through-{name}", "none") != "none" for name in ("style", "type"))
    is_raised = _RAISED.match(looks.get("text-position", "")) is not None
    return _Style(tuple(names), list_name, is_struck or looks.get("display") == "none", is_raised)


def _read_list_styles(roots: list[Element]) -> dict[str, Mapping[int, Level]]:
    return {
        attribute(style, "name") if local(style) == "list-style" else _OUTLINE: {
            index: _level(level) for level in style if (index := integer(attribute(level, "level"), 1) - 1) < _LEVELS
        }
        for style in _defined(roots, "list-style", "outline-style")
    }


def _level(element: Element) -> Level:
    if local(element) in ("list-level-style-bullet", "list-level-style-image"):
        return Level(style="bullet")
    written = attribute(element, "num-format")
    is_synchronised = attribute(element, "num-letter-sync") == "true"
    style = _SYNCHRONISED.get(written, "") if is_synchronised else ""
    return Level(
        start=integer(attribute(element, "start-value"), 1),
        style=style or _NUMBERS.get(written, "decimal" if written else "none"),
        text=_shown(element),
    )


def _shown(element: Element) -> str:
    """Return what a level shows, in the way of `Level.text`."""
    if template := attribute(element, "num-list-format"):  # LibreOffice writes "%1%.%2%."
        return re.sub(r"%(\d+)%", r"%\1", template)
    level = min(integer(attribute(element, "level"), 1), _LEVELS)
    first = max(level - integer(attribute(element, "display-levels"), 1) + 1, 1)
    numbers = ".".join(f"%{one}" for one in range(first, level + 1))
    return f"{attribute(element, 'num-prefix')}{numbers}{attribute(element, 'num-suffix')}"
