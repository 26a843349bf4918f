"""A tree of HTML elements becomes blocks: paragraphs, items with the numbers that a browser shows, rows and notes.

The walk through the tree isn't recursive, so that no depth of nesting can exhaust the stack.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborNode

from ..blocks import Block, BlockKind, clean, clean_lines
from ..numbering import BULLET, number
from ..raised import Fragment, joined
from ..tables import Grid

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form"
    " header hr legend li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_BOLD = frozenset({"b", "strong"})
_STYLES = {"a": "lowerAlphabet", "A": "upperAlphabet", "i": "lowerRoman", "I": "upperRoman"}
_STYLE_TYPES = {"lower-alpha": "lowerAlphabet", "lower-latin": "lowerAlphabet", "lower-roman": "lowerRoman"}
_OWN_MARK = re.compile(r"(?:\(\w{1,4}\)|\d{1,3}(?:\.\d{1,3})*[.)]|[a-z][.)]|[-*•–])\s")
_REFERENCE = re.compile(r"\[?(?:\d{1,3}|[a-z*†‡])\]?|↩.?|\^")
_NOTES_NAME = re.compile(r"(?:^|[\s_-])(?:foot|end)-?notes?(?:$|[\s_-])", re.IGNORECASE)
_NOTE_ID = re.compile(r"_?(?:ftn|edn|fn|footnote|endnote)[-_:]?(\d{1,4})", re.IGNORECASE)
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*(?:super|text-top)\b", re.IGNORECASE)
_ALL_ROWS = 1000  # that a cell reaches into whose rowspan is 0: those of the rest of its table
_MARK_NODES = 20  # of a note's mark
_HEADING_WORDS = 12  # a longer paragraph in bold is emphasised text


@dataclass(slots=True)
class _List:
    style: str = ""  # "" for bullets
    next: int = 1
    step: int = 1


@dataclass(slots=True)
class _Table:
    label: str
    grid: Grid = field(default_factory=Grid)
    cell: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Walk:
    """The state of a walk through a tree."""

    pieces: list[Fragment] = field(default_factory=list)  # of the current paragraph
    raised: int = 0  # depth of raised elements
    plain: int = 0  # characters of it that aren't bold
    bold: int = 0  # depth of bold elements
    mark: str = ""  # the number or bullet of an item whose first words are still to come
    heading: bool = False
    preformatted: int = 0
    lists: list[_List] = field(default_factory=list)
    tables: int = 0
    table: _Table | None = None
    notes: list[LexborNode] = field(default_factory=list)  # the surrounding elements that hold notes
    note_label: str = ""
    note_count: int = 0
    kept_notes: list[Block] = field(default_factory=list)


def blocks_of(root: LexborNode) -> Iterator[Block]:
    """Yield the blocks of a tree, notes last."""
    walk = _Walk()
    for node, entering in steps(root, skipping=_is_reference):
        yield from _enter(walk, node) if entering else _leave(walk, node)
    yield from _flushed(walk)
    yield from walk.kept_notes


def steps(root: LexborNode, *, skipping: Callable[[LexborNode], bool] | None) -> Iterator[tuple[LexborNode, bool]]:
    """Yield every node twice, when it is entered and when it is left; leave out those that are skipped."""
    node: LexborNode | None = root
    depth = 0
    while node is not None:
        skipped = skipping is not None and depth > 0 and skipping(node)
        if not skipped:
            yield node, True
        inner = None if skipped else node.child
        if inner is not None:
            node, depth = inner, depth + 1
            continue
        if not skipped:
            yield node, False
        while depth and node.next is None:
            parent = node.parent
            if parent is None:
                return
            node, depth = parent, depth - 1
            yield node, False
        if not depth:
            return
        node = node.next


def _is_reference(node: LexborNode) -> bool:
    """Return whether this is a mark in the text that links to a note, or back from it."""
    if node.tag == "a":
        return "#" in (node.attributes.get("href") or "") and _is_mark(node)
    return node.tag == "sup" and _is_mark(node) and node.css_first("a", default=None) is not None


def _is_mark(node: LexborNode) -> bool:
    """Return whether an element of a few nodes at the most holds what may be a note's mark."""
    inside = list(islice(node.traverse(include_text=True), _MARK_NODES + 1))
    return len(inside) <= _MARK_NODES and bool(_REFERENCE.fullmatch(clean(node.text())))


