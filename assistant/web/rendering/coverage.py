"""Coverage as HTML: a table of objectives by documents, and the passages of one of its cells."""

from collections.abc import Sequence
from urllib.parse import quote

from assistant.objectives import Coverage
from assistant.records import Hit, Passage
from assistant.web.app import DocumentPage
from assistant.web.rendering.passages import Context
from assistant.web.rendering.templates import render
from assistant.web.rendering.wording import marks_of, short_name

UNTAGGED = "none"  # stands for an objective's number in the address of the passages without one
_MOST_SHOWN = 100  # passages of a cell; more would make the page heavy


def render_coverage(coverage: Coverage, page: DocumentPage, context: Context) -> str:
    """Write the table of a page of the documents with its keys, and the link to the passages without an objective."""
    covered = {number for number, _ in coverage.cells}
    rows = []
    for number, objective in context.objectives.items():
        cells = [
            (coverage.cell(number, source.id), f"coverage/{number}/{quote(source.id, safe='')}")
            for source in page.sources
        ]
        rows.append((objective, cells, number not in covered))
    columns = [(_letter(page.first_shown - 1 + i), source) for i, source in enumerate(page.sources)]
    values = {"rows": rows, "columns": columns, "untagged": len(coverage.untagged), "page": page}
    return render("objectives/coverage.html", context=context, **values)


def render_cell(number: int | None, document: str, coverage: Coverage, context: Context) -> str:
    """Write the passages of a cell, or without a number those without an objective; nothing for an unknown cell."""
    strings = context.strings
    if number is None:
        passages = coverage.untagged
        return _render_passages(
            f"{UNTAGGED}/", strings.text("coverage.untagged"), str(len(passages)), passages, context
        )
    if number not in context.objectives or document not in context.documents:
        return ""
    cell, source = coverage.cell(number, document), context.documents[document].source
    name = short_name(context.objectives[number], strings)
    title = " · ".join((f"{strings.text('objective')} {number}, {name}", source.title, *marks_of(source)))
    counted = strings.text("coverage.cell", stated=len(cell.stated), inferred=len(cell.inferred))
    return _render_passages(f"{number}/{document}", title, counted, cell.stated + cell.inferred, context)


def _render_passages(key: str, title: str, counted: str, passages: Sequence[Passage], context: Context) -> str:
    hits = [Hit(passage, 0.0) for passage in passages[:_MOST_SHOWN]]
    return render(
        "objectives/coverage_cell.html",
        key=key,
        title=title,
        counted=counted,
        hits=hits,
        total=len(passages),
        context=context,
    )


def _letter(i: int) -> str:
    """Return a column's letter, as in a spreadsheet: A to Z, then AA.

    >>> _letter(0), _letter(25), _letter(26)
    ('A', 'Z', 'AA')
    """
    return (_letter(i // 26 - 1) if i >= 26 else "") + chr(ord("A") + i % 26)
