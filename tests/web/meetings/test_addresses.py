import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from assistant.web.meetings.addresses import ByAddress
from tests.web.asgi_client import scope_of


def seen(path: str, *, root_path: str = "", raw: bytes | None = None) -> Scope:
    """The scope in which a service that holds the meeting `one-2` gets a request."""
    passed: list[Scope] = []

    async def app(scope: Scope, _: Receive, __: Send) -> None:
        passed.append(scope)

    scope = {**scope_of(path), "root_path": root_path} | ({"raw_path": raw} if raw else {})
    asyncio.run(ByAddress(app, names=["one-2"])(scope, None, None))  # type: ignore[arg-type]
    return passed[0]


@pytest.mark.parametrize(
    ("path", "below"), [("/m/one-2", ""), ("/m/one-2/", "/"), ("/m/one-2/a/m/one-2", "/a/m/one-2")]
)
def test_a_meeting_is_shown_as_if_a_proxy_took_its_address_away(path: str, below: str) -> None:
    scope = seen(path, root_path="/ask")

    assert (scope["meeting"], scope["root_path"], scope["path"]) == ("one-2", "/ask/m/one-2", below)
    assert scope["raw_path"] == below.encode()


def test_an_id_keeps_its_escapes() -> None:
    assert seen("/m/one-2/documents/a/b", raw=b"/m/one-2/documents/a%2Fb")["raw_path"] == b"/documents/a%2Fb"


@pytest.mark.parametrize(
    "path", ["/", "/m/", "/m/two", "/m/one-22/", "/M/one-2/", "/m/one-2/healthz", "/m/one-2/readyz", "/x/m/one-2/"]
)
def test_any_other_address_is_the_services(path: str) -> None:
    scope = seen(path)

    assert (scope["path"], scope.get("meeting"), scope["root_path"]) == (path, None, "")


def test_a_name_that_is_written_with_escapes_is_no_meeting() -> None:
    assert "meeting" not in seen("/m/one-2/", raw=b"/m/%6Fne-2/")
