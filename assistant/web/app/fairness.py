"""Share rates, memory and turns fairly among clients, in bounded memory however many clients there are."""

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_MINUTE = 60.0  # seconds
_CLIENTS = 4096  # remembered; a few hundred kB
_MAX_NAME = 64  # characters of a client that is no address
_ROUNDING = 1e-6  # seconds; far above what a clock's floats lose, far below what anyone notices
_NETWORK = 64  # bits of an IPv6 address that one subscriber gets; the rest is theirs to choose


def client_of(host: str, bits: int = _NETWORK) -> str:
    """Name the client that an address belongs to; of an IPv6 address, so many bits count.

    >>> client_of("2001:db8:0:1::5"), client_of("::ffff:192.0.2.1")
    ('2001:db8:0:1::', '192.0.2.1')
    """
    try:
        address: IPv4Address | IPv6Address = ip_address(host.partition("%")[0])
    except ValueError:
        return host[:_MAX_NAME]
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), bits), strict=False).network_address)


# Rates ---------------------------------------------------------------------------------------------------------------


class Buckets:
    """A token bucket for each client, kept as the time at which it is full again (generic cell rate algorithm)."""

    def __init__(
        self,
        *,
        rate: float,
        burst: float | None = None,
        clients: int = _CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Choose the size of a bucket.

        Args:
            rate: Tokens a minute, more than 0.
            burst: Tokens in a full bucket; None for those of a third of a minute, at least 5.
            clients: How many are remembered; beyond them the longest idle is forgotten.
        """
        self._spacing = _MINUTE / rate  # seconds in which a token comes
        self.burst = max(5.0, rate / 3) if burst is None else burst
        self._clients = clients
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()  # the longest idle first

    @property
    def remembered(self) -> int:
        """The number of clients that have a bucket."""
        return len(self._full_at)

    def wait(self, client: str, cost: float = 1.0) -> float:
        """Return the seconds until a client's bucket holds `cost` tokens, taking none; 0 for now."""
        now = self._clock()
        seconds = self._full_after(client, cost, now) - now - self.burst * self._spacing
        return seconds if seconds > _ROUNDING else 0.0

    def take(self, client: str, cost: float = 1.0) -> float:
        """Take tokens out of a client's bucket; more than a full bucket holds counts as a full bucket.

        Returns:
            0; or the seconds until there are enough of them, and then none is taken.
        """
        seconds = self.wait(client, cost)
        if not seconds:
            self._full_at[client] = self._full_after(client, cost, self._clock())
        if client in self._full_at:
            self._full_at.move_to_end(client)  # a refused client isn't idle either
        if len(self._full_at) > self._clients:
            self._full_at.popitem(last=False)
        return seconds

    def _full_after(self, client: str, cost: float, now: float) -> float:
        return max(now, self._full_at.get(client, now)) + min(cost, self.burst) * self._spacing


class BusyError(Exception):
    """A lack of memory, or too long a wait for a turn."""


# Room ----------------------------------------------------------------------------------------------------------------


class Room:
    """Memory for bodies of requests; one client gets no more than a share of it."""

    def __init__(self, *, most: int, share: int) -> None:
        """Choose the bytes of all clients together, and the share of one."""
        self._most = most
        self._share = share
        self._held: Counter[str] = Counter()  # bytes by client
        self._in_all = 0

    @contextmanager
    def reserve(self, client: str) -> Iterator[Callable[[int], None]]:
        """Yield a function that holds so many bytes more for a client, until the context ends.

        It raises BusyError where there is no room for them.
        """
        size = 0

        def hold(more: int) -> None:
            nonlocal size
            if self._in_all + more > self._most or self._held[client] + more > self._share:
                raise BusyError
            self._add(client, more)
            size += more

        try:
            yield hold
        finally:
            self._add(client, -size)

    def _add(self, client: str, size: int) -> None:
        self._in_all += size
        self._held[client] += size
        if not self._held[client]:
            del self._held[client]


# Turns ---------------------------------------------------------------------------------------------------------------


_Line = deque["asyncio.Future[None]"]  # a client's places, oldest first


class FairQueue:
    """A queue that admits a few requests at once; clients that wait take turns, however much each asks.

    For one event loop.
    """

    def __init__(self, *, at_once: int, waiting: int, patience: float | None, each: int | None = None) -> None:
        """Choose the size of the queue.

        Args:
            at_once: Requests admitted at the same time.
            waiting: Requests that may wait.
            patience: Seconds that one waits at most; None for any time.
            each: Requests of one client admitted at the same time; None for `at_once`.
        """
        self._at_once = at_once
        self._each = each or at_once
        self._most = waiting
        self._patience = patience
        self._inside: Counter[str] = Counter()  # admitted requests by client
        self._lines: OrderedDict[str, _Line] = OrderedDict()  # by client; whose turn is next comes first

    @property
    def working(self) -> int:
        """The number of admitted requests."""
        return self._inside.total()

    @property
    def waiting(self) -> int:
        """The number of requests that wait."""
        return sum(map(len, self._lines.values()))

    async def turn(self, client: str) -> ExitStack:
        """Wait to be admitted; a caller that is cancelled meanwhile leaves the queue.

        Returns:
            The turn: it ends, and the next one is let in, when it is closed or left as a context.

        Raises:
            BusyError: The queue is full, or the wait took too long.
        """
        if self.working < self._at_once and self._inside[client] < self._each:  # then none waits that could be admitted
            self._inside[client] += 1
            return self._begun(client)
        self._make_room(client)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(client, deque()).append(place)
        is_in = False
        try:
            async with asyncio.timeout(self._patience):
                await place
            is_in = True
        except TimeoutError:
            raise BusyError from None
        finally:
            if not is_in:
                self._leave(client, place)
        return self._begun(client)

    def _begun(self, client: str) -> ExitStack:
        turn = ExitStack()
        turn.callback(self._pass_on, client)
        return turn

    def _make_room(self, client: str) -> None:
        """Take a place in a full queue from the client that has most of them, unless that is the newcomer.

        Otherwise one client could hold all places.
        """
        if self.waiting < self._most:
            return
        longest = max(self._lines.values(), key=len, default=deque())
        if len(longest) <= len(self._lines.get(client, ())) + 1:
            raise BusyError
        newest = longest.pop()
        if not newest.done():
            newest.set_exception(BusyError())

    def _pass_on(self, client: str) -> None:
        """End a turn of a client, and admit whoever is next."""
        self._inside[client] -= 1
        if not self._inside[client]:
            del self._inside[client]
        while (following := self._next()) is not None:
            line = self._lines[following]
            place = line.popleft()
            if line:
                self._lines.move_to_end(following)
            else:
                del self._lines[following]
            if not place.done():  # else its client has gone
                self._inside[following] += 1
                place.set_result(None)
                return

    def _next(self) -> str | None:
        return next((client for client in self._lines if self._inside[client] < self._each), None)

    def _leave(self, client: str, place: "asyncio.Future[None]") -> None:
        if place.done() and not place.cancelled() and place.exception() is None:
            self._pass_on(client)  # it was admitted at the moment that it left
            return
        line = self._lines.get(client, deque())
        if place in line:
            line.remove(place)
            if not line:
                del self._lines[client]
