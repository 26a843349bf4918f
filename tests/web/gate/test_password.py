import asyncio
import base64
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from assistant.web.gate.password import Password
from tests.web.asgi_client import Clock, Reply, Seen, request, scope_of

AUTH = ("meeting", "päss:wörd")
PAIRS = settings().max_examples // 5  # to try one is slow by design; those that come near are named


def basic(user: str, password: str) -> dict[str, str]:
    """The header that a browser sends."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def visit(
    password: Password, path: str = "/", headers: Mapping[str, str] | None = None, peer: str = "192.0.2.1"
) -> Reply:
    return asyncio.run(request(password, scope_of(path, method="GET", headers=headers, client=peer)))


@pytest.mark.parametrize("path", ["/", "/embed.js", "/api/ask", "/metrics", "/healthz/", "/gradio_api/run/x"])
def test_everything_needs_the_password(path: str) -> None:
    seen = Seen()

    reply = visit(Password(seen, auth=AUTH), path)

    assert (reply.status, seen.scopes) == (401, [])
    assert reply.headers["www-authenticate"] == 'Basic realm="assistant", charset="UTF-8"'
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_whether_it_is_alive_needs_none(path: str) -> None:
    assert visit(Password(Seen(), auth=AUTH), path).status == 200


def test_the_right_password_opens() -> None:
    assert visit(Password(Seen(), auth=AUTH), headers=basic(*AUTH)).text == "an answer"


def test_the_scheme_may_be_written_in_any_case() -> None:
    sent = {"Authorization": basic(*AUTH)["Authorization"].replace("Basic ", "bASIC ")}

    assert visit(Password(Seen(), auth=AUTH), headers=sent).status == 200


@pytest.mark.parametrize(
    "sent",
    [
        basic("meeting", "wrong"),
        basic("other", AUTH[1]),
        basic("meeting", ""),
        basic("", ""),
        {"Authorization": "Basic"},
        {"Authorization": "Basic ÿÿÿ"},
        {"Authorization": "Basic " + "=" * 7},
        {"Authorization": "Bearer " + base64.b64encode("meeting:päss:wörd".encode()).decode()},
        {"Authorization": ""},
    ],
)
def test_anything_else_does_not_open(sent: dict[str, str]) -> None:
    assert visit(Password(Seen(), auth=AUTH), headers=sent).status == 401


@given(st.text(max_size=30), st.text(max_size=30))
@example("meeting", "päss")
@example("meeting", "päss:wörd ")
@example("Meeting", "päss:wörd")
@example("meeting", "PÄSS:WÖRD")
@example("meetin", "gpäss:wörd")
@example("meeting:päss", "wörd")
@settings(max_examples=PAIRS)
def test_only_one_pair_opens(user: str, password: str) -> None:
    user, password = (each.encode("utf-8", "replace").decode() for each in (user, password))

    status = visit(Password(Seen(), auth=AUTH), headers=basic(user, password)).status

    assert (status == 200) == (f"{user}:{password}" == ":".join(AUTH))


def guess(password: Password, count: int, peer: str = "192.0.2.1") -> list[int]:
    """Try so many wrong passwords, each another."""
    return [visit(password, headers=basic("meeting", f"{peer} {number}"), peer=peer).status for number in range(count)]


def session_of(reply: Reply) -> dict[str, str]:
    """The cookie that a browser sends back."""
    return {"Cookie": "language=fr; " + reply.headers["set-cookie"].partition(";")[0]}


def test_wrong_tries_are_slowed() -> None:
    clock = Clock()
    password = Password(Seen(), auth=AUTH, clock=clock)
    wrong = guess(password, 12)

    slowed = visit(password, headers=basic(*AUTH))
    clock.now += int(slowed.headers["retry-after"])
    later = visit(password, headers=basic(*AUTH))

    assert wrong == [401] * 10 + [429] * 2
    assert (slowed.status, slowed.headers["retry-after"], later.status) == (429, "6", 200)


def test_who_has_given_the_password_stays_in_while_others_guess_at_the_same_address() -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())
    session = session_of(visit(password, headers=basic(*AUTH)))
    guess(password, 50)

    assert visit(password, headers=session).status == 200
    assert visit(password, headers=session | basic(*AUTH)).status == 200
    assert visit(password, headers=session | basic("meeting", "old")).status == 200


def test_the_same_wrong_password_again_locks_nobody_out() -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())

    stale = {visit(password, headers=basic("meeting", "old")).status for _ in range(100)}

    assert stale == {401}
    assert visit(password, headers=basic(*AUTH)).status == 200


@pytest.mark.parametrize(
    ("networks", "looked_at"),
    [
        ([f"2001:db8:0:{number:x}::1" for number in range(256)], 20),  # a /56
        ([f"2001:db8:0:{number << 8:x}::1" for number in range(256)], 40),  # a /48
        ([f"2001:db8:{number:x}::1" for number in range(300)], 200),
        ([f"192.0.2.{number}" for number in range(250)] + [f"198.51.100.{number}" for number in range(50)], 200),
    ],
)
def test_many_networks_together_guess_no_more_than_one_of_their_size(networks: list[str], looked_at: int) -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())

    statuses = [status for peer in networks for status in guess(password, 2, peer)]

    assert statuses.count(401) == looked_at
    assert set(statuses) == {401, 429}


def test_one_s_neighbours_leave_one_ten_tries_of_one_s_own() -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())
    guess(password, 50, "2001:db8:0:1::1")

    assert visit(password, headers=basic(*AUTH), peer="2001:db8:0:2::1").status == 200


def test_guesses_from_everywhere_do_not_lock_out_where_the_password_came_from_before() -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())
    visit(password, headers=basic(*AUTH), peer="203.0.113.9")
    for number in range(250):
        guess(password, 1, f"192.0.2.{number}")

    program = visit(password, headers=basic(*AUTH), peer="203.0.113.9")  # one that keeps no cookie
    newcomer = visit(password, headers=basic(*AUTH), peer="203.0.113.10")

    assert (program.status, newcomer.status) == (200, 429)


# Sessions ------------------------------------------------------------------------------------------------------------


def test_another_process_with_the_same_password_knows_the_session() -> None:
    session = session_of(visit(Password(Seen(), auth=AUTH), headers=basic(*AUTH)))

    assert visit(Password(Seen(), auth=AUTH), headers=session).status == 200


def test_another_password_ends_all_sessions() -> None:
    session = session_of(visit(Password(Seen(), auth=AUTH), headers=basic(*AUTH)))

    assert visit(Password(Seen(), auth=("meeting", "new")), headers=session).status == 401


def test_a_session_ends_after_a_day() -> None:
    now = Clock()
    password = Password(Seen(), auth=AUTH, now=now)
    session = session_of(visit(password, headers=basic(*AUTH)))

    now.now = 24 * 3600 - 1
    last = visit(password, headers=session).status
    now.now += 1
    after = visit(password, headers=session).status

    assert (last, after) == (200, 401)


@pytest.mark.parametrize("change", [(0, "9"), (-1, "x"), (5, "."), (12, "")])
def test_a_session_that_was_changed_is_none(change: tuple[int, str]) -> None:
    password = Password(Seen(), auth=AUTH)
    name, _, value = session_of(visit(password, headers=basic(*AUTH)))["Cookie"].rpartition("=")
    at, put = change
    at %= len(value)
    forged = f"{name}={value[:at]}{put if put != value[at] else 'y'}{value[at + 1 :]}"

    assert visit(password, headers={"Cookie": forged}).status == 401


@given(st.text(st.characters(max_codepoint=255, min_codepoint=32), max_size=90))
def test_no_cookie_that_was_made_up_opens(value: str) -> None:
    password = _PASSWORD

    assert visit(password, headers={"Cookie": f"ask_session={value}"}).status == 401


_PASSWORD = Password(Seen(), auth=AUTH)


def test_no_script_reads_a_session_and_no_other_site_sends_it() -> None:
    reply = visit(Password(Seen(), auth=AUTH), headers=basic(*AUTH))

    assert set(reply.headers["set-cookie"].split("; ")[1:]) == {"Path=/", "Max-Age=86400", "HttpOnly", "SameSite=Lax"}


def test_a_session_keeps_to_https_and_to_its_path_where_the_service_has_them() -> None:
    scope = {**scope_of("/", headers=basic(*AUTH)), "scheme": "https", "root_path": "/ask"}

    reply = asyncio.run(request(Password(Seen(), auth=AUTH), scope))

    assert {"Path=/ask", "Secure"} <= set(reply.headers["set-cookie"].split("; "))


def test_what_a_cache_may_hand_to_others_begins_no_session() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("a script", headers={"Cache-Control": "public, max-age=3600"})(scope, receive, send)

    reply = visit(Password(app, auth=AUTH), headers=basic(*AUTH))

    assert (reply.status, "set-cookie" in reply.headers) == (200, False)


# Tries ---------------------------------------------------------------------------------------------------------------


def test_wrong_tries_of_one_client_are_not_another_s() -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())
    for number in range(12):
        visit(password, headers=basic("meeting", str(number)))

    assert visit(password, headers=basic(*AUTH), peer="192.0.2.2").status == 200


def test_coming_without_a_password_is_no_try() -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())
    for _ in range(50):
        visit(password)

    assert visit(password, headers=basic(*AUTH)).status == 200


def test_the_right_password_is_no_try() -> None:
    password = Password(Seen(), auth=AUTH, clock=Clock())

    assert {visit(password, headers=basic(*AUTH)).status for _ in range(50)} == {200}


def test_a_websocket_needs_the_password_too() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Password(Seen(), auth=AUTH)({**scope_of("/"), "type": "websocket"}, receive, send))

    assert sent == [{"type": "websocket.close", "code": 1008}]
