"""The page: a question box below a conversation, and beside it what narrows the search and what is searched.

Nothing that is asked is stored: the browser's tab keeps the conversation, and each question brings the earlier ones
that it may refer to.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.errors import InputError
from assistant.journeys import QuestionLog
from assistant.web.app import Opening
from assistant.web.page.localized import LocalizedBlocks
from assistant.web.page.topics import CALL, Topics, ask_row, build_topics, html
from assistant.web.rendering import (
    LANGUAGES,
    Example,
    Strings,
    context_of,
    language_of,
    read_asked,
    read_strings,
    render_filter,
    render_getting_ready,
    render_problem,
    render_searched,
    render_turn,
    turn_of,
)

StringsOf = Callable[[str], Strings]
_LOOK_EVERY = 0.5  # seconds between two looks at how far the opening has come


class _Page:
    """The functions that the page's events call."""

    def __init__(self, opening: Opening, topics: Topics, strings_of: StringsOf, log: QuestionLog | None) -> None:
        self._opening = opening
        self._topics = topics
        self._strings_of = strings_of
        self._log = log

    async def ask(self, question: str, sent: str) -> object:
        """Answer the question in the box."""
        return await self._asked({**_read(sent), "question": question})

    async def ask_button(self, event: gr.EventData) -> object:
        """Answer the question of a button in the conversation, or of an address."""
        return await self._asked(_read(str(event.request)))

    def look(self, language: str) -> tuple[str, str, str, str, object]:
        """Look how far the opening has come.

        Returns:
            What to say of it, the choice of objectives, what is searched, the coverage table; whether to look again.
        """
        strings = self._strings_of(language_of(language))
        if assistant := self._opening.assistant:
            choice = render_filter(
                assistant.objectives, strings, sources=[each.source for each in assistant.documents.values()]
            )
            searched = render_searched(assistant.sources, strings, languages=assistant.languages)
            return "", choice, searched, self._topics.coverage(assistant, strings), gr.Timer(active=False)
        if problem := self._opening.problem:
            said = render_problem(strings.text("problem"), problem, id="cannot-open", level=2)
        else:
            said = render_getting_ready(self._opening.progress, strings)
        return said, "", "", "", gr.Timer(active=True)

    async def _asked(self, sent: dict[str, Any]) -> object:
        try:
            asked = read_asked(sent)
        except InputError:
            return gr.skip()  # nothing that the page itself sends
        turn = await turn_of(asked, self._opening, self._log)
        context = context_of(self._opening.assistant, self._strings_of(asked.language))
        context = replace(context, asks_feedback=self._log is not None)
        return render_turn(turn, context, number=asked.number)


def _read(sent: str) -> dict[str, Any]:
    try:
        read = json.loads(sent)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def build_page(
    opening: Opening,
    strings_of: StringsOf = read_strings,
    *,
    examples: Iterable[Example] = (),
    log: QuestionLog | None = None,
) -> gr.Blocks:
    """Lay the page out and tie its events to an assistant that is being opened.

    Args:
        strings_of: Gives the interface's words in a language.
        examples: Questions to start with, each with the number of its objective, if any.
        log: Where the operator keeps questions, and what visitors think of the answers.
    """
    topics = Topics(opening, strings_of)
    page = _Page(opening, topics, strings_of, log)
    with LocalizedBlocks(
        lambda strings: strings.text("product"), strings_of, analytics_enabled=False, fill_width=True
    ) as blocks:
        language = gr.Textbox(LANGUAGES[0], visible=False)
        blocks.say(language, value=lambda strings: strings.language)
        sent = gr.Textbox(visible=False)  # the page's script puts the earlier questions and the choices here
        html("page/masthead.html", "masthead", js="whichObjective.places(element)")
        with gr.Column(elem_id="main"):
            html("page/view_head.html", "view-head")
            with gr.Column(elem_id="aside"):
                choice = html("", "filter", js="whichObjective.filter(element, watch)")
                searched = html("", "searched", js="askTheDocuments.searched(element, watch)")
            with gr.Column(elem_id="ask-column"):
                readiness = html("", "readiness", js="askTheDocuments.readiness(element, watch)")
                html("page/examples.html", "examples-place", examples=tuple(examples))
                html("page/conversation.html", "conversation")
                newest = html("", "newest", js="askTheDocuments.newest(element, trigger, watch)")
                html("page/pending.html", "waiting")
                with gr.Column(elem_id="composer"):
                    with gr.Row(elem_id="composer-row"):
                        question, ask = ask_row(blocks, "question", "ask-button", ("question.label", "ask"), key="send")
                    html("page/below_box.html", "below-box", js="askTheDocuments.belowBox()")
        coverage = build_topics(topics, blocks, language)
        html("documents/place.html", "view-documents", js="theDocuments.mount(element)")
        html("page/colophon.html", "colophon")
        html("page/status.html", "status")

        asked = gr.on(
            [question.submit, ask.click],
            page.ask,
            [question, sent],
            newest,
            js="(question) => [question, askTheDocuments.ask(question)]",
            trigger_mode="multiple",  # the page's script keeps questions apart
            **CALL,
        )
        pressed = newest.click(page.ask_button, None, newest, trigger_mode="multiple", **CALL)
        for event in (asked, pressed):
            event.failure(None, js="() => { askTheDocuments.fail('fault'); return []; }", api_visibility="private")
        timer = gr.Timer(_LOOK_EVERY)
        gr.on([blocks.load, timer.tick], page.look, language, [readiness, choice, searched, coverage, timer], **CALL)
    return blocks
