import socket
import time

import pytest

from assistant.errors import InputError, StoreError
from assistant.index.postgres import database as module
from assistant.index.postgres.database import UNREACHABLE, Database


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon."""
    monkeypatch.setattr(module, "_PATIENCE", 0.5)


@pytest.fixture
def nowhere() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"postgresql://somebody:secret@127.0.0.1:{port}/none"


def test_what_is_no_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(InputError, match="ASSISTANT_STORE") as refused:
        Database("postgresql://user:secret@host/name?nonsense=1")

    assert "secret" not in str(refused.value)


def test_a_server_that_is_gone_is_said_in_one_line_without_a_password(
    nowhere: str, impatient: None, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(nowhere)

    with pytest.raises(StoreError, match="try again in a few seconds") as refused:
        database.rows("SELECT 1")

    assert str(refused.value) == UNREACHABLE
    (line,) = [record.getMessage() for record in caplog.records]
    assert "refused" in line
    assert "secret" not in line
    database.close()


def test_once_it_is_known_to_be_gone_nobody_waits(nowhere: str, impatient: None) -> None:
    database = Database(nowhere)
    with pytest.raises(StoreError):
        database.rows("SELECT 1")
    started = time.monotonic()

    with pytest.raises(StoreError):
        database.rows("SELECT 1")

    assert database.trouble
    assert time.monotonic() - started < 4
    database.close()


def test_the_next_server_is_asked_where_the_first_is_gone(address: str, nowhere: str) -> None:
    gone = nowhere.rpartition("@")[2].partition("/")[0]
    database = Database(address.replace("@", f"@{gone},", 1))

    assert database.rows("SELECT 1") == [(1,)]
    database.close()


def test_a_lost_connection_is_made_again(address: str) -> None:
    database = Database(address)
    ((process,),) = database.rows("SELECT pg_backend_pid()")
    with database.writing() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [process])

    ((again,),) = database.rows("SELECT pg_backend_pid()")

    assert again != process
    assert database.trouble == ""
    database.close()


def test_nothing_that_is_asked_can_write(address: str) -> None:
    database = Database(address)

    with pytest.raises(StoreError, match="read only"):
        database.rows("CREATE TABLE anything (number integer)")
    database.close()
