import asyncio
import base64
import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.settings import parse_proxies
from assistant.web.gate.access import AccessLog, ClientAddress, Password, write_log
from tests.web.asgi_client import Reply, request, scope_of

PROXIES = parse_proxies("127.0.0.1, 10.0.0.0/8, ::1", name="proxies")
AUTH = ("meeting", "päss:wörd")


class Seen:
    """Answers, and remembers what it was asked."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        await PlainTextResponse("an answer")(scope, receive, send)


class Clock:
    """Time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


# The client behind proxies -------------------------------------------------------------------------------------------


def client(peer: str, headers: list[tuple[str, str]]) -> tuple[str, str]:
    """Whom the application takes a request for, and the scheme."""
    seen = Seen()
    scope = scope_of("/", client=peer)
    scope["headers"] = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    asyncio.run(request(ClientAddress(seen, trusted=PROXIES), scope))
    return seen.scopes[0]["client"][0], seen.scopes[0]["scheme"]


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("nonsense, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("2001:db8::9", "2001:db8::9"),
        ("[2001:db8::9]:4711", "2001:db8::9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("10.9.9.9, 10.1.2.3", "10.9.9.9"),
    ],
)
def test_the_client_is_the_last_hop_that_no_trusted_proxy_is(sent: str, address: str) -> None:
    assert client("127.0.0.1", [("X-Forwarded-For", sent)])[0] == address


@pytest.mark.parametrize(
    "sent", ["", "unknown", "203.0.113.9, unknown", "203.0.113.999", "203.0.113.9 10.0.0.1", "203.0.113.9,", "[::1"]
)
def test_what_makes_no_sense_is_the_proxy_s_own_request(sent: str) -> None:
    assert client("127.0.0.1", [("X-Forwarded-For", sent)])[0] == "127.0.0.1"


def test_nobody_else_is_believed() -> None:
    headers = [("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9"), ("X-Forwarded-Proto", "https")]

    assert client("198.51.100.7", headers) == ("198.51.100.7", "http")


def test_several_headers_of_a_name_are_one_list() -> None:
    headers = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "10.0.0.1")]

    assert client("127.0.0.1", headers)[0] == "203.0.113.9"


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("for=203.0.113.9", "203.0.113.9"),
        ('For="[2001:db8::9]:4711";proto=https', "2001:db8::9"),
        ("proto=https; for=203.0.113.9;by=10.0.0.1, for=10.0.0.2", "203.0.113.9"),
        ("for=_hidden", "127.0.0.1"),
        ("proto=https", "127.0.0.1"),
    ],
)
def test_the_standard_header_says_the_same(sent: str, address: str) -> None:
    assert client("127.0.0.1", [("Forwarded", sent)])[0] == address


def test_of_two_headers_that_differ_neither_is_believed() -> None:
    headers = [("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=198.51.100.1")]

    assert client("127.0.0.1", headers)[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("sent", "scheme"), [("https", "https"), ("http, https", "https"), ("gopher", "http"), ("", "http")]
)
def test_a_trusted_proxy_tells_the_scheme(sent: str, scheme: str) -> None:
    assert client("127.0.0.1", [("X-Forwarded-Proto", sent)])[1] == scheme


@given(st.text(st.characters(max_codepoint=255), max_size=80), st.sampled_from(["X-Forwarded-For", "Forwarded"]))
def test_whatever_is_sent_the_last_hop_cannot_be_chosen_by_a_client(claimed: str, name: str) -> None:
    """A proxy adds the address that it was asked from, after whatever the client sent."""
    added = "203.0.113.9" if name == "X-Forwarded-For" else "for=203.0.113.9"

    assert client("127.0.0.1", [(name, f"{claimed}, {added}")])[0] == "203.0.113.9"


# A password ----------------------------------------------------------------------------------------------------------


def basic(user: str, password: str) -> dict[str, str]:
    """The header that a browser sends."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def visit(
    password: Password, path: str = "/", headers: Mapping[str, str] | None = None, peer: str = "192.0.2.1"
) -> Reply:
    return asyncio.run(request(password, scope_of(path, method="GET", headers=headers, client=peer)))


@pytest.mark.parametrize("path", ["/", "/embed.js", "/api/ask", "/metrics", "/healthz/", "/gradio_api/run/x"])
def test_everything_needs_the_password(path: str) -> None:
    seen = Seen()

    reply = visit(Password(seen, auth=AUTH), path)

    assert (reply.status, seen.scopes) == (401, [])
    assert reply.headers["www-authenticate"] == 'Basic realm="assistant", charset="UTF-8"'
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_whether_it_is_alive_needs_none(path: str) -> None:
    assert visit(Password(Seen(), auth=AUTH), path).status == 200


def test_the_right_password_opens() -> None:
    assert visit(Password(Seen(), auth=AUTH), headers=basic(*AUTH)).text == "an answer"


def test_the_scheme_may_be_written_in_any_case() -> None:
    sent = {"Authorization": basic(*AUTH)["Authorization"].replace("Basic ", "bASIC ")}

    assert visit(Password(Seen(), auth=AUTH), headers=sent).status == 200


@pytest.mark.parametrize(
    "sent",
    [
        basic("meeting", "wrong"),
        basic("other", AUTH[1]),
        basic("meeting", ""),
        basic("", ""),
        {"Authorization": "Basic"},
        {"Authorization": "Basic ÿÿÿ"},
        {"Authorization": "Basic " + "=" * 7},
        {"Authorization": "Bearer " + base64.b64encode("meeting:päss:wörd".encode()).decode()},
        {"Authorization": ""},
    ],
)
def test_anything_else_does_not_open(sent: dict[str, str]) -> None:
    assert visit(Password(Seen(), auth=AUTH), headers=sent).status == 401


@given(st.text(max_size=30), st.text(max_size=30))
def test_only_one_pair_opens(user: str, password: str) -> None:
    user, password = (each.encode("utf-8", "replace").decode() for each in (user, password))

    status = visit(Password(Seen(), auth=AUTH), headers=basic(user, password)).status

    assert (status == 200) == (f"{user}:{password}" == ":".join(AUTH))


def test_wrong_tries_are_slowed_and_meanwhile_the_right_password_does_not_open_either() -> None:
    clock = Clock()
    password = Password(Seen(), auth=AUTH, clock=clock)
    wrong = [visit(password, headers=basic("meeting", str(number))).status for number in range(12)]

    slowed = visit(password, headers=basic(*AUTH))
    clock.now += int(slowed.headers["retry-after"])
    later = visit(password, headers=basic(*AUTH))

    assert wrong == [401] * 10 + [429] * 2
    assert (slowed.status, slowed.headers["retry-after"], later.status) == (429, "6", 200)


def test_wrong_tries_of_one_client_are_not_another_s() -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())
    for number in range(12):
        visit(password, headers=basic("meeting", str(number)))

    assert visit(password, headers=basic(*AUTH), peer="192.0.2.2").status == 200


def test_coming_without_a_password_is_no_try() -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())
    for _ in range(50):
        visit(password)

    assert visit(password, headers=basic(*AUTH)).status == 200


def test_the_right_password_is_no_try() -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())

    assert {visit(password, headers=basic(*AUTH)).status for _ in range(50)} == {200}


def test_a_websocket_needs_the_password_too() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Password(Seen(), auth=AUTH)({**scope_of("/"), "type": "websocket"}, receive, send))

    assert sent == [{"type": "websocket.close", "code": 1008}]


# The log -------------------------------------------------------------------------------------------------------------


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
