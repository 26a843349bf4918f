"""How the service bears many clients at once: `python -m bench.load`.

The real server in a process of its own, on loopback; clients in this one, each of which asks its next question as soon
as it has its answer (a closed loop, without a pause to read: harsher than people). Every question is another one, so
that nothing is answered from memory. Three parts: through `/api/ask`, through the page's own call, and ten times as
many clients as the service is made for, after which it has to be as quick as before.

Times are a client's: from the first byte sent to the last received. The clients take a share of the same cores.
"""

import argparse
import asyncio
import itertools
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from bench.questions import questions

ROOT = Path(__file__).resolve().parent.parent
WARM = 10  # seconds before anything counts: memory is taken, code is loaded
TIMES_TOO_MANY = 10
OVERLOADED = 20  # seconds
ALLOWED = 5  # seconds until it is as before


@dataclass
class Outcome:
    """What came of the requests.

    Attributes:
        taken: Milliseconds of each that was answered.
        statuses: How many had which HTTP status; 0 for a broken connection.
        memory: Megabytes of the server, once a second.
    """

    taken: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)


class Server:
    """The service in a process of its own."""

    def __init__(self, index: Path, *, rate: int) -> None:
        """Start it, and wait until it is able to answer."""
        environment = {**os.environ, "ASSISTANT_RATE_LIMIT": str(rate), "ASSISTANT_INDEX": str(index)}
        command = [sys.executable, "-m", "assistant", "serve", "--port", "0"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        announced = re.search(r"http://\S+", self.process.stdout.readline())
        if not announced:
            raise SystemExit("The server didn't start.")
        address = urlsplit(announced[0])
        self.host, self.port = address.hostname or "", address.port or 0

    def memory(self) -> float:
        """Resident megabytes now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(30)


class Client:
    """One connection, kept open and opened anew where it was closed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Send JSON; give the status and the body."""
        return await self._send(
            f"POST {path} HTTP/1.1\r\nHost: {self._server.host}:{self._server.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )

    async def get(self, path: str) -> tuple[int, bytes]:
        """Ask for a path."""
        return await self._send(
            f"GET {path} HTTP/1.1\r\nHost: {self._server.host}:{self._server.port}\r\n\r\n".encode()
        )

    async def _send(self, request: bytes) -> tuple[int, bytes]:
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(self._server.host, self._server.port)
        assert self._reader
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        if length := re.search(r"content-length: (\d+)", head):
            content = await self._reader.readexactly(int(length[1]))
        else:
            content = b"".join([block async for block in self._blocks()])
        if "connection: close" in head:
            self.close()
        return status, content

    async def _blocks(self) -> AsyncGenerator[bytes, None]:
        assert self._reader
        while size := int(await self._reader.readline(), 16):
            yield await self._reader.readexactly(size)
            await self._reader.readline()
        await self._reader.readline()

    def close(self) -> None:
        """Let the connection go."""
        if self._writer:
            self._writer.close()
        self._writer = None


def api_call(question: str) -> tuple[str, bytes]:
    """A program's question."""
    return "/api/ask", json.dumps({"question": question}).encode()


class PageCall:
    """The page's question, as its browser sends it."""

    def __init__(self, gradio: bytes) -> None:
        config = json.loads(gradio)["config"]
        ask = next(each for each in config["dependencies"] if each["api_name"] == "ask")
        self._function: int = ask["id"]
        self._sessions = map("load{:07}".format, itertools.count())

    def __call__(self, question: str) -> tuple[str, bytes]:
        """Address and body."""
        sent = json.dumps({"history": [], "objectives": [], "lang": "en", "number": 1})
        body = {"data": [question, sent], "fn_index": self._function, "session_hash": next(self._sessions)}
        return "/gradio_api/run/predict", json.dumps(body).encode()


async def one_client(server: Server, call: object, asked: Iterator[str], until: float, outcome: Outcome) -> None:
    """Ask until the time is over."""
    client = Client(server)
    while time.perf_counter() < until:
        path, body = call(next(asked))  # type: ignore[operator]
        started = time.perf_counter()
        try:
            status, _ = await client.post(path, body)
        except (OSError, asyncio.IncompleteReadError):
            client.close()
            status = 0
        outcome.statuses[status] += 1
        if status == 200:
            outcome.taken.append((time.perf_counter() - started) * 1000)
        else:
            await asyncio.sleep(0.1)  # a client that is told to wait waits a little
    client.close()


async def loaded(server: Server, call: object, asked: Iterator[str], *, clients: int, seconds: float) -> Outcome:
    """Let many clients ask for some time."""
    outcome = Outcome()
    until = time.perf_counter() + seconds

    async def watch() -> None:
        while time.perf_counter() < until:
            outcome.memory.append(server.memory())
            await asyncio.sleep(1)

    await asyncio.gather(watch(), *(one_client(server, call, asked, until, outcome) for _ in range(clients)))
    return outcome


async def recovered(server: Server, asked: Iterator[str], *, usual: float) -> float:
    """Seconds until ten questions in a row take at most twice as long as one alone usually does."""
    client, started, in_a_row = Client(server), time.perf_counter(), 0
    while in_a_row < 10:
        before = time.perf_counter()
        status, _ = await client.post(*api_call(next(asked)))
        taken = (time.perf_counter() - before) * 1000
        in_a_row = in_a_row + 1 if status == 200 and taken <= 2 * usual else 0
        if time.perf_counter() - started > 60:
            break
    client.close()
    return time.perf_counter() - started


async def alone(server: Server, asked: Iterator[str]) -> float:
    """Milliseconds that a question takes when nobody else asks: the slowest of twenty but one."""
    client, taken = Client(server), []
    for _ in range(20):
        started = time.perf_counter()
        await client.post(*api_call(next(asked)))
        taken.append((time.perf_counter() - started) * 1000)
    client.close()
    return sorted(taken)[-2]


async def measured(server: Server, call: object, asked: Iterator[str], *, clients: int, seconds: float) -> Outcome:
    """Warm up, then measure."""
    await loaded(server, call, asked, clients=clients, seconds=WARM)
    return await loaded(server, call, asked, clients=clients, seconds=seconds)


def report(name: str, outcome: Outcome, seconds: float) -> None:
    """Print what was measured."""
    said = ", ".join(f"{count} × {status or 'broken'}" for status, count in sorted(outcome.statuses.items()))
    p50, p95, p99 = np.percentile(outcome.taken, [50, 95, 99]) if outcome.taken else (float("nan"),) * 3
    tenth = max(len(outcome.memory) // 10, 1)
    first, last = (statistics.median(part) for part in (outcome.memory[:tenth], outcome.memory[-tenth:]))
    print(
        f"{name}: {said}; {len(outcome.taken) / seconds:.0f} answers a second; "
        f"ms p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f}, max {max(outcome.taken, default=0):.0f}; "
        f"memory {first:.0f} -> {last:.0f} MB ({(last / first - 1) * 100:+.1f} %)",
        flush=True,
    )


async def ready(server: Server) -> bytes:
    """Wait until it is able to answer; give what the page's script reads of Gradio's part."""
    client = Client(server)
    while (await client.get("/readyz"))[0] != 200:
        await asyncio.sleep(0.1)
    _, gradio = await client.get("/gradio.json?lang=en")
    client.close()
    return gradio


async def run(server: Server, *, clients: int, seconds: float) -> None:
    """All three parts."""
    gradio = await ready(server)
    asked = questions()
    for name, call in (("/api/ask", api_call), ("the page's call", PageCall(gradio))):
        report(
            f"{clients} clients, {name}", await measured(server, call, asked, clients=clients, seconds=seconds), seconds
        )
    usual = await alone(server, asked)
    many = clients * TIMES_TOO_MANY
    report(f"{many} clients", await loaded(server, api_call, asked, clients=many, seconds=OVERLOADED), OVERLOADED)
    print(f"as quick as before after {await recovered(server, asked, usual=usual):.1f} s (allowed {ALLOWED})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    server = Server(options.index.resolve(), rate=0)  # all clients have one address here
    try:
        asyncio.run(run(server, clients=options.clients, seconds=options.seconds))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
