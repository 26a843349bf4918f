"""A document's words as HTML: to the letter, with its Markdown shown as people expect and its highlights as marks.

Only white space and the signs of Markdown may differ from what is stored. Offsets are code points of the stored text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Literal, TypeAlias

from markupsafe import Markup

from assistant.documents import LINK
from assistant.records import Link, Span

LINE_ENDS = "\n\r\f\v\x85\u2028\u2029"
_GAP = re.compile(rf"(?<!\s)\s*[{LINE_ENDS}]\s*")
_HEADING = re.compile(r"#{1,6}\s+(?=[^\s#])")
_HEADING_END = re.compile(r"(?<!\s)\s+#+\s*\Z")
_BULLET = re.compile(r"[-*•–]\s+(?=\S)")
_BARE_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"]*[^\s<>()\[\]\".,;:!?'’”]", re.IGNORECASE)
_LINK_ATTRIBUTES = Markup('href="{}" target="_blank" rel="noreferrer" aria-describedby="new-window"')
_WEB_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters that are shown alike."""

    shown: str
    is_marked: bool
    address: str = ""


LineKind: TypeAlias = Literal["plain", "heading", "item"]
ShownLine: TypeAlias = tuple[LineKind, tuple[Piece, ...]]


@dataclass(slots=True)
class _Line:
    """A line of the page; it may take several lines of the file."""

    start: int
    end: int
    kind: LineKind = "plain"
    hidden: list[Span] = field(default_factory=list)
    joints: list[Span] = field(default_factory=list)  # line breaks inside a sentence, shown as a space


def read_lines(
    text: str,
    *,
    highlights: Iterable[Span] = (),
    links: Sequence[Link] = (),
    body: int = 0,
    starts_line: bool = True,
    keeps_lines: bool = False,
) -> list[ShownLine]:
    """Return the lines of a piece of a document as people expect them.

    A line break in mid-paragraph (a page break, or an editor's wrapping) is shown as a space.

    Args:
        highlights: Spans of the text to mark.
        links: Targets for links that lost theirs.
        body: Where the paragraph itself begins, after its headings.
        starts_line: Whether the text begins where a line of its document does: a dash there opens an item of a list.
        keeps_lines: Whether each line stands for itself, as on a title page.
    """
    marked = list(highlights)
    lines = _lines(text, body, starts_line=starts_line, keeps_lines=keeps_lines)
    return [(line.kind, tuple(_pieces(text, line, marked, links))) for line in lines]


def render_lines(lines: Sequence[ShownLine], *, goes_on: tuple[bool, bool] = (False, False)) -> Markup:
    """Write lines as HTML, one element each.

    Args:
        goes_on: Whether the paragraph begins before the first, and whether it ends after the last.
    """
    rendered = []
    for i, (kind, pieces) in enumerate(lines):
        classes = ["words-line"]
        classes += [] if kind == "plain" else [f"words-{kind}"]
        classes += ["goes-on-before"] if goes_on[0] and i == 0 else []
        classes += ["goes-on-after"] if goes_on[1] and i == len(lines) - 1 else []
        tag = "strong" if kind == "heading" else "span"
        rendered.append(f'<{tag} class="{" ".join(classes)}">{_runs(pieces)}</{tag}>')
    return Markup("".join(rendered))  # noqa: S704 - `_runs` has escaped the words


def is_web_address(address: str) -> bool:
    """Return whether an address may stand in a link: http or https, nothing that a browser would run."""
    return bool(_WEB_ADDRESS.match(address))


# Lines ---------------------------------------------------------------------------------------------------------------


def _lines(text: str, body: int, *, starts_line: bool, keeps_lines: bool) -> list[_Line]:
    lines: list[_Line] = []
    for start, end in _stretches(text):
        if lines and not keeps_lines and _is_joint(text, lines[-1], start, body):
            lines[-1].joints.append((lines[-1].end, start))
            lines[-1].end = end
        else:
            line = _Line(start, end, "heading" if end <= body else "plain")
            lines.append(_without_signs(text, line) if lines or starts_line else line)
    return lines


