"""The widget's addresses: the loader that a meeting page names, the compact page that it frames, that page's questions.

Nothing that is asked is stored; the browser keeps the conversation.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

from fastapi import FastAPI, Query, Request, Response

from assistant.journeys import NOTHING_KEPT, Kept
from assistant.records import OBJECTIVE_COUNT
from assistant.web.app import FOR_EVER, HOUR, PRIVATE, Opening, StaticFile, read_static, shortened_style, unindented
from assistant.web.rendering import (
    LANGUAGES,
    Example,
    Strings,
    UnaskedError,
    as_text,
    chosen_numbers,
    context_of,
    language_of,
    negotiate,
    received,
    render,
    render_getting_ready,
    render_problem,
    turn_of,
)
from assistant.web.widget.compact_page import THEMES, Wish, compact_style, render_compact_page, render_compact_turn

_ALL = range(1, OBJECTIVE_COUNT + 1)
_LOOK_AGAIN = 1  # seconds until a browser asks again whether the documents are open

# What the loader says by itself, by the name that it has there.
_LABELS = {
    "open": "widget.open",
    "title": "widget.title",
    "close": "widget.close",
    "loading": "getting_ready",
    "away": "csv.away",
    "again": "widget.again",
}

StringsOf = Callable[[str], Strings]


def add_embed(
    app: FastAPI,
    opening: Opening,
    strings_of: StringsOf,
    *,
    origins: Iterable[str] = (),
    examples: Iterable[Example] = (),
    kept: Kept = NOTHING_KEPT,
) -> None:
    """Give an application the widget's addresses.

    Args:
        strings_of: Gives the interface's words in a language, one of LANGUAGES.
        origins: Those whose pages may frame the compact page, besides its own.
        examples: Questions to start with, each with the number of its objective, if any.
        kept: Where the operator keeps something of what is asked.
    """
    widget = _Widget(opening, strings_of, tuple(origins), tuple(examples), kept)
    add_loader(app, strings_of)
    app.add_api_route("/embed", widget.page, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/embed.css", widget.style, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/embed-page.js", widget.script, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/embed/turn", widget.turn, methods=["POST"], response_model=None)


def add_loader(app: FastAPI, strings_of: StringsOf) -> None:
    """Give an application the script that a meeting page loads; any site may load it, since it holds no secret."""
    loader = _script(make_loader(read_static("embed.js"), strings_of))

    async def send_loader(request: Request) -> Response:
        return loader.answer(request, {"Cache-Control": HOUR, "Cross-Origin-Resource-Policy": "cross-origin"})

    app.add_api_route("/embed.js", send_loader, methods=["GET", "HEAD"], response_model=None)


def make_loader(source: str, strings_of: StringsOf) -> str:
    """Put the labels of all languages into the loader's script, and leave out its comments and indentation."""
    labels = {
        language: {name: strings_of(language).text(key) for name, key in _LABELS.items()} for language in LANGUAGES
    }
    return unindented(source).replace("__LABELS__", json.dumps(labels, ensure_ascii=False, separators=(",", ":")))


class _Widget:
    """The handlers of the widget's addresses."""

    def __init__(
        self,
        opening: Opening,
        strings_of: StringsOf,
        origins: tuple[str, ...],
        examples: tuple[Example, ...],
        kept: Kept,
    ) -> None:
        self._opening = opening
        self._kept = kept
        self._strings_of = strings_of
        self._examples = examples
        self._script = _script(unindented(read_static("embed-page.js")))
        style = shortened_style(compact_style(read_static("style.css"), read_static("embed-page.css")))
        self._style = StaticFile(style.encode(), "text/css")
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
            "base-uri 'none'; form-action 'self'; frame-ancestors " + " ".join(("'self'", *origins))
        )
        self._page_headers = {**PRIVATE, "Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}

    async def style(self, request: Request) -> Response:
        """Send the compact page's stylesheet; a changed one has another address."""
        return self._style.answer(request, {"Cache-Control": FOR_EVER})

    async def script(self, request: Request) -> Response:
        """Send the compact page's script; a changed one has another address."""
        return self._script.answer(request, {"Cache-Control": FOR_EVER})

    async def page(
        self,
        request: Request,
        *,
        lang: str = "",
        objective: Annotated[list[str], Query(default_factory=list)],
        theme: str = "",
        q: str = "",
    ) -> Response:
        """Send the compact page."""
        strings = self._strings_of(language_of(lang) or negotiate(request.headers.get("accept-language", "")))
        wish = Wish(chosen_numbers(",".join(objective), _ALL), theme if theme in THEMES else "", as_text(q))
        context = context_of(self._opening.assistant, strings)
        html = render_compact_page(
            strings,
            wish,
            style=f"embed.css?v={self._style.version}",
            script=f"embed-page.js?v={self._script.version}",
            objectives=context.objectives,
            sources=[each.source for each in context.documents.values()],
            examples=self._examples,
        )
        return Response(html, media_type="text/html", headers=self._page_headers)

    async def turn(self, request: Request) -> Response:
        """Answer a question of the compact page with its turn as HTML."""
        try:
            asked = await received(request)
        except UnaskedError as error:
            strings = self._strings_of("en")
            return _html(render_problem(strings.text("fault"), str(error), id="refused"), error.status)
        strings = self._strings_of(asked.language)
        if self._opening.assistant is None and not self._opening.problem:
            self._opening.start()
            waits = {"Retry-After": str(_LOOK_AGAIN)}
            return _html(render_getting_ready(self._opening.progress, strings), 202, waits)
        turn = await turn_of(asked, self._opening, self._kept)  # after a failure, it is tried again
        if turn.answer is None:
            failure = render("widget/failure.html", question=turn.question, message=turn.problem, strings=strings)
            return _html(failure, 503)
        context = context_of(self._opening.assistant, strings)
        return _html(render_compact_turn(turn, turn.answer, context, number=asked.number), 200)


# What is sent --------------------------------------------------------------------------------------------------------


def _html(html: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(html, status, media_type="text/html", headers={**PRIVATE, **(headers or {})})


def _script(source: str) -> StaticFile:
    return StaticFile(source.encode(), "text/javascript")
