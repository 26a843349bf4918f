import asyncio
import io
import json
import tempfile
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient

from assistant.errors import CorpusError, InputError
from assistant.records import ObjectiveMatch, ReportProgress
from assistant.web.app.opening import Opening
from assistant.web.page import sheets
from assistant.web.server import create_app
from tests.web.asgi_client import Reply, request, scope_of
from tests.web.fake_assistant import FakeAssistant

CSV = {"Content-Type": "text/csv"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    """A client of an application that classifies with hand-made records."""
    return TestClient(create_app(Opening(lambda _: FakeAssistant())))


def send(client: TestClient, content: bytes, status: int = 200) -> list[dict[str, Any]]:
    response = client.post("/classify.csv", content=content, headers=CSV)
    assert response.status_code == status
    return [json.loads(line) for line in response.text.splitlines()]


def test_a_sheet_comes_back_with_its_objectives_in_order(client: TestClient) -> None:
    *steps, last = send(client, "id;topic\r\n1;children\r\n2;été\r\n".encode())

    assert steps == [{"done": 2, "total": 2}]
    rows = b64decode(last["csv"]).decode().splitlines()
    assert rows[0].startswith("id;topic;objective_1;title_1;confidence_1;objective_2")
    assert rows[1] == "1;children;7;Address and reduce vulnerabilities in migration;0.840;;;;;;"
    assert rows[2] == "2;été;;;;;;;;;"  # none is possible
    assert "2 topics done" in last["html"]


def test_a_workbook_is_read_as_on_the_command_line(client: TestClient) -> None:
    book, sent = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["id", "topic"])
    book.active.append([1, "children"])
    book.save(sent)

    last = send(client, sent.getvalue())[-1]

    assert b64decode(last["csv"]).decode("utf-8-sig").splitlines()[1].startswith("1,children,7,")


def test_the_rows_come_for_a_table_and_go_back_corrected(client: TestClient, tmp_path: Path) -> None:
    last = send(client, b"topic\nchildren\n\n?\n")[-1]
    correction = {"csv": last["csv"], "chosen": {"2": [15, 7], "4": [22]}}

    saved = client.post("/export/sheet?kind=xlsx", json=correction)

    assert last["rows"] == [[2, "children", [[7, 0.84, "clearly 84%"]]], [4, "?", []]]
    (tmp_path / "out.xlsx").write_bytes(saved.content)
    rows = [row[:6] for row in openpyxl.load_workbook(tmp_path / "out.xlsx").active.values]
    assert rows[1] == ("children", 15, "Provide access to basic services for migrants", "by hand", 7, rows[1][5])
    assert not any(rows[2])
    assert rows[3][:2] == ("?", 22)
    assert client.post("/export/sheet", json={"csv": last["csv"]}).content == b64decode(last["csv"])


@pytest.mark.parametrize(
    "sent",
    [
        {"csv": b64encode(b"topic\nchildren\n").decode()},
        {"csv": "*"},
        {"csv": "", "chosen": {"2": [24]}},
        {"csv": "", "chosen": {"2": [1, 2, 3, 4]}},
        [],
    ],
)
def test_what_is_no_corrected_result_is_refused(client: TestClient, sent: object) -> None:
    assert client.post("/export/sheet", json=sent).status_code == 422
    assert client.post("/export/sheet?kind=exe", json={"csv": ""}).status_code == 422
    assert client.post("/export/sheet", content=b"{}", headers=CSV).status_code == 415


def test_rows_without_a_topic_are_named_and_not_counted(client: TestClient) -> None:
    last = send(client, b"topic\nchildren\n?\n")[-1]

    assert "1 topic done" in last["html"]
    assert "1 row to look at" in last["html"]
    assert "<li>Line 3: no words in the topic; no objectives.</li>" in last["html"]


@pytest.mark.parametrize("content", [b"topic\n", b"id;topic\r\n\r\n"], ids=["header", "blank-line"])
def test_a_sheet_without_topics_is_told_and_nothing_is_offered(client: TestClient, content: bytes) -> None:
    last = send(client, content)[-1]

    assert "csv" not in last
    assert "data-save" not in last["html"]
    assert "The file has no topics" in last["html"]


def test_where_every_row_is_left_out_nothing_is_offered(client: TestClient) -> None:
    last = send(client, b"topic\n?\n")[-1]

    assert "csv" not in last
    assert "data-save" not in last["html"]
    assert "1 row to look at" in last["html"]


def test_a_topic_that_can_not_be_read_is_named_with_its_line(client: TestClient) -> None:
    last = send(client, "topic\nchildren\nça\n".encode())[-1]

    assert "csv" in last
    assert "<li>Line 3: This can’t be read here; no objectives.</li>" in last["html"]


def test_topics_too_long_to_be_read_to_their_end_are_counted(client: TestClient) -> None:
    last = send(client, b"topic\nchildren\n" + b"x" * 2001 + b"\n" + b"y" * 2000 + b"\n")[-1]

    assert "Topics longer than 2,000 characters, read only up to there: 1." in last["html"]
    assert "longer than" not in send(client, b"topic\nchildren\n")[-1]["html"]


