import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.app.opening import Opening
from assistant.web.observing.measuring import Measured, route_of
from assistant.web.observing.metrics import Metrics
from assistant.web.server import create_app
from tests.web.fake_assistant import FakeAssistant


def requests_in(metrics: Metrics) -> dict[tuple[str, str, str], float]:
    """How many requests of each route and method got which status."""
    text = metrics.text()[0].decode()
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    return {
        (each.labels["route"], each.labels["method"], each.labels["status"]): each.value
        for each in samples
        if each.name == "assistant_requests_total"
    }


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    text = metrics.text()[0].decode()
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    return next((each.value for each in samples if (each.name, each.labels) == (name, labels)), None)


def client_of(app: ASGIApp) -> tuple[TestClient, Metrics]:
    metrics = Metrics()
    return TestClient(Measured(app, metrics=metrics), raise_server_exceptions=False), metrics


def test_requests_are_counted_by_route_method_and_status() -> None:
    client, metrics = client_of(create_app(Opening(lambda _: FakeAssistant())))

    client.get("/embed.css")
    client.get("/embed.css")
    client.head("/embed.css")
    client.post("/api/ask", content=b"x")
    client.get("/wp-login.php")
    client.request("BREW", "/api/ask")

    counts = requests_in(metrics)
    assert counts["/embed.css", "GET", "200"] == 2
    assert counts["/embed.css", "HEAD", "200"] == 1
    assert counts["/api/ask", "POST", "415"] == 1
    assert counts["other", "GET", "404"] == 1
    assert counts["/api/ask", "other", "405"] == 1
    assert value(metrics, "assistant_request_seconds_count", route="/embed.css") == 3


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/api/documents/any/id at all", "/api/documents/{id}"),
        ("/reader/background-note", "/reader/{id}"),
        ("/assets/index-1a2b.js", "/assets/{file}"),
        ("/gradio_api/queue/data", "/gradio_api/queue/data"),
        ("/gradio_api/heartbeat/a1b2", "/gradio_api/{rest}"),
        ("/api/nothing", "other"),
        ("//", "other"),
        ("", "other"),
    ],
)
def test_any_address_has_one_of_a_few_names(path: str, route: str) -> None:
    assert route_of(path) == route


def test_every_address_of_our_own_has_a_name() -> None:
    app = create_app(Opening(lambda _: FakeAssistant()))
    ours = {path for route in app.routes for path in paths_of(route)} - {"", "/api/{rest:anything}"}

    unnamed = {path for path in ours if route_of(path) == "other"}

    assert {"/api/ask", "/embed/turn", "/reader", "/classify.csv"} <= ours
    assert unnamed == set()


def paths_of(route: Any) -> list[str]:
    """The addresses of a route, or of a router that was included."""
    included = getattr(route, "original_router", None)
    return [path for each in included.routes for path in paths_of(each)] if included else [getattr(route, "path", "")]


def test_a_prefix_that_the_service_is_mounted_at_makes_no_other_route() -> None:
    metrics = Metrics()
    client = TestClient(Measured(PlainTextResponse("here"), metrics=metrics), root_path="/meeting")

    client.get("/meeting/api/ask")

    assert requests_in(metrics) == {("/api/ask", "GET", "200"): 1}


def test_a_stream_is_measured_to_its_head_and_is_open_until_its_end() -> None:
    seen: list[tuple[float | None, ...]] = []
    names = ("assistant_requests_in_flight", "assistant_responses_open")

    def look() -> None:
        count = value(metrics, "assistant_request_seconds_count", route="/gradio_api/queue/data")
        seen.append((*(value(metrics, name) for name in names), count))

    async def stream() -> AsyncIterator[bytes]:
        look()
        yield b"data: 1\n\n"
        yield b"data: 2\n\n"

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        look()
        await StreamingResponse(stream(), media_type="text/event-stream")(scope, receive, send)

    client, metrics = client_of(app)
    response = client.get("/gradio_api/queue/data")
    look()

    assert response.text == "data: 1\n\ndata: 2\n\n"
    assert seen == [(1, 0, None), (0, 1, 1), (0, 0, 1)]


def test_a_fault_counts_as_what_the_server_sends_for_it() -> None:
    async def break_down(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    client, metrics = client_of(break_down)
    client.get("/api/ask")

    assert requests_in(metrics) == {("/api/ask", "GET", "500"): 1}
    assert value(metrics, "assistant_requests_in_flight") == 0
    assert value(metrics, "assistant_responses_open") == 0


def test_one_who_goes_away_is_in_flight_no_longer() -> None:
    has_begun = asyncio.Event()

    async def hang(scope: Scope, receive: Receive, send: Send) -> None:
        has_begun.set()
        await asyncio.Event().wait()

    async def go_away() -> None:
        scope = {"type": "http", "method": "GET", "path": "/api/ask"}
        task = asyncio.create_task(Measured(hang, metrics=metrics)(scope, nothing, anything))
        await has_begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    metrics = Metrics()
    asyncio.run(go_away())

    assert value(metrics, "assistant_requests_in_flight") == 0
    assert value(metrics, "assistant_responses_open") == 0


async def nothing() -> Any:
    return {"type": "http.disconnect"}


async def anything(_: Any) -> None:
    """Take what is sent."""


def test_what_is_no_request_passes_unseen() -> None:
    app = FastAPI()
    metrics = Metrics()
    with TestClient(Measured(app, metrics=metrics)):
        pass

    assert requests_in(metrics) == {}
