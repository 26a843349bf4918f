"""Hold a meeting: open it when somebody asks, close it when nobody has asked for a while."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.web.app import Opening

# Seconds that the first requests wait for the documents; an index that is there takes one or two. A page tells the
# progress when its time is up, a program would have to ask again.
_PATIENCE_OF_PAGES, _PATIENCE_OF_PROGRAMS = 2.0, 15.0


@dataclass(frozen=True, slots=True)
class Running:
    """The application of a meeting, what opens its documents, and what stops all that watches them."""

    opening: Opening
    app: FastAPI
    stop: Callable[[], None]


class Held:
    """A meeting, as an application that runs while somebody asks it; all its methods are the event loop's."""

    def __init__(self, title: str, run: Callable[[], Running], *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the meeting's title, and what puts its application together, which takes some tenths of a second."""
        self.title = title
        self._run = run
        self._clock = clock
        self._running: asyncio.Future[Running] | None = None
        self._requests = 0  # under way
        self._last = clock()

    @property
    def is_open(self) -> bool:
        """Return whether its documents are open."""
        running = self._running
        return running is not None and _came(running) and running.result().opening.assistant is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; the first waits a little for the documents."""
        self._requests += 1
        try:
            if self._running is None or (self._running.done() and not _came(self._running)):
                self._running = asyncio.ensure_future(asyncio.to_thread(self._run))
            running = await asyncio.shield(self._running)
            is_program = scope.get("method") == "POST"
            await _opened(running.opening, _PATIENCE_OF_PROGRAMS if is_program else _PATIENCE_OF_PAGES)
            await running.app(scope, receive, send)
        finally:
            self._requests -= 1
            self._last = self._clock()

    def close(self, *, idle: float = 0.0) -> None:
        """Stop and forget the application, unless somebody asks it or has done so `idle` seconds ago."""
        running = self._running
        if running is None or self._requests or self._clock() - self._last < idle or not _came(running):
            return
        self._running = None
        running.result().stop()


def _came(running: "asyncio.Future[Running]") -> bool:
    return running.done() and not running.cancelled() and running.exception() is None


async def _opened(opening: Opening, patience: float) -> None:
    """Begin to open the documents, and wait a little for them; whoever asks is told of what comes to nothing."""
    if opening.assistant is None and not opening.problem:
        with contextlib.suppress(TimeoutError, AssistantError):
            await asyncio.wait_for(opening.opened(), patience)
