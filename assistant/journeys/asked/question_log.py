"""A log of questions in a file that an operator names; without one nothing is kept.

A line is a JSON object with the time (UTC, to the minute) and what was asked; no address and no name. Lines are dropped
once they are older than the visitors were told.
"""

import json
import logging
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.files import write_bytes

DAYS = 30  # for which a question is kept
_DAY = 24 * 3600.0  # seconds
_logger = logging.getLogger("assistant")


class QuestionLog:
    """A file of questions; safe to share between threads."""

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Open the file, and drop its lines that are too old.

        Raises:
            InputError: The file can't be written.
        """
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._purged = clock()
        self.purge()
        self._append(b"")

    def add(self, kind: str, **values: object) -> None:
        """Write a line: what kind of event it is ("question", "feedback"), and its values.

        Raises:
            InputError: The file can't be written.
        """
        time = self._clock()
        if time - self._purged > timedelta(days=1):
            self.purge()
        line = json.dumps({"time": time.strftime("%Y-%m-%dT%H:%MZ"), "kind": kind, **values}, ensure_ascii=False)
        self._append(line.encode("utf-8", "replace") + b"\n")

    def lines(self) -> list[dict[str, Any]]:
        """Return the events that are kept, in order.

        Raises:
            InputError: The file can't be read.
        """
        try:
            lines = self._path.read_bytes().splitlines()
        except OSError as error:
            raise self._unwritable(error) from error
        rows = [json.loads(line) for line in lines if _time_of(line)]
        return [row for row in rows if isinstance(row.get("question"), str) and "kind" in row]

    def purge(self, *, days: int = DAYS) -> int:
        """Drop the lines that are older than some days, and those of other programs; return their number.

        Raises:
            InputError: The file can't be written.
        """
        self._purged = self._clock()
        oldest = (self._purged - timedelta(days=days)).strftime("%Y-%m-%dT%H:%MZ")
        try:
            with self._lock:
                lines = self._path.read_bytes().splitlines(keepends=True)
                kept = [line for line in lines if _time_of(line) > oldest]
                if len(kept) < len(lines):
                    write_bytes(self._path, b"".join(kept))
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise self._unwritable(error) from error
        return len(lines) - len(kept)

    def keep_purging(self, ended: threading.Event, *, every: float = _DAY) -> None:
        """Purge until the event is set, each time after `every` seconds."""
        while not ended.wait(every):
            try:
                self.purge()
            except InputError as error:
                _logger.warning("%s", error)

    def _append(self, content: bytes) -> None:
        try:
            with self._lock:
                # One write to the end, so that the lines of several processes don't mix; only the owner may read them.
                file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    os.write(file, content)
                finally:
                    os.close(file)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> InputError:
        reason = error.strerror or error
        return InputError(f"{self._path}: questions can't be kept there ({reason}); check ASSISTANT_LOG_QUESTIONS.")


def _time_of(line: bytes) -> str:
    try:
        return str(json.loads(line)["time"])
    except (ValueError, TypeError, KeyError):
        return ""