def test_what_is_heard_of_a_file_is_in_sentences(client: TestClient) -> None:
    (last,) = send(client, b"topic\n" + b"x" * (10 * 1024 * 1024), status=413)

    assert 'data-live="The file cannot be used. The file is larger than 10 MB. Split it' in last["html"]


def test_a_hundred_rows_are_named_and_the_others_counted(client: TestClient) -> None:
    last = send(client, b"topic\n" + b"?\n" * 130)[-1]

    assert last["html"].count("<li>Line ") == 100
    assert "And 30 more." in last["html"]


@pytest.mark.parametrize("content", [b"", b"subject\nchildren\n"], ids=["empty", "no-column"])
def test_a_file_that_is_no_such_csv_is_told_without_a_path(client: TestClient, content: bytes) -> None:
    (last,) = send(client, content)

    assert "csv" not in last
    assert "<p>Line 1 names no column &#34;topic&#34;; give the column of the topics that header.</p>" in last["html"]
    assert tempfile.gettempdir() not in last["html"]


def test_a_file_that_is_too_large_is_refused(client: TestClient) -> None:
    (last,) = send(client, b"topic\n" + b"x" * (10 * 1024 * 1024), status=413)

    assert "The file is larger than 10 MB." in last["html"]


def test_a_file_with_too_many_rows_is_refused(client: TestClient) -> None:
    (last,) = send(client, b"topic\n" + b"children\n" * 10_001)

    assert "The file has 10,001 rows; at most 10,000 are taken at once." in last["html"]


def test_what_another_site_s_form_could_send_is_refused(client: TestClient) -> None:
    response = client.post("/classify.csv", content=b"topic\nchildren\n", headers={"Content-Type": "text/plain"})

    assert response.status_code == 415
    assert "text/csv" in response.json()["html"]


def test_documents_that_cannot_be_opened_are_told() -> None:
    def fail(_: ReportProgress) -> FakeAssistant:
        raise CorpusError("corpus: no <such> folder.")

    (last,) = send(TestClient(create_app(Opening(fail))), b"topic\nchildren\n")

    assert "corpus: no &lt;such&gt; folder." in last["html"]


def test_nothing_is_kept(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    send(client, b"topic\nchildren\n")
    send(client, b"subject\nchildren\n")

    assert list(tmp_path.iterdir()) == []


class SharedWork(FakeAssistant):
    """Ranks topics called "slow" once the test says so, and remembers in which order topics were ranked."""

    def __init__(self) -> None:
        super().__init__()
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()
        self.ranked: list[str] = []

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        if topics[0] == "slow":
            self.has_begun.set()
            assert self.may_go_on.wait(60)
        self.ranked += topics
        return super().classify_all(topics)


class Desk:
    """A service, and those who send it files."""

    def __init__(self) -> None:
        self.assistant = SharedWork()
        self._app = create_app(Opening(lambda _: self.assistant))

    async def send(self, content: bytes, client: str, leaves: asyncio.Event | None = None) -> "asyncio.Task[Reply]":
        """Send a file, and wait until it is taken."""
        taken = asyncio.Event()
        scope = scope_of("/classify.csv", client=client, headers=CSV)
        task = asyncio.create_task(request(self._app, scope, parts=(content,), leaves=leaves, begun=taken))
        await taken.wait()
        return task


LARGE = b"topic\n" + b"slow\n" * 1000
SMALL = b"topic\nchildren\n"


def test_a_small_file_waits_for_a_block_of_a_large_one_and_not_for_its_end() -> None:
    async def work() -> tuple[list[str], Reply, Reply]:
        desk = Desk()
        large = await desk.send(LARGE, "192.0.2.1")
        await asyncio.to_thread(desk.assistant.has_begun.wait, 60)
        small = await desk.send(SMALL, "192.0.2.2")
        desk.assistant.may_go_on.set()
        return desk.assistant.ranked, await small, await large

    ranked, small, large = asyncio.run(work())

    assert ranked.index("children") <= 192
    assert "1 topic done" in small.text
    assert b64decode(json.loads(large.text.splitlines()[-1])["csv"]).count(b"slow") == 1000


def test_those_who_leave_keep_no_turn_and_leave_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def work() -> tuple[int, str]:
        desk, leaves = Desk(), asyncio.Event()
        working = await desk.send(LARGE, "192.0.2.1", leaves)
        await asyncio.to_thread(desk.assistant.has_begun.wait, 60)
        waiting = await desk.send(SMALL, "192.0.2.2", leaves)
        leaves.set()
        await asyncio.gather(working, waiting)
        last = await desk.send(SMALL, "192.0.2.3")
        desk.assistant.may_go_on.set()
        return desk.assistant.ranked.count("slow"), (await last).text

    slow, last = asyncio.run(work())

    assert slow <= 64
    assert "1 topic done" in last
    assert list(tmp_path.iterdir()) == []


def test_work_that_nobody_waits_for_ends_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def leave(done: int, total: int) -> None:
        raise InputError("left")

    with pytest.raises(InputError, match="Left"):
        sheets.classified(b"topic\nchildren\n", FakeAssistant().classify_all, FakeAssistant().unread, leave)

    assert list(tmp_path.iterdir()) == []
