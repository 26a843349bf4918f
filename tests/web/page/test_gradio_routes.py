import json
from collections.abc import Iterator

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from gradio.routes import App
from starlette.routing import BaseRoute, Mount
from starlette.websockets import WebSocketDisconnect

from assistant.web.app.opening import Opening
from assistant.web.page.gradio_routes import CALL_PATH, MAX_CALL, OPEN, close_unused
from assistant.web.page.page import build_page
from assistant.web.page.turns import Turns
from assistant.web.rendering.strings import read_strings
from assistant.web.server import create_app
from tests.web.fake_assistant import FakeAssistant

QUESTION = "a question that nobody else may read"

# Gradio's own routes that stay open, each with an address of it that the page asks for.
KEPT = {
    "/assets/{path:path}": "/assets/",  # and a file's name
    "/theme.css": "/theme.css",
    "/gradio_api/run/{api_name}": CALL_PATH,
    "/gradio_api/app_id": "/gradio_api/app_id",
}
# Of the others, addresses that Gradio would answer.
SAMPLES = {
    "/svelte/{path:path}": "/svelte/svelte.js",
    "/gradio_api/file={path_or_url:path}": "/gradio_api/file=pyproject.toml",
    "/gradio_api/proxy={url_path:path}": "/gradio_api/proxy=https://example.hf.space/",
}


# A small application of Gradio's, with all that it serves ------------------------------------------------------------


class Small:
    """A page with a box, what is served of it, and what its function was told."""

    def __init__(self, *, is_closed: bool = True) -> None:
        self.headers: dict[str, str] = {}
        self.query = ""
        self.app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        with gr.Blocks(analytics_enabled=False) as self.blocks:
            words, answer = gr.Textbox(), gr.Textbox()
            words.submit(self._take, words, answer, queue=False)
        gr.mount_gradio_app(self.app, self.blocks, path="/", run_history=False, app_kwargs={"openapi_url": None})
        if is_closed:
            close_unused(self.app)
        self.client = TestClient(self.app, base_url="https://ask.example.org")

    def _take(self, words: str, request: gr.Request) -> str:
        self.headers, self.query = dict(request.headers), str(request.query_params)
        return words.upper()

    def call(self, **headers: str) -> object:
        body = {"fn_index": 0, "data": [QUESTION], "session_hash": "ab12", "trigger_id": 1}
        return self.client.post(f"{CALL_PATH}?q=1", json=body, headers=headers).json()


