"""Put several meetings behind one address: the page that lists them, and each at its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.app import PRIVATE, following_device, page_policy, read_static, refuse
from assistant.web.meetings.held import Held
from assistant.web.observing import Metrics, add_health
from assistant.web.page import language_for
from assistant.web.rendering import Strings, render
from assistant.web.widget import add_loader

IDLE = 1800.0  # seconds after which a meeting that nobody asks is closed
_LOOK = 30.0  # seconds between two looks
_NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
_ELSEWHERE = "There is nothing at this address. Each meeting has its own, such as /m/{name}/api/ask; / lists them."


def meetings_app(
    held: Mapping[str, Held],
    strings_of: Callable[[str], Strings],
    metrics: Metrics,
    *,
    idle: float = IDLE,
    look: float = _LOOK,
) -> FastAPI:
    """Put the application of several meetings together.

    Args:
        held: The meetings by name, at least one.
        idle: Seconds after which one that nobody asks is closed.
        look: Seconds between two looks for such.
    """

    async def close_idle() -> None:
        while True:
            await asyncio.sleep(look)
            for each in held.values():
                each.close(idle=idle)

    @contextlib.asynccontextmanager
    async def closing(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(close_idle())
        yield
        task.cancel()
        for each in held.values():
            each.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, telemetry=_NO_TELEMETRY, lifespan=closing)
    page = _Listing(held, strings_of)
    app.add_api_route("/", page.listing, methods=["GET", "HEAD"], response_model=None)
    add_loader(app, strings_of)
    add_health(app, None, metrics)
    said = _ELSEWHERE.format(name=next(iter(held)))

    @app.exception_handler(404)
    def refuse_elsewhere(_: Request, __: Exception) -> Response:
        return refuse(said, 404)

    app.add_middleware(_EachItsOwn, held=held)
    return app


class _Listing:
    """The page that lists the meetings."""

    def __init__(self, held: Mapping[str, Held], strings_of: Callable[[str], Strings]) -> None:
        self._titles = {name: each.title for name, each in held.items()}
        self._strings_of = strings_of
        self._style = following_device(read_static("style.css", "comparisons.css"))
        self._headers = {**PRIVATE, "Content-Security-Policy": page_policy(scripts=(), styles=(self._style,))}

    def listing(self, request: Request) -> Response:
        """Send the page."""
        strings = self._strings_of(language_for(request.scope))
        html = render("meetings/list.html", strings=strings, titles=self._titles, style=self._style)
        return Response(html, headers=self._headers, media_type="text/html")


class _EachItsOwn:
    """Middleware that gives a meeting's requests to the meeting, and all others to the service."""

    def __init__(self, app: ASGIApp, *, held: Mapping[str, Held]) -> None:
        self._app = app
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "meeting" not in scope:
            await self._app(scope, receive, send)
        elif not scope["path"]:  # its links are relative to its folder
            query = scope.get("query_string", b"").decode("latin-1")
            address = f"{scope['root_path']}/{'?' if query else ''}{query}"
            await RedirectResponse(address, 307, PRIVATE)(scope, receive, send)
        else:
            await self._held[scope["meeting"]](scope, receive, send)
