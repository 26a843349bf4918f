"""Connections to PostgreSQL: a pool of them, and statements that are tried again while the server can't be reached.

The only home of psycopg. An address may name several servers ("postgresql://one,two/name"): when the first is gone, the
next one is asked.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Format
from psycopg_pool import ConnectionPool

from assistant.errors import InputError, StoreError

_logger = logging.getLogger("assistant")
_CONNECTIONS = 16  # at the most, for one process
_CONNECT = 2  # seconds to reach one server
_FREE = 0.5  # seconds to wait for a connection before the server is asked whether it is there
_PATIENCE = 5.0  # seconds that a statement is tried again
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.8  # seconds between tries, doubled each time
_AGAIN = (psycopg.OperationalError, psycopg.InterfaceError)  # the server's state, not the statement's fault
NO_INDEX = "The database holds no index yet; run: python -m assistant index"
UNREACHABLE = "The documents' database can't be reached; try again in a few seconds."
_BIGINTS = 1016  # the type's number, bigint[]
# What is asked finds its rows by an index, and never writes.
_PREPARE = """
    SET default_transaction_read_only = on; SET statement_timeout = '20s'; SET jit = off;
    SET hnsw.ef_search = 200; SET hnsw.iterative_scan = relaxed_order
"""


class Database:
    """A database that is read from by many threads."""

    def __init__(self, address: str) -> None:
        """Take the address; the first statement connects.

        Raises:
            InputError: It is none.
        """
        try:
            conninfo_to_dict(address)
        except psycopg.Error as error:
            raise InputError("ASSISTANT_STORE: no address of a database; give postgresql://user@host/name.") from error
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # what it has to say is said here, once
        self.address = make_conninfo(address, connect_timeout=_CONNECT, application_name="assistant")
        self.trouble = ""
        self._pool = ConnectionPool(
            self.address,
            min_size=1,
            max_size=_CONNECTIONS,
            open=False,
            configure=_prepare,
            timeout=_FREE,
            reconnect_timeout=_PATIENCE,
        )

    def rows(self, query: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query; what is bigint[] comes as its bytes.

        Raises:
            StoreError: The database can't be reached, or refuses.
        """
        # Once it is known to be gone, those that ask needn't wait for it.
        until = time.monotonic() + (0 if self.trouble else _PATIENCE)
        pause = _FIRST_PAUSE
        while True:
            try:
                found = self._asked(query, parameters)
            except _AGAIN as error:
                if time.monotonic() + pause > until:
                    self._note(error)
                    raise StoreError(UNREACHABLE) from error
            except psycopg.Error as error:
                raise refused(error) from error
            else:
                self._note(None)
                return found
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            self._pool.check()  # the other connections are lost, too

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    @contextmanager
    def writing(self) -> Iterator[psycopg.Connection]:
        """Begin a transaction of its own, of a server that takes one; it is kept when the context ends well.

        Raises:
            StoreError: The database can't be reached, or refuses; nothing is written.
        """
        try:
            with psycopg.connect(make_conninfo(self.address, target_session_attrs="read-write")) as connection:
                yield connection
        except psycopg.Error as error:
            raise refused(error) from error

    def _asked(self, query: str, parameters: dict[str, Any] | None) -> list[tuple[Any, ...]]:
        if self._pool.closed:
            self._pool.open()
        try:
            with self._pool.connection() as connection:
                return connection.execute(query, parameters, binary=True).fetchall()
        except psycopg.OperationalError as error:
            if type(error).__module__.startswith("psycopg_pool"):  # it only says that there was no connection in time
                psycopg.connect(self.address).close()
            raise

    def _note(self, error: psycopg.Error | None) -> None:
        """Say once that the database is gone, and once that it is back."""
        before, self.trouble = self.trouble, _line(error) if error else ""
        if bool(before) != bool(self.trouble):
            said = f"can't be reached ({self.trouble}); trying again" if error else "can be reached again"
            _logger.warning("The documents' database %s.", said)


def refused(error: psycopg.Error) -> StoreError:
    """Return what a person can do about a refusal."""
    if isinstance(error, (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName)):
        return StoreError(NO_INDEX)
    if isinstance(error, (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
        return StoreError(f"The database allows this user to read only ({_line(error)}); use one that may write.")
    return StoreError(f"The database refuses: {_line(error)}.")


class _Bytes(Loader):
    """Leaves a value as the server sent it."""

    format = Format.BINARY

    def load(self, data: Any) -> bytes:
        """Return the bytes."""
        return bytes(data)


def _prepare(connection: psycopg.Connection) -> None:
    connection.autocommit = True
    connection.adapters.register_loader(_BIGINTS, _Bytes)
    connection.execute(_PREPARE)


def _line(error: psycopg.Error) -> str:
    return " ".join(str(error).split()) or type(error).__name__
