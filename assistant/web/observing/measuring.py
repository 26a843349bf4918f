"""Requests and their responses -> how many, how they ended, how long until they began; by a few names of routes.

Time is measured to the head of a response, so that a stream that stays open as long as its page is no slow answer.
Whatever the page asks goes to one address of Gradio's: how long answers took stands in `assistant_question_seconds`.
This module knows nothing of what is asked.
"""

import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.observing.metrics import OTHER, Metrics

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_FAULT = 500  # what the server sends where the application sent nothing
_ROUTES = frozenset(
    {
        "/",
        "/api/ask",
        "/api/classify",
        "/api/documents",
        "/api/objectives",
        "/classify.csv",
        "/config",
        "/docs",
        "/embed",
        "/embed-page.js",
        "/embed.css",
        "/embed.js",
        "/embed/turn",
        "/export/docx",
        "/export/markdown",
        "/favicon.ico",
        "/feedback",
        "/gradio_api/queue/data",
        "/gradio_api/queue/join",
        "/gradio_api/run/predict",
        "/healthz",
        "/mcp",
        "/metrics",
        "/openapi.json",
        "/reader",
        "/readyz",
        "/theme.css",
    }
)
# Where an address begins -> how a label writes it.
_BELOW = {
    "/api/documents/": "/api/documents/{id}",
    "/assets/": "/assets/{file}",
    "/docs/": "/docs/{file}",
    "/gradio_api/": "/gradio_api/{rest}",
    "/reader/": "/reader/{id}",
    "/static/": "/static/{file}",
    "/svelte/": "/svelte/{file}",
}


class Measured:
    """An ASGI application whose requests are counted and timed; the outermost, so that it sees what others refuse."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        """Take the application."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(self._metrics, scope)

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.begins(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, send_measured)
        finally:
            exchange.ends()


class _Exchange:
    """A request and its response."""

    def __init__(self, metrics: Metrics, scope: Scope) -> None:
        # Now, since those that route it write into the scope.
        self._route = route_of(scope["path"].removeprefix(scope.get("root_path", "")))
        self._method = scope["method"] if scope["method"] in _METHODS else OTHER
        self._metrics = metrics
        self._started = time.perf_counter()
        self._has_begun = False
        metrics.in_flight.inc()

    def begins(self, status: int) -> None:
        """The head of the response is there."""
        if self._has_begun:
            return
        self._has_begun = True
        self._metrics.in_flight.dec()
        self._metrics.responses_open.inc()
        self._metrics.requests.labels(self._route, self._method, str(status)).inc()
        self._metrics.request_seconds.labels(self._route).observe(time.perf_counter() - self._started)

    def ends(self) -> None:
        """The response is complete, or nothing more comes."""
        self.begins(_FAULT)
        self._metrics.responses_open.dec()


def route_of(path: str) -> str:
    """Name the route of an address, in one of a few ways.

    >>> route_of("/api/ask"), route_of("/reader/background-note"), route_of("/wp-login.php")
    ('/api/ask', '/reader/{id}', 'other')
    """
    if path in _ROUTES:
        return path
    return next((name for start, name in _BELOW.items() if path.startswith(start)), OTHER)
