"""Compress what can be compressed, with Brotli where a browser takes it, else with gzip."""

from gradio.brotli_middleware import BrotliResponder, Mode
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipResponder
from starlette.types import ASGIApp, Receive, Scope, Send

_QUALITY = 5  # of 11; the next ones take twice the time for a few bytes
_WINDOW = 22  # bits
_SMALLEST = 400  # bytes; below, the headers are most of it
_AS_THEY_ARE = ("/classify", "/mcp", "/export/docx", "/assets/")  # lines that come one by one; what is packed already


class Compressed:
    """Middleware that compresses responses; those that Gradio has compressed pass as they are."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        accepted = Headers(scope=scope).get("accept-encoding", "") if scope["type"] == "http" else ""
        app: ASGIApp = self._app
        if scope.get("path", "").startswith(_AS_THEY_ARE) or scope.get("path", "").endswith(".png"):
            pass
        elif "br" in accepted:
            app = BrotliResponder(self._app, _QUALITY, Mode.text, _WINDOW, 0, _SMALLEST)
        elif "gzip" in accepted:
            app = GZipResponder(self._app, _SMALLEST)
        await app(scope, receive, send)