def routes_of(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    """All methods and addresses, also those of routers inside."""
    for route in routes:
        if inner := getattr(route, "original_router", None):
            yield from routes_of(inner.routes)
        else:
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                yield method, getattr(route, "path", "")


def gradio_of(app: FastAPI) -> App:
    return next(each.app for each in app.routes if isinstance(each, Mount) and isinstance(each.app, App))


# Our own application answers for the page before Gradio is asked.
ROUTES = sorted({each for each in routes_of(gradio_of(Small(is_closed=False).app).router.routes) if each[1] != "/"})


@pytest.fixture(scope="module")
def small() -> Small:
    return Small()


@pytest.fixture(scope="module")
def served() -> TestClient:
    """A client of the application as it is served."""
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    app = create_app(opening)
    return TestClient(app, base_url="https://ask.example.org", raise_server_exceptions=False)


# Addresses -----------------------------------------------------------------------------------------------------------


def test_the_list_of_gradio_s_routes_is_the_real_one() -> None:
    listed = {path for _, path in ROUTES}

    assert {"/gradio_api/upload", "/gradio_api/queue/join", "/config", "/monitoring", "/gradio_api/vibe-edit"} <= listed
    assert set(KEPT) <= listed
    assert len(listed) > 60


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_route_of_gradio_is_kept_for_a_reason_or_closed(served: TestClient, method: str, path: str) -> None:
    address = KEPT.get(path) or SAMPLES.get(path) or path.replace("{", "").replace("}", "").replace(":path", "")
    if path == "/assets/{path:path}":
        address += served.get("/gradio.json").json()["script"].removeprefix("assets/")

    response = served.request(method, address)

    assert (response.status_code != 404) == (path in KEPT)


def test_what_is_closed_answers_as_what_was_never_there(served: TestClient) -> None:
    closed, unknown = served.get("/config"), served.get("/nowhere/at/all")

    assert closed.status_code == unknown.status_code == 404
    assert closed.json() == unknown.json() == {"detail": "Not Found"}


def test_each_open_address_has_its_reason() -> None:
    assert all(OPEN.values())
    assert len(OPEN) == len(KEPT)


@pytest.mark.parametrize(
    "path",
    [
        "/static/img/logo.svg",
        "/static/fonts/system-ui/system-ui-Regular.woff2",
        "/gradio_api/run/ask",
        "/gradio_api/api/predict",
        "/gradio_api/run/predict/",
        "/gradio_api/mcp/sse",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_beside_what_is_kept_all_is_closed(served: TestClient, method: str, path: str) -> None:
    assert served.request(method, path, json={"data": [], "fn_index": 4}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/assets/..%2f..%2findex.html",
        "/assets/%2e%2e/%2e%2e/index.html",
        "/assets/..%5c..%5cindex.html",
        "/assets/%2e%2e",
        "/assets/.%00/index.html",
        "/assets//etc/passwd",
        "/static/..%2findex.html",
        "/static/js/..%2f..%2findex.html",
        "/theme.css%0a",
        "//etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=%2fetc%2fpasswd",
        "/reader/..%2f..%2fpyproject.toml",
        "/reader//etc/passwd",
        "/api/documents/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_out_of_what_is_served(served: TestClient, path: str) -> None:
    response = served.get(path)

    assert response.status_code == 404
    assert "root:" not in response.text
    assert "<script" not in response.text


def test_a_web_socket_is_refused(small: Small) -> None:
    with pytest.raises(WebSocketDisconnect), small.client.websocket_connect("/gradio_api/queue/join"):
        pass  # nothing is said to it


def test_an_application_without_gradio_has_nothing_to_close() -> None:
    with pytest.raises(ValueError, match="mount it first"):
        close_unused(FastAPI())


# What Gradio is told -------------------------------------------------------------------------------------------------


def test_a_call_comes_through_with_its_values_only(small: Small) -> None:
    answer = small.call(Cookie="session=1", Origin="https://elsewhere.example", Authorization="Basic YTpi")

    assert isinstance(answer, dict)
    assert answer["data"] == [QUESTION.upper()]
    assert small.headers.keys() <= {"host", "accept-encoding", "content-type", "content-length"}
    assert small.query == ""


def test_gradio_keeps_no_session_with_the_last_answer_in_it(small: Small) -> None:
    small.call()

    assert small.blocks.state_holder.session_data == {}


def test_without_the_door_gradio_would_keep_one() -> None:
    open_one = Small(is_closed=False)

    open_one.call()

    assert list(open_one.blocks.state_holder.session_data) == ["ab12"]


@pytest.mark.parametrize("query", ["page=nowhere", "deep_link=..%2F..%2Fx", "deep_link=abc", "__theme=dark"])
def test_nothing_in_an_address_s_query_changes_the_page(served: TestClient, query: str) -> None:
    response = served.get(f"/?{query}")

    assert response.status_code == 200
    assert response.content == served.get("/").content


# Calls ---------------------------------------------------------------------------------------------------------------


def number_of(name: str) -> int:
    """The number that a browser knows a function of the page by."""
    functions = build_page(Turns(Opening(lambda _: FakeAssistant()), read_strings)).fns.items()
    return next(int(number) for number, each in functions if each.api_name == name)


ASK = number_of("ask")


def sent_to(served: TestClient, body: object) -> object:
    return served.post(CALL_PATH, json=body).json()["data"][0]


def test_what_the_page_sends_is_answered(served: TestClient) -> None:
    pressed = {
        "fn_index": ASK,
        "data": [],
        "event_data": {"request": '{"question":"children?","lang":"en"}'},
        "trigger_id": 17,
        "session_hash": "ab12",
    }

    assert "children" in str(sent_to(served, pressed))


@pytest.mark.parametrize(
    "body",
    [
        {"fn_index": ASK, "data": [QUESTION], "event_data": {"request": "{}"}},
        {"fn_index": ASK, "data": QUESTION, "event_data": {"request": "{}"}},
        {"fn_index": ASK, "data": {"0": QUESTION}, "event_data": {"request": "{}"}},
        {"fn_index": ASK, "data": [{"path": QUESTION, "meta": {"_type": "gradio.FileData"}}]},
        {"fn_index": ASK, "data": []},
        {"fn_index": ASK, "event_data": {"request": QUESTION}},
        {"fn_index": ASK, "data": [], "event_data": QUESTION},
        {"fn_index": ASK, "data": [], "event_data": {"question": QUESTION}},
        {"fn_index": ASK, "data": [], "event_data": {"request": {"question": QUESTION}}},
        {"fn_index": ASK, "data": [], "event_data": {"request": "{}", "more": QUESTION}},
        {"fn_index": 9999, "data": [], "event_data": {"request": QUESTION}},
        {"fn_index": -1, "data": [], "event_data": {"request": QUESTION}},
        {"fn_index": True, "data": [], "event_data": {"request": QUESTION}},
        {"fn_index": float(ASK), "data": [], "event_data": {"request": QUESTION}},
        {"fn_index": str(ASK), "data": [], "event_data": {"request": QUESTION}},
        {"fn_index": [ASK], "data": [], "event_data": {"request": QUESTION}},
        {"data": [], "event_data": {"request": QUESTION}},
        [QUESTION],
        QUESTION,
        None,
    ],
)
def test_a_call_that_the_page_does_not_make_is_refused_and_repeated_nowhere(
    served: TestClient, body: object, capfd: pytest.CaptureFixture[str]
) -> None:
    response = served.post(CALL_PATH, content=json.dumps(body), headers={"Content-Type": "application/json"})

    assert response.status_code == 422
    assert QUESTION not in response.text
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (QUESTION.encode(), "application/json", 422),
        (b"", "application/json", 422),
        (b'{"fn_index": 3, "data": ["\xff", "{}"]}', "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b'{"data":' * 40_000, "application/json", 413),
        (b'{"fn_index": ' + b"9" * 5000 + b"}", "application/json", 422),
        (json.dumps({"fn_index": ASK, "data": ["x" * MAX_CALL]}).encode(), "application/json", 413),
        (json.dumps({"fn_index": ASK, "data": [QUESTION, "{}"]}).encode(), "text/plain", 415),
        (json.dumps({"fn_index": ASK, "data": [QUESTION, "{}"]}).encode(), "application/x-www-form-urlencoded", 415),
        (json.dumps({"fn_index": ASK, "data": [QUESTION, "{}"]}).encode(), "", 415),
    ],
    ids=["words", "nothing", "no UTF-8", "deep", "deep and large", "long number", "large", "text", "form", "no kind"],
)
def test_a_body_that_is_no_call_is_refused_and_repeated_nowhere(
    served: TestClient, content: bytes, kind: str, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    response = served.post(CALL_PATH, content=content, headers={"Content-Type": kind} if kind else {})

    assert response.status_code == status
    assert QUESTION not in response.text
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "question",
    [
        r"children \ud800",
        r"\udfff\udfff children",
        r"children \u0000",
        r"children \udb40\udc01\udb40\udc41",
        r"\u202echildren\u202d\u2066",
        r"child\u200bren children",
        r"children \uffff\ufdd0\ufeff",
    ],
)
def test_odd_characters_are_an_ordinary_question(
    served: TestClient, question: str, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = f'{{"question": "{question}", "lang": "en"}}'
    content = f'{{"fn_index": {ASK}, "data": [], "event_data": {{"request": {json.dumps(asked)}}}}}'

    response = served.post(CALL_PATH, content=content.encode(), headers={"Content-Type": "application/json"})

    assert response.status_code == 200
    assert 'data-status="answered"' in response.json()["data"][0]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("said", ["{", "[]", "null", '{"history": 3}', '{"objectives": ["7"]}', "[" * 5000, "\x00"])
def test_what_a_question_leans_on_may_be_anything(
    served: TestClient, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    response = served.post(CALL_PATH, json={"fn_index": ASK, "data": [], "event_data": {"request": said}})

    assert response.status_code == 200
    assert capfd.readouterr() == ("", "")
