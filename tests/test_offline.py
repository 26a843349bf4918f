"""The real service where there is no network, and where every attempt to reach one is written down."""

import contextlib
import errno
import http.client
import ipaddress
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent  # said here, since a process without a network starts this file by itself
SECONDS = 300  # for all that one service does here: a busy machine takes minutes
OUTSIDE = ("192.0.2.1", 9)  # an address that is nobody's, for documentation
QUESTION = {"question": "What does the note say about unaccompanied children?"}
QUIETENED = ("HF_", "TRANSFORMERS_", "GRADIO_")  # whoever runs the tests may have told these to stay off the network
# Python's own calls, those of its threads included; what libraries in C do is strace's to see.
AUDITED = """
import os, runpy, sys
log = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        os.write(log, f"{arguments[1][0]}\\n".encode())
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        os.write(log, f"{arguments[0]}\\n".encode())
sys.addaudithook(watch)
module = sys.argv.pop(1)
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""
_ADDRESS = re.compile(r'inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"')


def visit(command: Sequence[str]) -> dict[str, object]:
    """Start a service, ask it, get its pages and stop it.

    Returns:
        Whether anything outside could be reached from here, the statuses of what was got, and that of the answer.
    """
    environ = {name: each for name, each in os.environ.items() if not name.startswith(QUIETENED)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as service:
        too_long = threading.Timer(SECONDS, os.killpg, (service.pid, signal.SIGKILL))
        too_long.start()
        try:
            assert service.stdout
            found = re.search(r"http://127\.0\.0\.1:(\d+)", service.stdout.readline())
            assert found, "the service didn't start"
            port = int(found[1])
            asked, answer = fetch_once_open(port, "POST", "/api/ask", QUESTION)
            turn, _ = fetch(port, "POST", "/embed/turn", QUESTION)
            pages = {path: fetch(port, "GET", path)[0] for path in ("/", "/embed", "/reader")}
            statuses = {"/embed/turn": turn, "/api/ask": asked, **pages}
            return {"outside": reaches_outside(), "statuses": statuses, "answer": json.loads(answer)["status"]}
        finally:
            too_long.cancel()
            ended(service)


def ended(service: "subprocess.Popen[str]") -> None:
    """Stop a service with whatever watches it; they are a group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(service.pid, signal.SIGINT)
        try:
            service.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(service.pid, signal.SIGKILL)


def fetch(port: int, method: str, path: str, body: object = None) -> tuple[int, bytes]:
    """Get what is at an address, past any proxy that the environment names."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    with contextlib.closing(connection):
        sent = json.dumps(body) if body is not None else None
        connection.request(method, path, sent, {"Content-Type": "application/json"} if sent else {})
        response = connection.getresponse()
        return response.status, response.read()


def fetch_once_open(port: int, method: str, path: str, body: object) -> tuple[int, bytes]:
    """Get what is at an address, as soon as the documents are open."""
    status, content = fetch(port, method, path, body)
    while status == 503:
        time.sleep(0.2)
        status, content = fetch(port, method, path, body)
    return status, content


def reaches_outside() -> bool:
    """Whether there is a way to another machine; nothing is sent to it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
        try:
            tried.connect(OUTSIDE)
        except OSError as error:
            if error.errno == errno.ENETUNREACH:
                return False
            raise
    return True


def bring_loopback_up() -> None:
    """In a network of one's own, loopback is down at first."""
    import fcntl
    import struct

    set_flags, up = 0x8914, 0x1  # SIOCSIFFLAGS, IFF_UP
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", up))


def runs(*command: str) -> bool:
    """Whether a program is there and may do its work."""
    if not shutil.which(command[0]):
        return False
    return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0


def traced(log: Path) -> list[str]:
    """What to put before a command so that the system's own record of its connections is kept, if that can be."""
    for quicker in (["--seccomp-bpf"], []):  # it stops the program at no other call, where it can
        if runs("strace", "-f", *quicker, "-o", os.devnull, "true"):
            calls = "trace=connect,sendto,sendmsg,sendmmsg"
            return ["strace", "-f", *quicker, "-qq", "-s", "0", "-e", calls, "-o", str(log)]
    return []


def watched(folder: Path, module: str, *arguments: str) -> list[str]:
    """A command whose attempts to reach another machine are written down in a folder."""
    program = [sys.executable, "-c", AUDITED, str(folder / "audited"), module, *arguments]
    return [*traced(folder / "traced"), *program]


def reached(folder: Path) -> set[str]:
    """All that a watched command tried to reach besides this machine."""
    return set(elsewhere([*lines_of(folder / "audited"), *_ADDRESS.findall("\n".join(lines_of(folder / "traced")))]))


def lines_of(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines() if path.exists() else []


def elsewhere(hosts: Iterable[str]) -> Iterator[str]:
    """Those of some hosts that aren't this machine."""
    for host in hosts:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            is_here = host in ("localhost", "None")
        else:
            mapped = getattr(address, "ipv4_mapped", None)
            is_here = (mapped or address).is_loopback
        if not is_here:
            yield host


@pytest.fixture
def serve(corpus_folder: Path, index_folder: Path, assistant: object) -> list[str]:
    """The arguments that serve the shipped documents, their index already built."""
    return ["serve", "--port", "0", "--corpus", str(corpus_folder), "--index", str(index_folder)]


ANSWERED = dict.fromkeys(("/embed/turn", "/api/ask", "/", "/embed", "/reader"), 200)


@pytest.mark.skipif(sys.platform != "linux", reason="a network of one's own is Linux's")
def test_everything_is_answered_where_there_is_no_network(serve: list[str]) -> None:
    alone = next((way for way in (["unshare", "-rn"], ["unshare", "-n"]) if runs(*way, "true")), None)
    if alone is None:
        pytest.skip("this machine lets nobody make a network of their own (unshare -rn)")
    command = [sys.executable, "-m", "assistant", *serve]

    visited = subprocess.run(
        [*alone, sys.executable, __file__, *command],
        capture_output=True,
        cwd=ROOT,
        timeout=SECONDS + 15,  # it stops what it started by itself
        check=True,
        text=True,
    )

    assert json.loads(visited.stdout) == {"outside": False, "statuses": ANSWERED, "answer": "answered"}


@pytest.mark.skipif(sys.platform == "win32", reason="a group of processes is stopped otherwise there")
def test_no_other_machine_is_tried_while_serving(serve: list[str], tmp_path: Path) -> None:
    visited = visit(watched(tmp_path, "assistant", *serve))

    assert visited["statuses"] == ANSWERED
    assert (tmp_path / "audited").exists()
    assert reached(tmp_path) == set()


@pytest.mark.parametrize("way", ["audited", "traced"])
def test_one_who_tries_another_machine_is_seen(tmp_path: Path, way: str) -> None:
    if way == "traced" and not traced(tmp_path):
        pytest.skip("there is no strace here, or it may not watch")
    (tmp_path / "caller.py").write_text(
        f"import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect({OUTSIDE!r})\n"
        "socket.create_server(('127.0.0.1', 0))\n",
        encoding="utf-8",
    )

    # Without a way to it, the attempt fails; it is seen nevertheless.
    subprocess.run(watched(tmp_path, "caller"), cwd=tmp_path, capture_output=True, timeout=SECONDS, check=False)

    (tmp_path / ("traced" if way == "audited" else "audited")).unlink(missing_ok=True)
    assert reached(tmp_path) == {OUTSIDE[0]}


if __name__ == "__main__":
    bring_loopback_up()
    sys.stdout.write(json.dumps(visit(sys.argv[1:])))
