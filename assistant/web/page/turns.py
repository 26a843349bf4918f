"""Answer the page's questions: whoever asks, by Gradio, by the page's own script or without one, gets the same HTML."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from fastapi import Request, Response

from assistant.errors import InputError
from assistant.journeys import NOTHING_KEPT, Kept
from assistant.web.api import Suggestions
from assistant.web.app import PRIVATE, Opening
from assistant.web.rendering import (
    Asked,
    Context,
    Strings,
    UnaskedError,
    context_of,
    read_asked,
    received,
    render_turn,
    turn_of,
)


@dataclass(frozen=True, slots=True)
class Turns:
    """The parts of the service that answer a question.

    Attributes:
        strings_of: Gives the interface's words in a language.
        kept: Where the operator keeps questions, and what visitors think of the answers.
        contact: An address or a link of somebody who may know what the documents don't say; empty for nobody.
    """

    opening: Opening
    strings_of: Callable[[str], Strings]
    suggestions: Suggestions = field(default_factory=lambda: Suggestions(()))
    kept: Kept = NOTHING_KEPT
    contact: str = ""

    def context(self, language: str) -> Context:
        """Return what answers are shown against."""
        context = context_of(self.opening.assistant, self.strings_of(language))
        return replace(context, asks_feedback=self.kept.log is not None, contact=self.contact)

    async def answer(self, asked: Asked) -> str:
        """Answer a question with its turn as HTML, as soon as the documents are open."""
        turn = await turn_of(asked, self.opening, self.kept)
        context, assistant, following = self.context(asked.language), self.opening.assistant, []
        if turn.answer and assistant:
            earlier = (asked.question, *asked.history)
            following = self.suggestions.following(turn.answer, assistant, context.strings, earlier)
        return render_turn(turn, context, number=asked.number, following=following)

    async def answer_text(self, sent: str) -> str | None:
        """Answer a question that comes as JSON; None for what no page of ours sends."""
        try:
            asked = read_asked(json.loads(sent))
        except (InputError, ValueError, RecursionError):
            return None
        return await self.answer(asked)

    async def answer_request(self, request: Request) -> Response:
        """Answer a question of the page's own script."""
        try:
            asked = await received(request)
        except UnaskedError as error:
            return Response(str(error), error.status, PRIVATE, media_type="text/plain")
        return Response(await self.answer(asked), headers=PRIVATE, media_type="text/html")
