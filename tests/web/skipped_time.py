"""An event loop whose time is skipped: what waits for a minute waits for nothing, and nothing is left to chance."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class _Skipping(selectors.DefaultSelector):
    """Moves the clock where a real one would let time pass."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("Everything waits, and nothing will ever happen.")
        self.now += max(timeout, 0.0)
        return super().select(0)


class SkippedTime(asyncio.SelectorEventLoop):
    """A loop with a clock of its own; it is for tests without threads."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end, in no time."""
    with asyncio.Runner(loop_factory=SkippedTime) as runner:
        return runner.run(work)
