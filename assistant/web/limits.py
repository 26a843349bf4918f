"""Requests that make the machine work -> as many as it can answer, shared out fairly; the rest hear when to try again.

Such a request passes four gates: its body arrives in time and within its size, its client may still ask, its turn
comes, and it is answered in time. This module knows nothing of what is asked.
"""

import asyncio
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.fairness import Line, Reason, ShedError, TokenBuckets, client_of
from assistant.web.headers import path_of
from assistant.web.localized import language_for
from assistant.web.render import render_problem
from assistant.web.routes_of_gradio import EVENTS
from assistant.web.strings import Strings

_STATUS: Mapping[Reason, int] = MappingProxyType(
    {"rate": 429, "share": 429, "full": 503, "waited": 503, "late": 503, "slow": 408, "large": 413}
)

_KB, _MB = 1_000, 1024 * 1024
_IN_MEMORY = 64 * _MB  # of bodies that are here at a time, all clients together
_SHARE = _IN_MEMORY // 4  # of them, for one client
_FILE_PATIENCE = 60.0  # seconds that a request for a file stands in line
_UNTIL_OPEN = 1_000  # requests that wait for the documents to be opened; a quarter of them for one client
_READER = 30.0  # seconds in which a client takes the next piece of its answer


@dataclass(frozen=True, slots=True)
class Limit:
    """What holds for an address.

    Attributes:
        line: Which line its requests stand in.
        size: Bytes of a body.
        body_time: Seconds in which a body arrives.
        time: Seconds in which it is answered, once its turn has come.
        cost: Questions that it counts as.
        form: What the answer looks like to whoever asks there.
    """

    line: Literal["questions", "exports", "sheets"]
    size: int
    body_time: float
    time: float
    cost: int
    form: Literal["json", "html", "lines"]


_QUESTION = Limit("questions", 64 * 1024, body_time=10, time=30, cost=1, form="json")
_EXPORT = Limit("exports", 300 * _KB, body_time=20, time=60, cost=5, form="json")  # it asks up to 50 questions again
LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "/api/ask": _QUESTION,
        "/api/classify": _QUESTION,
        "/feedback": _QUESTION,
        "/embed/turn": Limit("questions", 64 * 1024, body_time=10, time=30, cost=1, form="html"),
        # With each question the page sends the whole conversation's.
        EVENTS: Limit("questions", 300 * _KB, body_time=10, time=30, cost=1, form="json"),
        "/export/docx": _EXPORT,
        "/export/markdown": _EXPORT,
        # Its route counts to 10 MB itself, and says so in its own words.
        "/classify.csv": Limit("sheets", 10 * _MB + 1, body_time=120, time=1200, cost=5, form="lines"),
    }
)


