"""Coverage -> HTML: a table of objectives by documents, and the passages of one of its cells.

Pure functions of records; whatever comes from a document is escaped. This module knows nothing of Gradio or of the page
around the table.
"""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from assistant.objectives import Cell, Coverage
from assistant.records import Document, Hit, Objective, Passage
from assistant.web.rendering.cards import Context, objective_attributes, render_cards, render_plate, short_name
from assistant.web.rendering.strings import Strings

UNTAGGED = "none"  # stands for an objective's number in the address of the passages without one
_MOST_SQUARES = 8  # beyond that they can't be counted at a glance, and the number says it alone
_MOST_SHOWN = 100  # passages of a cell; more would make the page heavy


def render_coverage(coverage: Coverage, context: Context) -> str:
    """Write the table with its keys, and the link to the passages without an objective."""
    strings, documents = context.strings, tuple(context.documents.values())
    head = "".join(_column(i, document, strings) for i, document in enumerate(documents))
    rows = "".join(_row(each, coverage, documents, strings) for each in context.objectives.values())
    untagged = f"{strings.text('coverage.untagged')} ({len(coverage.untagged)})"
    link = (
        f'<a href="#coverage/{UNTAGGED}">{escape(untagged)}</a>'
        if coverage.untagged
        else escape(strings.text("coverage.all_tagged"))
    )
    return (
        '<div class="coverage-view">'
        f'<h2 id="coverage-title" tabindex="-1">{escape(strings.text("coverage.title"))}</h2>'
        f'<p class="quiet">{escape(strings.text("coverage.help"))}</p>{_legend(documents, strings)}'
        '<div class="table-scroll" tabindex="0" role="region" aria-labelledby="coverage-title">'
        f'<table class="table coverage"><thead><tr><th scope="col">{escape(strings.text("objective"))}</th>{head}</tr>'
        f'</thead><tbody>{rows}</tbody></table></div><p class="links">{link}</p></div>'
    )


def render_cell(number: int | None, document: str, coverage: Coverage, context: Context) -> str:
    """Write the passages of a cell, or with no number those without an objective; nothing where there are none."""
    strings = context.strings
    if number is None:
        title, passages = strings.text("coverage.untagged"), coverage.untagged
        return _passages(title, str(len(passages)), passages, f"{UNTAGGED}/", context)
    if number not in context.objectives or document not in context.documents:
        return ""
    cell = coverage.cell(number, document)
    objective, source = context.objectives[number], context.documents[document].source
    title = f"{strings.text('objective')} {number}, {short_name(objective, strings)} · {source.title}"
    return _passages(title, _heard(cell, strings), cell.stated + cell.inferred, f"{number}/{document}", context)


def _passages(title: str, counted: str, passages: Sequence[Passage], key: str, context: Context) -> str:
    strings, shown = context.strings, passages[:_MOST_SHOWN]
    cards = render_cards([Hit(passage, 0.0) for passage in shown], context, "cell", level=4)
    cut = strings.text("coverage.first", shown=len(shown), total=len(passages)) if len(shown) < len(passages) else ""
    content = cards if passages else f"<p>{escape(strings.text('coverage.gap'))}</p>"
    return (
        f'<section class="passages" aria-labelledby="cell-title" data-cell="{escape(key)}">'
        f'<h3 id="cell-title" tabindex="-1">{escape(title)}</h3>'
        f'<p class="small quiet">{escape(" · ".join(filter(None, (counted, cut))))}</p>'
        f'{content}<p class="links"><a href="#coverage">{escape(strings.text("coverage.back"))}</a></p></section>'
    )


def _legend(documents: Sequence[Document], strings: Strings) -> str:
    keys = "".join(
        f'<li><strong>{_key(i)}</strong> <span lang="{escape(source.language)}">{escape(source.title)}</span></li>'
        for i, source in enumerate(document.source for document in documents)
    )
    return (
        '<ul class="legend" data-objective="7">'
        f'<li><span class="square" aria-hidden="true"></span>{escape(strings.text("stated"))}</li>'
        f'<li><span aria-hidden="true">+ </span><span class="square is-hollow" aria-hidden="true"></span>'
        f"{escape(strings.text('inferred'))}</li>"
        f'<li><span aria-hidden="true">–</span>{escape(strings.text("coverage.gap"))}</li></ul>'
        f'<ul class="legend legend-documents">{keys}</ul>'
    )


def _column(i: int, document: Document, strings: Strings) -> str:
    source = document.source
    digest = f" ({strings.text('digest.short')})" if source.kind == "digest" else ""
    return (
        f'<th scope="col"><span class="document-key" aria-hidden="true">{_key(i)}</span>'
        f'<span class="document-name"><span lang="{escape(source.language)}">{escape(source.title)}</span>'
        f"{escape(digest)}</span></th>"
    )


def _key(i: int) -> str:
    """A column's letter, as in a spreadsheet: A to Z, then AA.

    >>> _key(0), _key(25), _key(26)
    ('A', 'Z', 'AA')
    """
    return (_key(i // 26 - 1) if i >= 26 else "") + chr(ord("A") + i % 26)


def _row(objective: Objective, coverage: Coverage, documents: Sequence[Document], strings: Strings) -> str:
    cells = [coverage.cell(objective.number, document.id) for document in documents]
    gap = ' class="is-gap"' if all(cell.is_gap for cell in cells) else ""
    written = "".join(
        _cell(cell, f"#coverage/{objective.number}/{quote(document.id, safe='')}", strings)
        for cell, document in zip(cells, documents, strict=True)
    )
    return (
        f'<tr {objective_attributes(objective)}{gap}><th scope="row">'
        f'<span class="objective-line" {objective_attributes(objective)}>{render_plate(objective.number)}'
        f'<span><span class="visually-hidden">{objective.number} </span>{escape(short_name(objective, strings))}</span>'
        f"</span></th>{written}</tr>"
    )


def _cell(cell: Cell, address: str, strings: Strings) -> str:
    if cell.is_gap:
        heard = escape(strings.text("coverage.gap"))
        return f'<td class="gap"><span aria-hidden="true">–</span><span class="visually-hidden">{heard}</span></td>'
    stated, inferred = len(cell.stated), len(cell.inferred)
    seen = " ".join([str(stated)] * bool(stated) + [f"+ {inferred}"] * bool(inferred))
    squares = '<span class="square"></span>' * stated + '<span class="square is-hollow"></span>' * inferred
    if stated + inferred > _MOST_SQUARES:
        squares = ""
    return (
        f'<td><a href="{escape(address)}"><span class="visually-hidden">{escape(_heard(cell, strings))}</span>'
        f'<span aria-hidden="true">{seen}</span><span class="squares" aria-hidden="true">{squares}</span></a></td>'
    )


def _heard(cell: Cell, strings: Strings) -> str:
    return strings.text("coverage.cell", stated=len(cell.stated), inferred=len(cell.inferred))
