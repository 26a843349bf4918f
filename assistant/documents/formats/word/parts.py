"""A Word file becomes the parts of its package that matter: its body, styles, lists and notes, as trees."""

import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import BinaryIO, Self
from xml.etree.ElementTree import Element

from ..blocks import FormatError
from ..numbering import Level, NumberedList
from ..office import MOST_INHERITED, attribute, child, children, integer, is_heading_style, main_part, open_parts

_CONTENTS_STYLE = re.compile(r"(?:toc|table of (?:figures|contents))\b.*", re.IGNORECASE)
_OTHERS = {
    "/xl/": "a spreadsheet, not a Word document; save its text as .docx and try again.",
    "/ppt/": "a presentation, not a Word document; name it .pptx and try again.",
}
_RAISED = 4  # half points
_SMALLEST = 5  # half points: smaller letters aren't seen
_KINDS = ("styles", "numbering", "footnotes", "endnotes")


@dataclass(frozen=True, slots=True)
class Look:
    """The look of characters; None for what isn't said of it."""

    is_hidden: bool | None = None  # or struck out
    is_raised: bool | None = None
    is_white: bool | None = None
    is_shaded: bool | None = None  # what is under them isn't white paper

    @property
    def is_unseen(self) -> bool:
        """Return whether a reader doesn't see them, or sees them struck out."""
        return bool(self.is_hidden or (self.is_white and not self.is_shaded))

    def over(self, other: Self) -> "Look":
        """Return this look, and from the other one what this one doesn't say."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Look(*(theirs if own is None else own for own, theirs in pairs))


@dataclass(frozen=True, slots=True)
class Style:
    """A style of paragraphs or characters, with what it inherits."""

    name: str = ""
    is_heading: bool = False
    is_contents: bool = False
    list_id: str = ""  # the list that its paragraphs belong to; empty for none
    level: int | None = None
    look: Look = field(default_factory=Look)


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a Word file; those that its text refers to are under the ids of these references."""

    body: Element
    styles: Mapping[str, Style]
    default_style: str
    lists: Mapping[str, NumberedList]
    footnotes: Mapping[str, Element]
    endnotes: Mapping[str, Element]
    drawings: Mapping[str, Element]  # the texts of diagrams and charts
    chunks: Mapping[str, bytes]  # files that are imported whole


def open_package(file: Path | BinaryIO) -> Package:
    """Read the parts of a Word file.

    Raises:
        FormatError: It is damaged, protected, too large or no Word document.
    """
    with open_parts(file, program="Word") as parts:
        main = main_part(parts, "/word/document.xml", called="a Word document", others=_OTHERS)
        body = child(parts.tree(main), "body")
        relations = [relation for relation in parts.relations(main) if relation.target in parts]
        # A file without relationships has its parts under the names that Word gives them.
        names = {kind: f"{main.rpartition('/')[0]}/{kind}.xml" for kind in _KINDS}
        names |= {relation.kind: relation.target for relation in relations if relation.kind in _KINDS}
        style_sheet, numbering, footnotes, endnotes = (parts.tree_if_there(names[kind]) for kind in _KINDS)
        drawings = {each.id: parts.tree(each.target) for each in relations if each.kind in ("diagramData", "chart")}
        chunks = {each.id: parts.read(each.target) for each in relations if each.kind == "aFChunk"}
    if body is None:
        raise FormatError("not a Word document; save it as .docx in Word and try again.")
    styles, default = _styles(style_sheet)
    return Package(
        body=body,
        styles=styles,
        default_style=default,
        lists=_lists(numbering),
        footnotes=_notes(footnotes, "footnote"),
        endnotes=_notes(endnotes, "endnote"),
        drawings=drawings,
        chunks=chunks,
    )


