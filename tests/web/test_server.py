import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from assistant.errors import InputError
from assistant.settings import ServiceSettings, parse_proxies
from assistant.web.app.opening import Opening
from assistant.web.server import create_app, listen
from tests.conftest import ROOT
from tests.web.fake_assistant import FakeAssistant


@pytest.fixture(scope="module")
def client() -> TestClient:
    """A client of an application that answers from hand-made records."""
    return TestClient(create_app(Opening(lambda _: FakeAssistant())))


def test_the_page_keeps_nothing_and_reports_to_nobody(client: TestClient) -> None:
    config = client.get("/gradio.json").json()["config"]

    assert config["analytics_enabled"] is False
    assert config["run_history"] is False
    assert config["footer_links"] == []
    assert config["stylesheets"] == []
    assert [each["api_visibility"] for each in config["dependencies"]] == ["private", "private"]
    assert client.get("/monitoring/summary").status_code == client.get("/config").status_code == 404


@pytest.mark.parametrize("path", ["/redoc", "/docs/oauth2-redirect"])
def test_no_page_that_loads_from_elsewhere_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_style_and_script_load_nothing() -> None:
    static = ROOT / "assistant" / "web" / "static"
    texts = [
        (static / name).read_text(encoding="utf-8")
        for name in ("style.css", "objectives.css", "reader.css", "page.js", "objectives.js", "reader.js", "worker.js")
    ]

    assert not any(word in text for text in texts for word in ("http:", "https:", "@import", "url(", "</"))


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(InputError, match=f"--port: {port} is in use"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_told_in_one_line() -> None:
    with pytest.raises(InputError, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_the_program_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        result = subprocess.run(
            [sys.executable, ROOT / "app.py", "--port", port], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == f"assistant: --port: {port} is in use on 127.0.0.1; stop what uses it, or give another.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_it_says_where_it_serves_and_ctrl_c_stops_it_quietly(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "app.py"), "--port", "0", "--index", str(tmp_path)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        announced = process.stdout.readline()

        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=300)

    assert re.fullmatch(r"Ask the documents at http://127\.0\.0\.1:\d+ \(Ctrl-C stops\)\n", announced)
    assert (process.returncode, output, errors) == (0, "", "")


SERVE = (  # with few files, and no documents to open
    "import resource, sys\n"
    "from pathlib import Path\n"
    "resource.setrlimit(resource.RLIMIT_NOFILE, (128, 1024))\n"
    "from assistant.settings import ServiceSettings, Settings\n"
    "from assistant.web.server import serve\n"
    "folder = Path(sys.argv[1])\n"
    "serve(Settings(corpus=folder, index=folder / 'index', service=ServiceSettings(port=0)))\n"
)


@pytest.mark.skipif(sys.platform != "linux", reason="all of 127.0.0.0/8 is loopback's there")
def test_silent_connections_from_three_addresses_deafen_nobody_and_fill_no_log(tmp_path: Path) -> None:
    errors = tmp_path / "errors.txt"
    command = [sys.executable, "-c", SERVE, str(tmp_path)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        errors.open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environ) as process,
        ExitStack() as opened,
    ):
        opened.callback(process.kill)
        assert process.stdout
        port = int(process.stdout.readline().split(" (")[0].rpartition(":")[2])
        for number in range(600):
            source = (f"127.0.0.{2 + number % 3}", 0)
            opened.enter_context(socket.create_connection(("127.0.0.1", port), 5, source_address=source))

        with socket.create_connection(("127.0.0.1", port), 5, source_address=("127.0.0.9", 0)) as other:
            other.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            said = other.recv(100)  # within its five seconds

    assert said.startswith(b"HTTP/1.1 200 ")
    assert errors.stat().st_size < 1000


@pytest.mark.parametrize(
    "path", ["/", "/api/objectives", "/mcp", "/embed.js", "/docs", "/reader", "/healthz", "/metrics"]
)
def test_a_name_that_was_made_to_lead_here_gets_nothing(path: str) -> None:
    client = TestClient(
        create_app(Opening(lambda _: FakeAssistant()), ServiceSettings()), base_url="http://rebound.example"
    )

    assert client.get(path).status_code == 421
    assert client.get(path, headers={"Host": "localhost"}).status_code != 421


def behind_proxy(**settings: Any) -> TestClient:
    """A client whose address is a trusted proxy's."""
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    trusting = ServiceSettings(
        trusted_proxies=parse_proxies("192.0.2.1", name="proxies"), allowed_hosts=("ask.example.org",), **settings
    )
    return TestClient(create_app(opening, trusting), base_url="http://inner:7860", client=("192.0.2.1", 1234))


def test_the_host_that_a_trusted_proxy_was_asked_for_counts() -> None:
    client = behind_proxy()

    asked = client.get("/", headers={"X-Forwarded-Host": "ask.example.org", "X-Forwarded-Proto": "https"})
    forged = client.get("/", headers={"X-Forwarded-Host": "rebound.example"})

    assert 'content="https://ask.example.org/page/card.png' in asked.text
    assert (asked.status_code, forged.status_code, client.get("/").status_code) == (200, 421, 421)


def test_a_host_that_a_stranger_reports_changes_nothing() -> None:
    headers = {"X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/x"}
    client = TestClient(create_app(Opening(lambda _: FakeAssistant())), base_url="http://ask.example.org")

    assert 'content="http://ask.example.org/page/card.png' in client.get("/", headers=headers).text


@pytest.mark.parametrize("prefix", ["/ask", "/a/b", "/api", "/docs", "/embed", "/mcp", "/gradio_api"])
@pytest.mark.parametrize("says", ["operator", "proxy"])
def test_everything_works_under_a_path_that_a_proxy_takes_away(prefix: str, says: str) -> None:
    client = behind_proxy(root_path=prefix if says == "operator" else "/other")
    client.headers |= {"X-Forwarded-Host": "ask.example.org"}
    client.headers |= {"X-Forwarded-Prefix": prefix} if says == "proxy" else {}
    asked = {"data": [], "event_data": {"request": '{"question": "What of children?"}'}}
    asks = client.get("/gradio.json").json()["config"]["dependencies"]
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    both = {"Accept": "application/json, text/event-stream"}
    conversation = {"turns": [{"question": "What of children?"}]}

    replies = {
        "page": client.get("/"),
        "call": client.post("/gradio_api/run/predict", json={"fn_index": asks[0]["id"], **asked}),
        "style": client.get("/theme.css"),
        "a question": client.get("/?q=children"),
        "a document": client.get("/documents/background-note"),
        "the page's own way": client.post("/turn", json={"question": "What of children?"}),
        "interface": client.post("/api/ask", json={"question": "What of children?"}),
        "document": client.get("/api/documents/background-note"),
        "description": client.get("/docs"),
        "its script": client.get("/docs/swagger-ui/swagger-ui.css"),
        "tools": client.post("/mcp", json=message, headers=both),
        "tools/": client.post("/mcp/", json=message, headers=both),
        "loader": client.get("/embed.js"),
        "widget": client.get("/embed"),
        "turn": client.post("/embed/turn", json={"question": "What of children?", "lang": "en"}),
        "export": client.post("/export/markdown", json=conversation),
        "reader": client.get("/reader/background-note"),
        "health": client.get("/healthz"),
    }

    assert {name: reply.status_code for name, reply in replies.items()} == dict.fromkeys(replies, 200)
    assert f'content="http://ask.example.org{prefix}/page/card.png' in replies["page"].text
    assert client.get("/api/nowhere").json() == {"error": "There is no such address; /docs lists them."}


def test_requests_are_told_to_no_telemetry_whatever_the_environment_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setattr("fastapi.telemetry._asgi._unconfigured", lambda _: False)  # as if a program listened
    app = create_app(Opening(lambda _: FakeAssistant()))
    mounted = [route.app for route in app.routes if isinstance(route, Mount) and not isinstance(route.app, StaticFiles)]
    (page,) = (each._app for each in mounted)  # type: ignore[attr-defined]

    for each in (app, page):
        assert isinstance(each, FastAPI)
        assert not each._native_telemetry.enabled()
        assert not each._telemetry["auto_configure"]
