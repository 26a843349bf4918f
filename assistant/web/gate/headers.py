"""Add security headers to every response; the page at "/" may run only the scripts that it was sent with.

Headers that a response has already stay, such as the widget's policy; but none lets another site read it, as Gradio's
would.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# For every response but the page: it runs nothing, loads nothing and is framed by nobody.
_SEALED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_FEATURES_OFF = (
    "accelerometer autoplay browsing-topics camera clipboard-read compute-pressure display-capture "
    "encrypted-media fullscreen gamepad geolocation gyroscope hid identity-credentials-get idle-detection local-fonts "
    "magnetometer microphone midi otp-credentials payment picture-in-picture publickey-credentials-create "
    "publickey-credentials-get screen-wake-lock serial storage-access sync-xhr usb window-management "
    "xr-spatial-tracking"
).split()
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # an address may hold a question
    "Permissions-Policy": ", ".join(["clipboard-write=(self)", *(f"{each}=()" for each in _FEATURES_OFF)]),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",  # the widget's loader has its own
}
_INLINE = re.compile(r"<(script|style)((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_FROM_FILE = re.compile(r"\ssrc\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inline:
    """The hashes of the scripts and styles inside a page, as a policy names them: 'sha256-…'."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]


def inline_of(html: str) -> Inline:
    """Hash the scripts and styles inside HTML of our own or Gradio's.

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
    """Write the policy of the page for the scripts and styles inside it.

    Gradio compiles the page's own events and templates while it runs, hence 'unsafe-eval'; texts of visitors and
    documents are values to them, never code.
    """
    scripts = _spaced(each for part in parts for each in part.scripts)
    styles = _spaced((_EMPTY, *(each for part in parts for each in part.styles)))
    return (
        f"default-src 'none'; script-src 'self' 'unsafe-eval' {scripts}; "
        # Browsers that know the last two ignore the first.
        f"style-src 'self' 'unsafe-inline'; style-src-elem 'self' {styles}; style-src-attr 'unsafe-inline'; "
        "connect-src 'self'; img-src 'self' data:; manifest-src 'self'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def _spaced(words: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(words))


class SecurityHeaders:
    """Middleware that adds the headers; the page's wait until its scripts are known."""

    def __init__(self, app: ASGIApp, *, head: str) -> None:
        """Wrap an application; `head` is what the page's script puts into its head."""
        self._app = app
        self._head = inline_of(head)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == "/":
            # Not compressed, so that its scripts can be hashed.
            headers = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
            await self._app({**scope, "headers": headers}, receive, _Page(send, self._head))
        else:
            await self._app(scope, receive, _Sealed(send))


class _Sealed:
    """A `send` for every response but the page."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = _with_headers(message, _SEALED)
        await self._send(message)


class _Page:
    """A `send` for the page, which keeps its head until its body is complete."""

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
    """Return the head of a response with the headers that it lacks, and without leave for other sites to read it."""
    kept = [each for each in start["headers"] if not each[0].lower().startswith(b"access-control-")]
    headers = MutableHeaders(raw=kept)
    for name, value in (("Content-Security-Policy", policy), *_HEADERS.items()):
        headers.setdefault(name, value)
    if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "DENY")  # for old browsers
    return {**start, "headers": headers.raw}
