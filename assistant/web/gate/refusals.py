"""Refuse a request in a form that its sender can show: JSON for programs, else a piece of the page.

A refusal is in the language of the request; the programming interface's is in English.
"""

import json
from collections.abc import Callable, Mapping
from math import ceil
from typing import Literal

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from assistant.web.app import PRIVATE, refuse, reply_json
from assistant.web.page import language_for
from assistant.web.rendering import Strings, language_of, render_problem

Reason = Literal["rate", "busy", "slow", "sending", "large"]

_STATUS: dict[Reason, int] = {"rate": 429, "busy": 503, "slow": 504, "sending": 408, "large": 413}

_FOR_PROGRAMS: dict[Reason, str] = {
    "rate": "Too many questions from this address; ask again in {seconds} s.",
    "busy": "Too many questions at once; ask again in {seconds} s.",
    "slow": "The answer took too long; ask again, perhaps in fewer words.",
    "sending": "The request came too slowly; send it again.",
    "large": "The request is too large; send less.",
}


class RefusedError(Exception):
    """A request that isn't served."""

    def __init__(self, reason: Reason, seconds: float = 0.0, *, is_unread: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = _STATUS[reason]
        self.seconds = ceil(seconds)  # until it may be tried again; 0 where waiting doesn't help
        self.is_unread = is_unread  # whether the rest of the body won't be read


async def refuse_plainly(
    said: str, status: int, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str] | None = None
) -> None:
    """Refuse a request with one line before its body is read; close a WebSocket."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    elif scope["path"].startswith(("/api/", "/mcp", "/gradio_api/")):
        await refuse(said, status, headers)(scope, receive, send)
    else:
        await PlainTextResponse(said, status, {**PRIVATE, **(headers or {})})(scope, receive, send)


def refusal(error: RefusedError, scope: Scope, body: bytes, strings_of: Callable[[str], Strings]) -> Response:
    """Write the response to a refused request, of whose body as much is given as has been read."""
    headers = {**PRIVATE}
    if error.seconds:
        headers["Retry-After"] = str(error.seconds)
    if error.is_unread:
        headers["Connection"] = "close"  # else the server waits for the rest of the body
    path: str = scope["path"]
    if path.startswith(("/api/", "/mcp")):
        said = _FOR_PROGRAMS[error.reason].format(seconds=error.seconds)
        return refuse(said, error.status, headers)
    strings = strings_of(_language(scope, body))
    title, said = _words(error, strings)
    if path in ("/embed/turn", "/turn", "/topic"):
        return HTMLResponse(render_problem(title, said, id="refused"), error.status, headers)
    if path == "/classify.csv":
        html = render_problem(strings.text("csv.problem"), said, id="csv-problem")
        line = json.dumps({"html": html}) + "\n"
        return Response(line, error.status, headers, media_type="application/x-ndjson")
    if path.startswith(("/gradio_api/", "/export/")):
        return reply_json({"error": said}, error.status, headers)
    return PlainTextResponse(said, error.status, headers)


def _words(error: RefusedError, strings: Strings) -> tuple[str, str]:
    match error.reason:
        case "rate":
            return strings.text("too_many"), strings.text("too_many.body", n=error.seconds)
        case "busy":
            return strings.text("too_many"), strings.text("error.busy", seconds=error.seconds)
        case "slow":
            return strings.text("fault"), strings.text("error.slow")
        case "sending":
            return strings.text("away"), strings.text("away.body")
        case "large":
            return strings.text("fault"), strings.text("error.too_long")


def _language(scope: Scope, body: bytes) -> str:
    """Return the language that a body names as `lang`, else that of the request."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        sent = None
    named = sent.get("lang") if isinstance(sent, dict) else None
    return (language_of(named) if isinstance(named, str) else "") or language_for(scope)
