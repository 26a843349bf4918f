import asyncio
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx2
import pytest
from fastapi import FastAPI
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.client import ConnectMode
from mcp.types import CallToolResult
from mcp.types.version import (
    HANDSHAKE_PROTOCOL_VERSIONS,
    KNOWN_PROTOCOL_VERSIONS,
    LATEST_HANDSHAKE_VERSION,
    LATEST_MODERN_VERSION,
)

from assistant.errors import CorpusError
from assistant.records import Answer
from assistant.settings import ServiceSettings
from assistant.web.api.bodies import MAX_BODY
from assistant.web.api.mcp_server import add_model_context
from assistant.web.app.opening import Answering, Opening
from assistant.web.server import create_app
from tests.conftest import ROOT
from tests.served import served
from tests.web.fake_assistant import CHILDREN, FakeAssistant

QUESTION = "What does the note say about unaccompanied children?"
HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
SECRET = "xylophone"  # stands in what is asked, and must not stand in a log
SECONDS = 120  # until a test fails that waits in vain

Given = TypeVar("Given")
either_generation = pytest.mark.parametrize("mode", ["legacy", "auto"])


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port, and give the address of its tools."""
    with served(app) as origin:
        yield f"{origin}/mcp"


@contextmanager
def serving_tools(opening: Opening) -> Iterator[str]:
    """Serve nothing but the tools."""
    app = FastAPI()
    add_model_context(app, opening)
    with serving(app) as address:
        yield address


def opened(assistant: Answering) -> Opening:
    opening = Opening(lambda _: assistant)
    opening.start().result()
    return opening


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the tools of the whole application are served."""
    named = ServiceSettings(rate_limit=0, allowed_hosts=("rag.example.org",))
    with serving(create_app(opened(FakeAssistant()), named)) as address:
        yield address


def with_client(address: str, mode: ConnectMode, use: Callable[[Client], Awaitable[Given]]) -> Given:
    """Do something with the protocol's own client, connected in its newest way or as before."""

    async def run() -> Given:
        async with asyncio.timeout(SECONDS), Client(address, mode=mode) as client:
            return await use(client)

    return asyncio.run(run())


def call(address: str, mode: ConnectMode, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    return with_client(address, mode, lambda client: client.call_tool(tool, arguments))


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert content.type == "text"
    return content.text


def refused(result: CallToolResult) -> str:
    """Look at a tool's error, and return why."""
    assert result.is_error
    assert result.structured_content is None
    assert "\n" not in text_of(result)
    return text_of(result)


def message(method: str, **params: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


def asking(question: str) -> bytes:
    return message("tools/call", name="ask", arguments={"question": question})


def post(address: str, content: bytes, **headers: str) -> httpx2.Response:
    return httpx2.post(address, content=content, headers=HEADERS | headers, timeout=SECONDS)


def over_api(address: str, tool: str, arguments: dict[str, Any]) -> httpx2.Response:
    return httpx2.post(address.replace("/mcp", f"/api/{tool}"), json=arguments, timeout=SECONDS)


# Tools ---------------------------------------------------------------------------------------------------------------


@either_generation
def test_a_client_finds_the_tools_that_change_nothing_and_reach_nowhere(address: str, mode: ConnectMode) -> None:
    listed = with_client(address, mode, lambda client: client.list_tools())

    assert [tool.name for tool in listed.tools] == ["ask", "classify", "check"]
    for tool in listed.tools:
        assert tool.annotations
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
        assert tool.description
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema


def test_the_newest_clients_need_no_handshake_and_the_others_get_theirs(address: str) -> None:
    async def version(client: Client) -> str:
        return client.protocol_version

    assert with_client(address, "auto", version) == LATEST_MODERN_VERSION
    assert with_client(address, "legacy", version) == LATEST_HANDSHAKE_VERSION


@pytest.mark.parametrize("version", HANDSHAKE_PROTOCOL_VERSIONS)
def test_a_client_gets_the_revision_that_it_knows(address: str, version: str) -> None:
    client = {"name": "test", "version": "1"}
    hello = message("initialize", protocolVersion=version, capabilities={}, clientInfo=client)

    greeted = post(address, hello)
    asked = post(address, asking(QUESTION), **{"MCP-Protocol-Version": version})

    assert greeted.json()["result"]["protocolVersion"] == version
    assert json.loads(asked.json()["result"]["content"][0]["text"])["answer"] == CHILDREN


@either_generation
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ask", {"question": QUESTION}),
        ("ask", {"question": QUESTION, "explain": True, "top_k": 3, "objectives": [7.0], "id": {"mine": [1, None]}}),
        ("ask", {"question": "And for girls?", "history": ["children"]}),
        ("ask", {"question": "What of pensions?"}),
        ("ask", {"question": "?!"}),
        ("classify", {"topic": "care for children", "id": "t1"}),
        ("classify", {"topic": "diplomas"}),
        ("check", {"text": "They say “unaccompanied children”."}),
    ],
)
def test_a_tool_gives_what_the_programming_interface_does(
    address: str, mode: ConnectMode, tool: str, arguments: dict[str, Any]
) -> None:
    expected = over_api(address, tool, arguments).json()

    result = call(address, mode, tool, arguments)  # the client checks it against the form that was announced

    assert not result.is_error
    assert result.structured_content == expected
    assert json.loads(text_of(result)) == expected


