"""Find out who asks and for which address: what trusted proxies report is believed, and nobody else.

A page of another site may lead a name of its own to this machine (DNS rebinding) and then read what it gets: so only
requests for the service's own names are answered.
"""

import re
from collections.abc import Collection, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.settings import PATH, Network
from assistant.web.app import host_of
from assistant.web.gate.refusals import refuse_plainly

_MAX_HOPS = 32  # proxies in a row; no real list is longer
_HOP = re.compile(
    r"(?P<v4>[0-9.]+)(?::[0-9]{1,5})?|\[(?P<bracketed>[0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?|(?P<v6>[0-9A-Fa-f:.]+)"
)
_FORWARDED_FOR = re.compile(r"(?:^|;)\s*for\s*=\s*(?:\"([^\"]*)\"|([^;\"\s]*))\s*(?=;|$)", re.IGNORECASE)
_HOST = re.compile(
    r"(?P<name>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,4}|:[1-5][0-9]{4}|:6[0-4][0-9]{3})?"
)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_ELSEWHERE = "This service doesn't go by that name. Whoever runs it can add the name to ASSISTANT_ALLOWED_HOSTS."
_NO_HOST = "The request doesn't name a host, or not as one is written."
_Headers = Sequence[tuple[bytes, bytes]]


# What proxies report -------------------------------------------------------------------------------------------------


class Forwarded:
    """Middleware that puts the client's address, scheme, host and path in a trusted proxy's place.

    The headers that report them go no further, whoever sent them. The path under which a proxy shows the service is
    `root_path` of the scope; `path` stays without it until `UnderPath`, since the gates know the routes as they are.
    """

    def __init__(self, app: ASGIApp, *, trusted: Sequence[Network], root_path: str = "") -> None:
        """Wrap an application that is shown under a path, unless a proxy names another."""
        self._app = app
        self._trusted = tuple(trusted)
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] in ("http", "websocket"):
            sent = scope["headers"]
            kept = [each for each in sent if not each[0].startswith((b"x-forwarded-", b"forwarded"))]
            scope = {**scope, "root_path": self._root_path, "headers": kept}
            peer = _address(host_of(scope))
            if peer and self._trusts(peer):
                scope |= {"client": (str(self._client(peer, sent)), 0), "scheme": _scheme(scope, sent)}
                if host := _last(sent, b"x-forwarded-host"):
                    scope["headers"] = [
                        *(each for each in kept if each[0] != b"host"),
                        (b"host", host.encode("latin-1")),
                    ]
                if PATH.fullmatch(prefix := _last(sent, b"x-forwarded-prefix").rstrip("/")):
                    scope["root_path"] = prefix
        await self._app(scope, receive, send)

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._trusted)

    def _client(self, peer: IPv4Address | IPv6Address, sent: _Headers) -> IPv4Address | IPv6Address:
        """Find the client that proxies report; the peer where they report none, or nothing that makes sense.

        A proxy sets one of two headers and lets the other through as the client sent it: where they differ, neither
        can be believed.
        """
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


def _items(sent: _Headers, name: bytes) -> list[str]:
    values = [value.decode("latin-1") for key, value in sent if key == name]
    return [item.strip() for item in ",".join(values).split(",")] if values else []


def _last(sent: _Headers, name: bytes) -> str:
    """Return what the nearest proxy says; empty where it says nothing."""
    return next(reversed(_items(sent, name)), "")


def _scheme(scope: Scope, sent: _Headers) -> str:
    reported = _last(sent, b"x-forwarded-proto").lower()
    if reported not in ("http", "https"):
        return str(scope.get("scheme", "http"))
    return reported if scope["type"] == "http" else {"http": "ws", "https": "wss"}[reported]


class UnderPath:
    """Middleware that puts `root_path` before the path again, as routes expect it: the innermost."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if root_path := scope.get("root_path"):
            scope = {**scope, "path": root_path + scope["path"]}
        await self._app(scope, receive, send)


# Names ---------------------------------------------------------------------------------------------------------------


class OwnNames:
    """Middleware that refuses requests for a host that isn't the service's, at every address.

    Its own are loopback's, the address that a connection came to, and those that its operator names.
    """

    def __init__(self, app: ASGIApp, *, names: Collection[str]) -> None:
        """Wrap an application; `names` are the operator's, "*.example.org" for all below one, "*" for any."""
        self._app = app
        self._names = frozenset(names) | _LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        sent = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        named = _HOST.fullmatch(sent[0]) if len(sent) == 1 else None
        if named is None:
            await refuse_plainly(_NO_HOST, 400, scope, receive, send)
        elif self._is_own(named["name"].lower(), scope):
            await self._app(scope, receive, send)
        else:
            await refuse_plainly(_ELSEWHERE, 421, scope, receive, send)

    def _is_own(self, name: str, scope: Scope) -> bool:
        above = (f"*{name[at:]}" for at, character in enumerate(name) if character == ".")
        if not self._names.isdisjoint(("*", name, *above)):
            return True
        address = _address(name.strip("[]"))
        return address is not None and address == _address((scope.get("server") or ("",))[0])
