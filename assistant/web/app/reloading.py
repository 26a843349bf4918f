"""Reload the corpus without interrupting users: the old assistant answers until the new one is open."""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from pathlib import Path

from assistant.errors import AssistantError
from assistant.web.app.opening import Opening

_logger = logging.getLogger("assistant")
EVERY = 5.0  # seconds between two looks
_AGAIN = 60.0  # seconds until unchanged documents that couldn't be opened are tried again


class Reloading:
    """A thread that reloads an opening when its documents change."""

    def __init__(self, opening: Opening, state: Callable[[], Hashable], *, every: float = EVERY) -> None:
        """Take the opening, and a function that quickly returns the present state of the documents."""
        self._opening = opening
        self._state = state
        self._every = every
        self._served = state()
        self._seen = self._served
        self._failed: Hashable = None  # the state that couldn't be opened
        self._next_try = 0.0
        self._ended = threading.Event()

    def start(self) -> None:
        """Start the thread."""
        threading.Thread(target=self._run, name="reloading", daemon=True).start()

    def stop(self) -> None:
        """End the thread, at its next look."""
        self._ended.set()

    def look(self) -> None:
        """Look once: try again what failed, or reload documents that have changed and come to rest."""
        now = self._state()
        is_at_rest, self._seen = now == self._seen, now
        if not is_at_rest:  # files are still being copied
            return
        if self._opening.problem:
            has_changed, self._served = now != self._served, now
            self._opening.start(at_once=has_changed)
        elif now != self._served and self._opening.assistant is not None:
            self._renew(now)

    def _renew(self, now: Hashable) -> None:
        """Reload, unless that failed a short time ago."""
        if now == self._failed and time.monotonic() < self._next_try:
            return
        try:
            self._opening.renew()
        except AssistantError as error:
            _logger.warning("The documents have changed but can't be opened; the old ones serve on. %s", error)
            self._failed, self._next_try = now, time.monotonic() + _AGAIN
        else:
            self._served = now

    def _run(self) -> None:
        while not self._ended.wait(self._every):
            try:
                self.look()
            except OSError as error:  # a folder that is gone for a moment
                _logger.warning("The documents can't be looked at: %s", error)
            except Exception:  # a fault of ours; the next change may not meet it
                _logger.exception("The documents have changed but can't be opened; the old ones serve on.")


def state_of(folder: Path) -> Hashable:
    """Return the state of a folder: the names, sizes and times of its files but hidden ones, without reading them."""
    found = []
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue  # gone since it was listed
        if path.is_file():
            found.append((str(path), stat.st_size, stat.st_mtime_ns))
    return tuple(found)
