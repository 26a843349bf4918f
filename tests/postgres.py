"""A real PostgreSQL for tests: each gets a database of its own on the server that the environment names."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

SERVER = "ASSISTANT_TEST_POSTGRES"
SKIPPED = f"Skipped: what needs PostgreSQL with pgvector; {SERVER}=postgresql://… names a server (.ci/run starts one)."


@contextmanager
def new_database() -> Iterator[str]:
    """Create a database and give its address; skip the test where there is no server."""
    server, name = os.environ.get(SERVER, ""), f"test_{secrets.token_hex(6)}"
    if not server:
        pytest.skip(SKIPPED)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield address_of(server, dbname=name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def address_of(address: str, **changes: str) -> str:
    """Return an address with some of its parts changed."""
    parts = {**conninfo_to_dict(address), **changes}
    return "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts)
