"""One table of good and bad requests, read over HTTP, as JSON lines and over MCP."""

import io
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant import __main__ as command_line
from assistant.schema.requests import Question, Topic, read_request
from assistant.web.api import add_api, add_model_context
from assistant.web.app import Opening
from tests.web.fake_assistant import FakeAssistant

Surface = Callable[[str, object], dict[str, Any]]
NO_OBJECT = 'Send a JSON object such as {"question": "…"} or {"topic": "…"}.'
OBJECTIVES = "objectives: must be a list of whole numbers from 1 to 23."
TOP_K = "top_k: must be a whole number from 1 to 20."
NO_FIELD = "isn't a field here; correct its name or leave it out."
GOOD: list[tuple[str, object]] = [
    ("ask", {"question": "What of children?"}),
    (
        "ask",
        {"question": "And boys?", "history": ["children?"], "objectives": [7, 15, 7], "top_k": 20, "explain": True},
    ),
    ("ask", {"question": "children", "objectives": [7.0], "top_k": 5e0}),
    ("ask", {"question": "children", "history": None, "objectives": None, "top_k": None, "explain": None, "id": None}),
    ("ask", {"question": "children", "id": {"a": [{"b": "é"}]}}),
    ("ask", {"question": ""}),
    ("classify", {"topic": "migrant children", "id": 7}),
    ("classify", {"topic": "_", "id": None}),
]
BAD: list[tuple[str, object, str]] = [
    ("ask", {}, "question: is missing; send text."),
    ("ask", {"question": None}, "question: must be text."),
    ("ask", {"question": 7}, "question: must be text."),
    ("ask", {"question": ["a"]}, "question: must be text."),
    ("ask", {"question": "a", "history": "b"}, "history: must be a list of texts."),
    ("ask", {"question": "a", "history": ["b", 1]}, "history: must be a list of texts."),
    ("ask", {"question": "a", "objectives": 7}, OBJECTIVES),
    ("ask", {"question": "a", "objectives": ["7"]}, OBJECTIVES),
    ("ask", {"question": "a", "objectives": [True]}, OBJECTIVES),
    ("ask", {"question": "a", "objectives": [None]}, OBJECTIVES),
    ("ask", {"question": "a", "objectives": [7.5]}, OBJECTIVES),
    ("ask", {"question": "a", "objectives": {"7": 7}}, OBJECTIVES),
    ("ask", {"question": "a", "objectives": [7, 99]}, "objectives: 99 isn't from 1 to 23."),
    ("ask", {"question": "a", "objectives": [0]}, "objectives: 0 isn't from 1 to 23."),
    ("ask", {"question": "a", "top_k": 0}, "top_k: 0 isn't from 1 to 20."),
    ("ask", {"question": "a", "top_k": 10**100}, f"top_k: 1{'0' * 39}… isn't from 1 to 20."),
    ("ask", {"question": "a", "top_k": True}, TOP_K),
    ("ask", {"question": "a", "top_k": "5"}, TOP_K),
    ("ask", {"question": "a", "top_k": 5.5}, TOP_K),
    ("ask", {"question": "a", "explain": 1}, "explain: must be true or false."),
    ("ask", {"question": "a", "lang": "en"}, f"lang: {NO_FIELD}"),
    ("ask", {"question": "a", "lang": None}, f"lang: {NO_FIELD}"),
    ("ask", {"question": "a", "a\nb" * 40: 1}, f"a?b{'a?b' * 12}a…: {NO_FIELD}"),
    ("ask", {"questoin": "a"}, f"question: is missing; send text. questoin: {NO_FIELD}"),
    (
        "ask",
        {"question": "a", "top_k": 0, "b": 1, "c": 1, "d": 1, "e": 1},
        f"top_k: 0 isn't from 1 to 20. b: {NO_FIELD} c: {NO_FIELD} And 2 more.",
    ),
    ("classify", {}, "topic: is missing; send text."),
    ("ask", {"question": "a", "documents": "note"}, "documents: must be a list of documents' ids."),
    ("ask", {"question": "a", "documents": ["no"]}, "documents: there is none with the id 'no'."),
    ("classify", {"topic": 7}, "topic: must be text."),
    ("classify", {"topic": ""}, "topic: holds no words; write a few."),
    ("classify", {"topic": "?!"}, "topic: holds no words; write a few."),
    ("classify", {"topic": "a", "question": "b"}, f"question: {NO_FIELD}"),
]
NO_OBJECTS: list[tuple[str, object, str]] = [
    ("ask", [], NO_OBJECT),
    ("ask", None, NO_OBJECT),
    ("ask", "a", NO_OBJECT),
    ("classify", [{"topic": "a"}], NO_OBJECT),
    ("classify", 7, NO_OBJECT),
]


