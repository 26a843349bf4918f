"""A real HTTPS server on this machine, with an authority of its own, that behaves as badly as it is told to."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

import trustme

PDF = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n" % number for number in range(6000)) + b"startxref\n9\n%%EOF\n"
PAGE = b"<!doctype html>\n<html><body><p>A statement.</p></body></html>\n"
AS_PDF = {"Content_Type": "application/pdf"}
AS_PAGE = {"Content_Type": "text/html; charset=utf-8"}
TIMES_OUT = 30.0  # seconds until a server that hangs lets go by itself


class Visit(BaseHTTPRequestHandler):
    """One request, and the means to answer it well or badly."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        number = sum(path == self.path for path, _ in self.server.asked)
        self.server.routes.get(self.path, answer(404))(self, number)

    def log_message(self, *args: object) -> None:
        pass

    def head(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def hang(self) -> None:
        self.server.stopping.wait(TIMES_OUT)

    def drop(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


Behaviour: TypeAlias = Callable[[Visit, int], None]  # the request, and how often its path was asked for


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self._context = context
        self.routes: dict[str, Behaviour] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.stopping = threading.Event()

    def finish_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        request.settimeout(TIMES_OUT)
        with self._context.wrap_socket(request, server_side=True) as secure:
            super().finish_request(secure, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone, or that trusts another authority, is what is being tested."""


class Loopback:
    """The server as a test sees it."""

    def __init__(self, server: _Server, authority: trustme.CA) -> None:
        self._server, self.authority = server, authority
        self.routes = server.routes
        self.host = f"localhost:{server.server_port}"

    def address(self, path: str = "/") -> str:
        return f"https://{self.host}{path}"

    def asked(self, path: str) -> list[dict[str, str]]:
        """The headers of each request for a path."""
        return [headers for asked, headers in self._server.asked if asked == path]

    @property
    def count(self) -> int:
        return len(self._server.asked)


@contextlib.contextmanager
def loopback(authority: trustme.CA) -> Iterator[Loopback]:
    """Serve until the test is over."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    server = _Server(context)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Loopback(server, authority)
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


# Behaviours ----------------------------------------------------------------------------------------------------------


def answer(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Say so, whole and truly; headers come with underscores for hyphens."""

    def behave(visit: Visit, _: int) -> None:
        visit.head(status, **{"Content_Length": str(len(body))} | headers)
        visit.wfile.write(body)

    return behave


def send_on(location: str) -> Behaviour:
    return answer(302, Location=location)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One for each request; the last for all that follow."""
    return lambda visit, number: behaviours[min(number, len(behaviours)) - 1](visit, number)


def broken_off(body: bytes, after: int, **headers: str) -> Behaviour:
    """Announce the whole, send the beginning, drop the connection."""

    def behave(visit: Visit, _: int) -> None:
        visit.head(200, Content_Length=str(len(body)), **headers)
        visit.wfile.write(body[:after])
        visit.drop()

    return behave


def in_chunks(chunk: bytes, count: int, **headers: str) -> Behaviour:
    """Send without saying how much is to come."""

    def behave(visit: Visit, _: int) -> None:
        visit.head(200, Transfer_Encoding="chunked", **headers)
        with contextlib.suppress(OSError):
            for _ in range(count):
                visit.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            visit.wfile.write(b"0\r\n\r\n")

    return behave


def until_closed(body: bytes, **headers: str) -> Behaviour:
    """Send without a length, and end by closing."""

    def behave(visit: Visit, _: int) -> None:
        visit.head(200, Connection="close", **headers)
        visit.wfile.write(body)
        visit.close_connection = True

    return behave


def silent_after(body: bytes, **headers: str) -> Behaviour:
    """Begin, and then say nothing more."""

    def behave(visit: Visit, _: int) -> None:
        visit.head(200, Content_Length="100000", **headers)
        visit.wfile.write(body)
        visit.wfile.flush()
        visit.hang()

    return behave


def dripping(**headers: str) -> Behaviour:
    """Send a byte now and then, never silent for long and never done."""

    def behave(visit: Visit, _: int) -> None:
        visit.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        with contextlib.suppress(OSError):
            while not visit.server.stopping.wait(0.02):
                visit.wfile.write(b"x")

    return behave
