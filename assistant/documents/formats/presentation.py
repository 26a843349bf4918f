"""A PowerPoint presentation becomes blocks: the title of each slide, its texts, tables and diagrams, in their order.

What a slide doesn't show is left out: hidden slides, speakers' notes, and what the layout repeats on each slide, such
as dates and numbers.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import Element

from .blocks import Block, Reading, Title, clean_lines
from .numbering import BULLET, number
from .office import (
    Cell,
    Parts,
    attribute,
    child,
    children,
    drawing_blocks,
    integer,
    local,
    main_part,
    open_parts,
    table_blocks,
)
from .raised import Fragment, joined

_REPEATED = frozenset({"sldNum", "dt", "ftr", "hdr"})
_TITLES = frozenset({"title", "ctrTitle"})
_STYLES = {"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman"}
_OTHERS = {
    folder: f"{found}, not a presentation; name it rightly, or save its text as .docx."
    for folder, found in (("/word/", "a Word document"), ("/xl/", "a spreadsheet"))
}


def read_pptx(path: Path) -> Reading:
    """Read a presentation.

    Raises:
        FormatError: It is damaged, protected, too large or no presentation.
    """
    title = ""
    tables = count(1)
    with open_parts(path, program="PowerPoint") as parts:
        for place, slide in enumerate(_slides(parts), start=1):
            yield None
            tree = parts.tree(slide)
            if attribute(tree, "show") in ("0", "false"):
                continue
            drawings = {
                each.id: each.target for each in parts.relations(slide) if each.kind in ("diagramData", "chart")
            }
            for block in _Slide(parts, drawings, tables).blocks(child(tree, "cSld", "spTree")):
                title = title or (block.text if block.kind == "heading" else "")
                yield Block(block.text, block.kind, place, block.label)
    if title:
        yield Title(title)


def _slides(parts: Parts) -> list[str]:
    """Return the names of the slides, in their order."""
    main = main_part(parts, "/ppt/presentation.xml", called="a presentation", others=_OTHERS)
    targets = {relation.id: relation.target for relation in parts.relations(main)}
    listed = child(parts.tree(main), "sldIdLst")
    keys = [_relation_id(slide) for slide in children(listed, "sldId")]
    return [targets[key] for key in keys if targets.get(key, "") in parts]


def _relation_id(element: Element) -> str:
    """Return the id of the part that an element refers to; it has another id without a namespace, too."""
    return next((value for key, value in element.items() if key.endswith("}id")), "")


class _Slide:
    """The shapes of a slide, in the order in which they are read."""

    def __init__(self, parts: Parts, drawings: dict[str, str], tables: Iterator[int]) -> None:
        self._parts = parts
        self._drawings = drawings
        self._tables = tables

    def blocks(self, tree: Element | None) -> Iterator[Block]:
        """Yield the blocks of a tree of shapes, titles first."""
        shapes = sorted(() if tree is None else tree, key=lambda shape: _placeholder(shape) not in _TITLES)
        for shape in shapes:
            yield from self._shape(shape)

    def _shape(self, shape: Element) -> Iterator[Block]:
        match local(shape):
            case "sp" if _placeholder(shape) not in _REPEATED:
                yield from _text_blocks(child(shape, "txBody"), is_title=_placeholder(shape) in _TITLES)
            case "grpSp":
                yield from self.blocks(shape)
            case "AlternateContent":
                yield from self.blocks(next(children(shape, "Choice", "Fallback"), None))
            case "graphicFrame":
                yield from self._graphic(child(shape, "graphic", "graphicData"))

    def _graphic(self, content: Element | None) -> Iterator[Block]:
        if (table := child(content, "tbl")) is not None:
            rows = [list(_cells(row)) for row in children(table, "tr")]
            yield from table_blocks(rows, lambda cell: _text_blocks(child(cell, "txBody")), self._tables)
        for element in () if content is None else content:
            key = attribute(element, "dm") or _relation_id(element)
            if key in self._drawings:
                yield from drawing_blocks(self._parts.tree(self._drawings[key]))


def _placeholder(shape: Element) -> str:
    """Return the kind of placeholder that a shape fills, if it does."""
    for properties in children(shape, "nvSpPr"):
        return attribute(child(properties, "nvPr", "ph"), "type")
    return ""


def _cells(row: Element) -> Iterator[Cell]:
    for cell in children(row, "tc"):
        if attribute(cell, "hMerge") != "1" and attribute(cell, "vMerge") != "1":
            yield Cell(cell, integer(attribute(cell, "gridSpan"), 1), integer(attribute(cell, "rowSpan"), 1))


# Text ----------------------------------------------------------------------------------------------------------------


def _text_blocks(body: Element | None, *, is_title: bool = False) -> Iterator[Block]:
    counts: dict[int, int] = {}
    for paragraph in children(body, "p"):
        lines = clean_lines(joined(_fragments(paragraph)))
        if is_title and lines:
            yield Block(" ".join(lines), "heading")
        elif lines:
            mark = _mark(child(paragraph, "pPr"), counts)
            lines[0] = f"{mark} {lines[0]}" if mark else lines[0]
            yield from map(Block, lines)


def _fragments(paragraph: Element) -> Iterator[Fragment]:
    for run in paragraph:
        name, properties = local(run), child(run, "rPr")
        if name == "br":
            yield "\n", False
        elif name in ("r", "fld") and attribute(properties, "strike") in ("", "noStrike"):
            text = child(run, "t")
            baseline = attribute(properties, "baseline")
            yield (text.text or "" if text is not None else ""), baseline.isdecimal() and baseline != "0"


def _mark(properties: Element | None, counts: dict[int, int]) -> str:
    """Return the number or the bullet that a paragraph itself says it has."""
    level = integer(attribute(properties, "lvl"), 0)
    for deeper in [each for each in counts if each > level]:
        del counts[deeper]
    numbered = child(properties, "buAutoNum")
    if numbered is None:
        return BULLET if child(properties, "buChar") is not None else ""
    counts[level] = counts.get(level, integer(attribute(numbered, "startAt"), 1) - 1) + 1
    style, _, shape = attribute(numbered, "type").rpartition("P")
    shown = number(counts[level], _STYLES.get(style, "upperRoman" if style == "romanUc" else "decimal"))
    return {"arenBoth": f"({shown})", "arenR": f"{shown})", "eriod": f"{shown}."}.get(shape, shown)
