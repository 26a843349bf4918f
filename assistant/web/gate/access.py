"""Log requests, and answer where the application fails.

The log holds no client's address, no query and no message of an error, since these may hold what was asked.
"""

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.gate.refusals import refuse_plainly

_logger = logging.getLogger("assistant.access")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MAX_PATH = 500  # characters of a path in the log
_FAULT = "The service has a fault. Try again; if it stays, tell whoever runs the service and give this number: {id}."
_PACKAGE = Path(__file__).parents[2]


def write_log(handler: logging.Handler) -> None:
    """Write a line of JSON for each request to a handler, and to no other that was set before."""
    _logger.handlers[:] = [handler]
    _logger.setLevel(logging.INFO)
    _logger.propagate = False


def _now() -> datetime:
    return datetime.now(UTC)


class AccessLog:
    """Middleware that numbers and logs each request, and answers where the application fails.

    A line has: time (UTC), id, method, meeting (of several), path (without the query), status (null where the client
    left), ms, bytes. A failure has a line of its own, with the kind of error and its place, without its message.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        clock: Callable[[], float] = time.perf_counter,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._app = app
        self._clock = clock
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id, began = _request_id(scope["headers"]), self._clock()

        def log(level: int, **values: object) -> None:
            row = {"time": self._now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "id": id, "method": scope["method"]}
            row |= {"meeting": scope["meeting"]} if "meeting" in scope else {}
            # As ASCII: a path may hold ends of lines, and characters that reverse a line.
            _logger.log(level, "%s", json.dumps({**row, "path": scope["path"][:_MAX_PATH], **values}))

        def log_answer() -> None:
            milliseconds = round((self._clock() - began) * 1000, 1)
            log(logging.INFO, status=answer.status, ms=milliseconds, bytes=answer.size)

        answer = _Answer(send, id, log_answer)
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:  # the outermost edge: the server would log the message
            log(logging.ERROR, error=type(error).__qualname__, at=_place(error))
            if answer.status is None:
                await refuse_plainly(_FAULT.format(id=id), 500, scope, receive, answer.send)
        finally:
            answer.end()


class _Answer:
    """A response on its way to the client, with its status and size."""

    def __init__(self, send: Send, id: str, on_end: Callable[[], None]) -> None:
        self._send = send
        self._id = id.encode()
        self.status: int | None = None
        self.size = 0  # bytes of the body
        self._on_end: Callable[[], None] | None = on_end

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [each for each in message.get("headers", ()) if each[0].lower() != b"x-request-id"]
            message = {**message, "headers": [*headers, (b"x-request-id", self._id)]}
        await self._send(message)
        if message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
            if not message.get("more_body", False):
                self.end()

    def end(self) -> None:
        """Call `on_end`, once."""
        on_end, self._on_end = self._on_end, None
        if on_end:
            on_end()


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the number that a proxy gave a request, if it is a short word; else a new one."""
    sent = next((value.decode("latin-1") for name, value in headers if name.lower() == b"x-request-id"), "")
    return sent if _ID.fullmatch(sent) else secrets.token_hex(8)


def _place(error: BaseException) -> str:
    """Return where an error came from: our last line that it passed, and the last of all.

    For one that a library raised: "search.py:57 search > function_base.py:12 dot".
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    return " > ".join(dict.fromkeys(_spot(frame) for frame in (*ours[-1:], *frames[-1:])))


def _spot(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    shown = path.relative_to(_PACKAGE).as_posix() if path.is_relative_to(_PACKAGE) else path.name
    return f"{shown}:{frame.lineno} {frame.name}"
