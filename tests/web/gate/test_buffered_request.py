import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from assistant.web.gate.buffered_request import BufferedRequest, LeftError
from tests.web.asgi_client import scope_of


class Exchange:
    """A server's two ways: what a client sends, and what it was sent."""

    def __init__(self, *messages: Message) -> None:
        self.sent: list[Message] = []
        self._messages = list(messages)

    async def receive(self) -> Message:
        return self._messages.pop(0)

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


def block(content: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": content, "more_body": more}


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(body)(scope, receive, send)


def buffered(exchange: Exchange) -> BufferedRequest:
    return BufferedRequest(echo, scope_of("/api/ask"), exchange.receive, exchange.send)


async def read(request: BufferedRequest, *, most: int = 100) -> bool:
    return await request.buffer(most=most, seconds=10, on_block=lambda _: None)


def test_a_body_that_was_buffered_still_reaches_the_application() -> None:
    async def scenario() -> tuple[bool, bytes, bytes]:
        exchange = Exchange(block(b"one ", more=True), block(b"two"))
        request = buffered(exchange)
        whole = await read(request)
        await request.pass_on()
        return whole, request.body, exchange.body

    assert asyncio.run(scenario()) == (True, b"one two", b"one two")


def test_what_goes_on_beyond_the_limit_is_left_for_the_application() -> None:
    async def scenario() -> tuple[bool, bytes]:
        exchange = Exchange(block(b"first", more=True), block(b" rest"))
        request = buffered(exchange)
        whole = await read(request, most=3)
        await request.pass_on()
        return whole, exchange.body

    assert asyncio.run(scenario()) == (False, b"first rest")


def test_a_client_that_has_gone_is_not_waited_for() -> None:
    async def scenario() -> None:
        await read(buffered(Exchange({"type": "http.disconnect"})))

    with pytest.raises(LeftError):
        asyncio.run(scenario())


def test_nothing_more_is_sent_once_the_answer_is_cut() -> None:
    async def scenario() -> list[Message]:
        exchange = Exchange(block(b"one"))
        request = buffered(exchange)
        await read(request)
        request.cut()
        await request.pass_on()
        return exchange.sent

    assert asyncio.run(scenario()) == []


def test_the_end_of_an_answer_is_told() -> None:
    async def scenario() -> tuple[bool, bool]:
        request = buffered(Exchange(block(b"one")))
        await read(request)
        before = request.has_begun
        await request.pass_on()
        return before, request.has_begun and request.answered.is_set()

    assert asyncio.run(scenario()) == (False, True)
