"""The compact page that the widget frames: a question box, the conversation above it, a link to the full page."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.records import Answer, Objective, Source
from assistant.settings import MAX_QUESTION
from assistant.web.app import following_device
from assistant.web.rendering import Context, Example, Strings, Turn, announcement, render, render_filter, render_turn

THEMES = ("light", "dark")
_EXAMPLES = 3  # questions to start with; the panel is small

# The parts of the page's stylesheet that the compact page needs, by the words that begin their titles.
_PARTS = ("Tokens", "Ground", "Controls", "Question", "Passage", "Objective", "States", "Motion")
_PART_TITLE = re.compile(r"^/\* \d+ (?=[A-Z][^\n]*-{3} \*/$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Wish:
    """The wishes of the page that shows the widget.

    Attributes:
        objectives: Those that the search is narrowed to; none for all passages.
        theme: One of THEMES; empty to leave it to the device.
        question: Asked at once; empty for none.
    """

    objectives: frozenset[int] = frozenset()
    theme: str = ""
    question: str = ""


def render_compact_page(
    strings: Strings,
    wish: Wish,
    *,
    style: str,
    script: str,
    objectives: Mapping[int, Objective],
    sources: Sequence[Source] = (),
    examples: Iterable[Example] = (),
) -> str:
    """Write the whole page.

    Args:
        style: Address of its stylesheet.
        script: Address of its script.
        objectives: The table of the 23, by number, as far as it is known.
        sources: The documents with text, likewise.
        examples: Questions to start with, each with the number of its objective, if any.
    """
    return render(
        "widget/page.html",
        strings=strings,
        theme=wish.theme,
        question=wish.question,
        numbers=sorted(wish.objectives),
        objectives=objectives,
        filter=render_filter(tuple(objectives.values()), strings, sources=sources, finds=False) if objectives else "",
        examples=_fitting(examples, wish.objectives),
        style=style,
        script=script,
        full_page=full_page(strings),
        most_characters=MAX_QUESTION,
    )


def _fitting(examples: Iterable[Example], objectives: Collection[int]) -> Sequence[Example]:
    """Return the last examples on the chosen objectives, or of all where none is chosen."""
    return [each for each in examples if not objectives or each[0] in objectives][-_EXAMPLES:]


def full_page(strings: Strings) -> str:
    """Return the address of the full page, relative to the compact one.

    >>> full_page(Strings("fr", {}))
    './?lang=fr'
    """
    return f"./?lang={strings.language}"


def render_compact_turn(turn: Turn, answer: Answer, context: Context, *, number: int) -> str:
    """Write a question with its answer; the passages are folded, and lead to the full page."""
    context = replace(context, page=full_page(context.strings))
    html = render_turn(turn, context, number=number, is_folded=True)
    return render("widget/turn.html", turn=html, status=answer.status, spoken=announcement(turn, context))


def compact_style(page: str, own: str) -> str:
    """Put the compact page's stylesheet together from parts of the full page's and its own.

    The compact page follows the device where it isn't told otherwise, and has to do so before any script runs.

    Args:
        page: The full page's stylesheet.
        own: What the compact page adds.
    """
    _, *parts = _PART_TITLE.split(page)
    kept = "\n".join(part.partition("\n")[2].strip() for part in parts if part.startswith(_PARTS))
    return following_device(kept) + "\n" + own