def test_what_the_documents_do_not_say_is_a_proper_answer(address: str) -> None:
    result = call(address, "auto", "ask", {"question": "What of pensions?"})

    assert not result.is_error
    assert result.structured_content["status"] == "not_in_documents"
    assert result.structured_content["answer"] is None
    assert result.structured_content["nearest"]


@either_generation
def test_arguments_are_refused_in_the_words_of_the_programming_interface(address: str, mode: ConnectMode) -> None:
    arguments = {"question": "q", "objectives": [99], "topk": 3}
    expected = over_api(address, "ask", arguments)

    said = refused(call(address, mode, "ask", arguments))

    assert expected.status_code == 422
    assert said == expected.json()["error"]


@either_generation
def test_a_tool_that_there_is_not_is_told_with_those_that_there_are(address: str, mode: ConnectMode) -> None:
    async def said(client: Client) -> str:
        try:
            await client.call_tool("tell", {})
        except MCPError as error:  # here, since what leaves the client is a group of errors
            return error.message
        return ""

    assert with_client(address, mode, said) == "There is no tool 'tell'; there are ask, classify, check."


@either_generation
def test_while_the_documents_are_being_opened_a_tool_says_so(mode: ConnectMode) -> None:
    begun, may_open = threading.Event(), threading.Event()

    def open_late(_: object) -> Answering:
        begun.set()
        may_open.wait(SECONDS)
        return FakeAssistant()

    opening = Opening(open_late)
    with serving_tools(opening) as address:
        before = call(address, mode, "ask", {"question": QUESTION})
        was_begun_by_it = begun.wait(SECONDS)
        may_open.set()
        opening.start().result()
        after = call(address, mode, "ask", {"question": QUESTION})

    assert was_begun_by_it
    assert refused(before) == "The documents are being opened; try again in a few seconds."
    assert after.structured_content["answer"] == CHILDREN


def test_documents_that_cannot_be_opened_are_told_in_one_line_and_tried_again() -> None:
    tried = threading.Semaphore(0)

    def fail(_: object) -> Answering:
        tried.release()
        raise CorpusError("corpus: no documents;\nadd one.")

    opening = Opening(fail)
    opening.start().exception()
    tried.acquire()
    with serving_tools(opening) as address:
        said = refused(call(address, "auto", "classify", {"topic": "children"}))

    assert said == "corpus: no documents; add one."
    assert tried.acquire(timeout=SECONDS)


# Messages ------------------------------------------------------------------------------------------------------------


def test_every_message_stands_alone(address: str) -> None:
    response = post(address, asking(QUESTION))  # without a handshake before it

    assert response.status_code == 200
    assert json.loads(response.json()["result"]["content"][0]["text"])["answer"] == CHILDREN
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Mcp-Session-Id" not in response.headers


