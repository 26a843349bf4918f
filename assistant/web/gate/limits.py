"""Requests -> those that can be served: a rate for each client, room for bodies, fair queues, an end to what is long.

ASGI middleware. What is refused is told when to come back, in words that whoever asked can show. This module knows
nothing of how a question is answered.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Literal

import gradio as gr
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.api import MAX_BODY
from assistant.web.app import Buckets, BusyError, FairQueue, Held, Room, Turn
from assistant.web.exports import MAX_CONVERSATION
from assistant.web.gate.access import OPEN_PATHS
from assistant.web.gate.buffered_request import HeldRequest, LeftError
from assistant.web.gate.refusals import RefusedError, refusal
from assistant.web.page import CALL_PATH, MAX_CALL, SHEET_MEGABYTES, SHEETS_AT_ONCE
from assistant.web.rendering import Strings
from assistant.web.widget import MAX_TURN

Asks = Callable[[str, bytes], bool]

_AT_ONCE = 3  # questions; an answer takes milliseconds, and more at once only slow one another on a few cores
_WAITING = 256  # questions that may wait; at a hundred answers a second, less than their patience
_PATIENCE = 8.0  # seconds that one waits at most; with the answer's own, less than the widget's 30
_SHEETS_EACH = 2  # spreadsheets of one client that are worked on at the same time
_FILES_WAITING = 10  # files of a kind
_FILES_PATIENCE = 120.0  # seconds
_IN_ALL = 60_000  # questions a minute from everybody: far above what two cores answer; what waits is bounded apart
_REQUESTS = 6000  # requests a minute from one client; a page and its parts are some hundred, and an office has many
_WAITING_FOR_OPENING = 500  # questions that may wait until the documents are open
_AGAIN = 5  # seconds after which it may be tried again where too many ask
_FILES_AGAIN = 60  # seconds; where files were waited for in vain, they take minutes
_BROKEN_OFF = 504  # as which an answer counts that had begun
_MEGABYTE = 1024 * 1024
_SMALL = 4096  # bytes; of addresses that take no body
_GRADIO_CALL = re.compile(r"/gradio_api/(?:(?:run|api|call|call/v2)/[^/]+/?|queue/join)")
_BODILESS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a request asks for.

    Attributes:
        cost: As how many questions it counts.
        queue: Where it waits for its turn, if it does.
        seconds: That it may take once it has its turn.
        again: Seconds after which it may be tried again where there is no room for it.
        most: Bytes of its body that are read before it has its turn, as many as what takes it reads.
        body_seconds: That its body may take to come.
        is_capped: Whether what takes it refuses a larger body by itself.
    """

    cost: int = 0
    queue: Literal["", "questions", "sheets", "exports"] = ""
    seconds: float = 20.0
    again: int = _AGAIN
    most: int = _SMALL
    body_seconds: float = 30.0
    is_capped: bool = False


_OTHER = _Kind()
_QUESTION = _Kind(cost=1, queue="questions", most=MAX_BODY, is_capped=True)
_CALL = _Kind(most=MAX_CALL)  # of the page; some are questions
_ASKING_CALL = replace(_CALL, cost=1, queue="questions")
_SHEET = _Kind(
    cost=5,
    queue="sheets",
    seconds=1200.0,  # a large one takes minutes, and longer where it shares them
    again=_FILES_AGAIN,
    most=SHEET_MEGABYTES * _MEGABYTE,
    body_seconds=120.0,
    is_capped=True,
)
_EXPORT = _Kind(cost=5, queue="exports", seconds=120.0, again=_FILES_AGAIN, most=MAX_CONVERSATION, is_capped=True)
_KINDS = {
    "/api/ask": _QUESTION,
    "/api/classify": _QUESTION,
    "/embed/turn": replace(_QUESTION, most=MAX_TURN),
    "/mcp": _QUESTION,
    CALL_PATH: _CALL,
    "/classify.csv": _SHEET,
    "/export/docx": _EXPORT,
    "/export/markdown": _EXPORT,
    "/feedback": _Kind(cost=1, most=MAX_BODY, is_capped=True),
}


