"""Gradio's own routes, cut down to what the page needs: all else answers 404, and calls are read before Gradio is.

Gradio brings uploads, a proxy, an editor and more, and each release may bring others; an address that isn't listed here
is closed. Of a request, Gradio gets only what it needs: no cookies, no `Origin` (it would let any site read its
answer), no query, and of a call only the values, so that it keeps no session with the last answer in it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from gradio.routes import App
from starlette.requests import ClientDisconnect
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from assistant.web.app import PRIVATE, TooLargeError, read_capped, says_json

MAX_CALL = 256 * 1024  # bytes of a call: a question with those that it leans on
CALL_PATH = "/gradio_api/run/predict"

# Addresses that stay open, each with the reason; found by what a browser asks for in every view.
OPEN: Mapping[str, str] = {
    r"/assets/[A-Za-z0-9_-][A-Za-z0-9._-]*": "Gradio's scripts and styles, all in one folder",
    r"/theme\.css": "the colours that show before the stylesheet does",
    CALL_PATH.replace(".", r"\."): "a question",
    r"/gradio_api/app_id": "whether the service is there again, and the same, after it couldn't be reached",
}

# The fields of an event, by the name of the function that takes it; other functions take no event.
_EVENTS: Mapping[str, frozenset[str]] = {
    "ask": frozenset({"request"}),
}
_OPEN = re.compile("|".join(OPEN))
_HEADERS = frozenset(b"accept-encoding content-type host if-none-match if-modified-since range".split())


def close_unused(app: FastAPI) -> None:
    """Close what the page doesn't use of the Gradio application that was mounted in another.

    Raises:
        ValueError: None is mounted there.
    """
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, App):
            route.app = _Door(route.app, _calls_of(route.app))
            return
    raise ValueError("No Gradio application is mounted here; mount it first.")


@dataclass(frozen=True, slots=True)
class _Call:
    """The inputs of a function of the page.

    Attributes:
        values: How many texts.
        event: The names of what comes with its event.
    """

    values: int
    event: frozenset[str]


def _calls_of(app: App) -> Mapping[int, _Call]:
    """Return the functions that a browser may call, by the number that it calls them by."""
    functions = app.get_blocks().fns.items()
    return {
        number: _Call(len(each.inputs), _EVENTS.get(each.api_name, frozenset()))
        for number, each in functions
        if each.fn is not None
    }


class _Door:
    """ASGI application that passes the page's requests on to Gradio, reduced to what Gradio needs."""

    def __init__(self, app: ASGIApp, calls: Mapping[int, _Call]) -> None:
        self._app = app
        self._calls = calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        try:
            headers = [each for each in scope["headers"] if each[0] in _HEADERS]
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            _check_open(scope["method"], path)
            if path == CALL_PATH:
                body = await self._read(Request(scope, receive))
                headers.append((b"content-length", str(len(body)).encode()))
                receive = _sending(body, receive)
        except _RefusedError as error:
            refusal = JSONResponse({"detail": str(error)}, error.status, headers=PRIVATE)
            await refusal(scope, receive, send)
        except ClientDisconnect:
            return
        else:
            await self._app({**scope, "headers": headers, "query_string": b""}, receive, send)

    async def _read(self, request: Request) -> bytes:
        """Read a call, and return what Gradio needs of it."""
        if not says_json(request):
            raise _RefusedError(415, "Send application/json.")
        try:
            sent = json.loads(await read_capped(request, MAX_CALL))
        except TooLargeError:
            raise _RefusedError(413, f"The body is larger than {MAX_CALL // 1024} kB.") from None
        except (ValueError, RecursionError):
            raise _RefusedError(422, "The body isn't JSON.") from None
        return json.dumps(read_call(sent, self._calls)).encode()


class _RefusedError(Exception):
    """A request that the page doesn't send; its message repeats nothing of it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def _check_open(method: str, path: str) -> None:
    methods = ("POST",) if path == CALL_PATH else ("GET", "HEAD")
    if method not in methods or not _OPEN.fullmatch(path):
        raise _RefusedError(404, "Not Found")


# Calls ---------------------------------------------------------------------------------------------------------------


def read_call(sent: object, calls: Mapping[int, _Call]) -> dict[str, object]:
    """Check a call, and drop what Gradio doesn't need: who calls, from which part of the page, in which session.

    Raises:
        _RefusedError: It is none that the page makes, with status 422.
    """
    fields = sent if isinstance(sent, dict) else {}
    number, values, event = fields.get("fn_index"), fields.get("data"), fields.get("event_data")
    call = calls.get(number) if type(number) is int else None
    if call is None:
        raise _RefusedError(422, "fn_index: there is no such function.")
    if not _are_texts(values, call.values):
        raise _RefusedError(422, f"data: send a list of {call.values} texts.")
    if not _is_event(event, call.event):
        raise _RefusedError(422, "event_data: isn't what comes with this event.")
    return {"fn_index": number, "data": values, "event_data": event}


def _are_texts(values: object, count: int) -> bool:
    return isinstance(values, list) and len(values) == count and all(isinstance(each, str) for each in values)


def _is_event(event: object, names: frozenset[str]) -> bool:
    if not names:
        return event is None
    return isinstance(event, dict) and event.keys() == names and all(isinstance(each, str) for each in event.values())


def _sending(body: bytes, receive: Receive) -> Receive:
    """Return what receives a body that was read already, and then whatever comes."""
    is_sent = False

    async def received() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received
