"""Count and time requests by their routes.

Time is measured to the head of a response, since a stream stays open as long as its page. Questions come by several
addresses: how long answers take stands in `assistant_question_seconds`.
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
        "/api/check",
        "/api/classify",
        "/api/documents",
        "/api/objectives",
        "/api/suggest",
        "/classify.csv",
        "/comparisons.css",
        "/config",
        "/coverage",
        "/docs",
        "/documents",
        "/draft",
        "/embed",
        "/embed-page.js",
        "/embed.css",
        "/embed.js",
        "/embed/turn",
        "/export/docx",
        "/export/markdown",
        "/export/sheet",
        "/favicon.ico",
        "/feedback",
        "/gradio.json",
        "/gradio_api/queue/data",
        "/gradio_api/queue/join",
        "/gradio_api/run/predict",
        "/healthz",
        "/manifest.webmanifest",
        "/many",
        "/mcp",
        "/metrics",
        "/objective",
        "/openapi.json",
        "/parts",
        "/parts/coverage",
        "/parts/documents",
        "/reader",
        "/readyz",
        "/staff/decision",
        "/staff/documents",
        "/staff/questions",
        "/staff/retirement",
        "/subject",
        "/theme.css",
        "/topic",
        "/turn",
        "/worker.js",
    }
)
# The beginning of an address -> its label.
_BELOW = {
    "/api/documents/": "/api/documents/{id}",
    "/assets/": "/assets/{file}",
    "/coverage/": "/coverage/{rest}",
    "/docs/": "/docs/{file}",
    "/documents/": "/documents/{id}",
    "/gradio_api/": "/gradio_api/{rest}",
    "/mcp/": "/mcp",
    "/page/": "/page/{file}",
    "/reader/": "/reader/{id}",
    "/static/": "/static/{file}",
    "/svelte/": "/svelte/{file}",
}


class Measured:
    """Middleware that counts and times requests; the outermost, so that it sees what others refuse."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        metrics, started, has_begun = self._metrics, time.perf_counter(), False
        # Now, since routing writes into the scope.
        route = route_of(scope["path"].removeprefix(scope.get("root_path", "")))
        method = scope["method"] if scope["method"] in _METHODS else OTHER

        def begin(status: int) -> None:
            nonlocal has_begun
            has_begun = True
            metrics.in_flight.dec()
            metrics.responses_open.inc()
            metrics.requests.labels(route, method, str(status)).inc()
            metrics.request_seconds.labels(route).observe(time.perf_counter() - started)

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start" and not has_begun:
                begin(message["status"])
            await send(message)

        metrics.in_flight.inc()
        try:
            await self._app(scope, receive, send_measured)
        finally:
            if not has_begun:
                begin(_FAULT)
            metrics.responses_open.dec()


def route_of(path: str) -> str:
    """Return the label of an address.

    >>> route_of("/api/ask"), route_of("/reader/background-note"), route_of("/wp-login.php")
    ('/api/ask', '/reader/{id}', 'other')
    """
    if path in _ROUTES:
        return path
    return next((name for start, name in _BELOW.items() if path.startswith(start)), OTHER)
