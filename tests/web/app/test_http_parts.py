import asyncio

import pytest
from starlette.requests import Request

from assistant.web.app.http_parts import TooLargeError, host_of, is_known, read_capped, says_json
from tests.web.asgi_client import scope_of


def request_with(*blocks: bytes, content_type: str = "application/json") -> Request:
    messages = [{"type": "http.request", "body": block, "more_body": True} for block in blocks]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    return Request(scope_of("/api/ask", headers={"Content-Type": content_type}), receive)


def test_a_body_is_read_whole_up_to_the_cap() -> None:
    assert asyncio.run(read_capped(request_with(b"abc", b"de"), 5)) == b"abcde"


def test_a_body_beyond_the_cap_is_refused() -> None:
    with pytest.raises(TooLargeError):
        asyncio.run(read_capped(request_with(b"abc", b"def"), 5))


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [("application/json", True), ("Application/JSON; charset=utf-8", True), ("text/plain", False), ("", False)],
)
def test_only_what_says_that_it_is_json_is_json(content_type: str, expected: bool) -> None:
    assert says_json(request_with(content_type=content_type)) is expected


def test_the_address_of_a_request_may_be_unknown() -> None:
    assert host_of(scope_of("/", client="192.0.2.7")) == "192.0.2.7"
    assert host_of({"type": "http", "client": None}) == ""


def test_a_browser_knows_a_tag_that_it_names_among_others() -> None:
    assert is_known('"b"', '"a", W/"b"')
    assert not is_known('"c"', '"a", W/"b"')
    assert not is_known('"c"', "")
