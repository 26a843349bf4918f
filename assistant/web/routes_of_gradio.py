"""Gradio's many addresses -> the few that the page asks for; all others are answered "not found".

Gradio mounts some eighty routes: uploads, file serving, a proxy, streams, sign-in, its programming interface. The page
needs six. What a new version adds is closed until somebody opens it here. This module knows nothing of the project's
own routes, which come before Gradio's.
"""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import gradio.routes
from fastapi import FastAPI
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.headers import path_of

EVENTS = "/gradio_api/run/predict"  # where the page's events go, all of them
_GET = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Open:
    """An address that stays open.

    Attributes:
        path: A regular expression that the whole path matches.
        reason: What the page needs it for.
    """

    methods: frozenset[str]
    path: re.Pattern[str]
    reason: str


OPEN = (
    Open(_GET, re.compile(r"/"), "the page"),
    Open(_GET, re.compile(r"/assets/[\w-][\w.-]*\.(?:css|js|svg|ttf|woff2?)", re.ASCII), "its scripts, styles, fonts"),
    Open(_GET, re.compile(r"/static/js/iframeResizer\.contentWindow\.min\.js"), "a script that the page names"),
    Open(_GET, re.compile(r"/theme\.css"), "its colours"),
    Open(_GET, re.compile(r"/gradio_api/app_id"), "tells after a lost connection whether it is the same service"),
    Open(frozenset({"POST"}), re.compile(re.escape(EVENTS)), "its events: a question, a topic, a look at the opening"),
)

_NOT_OURS = ("deep_link", "page")  # what Gradio would read from the page's address; the page uses neither


def close_unused(app: FastAPI) -> None:
    """Close all of Gradio's routes but those of OPEN; call it after Gradio was mounted.

    Raises:
        ValueError: Gradio isn't mounted in the application.
    """
    mounts = [route for route in app.routes if isinstance(route, Mount) and isinstance(route.app, gradio.routes.App)]
    if not mounts:
        raise ValueError("Gradio isn't mounted in this application, or was closed before.")
    for mount in mounts:
        mount.app = OnlyOpen(mount.app)


class OnlyOpen:
    """ASGI middleware around Gradio: passes requests to open addresses on."""

    def __init__(self, app: ASGIApp) -> None:
        """Take Gradio's application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and not is_open(scope["method"], path_of(scope)):
            await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)
        else:
            await self._app(_with_known_query(scope), receive, send)


def is_open(method: str, path: str) -> bool:
    """Whether Gradio may see a request."""
    return any(method in each.methods and each.path.fullmatch(path) for each in OPEN)


def asking(blocks: Any, functions: Collection[str]) -> Callable[[bytes], bool]:
    """Make a test of whether the body of a request to EVENTS asks something, rather than looks how far the opening is.

    Args:
        blocks: Gradio's blocks.
        functions: Names of the functions that ask.
    """
    numbers = {number for number, each in blocks.fns.items() if each.name in functions}

    def asks(body: bytes) -> bool:
        try:
            sent = json.loads(body)
        except (ValueError, RecursionError):
            return True  # no body of the page's
        # What isn't plainly one of the other events counts as a question.
        number = sent.get("fn_index") if isinstance(sent, dict) else None
        return type(number) is not int or number in numbers or number not in blocks.fns

    return asks


def _with_known_query(scope: Scope) -> Scope:
    """Take out of the address what Gradio isn't to read; in place, since others look at the dictionary afterwards."""
    sent = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    kept = [each for each in sent if each[0] not in _NOT_OURS]
    if len(kept) < len(sent):
        scope["query_string"] = urlencode(kept).encode()
    return scope
