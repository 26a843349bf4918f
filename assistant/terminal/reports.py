"""Write for a terminal what was asked, and what the documents don't answer."""

import textwrap
from collections.abc import Iterator

from assistant.journeys import NO_OBJECTIVE, Asked
from assistant.terminal.rendering import cited

_WIDTH = 100  # characters
_QUESTIONS = 5  # of a group
_SAID = {"not_in_documents": "not in the documents", NO_OBJECTIVE: "none likely"}


def render_asked(asked: Asked) -> str:
    """Write a report of what was asked."""
    return "\n".join(_lines(asked))


def _lines(asked: Asked) -> Iterator[str]:
    yield f"{asked.total} {'question' if asked.total == 1 else 'questions'}"
    for kind, names in asked.counts.items():
        told = "; ".join(f"{_SAID.get(name, name)} {n}" for name, n in names.items())
        if told:
            yield from textwrap.wrap(f"By {kind}: {told}", _WIDTH, subsequent_indent="  ")
    if not asked.has_questions:
        yield "Only numbers are kept, no questions."
        return
    yield ""
    yield (
        "Not answered, or not helpful" if asked.gaps else "Every question was answered, and no answer called unhelpful."
    )
    for number, gap in enumerate(asked.gaps, start=1):
        yield ""
        yield f"{number}. Asked {gap.count} {'time' if gap.count == 1 else 'times'}"
        for question in gap.questions[:_QUESTIONS]:
            yield from textwrap.wrap(question, _WIDTH, initial_indent="   - ", subsequent_indent="     ")
        if gap.nearest:
            passage = gap.nearest.passage
            yield f"   Nearest: {cited(passage)}"
            text = textwrap.shorten(passage.text[passage.body :], 3 * _WIDTH, placeholder=" …")
            yield from textwrap.wrap(text, _WIDTH, initial_indent="   | ", subsequent_indent="   | ")
