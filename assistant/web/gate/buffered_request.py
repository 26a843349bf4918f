"""Buffer the request body; allow the response to be cut."""

import asyncio
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.app import client_of, host_of

SILENCE = 10.0  # seconds that a body may pause
_MAX_KEPT = 64 * 1024  # bytes of a body kept once the application has it; more would be in memory twice


class LeftError(Exception):
    """A client that has left."""


class BufferedRequest:
    """A request between server and application, with its body read first and its response under control."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        self._app = app
        self.scope = scope
        self.path: str = scope["path"]
        self.method: str = scope["method"]
        self.client = client_of(host_of(scope))
        self.body = b""  # as much as was buffered; of a large one nothing once the application has it
        self.has_begun = False  # whether the head of the response was sent
        self.answered = asyncio.Event()
        self.on_answered: Callable[[], None] = _nothing
        self._receive = receive
        self._send = send
        self._is_whole = False
        self._is_buffered = False  # whether the application hasn't got the buffer yet
        self._is_cut = False
        self._is_sized = False

    async def pass_on(self) -> None:
        """Let the application answer."""
        await self._app(self.scope, self._receive_buffered, self._send_unless_cut)

    async def answer(self, response: Response) -> None:
        """Answer in the application's place."""
        await response(self.scope, self._receive, self._send)

    async def buffer(self, *, most: int, seconds: float, on_block: Callable[[int], None]) -> bool:
        """Read the body, up to a limit; the rest is left for the application.

        Args:
            most: Bytes.
            seconds: Until its end, with no pause longer than SILENCE.
            on_block: Called with the size of each block before it is kept; an exception ends the reading.

        Returns:
            Whether that was the whole body.

        Raises:
            TimeoutError: It comes too slowly.
            LeftError: The client has left.
        """
        content = bytearray()
        async with asyncio.timeout(seconds):
            while not self._is_whole and len(content) <= most:
                block = await self._block()
                on_block(len(block))
                content += block
        self.body, self._is_buffered = bytes(content), True
        return len(content) <= most

    async def left(self) -> None:
        """Wait until the client leaves."""
        if not self._is_whole:
            await asyncio.Event().wait()  # not known before all of the body is read
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def cut(self) -> None:
        """Tell the application that the client has left, and send no more of its response."""
        self._is_cut = True

    async def end(self) -> None:
        """End a response that has begun, unless it announced a length, by which the client sees that it is cut."""
        if not self._is_sized:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _block(self) -> bytes:
        async with asyncio.timeout(SILENCE):
            message = await self._receive()
        if message["type"] == "http.disconnect":
            raise LeftError
        self._is_whole = not message.get("more_body", False)
        return bytes(message.get("body", b""))

    async def _receive_buffered(self) -> Message:
        if self._is_buffered:
            content, self._is_buffered = self.body, False
            if len(content) > _MAX_KEPT:
                self.body = b""
            return {"type": "http.request", "body": content, "more_body": not self._is_whole}
        return {"type": "http.disconnect"} if self._is_cut else await self._receive()

    async def _send_unless_cut(self, message: Message) -> None:
        if self._is_cut:
            return
        if message["type"] == "http.response.start":
            self.has_begun = True
            self._is_sized = any(name.lower() == b"content-length" for name, _ in message.get("headers", ()))
        elif not message.get("more_body", False):
            self.answered.set()
            self.on_answered()
        await self._send(message)


def _nothing() -> None:
    """Do nothing."""
