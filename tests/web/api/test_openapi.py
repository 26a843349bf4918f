import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

from assistant.collation import Phrases, check_draft
from assistant.records import Document
from assistant.schema import Answer, Check, Classification, Draft, Question, Topic
from assistant.web.api import schema as models
from assistant.web.api.routes import add_api
from assistant.web.app.opening import Opening
from tests.web.fake_assistant import FakeAssistant


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_api(app, Opening(lambda _: FakeAssistant()))
    return TestClient(app)


@pytest.fixture(scope="module")
def schema(client: TestClient) -> Any:
    return client.get("/openapi.json").json()


def content_of(message: Any) -> Any:
    return message["content"]["application/json"]


def test_only_the_interface_is_described(schema: Any) -> None:
    described = [(path, *operations) for path, operations in schema["paths"].items()]

    assert described == [
        ("/api/ask", "post"),
        ("/api/classify", "post"),
        ("/api/check", "post"),
        ("/api/objectives", "get"),
        ("/api/suggest", "get"),
        ("/api/documents", "get"),
        ("/api/documents/{id}", "get"),
    ]


def test_every_status_that_is_sent_is_described(schema: Any) -> None:
    statuses = {path: {*each["responses"]} for path, of in schema["paths"].items() for each in of.values()}

    sent = {"200", "408", "413", "415", "422", "429", "503", "504"}
    assert statuses["/api/ask"] == statuses["/api/classify"] == statuses["/api/check"] == sent
    assert statuses["/api/objectives"] == {"200", "503"}
    assert statuses["/api/documents"] == {"200", "422", "503"}
    assert statuses["/api/documents/{id}"] == {"200", "404", "503"}


def test_every_example_has_its_shape(schema: Any) -> None:
    shapes: Sequence[tuple[str, type[BaseModel] | None, type[BaseModel]]] = [
        ("/api/ask", Question, Answer),
        ("/api/classify", Topic, Classification),
        ("/api/check", Draft, Check),
        ("/api/objectives", None, models.Objectives),
        ("/api/documents", None, models.Documents),
        ("/api/documents/{id}", None, models.Document),
    ]

    for path, sent, reply in shapes:
        (operation,) = schema["paths"][path].values()
        if sent:
            sent.model_validate_json(json.dumps(content_of(operation["requestBody"])["example"]))
        for status, response in operation["responses"].items():
            shape = reply if status == "200" else models.Problem
            shape.model_validate_json(json.dumps(content_of(response)["example"]), strict=True)


def test_the_example_of_a_draft_is_true(schema: Any, note: Document) -> None:
    check = schema["paths"]["/api/check"]["post"]
    sent = content_of(check["requestBody"])["example"]["text"]
    (told,) = content_of(check["responses"]["200"])["example"]["quotations"]
    (found,) = check_draft(sent, Phrases([note]))

    assert told == {**told, "start": found.start, "end": found.end, "locator": found.locator, "source": found.source}
    assert [each["kind"] for each in told["differences"]] == [each.kind for each in found.differences]
    assert note.text[told["source_start"] : told["source_end"]] == told["source"]


def test_the_examples_quote_to_the_letter(schema: Any, note: Document) -> None:
    answer = content_of(schema["paths"]["/api/ask"]["post"]["responses"]["200"])["example"]
    document = content_of(schema["paths"]["/api/documents/{id}"]["get"]["responses"]["200"])["example"]
    (hit,) = answer["hits"]
    ((start, end),) = hit["highlights"]
    (paragraph,) = document["paragraphs"]

    assert note.text[hit["start"] : hit["end"]] == hit["text"]
    assert hit["text"][start:end] == answer["answer"]
    assert document["text"][paragraph["start"] : paragraph["end"]] == document["text"].splitlines()[-1]


def test_all_that_is_described_is_defined(schema: Any) -> None:
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schema)))

    assert named == set(schema["components"]["schemas"])


def test_the_page_loads_nothing_but_files_of_its_own_service_that_are_there(client: TestClient) -> None:
    response = client.get("/docs")

    loaded = re.findall(r'(?:src|href)="(?!data:)([^"]+)"', response.text)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert loaded
    assert [address for address in loaded if "//" in address or address.startswith("/")] == []
    assert [client.get(f"/{address}").status_code for address in loaded] == [200] * len(loaded)


def test_the_page_may_run_no_script_and_load_no_style_that_stands_in_it(client: TestClient) -> None:
    policy = client.get("/docs").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'; script-src 'self'; style-src 'self'; " in policy


def test_an_optional_field_is_described_as_one_that_may_be_null(schema: Any) -> None:
    fields = schema["components"]["schemas"]["Question"]["properties"]

    assert fields["question"]["type"] == "string"
    assert {fields[name]["type"][1] for name in ("history", "objectives", "top_k", "explain")} == {"null"}
