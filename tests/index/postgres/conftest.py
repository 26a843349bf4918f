from collections.abc import Iterator

import pytest

from assistant.index.postgres.repository import PostgresRepository
from tests.postgres import new_database


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a database that these tests share; whoever publishes into it publishes all that it needs."""
    with new_database() as address:
        yield address


@pytest.fixture
def repository(address: str) -> Iterator[PostgresRepository]:
    """What the shared database keeps."""
    repository = PostgresRepository(address)
    yield repository
    repository.close()
