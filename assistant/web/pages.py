"""The Gradio page: a question box below a conversation, and beside it what narrows the search and what is searched.

Nothing that is asked is stored: a conversation lives in its browser tab's session and ends with it.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence

import gradio as gr

from assistant.errors import AssistantError
from assistant.records import OBJECTIVE_COUNT
from assistant.web.filter import chosen_numbers, render_filter
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
from assistant.web.topics import CALL, MAX_TEXT, Topics, as_text, build_topics, context_of, html

_HISTORY = 10  # earlier questions that a new one is understood with
_MAX_TURNS = 50  # answers kept in a session, so that neither the page nor the memory grows without end
_LOOK_EVERY = 0.5  # seconds between two looks at how far the opening has come


async def respond(
    question: str,
    turns: Sequence[Turn],
    opening: Opening,
    *,
    objectives: Collection[int] = (),
    is_alone: bool = False,
) -> tuple[Turn, ...]:
    """Ask a question, once the documents are open, and return the conversation with its turn.

    Args:
        turns: The conversation so far, oldest first.
        objectives: Only passages with one of these are searched; empty for all.
        is_alone: Whether to leave the conversation so far out of account.
    """
    is_again = bool(turns) and turns[-1].answer is None and turns[-1].question == question
    kept = turns[:-1] if is_again else turns
    history = () if is_alone else _history(kept, question)
    narrowed = frozenset(objectives)
    try:
        assistant = await opening.opened()
        answer = await asyncio.to_thread(assistant.ask, question, history=history, objectives=narrowed, explain=True)
        turn = Turn(question, answer, objectives=narrowed)
    except AssistantError as error:
        turn = Turn(question, problem=str(error), objectives=narrowed)
    return (*kept, turn)[-_MAX_TURNS:]


def _history(turns: Sequence[Turn], question: str) -> tuple[str, ...]:
    """The questions to understand a new one with; it is no follow-up to itself, where it is asked again of more."""
    answered = [turn.question for turn in turns if turn.answer and turn.answer.status != "unclear"]
    return tuple(earlier for earlier in answered[-_HISTORY:] if earlier != question)


class _Page:
    """What the page's events call."""

    def __init__(
        self, opening: Opening, strings: Strings, topics: Topics, examples: Iterable[tuple[int | None, str]]
    ) -> None:
        self._opening = opening
        self._strings = strings
        self._topics = topics
        self.examples = render_examples(examples, strings)

    async def ask(self, question: str, turns: tuple[Turn, ...], chosen: str) -> tuple[object, object]:
        """Answer what is in the question box."""
        return await self._asked(question, turns, chosen)

    async def ask_button(self, turns: tuple[Turn, ...], event: gr.EventData) -> tuple[object, object]:
        """Answer the question of a button in the conversation."""
        return await self._asked(str(event.question), turns, str(event.objectives), is_alone=bool(event.alone))

    def begin_again(self) -> tuple[str, tuple[Turn, ...]]:
        """Empty the conversation."""
        return self.examples, ()

    def look(self) -> tuple[str, str, str, str, object]:
        """See how far the opening has come.

        Returns:
            What to say of it, the choice of objectives, what is searched, the coverage table; whether to look again.
        """
        if assistant := self._opening.assistant:
            choice = render_filter(assistant.objectives, self._strings)
            searched = render_searched(assistant.sources, self._strings)
            return "", choice, searched, self._topics.coverage(assistant), gr.Timer(active=False)
        problem = self._opening.problem
        said = (
            render_cannot_open(problem, self._strings)
            if problem
            else render_getting_ready(self._opening.progress, self._strings)
        )
        return said, "", "", "", gr.Timer(active=True)

    async def _asked(
        self, question: str, turns: tuple[Turn, ...], chosen: str, *, is_alone: bool = False
    ) -> tuple[object, object]:
        question = as_text(question)
        if not question:
            return gr.skip(), gr.skip()
        numbers = chosen_numbers(chosen, range(1, OBJECTIVE_COUNT + 1))
        turns = await respond(question, turns, self._opening, objectives=numbers, is_alone=is_alone)
        return render_conversation(turns, context_of(self._opening.assistant, self._strings)), turns


def build_page(opening: Opening, strings: Strings, *, examples: Iterable[tuple[int | None, str]] = ()) -> gr.Blocks:
    """Lay the page out and tie its events to an assistant that is being opened.

    Args:
        examples: Questions to start with, each with the number of its objective, if any.
    """
    topics = Topics(opening, strings)
    page = _Page(opening, strings, topics, examples)
    with gr.Blocks(title=strings.text("product"), analytics_enabled=False, fill_width=True) as blocks:
        turns = gr.State(())
        chosen = gr.Textbox(visible=False)  # the page's script says here which objectives are ticked
        html(render_masthead(strings), "masthead", js="whichObjective.places(element)")
        with gr.Column(elem_id="main"):
            html(render_view_head(strings), "view-head")
            with gr.Column(elem_id="aside"):
                choice = html("", "filter", js="whichObjective.filter(element)")
                searched = html("", "searched", js="askTheDocuments.searched(element, watch)")
            with gr.Column(elem_id="ask-column"):
                readiness = html("", "readiness", js="askTheDocuments.readiness(element, watch)")
                conversation = html(
                    page.examples, "conversation", js="askTheDocuments.conversation(element, trigger, watch)"
                )
                html(render_pending(strings), "waiting")
                with gr.Column(elem_id="composer"):
                    question, ask = _question_box(strings)
                    below = html(
                        render_below_box(strings), "below-box", js="askTheDocuments.belowBox(element, trigger)"
                    )
        coverage = build_topics(topics, strings)
        html(render_colophon(strings), "colophon")
        html(render_status(strings), "status")

        asked = gr.on(
            [question.submit, ask.click],
            page.ask,
            [question, turns, chosen],
            [conversation, turns],
            js="(question, turns) => { askTheDocuments.ask(question); "
            "return [question, turns, whichObjective.chosen()]; }",
            **CALL,
        )
        pressed = conversation.click(page.ask_button, turns, [conversation, turns], **CALL)
        for event in (asked, pressed):
            event.failure(None, js="() => { askTheDocuments.fail('fault'); return []; }", api_visibility="private")
        below.click(page.begin_again, None, [conversation, turns], **CALL)
        timer = gr.Timer(_LOOK_EVERY)
        gr.on([blocks.load, timer.tick], page.look, None, [readiness, choice, searched, coverage, timer], **CALL)
    return blocks


def _question_box(strings: Strings) -> tuple[gr.Textbox, gr.Button]:
    with gr.Row(elem_id="composer-row"):
        question = gr.Textbox(
            label=strings.text("question.label"),
            elem_id="question",
            lines=1,
            max_lines=5,
            max_length=MAX_TEXT,
            html_attributes=gr.InputHTMLAttributes(enterkeyhint="send", autocomplete="off"),
        )
        ask = gr.Button(strings.text("ask"), variant="primary", elem_id="ask-button", min_width=0, scale=0)
    return question, ask
