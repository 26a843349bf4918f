"""What the widget's frame shows -> HTML: a question box, the conversation above it, a link to the full page.

Pure functions; whatever comes from an address or a document is escaped. This module knows nothing of HTTP.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from assistant.records import Answer, Objective
from assistant.web.rendering import (
    Context,
    Strings,
    Turn,
    announcement,
    link_attributes,
    names_of,
    render_ask_button,
    render_examples,
    render_pending,
    render_problem,
    render_turn,
)

THEMES = ("light", "dark")
_EXAMPLES = 3  # questions to start with; the panel is small

# The parts of the page's stylesheet that the compact page needs, by the words that begin their titles.
_PARTS = ("Tokens", "Ground", "Controls", "Question", "Passage", "Objective", "States", "Motion")
_PART_TITLE = re.compile(r"^/\* \d+ (?=[A-Z][^\n]*-{3} \*/$)", re.MULTILINE)
_DARK = re.compile(r'^:root\[data-theme="dark"\] (\{.*?^\})', re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the page that shows the widget asked for.

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
    examples: Iterable[tuple[int | None, str]] = (),
) -> str:
    """Write the whole page.

    Args:
        style: Address of its stylesheet.
        script: Address of its script.
        objectives: The table of the 23, by number, as far as it is known.
        examples: Questions to start with, each with the number of its objective, if any.
    """
    title = escape(strings.text("widget.title"))
    theme = f' data-theme="{wish.theme}"' if wish.theme in THEMES else ""
    return (
        f'<!doctype html><html lang="{escape(strings.language)}" dir="{strings.direction}"{theme}><head>'
        '<meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{escape(style)}">'
        f'<script src="{escape(script)}" defer></script></head><body class="html-container"><main>'
        f'<div class="log"><h1 class="visually-hidden" id="title" tabindex="-1">{title}</h1>'
        f"{_intro(strings, wish, objectives, examples)}"
        f'<div class="conversation" id="conversation"></div>{_waiting(strings)}</div>'
        f"{_question_box(strings, wish)}"
        f'<span id="new-window" hidden>{escape(strings.text("new_window"))}</span>'
        '<div role="status" class="visually-hidden" id="live"></div></main></body></html>'
    )


def _intro(
    strings: Strings,
    wish: Wish,
    objectives: Mapping[int, Objective],
    examples: Iterable[tuple[int | None, str]],
) -> str:
    narrowed = ""
    if wish.objectives:
        names = f"{strings.text('filter')}{strings.colon}{names_of(wish.objectives, objectives, strings)}"
        button = f'<button type="button" class="text-action" data-all>{escape(strings.text("filter.clear"))}</button>'
        narrowed = f'<p class="narrowed" id="narrowed"><span>{escape(names)}</span>{button}</p>'
    shown = render_examples(_fitting(examples, wish.objectives), strings)
    return f'<div class="intro" id="intro"><p>{escape(strings.text("promise"))}</p>{narrowed}{shown}</div>'


def _fitting(
    examples: Iterable[tuple[int | None, str]], objectives: Collection[int]
) -> Sequence[tuple[int | None, str]]:
    """The examples on the chosen objectives; without a choice, the last ones."""
    return [each for each in examples if not objectives or each[0] in objectives][-_EXAMPLES:]


def _waiting(strings: Strings) -> str:
    """What stands after the conversation while a question has no answer; the page's script shows what holds."""
    return f'<div id="waiting" hidden>{render_pending(strings)}<div id="outcome"></div></div>'


def _question_box(strings: Strings, wish: Wish) -> str:
    numbers = ",".join(map(str, sorted(wish.objectives)))
    full = link_attributes(full_page(strings))
    return (
        # Without its script, a question goes to the full page.
        f'<form id="ask" action="./" target="_blank" data-objectives="{numbers}" '
        f'data-question="{escape(wish.question)}"><label class="label" for="question">'
        f"{escape(strings.text('question.label'))}</label>"
        '<div class="row"><textarea class="field" id="question" name="q" rows="1" dir="auto" maxlength="2000" '
        'enterkeyhint="send" autocomplete="off"></textarea>'
        f'<button class="button button-main" id="send">{escape(strings.text("ask"))}</button></div>'
        f'<p class="below"><a {full}>{escape(strings.text("widget.full"))}</a> '
        f"<span>{escape(strings.text('privacy'))}</span></p></form>"
    )


def full_page(strings: Strings) -> str:
    """Where the full page is, as seen from the compact one.

    >>> full_page(Strings("fr", {}))
    './?lang=fr'
    """
    return f"./?lang={strings.language}"


def render_compact_turn(turn: Turn, answer: Answer, context: Context, *, number: int) -> str:
    """Write a question with its answer; the passages are folded, and lead to the full page."""
    context = replace(context, page=full_page(context.strings))
    html = render_turn(turn, context, number=number, is_folded=True)
    live = escape(announcement(turn, context))
    return f'<div class="exchange" data-status="{answer.status}" data-live="{live}">{html}</div>'


def render_failure(question: str, problem: str, strings: Strings) -> str:
    """Say why the documents can't be opened, with a button that asks again."""
    again = render_ask_button(question, strings.text("ask_again"), classes="button")
    return render_problem(strings.text("problem"), problem, id="problem", action=again)


def compact_style(page: str, own: str) -> str:
    """Put the compact page's stylesheet together from parts of the full page's and its own.

    The compact page follows the device where it isn't told otherwise, and has to do so before any script runs.

    Args:
        page: The full page's stylesheet.
        own: What the compact page adds.
    """
    _, *parts = _PART_TITLE.split(page)
    kept = "\n".join(part.partition("\n")[2].strip() for part in parts if part.startswith(_PARTS))
    dark = _DARK.search(kept)
    by_device = (
        f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme]) {dark[1]} }}\n" if dark else ""
    )
    return by_device + kept + "\n" + own
