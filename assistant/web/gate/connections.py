"""Connections -> those that are kept: so many of one client, each for as long as requests come and are answered.

Without this, a thousand connections that say nothing would close the service to everybody. This module knows nothing
of what is asked.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.settings import Network
from assistant.web.app import client_of

MOST = 400  # connections of one client; a browser keeps six, and a meeting room may share one address
HEAD_SECONDS = 10.0  # that a request's head may take to come
_TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def protocol_with_limits(*, trusted: Sequence[Network], most: int = MOST) -> type[H11Protocol]:
    """Make the protocol of one server, to be given to uvicorn as `http`.

    Args:
        trusted: Networks of the proxies that bring many clients; their connections aren't counted.
        most: Connections of one client.
    """

    class Limited(_LimitedProtocol):
        door = _Door(tuple(trusted), most)

    return Limited


@dataclass(frozen=True, slots=True)
class _Door:
    """Who is in.

    Attributes:
        trusted: Networks whose connections aren't counted.
        most: Connections of one client.
        inside: How many there are, of clients that have any.
    """

    trusted: tuple[Network, ...]
    most: int
    inside: Counter[str] = field(default_factory=Counter)

    def enter(self, host: str) -> str:
        """Count a connection, and name the client that it counts for; "" for none."""
        if not host or self._trusts(host):
            return ""
        client = client_of(host)
        self.inside[client] += 1
        return client

    def leave(self, client: str) -> None:
        """Count it no longer."""
        self.inside[client] -= 1
        if not self.inside[client]:
            del self.inside[client]

    def is_too_full(self, client: str) -> bool:
        """Whether a client has more connections than it may."""
        return self.inside[client] > self.most

    def _trusts(self, host: str) -> bool:
        address = ip_address(host.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self.trusted)


class _LimitedProtocol(H11Protocol):
    """Counts for its client, and closes where no request comes."""

    door: _Door  # that all connections of a server come through
    _client = ""
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._client = self.door.enter(self.client[0] if self.client else "")
        if self.door.is_too_full(self._client):
            transport.write(_TOO_MANY)
            transport.close()
        else:
            self._start_clock()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.get_protocol() is not self:
            self._forget()  # it speaks WebSocket from here on, which the service closes
        elif self.cycle is not None and not self.cycle.response_complete:
            self._stop_clock()  # a request is there; what answers it has limits of its own
        elif self._deadline is None:
            self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _start_clock(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_clock(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _forget(self) -> None:
        self._stop_clock()
        client, self._client = self._client, ""
        if client:
            self.door.leave(client)
