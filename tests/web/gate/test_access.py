import asyncio
import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.web.gate.access import AccessLog, write_log
from tests.web.asgi_client import Clock, Reply, Seen, request, scope_of


class Lines(logging.Handler):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.written]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What the log of requests says."""
    logger = logging.getLogger("assistant.access")
    before = logger.handlers[:], logger.level, logger.propagate
    handler = Lines()
    write_log(handler)
    yield handler
    logger.handlers[:], logger.level, logger.propagate = before


def logged(app: Any, path: str = "/", headers: Mapping[str, str] | None = None, **options: Any) -> Reply:
    """Ask once through the log."""
    scope = scope_of(path, method="GET", headers=headers)
    return asyncio.run(request(AccessLog(app, **options), scope))


def test_a_request_is_a_line_of_json(lines: Lines) -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
    clock = Clock()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        clock.now += 0.0125
        await StreamingResponse(iter(["an ", "ansẃer"]), 203)(scope, receive, send)

    logged(app, "/reader/note", {"X-Request-ID": "abc-1"}, clock=clock, now=lambda: moment)

    assert lines.rows == [
        {
            "time": "2026-03-04T05:06:07.000089Z",
            "id": "abc-1",
            "method": "GET",
            "path": "/reader/note",
            "status": 203,
            "ms": 12.5,
            "bytes": 11,
        }
    ]


def test_neither_a_question_nor_a_client_is_written_down(lines: Lines) -> None:
    logged(Seen(), "/?q=what+of+children", {"Authorization": "Basic c2VjcmV0", "Cookie": "a=children"})

    assert lines.rows[0]["path"] == "/"
    assert not any(word in lines.written[0] for word in ("children", "c2VjcmV0", "192.0.2.1"))


@pytest.mark.parametrize("path", ["/a\nb", "/a\r\x1b[2J", "/\u2028", "/\u202eabc", '/"}', "/\ud800"])
def test_no_address_can_break_a_line(lines: Lines, path: str) -> None:
    logged(Seen(), path)

    assert lines.written[0].isascii()
    assert lines.written[0].isprintable()
    assert lines.rows[0]["path"] == path


def test_a_long_address_is_cut(lines: Lines) -> None:
    logged(Seen(), "/" + "x" * 100_000)

    assert len(lines.written[0]) < 1000


def test_the_number_of_a_request_comes_back_with_its_answer(lines: Lines) -> None:
    reply = logged(Seen(), headers={"X-Request-ID": "from-the-proxy.1"})

    assert reply.headers["x-request-id"] == "from-the-proxy.1"
    assert lines.rows[0]["id"] == "from-the-proxy.1"


@pytest.mark.parametrize("sent", ["", "two words", "x" * 65, "a\nb", "ÿ", '"'])
def test_a_number_that_is_no_short_word_is_not_taken_over(lines: Lines, sent: str) -> None:
    numbers = [logged(Seen(), headers={"X-Request-ID": sent}).headers["x-request-id"] for _ in range(2)]

    assert all(each.isalnum() and len(each) == 16 for each in numbers)
    assert numbers[0] != numbers[1]
    assert [row["id"] for row in lines.rows] == numbers


def fail_with_the_question(_: Scope) -> None:
    raise ValueError("what of children?")


async def failing(scope: Scope, receive: Receive, send: Send) -> None:
    fail_with_the_question(scope)


@pytest.mark.parametrize("path", ["/", "/api/ask", "/gradio_api/run/ask"])
def test_a_failure_is_answered_with_its_number_and_without_its_message(lines: Lines, path: str) -> None:
    reply = logged(failing, path, {"X-Request-ID": "n-1"})

    said = reply.json()["error"] if path != "/" else reply.text
    assert (reply.status, "n-1" in said) == (500, True)
    assert "children" not in reply.text
    assert "Traceback" not in reply.text


def test_a_failure_is_logged_once_by_its_kind_and_place(lines: Lines) -> None:
    logged(failing, "/api/ask")

    failures = [row for row in lines.rows if "error" in row]
    assert [row.get("status") for row in lines.rows] == [None, 500]
    assert len(failures) == 1
    assert failures[0]["error"] == "ValueError"
    assert failures[0]["at"].startswith("web/gate/access.py:")
    assert " fail_with_the_question" in failures[0]["at"]
    assert "children" not in "".join(lines.written)


def test_a_failure_in_the_middle_of_an_answer_is_logged_and_nothing_more_is_said(lines: Lines) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"an ", "more_body": True})
        fail_with_the_question(scope)

    reply = logged(app)

    assert (reply.status, reply.text, reply.is_whole) == (200, "an ", False)
    assert [row.get("error") for row in lines.rows] == ["ValueError", None]


def test_a_request_that_nobody_answered_has_no_status(lines: Lines) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """The client has left."""

    logged(app)

    assert lines.rows[0]["status"] is None


def test_an_answer_is_logged_when_it_is_sent_though_work_goes_on(lines: Lines) -> None:
    written: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("an answer")(scope, receive, send)
        written.append(len(lines.rows))

    logged(app)

    assert (written, len(lines.rows)) == ([1], 1)


def test_whatever_wrote_the_log_before_no_longer_does(lines: Lines) -> None:
    other = Lines()
    write_log(other)

    logged(Seen())

    assert (len(lines.written), len(other.written)) == (0, 1)
