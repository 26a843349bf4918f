"""Every answer of the application -> the same with headers that tell a browser what it may do with it.

What an answer says of itself stays, such as the widget's own policy; but no answer lets another site read it, though
Gradio's would. This module knows nothing of what is served, but that the page is at "/" and may run only the scripts
that it was sent with.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What is no page runs nothing, loads nothing and is framed by nobody.
_SEALED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_OFF = (
    "accelerometer autoplay browsing-topics camera clipboard-read compute-pressure display-capture "
    "encrypted-media fullscreen gamepad geolocation gyroscope hid identity-credentials-get idle-detection local-fonts "
    "magnetometer microphone midi otp-credentials payment picture-in-picture publickey-credentials-create "
    "publickey-credentials-get screen-wake-lock serial storage-access sync-xhr usb window-management "
    "xr-spatial-tracking"
).split()
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # an address may hold a question
    "Permissions-Policy": ", ".join(["clipboard-write=(self)", *(f"{each}=()" for each in _OFF)]),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",  # the widget's loader says otherwise of itself
}
_INLINE = re.compile(r"<(script|style)((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_FROM_FILE = re.compile(r"\ssrc\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inline:
    """What stands in a page itself, as a policy names it: 'sha256-…'."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]


def inline_of(html: str) -> Inline:
    """Find the scripts and styles that stand in HTML of our own or Gradio's.

    >>> inline_of("<style></style><script src='a.js'></script>").styles
    ("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",)
    """
    found = [
        (name.lower(), _hash(content)) for name, says, content in _INLINE.findall(html) if not _FROM_FILE.search(says)
    ]
    scripts, styles = (tuple(each for name, each in found if name == kind) for kind in ("script", "style"))
    return Inline(scripts, styles)


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


_EMPTY = _hash("")  # Gradio makes a stylesheet for each piece of HTML, and has nothing to put into it


def page_policy(*parts: Inline) -> str:
    """Write the policy of the page, by what stands in it.

    Gradio compiles the page's own events and templates while it runs, hence 'unsafe-eval'; what visitors or documents
    say is a value to them, never a part.
    """
    scripts = _spaced(each for part in parts for each in part.scripts)
    styles = _spaced((_EMPTY, *(each for part in parts for each in part.styles)))
    return (
        f"default-src 'none'; script-src 'self' 'unsafe-eval' {scripts}; "
        # Browsers that know the two others pass over the first.
        f"style-src 'self' 'unsafe-inline'; style-src-elem 'self' {styles}; style-src-attr 'unsafe-inline'; "
        "connect-src 'self'; img-src 'self' data:; manifest-src 'self'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def _spaced(words: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(words))


class SecurityHeaders:
    """ASGI middleware: gives every answer its headers; the page's wait until it is known what stands in it."""

    def __init__(self, app: ASGIApp, *, head: str) -> None:
        """Take the application, and what the page's script puts into its head."""
        self._app = app
        self._head = inline_of(head)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == "/":
            # As it is, not compressed, so that what stands in it can be seen.
            headers = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
            await self._app({**scope, "headers": headers}, receive, _Page(send, self._head))
        else:
            await self._app(scope, receive, _Sealed(send))


class _Sealed:
    """Sends an answer that is no page."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = _with_headers(message, _SEALED)
        await self._send(message)


class _Page:
    """Sends the page, its policy last written and first sent."""

    def __init__(self, send: Send, head: Inline) -> None:
        self._send = send
        self._head = head
        self._start: Message = {}
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                start = _with_headers(self._start, self._policy())
                MutableHeaders(raw=start["headers"]).setdefault("Cache-Control", "private, no-cache")  # by language
                await self._send(start)
                await self._send({"type": "http.response.body", "body": bytes(self._body)})
        else:
            await self._send(message)

    def _policy(self) -> str:
        if not Headers(raw=self._start["headers"]).get("content-type", "").startswith("text/html"):
            return _SEALED
        return page_policy(inline_of(self._body.decode("utf-8", "replace")), self._head)


def _with_headers(start: Message, policy: str) -> Message:
    """The start of an answer with what it doesn't say of itself, and without leave for other sites."""
    kept = [each for each in start["headers"] if not each[0].lower().startswith(b"access-control-")]
    headers = MutableHeaders(raw=kept)
    for name, value in (("Content-Security-Policy", policy), *_HEADERS.items()):
        headers.setdefault(name, value)
    if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "DENY")  # for browsers that don't know the other
    return {**start, "headers": headers.raw}
