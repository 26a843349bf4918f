import asyncio

import pytest
from fastapi import HTTPException

from assistant.web.api.bodies import MAX_BODY, JsonRequest
from tests.web.asgi_client import scope_of

JSON = {"Content-Type": "application/json"}


def read(content: bytes, headers: dict[str, str]) -> object:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def body_then_json() -> object:
        request = JsonRequest(scope_of("/api/ask", headers=headers), receive)
        await request.body()
        return await request.json()

    return asyncio.run(body_then_json())


def test_a_body_is_read_as_json() -> None:
    assert read('{"question": "où?"}'.encode(), {"Content-Type": "Application/JSON; charset=UTF-8"}) == {
        "question": "où?"
    }


@pytest.mark.parametrize(
    ("content", "headers", "status", "said"),
    [
        (b"{}", {}, 415, "Content-Type: application/json"),
        (b"{}", {"Content-Type": "text/plain"}, 415, "Content-Type: application/json"),
        (b"{}", {"Content-Type": "application/json; charset=latin-1"}, 415, "send UTF-8"),
        (b"{}", {**JSON, "Content-Encoding": "gzip"}, 415, "not compressed"),
        (b" " * (MAX_BODY + 1), JSON, 413, "larger than 64 kB"),
        (b"{", JSON, 422, ""),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    content: bytes, headers: dict[str, str], status: int, said: str
) -> None:
    with pytest.raises(HTTPException) as caught:
        read(content, headers)

    assert caught.value.status_code == status
    assert said in caught.value.detail
    assert "\n" not in caught.value.detail
