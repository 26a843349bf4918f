"""A store from its publication to an outage: what services see of it."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from psycopg import sql

from assistant import Assistant
from assistant.encoding.encoder import Identity
from assistant.errors import InputError, StoreError
from assistant.index.postgres import database
from assistant.journeys import publish
from assistant.settings import Settings
from assistant.web.app import Opening
from assistant.web.server import create_app
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder
from tests.postgres import address_of, new_database

QUESTION = "What do states share on borders?"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with new_database() as address:
        yield address


@pytest.fixture
def local(tmp_path: Path, address: str) -> Assistant:
    """Three small documents, opened from files and published."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "objectives.toml").write_text(small_table(), encoding="utf-8")
    for name in ("data", "borders", "health"):
        text = f"On {name}\n\nStates share {name} under the World Trade Board (WTB) with each other.\n"
        (tmp_path / "corpus" / f"{name}.txt").write_text(text, encoding="utf-8")
    assistant = Assistant.open(tmp_path / "corpus", tmp_path / "index", encoder=BagOfWordsEncoder())
    publish(assistant.build, Settings(store=address))
    return assistant


@pytest.fixture
def settings(local: Assistant, tmp_path: Path, address: str) -> Settings:
    """Those of a service without files."""
    return Settings(tmp_path / "none", tmp_path / "none", store=address)


def test_a_service_without_files_answers_as_who_published(local: Assistant, settings: Settings) -> None:
    assistant = Assistant.from_settings(settings, encoder=BagOfWordsEncoder())

    for question in (QUESTION, "What does the WTB do?", "Is there tea?", "health, para. 1"):
        answers = [replace(each.ask(question, explain=True), elapsed_ms=0.0) for each in (local, assistant)]
        assert answers[0] == answers[1]
    assert assistant.corpus_hash == local.corpus_hash
    assert assistant.sources == local.sources
    assert list(assistant.documents) == list(local.documents)
    assert assistant.trouble == ""


def test_what_another_model_published_is_not_opened(settings: Settings) -> None:
    other = BagOfWordsEncoder()
    other.identity = Identity("another", "9" * 64)

    with pytest.raises(StoreError, match="another model"):
        Assistant.from_settings(settings, encoder=other)


def test_what_needs_files_says_so(settings: Settings) -> None:
    with pytest.raises(InputError, match="ASSISTANT_STORE"):
        _ = Assistant.from_settings(settings, encoder=BagOfWordsEncoder()).build


def test_an_outage_is_said_and_ends_by_itself(
    settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_PATIENCE", 0.3)
    opening = Opening(lambda _: Assistant.from_settings(settings, encoder=BagOfWordsEncoder()))
    opening.start().result()
    client = TestClient(create_app(opening), base_url="http://localhost", raise_server_exceptions=False)
    asked: dict[str, Any] = {"json": {"question": QUESTION}}
    before = client.post("/api/ask", **asked)

    allow(address, "false")
    during = client.post("/api/ask", **asked)
    document = client.get("/api/documents/borders")
    is_ready = client.get("/readyz")
    allow(address, "true")
    after = answered_again(client, asked)

    assert before.status_code == after.status_code == 200
    assert before.json() == after.json()
    for refused in (during, document, is_ready):
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
    assert "can't be reached" in during.json()["error"]
    assert client.get("/readyz").status_code == 200


def allow(address: str, is_allowed: str) -> None:
    """Let a database take connections or not, and end those that there are."""
    name = address.rpartition("/")[2]
    with psycopg.connect(address_of(address, dbname="postgres"), autocommit=True) as connection:
        change = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(change.format(sql.Identifier(name), sql.SQL(is_allowed)))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def answered_again(client: TestClient, asked: dict[str, Any]) -> Any:
    """Ask until it is answered."""
    for _ in range(40):
        reply = client.post("/api/ask", **asked)
        if reply.status_code == 200:
            break
        time.sleep(0.25)
    return reply