def test_the_first_messages_may_come_all_at_once() -> None:
    async def ask_at_once(address: str) -> list[int]:
        async with httpx2.AsyncClient(timeout=SECONDS) as client:
            sent = [client.post(address, content=asking(QUESTION), headers=HEADERS) for _ in range(8)]
            return [response.status_code for response in await asyncio.gather(*sent)]

    with serving_tools(opened(FakeAssistant())) as address:
        statuses = asyncio.run(ask_at_once(address))

    assert statuses == [200] * 8


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PUT", "OPTIONS"])
def test_there_is_no_session_to_listen_to_or_to_end(address: str, method: str) -> None:
    response = httpx2.request(method, address, headers={"Accept": "text/event-stream"}, timeout=SECONDS)

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("content", "headers", "status", "said"),
    [
        (b"{", {}, 400, "This isn't JSON (Expecting property name enclosed in double quotes at character 2)."),
        (b"\xff", {}, 400, "This isn't UTF-8 (byte 1); send UTF-8."),
        (b'{"id": 1, "id": 2}', {}, 400, "id: is there twice; send it once."),
        (b'{"id": NaN}', {}, 400, "This holds NaN, which isn't a number in JSON or is too large."),
        (
            b"[" * 33 + b"]" * 33,
            {},
            400,
            "This is nested more than 32 deep; send fewer lists and objects inside one another.",
        ),
        (b" " * (MAX_BODY + 1), {}, 413, "The body is larger than 64 kB; send less."),
        (
            asking(QUESTION),
            {"Content-Type": "text/plain"},
            415,
            "Send JSON, with the header Content-Type: application/json.",
        ),
        (
            asking(QUESTION),
            {"Content-Encoding": "gzip"},
            415,
            "Content-Encoding: send the body as it is, not compressed.",
        ),
    ],
)
def test_what_is_no_message_is_refused_in_one_line(
    address: str, content: bytes, headers: dict[str, str], status: int, said: str
) -> None:
    code = -32700 if status == 400 else -32600  # by the protocol: it can't be read, or isn't a request

    response = post(address, content, **headers)

    assert response.status_code == status
    assert response.json() == {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": said}}
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("version", [None, *KNOWN_PROTOCOL_VERSIONS, "2099-01-01"])
@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"[%s]" % message("tools/list"),
        b"[%s, %s]" % (message("tools/list"), message("tools/list")),
        b"7",
        b"null",
        b"{}",
        b'{"jsonrpc": "2.0", "id": 1}',
        b'{"jsonrpc": "1.0", "id": 1, "method": "tools/list"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": 7}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": "all"}',
    ],
)
def test_a_batch_and_what_is_no_message_get_one_clear_line(address: str, content: bytes, version: str | None) -> None:
    response = post(address, content, **({"MCP-Protocol-Version": version} if version else {}))

    said = "Send one message of JSON-RPC 2.0 at a time; this is none, or a list of them."
    assert response.status_code == 400
    assert response.json() == {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": said}}


def test_a_call_of_no_tool_is_an_error_of_the_sender_s(address: str) -> None:
    response = post(address, message("tools/call"))

    assert response.json()["error"]["code"] == -32602
    assert "\n" not in response.json()["error"]["message"]


@pytest.mark.parametrize("method", ["initialize", "tools/list", "tools/call", "server/discover"])
@pytest.mark.parametrize("version", ["2099-01-01", "2024-01-01", "1", "", "latest", "2025-06-18, 2025-06-18"])
def test_an_unknown_revision_gets_one_line_with_those_that_are_known(address: str, method: str, version: str) -> None:
    response = post(address, message(method), **{"MCP-Protocol-Version": version})

    error = response.json()["error"]
    assert (response.status_code, response.json()["id"], error["code"]) == (400, 1, -32022)
    assert error["data"] == {"supported": list(KNOWN_PROTOCOL_VERSIONS), "requested": version}
    assert all(each in error["message"] for each in KNOWN_PROTOCOL_VERSIONS)
    assert "\n" not in error["message"]


def test_the_address_may_end_with_a_slash(address: str) -> None:
    response = httpx2.post(f"{address}/", content=message("tools/list"), headers=HEADERS, timeout=SECONDS)

    assert response.status_code == 200
    assert [tool["name"] for tool in response.json()["result"]["tools"]] == ["ask", "classify", "check"]


@either_generation
@pytest.mark.parametrize("tool", ["ask", "classify"])
def test_no_tool_says_how_long_it_took(address: str, mode: ConnectMode, tool: str) -> None:
    content = call(address, mode, tool, {"question" if tool == "ask" else "topic": QUESTION}).structured_content

    assert not [name for name in content if "elapsed" in name or "_ms" in name]


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        (None, "127.0.0.1:7860", 200),
        (None, "rag.example.org", 200),
        ("http://127.0.0.1:7860", "127.0.0.1:7860", 200),
        ("http://[::1]:7860", "[::1]:7860", 200),
        ("http://localhost:7860", "localhost:7860", 200),
        ("https://RAG.example.org", "rag.example.org", 200),
        ("https://example.org", "127.0.0.1:7860", 403),
        ("http://127.0.0.1:8000", "127.0.0.1:7860", 403),
        ("http://rebound.example.org:7860", "rebound.example.org:7860", 421),
        ("http://rag.example.org:7860", "rag.example.org:7860", 200),
        ("ftp://127.0.0.1:7860", "127.0.0.1:7860", 403),
        ("null", "127.0.0.1:7860", 403),
        ("", "127.0.0.1:7860", 403),
        ("http://[", "127.0.0.1:7860", 403),
    ],
)
def test_a_page_may_call_only_from_the_service_s_own_address(
    address: str, origin: str | None, host: str, status: int
) -> None:
    headers = {"Host": host} | ({} if origin is None else {"Origin": origin})

    response = post(address, message("tools/list"), **headers)

    assert response.status_code == status
    assert "Access-Control-Allow-Origin" not in response.headers


