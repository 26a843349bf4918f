"""Limit requests: a rate for each client, memory for bodies, fair queues, and time for an answer."""

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.api import MAX_BODY, MAX_DRAFT_BODY
from assistant.web.app import Buckets, BusyError, FairQueue, Room
from assistant.web.comparisons import MAX_DRAFT_FORM
from assistant.web.exports import MAX_CONVERSATION
from assistant.web.gate.buffered_request import BufferedRequest, LeftError
from assistant.web.gate.password import OPEN_PATHS
from assistant.web.gate.refusals import RefusedError, refusal
from assistant.web.page import CALL_PATH, MAX_CALL, MAX_CORRECTED, SHEET_MEGABYTES, SHEETS_AT_ONCE
from assistant.web.rendering import MAX_TURN, Strings
from assistant.web.staff import MAX_UPLOAD_FORM

_AT_ONCE = 3  # questions; an answer takes milliseconds, and more at once only slow one another on a few cores
_WAITING = 256  # questions that may wait; at a hundred answers a second, less than their patience
_PATIENCE = 8.0  # seconds that a question waits at most; with those of its answer less than the widget's 30
_SHEETS_EACH = 2  # spreadsheets of one client at the same time
_FILES_WAITING = 10  # files of a kind
_FILES_PATIENCE = 120.0  # seconds
_IN_ALL = 60_000  # questions a minute from everybody, far above what two cores answer
_REQUESTS = 6000  # requests a minute from one client; a page and its parts are some hundred, and an office has many
_WAITING_FOR_OPENING = 500  # questions that may wait until the documents are open
_AGAIN = 5  # seconds after which to try again where too many ask
_FILES_AGAIN = 60  # seconds; files take minutes
_CUT = 504  # the status as which a response counts that was cut after its head
_MEGABYTE = 1024 * 1024
_SMALL = 4096  # bytes, at addresses that take no body
_LONG = 4096  # bytes of a question with its conversation; for each time that it holds so many it counts once more
_ASKED = ("questions", "exports")  # queues of what is asked
_BODILESS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Rates:
    """The questions a minute that are answered: of one client, 0 for any number, and of everybody."""

    client: float
    everybody: float = _IN_ALL


@dataclass(frozen=True, slots=True)
class _RouteLimits:
    """The limits of requests to a route."""

    cost: int = 0  # questions that a request counts as
    queue: Literal["", "questions", "sheets", "exports", "uploads"] = ""  # in which it waits for its turn
    seconds: float = 20.0  # for the answer, from its turn on
    again: int = _AGAIN  # seconds after which to try again where there is no room
    most: int = _SMALL  # bytes of the body, read before the request has its turn
    body_seconds: float = 30.0
    is_capped: bool = False  # whether the route refuses a larger body by itself


_OTHER = _RouteLimits()
_QUESTION = _RouteLimits(cost=1, queue="questions", most=MAX_BODY, is_capped=True)
_SHEET = _RouteLimits(
    cost=5,
    queue="sheets",
    seconds=1200.0,  # a large one takes minutes, and longer where it shares them
    again=_FILES_AGAIN,
    most=SHEET_MEGABYTES * _MEGABYTE,
    body_seconds=120.0,
    is_capped=True,
)
_EXPORT = _RouteLimits(
    cost=5, queue="exports", seconds=120.0, again=_FILES_AGAIN, most=MAX_CONVERSATION, is_capped=True
)
_UPLOAD = _RouteLimits(
    queue="uploads", seconds=300.0, again=_FILES_AGAIN, most=MAX_UPLOAD_FORM, body_seconds=300.0, is_capped=True
)
_ROUTES = {
    "/api/ask": _QUESTION,
    "/api/classify": _QUESTION,
    "/api/check": replace(_QUESTION, cost=5, seconds=60.0, most=MAX_DRAFT_BODY),
    "/embed/turn": replace(_QUESTION, most=MAX_TURN),
    "/turn": replace(_QUESTION, most=MAX_TURN),
    "/topic": replace(_QUESTION, most=MAX_TURN),
    "/mcp": _QUESTION,
    "/mcp/": _QUESTION,
    CALL_PATH: replace(_QUESTION, most=MAX_CALL, is_capped=False),  # the one function of the page that Gradio calls
    "/classify.csv": _SHEET,
    "/export/docx": _EXPORT,
    "/export/markdown": _EXPORT,
    "/export/sheet": replace(_EXPORT, cost=1, most=MAX_CORRECTED, body_seconds=_SHEET.body_seconds),
    "/draft": replace(_EXPORT, seconds=60.0, most=MAX_DRAFT_FORM, is_capped=False),
    "/staff/documents": _UPLOAD,
    "/feedback": _RouteLimits(cost=1, most=MAX_BODY, is_capped=True),
}
_PAGE_QUESTION = replace(_QUESTION, most=_SMALL)
# The pages that are asked by their address: the field that asks, and the limits of what it asks.
_ASKING_PAGES = {
    "/": ("q", _PAGE_QUESTION),
    "/objective": ("topic", _PAGE_QUESTION),
    "/subject": ("q", replace(_EXPORT, most=_SMALL)),  # it asks each document
}


