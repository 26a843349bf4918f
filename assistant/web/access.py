"""A request -> who sent it, whether it may come in, and a line about it in a log that holds no question.

This module knows nothing of what is asked.
"""

import hashlib
import hmac
import json
import logging
import re
import time
import uuid
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import InputError
from assistant.web.fairness import TokenBuckets, client_of, masked
from assistant.web.headers import path_of

Network = IPv4Network | IPv6Network

LOG = logging.getLogger("assistant.access")

ALIVE = "/healthz"  # needs no password: whoever watches the service has none
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MOST_HOPS = 32  # proxies that an address is followed through
_MOST_PATH = 200  # characters of a path in the log
_WRONG = 10  # passwords a minute that one client may get wrong
_FORWARDED = re.compile(r'(?:^|[;\s])for=("[^"]*"|[^;,\s]*)', re.IGNORECASE)


# Settings ------------------------------------------------------------------------------------------------------------


def parse_proxies(value: str, *, name: str) -> tuple[Network, ...]:
    """Turn a list with commas into networks; an address is a network of one.

    >>> [str(each) for each in parse_proxies("127.0.0.1, 2001:db8::/32", name="proxies")]
    ['127.0.0.1/32', '2001:db8::/32']

    Raises:
        InputError: One of them is none; the message begins with `name`.
    """
    networks = []
    for each in filter(None, map(str.strip, value.split(","))):
        try:
            networks.append(ip_network(each))
        except ValueError:
            raise InputError(
                f"{name}: {each!r} is no address and no network; give for example 127.0.0.1 or 10.0.0.0/8, parted by "
                "commas."
            ) from None
    return tuple(networks)


def parse_auth(value: str, *, name: str) -> str:
    """Check that a text is a user and a password, or empty; the message of the error doesn't hold it.

    Raises:
        InputError: It is neither; the message begins with `name`.
    """
    user, colon, password = value.partition(":")
    if value and not (user and colon and password and value.isprintable()):
        raise InputError(f"{name}: give user:password, both without line breaks; the user without a colon.")
    return value


# Who sent it ---------------------------------------------------------------------------------------------------------


class ClientAddress:
    """ASGI middleware: sets a request's client and scheme to what trusted proxies say of it.

    What anybody else says of itself is taken away, so that nothing behind believes it.
    """

    def __init__(self, app: ASGIApp, *, trusted: Collection[Network] = ()) -> None:
        """Take the networks of the proxies that may say on whose behalf they ask."""
        self._app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] in ("http", "websocket"):
            self._settle(scope)
        await self._app(scope, receive, send)

    def _settle(self, scope: Scope) -> None:
        peer, port = scope.get("client") or ("", 0)
        if not is_trusted(peer, self._trusted):
            scope["headers"] = [each for each in scope["headers"] if not _speaks_of_others(each[0].lower())]
            return
        headers = Headers(scope=scope)
        client = client_behind(peer, headers, trusted=self._trusted)
        scope["client"] = (client, port if client == peer else 0)
        # The last word is that of the proxy next to us.
        scheme = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        if scheme in ("http", "https"):
            scope["scheme"] = scheme


def client_behind(peer: str, headers: Headers, *, trusted: Collection[Network]) -> str:
    """The address of the client that a trusted peer asks for.

    Each proxy adds whom it was asked by at the right. From there the list is followed to the left as long as the
    proxies are trusted; what stands further left anybody may have written. Where the two headers that can say it
    differ, a proxy has passed one on as it came, and neither is believed.
    """
    said = [
        _walk(peer, hops, trusted=trusted)
        for hops in (list(_x_forwarded_for(headers)), list(_forwarded(headers)))
        if hops
    ]
    return said[0] if said and all(each == said[0] for each in said) else peer


def is_trusted(address: str, trusted: Collection[Network]) -> bool:
    """Whether an address is in one of some networks."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)


def _walk(peer: str, hops: Sequence[str], *, trusted: Collection[Network]) -> str:
    address = peer
    for hop in reversed(hops[-_MOST_HOPS:]):
        if not is_trusted(address, trusted):
            break
        named = _address(hop)
        if not named:
            break  # "unknown", or a name that its proxy made up
        address = named
    return address


def _x_forwarded_for(headers: Headers) -> Iterator[str]:
    for value in headers.getlist("x-forwarded-for"):
        yield from value.split(",")


def _forwarded(headers: Headers) -> Iterator[str]:
    for value in headers.getlist("forwarded"):
        for hop in value.split(","):
            named = _FORWARDED.search(hop)
            yield named[1].strip('"') if named else ""


def _address(hop: str) -> str:
    """Read "192.0.2.1", "192.0.2.1:4711", "2001:db8::1" or "[2001:db8::1]:4711"."""
    hop = hop.strip()
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        parsed = ip_address(hop.partition("%")[0])
    except ValueError:
        return ""
    return str(parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else str(parsed)


def _speaks_of_others(name: bytes) -> bool:
    return name.startswith(b"x-forwarded-") or name in (b"forwarded", b"x-real-ip", b"x-gradio-server")


# What is noted of it -------------------------------------------------------------------------------------------------


class AccessLog:
    """ASGI middleware: names each request, and writes a line of JSON when it has been answered.

    The line holds the path without what follows "?", and of the client's address its network only.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        clock: Callable[[], float] = time.perf_counter,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take the application, a clock in seconds and one that tells the time of day."""
        self._app = app
        self._clock = clock
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        request_id = asked if _ID.fullmatch(asked) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        status: int | None = None
        path = path_of(scope)[:_MOST_PATH]
        begun = self._clock()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, named)
        finally:
            line = {
                "time": self._now().isoformat(timespec="milliseconds"),
                "method": scope["method"],
                "path": path,
                "status": status,  # null: the client had gone
                "ms": round((self._clock() - begun) * 1000, 1),
                "id": request_id,
                "from": masked((scope.get("client") or ("",))[0], v4=24, v6=48),
            }
            LOG.info(json.dumps(line))


# Whether it may come in ----------------------------------------------------------------------------------------------


class Password:
    """ASGI middleware: lets in who knows the user and the password (HTTP Basic, RFC 7617)."""

    def __init__(self, app: ASGIApp, *, auth: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Take "user:password"; empty lets everybody in."""
        self._app = app
        self._auth = _digest(auth.encode()) if auth else b""
        self._wrong = TokenBuckets(_WRONG, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if not self._auth or scope["type"] not in ("http", "websocket") or path_of(scope) == ALIVE:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        client = client_of(scope)
        if wait := self._wrong.wait(client):  # a right one isn't told from a wrong one meanwhile
            again = {"Retry-After": str(int(wait) + 1)}
            return PlainTextResponse("Too many wrong passwords; try again later.", 429, again)
        sent = _credentials(Headers(scope=scope).get("authorization", ""))
        if sent is not None and hmac.compare_digest(_digest(sent), self._auth):
            return None
        if sent is not None:
            self._wrong.take(client)
        asks = {"WWW-Authenticate": 'Basic realm="Ask the documents", charset="UTF-8"', "Cache-Control": "no-store"}
        return PlainTextResponse("A user and a password are needed.", 401, asks)


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()  # of one length, so that comparing takes as long for any text


def _credentials(header: str) -> bytes | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(encoded.strip(), validate=True)
    except ValueError:
        return b""
