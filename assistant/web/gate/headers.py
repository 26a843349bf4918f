"""Add security headers to every response; the page may run only its own scripts and those that it was sent with.

Headers that a response has already stay, such as the widget's policy; but none lets another site read it, as Gradio's
would.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# For every response but pages: it runs nothing, loads nothing and is framed by nobody.
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


class SecurityHeaders:
    """Middleware that adds the headers; a page brings a policy of its own."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def send_sealed(message: Message) -> None:
            await send(_with_headers(message, _SEALED) if message["type"] == "http.response.start" else message)

        await self._app(scope, receive, send_sealed)


def _with_headers(start: Message, policy: str) -> Message:
    """Return the head of a response with the headers that it lacks, and without leave for other sites to read it."""
    kept = [each for each in start["headers"] if not each[0].lower().startswith(b"access-control-")]
    headers = MutableHeaders(raw=kept)
    for name, value in (("Content-Security-Policy", policy), *_HEADERS.items()):
        headers.setdefault(name, value)
    if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "DENY")  # for old browsers
    return {**start, "headers": headers.raw}
