"""The view "Which objective?" of the Gradio page: a topic's ranking, a spreadsheet, the coverage of the documents.

Nothing that is asked is stored.
"""

import asyncio
import re
from html import escape

import gradio as gr

from assistant.coverage import Coverage, coverage_of
from assistant.errors import AssistantError
from assistant.web.cards import Context
from assistant.web.coverage_table import UNTAGGED, render_cell, render_coverage
from assistant.web.frame import render_topic_head, render_topic_pending
from assistant.web.opening import Answering, Opening
from assistant.web.ranking import render_ranking
from assistant.web.render import render_problem
from assistant.web.sheets import render_many
from assistant.web.strings import Strings

MAX_TEXT = 2000  # characters of a question or a topic; the assistant reads no more

# Straight calls, one request each: answers take milliseconds, and one that waits keeps no thread. `private` keeps them
# out of Gradio's own programming interface.
CALL = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


class Topics:
    """What the view's events call."""

    def __init__(self, opening: Opening, strings: Strings) -> None:
        self._opening = opening
        self._strings = strings
        self._counted: tuple[Answering, Coverage] | None = None  # counted once, for all visitors

    async def rank(self, topic: str) -> object:
        """Rank the objectives of a topic, once the documents are open."""
        topic, strings = as_text(topic), self._strings
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
            return f'<div data-live="{escape(strings.text("problem"))}">{problem}</div>'
        return render_ranking(ranked, context_of(assistant, strings))

    def coverage(self, assistant: Answering) -> str:
        """Write the coverage table."""
        return render_coverage(self._coverage(assistant), context_of(assistant, self._strings))

    def cell(self, event: gr.EventData) -> object:
        """Write the passages of a cell of the table."""
        assistant, number = self._opening.assistant, str(event.objective)
        is_number = number.isascii() and number.isdigit() and len(number) <= 2
        if assistant is None or not (is_number or number == UNTAGGED):
            return gr.skip()
        context = context_of(assistant, self._strings)
        return render_cell(int(number) if is_number else None, str(event.document), self._coverage(assistant), context)

    def _coverage(self, assistant: Answering) -> Coverage:
        if self._counted is None or self._counted[0] is not assistant:
            self._counted = assistant, coverage_of(assistant.passages)
        return self._counted[1]


def build_topics(topics: Topics, strings: Strings) -> gr.HTML:
    """Lay the view out, tie its events, and return the place of the coverage table, which is filled later."""
    with gr.Column(elem_id="view-objective"):
        html(render_topic_head(strings), "topic-head")
        with gr.Column(elem_id="topic-column"):
            with gr.Row(elem_id="topic-row"):
                topic = gr.Textbox(
                    label=strings.text("topic.label"),
                    elem_id="topic",
                    lines=1,
                    max_lines=5,
                    max_length=MAX_TEXT,
                    html_attributes=gr.InputHTMLAttributes(enterkeyhint="search", autocomplete="off"),
                )
                find = gr.Button(
                    strings.text("topic.find"), variant="primary", elem_id="rank-button", min_width=0, scale=0
                )
            html(render_topic_pending(strings), "topic-waiting", js="whichObjective.topicBox()")
            ranking = html("", "ranking", js="whichObjective.ranking(element, watch)")
            html(render_many(strings), "many-topics", js="whichObjective.many(element)")
        table = html("", "coverage-table", js="whichObjective.coverage(element, trigger, watch)")
        cell = html("", "cell", js="whichObjective.cell(watch)")

    ranked = gr.on(
        [topic.submit, find.click],
        topics.rank,
        topic,
        ranking,
        js="(topic) => { whichObjective.rank(topic); return topic; }",
        **CALL,
    )
    ranked.failure(None, js="() => { whichObjective.fail('fault'); return []; }", api_visibility="private")
    table.click(topics.cell, None, cell, **CALL)
    return table


def html(value: str, elem_id: str, *, js: str | None = None) -> gr.HTML:
    """A place for HTML of ours; `js` runs when it is there."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=js, apply_default_css=False)


def as_text(sent: str) -> str:
    """Make what a browser sent text: it may hold half a surrogate pair, which no answer could carry back."""
    return sent.encode("utf-8", "replace").decode().strip()[:MAX_TEXT]


def context_of(assistant: Answering | None, strings: Strings) -> Context:
    """What answers and rankings are shown against; empty while nothing is open."""
    if assistant is None:
        return Context(strings, {}, {})
    return Context(strings, assistant.documents, {each.number: each for each in assistant.objectives})