# Entering and leaving -------------------------------------------------------------------------------------------------


def _enter(walk: _Walk, node: LexborNode) -> Iterator[Block]:
    tag = node.tag or ""
    if node.is_text_node:
        _add(walk, node.text_content or "")
    elif tag == "br":
        walk.pieces.append(("\n", False))
    elif tag in _BOLD:
        walk.bold += 1
    elif tag == "mfrac" or _is_second_of(node, "mfrac"):
        walk.pieces.append((" " if tag == "mfrac" else "/", False))
    elif _is_raised(node):
        walk.raised += 1
    elif tag in _BLOCKS:
        yield from _flushed(walk)
        _enter_block(walk, node, tag)


def _enter_block(walk: _Walk, node: LexborNode, tag: str) -> None:
    if tag in _HEADINGS:
        walk.heading = True
    elif tag == "pre":
        walk.preformatted += 1
    elif tag in ("ul", "ol"):
        walk.lists.append(_list(node, tag))
    elif tag == "li":
        walk.mark = _item_mark(walk, node)
    elif tag == "table" and walk.table is None and _is_data_table(node):
        walk.tables += 1
        walk.table = _Table(f"table {walk.tables}")
    _enter_notes(walk, node)


def _leave(walk: _Walk, node: LexborNode) -> Iterator[Block]:
    tag = node.tag or ""
    if tag in _BOLD:
        walk.bold = max(walk.bold - 1, 0)
    elif _is_raised(node):
        walk.raised -= 1
    elif tag in _BLOCKS:
        yield from _flushed(walk)
        yield from _leave_block(walk, node, tag)


def _leave_block(walk: _Walk, node: LexborNode, tag: str) -> Iterator[Block]:
    if tag in _HEADINGS:
        walk.heading = False
    elif tag == "pre":
        walk.preformatted -= 1
    elif tag in ("ul", "ol") and walk.lists:
        walk.lists.pop()
    elif tag == "li":
        walk.mark = ""
    elif walk.table is not None:
        yield from _leave_table_part(walk, walk.table, node, tag)
    if walk.notes and walk.notes[-1].mem_id == node.mem_id:
        walk.notes.pop()


def _leave_table_part(walk: _Walk, table: _Table, node: LexborNode, tag: str) -> Iterator[Block]:
    text = " ".join(table.cell)
    if tag in ("td", "th", "caption"):
        table.cell = []
    if tag in ("td", "th"):
        columns, rows = (_integer(node.attributes.get(name), 1) for name in ("colspan", "rowspan"))
        table.grid.add(text, columns=columns, rows=rows or _ALL_ROWS)
    elif tag == "tr" and (row := table.grid.end_row()):
        yield Block(row, "row", label=table.label)
    elif tag == "caption" and text:
        yield Block(text)
    elif tag == "table":
        walk.table = None


# Text -----------------------------------------------------------------------------------------------------------------


def _add(walk: _Walk, text: str) -> None:
    walk.pieces.append((text if walk.preformatted else text.replace("\n", " "), walk.raised > 0))
    if not walk.bold:
        walk.plain += len(text.strip())


