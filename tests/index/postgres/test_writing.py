from collections.abc import Iterator

import numpy as np
import psycopg
import pytest
from psycopg import sql

from assistant.errors import StoreError
from assistant.index.postgres.repository import PostgresRepository
from assistant.index.repository import Written
from assistant.index.storage import Part
from assistant.index.store import ByWords
from tests.index.postgres.contents import COUNT, contents
from tests.postgres import address_of, new_database

PARTS = {"model": Part({"weights": np.arange(3)}, {"name": "a model"})}


@pytest.fixture(scope="module")
def own() -> Iterator[str]:
    """A database of which each test knows what it holds."""
    with new_database() as address:
        yield address


@pytest.fixture
def repository(own: str) -> Iterator[PostgresRepository]:
    with psycopg.connect(own) as connection:
        connection.execute("DROP SCHEMA IF EXISTS assistant CASCADE")
    repository = PostgresRepository(own)
    yield repository
    repository.close()


def test_only_what_changed_is_written(repository: PostgresRepository) -> None:
    written = [repository.publish({}, PARTS, contents(verb)) for verb in ("sails", "sails", "swims", "sails")]

    assert written == [
        Written(1, 1, COUNT, 0),
        Written(1, 0, 0, 0),
        Written(2, 1, COUNT, 0),
        Written(3, 0, 0, 0),  # it is there still
    ]


def test_who_opened_the_old_generation_answers_from_it_on(repository: PostgresRepository) -> None:
    repository.publish({}, PARTS, contents("sails"))
    old = repository.open()

    repository.publish({}, PARTS, contents("swims"))

    new = repository.open()
    assert [len(each.store.propose(ByWords(["swims"]), count=99)) for each in (old, new)] == [0, COUNT - 1]
    assert [len(each.store.propose(ByWords(["sails"]), count=99)) for each in (old, new)] == [COUNT - 1, 0]
    assert "sails" in old.passages[0].text
    assert "swims" in new.passages[0].text


def test_an_old_generation_goes_after_a_while_and_is_never_answered_from_in_part(
    repository: PostgresRepository, own: str
) -> None:
    repository.publish({}, PARTS, contents("sails"))
    old = repository.open()
    repository.publish({}, PARTS, contents("swims"))
    with psycopg.connect(own) as connection:
        connection.execute("UPDATE assistant.generations SET replaced = now() - interval '1 hour' WHERE number = 1")

    written = repository.publish({"changed": True}, PARTS, contents("swims"))

    assert written == Written(3, 0, 0, 1)
    with pytest.raises(StoreError, match="changed meanwhile"):
        old.store.fetch(np.array([0]))


def test_a_build_that_fails_leaves_what_was_there(
    repository: PostgresRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.publish({}, PARTS, contents("sails"))

    with monkeypatch.context() as broken:
        broken.setattr("assistant.index.postgres.writing._Writing._remove", lambda _: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            repository.publish({}, PARTS, contents("swims"))

    assert repository.generation() == 1
    assert "sails" in repository.open().passages[0].text


def test_vectors_of_another_model_replace_all(repository: PostgresRepository) -> None:
    repository.publish({}, PARTS, contents())

    written = repository.publish({}, PARTS, contents(multilingual=False))

    assert written == Written(2, 1, COUNT, 0)


def test_who_may_only_read_reads_and_cannot_write(repository: PostgresRepository, own: str) -> None:
    repository.publish({}, PARTS, contents())
    with psycopg.connect(own) as connection:
        role = sql.Identifier(f"reader_of_{connection.info.dbname}")
        for statement in (
            "CREATE ROLE {} LOGIN PASSWORD 'reads'",
            "GRANT USAGE ON SCHEMA assistant TO {}",
            "GRANT SELECT ON ALL TABLES IN SCHEMA assistant TO {}",
        ):
            connection.execute(sql.SQL(statement).format(role))
        name = f"reader_of_{connection.info.dbname}"
    reading = PostgresRepository(address_of(own, user=name, password="reads"))

    assert reading.open().passages[-1].tags
    with pytest.raises(StoreError, match="read only"):
        reading.publish({}, PARTS, contents("swims"))
    assert repository.generation() == 1
    reading.close()
    with psycopg.connect(own) as connection:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
        connection.execute(sql.SQL("DROP ROLE {}").format(role))