def asking(page: gr.Blocks, names: Collection[str]) -> Asks:
    """Tell which calls of a Gradio page are questions, by the names of the functions that answer them.

    A call counts unless it is certain that it is none, since what reads it is more lenient than anyone could be here.

    Raises:
        ValueError: The page has no function of a name.
    """
    named = {id: function.name for id, function in page.fns.items()}
    if missing := set(names) - set(named.values()):
        raise ValueError(f"The page has no function called {', '.join(sorted(missing))}.")
    others = {id for id, name in named.items() if name not in names}

    def asks(path: str, body: bytes) -> bool:
        if not _GRADIO_CALL.fullmatch(path):
            return False
        try:
            sent = json.loads(body)
            called = sent["fn_index"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return True
        return type(called) is not int or called not in others

    return asks


class Limits:
    """Lets requests through while there is room for them, whoever sends how many."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        strings_of: Callable[[str], Strings],
        rate: float,
        is_open: Callable[[], bool],
        asks: Asks,
        on_shed: Callable[[int], None],
        in_all: float = _IN_ALL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the application and what it can bear.

        Args:
            strings_of: Gives the interface's words in a language.
            rate: Questions a minute for one client; 0 for any number.
            is_open: Whether the documents are open; until then nothing counts against a client.
            asks: Whether a call of the Gradio page, by its path and body, is a question.
            on_shed: Called with the status of each request that is refused.
            in_all: Questions a minute from everybody.
            clock: Seconds that only go forward.
        """
        self._app = app
        self._strings_of = strings_of
        self._is_open = is_open
        self._asks = asks
        self._on_shed = on_shed
        self._questions = Buckets(rate=rate, clock=clock) if rate else None
        self._requests = Buckets(rate=_REQUESTS, clock=clock) if rate else None
        self._in_all = Buckets(rate=in_all, clients=1, clock=clock)
        self._queues = {
            "questions": FairQueue(at_once=_AT_ONCE, waiting=_WAITING, patience=_PATIENCE),
            "sheets": FairQueue(
                at_once=SHEETS_AT_ONCE, each=_SHEETS_EACH, waiting=_FILES_WAITING, patience=_FILES_PATIENCE
            ),
            "exports": FairQueue(at_once=1, waiting=_FILES_WAITING, patience=_FILES_PATIENCE),
        }
        self._sheets_room = Room(most=48 * _MEGABYTE, share=12 * _MEGABYTE)  # a share holds the largest
        self._room = Room(most=16 * _MEGABYTE, share=4 * _MEGABYTE)  # of all other bodies
        self._waiting_for_opening = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        request = HeldRequest(self._app, scope, receive, send)
        try:
            await self._let_in(request)
        except RefusedError as error:
            await self._refuse(request, error)
        except LeftError:
            pass  # nobody is there to be told

    async def _let_in(self, request: HeldRequest) -> None:
        if self._requests is not None:
            _refuse_for(self._requests.take(request.client))
        kind = _KINDS.get(request.path, _OTHER) if request.method == "POST" else _OTHER
        self._count(request.client, kind)
        room = self._sheets_room if kind is _SHEET else self._room
        with room.enter(request.client) as held:
            if request.method not in _BODILESS:
                await _read(request, kind, held)
            await self._serve(request, kind)

    async def _serve(self, request: HeldRequest, kind: _Kind) -> None:
        if request.method == "POST" and kind in (_OTHER, _CALL) and self._asks(request.path, request.body):
            kind = _ASKING_CALL
            self._count(request.client, kind)
        if not kind.queue:
            await request.pass_on()
        elif self._is_open():
            await self._in_turn(request, kind)
        else:
            await self._until_open(request)

    def _count(self, client: str, kind: _Kind) -> None:
        if not kind.cost or not self._is_open():
            return
        if self._in_all.wait("", kind.cost):
            raise RefusedError("busy", _AGAIN)
        if self._questions is not None:
            _refuse_for(self._questions.take(client, kind.cost))
        self._in_all.take("", kind.cost)

    async def _until_open(self, request: HeldRequest) -> None:
        """What answers it waits until the documents are open, or says that they aren't."""
        if self._waiting_for_opening >= _WAITING_FOR_OPENING:
            raise RefusedError("busy", _AGAIN)
        self._waiting_for_opening += 1
        try:
            await request.pass_on()
        finally:
            self._waiting_for_opening -= 1

    async def _in_turn(self, request: HeldRequest, kind: _Kind) -> None:
        with await self._turn(request, kind) as turn:
            request.on_answered = turn.end  # a client that reads slowly keeps nobody waiting
            work = asyncio.create_task(request.pass_on())
            try:
                await self._watched(work, request, kind.seconds)
            finally:
                work.cancel()  # where the server stops; else it is done

    async def _turn(self, request: HeldRequest, kind: _Kind) -> Turn:
        """Wait for a turn for as long as the client does."""
        waiting = asyncio.create_task(self._queues[kind.queue].turn(request.client))
        left = asyncio.create_task(request.left())
        left.add_done_callback(lambda _: waiting.cancel())
        try:
            return await waiting
        except BusyError:
            raise RefusedError("busy", kind.again) from None
        except asyncio.CancelledError:
            if left.done():
                raise LeftError from None
            raise
        finally:
            left.cancel()

    async def _watched(self, work: "asyncio.Task[None]", request: HeldRequest, seconds: float) -> None:
        """Wait for the answer, and let its client go when time is up.

        A thread can't be stopped: an answer that hasn't begun keeps its turn until it is done, for if others were let
        in meanwhile, all would become slower still. One that has begun comes in steps, and stops at the next.
        """
        answered = asyncio.create_task(request.answered.wait())
        await asyncio.wait({work, answered}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        answered.cancel()
        if not work.done() and not request.answered.is_set():
            request.cut()
            if request.has_begun:
                work.cancel()
                await request.end()
                self._on_shed(_BROKEN_OFF)
            else:
                await self._refuse(request, RefusedError("slow"))
        await asyncio.wait({work})
        if not work.cancelled():
            work.result()  # raises what went wrong

    async def _refuse(self, request: HeldRequest, error: RefusedError) -> None:
        self._on_shed(error.status)
        await request.answer(refusal(error, request.scope, request.body, self._strings_of))


async def _read(request: HeldRequest, kind: _Kind, held: Held) -> None:
    """Read the body first, so that one that comes slowly keeps no turn."""
    try:
        is_all = await request.read_ahead(most=kind.most, seconds=kind.body_seconds, on_block=held.grow)
    except TimeoutError:
        raise RefusedError("sending", is_unread=True) from None
    except BusyError:
        raise RefusedError("busy", kind.again, is_unread=True) from None
    if not is_all and not kind.is_capped:
        raise RefusedError("large", is_unread=True)


def _refuse_for(seconds: float) -> None:
    if seconds:
        raise RefusedError("rate", seconds)