def _flushed(walk: _Walk) -> Iterator[Block]:
    """End the current paragraph, and yield its blocks."""
    text = joined(walk.pieces)
    is_bold = not walk.plain
    walk.pieces.clear()
    walk.plain = 0
    lines = clean_lines(text)
    if not lines:
        return
    if walk.table is not None:
        walk.table.cell.extend(lines)
        return
    if walk.heading:
        lines = [" ".join(lines)]
    if walk.mark:
        lines[0] = lines[0] if _OWN_MARK.match(lines[0]) else f"{walk.mark} {lines[0]}"
        walk.mark = ""
    if walk.notes:
        walk.kept_notes.append(_note(walk, " ".join(lines)))
        return
    kind: BlockKind = "heading" if walk.heading or (is_bold and _may_be_heading(lines)) else "paragraph"
    yield from (Block(line, kind) for line in lines)


def _is_raised(node: LexborNode) -> bool:
    """Return whether an element raises its characters; in a formula's power the second part is raised."""
    if node.tag in ("span", "font", "a", "i", "em", "small"):
        return _RAISED_STYLE.search(node.attributes.get("style") or "") is not None
    return node.tag == "sup" or _is_second_of(node, "msup")


def _is_second_of(node: LexborNode, formula: str) -> bool:
    """Return whether this is the second part of a formula of two parts."""
    if not node.is_element_node or node.parent is None or node.parent.tag != formula:
        return False
    before = node.prev
    while before is not None and not before.is_element_node:
        before = before.prev
    return before is not None


def _may_be_heading(lines: list[str]) -> bool:
    return (
        len(lines) == 1
        and len(lines[0].split()) <= _HEADING_WORDS
        and lines[0][-1] not in ".:;,"
        and not _OWN_MARK.match(lines[0])
    )


# Lists, tables, notes -------------------------------------------------------------------------------------------------


def _list(node: LexborNode, tag: str) -> _List:
    if tag == "ul":
        return _List()
    attributes = node.attributes
    style = _STYLES.get(attributes.get("type") or "", "decimal")
    looks = (attributes.get("style") or "").replace(" ", "").lower()
    for name, style_of_type in _STYLE_TYPES.items():
        if f"list-style-type:{name}" in looks or f"list-style:{name}" in looks:
            style = style_of_type
    if "list-style-type:none" in looks or "list-style:none" in looks:
        return _List()
    items = sum(child.tag == "li" for child in node.iter())
    is_reversed = "reversed" in attributes
    start = _integer(attributes.get("start"), items if is_reversed else 1)
    return _List(style, start, -1 if is_reversed else 1)


def _item_mark(walk: _Walk, node: LexborNode) -> str:
    if not walk.lists or not walk.lists[-1].style:
        return BULLET
    inside = walk.lists[-1]
    inside.next = _integer(node.attributes.get("value"), inside.next)
    count = inside.next
    inside.next += inside.step
    return f"{number(count, inside.style)}."


def _integer(written: str | None, default: int) -> int:
    match = re.fullmatch(r"\s*([+-]?\d{1,6})\s*", written or "")
    return int(match[1]) if match else default


def _is_data_table(node: LexborNode) -> bool:
    """Return whether a table holds data, and doesn't only lay out a page."""
    if node.attributes.get("role") in ("presentation", "none"):
        return False
    if node.css_first("table table, h1, h2, h3, h4, h5, h6", default=None) is not None:
        return False
    rows = node.css("tr")
    return len(rows) > 1 and max(sum(cell.tag in ("td", "th") for cell in row.iter()) for row in rows) > 1


def _enter_notes(walk: _Walk, node: LexborNode) -> None:
    attributes = node.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    role = attributes.get("role") or ""
    own = _NOTE_ID.fullmatch(attributes.get("id") or "")
    if role in ("doc-endnotes", "doc-footnote") or own or _NOTES_NAME.search(named):
        walk.notes.append(node)
    if walk.notes and (own or node.tag == "li"):
        walk.note_count = int(own[1]) if own else walk.note_count + 1
        walk.note_label = f"footnote {walk.note_count}"


def _note(walk: _Walk, text: str) -> Block:
    """Return a note; a heading over the notes, or text between them, belongs to the one before."""
    return Block(text, "note", label=walk.note_label or "footnote")
