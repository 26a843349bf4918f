"""A client of an ASGI application without a network: a request in parts with pauses, the answer as it was sent."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Part = bytes | float  # of a body: bytes, or seconds of silence


@dataclass
class Reply:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = False
    ended: float = 0.0  # seconds of the loop's clock

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


def scope_of(
    path: str, *, method: str = "POST", client: str = "192.0.2.1", headers: Mapping[str, str] | None = None
) -> Scope:
    """A request as a server hands it on."""
    path, _, query = path.partition("?")
    sent = {"Host": "localhost", **(headers or {})}
    return {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "client": (client, 1234),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()],
    }


async def request(
    app: ASGIApp,
    scope: Scope,
    *,
    parts: Iterable[Part] = (b"{}",),
    leaves: asyncio.Event | None = None,
    begun: asyncio.Event | None = None,
) -> Reply:
    """Send a request and take the answer; the client stays until `leaves`, or until it has all of it.

    Args:
        begun: Set once the answer begins.
    """
    reply, done = Reply(), leaves or asyncio.Event()
    left = list(parts)

    async def receive() -> Message:
        while left:
            part = left.pop(0)
            if isinstance(part, bytes):
                return {"type": "http.request", "body": part, "more_body": bool(left)}
            await asyncio.sleep(part)
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert not reply.status, "An answer began twice."
            reply.status = message["status"]
            reply.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
            if begun:
                begun.set()
        else:
            assert not reply.is_whole, "An answer went on after its end."
            reply.body += message.get("body", b"")
            reply.is_whole = not message.get("more_body", False)
            if reply.is_whole:
                reply.ended = asyncio.get_running_loop().time()
                done.set()

    await app(scope, receive, send)
    return reply


class Seen:
    """Answers, and remembers what it was asked."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        await PlainTextResponse("an answer")(scope, receive, send)


class Clock:
    """Time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now
