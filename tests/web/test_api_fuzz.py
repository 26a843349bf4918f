"""Whatever is sent: an answer of the shape described, or a line that says why not; never a fault, never code."""

import json
import os
import string
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from assistant.schema import Answer, Classification
from assistant.web.api import schema as models
from assistant.web.api.routes import add_api
from assistant.web.app.opening import Opening
from tests.web.fake_assistant import FakeAssistant

LONG = os.environ.get("ASSISTANT_TEST_LONG") == "1"
BODIES = settings(max_examples=2_000 if LONG else 120, deadline=None)
TRACES = ("Traceback", "File ", ".py", "Error:", "pydantic", "line 1, in")
REPLIES: dict[str, type[BaseModel]] = {"/api/ask": Answer, "/api/classify": Classification}
STATUSES = {200, 413, 415, 422}


@pytest.fixture(scope="module")
def client() -> TestClient:
    """One whose server's faults come through as such."""
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_api(app, opening)
    return TestClient(app)


def check(client: TestClient, path: str, content: bytes, kind: str = "application/json") -> Any:
    """Send a body, and look at what comes back."""
    response = client.post(path, content=content, headers={"Content-Type": kind})

    assert response.status_code in STATUSES
    assert response.headers["Content-Type"] == "application/json"
    if response.status_code == 200:
        REPLIES[path].model_validate_json(response.content, strict=True)
    else:
        said = models.Problem.model_validate_json(response.content, strict=True).error
        assert said
        assert said.isprintable()
        assert len(said) < 400
        assert not any(trace in said for trace in TRACES)
    return response


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-1, 25)
    | st.floats()
    | st.text(max_size=12)
    | st.text(st.characters(categories=["Cs", "Cc", "Cn", "Co"]), max_size=4)
    | st.sampled_from(["children", "And boys?", "9" * 400, "\ud800", "\0", "_"])
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
words = st.text(max_size=40) | st.sampled_from(["What of unaccompanied children?", "Pensions?", "?!", "child " * 1_000])
objectives = st.lists(st.integers(1, 23), max_size=30)
good_questions = st.fixed_dictionaries(
    {"question": words},
    optional={
        "history": st.lists(words, max_size=5),
        "objectives": objectives,
        "top_k": st.integers(1, 20),
        "explain": st.booleans(),
        "id": st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=9)
        | st.lists(st.text(max_size=3), max_size=3),
    },
)
nearly_questions = st.fixed_dictionaries(
    {"question": words | anything},
    optional={
        "history": anything | st.lists(anything, max_size=3),
        "objectives": anything | st.lists(st.integers() | anything, max_size=3),
        "top_k": anything,
        "explain": anything,
        "id": anything,
        "lang": anything,
    },
)
nearly_topics = st.fixed_dictionaries({"topic": words | anything}, optional={"id": anything, "question": anything})
paths = st.sampled_from(sorted(REPLIES))


def has_whole_characters(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@given(good_questions)
@BODIES
def test_every_question_of_the_form_described_is_answered(client: TestClient, body: dict[str, Any]) -> None:
    assume(has_whole_characters(body))

    response = check(client, "/api/ask", json.dumps(body).encode())

    assert response.status_code == 200
    assert response.json()["question"] == body["question"]
    assert response.json()["id"] == body.get("id")


@given(words)
@BODIES
def test_a_topic_is_ranked_unless_it_holds_no_words(client: TestClient, topic: str) -> None:
    assume(has_whole_characters(topic))

    response = check(client, "/api/classify", json.dumps({"topic": topic}).encode())

    assert response.status_code == (200 if any(each.isalnum() or each == "_" for each in topic) else 422)


@given(paths, nearly_questions | nearly_topics | anything)
@BODIES
def test_any_json_is_answered_or_refused_in_a_line(client: TestClient, path: str, body: object) -> None:
    check(client, path, json.dumps(body).encode())


@given(nearly_questions, st.data())
@BODIES
def test_json_with_bytes_changed_is_answered_or_refused_in_a_line(
    client: TestClient, body: object, data: st.DataObject
) -> None:
    content = bytearray(json.dumps(body).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    check(client, "/api/ask", bytes(content))


@given(paths, st.binary(max_size=60) | st.text(alphabet='[]{}",:0123456789eE+-.truefalsn\\u \n').map(str.encode))
@example("/api/ask", b"[" * 65_536)
@example("/api/ask", b'{"":' * 16_384)
@example("/api/ask", b"1" * 65_536)
@example("/api/ask", b'{"question":"a","id":' + b"-" + b"9" * 4_301 + b"}")
@example("/api/ask", b'{"question":"a","id":1e' + b"9" * 60_000 + b"}")
@example("/api/ask", b"{" + b",".join(b'"%d":0' % n for n in range(6_500)) + b"}")
@example("/api/ask", b"{" + b",".join(b'"%d":0' % (n % 6_499) for n in range(6_500)) + b"}")
@example("/api/ask", b'{"question":"a","objectives":[' + b"0," * 32_000 + b"0]}")
@example("/api/ask", b'{"question":"a","history":[' + b'"",' * 21_000 + b'""]}')
@example("/api/ask", b'{"question":"' + b"\\u0000" * 10_000 + b'"}')
@BODIES
def test_any_bytes_are_answered_or_refused_in_a_line(client: TestClient, path: str, content: bytes) -> None:
    check(client, path, content)


@given(st.text(alphabet=string.printable.strip() + " ", max_size=40))
@example("application/json; charset=")
@example("application/json; charset*=utf-8''x; charset*0=a")
@example('application/json; charset="')
@BODIES
def test_any_announced_kind_is_read_or_refused_in_a_line(client: TestClient, kind: str) -> None:
    check(client, "/api/ask", b'{"question": "a"}', kind)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@example("../../corpus/sources.toml")
@example("\0")
@example("{id}")
@BODIES
def test_any_id_is_found_or_said_not_to_be_there(client: TestClient, id: str) -> None:
    assume(not any(part in (".", "..") for part in id.split("/")))  # the client would go elsewhere

    response = client.get(f"/api/documents/{quote(id, safe='')}")

    assert response.status_code in (200, 404)
    if response.status_code == 404:
        said = models.Problem.model_validate_json(response.content, strict=True).error
        assert said.startswith(("There is no document '", 'There is no document "', "The text of 'video' isn't here"))
