"""Office files: ZIPs of XML files, with relationships, styles and tables, as Word and OpenDocument write them.

What a part unpacks to isn't known beforehand, and what the ZIP says of it isn't believed: each part is read up to a
limit. Entities can't grow, because a part that could declare any is refused.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from posixpath import join, normpath
from typing import BinaryIO
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, fromstring

from .blocks import Block, FormatError, clean
from .tables import Grid

_MAX_PART = 64_000_000  # bytes of one part, unpacked; 2,000 pages have a fifth of that

MOST_INHERITED = 20  # styles, each based on the next; Word itself allows fewer
_LAYOUT_WORDS = 250  # a cell with more is part of a page's layout, not of a table
_HEADING_STYLE = re.compile(r"(?:heading|title|subtitle|_? ?_ ?h\b|_ ?h_)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part to another one, which it refers to by an id."""

    id: str
    kind: str  # the last word of its type: "styles", "image"
    target: str  # the name of the other part


class Parts:
    """The files inside a ZIP, by names that are alike in upper and lower case, with "/" between folders."""

    def __init__(self, archive: zipfile.ZipFile, program: str) -> None:
        self.program = program  # that writes such files, as messages name it
        self._archive = archive
        self._names = {_plain_name(name): name for name in archive.namelist()}

    def __contains__(self, name: str) -> bool:
        return _plain_name(name) in self._names

    def read(self, name: str) -> bytes:
        """Read a part.

        Raises:
            FormatError: It unpacks to more than the limit.
        """
        with self._archive.open(self._names[_plain_name(name)]) as part:
            content = part.read(_MAX_PART + 1)
        if len(content) > _MAX_PART:
            raise FormatError(f"unpacks to more than {_MAX_PART // 1_000_000} MB of text; split it into parts.")
        return content

    def tree(self, name: str) -> Element:
        """Read a part as XML.

        Raises:
            FormatError: It is too large, or declares a document type.
        """
        return parse_xml(self.read(name), program=self.program)

    def tree_if_there(self, name: str) -> Element | None:
        """Read a part as XML; None if the file has no such part."""
        return self.tree(name) if name in self else None

    def relations(self, name: str) -> list[Relation]:
        """Return the relationships of a part to others in the file; of the whole file for an empty name."""
        folder, _, file = name.rpartition("/")
        relations = []
        for element in children(self.tree_if_there(f"{folder}/_rels/{file}.rels"), "Relationship"):
            kind = attribute(element, "Type").rpartition("/")[2]
            target = unquote(attribute(element, "Target")).replace("\\", "/")
            if attribute(element, "TargetMode") != "External":
                relations.append(Relation(attribute(element, "Id"), kind, normpath(join("/", folder, target))))
        return relations


def main_part(parts: Parts, usual: str, *, called: str, others: Mapping[str, str]) -> str:
    """Return the name of the part that a file of Microsoft's formats begins with.

    Args:
        usual: Its name in a file that doesn't say.
        called: What messages call such a file: "a Word document".
        others: The message for a file of another program, by the folder of its main part.

    Raises:
        FormatError: It is a file of another program, or has no such part.
    """
    mains = [relation.target for relation in parts.relations("") if relation.kind == "officeDocument"]
    main = mains[-1] if mains else usual
    for folder, message in others.items():
        if main.startswith(folder):
            raise FormatError(message)
    if main not in parts:
        raise FormatError(f"a ZIP without {called} in it; unpack it and put its documents into the folder.")
    return main


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").strip("/").lower()


def parse_xml(content: bytes, *, program: str) -> Element:
    """Read XML that a program has written.

    Raises:
        FormatError: It declares a document type, and so might declare entities that grow.
    """
    if any("<!DOCTYPE".encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
        raise FormatError(
            f"damaged (a part of it has a DOCTYPE, which {program} never writes); save it again in {program}."
        )
    return fromstring(content)  # noqa: S314 - without a DOCTYPE there are no entities to grow


@contextmanager
def open_parts(file: Path | BinaryIO, *, program: str) -> Iterator[Parts]:
    """Open a ZIP, and say in words what is wrong with it.

    Raises:
        FormatError: It, or a part that is read while it is open, is damaged or protected.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            yield Parts(archive, program)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError) as error:
        raise FormatError(
            f"damaged, or not all of it is there; get it again, or open and save it in {program}."
        ) from error
    except RecursionError:
        raise
    except RuntimeError as error:  # zipfile's word for a password
        raise FormatError("needs a password; save it without one and try again.") from error
    except ParseError as error:
        raise FormatError(
            f"damaged (its XML isn't well formed); open it in {program}, save it and try again."
        ) from error


# Elements, by their names without namespaces --------------------------------------------------------------------------


def local(element: Element) -> str:
    """Return an element's name without its namespace, of which Word has two for each name."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield the children that have one of the names."""
    if element is not None:
        yield from (child for child in element if local(child) in names)


def child(element: Element | None, *names: str) -> Element | None:
    """Return the first child of the first name, then its first child of the second name, and so on."""
    for name in names:
        element = next(children(element, name), None)
    return element


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute's value; nothing where there is none."""
    if element is not None:
        for key, value in element.items():
            if key.rpartition("}")[2] == name:
                return value
    return ""


def integer(written: str, default: int) -> int:
    """Return a number of at most six digits; the default for anything else."""
    return int(written) if written.isdecimal() and len(written) < 7 else default


def is_heading_style(names: Iterable[str]) -> bool:
    """Return whether a style is one of headings, by its name or by those of the styles that it inherits from."""
    return any(_HEADING_STYLE.match(name) for name in names)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, and how many columns and rows it takes."""

    element: Element
    columns: int = 1
    rows: int = 1
    is_below: bool = False  # it is the part of a cell that reaches down from the row above


def table_blocks(
    rows: Sequence[Sequence[Cell]], read_cell: Callable[[Element], Iterator[Block]], numbers: Iterator[int]
) -> Iterator[Block]:
    """Yield the rows of a table, which takes the next of the numbers; of a page's layout, what its cells hold."""
    cells = [cell.element for row in rows for cell in row if not cell.is_below]
    if len(rows) < 2 or max(map(len, rows)) < 2 or any(map(_is_layout, cells)):
        for cell in cells:
            yield from read_cell(cell)
        return
    label = f"table {next(numbers)}"
    grid = Grid()
    for row in rows:
        for each in row:
            if each.is_below:
                grid.add_from_above(columns=each.columns)
            else:
                text = " ".join(block.text for block in read_cell(each.element))
                grid.add(text, columns=each.columns, rows=each.rows)
        if text := grid.end_row():
            yield Block(text, "row", label=label)


def drawing_blocks(drawing: Element) -> Iterator[Block]:
    """Yield the texts of a diagram or a chart."""
    for paragraph in drawing.iter():
        if local(paragraph) == "p" and (text := clean("".join(texts_in(paragraph)))):
            yield Block(text)


def texts_in(element: Element) -> Iterator[str]:
    """Yield the texts of the runs in an element, at any depth."""
    return (one.text or "" for one in element.iter() if local(one) == "t")


def _is_layout(cell: Element) -> bool:
    if any(local(one) in ("tbl", "table") for one in cell.iter()):
        return True
    return len(" ".join(cell.itertext()).split()) > _LAYOUT_WORDS
