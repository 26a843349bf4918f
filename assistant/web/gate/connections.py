"""Limit the connections of a client, and close those that send no request.

Otherwise a thousand silent connections would close the service to everybody.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.settings import Network
from assistant.web.app import client_of

MAX_CONNECTIONS = 400  # connections of one client; a browser keeps six, and a meeting room may share one address
HEAD_SECONDS = 10.0  # until a request's head is there
_TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def protocol_with_limits(*, trusted: Sequence[Network], most: int = MAX_CONNECTIONS) -> type[H11Protocol]:
    """Return the protocol of one server, uvicorn's option `http`.

    Args:
        trusted: Networks of proxies, whose connections aren't counted since they bring many clients.
    """

    class Limited(_LimitedProtocol):
        of_clients = _Connections(tuple(trusted), most)

    return Limited


@dataclass(frozen=True, slots=True)
class _Connections:
    """The open connections of a server."""

    trusted: tuple[Network, ...]  # whose connections aren't counted
    most: int  # of one client
    open: Counter[str] = field(default_factory=Counter)  # by client

    def add(self, host: str) -> str:
        """Count a connection, and return the client that it counts for; "" for none."""
        if not host or self._trusts(host):
            return ""
        client = client_of(host)
        self.open[client] += 1
        return client

    def remove(self, client: str) -> None:
        """Count a connection of a client no longer."""
        self.open[client] -= 1
        if not self.open[client]:
            del self.open[client]

    def exceeds(self, client: str) -> bool:
        """Return whether a client has more connections than it may."""
        return self.open[client] > self.most

    def _trusts(self, host: str) -> bool:
        address = ip_address(host.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self.trusted)


class _LimitedProtocol(H11Protocol):
    """A connection that counts for its client, and closes where no request comes."""

    of_clients: _Connections  # all of the server
    _client = ""
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._client = self.of_clients.add(self.client[0] if self.client else "")
        if self.of_clients.exceeds(self._client):
            transport.write(_TOO_MANY)
            transport.close()
        else:
            self._start_clock()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.get_protocol() is not self:
            self._forget()  # WebSocket from here on, which the service closes
        elif self.cycle is not None and not self.cycle.response_complete:
            self._stop_clock()  # a request is there, with limits of its own
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
            self.of_clients.remove(client)
