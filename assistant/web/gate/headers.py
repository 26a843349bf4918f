"""Add security headers to every response; the page at "/" may run only the scripts that it was sent with.

Headers that a response has already stay, such as the widget's policy; but none lets another site read it, as Gradio's
would.
"""

import re
from base64 import b64encode
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
_INLINE = re.compile(r"<(script|style)((?:\s[^<>]*)?)>(.*?)(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_FROM_FILE = re.compile(r"\ssrc\s*=", re.IGNORECASE)


def _page_policy(html: str) -> str:
    """Write the policy of the page for the scripts and styles inside its HTML.

    Gradio compiles the page's own events and templates while it runs, hence 'unsafe-eval'; texts of visitors and
    documents are values to them, never code.
    """
    # Gradio makes a stylesheet for each piece of HTML, and has nothing to put into it.
    hashes: dict[str, list[str]] = {"script": [], "style": [_hash("")]}
    for name, attributes, content in _INLINE.findall(html):
        if not _FROM_FILE.search(attributes):
            hashes[name.lower()].append(_hash(content))
    scripts, styles = (" ".join(dict.fromkeys(each)) for each in hashes.values())
    return (
        f"default-src 'none'; script-src 'self' 'unsafe-eval' {scripts}; "
        # Browsers that know the last two ignore the first.
        f"style-src 'self' 'unsafe-inline'; style-src-elem 'self' {styles}; style-src-attr 'unsafe-inline'; "
        "connect-src 'self'; img-src 'self' data:; manifest-src 'self'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


class SecurityHeaders:
    """Middleware that adds the headers; the page's wait until its scripts are known."""

    def __init__(self, app: ASGIApp, *, head: str) -> None:
        """Wrap an application; `head` is what the page's script puts into its head."""
        self._app = app
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == "/":
            # Not compressed, so that its scripts can be hashed.
            headers = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
            await self._app({**scope, "headers": headers}, receive, _Page(send, self._head))
        else:

            async def send_sealed(message: Message) -> None:
                await send(_with_headers(message, _SEALED) if message["type"] == "http.response.start" else message)

            await self._app(scope, receive, send_sealed)


class _Page:
    """A `send` for the page, which keeps its head until its body is complete."""

    def __init__(self, send: Send, head: str) -> None:
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
        return _page_policy(self._body.decode("utf-8", "replace") + self._head)


def _with_headers(start: Message, policy: str) -> Message:
    """Return the head of a response with the headers that it lacks, and without leave for other sites to read it."""
    kept = [each for each in start["headers"] if not each[0].lower().startswith(b"access-control-")]
    headers = MutableHeaders(raw=kept)
    for name, value in (("Content-Security-Policy", policy), *_HEADERS.items()):
        headers.setdefault(name, value)
    if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "DENY")  # for old browsers
    return {**start, "headers": headers.raw}