@pytest.fixture(scope="module")
def client() -> TestClient:
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_api(app, opening)
    add_model_context(app, opening)
    return TestClient(app)


def over_http(client: TestClient, command: str, sent: object) -> dict[str, Any]:
    reply = client.post(f"/api/{command}", content=json.dumps(sent), headers={"Content-Type": "application/json"})
    return dict(reply.json())


def over_mcp(client: TestClient, command: str, sent: object) -> dict[str, Any]:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": command, "arguments": sent}}
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    result = client.post("/mcp", content=json.dumps(call), headers=headers).json()["result"]
    text = result["content"][0]["text"]
    return {"error": text} if result.get("isError") else dict(json.loads(text))


@pytest.fixture
def as_json_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Surface:
    """Sends a request to `python -m assistant ask --jsonl` or `classify --jsonl`."""

    def send(command: str, sent: object) -> dict[str, Any]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(sent).encode())))
        monkeypatch.setattr(command_line, "_opened", lambda _: FakeAssistant())
        status = command_line.main([command, "--jsonl"])
        reply = dict(json.loads(capsys.readouterr().out))
        assert status == ("error" in reply)
        reply.pop("elapsed_ms", None)  # only a command line tells it
        return reply

    return send


@pytest.mark.parametrize(("command", "sent"), GOOD)
def test_a_good_request_gets_the_same_answer_everywhere(
    client: TestClient, as_json_line: Surface, command: str, sent: object
) -> None:
    replies = [over_http(client, command, sent), as_json_line(command, sent), over_mcp(client, command, sent)]

    assert "error" not in replies[0]
    assert replies[0] == replies[1] == replies[2]


@pytest.mark.parametrize(("command", "sent", "why"), BAD)
def test_a_bad_request_gets_the_same_message_everywhere(
    client: TestClient, as_json_line: Surface, command: str, sent: object, why: str
) -> None:
    replies = [over_http(client, command, sent), as_json_line(command, sent), over_mcp(client, command, sent)]

    said = [reply["error"].removeprefix("line 1: ") for reply in replies]
    assert said == [why] * 3


@pytest.mark.parametrize(("command", "sent", "why"), NO_OBJECTS)  # which MCP's library refuses by itself
def test_what_is_no_object_gets_the_same_message_over_http_and_as_a_line(
    client: TestClient, as_json_line: Surface, command: str, sent: object, why: str
) -> None:
    replies = [over_http(client, command, sent), as_json_line(command, sent)]

    assert [reply["error"].removeprefix("line 1: ") for reply in replies] == [why] * 2


def test_only_the_question_is_required() -> None:
    question = read_request(Question, {"question": "When?"})

    assert question.model_dump() == {
        "question": "When?",
        "history": [],
        "objectives": [],
        "documents": [],
        "top_k": 5,
        "explain": False,
        "id": None,
    }


def test_null_for_an_optional_field_counts_as_not_given() -> None:
    assert read_request(Question, {"question": "When?", "top_k": None}) == read_request(Question, {"question": "When?"})
    assert read_request(Topic, {"topic": "data", "id": None}) == read_request(Topic, {"topic": "data"})
