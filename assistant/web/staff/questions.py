"""Show what was asked, as far as the operator keeps it: /staff/questions."""

import asyncio
from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request, Response

from assistant.errors import AssistantError
from assistant.journeys import NO_OBJECTIVE, Asked, Kept, report
from assistant.web.app import PRIVATE, Opening
from assistant.web.comparisons import PAGE_POLICY, STYLE
from assistant.web.rendering import (
    Context,
    Strings,
    context_of,
    language_of,
    name_of_language,
    negotiate,
    render,
    render_problem,
    short_name,
)

_STATUS = {"answered": "asked.answered", "not_in_documents": "not_in_documents", "unclear": "asked.unclear"}
_ROOT = "../"  # from this page to the service's


def add_asked(app: FastAPI, opening: Opening, strings_of: Callable[[str], Strings], kept: Kept) -> None:
    """Give an application the page; the caller sees to it that a password is asked for."""
    one_at_a_time = asyncio.Lock()  # a report takes seconds

    async def page(request: Request, lang: str = "") -> Response:
        strings = strings_of(language_of(lang) or negotiate(request.headers.get("accept-language", "")))
        try:
            assistant = await opening.opened()
            async with one_at_a_time:
                asked = await asyncio.to_thread(report, kept, assistant)
        except AssistantError as error:
            html = render_problem(strings.text("problem"), str(error), id="asked-problem", level=1)
            return Response(html, 503, PRIVATE, media_type="text/html")
        html = await asyncio.to_thread(
            _render, asked, context_of(assistant, strings), is_kept=bool(kept.log or kept.counts)
        )
        return Response(html, headers={**PRIVATE, "Content-Security-Policy": PAGE_POLICY}, media_type="text/html")

    app.add_api_route("/staff/questions", page, methods=["GET", "HEAD"], response_model=None, include_in_schema=False)


def _render(asked: Asked, context: Context, *, is_kept: bool) -> str:
    tables = {kind: _in_words(kind, names, context) for kind, names in asked.counts.items()}
    return render(
        "staff/questions.html",
        asked=asked,
        tables=tables,
        is_kept=is_kept,
        context=context,
        root=_ROOT,
        style=STYLE,
    )


def _in_words(kind: str, names: Mapping[str, int], context: Context) -> dict[str, int]:
    """Return counts by what a person calls the names of a kind."""
    strings = context.strings

    def said(name: str) -> str:
        if kind == "language":
            return name_of_language(name)
        if kind == "status":
            return strings.text(_STATUS[name]) if name in _STATUS else name
        if kind == "objective" and name == NO_OBJECTIVE:
            return strings.text("asked.no_objective")
        known = context.objectives.get(int(name)) if kind == "objective" and name.isdecimal() else None
        return f"{name} {short_name(known, strings)}" if known else name

    return {said(name): n for name, n in names.items()}