def is_on(element: Element | None) -> bool:
    """Return whether a property is on, which it also is without a value."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off")


def look_of(properties: Element | None) -> Look:
    """Return the look that the properties of a run, a paragraph or a style give."""
    hidden = [is_on(one) for one in children(properties, "vanish", "strike", "dstrike")]
    if size := attribute(child(properties, "sz"), "val"):
        hidden.append(integer(size, _SMALLEST) < _SMALLEST)
    alignment, colour, lift = (attribute(child(properties, name), "val") for name in ("vertAlign", "color", "position"))
    fill = attribute(child(properties, "shd"), "fill").lower()
    is_shaded = fill not in ("", "auto", "ffffff") or child(properties, "highlight") is not None
    return Look(
        any(hidden) if hidden else None,
        alignment == "superscript" or integer(lift, 0) >= _RAISED if alignment or lift else None,
        colour.lower() == "ffffff" if colour else None,
        is_shaded or None,
    )


def list_place(properties: Element | None) -> tuple[str, int | None]:
    """Return the list and the level that the properties of a paragraph or a style name."""
    numbered = child(properties, "numPr")
    level = attribute(child(numbered, "ilvl"), "val")
    return attribute(child(numbered, "numId"), "val"), int(level) if level.isdecimal() else None


# Parts ---------------------------------------------------------------------------------------------------------------


def _notes(root: Element | None, name: str) -> dict[str, Element]:
    return {attribute(note, "id"): note for note in children(root, name) if not attribute(note, "type")}


# Styles --------------------------------------------------------------------------------------------------------------


def _styles(root: Element | None) -> tuple[dict[str, Style], str]:
    elements = {attribute(style, "styleId"): style for style in children(root, "style")}
    default = next(
        (
            key
            for key, style in elements.items()
            if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on")
        ),
        "",
    )
    return {key: _style(key, elements) for key in elements}, default


def _style(key: str, elements: Mapping[str, Element]) -> Style:
    """Return a style with what it inherits from those that it is based on."""
    names: list[str] = []
    outline, list_id, level = "", "", None
    look = Look()
    seen: set[str] = set()
    while key in elements and key not in seen and len(seen) < MOST_INHERITED:
        seen.add(key)
        element = elements[key]
        properties = child(element, "pPr")
        own_list, own_level = list_place(properties)
        names.append(attribute(child(element, "name"), "val"))
        outline = outline or attribute(child(properties, "outlineLvl"), "val")
        list_id = list_id or own_list
        level = own_level if level is None else level
        look = look.over(look_of(child(element, "rPr")).over(look_of(properties)))
        key = attribute(child(element, "basedOn"), "val")
    is_contents = any(_CONTENTS_STYLE.match(name) for name in names)
    is_heading = outline < "9" if outline else is_heading_style(names)
    return Style(names[0], is_heading and not is_contents, is_contents, list_id, level, look)


# Lists ---------------------------------------------------------------------------------------------------------------


def _lists(root: Element | None) -> dict[str, NumberedList]:
    definitions = {attribute(one, "abstractNumId"): one for one in children(root, "abstractNum")}
    named = {attribute(child(one, "styleLink"), "val"): key for key, one in definitions.items()}
    lists = {}
    for one in children(root, "num"):
        key = attribute(child(one, "abstractNumId"), "val")
        # A definition may point to a style that has the list, and the style to another definition.
        key = named.get(attribute(child(definitions.get(key), "numStyleLink"), "val") or "-", key)
        lists[attribute(one, "numId")] = _numbered_list(key, definitions.get(key), one)
    return lists


def _numbered_list(sequence: str, definition: Element | None, one: Element) -> NumberedList:
    levels = {_index(level): _level(level) for level in children(definition, "lvl")}
    restarts = {}
    for override in children(one, "lvlOverride"):
        index = _index(override)
        if (own := child(override, "lvl")) is not None:
            levels[index] = _level(own)
        if start := attribute(child(override, "startOverride"), "val"):
            restarts[index] = integer(start, 1)
    return NumberedList(sequence, levels, restarts)


def _level(element: Element) -> Level:
    restart = attribute(child(element, "lvlRestart"), "val")
    return Level(
        start=integer(attribute(child(element, "start"), "val"), 1),
        style=attribute(child(element, "numFmt"), "val") or "decimal",
        text=attribute(child(element, "lvlText"), "val"),
        restart=integer(restart, 0) if restart else None,
        legal=is_on(child(element, "isLgl")),
    )


def _index(element: Element) -> int:
    return integer(attribute(element, "ilvl"), 0)
