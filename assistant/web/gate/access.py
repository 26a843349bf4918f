"""Find the client behind proxies, ask for a password, and log requests.

Only headers are read. The log holds no client's address, no query and no message of an error, since these may hold what
was asked.
"""

import base64
import binascii
import hmac
import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from math import ceil
from pathlib import Path

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import Network
from assistant.web.app import PRIVATE, Buckets, client_of, host_of, refuse

OPEN_PATHS = frozenset({"/healthz", "/readyz"})  # without a password

_logger = logging.getLogger("assistant.access")
_TRIES = 10  # wrong passwords a minute for one client
_MAX_HOPS = 32  # proxies in a row; no real list is longer
_HOP = re.compile(
    r"(?P<v4>[0-9.]+)(?::[0-9]{1,5})?|\[(?P<bracketed>[0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?|(?P<v6>[0-9A-Fa-f:.]+)"
)
_FORWARDED_FOR = re.compile(r"(?:^|;)\s*for\s*=\s*(?:\"([^\"]*)\"|([^;\"\s]*))\s*(?=;|$)", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MAX_PATH = 500  # characters of a path in the log
_FAULT = "The service has a fault. Try again; if it stays, tell whoever runs the service and give this number: {id}."
_PACKAGE = Path(__file__).parents[2]


# The client behind proxies -------------------------------------------------------------------------------------------


class ClientAddress:
    """Middleware that replaces a proxy's address and scheme by the client's, as trusted proxies report them."""

    def __init__(self, app: ASGIApp, *, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        peer = _address(host_of(scope)) if scope["type"] in ("http", "websocket") else None
        if peer and self._trusts(peer):
            client = self._client(peer, scope["headers"])
            scope = {**scope, "client": (str(client), 0), "scheme": _scheme(scope)}
        await self._app(scope, receive, send)

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._trusted)

    def _client(
        self, peer: IPv4Address | IPv6Address, headers: Iterable[tuple[bytes, bytes]]
    ) -> IPv4Address | IPv6Address:
        """Find the client that proxies report; the peer where they report none, or nothing that makes sense.

        A proxy sets one of two headers and lets the other through as the client sent it: where they differ, neither
        can be believed.
        """
        sent = list(headers)
        hops, elements = _items(sent, b"x-forwarded-for"), _items(sent, b"forwarded")
        forwarded = [(match[1] or match[2]) if (match := _FORWARDED_FOR.search(each)) else "" for each in elements]
        named = {self._nearest(each, peer) for each in (hops, forwarded) if each}
        return named.pop() if len(named) == 1 else peer

    def _nearest(self, hops: Sequence[str], peer: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
        """Return the last hop that is no trusted proxy: each proxy adds the address that it was asked from."""
        address = peer
        for hop in reversed(hops[-_MAX_HOPS:]):
            read = _hop(hop)
            if read is None:
                return peer
            address = read
            if not self._trusts(address):
                break
        return address


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _hop(text: str) -> IPv4Address | IPv6Address | None:
    """Read "192.0.2.1", "192.0.2.1:1234", "2001:db8::1" or "[2001:db8::1]:1234"."""
    match = _HOP.fullmatch(text)
    return _address(match["v4"] or match["bracketed"] or match["v6"]) if match else None


def _items(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    values = [value.decode("latin-1") for key, value in headers if key.lower() == name]
    return [item.strip() for item in ",".join(values).split(",")] if values else []


def _scheme(scope: Scope) -> str:
    reported = (_items(scope["headers"], b"x-forwarded-proto") or [""])[-1].lower()
    if reported not in ("http", "https"):
        return str(scope.get("scheme", "http"))
    return reported if scope["type"] == "http" else {"http": "ws", "https": "wss"}[reported]


# A password ----------------------------------------------------------------------------------------------------------


class Password:
    """Middleware that asks for a user and a password (HTTP Basic) everywhere but at OPEN_PATHS.

    A client that has tried too many wrong ones has to wait, and meanwhile the right one isn't looked at either.
    """

    def __init__(self, app: ASGIApp, *, auth: tuple[str, str], clock: Callable[[], float] = time.monotonic) -> None:
        """Wrap an application; `auth` is the user and the password, `clock` gives seconds that only go forward."""
        self._app = app
        self._expected = ":".join(auth).encode()
        self._tries = Buckets(rate=_TRIES, burst=_TRIES, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await refusal(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, scope: Scope) -> Response | None:
        sent = [value for name, value in scope["headers"] if name.lower() == b"authorization"]
        if not sent:
            return _unauthorized()  # a browser's first request, before it asks its person
        client = client_of(host_of(scope))
        if seconds := self._tries.wait(client):
            headers = {**PRIVATE, "Retry-After": str(ceil(seconds))}
            return PlainTextResponse("Too many wrong passwords; wait a little.", 429, headers)
        if len(sent) == 1 and hmac.compare_digest(_credentials(sent[0]), self._expected):
            return None
        self._tries.take(client)
        return _unauthorized()


def _credentials(header: bytes) -> bytes:
    """Read `Basic dXNlcjpwYXNz`; nothing where it isn't that."""
    scheme, _, encoded = header.partition(b" ")
    if scheme.lower() != b"basic":
        return b""
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        return b""


def _unauthorized() -> Response:
    headers = {**PRIVATE, "WWW-Authenticate": 'Basic realm="assistant", charset="UTF-8"'}
    return PlainTextResponse("A user and a password are needed.", 401, headers)


# The log -------------------------------------------------------------------------------------------------------------


def write_log(handler: logging.Handler) -> None:
    """Write a line of JSON for each request to a handler, and to no other that was set before."""
    _logger.handlers[:] = [handler]
    _logger.setLevel(logging.INFO)
    _logger.propagate = False


def _now() -> datetime:
    return datetime.now(UTC)


class AccessLog:
    """Middleware that numbers and logs each request, and answers where the application fails.

    A line has: time (UTC), id, method, path (without the query), status (null where the client left), ms, bytes. A
    failure has a line of its own, with the kind of error and its place, without its message.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        clock: Callable[[], float] = time.perf_counter,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._app = app
        self._clock = clock
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id, began = _request_id(scope["headers"]), self._clock()

        def log(level: int, **values: object) -> None:
            row = {"time": self._now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "id": id, "method": scope["method"]}
            # As ASCII: a path may hold ends of lines, and characters that reverse a line.
            _logger.log(level, "%s", json.dumps({**row, "path": scope["path"][:_MAX_PATH], **values}))

        def log_answer() -> None:
            milliseconds = round((self._clock() - began) * 1000, 1)
            log(logging.INFO, status=answer.status, ms=milliseconds, bytes=answer.size)

        answer = _Answer(send, id, log_answer)
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:  # the outermost edge: the server would log the message
            log(logging.ERROR, error=type(error).__qualname__, at=_place(error))
            if answer.status is None:
                await _fault(scope, id)(scope, receive, answer.send)
        finally:
            answer.end()


class _Answer:
    """A response on its way to the client, with its status and size."""

    def __init__(self, send: Send, id: str, on_end: Callable[[], None]) -> None:
        self._send = send
        self._id = id.encode()
        self.status: int | None = None
        self.size = 0  # bytes of the body
        self._on_end: Callable[[], None] | None = on_end

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [each for each in message.get("headers", ()) if each[0].lower() != b"x-request-id"]
            message = {**message, "headers": [*headers, (b"x-request-id", self._id)]}
        await self._send(message)
        if message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
            if not message.get("more_body", False):
                self.end()

    def end(self) -> None:
        """Call `on_end`, once."""
        on_end, self._on_end = self._on_end, None
        if on_end:
            on_end()


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the number that a proxy gave a request, if it is a short word; else a new one."""
    sent = next((value.decode("latin-1") for name, value in headers if name.lower() == b"x-request-id"), "")
    return sent if _ID.fullmatch(sent) else secrets.token_hex(8)


def _place(error: BaseException) -> str:
    """Return where an error came from: our last line that it passed, and the last of all.

    For one that a library raised: "search.py:57 search > function_base.py:12 dot".
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    return " > ".join(dict.fromkeys(_spot(frame) for frame in (*ours[-1:], *frames[-1:])))


def _spot(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    shown = path.relative_to(_PACKAGE).as_posix() if path.is_relative_to(_PACKAGE) else path.name
    return f"{shown}:{frame.lineno} {frame.name}"


def _fault(scope: Scope, id: str) -> Response:
    said = _FAULT.format(id=id)
    if scope["path"].startswith(("/api/", "/gradio_api/")):
        return refuse(said, 500)
    return PlainTextResponse(said, 500, PRIVATE)