# Standard streams ----------------------------------------------------------------------------------------------------

SPEAKING = (
    "import time\n"
    "from assistant.web.api import serve_standard_streams\n"
    "from assistant.web.app import Opening\n"
    "from tests.web.fake_assistant import FakeAssistant\n"
    "def open_slowly(_):\n"
    "    print('not for the program that listens')\n"
    "    time.sleep(1)\n"
    "    return FakeAssistant()\n"
    "serve_standard_streams(Opening(open_slowly))\n"
)


@either_generation
def test_a_program_that_starts_the_server_gets_the_same_answers_once_it_is_open(mode: ConnectMode) -> None:
    arguments = {"question": QUESTION}

    async def ask() -> CallToolResult:
        started = stdio_client(StdioServerParameters(command=sys.executable, args=["-c", SPEAKING], cwd=ROOT))
        async with asyncio.timeout(2 * SECONDS), Client(started, mode=mode) as client:
            return await client.call_tool("ask", arguments)

    result = asyncio.run(ask())

    assert result.structured_content["answer"] == CHILDREN
    assert "elapsed_ms" not in result.structured_content


def test_a_line_that_is_no_message_gets_one_line_and_the_next_is_answered() -> None:
    hello = message(
        "initialize",
        protocolVersion=LATEST_HANDSHAKE_VERSION,
        capabilities={},
        clientInfo={"name": "test", "version": "1"},
    )
    command = [sys.executable, "-c", SPEAKING]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"[%s]\nno JSON\n%s\n" % (message("tools/list"), hello))
        process.stdin.flush()
        batch, unread, greeted = (json.loads(process.stdout.readline()) for _ in range(3))
        process.stdin.close()
        status = process.wait(SECONDS)

    said = "Send one message of JSON-RPC 2.0 at a time; this is none, or a list of them."
    assert batch == unread == {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": said}}
    assert greeted["result"]["protocolVersion"] == LATEST_HANDSHAKE_VERSION
    assert status == 0


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, which has imported nothing yet."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=4 * SECONDS)


# What stays here -----------------------------------------------------------------------------------------------------


class FaultyAssistant(FakeAssistant):
    """Has a fault whose words repeat the question."""

    def ask(self, question: str, **_: Any) -> Answer:
        raise LookupError(question)


@either_generation
def test_a_fault_is_told_without_its_words(mode: ConnectMode) -> None:
    with serving_tools(opened(FaultyAssistant())) as address:
        said = refused(call(address, mode, "ask", {"question": SECRET}))

    assert said == "The service has a fault; its terminal says which."


def test_the_terminal_is_told_where_a_fault_is_and_not_what_was_asked(caplog: pytest.LogCaptureFixture) -> None:
    with serving_tools(opened(FaultyAssistant())) as address:
        post(address, asking(SECRET))

    assert "LookupError" in caplog.text
    assert "raise LookupError(question)" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("version", [LATEST_HANDSHAKE_VERSION, LATEST_MODERN_VERSION, "2099-01-01"])
def test_nothing_that_is_asked_gets_into_a_log(address: str, version: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    meta = {
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
    }
    headers = {"MCP-Protocol-Version": version, "Mcp-Method": "tools/call", "Mcp-Name": "ask"}
    contents = [
        message("tools/call", name="ask", arguments={"question": SECRET}, _meta=meta),
        message("tools/call", name="ask", arguments={"question": [SECRET]}, _meta=meta),
        message("tools/call", name="ask", arguments=SECRET, _meta=meta),
        message("tools/call", name=[SECRET], arguments={"question": SECRET}, _meta=meta),
        json.dumps({"jsonrpc": "2.0", "method": "tools/call", "params": {"question": SECRET}}).encode(),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/progress", "params": {"x": SECRET}}).encode(),
        json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"x": SECRET}}).encode(),
        json.dumps([SECRET]).encode(),
        f'{{"question": "{SECRET}'.encode(),
    ]

    statuses = [post(address, content, **headers).status_code for content in contents]

    assert set(statuses) <= {200, 202, 400}
    assert caplog.records
    assert SECRET not in caplog.text


