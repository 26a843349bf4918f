"""Limit the connections, in all and of a client, and close those that send no request.

Otherwise a thousand silent connections would close the service to everybody. A client may hold as many as are left for
all others: however few clients take what they can, the next one finds a place.
"""

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.settings import Network
from assistant.web.app import client_of

IN_ALL = 1000  # connections, so that memory stays bounded
ACCEPTED_AT_ONCE = 128  # connections; each takes a file before it can be counted
MAX_CONNECTIONS = 400  # connections of one client; a browser keeps six, and a meeting room may share one address
HEAD_SECONDS = 10.0  # until a request's head is there
_OWN_FILES = 512  # files beside the connections: those being accepted, indexes, spreadsheets, libraries
_TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


_logger = logging.getLogger("assistant")


def raise_file_limit() -> int:
    """Raise the soft limit of open files as far as the connections need, and return how many connections fit."""
    if sys.platform == "win32":
        return IN_ALL
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = IN_ALL + _OWN_FILES
    if resource.RLIM_INFINITY not in (soft, hard):
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return IN_ALL if soft == resource.RLIM_INFINITY else min(IN_ALL, max(soft - _OWN_FILES, soft // 4))


def protocol_with_limits(
    *, trusted: Sequence[Network], most: int = MAX_CONNECTIONS, in_all: int = IN_ALL
) -> type[H11Protocol]:
    """Return the protocol of one server, uvicorn's option `http`.

    Args:
        trusted: Networks of proxies, which may have any number since they bring many clients.
        most: Connections of one client.
        in_all: Connections of all.
    """

    class Limited(_LimitedProtocol):
        of_clients = _Connections(tuple(trusted), most, in_all)

    return Limited


@dataclass(slots=True)
class _Connections:
    """The open connections of a server."""

    trusted: tuple[Network, ...]
    most: int  # of one client
    in_all: int
    open: Counter[str] = field(default_factory=Counter)  # by client; "" for trusted proxies
    has_warned: bool = False

    def admit(self, host: str) -> str | None:
        """Count a connection, and return the client that it counts for; None where it has to be refused."""
        client = "" if not host or self._trusts(host) else client_of(host)
        held, free = self.open[client] if client else 0, self.in_all - self.open.total()
        if held >= free and not self.has_warned:  # once, or whoever opens them could fill the disk
            self.has_warned = True
            _logger.warning("Nearly %d connections are open; who has many gets no more.", self.in_all)
        if held >= min(free, self.most):
            return None
        self.open[client] += 1
        return client

    def remove(self, client: str) -> None:
        """Count a connection of a client no longer."""
        self.open[client] -= 1
        if not self.open[client]:
            del self.open[client]

    def _trusts(self, host: str) -> bool:
        address = ip_address(host.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self.trusted)


class _LimitedProtocol(H11Protocol):
    """A connection that counts for its client, and closes where no request comes."""

    of_clients: _Connections  # all of the server
    _client: str | None = None  # None while it counts for nobody
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._client = self.of_clients.admit(self.client[0] if self.client else "")
        if self._client is None:
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
        client, self._client = self._client, None
        if client is not None:
            self.of_clients.remove(client)
