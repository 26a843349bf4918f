"""A request whose body is read ahead, and whose answer can be cut: ASGI's two ways, held in the middle.

This module knows nothing of why that is done.
"""

import asyncio
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.app import client_of, host_of

SILENCE = 10.0  # seconds without a byte of a body
_KEPT = 64 * 1024  # bytes of a body that are still there once it was handed on; more would be there twice


class LeftError(Exception):
    """A client that has gone."""


class HeldRequest:
    """A request on its way in and its answer on the way back, either of which can be cut."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Take what is to answer it, and what the server gave."""
        self._app = app
        self.scope = scope
        self.path: str = scope["path"]
        self.method: str = scope["method"]
        self.client = client_of(host_of(scope))
        self.body = b""  # as much as was read ahead; of a large one nothing once it was handed on
        self.has_begun = False  # to be answered
        self.answered = asyncio.Event()
        self.on_answered: Callable[[], None] = _nothing
        self._receive = receive
        self._send = send
        self._is_whole = False
        self._is_held = False  # whether what was read ahead is still to be handed on
        self._is_cut = False
        self._is_sized = False

    async def pass_on(self) -> None:
        """Let the application answer it."""
        await self._app(self.scope, self._take, self._give)

    async def answer(self, response: Response) -> None:
        """Answer it oneself."""
        await response(self.scope, self._receive, self._send)

    async def read_ahead(self, *, most: int, seconds: float, on_block: Callable[[int], None]) -> bool:
        """Read the body before anything is done for it; what goes on beyond the limit is left for the application.

        Args:
            most: Bytes.
            seconds: Until its end, with no silence that is longer than SILENCE.
            on_block: Called with the bytes of each block before it is kept; what it raises ends the reading.

        Returns:
            Whether that was all of it.

        Raises:
            TimeoutError: It comes too slowly.
            LeftError: The client has gone.
        """
        content = bytearray()
        async with asyncio.timeout(seconds):
            while not self._is_whole and len(content) <= most:
                block = await self._block()
                on_block(len(block))
                content += block
        self.body, self._is_held = bytes(content), True
        return len(content) <= most

    async def left(self) -> None:
        """Wait until the client goes."""
        if not self._is_whole:
            await asyncio.Event().wait()  # nobody can tell before all of the body is read
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def cut(self) -> None:
        """Let the application believe that the client has gone, and send no more of what it says."""
        self._is_cut = True

    async def end(self) -> None:
        """End an answer that has begun, where the client can't tell from its length that it isn't whole."""
        if not self._is_sized:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _block(self) -> bytes:
        async with asyncio.timeout(SILENCE):
            message = await self._receive()
        if message["type"] == "http.disconnect":
            raise LeftError
        self._is_whole = not message.get("more_body", False)
        return bytes(message.get("body", b""))

    async def _take(self) -> Message:
        if self._is_held:
            content, self._is_held = self.body, False
            if len(content) > _KEPT:
                self.body = b""
            return {"type": "http.request", "body": content, "more_body": not self._is_whole}
        return {"type": "http.disconnect"} if self._is_cut else await self._receive()

    async def _give(self, message: Message) -> None:
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
