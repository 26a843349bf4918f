import asyncio
import logging
import subprocess
import sys
from ipaddress import ip_network

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from assistant.web.gate.connections import protocol_with_limits
from tests.conftest import ROOT
from tests.web.skipped_time import run

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def answer_in_a_minute(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(60)
    await PlainTextResponse("an answer")(scope, receive, send)


class Wire(asyncio.Transport):
    """A connection that is written down."""

    def __init__(self, host: str) -> None:
        super().__init__({"peername": (host, 1234), "sockname": ("192.0.2.99", 80)})
        self.sent = b""
        self.closed: float | None = None  # seconds of the loop's clock
        self.protocol: asyncio.BaseProtocol | None = None

    def write(self, data: object) -> None:
        assert isinstance(data, bytes)
        self.sent += data

    def close(self) -> None:
        if self.closed is None:
            loop = asyncio.get_running_loop()
            self.closed = loop.time()
            assert self.protocol
            loop.call_soon(self.protocol.connection_lost, None)

    def is_closing(self) -> bool:
        return self.closed is not None

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def get_protocol(self) -> asyncio.BaseProtocol:
        assert self.protocol
        return self.protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol


class Server:
    """Where connections are made."""

    def __init__(self, *, trusted: str = "198.51.100.0/24", most: int = 3, in_all: int = 1000) -> None:
        self.protocol = protocol_with_limits(trusted=[ip_network(trusted)], most=most, in_all=in_all)
        self.config = uvicorn.Config(answer_in_a_minute, http=self.protocol, log_config=None)
        self.state = ServerState()

    def connect(self, host: str = "192.0.2.1") -> tuple[Wire, H11Protocol]:
        wire, protocol = Wire(host), self.protocol(self.config, self.state, {})
        wire.protocol = protocol
        protocol.connection_made(wire)
        return wire, protocol


def test_a_client_with_too_many_connections_gets_no_more_and_is_told_when_to_come_back() -> None:
    async def work() -> tuple[list[bool], bytes]:
        server = Server()
        wires = [server.connect()[0] for _ in range(4)]
        return [wire.is_closing() for wire in wires], wires[-1].sent

    closed, said = run(work())

    assert closed == [False, False, False, True]
    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: 10\r\n" in said


def test_the_connections_of_one_client_leave_the_others_theirs() -> None:
    async def work() -> bool:
        server = Server()
        for _ in range(4):
            server.connect("2001:db8::1")
        return server.connect("2001:db8:0:1::1")[0].is_closing()

    assert run(work()) is False


def test_whoever_closes_a_connection_may_have_another() -> None:
    async def work() -> list[bool]:
        server, closed = Server(), []
        for _ in range(20):
            wire, _ = server.connect()
            closed.append(wire.is_closing())
            wire.close()
            await asyncio.sleep(0)
        return closed

    assert run(work()) == [False] * 20


def test_those_that_were_refused_do_not_count_once_they_are_gone() -> None:
    async def work() -> bool:
        server = Server()
        wires = [server.connect()[0] for _ in range(30)]
        await asyncio.sleep(0)  # most are gone
        wires[0].close()
        await asyncio.sleep(0)
        return server.connect()[0].is_closing()

    assert run(work()) is False


def test_trusted_proxies_have_as_many_as_they_need() -> None:
    async def work() -> list[bool]:
        server = Server()
        hosts = ["198.51.100.7", "::ffff:198.51.100.7"] * 20
        return [server.connect(host)[0].is_closing() for host in hosts]

    assert not any(run(work()))


def test_a_connection_that_says_nothing_is_closed() -> None:
    async def work() -> float | None:
        wire, _ = Server().connect()
        await asyncio.sleep(100)
        return wire.closed

    assert run(work()) == 10


def test_a_head_that_comes_drop_by_drop_is_not_waited_for() -> None:
    async def work() -> float | None:
        wire, protocol = Server().connect()
        for byte in HEAD:
            if not wire.is_closing():
                protocol.data_received(bytes([byte]))
                await asyncio.sleep(1)
        return wire.closed

    assert run(work()) == 10


def test_a_request_is_answered_however_long_that_takes() -> None:
    async def work() -> bytes:
        wire, protocol = Server().connect()
        protocol.data_received(HEAD)
        await asyncio.sleep(9)
        protocol.data_received(b"\r\n")
        await asyncio.sleep(61)
        return wire.sent

    assert run(work()).endswith(b"an answer")


def test_the_second_request_of_a_connection_has_no_longer_than_the_first() -> None:
    async def work() -> tuple[float | None, bytes]:
        wire, protocol = Server().connect()
        protocol.data_received(HEAD + b"\r\n")
        await asyncio.sleep(61)
        for byte in HEAD:
            if not wire.is_closing():
                protocol.data_received(bytes([byte]))
                await asyncio.sleep(1)
        return wire.closed, wire.sent

    closed, sent = run(work())

    assert closed == 71
    assert sent.count(b"an answer") == 1


def test_what_becomes_another_protocol_s_connection_is_counted_no_longer() -> None:
    async def work() -> bool:
        server = Server(most=1)
        wire, protocol = server.connect()
        wire.protocol = asyncio.Protocol()  # as an upgrade sets it
        protocol.data_received(HEAD)
        return server.connect()[0].is_closing()

    assert run(work()) is False


# In all --------------------------------------------------------------------------------------------------------------


def open_from(server: Server, host: str, count: int) -> int:
    """Open connections, and return how many of them stay."""
    return sum(not server.connect(host)[0].is_closing() for _ in range(count))


def test_a_few_clients_leave_places_for_all_others() -> None:
    async def work() -> tuple[list[int], list[int]]:
        server = Server(most=400)
        hoarders = [open_from(server, f"192.0.2.{number}", 1000) for number in range(3)]
        return hoarders, [open_from(server, f"203.0.113.{number}", 2) for number in range(50)]

    hoarders, others = run(work())

    assert hoarders == [400, 300, 150]
    assert others == [2] * 50


def test_no_more_are_open_than_in_all_and_the_next_is_refused_when_it_is_made() -> None:
    async def work() -> tuple[int, bytes]:
        server = Server(most=400, in_all=100)
        stay = 0
        for number in range(500):
            stay += open_from(server, f"192.0.{number >> 8}.{number & 255}", 1)
        return stay, server.connect("203.0.113.1")[0].sent

    stay, said = run(work())

    assert stay == 100
    assert said.startswith(b"HTTP/1.1 503 ")


def test_trusted_proxies_get_no_more_than_in_all_either() -> None:
    async def work() -> int:
        return open_from(Server(in_all=100), "198.51.100.7", 300)

    assert run(work()) == 100


def test_that_there_are_too_many_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        server = Server(in_all=10)
        for number in range(200):
            server.connect(f"192.0.2.{number}")

    with caplog.at_level(logging.WARNING):
        run(work())

    assert [record.getMessage() for record in caplog.records] == [
        "Nearly 10 connections are open; who has many gets no more."
    ]


# Files ---------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="it has no limit of open files")
def test_the_soft_limit_of_files_is_raised_as_far_as_needed_and_allowed() -> None:
    # In one process, which takes seconds to start; no hard limit is above the one before, so that none need be raised.
    cases = [
        ((256, 4096), (1512, 4096), 1000),
        ((3000, 4096), (3000, 4096), 1000),
        ((256, 1024), (1024, 1024), 512),
        ((100, 256), (256, 256), 64),
    ]
    program = (
        "import resource\n"
        "from assistant.web.gate.connections import raise_file_limit\n"
        f"for before in {[before for before, *_ in cases]}:\n"
        "    resource.setrlimit(resource.RLIMIT_NOFILE, before)\n"
        "    print(raise_file_limit(), resource.getrlimit(resource.RLIMIT_NOFILE))\n"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [f"{connections} {after}" for _, after, connections in cases]
