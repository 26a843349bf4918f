"""The place "Which objective?": a topic's ranking, and what the documents cover. Nothing that is asked is stored."""

import asyncio
import json
import re
from collections.abc import Callable

from fastapi import FastAPI, Request, Response

from assistant.errors import AssistantError
from assistant.objectives import Coverage, coverage_of
from assistant.web.app import PRIVATE, Answering, Opening, TooLargeError, number_in, page_of, read_capped, says_json
from assistant.web.rendering import (
    MAX_TURN,
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

_COLUMNS = 8  # documents beside each other in the table


class Topics:
    """The rankings and the table that the place shows."""

    def __init__(self, opening: Opening, strings_of: Callable[[str], Strings]) -> None:
        self._opening = opening
        self._strings_of = strings_of
        self._counted: tuple[Answering, Coverage] | None = None  # counted once, for all visitors

    async def rank(self, topic: str, language: str) -> str:
        """Rank the objectives of a topic as soon as the documents are open."""
        strings = self._strings_of(language_of(language))
        if not re.search(r"[^\W\d_]{2,}", topic) and not re.search(r"[\u3400-\u9fff]", topic):
            return render("objectives/unclear.html", strings=strings)
        try:
            assistant = await self._opening.opened()
            ranked = await asyncio.to_thread(assistant.classify, topic)
        except AssistantError as error:
            title = strings.text("problem")
            spoken = f"{strings.sentence(title)} {error}"
            return render_problem(title, str(error), id="topic-problem", level=2, spoken=spoken)
        return render_ranking(ranked, context_of(assistant, strings))

    def coverage(self, language: str, find: str = "", page: str = "") -> str:
        """Write the coverage table of a page of the documents; nothing until they are open."""
        assistant = self._opening.assistant
        if assistant is None:
            return ""
        sources = (each.source for each in assistant.documents.values())
        shown = page_of(sources, size=_COLUMNS, find=find, number=number_in(page))
        context = context_of(assistant, self._strings_of(language))
        return render_coverage(self._coverage(assistant), shown, context)

    def cell(self, number: str, document: str, language: str) -> str:
        """Write the passages of a cell of the table; nothing for a cell that isn't there."""
        assistant = self._opening.assistant
        is_number = number.isascii() and number.isdigit() and len(number) <= 2
        if assistant is None or not (is_number or number == UNTAGGED):
            return ""
        context = context_of(assistant, self._strings_of(language))
        return render_cell(int(number) if is_number else None, document, self._coverage(assistant), context)

    async def rank_request(self, request: Request) -> Response:
        """Rank the topic that the page's script sends as JSON."""
        if not says_json(request):
            return Response(status_code=415)
        try:
            sent = json.loads(await read_capped(request, MAX_TURN))
            topic, language = as_text(sent["topic"]), str(sent.get("lang", ""))
        except TooLargeError:
            return Response(status_code=413)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return Response(status_code=422)
        return Response(await self.rank(topic, language), headers=PRIVATE, media_type="text/html")

    def coverage_request(
        self, lang: str = "", objective: str = "", document: str = "", find: str = "", page: str = ""
    ) -> Response:
        """Send the table of a page of the documents, or the passages of a cell; nothing until they are open."""
        language = language_of(lang)
        html = self.cell(objective, document, language) if objective else self.coverage(language, find, page)
        return Response(html, headers=PRIVATE, media_type="text/html")

    def _coverage(self, assistant: Answering) -> Coverage:
        if self._counted is None or self._counted[0] is not assistant:
            self._counted = assistant, coverage_of(assistant.passages)
        return self._counted[1]


def add_topics(app: FastAPI, topics: Topics) -> None:
    """Give an application the addresses that the place gets its parts from."""
    app.add_api_route("/topic", topics.rank_request, methods=["POST"], response_model=None)
    app.add_api_route("/parts/coverage", topics.coverage_request, methods=["GET", "HEAD"], response_model=None)
