"""The widget's addresses: the loader that a meeting page names, the compact page that it frames, that page's questions.

Nothing that is asked is stored; the browser keeps the conversation.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request, Response

from assistant.errors import InputError
from assistant.journeys import QuestionLog
from assistant.records import OBJECTIVE_COUNT
from assistant.web.app import PRIVATE, Opening, TooLargeError, is_known, read_capped, says_json
from assistant.web.rendering import (
    LANGUAGES,
    Asked,
    Example,
    Strings,
    as_text,
    chosen_numbers,
    context_of,
    language_of,
    negotiate,
    read_asked,
    render,
    render_getting_ready,
    render_problem,
    turn_of,
)
from assistant.web.widget.compact_page import THEMES, Wish, compact_style, render_compact_page, render_compact_turn

MAX_TURN = 64 * 1024  # bytes of a question with what goes with it
_STATIC = Path(__file__).parents[1] / "static"
_ALL = range(1, OBJECTIVE_COUNT + 1)
_LOOK_AGAIN = 1  # seconds until a browser asks again whether the documents are open
_HOUR = "public, max-age=3600"
_FOR_EVER = "public, max-age=31536000, immutable"

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
    log: QuestionLog | None = None,
) -> None:
    """Give an application the widget's addresses.

    Args:
        strings_of: Gives the interface's words in a language, one of LANGUAGES.
        origins: Those whose pages may frame the compact page, besides its own.
        examples: Questions to start with, each with the number of its objective, if any.
        log: Where the operator keeps questions.
    """
    widget = _Widget(opening, strings_of, tuple(origins), tuple(examples), log)
    app.add_api_route("/embed.js", widget.loader, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/embed", widget.page, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/embed.css", widget.style, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/embed-page.js", widget.script, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/embed/turn", widget.turn, methods=["POST"], response_model=None)


def make_loader(source: str, strings_of: StringsOf) -> str:
    """Put the labels of all languages into the loader's script, and leave out its comments and indentation."""
    labels = {
        language: {name: strings_of(language).text(key) for name, key in _LABELS.items()} for language in LANGUAGES
    }
    lines = (line.strip() for line in source.splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return kept.replace("__LABELS__", json.dumps(labels, ensure_ascii=False, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is composed once and served often."""

    content: bytes
    media_type: str

    @property
    def version(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]

    def answer(self, request: Request, headers: Mapping[str, str]) -> Response:
        """Send it, unless the browser has it already."""
        tag = f'"{self.version}"'
        headers = {**headers, "ETag": tag, "X-Content-Type-Options": "nosniff"}
        if is_known(tag, request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        return Response(self.content, media_type=self.media_type, headers=headers)


class _Widget:
    """The handlers of the widget's addresses."""

    def __init__(
        self,
        opening: Opening,
        strings_of: StringsOf,
        origins: tuple[str, ...],
        examples: tuple[Example, ...],
        log: QuestionLog | None,
    ) -> None:
        self._opening = opening
        self._log = log
        self._strings_of = strings_of
        self._examples = examples
        self._loader = _script(make_loader(_static("embed.js"), strings_of))
        self._script = _script(_static("embed-page.js"))
        style = compact_style(_static("style.css"), _static("embed-page.css"))
        self._style = _File(style.encode(), "text/css")
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
            "base-uri 'none'; form-action 'self'; frame-ancestors " + " ".join(("'self'", *origins))
        )
        self._page_headers = {**PRIVATE, "Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}

    async def loader(self, request: Request) -> Response:
        """Send the script that a meeting page loads; any site may load it, since it holds no secret."""
        return self._loader.answer(request, {"Cache-Control": _HOUR, "Cross-Origin-Resource-Policy": "cross-origin"})

    async def style(self, request: Request) -> Response:
        """Send the compact page's stylesheet; a changed one has another address."""
        return self._style.answer(request, {"Cache-Control": _FOR_EVER})

    async def script(self, request: Request) -> Response:
        """Send the compact page's script; a changed one has another address."""
        return self._script.answer(request, {"Cache-Control": _FOR_EVER})

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
        html = render_compact_page(
            strings,
            wish,
            style=f"embed.css?v={self._style.version}",
            script=f"embed-page.js?v={self._script.version}",
            objectives=context_of(self._opening.assistant, strings).objectives,
            examples=self._examples,
        )
        return Response(html, media_type="text/html", headers=self._page_headers)

    async def turn(self, request: Request) -> Response:
        """Answer a question of the compact page with its turn as HTML."""
        try:
            asked = await _read(request)
        except _RefusedError as error:
            strings = self._strings_of("en")
            return _html(render_problem(strings.text("fault"), str(error), id="refused"), error.status)
        strings = self._strings_of(asked.language)
        if self._opening.assistant is None and not self._opening.problem:
            self._opening.start()
            waits = {"Retry-After": str(_LOOK_AGAIN)}
            return _html(render_getting_ready(self._opening.progress, strings), 202, waits)
        turn = await turn_of(asked, self._opening, self._log)  # after a failure, it is tried again
        if turn.answer is None:
            failure = render("widget/failure.html", question=turn.question, message=turn.problem, strings=strings)
            return _html(failure, 503)
        context = context_of(self._opening.assistant, strings)
        return _html(render_compact_turn(turn, turn.answer, context, number=asked.number), 200)


# What a browser sends -------------------------------------------------------------------------------------------------


class _RefusedError(Exception):
    """A request that the compact page doesn't send."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def _read(request: Request) -> Asked:
    if not says_json(request):
        raise _RefusedError(415, "Send the question as application/json.")
    try:
        sent = json.loads(await read_capped(request, MAX_TURN))
    except TooLargeError:
        said = f"The question and what goes with it are larger than {MAX_TURN // 1024} kB."
        raise _RefusedError(413, said) from None
    except (ValueError, RecursionError):
        raise _RefusedError(422, "That is no JSON.") from None
    try:
        return read_asked(sent)
    except InputError as error:
        raise _RefusedError(422, str(error)) from error


# What is sent --------------------------------------------------------------------------------------------------------


def _html(html: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(html, status, media_type="text/html", headers={**PRIVATE, **(headers or {})})


def _script(source: str) -> _File:
    return _File(source.encode(), "text/javascript")


def _static(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")
