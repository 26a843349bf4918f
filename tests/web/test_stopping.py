"""How a service ends."""

import base64
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from assistant import Assistant
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")


@pytest.fixture
def service(assistant: Assistant, index_folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The program that serves, ready to answer, and its port."""
    command = [sys.executable, str(ROOT / "app.py"), "--port", "0", "--index", str(index_folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = re.search(r":(\d+) ", process.stdout.readline())
        assert found
        port = int(found[1])
        while fetch(port, "GET", "/readyz")[0] != 200:
            time.sleep(0.1)
        yield process, port
        process.kill()


def fetch(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request(method, path, body, {"Content-Type": "text/csv"} if body else {})
    response = connection.getresponse()
    return response.status, response.read()


def test_what_is_being_answered_is_finished_when_the_service_stops_and_nobody_idle_keeps_it(
    service: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = service
    idle = socket.create_connection(("127.0.0.1", port))
    idle.sendall(b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
    rows = b"topic\n" + b"recognition of diplomas\n" * 300
    connection = HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("POST", "/classify.csv", rows, {"Content-Type": "text/csv"})
    response = connection.getresponse()  # it has begun

    process.send_signal(signal.SIGTERM)
    lines = [json.loads(line) for line in response.read().splitlines()]
    process.wait(300)

    assert base64.b64decode(lines[-1]["csv"]).count(b"recognition of diplomas") == 300
    assert process.returncode in (0, -signal.SIGTERM)
    assert process.stderr
    assert process.stderr.read() == ""
    idle.close()
