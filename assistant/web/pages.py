"""The Gradio page: a question box below a conversation, beside the list of what is searched.

Nothing that is asked is stored: a conversation lives in its browser tab's session and ends with it.
"""

import asyncio
from collections.abc import Iterable, Sequence

import gradio as gr

from assistant.errors import AssistantError
from assistant.web.cards import Context
from assistant.web.frame import (
    render_below_box,
    render_cannot_open,
    render_colophon,
    render_examples,
    render_getting_ready,
    render_masthead,
    render_pending,
    render_searched,
    render_status,
    render_view_head,
)
from assistant.web.opening import Opening
from assistant.web.render import Turn, render_conversation
from assistant.web.strings import Strings

_HISTORY = 10  # earlier questions that a new one is understood with
_MAX_TURNS = 50  # answers kept in a session, so that neither the page nor the memory grows without end
_MAX_QUESTION = 2000  # characters; the assistant reads no more
_LOOK_EVERY = 0.5  # seconds between two looks at how far the opening has come

# Straight calls, one request each: answers take milliseconds, and one that waits keeps no thread. `private` keeps them
# out of Gradio's own programming interface.
_CALL = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


async def respond(
    question: str, turns: Sequence[Turn], opening: Opening, *, is_alone: bool = False
) -> tuple[Turn, ...]:
    """Ask a question, once the documents are open, and return the conversation with its turn.

    Args:
        turns: The conversation so far, oldest first.
        is_alone: Whether to leave the conversation so far out of account.
    """
    is_again = bool(turns) and turns[-1].answer is None and turns[-1].question == question
    kept = turns[:-1] if is_again else turns
    history = () if is_alone else _history(kept)
    try:
        assistant = await opening.opened()
        turn = Turn(question, await asyncio.to_thread(assistant.ask, question, history=history))
    except AssistantError as error:
        turn = Turn(question, problem=str(error))
    return (*kept, turn)[-_MAX_TURNS:]


def _history(turns: Sequence[Turn]) -> tuple[str, ...]:
    answered = [turn.question for turn in turns if turn.answer and turn.answer.status != "unclear"]
    return tuple(answered[-_HISTORY:])


class _Page:
    """What the page's events call."""

    def __init__(self, opening: Opening, strings: Strings, examples: Iterable[tuple[int | None, str]]) -> None:
        self._opening = opening
        self._strings = strings
        self.examples = render_examples(examples, strings)

    async def ask(self, question: str, turns: tuple[Turn, ...]) -> tuple[object, object]:
        """Answer what is in the question box."""
        return await self._asked(question, turns)

    async def ask_button(self, turns: tuple[Turn, ...], event: gr.EventData) -> tuple[object, object]:
        """Answer the question of a button in the conversation."""
        return await self._asked(str(event.question), turns, is_alone=bool(event.alone))

    def begin_again(self) -> tuple[str, tuple[Turn, ...]]:
        """Empty the conversation."""
        return self.examples, ()

    def look(self) -> tuple[str, str, object]:
        """See how far the opening has come: what to say of it, what is searched, and whether to look again."""
        if assistant := self._opening.assistant:
            return "", render_searched(assistant.sources, self._strings), gr.Timer(active=False)
        problem = self._opening.problem
        said = (
            render_cannot_open(problem, self._strings)
            if problem
            else render_getting_ready(self._opening.progress, self._strings)
        )
        return said, "", gr.Timer(active=True)

    async def _asked(self, question: str, turns: tuple[Turn, ...], *, is_alone: bool = False) -> tuple[object, object]:
        # A browser may send half a surrogate pair, which no answer could carry back.
        question = question.encode("utf-8", "replace").decode().strip()[:_MAX_QUESTION]
        if not question:
            return gr.skip(), gr.skip()
        turns = await respond(question, turns, self._opening, is_alone=is_alone)
        return render_conversation(turns, self._context()), turns

    def _context(self) -> Context:
        assistant = self._opening.assistant
        if assistant is None:
            return Context(self._strings, {}, {})
        table = {objective.number: objective for objective in assistant.objectives}
        return Context(self._strings, assistant.documents, table)


def build_page(opening: Opening, strings: Strings, *, examples: Iterable[tuple[int | None, str]] = ()) -> gr.Blocks:
    """Lay the page out and tie its events to an assistant that is being opened.

    Args:
        examples: Questions to start with, each with the number of its objective, if any.
    """
    page = _Page(opening, strings, examples)
    with gr.Blocks(title=strings.text("product"), analytics_enabled=False, fill_width=True) as blocks:
        turns = gr.State(())
        _html(render_masthead(strings), "masthead")
        with gr.Column(elem_id="main"):
            _html(render_view_head(strings), "view-head")
            searched = _html("", "searched", js="askTheDocuments.searched(element, watch)")
            with gr.Column(elem_id="ask-column"):
                readiness = _html("", "readiness", js="askTheDocuments.readiness(element, watch)")
                conversation = _html(
                    page.examples, "conversation", js="askTheDocuments.conversation(element, trigger, watch)"
                )
                _html(render_pending(strings), "waiting")
                with gr.Column(elem_id="composer"):
                    question, ask = _question_box(strings)
                    below = _html(
                        render_below_box(strings), "below-box", js="askTheDocuments.belowBox(element, trigger)"
                    )
        _html(render_colophon(strings), "colophon")
        _html(render_status(strings), "status")

        asked = gr.on(
            [question.submit, ask.click],
            page.ask,
            [question, turns],
            [conversation, turns],
            js="(question, turns) => { askTheDocuments.ask(question); return [question, turns]; }",
            **_CALL,
        )
        pressed = conversation.click(page.ask_button, turns, [conversation, turns], **_CALL)
        for event in (asked, pressed):
            event.failure(None, js="() => { askTheDocuments.fail('fault'); return []; }", api_visibility="private")
        below.click(page.begin_again, None, [conversation, turns], **_CALL)
        timer = gr.Timer(_LOOK_EVERY)
        gr.on([blocks.load, timer.tick], page.look, None, [readiness, searched, timer], **_CALL)
    return blocks


def _html(value: str, elem_id: str, *, js: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, js_on_load=js, apply_default_css=False)


def _question_box(strings: Strings) -> tuple[gr.Textbox, gr.Button]:
    with gr.Row(elem_id="composer-row"):
        question = gr.Textbox(
            label=strings.text("question.label"),
            elem_id="question",
            lines=1,
            max_lines=5,
            max_length=_MAX_QUESTION,
            html_attributes=gr.InputHTMLAttributes(enterkeyhint="send", autocomplete="off"),
        )
        ask = gr.Button(strings.text("ask"), variant="primary", elem_id="ask", min_width=0, scale=0)
    return question, ask
