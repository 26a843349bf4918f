"""Write for a terminal which documents there are, and what was read of a new one."""

import textwrap
from collections.abc import Iterable

from assistant.journeys import Waiting
from assistant.records import Source

_WIDTH = 100  # columns


def render_holdings(sources: Iterable[Source]) -> str:
    """Return a line for each document: its id, its file, and its title where the corpus gives one."""
    return "\n".join("  ".join(filter(None, (each.id, each.file, each.title))) for each in sources)


def render_waiting(waiting: Waiting) -> str:
    """Return the facts of a document that waits, and the beginning of each paragraph behind its locator."""
    document, source = waiting.document, waiting.document.source
    facts = {"File": source.file, "Title": source.title, "Symbol": source.symbol, "Date": source.date}
    lines = [f"{name}: {value or 'unknown'}" for name, value in facts.items()]
    lines += [f"Language: {source.language}", f"{len(document.paragraphs)} paragraphs", ""]
    for each in document.paragraphs:
        words = " ".join(document.text[each.start : each.end].split())
        lines.append(textwrap.shorten(f"{each.locator}: {words}", _WIDTH, placeholder=" …"))
    return "\n".join((*lines, ""))
