"""A Word file -> the parts of its package that matter: its body, styles, lists and notes, as trees.

The package is a ZIP of XML files, whose size in full isn't known before they are unpacked, and isn't believed. This
module knows nothing of what the parts say in words.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from .blocks import FormatError
from .numbering import Level, NumberedList

_MAX_PART = 64_000_000  # bytes of one part, unpacked; 2,000 pages have a fifth of that
_HEADING_STYLE = re.compile(r"(?:heading|title|subtitle|_? ?_ ?h\b|_ ?h_)", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"(?:toc|table of (?:figures|contents))\b.*", re.IGNORECASE)
_OTHERS = (("xl/", "a spreadsheet, not a Word document"), ("ppt/", "a presentation, not a Word document"))


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph's style says of it.

    Attributes:
        list_id: The list that it belongs to, "" for none.
    """

    name: str = ""
    is_heading: bool = False
    is_contents: bool = False
    list_id: str = ""
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a Word file."""

    body: Element
    styles: Mapping[str, Style] = field(default_factory=dict)
    default_style: str = ""
    lists: Mapping[str, NumberedList] = field(default_factory=dict)
    footnotes: Mapping[str, Element] = field(default_factory=dict)
    endnotes: Mapping[str, Element] = field(default_factory=dict)


def open_package(path: Path) -> Package:
    """Unpack a Word file.

    Raises:
        FormatError: It is damaged, protected, too large or no Word document.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _package(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError) as error:
        raise FormatError("damaged, or not all of it is there; get it again, or open and save it in Word.") from error
    except RuntimeError as error:  # zipfile's word for a password
        raise FormatError("needs a password; save it without one and try again.") from error
    except ParseError as error:
        raise FormatError("damaged (its XML isn't well formed); open it in Word, save it and try again.") from error


def local(element: Element) -> str:
    """An element's name without its namespace, of which Word has two for each."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children of a name."""
    if element is not None:
        yield from (child for child in element if local(child) == name)


def child(element: Element | None, *names: str) -> Element | None:
    """The first child of the first name, then its first child of the second, and so on."""
    for name in names:
        element = next(children(element, name), None)
    return element


def attribute(element: Element | None, name: str) -> str:
    """An attribute's value, "" where there is none."""
    if element is not None:
        for key, value in element.items():
            if key.rpartition("}")[2] == name:
                return value
    return ""


def is_on(element: Element | None) -> bool:
    """Whether a property that is either on or off is on: it is when it stands there without a value."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off")


def list_place(properties: Element | None) -> tuple[str, int | None]:
    """The list and the level that a paragraph's or a style's properties name."""
    numbered = child(properties, "numPr")
    level = attribute(child(numbered, "ilvl"), "val")
    return attribute(child(numbered, "numId"), "val"), int(level) if level.isdecimal() else None


# Parts ---------------------------------------------------------------------------------------------------------------


def _package(archive: zipfile.ZipFile) -> Package:
    names = set(archive.namelist())
    main = _main_part(archive, names)
    folder = main.rpartition("/")[0]

    def part(name: str) -> Element | None:
        full = f"{folder}/{name}" if folder else name
        return _tree(archive, full) if full in names else None

    body = child(_tree(archive, main), "body")
    if body is None:
        raise FormatError("not a Word document; save it as .docx in Word and try again.")
    styles, default = _styles(part("styles.xml"))
    return Package(
        body=body,
        styles=styles,
        default_style=default,
        lists=_lists(part("numbering.xml")),
        footnotes=_notes(part("footnotes.xml"), "footnote"),
        endnotes=_notes(part("endnotes.xml"), "endnote"),
    )


def _main_part(archive: zipfile.ZipFile, names: set[str]) -> str:
    main = "word/document.xml"
    if "_rels/.rels" in names:
        for relation in _tree(archive, "_rels/.rels"):
            if attribute(relation, "Type").endswith("/officeDocument"):
                main = attribute(relation, "Target").lstrip("/")
    for folder, message in _OTHERS:
        if main.startswith(folder):
            raise FormatError(f"{message}; save its text as .docx and try again.")
    if main not in names:
        raise FormatError("a ZIP without a Word document in it; unpack it and put its documents into the folder.")
    return main


def _tree(archive: zipfile.ZipFile, name: str) -> Element:
    with archive.open(name) as part:
        content = part.read(_MAX_PART + 1)
    if len(content) > _MAX_PART:
        raise FormatError(f"unpacks to more than {_MAX_PART // 1_000_000} MB of text; split it into parts.")
    if any("<!DOCTYPE".encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
        raise FormatError("damaged (a part of it has a DOCTYPE, which Word never writes); save it again in Word.")
    return fromstring(content)  # noqa: S314 - without a DOCTYPE there are no entities to grow


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
    """A style with what it takes from those that it is based on."""
    names: list[str] = []
    outline, list_id, level = "", "", None
    seen: set[str] = set()
    while key in elements and key not in seen:
        seen.add(key)
        element = elements[key]
        properties = child(element, "pPr")
        own_list, own_level = list_place(properties)
        names.append(attribute(child(element, "name"), "val"))
        outline = outline or attribute(child(properties, "outlineLvl"), "val")
        list_id = list_id or own_list
        level = own_level if level is None else level
        key = attribute(child(element, "basedOn"), "val")
    is_contents = any(_CONTENTS_STYLE.match(name) for name in names)
    is_heading = outline < "9" if outline else any(_HEADING_STYLE.match(name) for name in names)
    return Style(names[0], is_heading and not is_contents, is_contents, list_id, level)


# Lists ---------------------------------------------------------------------------------------------------------------


def _lists(root: Element | None) -> dict[str, NumberedList]:
    definitions = {attribute(one, "abstractNumId"): one for one in children(root, "abstractNum")}
    named = {attribute(child(one, "styleLink"), "val"): key for key, one in definitions.items()}
    lists = {}
    for one in children(root, "num"):
        key = attribute(child(one, "abstractNumId"), "val")
        # A definition may only point to the style that has the list, and the style to the definition.
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
            restarts[index] = _integer(start, 1)
    return NumberedList(sequence, levels, restarts)


def _level(element: Element) -> Level:
    restart = attribute(child(element, "lvlRestart"), "val")
    return Level(
        start=_integer(attribute(child(element, "start"), "val"), 1),
        style=attribute(child(element, "numFmt"), "val") or "decimal",
        text=attribute(child(element, "lvlText"), "val"),
        restart=_integer(restart, 0) if restart else None,
        legal=is_on(child(element, "isLgl")),
    )


def _index(element: Element) -> int:
    return _integer(attribute(element, "ilvl"), 0)


def _integer(written: str, default: int) -> int:
    return int(written) if written.isdecimal() and len(written) < 7 else default