class Limits:
    """ASGI middleware: what the module's first words say."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        strings_of: Callable[[str], Strings],
        rate: int = 60,
        at_once: int = 0,
        is_open: Callable[[], bool] = lambda: True,
        asks: Callable[[bytes], bool] = lambda _: True,
        limits: Mapping[str, Limit] = LIMITS,
        lines: Mapping[str, Line] | None = None,
        on_shed: Callable[[Reason], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the application.

        Args:
            strings_of: The interface's words in a language.
            rate: Questions a minute for one client; 0 for no limit.
            at_once: Questions at work at a time; 0 for one more than the machine has cores.
            is_open: Whether the documents are open. Until then a question waits for them and keeps no place.
            asks: Whether a body sent to Gradio's events is a question.
            on_shed: Told of each request that isn't answered.
        """
        self._app = app
        self._strings_of = strings_of
        self._rate = rate
        self._is_open = is_open
        self._asks = asks
        self._limits = limits
        self._on_shed = on_shed
        self._buckets = TokenBuckets(rate, clock=clock)
        # Files are made one by one, so that they can't keep questions waiting.
        self._lines = lines or {
            "questions": Line(at_once or (os.cpu_count() or 1) + 1),
            "exports": Line(1, patience=_FILE_PATIENCE),
            "sheets": Line(1, patience=_FILE_PATIENCE),
        }
        self._held: defaultdict[str, int] = defaultdict(int)  # client -> bytes of its bodies
        self._until_open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        limit = self._limits.get(path_of(scope)) if scope["type"] == "http" and scope["method"] == "POST" else None
        if limit is None:
            await self._app(scope, receive, send)
            return
        sending = _Sending(send)
        try:
            await self._limited(scope, receive, sending, limit)
        except ShedError as shed:
            self._on_shed(shed.reason)
            if not sending.has_begun:
                refusal = self._refusal(shed, limit, language_for(scope))
                await refusal(scope, receive, send)
        except (_LeftError, _StalledError):
            pass  # nobody is there to be told

    async def _limited(self, scope: Scope, receive: Receive, sending: "_Sending", limit: Limit) -> None:
        client = client_of(scope)
        held = 0

        def hold(size: int) -> None:
            nonlocal held
            held += size
            self._hold(client, size)

        try:
            body = await _read(receive, limit, Headers(scope=scope).get("content-length", ""), hold)
            self._count(client, limit, body, is_event=path_of(scope) == EVENTS)
            await self._in_turn(client, scope, _replay(body, receive), sending, limit)
        finally:
            self._release(client, held)

    def _count(self, client: str, limit: Limit, body: bytes, *, is_event: bool) -> None:
        if is_event and not self._asks(body):
            return
        if wait := self._buckets.take(client, cost=limit.cost):
            raise ShedError("rate", wait=wait, detail=f"one client may ask {self._rate} questions a minute")

    async def _in_turn(self, client: str, scope: Scope, receive: Receive, sending: "_Sending", limit: Limit) -> None:
        if not self._is_open():
            await self._before_opened(client, scope, receive, sending)
            return
        async with self._lines[limit.line].turn(client):
            try:
                async with asyncio.timeout(limit.time) as answering:
                    await self._app(scope, receive, sending)
            except TimeoutError:
                if not answering.expired():
                    raise
                raise ShedError("late", wait=5, detail=f"it took longer than {limit.time:.0f} seconds") from None

    async def _before_opened(self, client: str, scope: Scope, receive: Receive, sending: "_Sending") -> None:
        if self._until_open[client] >= _UNTIL_OPEN // 4:
            raise ShedError("share", wait=5)
        if self._until_open.total() >= _UNTIL_OPEN:
            raise ShedError("full", wait=5)
        self._until_open[client] += 1
        try:
            await self._app(scope, receive, sending)
        finally:
            self._until_open -= Counter({client: 1})  # leaves out who has none

    def _hold(self, client: str, size: int) -> None:
        self._held[client] += size
        if self._held[client] > _SHARE:
            raise ShedError("share", wait=5)
        if sum(self._held.values()) > _IN_MEMORY:
            raise ShedError("full", wait=5)

    def _release(self, client: str, size: int) -> None:
        self._held[client] -= size
        if self._held[client] <= 0:
            del self._held[client]

    def _refusal(self, shed: ShedError, limit: Limit, language: str) -> Response:
        strings = self._strings_of(language)
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        headers |= {"Retry-After": str(shed.wait)} if shed.wait else {"Connection": "close"}
        status = _STATUS[shed.reason]
        if limit.form == "json":
            body = json.dumps({"error": _in_words(shed)})
            return Response(body, status, headers, media_type="application/json")
        html = _in_html(shed, strings)
        if limit.form == "html":
            return Response(html, status, headers, media_type="text/html")
        return Response(json.dumps({"html": html}) + "\n", status, headers, media_type="application/x-ndjson")


# What is sent ---------------------------------------------------------------------------------------------------------


class _LeftError(Exception):
    """The client has gone."""


class _StalledError(Exception):
    """The client doesn't take its answer."""


class _Sending:
    """Sends, and knows whether anything has been sent."""

    def __init__(self, send: Send) -> None:
        self.has_begun = False
        self._send = send

    async def __call__(self, message: Message) -> None:
        self.has_begun = True
        try:
            async with asyncio.timeout(_READER):
                await self._send(message)
        except TimeoutError as error:
            raise _StalledError from error


async def _read(receive: Receive, limit: Limit, declared: str, hold: Callable[[int], None]) -> bytes:
    too_large = ShedError("large", detail=f"the request is larger than {limit.size // _KB} kB")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit.size:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(limit.body_time):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _LeftError
                piece = message.get("body", b"")
                if len(body) + len(piece) > limit.size:
                    raise too_large
                hold(len(piece))
                body += piece
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        raise ShedError(
            "slow", detail=f"the request took longer than {limit.body_time:.0f} seconds to arrive"
        ) from None


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read, then go on as before."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return first.pop() if first else await receive()

    return again


def _in_words(shed: ShedError) -> str:
    what = {
        "rate": "Too many questions",
        "share": "Too many requests of one client at once",
        "full": "Too many people are asking just now",
        "waited": "Too many people are asking just now",
        "late": "The answer was given up",
        "slow": "The request was given up",
        "large": "The request was refused",
    }[shed.reason]
    detail = f": {shed.detail}" if shed.detail else ""
    return f"{what}{detail}. " + (f"Try again in {shed.wait} s." if shed.wait else "Send less, or faster.")


def _in_html(shed: ShedError, strings: Strings) -> str:
    if not shed.wait:
        return render_problem(strings.text("fault"), _in_words(shed), id="refused")
    title = strings.text("fault" if shed.reason == "late" else "too_many")
    body = strings.text("error.busy", n=shed.wait, seconds=shed.wait)
    return render_problem(title, body, id="refused")
