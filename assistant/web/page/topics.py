"""The view "Which objective?" of the Gradio page: a topic's ranking, a spreadsheet, the coverage of the documents.

Nothing that is asked is stored.
"""

import asyncio
import re
from collections.abc import Callable
from html import escape

import gradio as gr

from assistant.errors import AssistantError
from assistant.objectives import Coverage, coverage_of
from assistant.web.app import Answering, Opening
from assistant.web.page.localized import LocalizedBlocks, Said
from assistant.web.page.sheets import render_many
from assistant.web.rendering import (
    MAX_TEXT,
    UNTAGGED,
    Strings,
    as_text,
    context_of,
    language_of,
    render_cell,
    render_coverage,
    render_problem,
    render_ranking,
    render_topic_head,
    render_topic_pending,
)

# Straight calls, one request each: answers take milliseconds, and one that waits keeps no thread. `private` keeps them
# out of Gradio's own programming interface.
CALL = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


class Topics:
    """What the view's events call."""

    def __init__(self, opening: Opening, strings_of: Callable[[str], Strings]) -> None:
        self._opening = opening
        self._strings_of = strings_of
        self._counted: tuple[Answering, Coverage] | None = None  # counted once, for all visitors

    async def rank(self, topic: str, language: str) -> object:
        """Rank the objectives of a topic, once the documents are open."""
        topic, strings = as_text(topic), self._strings_of(language_of(language))
        if not topic:
            return gr.skip()
        if not re.search(r"[^\W\d_]{2,}", topic):
            unclear = escape(strings.text("topic.unclear"))
            return f'<p class="panel" data-live="{unclear}">{unclear}</p>'
        try:
            assistant = await self._opening.opened()
            ranked = await asyncio.to_thread(assistant.classify, topic)
        except AssistantError as error:
            problem = render_problem(strings.text("problem"), str(error), id="topic-problem", level=2)
            said = f"{strings.sentence(strings.text('problem'))} {error}"
            return f'<div data-live="{escape(said)}">{problem}</div>'
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
        html(render_topic_head, "topic-head")
        with gr.Column(elem_id="topic-column"):
            with gr.Row(elem_id="topic-row"):
                topic, find = ask_row(blocks, "topic", "rank-button", ("topic.label", "topic.find"), key="search")
            html(render_topic_pending, "topic-waiting", js="whichObjective.topicBox()")
            ranking = html("", "ranking", js="whichObjective.ranking(element, watch)")
            html(render_many, "many-topics", js="whichObjective.many(element)")
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
    """A box for words, and the button that sends them.

    Args:
        box: The element's id, as `button`.
        said: The keys of what the box is called and of what the button says.
        key: What the Enter key of a phone's keyboard says, as HTML's `enterkeyhint` has it.
    """
    label, action = said
    words = gr.Textbox(
        elem_id=box,
        lines=1,
        max_lines=5,
        max_length=MAX_TEXT,
        html_attributes=gr.InputHTMLAttributes(enterkeyhint=key, autocomplete="off"),
    )
    blocks.say(words, label=lambda strings: strings.text(label))
    send = gr.Button(variant="primary", elem_id=button, min_width=0, scale=0)
    blocks.say(send, value=lambda strings: strings.text(action))
    return words, send


def html(said: str | Said, elem_id: str, *, js: str | None = None) -> gr.HTML:
    """A place for HTML of ours, in the page's language where it is told by a function; `js` runs when it is there."""
    place = gr.HTML("" if callable(said) else said, elem_id=elem_id, js_on_load=js, apply_default_css=False)
    blocks = gr.context.Context.root_block
    if callable(said) and isinstance(blocks, LocalizedBlocks):
        blocks.say(place, value=said)
    return place
