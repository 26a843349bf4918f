"""The view "Which objective?" of the page: a topic's ranking, a file of topics, the coverage of the documents.

Nothing that is asked is stored.
"""

import asyncio
import re
from collections.abc import Callable

import gradio as gr

from assistant.errors import AssistantError
from assistant.objectives import Coverage, coverage_of
from assistant.settings import MAX_QUESTION
from assistant.web.app import Answering, Opening
from assistant.web.page.localized import LocalizedBlocks
from assistant.web.page.sheets import MAX_ROWS, SHEET_MEGABYTES
from assistant.web.rendering import (
    UNTAGGED,
    Strings,
    as_text,
    context_of,
    language_of,
    render,
    render_cell,
    render_coverage,
    render_problem,
    render_ranking,
)

# Straight calls, one request each: answers take milliseconds, and one that waits keeps no thread. `private` keeps them
# out of Gradio's own programming interface.
CALL = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


class Topics:
    """The functions that the view's events call."""

    def __init__(self, opening: Opening, strings_of: Callable[[str], Strings]) -> None:
        self._opening = opening
        self._strings_of = strings_of
        self._counted: tuple[Answering, Coverage] | None = None  # counted once, for all visitors

    async def rank(self, topic: str, language: str) -> object:
        """Rank the objectives of a topic as soon as the documents are open."""
        topic, strings = as_text(topic), self._strings_of(language_of(language))
        if not topic:
            return gr.skip()
        if not re.search(r"[^\W\d_]{2,}", topic):
            return render("objectives/unclear.html", strings=strings)
        try:
            assistant = await self._opening.opened()
            ranked = await asyncio.to_thread(assistant.classify, topic)
        except AssistantError as error:
            title = strings.text("problem")
            spoken = f"{strings.sentence(title)} {error}"
            return render_problem(title, str(error), id="topic-problem", level=2, spoken=spoken)
        return render_ranking(ranked, context_of(assistant, strings))

    def coverage(self, assistant: Answering, strings: Strings) -> str:
        """Write the coverage table."""
        return render_coverage(self._coverage(assistant), context_of(assistant, strings))

    def cell(self, language: str, event: gr.EventData) -> object:
        """Write the passages of a cell of the table."""
        assistant, number = self._opening.assistant, str(event.objective)
        is_number = number.isascii() and number.isdigit() and len(number) <= 2
        if assistant is None or not (is_number or number == UNTAGGED):
            return gr.skip()
        context = context_of(assistant, self._strings_of(language_of(language)))
        return render_cell(int(number) if is_number else None, str(event.document), self._coverage(assistant), context)

    def _coverage(self, assistant: Answering) -> Coverage:
        if self._counted is None or self._counted[0] is not assistant:
            self._counted = assistant, coverage_of(assistant.passages)
        return self._counted[1]


def build_topics(topics: Topics, blocks: LocalizedBlocks, language: gr.Textbox) -> gr.HTML:
    """Lay the view out, tie its events, and return the place of the coverage table, which is filled later.

    Args:
        language: Holds the language that the page speaks.
    """
    with gr.Column(elem_id="view-objective"):
        html("objectives/view_head.html", "topic-head")
        with gr.Column(elem_id="topic-column"):
            with gr.Row(elem_id="topic-row"):
                topic, find = ask_row(blocks, "topic", "rank-button", ("topic.label", "topic.find"), key="search")
            html("objectives/pending.html", "topic-waiting", js="whichObjective.topicBox()")
            ranking = html("", "ranking", js="whichObjective.ranking(element, watch)")
            html(
                "objectives/many.html",
                "many-topics",
                js="whichObjective.many(element)",
                most_rows=MAX_ROWS,
                megabytes=SHEET_MEGABYTES,
            )
        table = html("", "coverage-table", js="whichObjective.coverage(element, trigger, watch)")
        cell = html("", "cell", js="whichObjective.cell(watch)")

    ranked = gr.on(
        [topic.submit, find.click],
        topics.rank,
        [topic, language],
        ranking,
        js="(topic, language) => { whichObjective.rank(topic); return [topic, language]; }",
        **CALL,
    )
    ranked.failure(None, js="() => { whichObjective.fail('fault'); return []; }", api_visibility="private")
    table.click(topics.cell, language, cell, **CALL)
    return table


def ask_row(
    blocks: LocalizedBlocks, box: str, button: str, said: tuple[str, str], *, key: str
) -> tuple[gr.Textbox, gr.Button]:
    """Lay out a box for words and the button that sends them.

    Args:
        box: The id of the box; `button` is that of the button.
        said: The keys of the box's label and of the button's words.
        key: What the Enter key of a phone's keyboard says, as HTML's `enterkeyhint` has it.
    """
    label, action = said
    words = gr.Textbox(
        elem_id=box,
        lines=1,
        max_lines=5,
        max_length=MAX_QUESTION,
        html_attributes=gr.InputHTMLAttributes(enterkeyhint=key, autocomplete="off"),
    )
    blocks.say(words, label=lambda strings: strings.text(label))
    send = gr.Button(variant="primary", elem_id=button, min_width=0, scale=0)
    blocks.say(send, value=lambda strings: strings.text(action))
    return words, send


def html(template: str, elem_id: str, *, js: str | None = None, **values: object) -> gr.HTML:
    """Lay out a place for a template, filled in in the page's language; without one, for HTML that comes later.

    Args:
        js: A script that runs when the place is there.
        values: What the template calls by name, besides `strings`.
    """
    place = gr.HTML("", elem_id=elem_id, js_on_load=js, apply_default_css=False)
    blocks = gr.context.Context.root_block
    if template and isinstance(blocks, LocalizedBlocks):
        blocks.say(place, value=lambda strings: render(template, strings=strings, **values))
    return place