class Limits:
    """Middleware that passes requests on while there is room for them, and refuses the others."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        strings_of: Callable[[str], Strings],
        rates: Rates,
        is_open: Callable[[Scope], bool],
        on_shed: Callable[[int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Wrap an application.

        Args:
            is_open: Returns whether the documents of a request are open; until then nothing counts against a client.
            on_shed: Called with the status of each refused request.
        """
        self._app = app
        self._strings_of = strings_of
        self._is_open = is_open
        self._on_shed = on_shed
        self._questions = Buckets(rate=rates.client, clock=clock) if rates.client else None
        self._requests = Buckets(rate=_REQUESTS, clock=clock) if rates.client else None
        self._in_all = Buckets(rate=rates.everybody, clients=1, clock=clock)
        self._queues = {
            "questions": FairQueue(at_once=_AT_ONCE, waiting=_WAITING, patience=_PATIENCE),
            "sheets": FairQueue(
                at_once=SHEETS_AT_ONCE, each=_SHEETS_EACH, waiting=_FILES_WAITING, patience=_FILES_PATIENCE
            ),
            "exports": FairQueue(at_once=1, waiting=_FILES_WAITING, patience=_FILES_PATIENCE),
            "uploads": FairQueue(at_once=1, waiting=_FILES_WAITING, patience=_FILES_PATIENCE),
        }
        self._rooms = {  # a share holds the largest
            "sheets": Room(most=48 * _MEGABYTE, share=12 * _MEGABYTE),
            "uploads": Room(most=72 * _MEGABYTE, share=36 * _MEGABYTE),
        }
        self._room = Room(most=16 * _MEGABYTE, share=4 * _MEGABYTE)  # for all other bodies
        self._waiting_for_opening = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        request = BufferedRequest(self._app, scope, receive, send)
        try:
            await self._admit(request)
        except RefusedError as error:
            await self._refuse(request, error)
        except LeftError:
            pass

    async def _admit(self, request: BufferedRequest) -> None:
        if self._requests is not None:
            _refuse_for(self._requests.take(request.client))
        limits = _limits_of(request)
        self._count(request, limits)
        room = self._rooms.get(limits.queue, self._room)
        with room.reserve(request.client) as hold:
            if request.method not in _BODILESS:
                await _buffer(request, limits, hold)
                if limits.queue in _ASKED:
                    self._count_length(request, limits)
            await self._serve(request, limits)

    async def _serve(self, request: BufferedRequest, limits: _RouteLimits) -> None:
        if not limits.queue:
            await request.pass_on()
        elif limits is _UPLOAD or self._is_open(request.scope):  # a file may be what the documents lack
            await self._in_turn(request, limits)
        else:
            await self._until_open(request)

    def _count(self, request: BufferedRequest, limits: _RouteLimits) -> None:
        if not limits.cost or not self._is_open(request.scope):
            return
        if self._in_all.wait("", limits.cost):
            raise RefusedError("busy", _AGAIN)
        if self._questions is not None:
            _refuse_for(self._questions.take(request.client, limits.cost))
        self._in_all.take("", limits.cost)

    def _count_length(self, request: BufferedRequest, limits: _RouteLimits) -> None:
        """Count a long question as several, but not as more than a client may ask at once."""
        if self._questions is not None and self._is_open(request.scope):
            more = min(len(request.body) // _LONG, int(self._questions.burst) - limits.cost)
            _refuse_for(self._questions.take(request.client, max(0, more)))

    async def _until_open(self, request: BufferedRequest) -> None:
        """Pass a question on while the documents are being opened; the application waits for them."""
        if self._waiting_for_opening >= _WAITING_FOR_OPENING:
            raise RefusedError("busy", _AGAIN)
        self._waiting_for_opening += 1
        try:
            await request.pass_on()
        finally:
            self._waiting_for_opening -= 1

    async def _in_turn(self, request: BufferedRequest, limits: _RouteLimits) -> None:
        with await self._turn(request, limits) as turn:
            request.on_answered = turn.close  # a client that reads slowly keeps no turn
            work = asyncio.create_task(request.pass_on())
            try:
                await self._watched(work, request, limits.seconds)
            finally:
                work.cancel()  # if the server stops; else it is done

    async def _turn(self, request: BufferedRequest, limits: _RouteLimits) -> ExitStack:
        """Wait for a turn, as long as the client stays."""
        waiting = asyncio.create_task(self._queues[limits.queue].turn(request.client))
        left = asyncio.create_task(request.left())
        left.add_done_callback(lambda _: waiting.cancel())
        try:
            return await waiting
        except BusyError:
            raise RefusedError("busy", limits.again) from None
        except asyncio.CancelledError:
            if left.done():
                raise LeftError from None
            raise
        finally:
            left.cancel()

    async def _watched(self, work: "asyncio.Task[None]", request: BufferedRequest, seconds: float) -> None:
        """Wait for the answer, and refuse or cut it when time is up.

        A thread can't be stopped: an answer that hasn't begun keeps its turn until it is done, since others admitted
        meanwhile would slow all. A response that has begun comes in steps, and stops at the next.
        """
        answered = asyncio.create_task(request.answered.wait())
        await asyncio.wait({work, answered}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        answered.cancel()
        if not work.done() and not request.answered.is_set():
            request.cut()
            if request.has_begun:
                work.cancel()
                await request.end()
                self._on_shed(_CUT)
            else:
                await self._refuse(request, RefusedError("slow"))
        await asyncio.wait({work})
        if not work.cancelled():
            work.result()  # raises what went wrong

    async def _refuse(self, request: BufferedRequest, error: RefusedError) -> None:
        self._on_shed(error.status)
        await request.answer(refusal(error, request.scope, request.body, self._strings_of))


def _limits_of(request: BufferedRequest) -> _RouteLimits:
    if request.method == "POST":
        return _ROUTES.get(request.path, _OTHER)
    field, limits = _ASKING_PAGES.get(request.path, ("", _OTHER))
    sent = parse_qs(request.scope.get("query_string", b"").decode("latin-1")) if field else {}
    return limits if field in sent else _OTHER


async def _buffer(request: BufferedRequest, limits: _RouteLimits, hold: Callable[[int], None]) -> None:
    """Read the body first, so that a slow one keeps no turn."""
    try:
        is_whole = await request.buffer(most=limits.most, seconds=limits.body_seconds, on_block=hold)
    except TimeoutError:
        raise RefusedError("sending", is_unread=True) from None
    except BusyError:
        raise RefusedError("busy", limits.again, is_unread=True) from None
    if not is_whole and not limits.is_capped:
        raise RefusedError("large", is_unread=True)


def _refuse_for(seconds: float) -> None:
    if seconds:
        raise RefusedError("rate", seconds)
