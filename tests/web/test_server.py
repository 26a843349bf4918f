import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from assistant.errors import InputError
from assistant.web.app.opening import Opening
from assistant.web.server import create_app, listen
from tests.conftest import ROOT
from tests.web.fake_assistant import FakeAssistant


@pytest.fixture(scope="module")
def client() -> TestClient:
    """A client of an application that answers from hand-made records."""
    return TestClient(create_app(Opening(lambda _: FakeAssistant())))


def in_page(client: TestClient, name: str) -> Any:
    """What the page hands its script under a name."""
    return json.loads(client.get("/").text.partition(f"window.{name} = ")[2].partition(";</script>")[0])


def test_the_page_keeps_nothing_and_reports_to_nobody(client: TestClient) -> None:
    config = in_page(client, "gradio_config")

    assert config["analytics_enabled"] is False
    assert config["run_history"] is False
    assert config["footer_links"] == []
    assert config["stylesheets"] == []
    assert client.get("/monitoring/summary").status_code == client.get("/config").status_code == 404


def test_the_page_s_events_are_no_programming_interface(client: TestClient) -> None:
    information = in_page(client, "gradio_api_info")

    assert information["named_endpoints"] == information["unnamed_endpoints"] == {}


@pytest.mark.parametrize("path", ["/redoc", "/docs/oauth2-redirect"])
def test_no_page_that_loads_from_elsewhere_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_style_and_script_load_nothing() -> None:
    static = ROOT / "assistant" / "web" / "static"
    texts = [
        (static / name).read_text(encoding="utf-8")
        for name in ("style.css", "objectives.css", "reader.css", "page.js", "objectives.js", "reader.js")
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
        output, errors = process.communicate(timeout=60)

    assert re.fullmatch(r"Ask the documents at http://127\.0\.0\.1:\d+ \(Ctrl-C stops\)\n", announced)
    assert (process.returncode, output, errors) == (0, "", "")


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
