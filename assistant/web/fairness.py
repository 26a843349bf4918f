"""Many clients, one machine -> whose turn it is: how often each may ask, and who stands in line before whom.

This module knows nothing of HTTP but the address that a request comes from.
"""

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal

from starlette.types import Scope

Reason = Literal["rate", "share", "full", "waited", "late", "slow", "large"]
REASONS: tuple[Reason, ...] = ("rate", "share", "full", "waited", "late", "slow", "large")

_MOST_CLIENTS = 10_000  # whose doings are counted at a time
_WAITING = 256  # requests in a line
_PATIENCE = 10.0  # seconds that a request stands in line


class ShedError(Exception):
    """A request that isn't answered."""

    def __init__(self, reason: Reason, *, wait: float = 0, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = math.ceil(wait)
        self.detail = detail


class TokenBuckets:
    """How often each of many clients may do something: so many times a minute, all at once if it likes.

    Of a client only the time is kept when its bucket will be full again.
    """

    def __init__(self, per_minute: int, *, most: int = _MOST_CLIENTS, clock: Callable[[], float] = time.monotonic):
        """Take the rate, 0 for no limit, and for how many clients it is kept at most."""
        self._burst = per_minute
        self._each = 60 / per_minute if per_minute else 0.0
        self._most = most
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()  # the client seen longest ago first

    def __len__(self) -> int:
        return len(self._full_at)

    def wait(self, client: str, *, cost: int = 1) -> float:
        """Seconds until a client may do it, 0 for now."""
        if not self._burst:
            return 0.0
        now = self._clock()
        taken = max(self._full_at.get(client, now) - now, 0.0)
        wait = taken + (min(cost, self._burst) - self._burst) * self._each
        return wait if wait > 1e-6 else 0.0  # so far do sums of seconds go astray

    def take(self, client: str, *, cost: int = 1) -> float:
        """Count a client's doing it, unless it has to wait; return the seconds."""
        wait = self.wait(client, cost=cost)
        if wait or not self._burst:
            return wait
        now = self._clock()
        self._full_at[client] = max(self._full_at.get(client, now), now) + min(cost, self._burst) * self._each
        self._full_at.move_to_end(client)
        while self._full_at and (len(self._full_at) > self._most or next(iter(self._full_at.values())) <= now):
            self._full_at.popitem(last=False)
        return 0.0


class Line:
    """A few places, and a line before them in which clients take turns, whoever came first.

    When the line is full, a client with fewer requests in it takes the place of the last one of the greediest.
    """

    def __init__(self, at_once: int, *, waiting: int = _WAITING, patience: float = _PATIENCE) -> None:
        """Take how many may be at work and in line, and the seconds that one stands in line."""
        self._free = at_once
        self._most = waiting
        self._patience = patience
        self._lines: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Wait for a place, and keep it.

        Raises:
            ShedError: There is none.
        """
        await self._enter(client)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, client: str) -> None:
        if self._free and not self._lines:
            self._free -= 1
            return
        self._make_room(client)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(client, deque()).append(place)
        try:
            async with asyncio.timeout(self._patience):
                await place
        except BaseException as error:
            if place.done() and not place.cancelled() and not place.exception():
                self._leave()  # its turn came in the moment in which it was given up
            self._forget(client, place)
            if isinstance(error, TimeoutError):
                raise ShedError("waited", wait=5) from error
            raise

    def _make_room(self, client: str) -> None:
        if sum(map(len, self._lines.values())) < self._most:
            return
        mine = len(self._lines.get(client, ()))
        greediest = max(self._lines, key=lambda each: len(self._lines[each]), default=client)
        if len(self._lines.get(greediest, ())) <= mine + 1:
            raise ShedError("full", wait=2)
        last = self._lines[greediest][-1]
        self._forget(greediest, last)
        last.set_exception(ShedError("share", wait=5))

    def _forget(self, client: str, place: asyncio.Future[None]) -> None:
        line = self._lines.get(client)
        if line and place in line:
            line.remove(place)
        if line is not None and not line:
            del self._lines[client]

    def _leave(self) -> None:
        if not self._lines:
            self._free += 1
            return
        client, line = next(iter(self._lines.items()))
        place = line.popleft()
        self._lines.move_to_end(client)
        if not line:
            del self._lines[client]
        if place.done():  # it was given up just now
            self._leave()
        else:
            place.set_result(None)


# Who is one client ----------------------------------------------------------------------------------------------------


def client_of(scope: Scope) -> str:
    """Who counts as one client: an IPv4 address, or the part of an IPv6 address that a household or an office gets."""
    return masked((scope.get("client") or ("",))[0], v4=32, v6=64)


def masked(address: str, *, v4: int, v6: int) -> str:
    """Keep the first bits of an address only; of what is none, nothing.

    >>> masked("203.0.113.9", v4=24, v6=48), masked("2001:db8:1:2::9", v4=24, v6=48)
    ('203.0.113.0', '2001:db8:1::')
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ip_network((parsed, v4 if parsed.version == 4 else v6), strict=False).network_address)
