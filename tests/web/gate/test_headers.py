import hashlib
import re
from base64 import b64encode

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from assistant.settings import ServiceSettings
from assistant.web.app.opening import Opening
from assistant.web.gate.headers import SecurityHeaders
from assistant.web.server import create_app
from tests.web.fake_assistant import FakeAssistant

STRANGER = "https://elsewhere.example"
OPERATOR = "https://meetings.example.org"
PAGE = '<!doctype html><script src="a.js"></script><script data-mode>\nstart()\n</script><style>b{}</style><p>Ask</p>'


def hash_of(content: str) -> str:
    """How a policy names what stands in a page."""
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def directives(response: object) -> dict[str, list[str]]:
    """A policy's directives, each with its sources."""
    policy = response.headers["content-security-policy"]  # type: ignore[attr-defined]
    parts = [each.split() for each in policy.split(";")]
    return {name: sources for name, *sources in parts}


# A small application -------------------------------------------------------------------------------------------------


async def _page(request: Request) -> Response:
    return HTMLResponse(PAGE)


async def _plain(request: Request) -> Response:
    return PlainTextResponse("plain")


async def _own(request: Request) -> Response:
    headers = {
        "Content-Security-Policy": "default-src 'self'; frame-ancestors 'self' https://meetings.example.org",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return PlainTextResponse("own", headers=headers)


async def _open_to_all(request: Request) -> Response:
    leave = {"Access-Control-Allow-Origin": request.headers["origin"], "Access-Control-Allow-Credentials": "true"}
    return PlainTextResponse("open", headers=leave)


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


def small(page: object = _page) -> Starlette:
    """An application of a page and of files."""
    routes = [
        Route("/", page),  # type: ignore[arg-type]
        Route("/plain", _plain),
        Route("/own", _own),
        Route("/open", _open_to_all),
        WebSocketRoute("/socket", _socket),
    ]
    return Starlette(routes=routes)


def client_of(app: ASGIApp) -> TestClient:
    return TestClient(SecurityHeaders(app))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/plain", "/nowhere"])
def test_every_answer_carries(name: str, value: str, path: str) -> None:
    response = client_of(small()).get(path)

    assert response.headers[name] == value


def test_what_is_no_page_may_do_nothing_and_be_framed_by_nobody() -> None:
    found = directives(client_of(small()).get("/plain"))

    assert found["default-src"] == found["base-uri"] == found["form-action"] == found["frame-ancestors"] == ["'none'"]


def test_the_page_may_copy_and_use_nothing_else_of_a_device() -> None:
    said = client_of(small()).get("/").headers["permissions-policy"].split(", ")

    assert "clipboard-write=(self)" in said
    assert {"camera=()", "microphone=()", "geolocation=()", "clipboard-read=()", "usb=()"} <= set(said)
    assert [each for each in said if not each.endswith("=()")] == ["clipboard-write=(self)"]


def test_what_an_answer_says_of_itself_stays() -> None:
    response = client_of(small()).get("/own")

    assert response.headers.get_list("content-security-policy") == [
        "default-src 'self'; frame-ancestors 'self' https://meetings.example.org"
    ]
    assert response.headers.get_list("referrer-policy") == ["same-origin"]
    assert response.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_what_some_may_frame_is_not_closed_to_old_browsers() -> None:
    assert "x-frame-options" not in client_of(small()).get("/own").headers


def test_no_answer_lets_another_site_read_it() -> None:
    response = client_of(small()).get("/open", headers={"Origin": STRANGER})

    assert response.text == "open"
    assert [name for name in response.headers if name.startswith("access-control")] == []


def test_web_sockets_are_passed_on() -> None:
    with client_of(small()).websocket_connect("/socket") as socket:
        assert socket.receive()["type"] == "websocket.close"


# The real one --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client() -> TestClient:
    """A client of the application as it is served, from an address that isn't the machine's own."""
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    app = create_app(opening, ServiceSettings(allowed_hosts=("ask.example.org",), embed_origins=(OPERATOR,)))
    return TestClient(app, base_url="https://ask.example.org")


def test_the_page_runs_only_scripts_of_its_own(client: TestClient) -> None:
    found = directives(client.get("/"))

    assert found["default-src"] == found["frame-ancestors"] == ["'none'"]
    assert found["connect-src"] == found["base-uri"] == found["form-action"] == ["'self'"]
    assert found["img-src"] == ["'self'", "data:"]
    named = [each for each in found["script-src"] if not each.startswith("'sha256-")]
    assert named == ["'self'", "'unsafe-eval'"]


@pytest.mark.parametrize(
    "path", ["/", "/?lang=ar&q=children", "/documents/background-note", "/objective?topic=children"]
)
def test_the_policy_fits_the_page_whatever_it_shows(client: TestClient, path: str) -> None:
    response = client.get(path)

    found = directives(response)
    scripts = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    assert found["script-src"][2:] == [hash_of(each) for each in scripts]
    assert found["style-src-elem"] == ["'self'", hash_of(""), *(hash_of(each) for each in styles)]


def test_the_widget_s_page_keeps_its_own_policy_and_may_be_framed(client: TestClient) -> None:
    response = client.get("/embed")

    assert directives(response)["frame-ancestors"] == ["'self'", OPERATOR]
    assert "x-frame-options" not in response.headers


def test_any_page_may_load_the_widget_s_loader_and_nothing_else(client: TestClient) -> None:
    policies = {
        path: client.get(path).headers["cross-origin-resource-policy"]
        for path in ("/embed.js", "/embed", "/embed.css", "/embed-page.js", "/", "/docs", "/api/objectives", "/reader")
    }

    assert [path for path, policy in policies.items() if policy != "same-origin"] == ["/embed.js"]
    assert policies["/embed.js"] == "cross-origin"


def test_the_interface_s_page_keeps_its_own_policy(client: TestClient) -> None:
    response = client.get("/docs")

    assert directives(response)["style-src"] == ["'self'"]
    assert response.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("origin", [STRANGER, "null", "https://ask.example.org.elsewhere.example"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/theme.css"),
        ("POST", "/gradio_api/run/predict"),
        ("GET", "/embed.js"),
        ("GET", "/docs"),
        ("POST", "/api/ask"),
        ("POST", "/embed/turn"),
        ("GET", "/reader"),
        ("GET", "/nowhere"),
    ],
)
def test_a_foreign_origin_gets_no_leave_to_read(client: TestClient, method: str, path: str, origin: str) -> None:
    asks = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type"}

    answer = client.request(method, path, headers={"Origin": origin}, json={} if method == "POST" else None)
    asked_before = client.options(path, headers={"Origin": origin, **asks})

    for response in (answer, asked_before):
        assert [name for name in response.headers if name.startswith("access-control")] == []
    assert asked_before.status_code in (404, 405)
