"""Counts of the questions of each day by status, by language and by objective; no question is kept.

The counts of a question aren't tied to each other: nobody can tell which objective was asked for in which language.
They lie in one file (SQLite), to which any number of processes may add.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import InputError

_SCHEMA = "CREATE TABLE IF NOT EXISTS counts (day TEXT, kind TEXT, name TEXT, n INTEGER, PRIMARY KEY (day, kind, name))"
_ADD = "INSERT INTO counts VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1"
_logger = logging.getLogger("assistant")


class Counts:
    """A file of counts; safe to share between threads and processes."""

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Open the file, or begin it.

        Raises:
            InputError: It can't be written.
        """
        self._path = path
        self._clock = clock
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._opened() as table:
                table.execute(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise InputError(
                f"{path}: counts can't be kept there ({error}); check --index, or unset ASSISTANT_COUNTS."
            ) from error

    def add(self, names: Mapping[str, str]) -> None:
        """Count a question once under each kind by its name; what can't be written is warned of."""
        day = f"{self._clock():%Y-%m-%d}"
        try:
            with self._opened() as table:
                table.executemany(_ADD, [(day, kind, name) for kind, name in names.items()])
        except sqlite3.Error as error:
            _logger.warning("%s: a question isn't counted (%s).", self._path, error)

    def rows(self) -> list[tuple[str, str, str, int]]:
        """Return the day, the kind, the name and the number of each count, in order.

        Raises:
            InputError: They can't be read.
        """
        try:
            with self._opened() as table:
                return table.execute("SELECT * FROM counts ORDER BY day, kind, name").fetchall()
        except sqlite3.Error as error:
            raise InputError(f"{self._path}: can't be read ({error}); remove it to begin anew.") from error

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path)) as table, table:
            yield table
