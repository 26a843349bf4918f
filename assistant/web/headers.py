"""What the service sends -> the same with headers that tell a browser to trust the page's own parts only.

A header that a route has set stays as it is; no other site may read anything (no CORS, whatever Gradio says). This
module knows nothing of what the page does.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_YEAR = 31_536_000  # seconds
_INLINE = re.compile(rb"<(script|style)\b([^>]*)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_SOURCE = re.compile(rb"\ssrc\s*=", re.IGNORECASE)

# An answer that isn't a page: nothing in it runs, should a browser ever show it as one.
_NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_UNUSED = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # an address may hold a question
    "Permissions-Policy": ", ".join(f"{each}=()" for each in _UNUSED.split()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_STATIC = ("/assets/", "/static/", "/theme.css", "/favicon.ico")  # the same for everybody; browsers may keep them


class SecurityHeaders:
    """ASGI middleware: sets the headers, takes away those that open or tell too much, and says a fault in one line."""

    def __init__(self, app: ASGIApp, *, head: str = "") -> None:
        """Take the application that sends the page at "/".

        Args:
            head: HTML that the page puts into its own head after it was sent; its scripts and styles may run.
        """
        self._app = app
        self._scripts, self._styles = _hashes(head.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_page = path_of(scope) == "/"
        if is_page:  # it is read below, so it has to come as it is
            scope["headers"] = [each for each in scope["headers"] if each[0].lower() != b"accept-encoding"]
        reply = _Reply(self, scope, send, is_page=is_page)
        try:
            await self._app(scope, receive, reply.send)
        except Exception:
            if not reply.has_begun:
                fault = JSONResponse({"error": "The service has a fault; its log says which."}, 500)
                await fault(scope, receive, reply.send)
            raise

    def policy(self, page: bytes) -> str:
        """The Content-Security-Policy of the page, given as it is sent."""
        scripts, styles = _hashes(page)
        # Gradio builds the page's handlers from text (eval), sets style attributes, and begins style elements empty.
        return "; ".join(
            (
                "default-src 'none'",
                _directive("script-src", "'self'", "'unsafe-eval'", *scripts, *self._scripts),
                "script-src-attr 'none'",
                "style-src 'self' 'unsafe-inline'",  # for browsers that don't know the next two
                _directive("style-src-elem", "'self'", _hash(b""), *styles, *self._styles),
                "style-src-attr 'unsafe-inline'",
                "img-src 'self' data:",
                "font-src 'self'",
                "connect-src 'self'",
                "manifest-src 'self'",
                "object-src 'none'",
                "base-uri 'self'",
                "form-action 'self'",
                "frame-ancestors 'self'",
            )
        )


class _Reply:
    """A response on its way; the page is held back until it is whole, since its policy stands before it."""

    def __init__(self, security: SecurityHeaders, scope: Scope, send: Send, *, is_page: bool) -> None:
        self.has_begun = False
        self._security = security
        self._scope = scope
        self._send = send
        self._is_page = is_page
        self._start: Message | None = None
        self._page = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is not None:
            await self._hold(self._start, message)
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        self.has_begun = True
        headers = MutableHeaders(scope=message)
        if self._is_page and headers.get("content-type", "").startswith("text/html"):
            self._start = message
            return
        set_headers(headers, self._scope, policy=_NO_PAGE, frames="DENY")
        await self._send(message)

    async def _hold(self, start: Message, message: Message) -> None:
        self._page += message.get("body", b"")
        if message.get("more_body"):
            return
        self._start = None
        policy = self._security.policy(bytes(self._page))
        headers = MutableHeaders(scope=start)
        headers.setdefault("Cache-Control", "private, no-cache")  # its language is its visitor's
        set_headers(headers, self._scope, policy=policy, frames="SAMEORIGIN")
        await self._send(start)
        await self._send({"type": "http.response.body", "body": bytes(self._page)})


def set_headers(headers: MutableHeaders, scope: Scope, *, policy: str, frames: str) -> None:
    """Set what isn't set, and take away what opens the response to other sites or names the program."""
    for name in [each for each in headers if each.lower().startswith("access-control-") or each.lower() == "server"]:
        del headers[name]
    if "Content-Security-Policy" not in headers:  # else the route says who may frame it
        headers["Content-Security-Policy"] = policy
        headers.setdefault("X-Frame-Options", frames)
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    if scope["scheme"] == "https":
        headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    if not path_of(scope).startswith(_STATIC):
        headers.setdefault("Cache-Control", "no-store")


def _hashes(html: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a policy calls the scripts and the styles that stand in a page."""
    found = list(_inline(html))
    scripts = dict.fromkeys(_hash(text) for name, text in found if name == b"script")
    return tuple(scripts), tuple(dict.fromkeys(_hash(text) for name, text in found if name == b"style"))


def _inline(html: bytes) -> Iterator[tuple[bytes, bytes]]:
    for element in _INLINE.finditer(html):
        if not _SOURCE.search(element[2]):
            # A browser reads line ends as one character.
            yield element[1].lower(), element[3].replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _hash(text: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"


def _directive(name: str, *values: str) -> str:
    return " ".join((name, *_once(values)))


def _once(values: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(values)


def path_of(scope: Scope) -> str:
    """The path of a request, without what stands before the service's own."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "")) or "/"