def _stretches(text: str) -> Iterator[Span]:
    """Yield the spans between line breaks, without the white space around them."""
    start = len(text) - len(text.lstrip())
    end_of_all = len(text.rstrip())
    for match in _GAP.finditer(text, start, end_of_all):
        yield start, match.start()
        start = match.end()
    if start < end_of_all:
        yield start, end_of_all


def _is_joint(text: str, before: _Line, start: int, body: int) -> bool:
    """Return whether the line that starts here continues the sentence of the line before it."""
    return (
        before.end >= body
        and before.kind != "heading"
        and not _HEADING.match(text, start)
        and not _BULLET.match(text, start)
    )


def _without_signs(text: str, line: _Line) -> _Line:
    """Hide the signs of a heading or of a list's item."""
    if match := _HEADING.match(text, line.start, line.end):
        line.kind = "heading"
        line.hidden.append(match.span())
        if ending := _HEADING_END.search(text, match.end(), line.end):
            line.hidden.append(ending.span())
    elif match := _BULLET.match(text, line.start, line.end):
        line.kind = "item"
        line.hidden.append(match.span())
    return line


# Pieces --------------------------------------------------------------------------------------------------------------


def _pieces(text: str, line: _Line, marked: Sequence[Span], links: Sequence[Link]) -> Iterator[Piece]:
    """Cut a line where hidden signs, a joined line break, a mark or a link begins or ends."""
    hidden = list(line.hidden)
    addressed = [(match.span(), match[0]) for match in _BARE_ADDRESS.finditer(text, line.start, line.end)]
    for match in LINK.finditer(text, line.start, line.end):
        start, end = match.span("label")
        hidden += [(match.start(), start), (end, match.end())]
        addressed.append(((start, end), _address_of(match, text[match.end() : line.end], links)))

    joints = dict(line.joints)
    spans = (*hidden, *line.joints, *marked, *(span for span, _ in addressed))
    edges = {each for span in spans for each in span if line.start < each < line.end}
    edges -= {each for start, end in line.joints for each in range(start + 1, end)}
    for start, end in pairwise(sorted(edges | {line.start, line.end})):
        if _covers(hidden, start):
            continue
        is_joint = start in joints
        is_marked = all(_covers(marked, each) for each in (range(start, end) if is_joint else (start,)))
        address = next((address for span, address in reversed(addressed) if _covers((span,), start)), "")
        yield Piece(" " if is_joint else text[start:end], is_marked, address)


def _covers(spans: Iterable[Span], offset: int) -> bool:
    return any(start <= offset < end for start, end in spans)


def _address_of(match: re.Match[str], following: str, links: Sequence[Link]) -> str:
    words_after = _bare(following)
    for link in links:
        if link.label == match["label"] and words_after.startswith(_bare(link.after)):
            return link.address if is_web_address(link.address) else ""
    return match["target"] if is_web_address(match["target"]) else ""


def _bare(following: str) -> str:
    """Return the words after a link without their line breaks and the colon before them."""
    return " ".join(following.split()).lstrip(": ")


def _runs(pieces: Iterable[Piece]) -> str:
    """Write pieces as HTML, with one element for each link and each run of marked pieces."""
    html = []
    for address, linked in groupby(pieces, key=attrgetter("address")):
        inner = ""
        for is_marked, run in groupby(linked, key=attrgetter("is_marked")):
            words = escape("".join(piece.shown for piece in run))
            inner += f"<mark>{words}</mark>" if is_marked else words
        html.append(f"<a {link_attributes(address)}>{inner}</a>" if address else inner)
    return "".join(html)


def link_attributes(address: str) -> Markup:
    """Return the attributes of a link that leads out of the page; it says that it opens a new window."""
    return _LINK_ATTRIBUTES.format(address)