def test_whoever_listens_for_telemetry_hears_nothing_of_the_tools() -> None:
    program = (
        "from fastapi import FastAPI\n"
        "from fastapi.testclient import TestClient\n"
        "from opentelemetry import trace\n"
        "from assistant.web.api.mcp_server import add_model_context\n"
        "from assistant.web.app.opening import Opening\n"
        "from tests.web.fake_assistant import FakeAssistant\n"
        "class Tracer(trace.NoOpTracer):\n"
        "    def start_as_current_span(self, name, *rest, **options):\n"
        "        print(name)\n"
        "        return super().start_as_current_span(name, *rest, **options)\n"
        "class Listener(trace.NoOpTracerProvider):\n"
        "    def get_tracer(self, *rest, **options):\n"
        "        return Tracer()\n"
        "trace.set_tracer_provider(Listener())\n"
        "app = FastAPI()\n"
        "opening = Opening(lambda _: FakeAssistant())\n"
        "opening.start().result()\n"
        "add_model_context(app, opening)\n"
        f"answer = TestClient(app).post('/mcp', content={asking(QUESTION)!r}, headers={HEADERS!r})\n"
        "trace.get_tracer('of the test').start_as_current_span(f'heard {answer.status_code}')\n"
    )

    result = run(program)

    assert "heard 200" in result.stdout.splitlines(), result.stderr
    assert "tools" not in result.stdout


def test_the_start_does_not_wait_for_the_protocol_s_library() -> None:
    program = (
        "import sys\n"
        "from fastapi import FastAPI\n"
        "from assistant.web.api.mcp_server import add_model_context, gradio_without_mcp\n"
        "from assistant.web.app.opening import Opening\n"
        "with gradio_without_mcp():\n"
        "    import gradio\n"
        "add_model_context(FastAPI(), Opening(lambda _: None))\n"
        "print(*[name for name in sys.modules if name.partition('.')[0] in ('mcp', 'mcp_types')])\n"
        "import mcp\n"
    )

    result = run(program)

    assert (result.returncode, result.stdout.strip()) == (0, ""), result.stderr
