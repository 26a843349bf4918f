import asyncio
import json
import logging
import threading
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient

from assistant.errors import CorpusError, EncoderError, InputError
from assistant.journeys.json_rows import answer_row, classification_row
from assistant.records import Answer, Classification, Document, ReportProgress
from assistant.schema import MAX_DEPTH
from assistant.schema import Answer as AnswerReply
from assistant.schema import Classification as ClassificationReply
from assistant.web.api import schema as models
from assistant.web.api.bodies import MAX_BODY
from assistant.web.api.routes import add_api
from assistant.web.app.opening import Answering, Opening
from tests.web.fake_assistant import DIGEST, NOTE, NOTE_TEXT, VIDEO, FakeAssistant

QUESTION = "What does the note say about unaccompanied children?"
JSON = {"Content-Type": "application/json"}


def app_of(opening: Opening) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_api(app, opening)

    @app.get("/other/{number}")
    def other(number: int) -> int:
        return number

    return app


def client_of(assistant: Answering) -> TestClient:
    opening = Opening(lambda _: assistant)
    opening.start().result()
    return TestClient(app_of(opening), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return client_of(FakeAssistant())


def refused(response: Any, status: int) -> str:
    """Look at what is refused, and return why."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    said = response.json()
    assert list(said) == ["error"]
    assert "\n" not in said["error"]
    return str(said["error"])


def send(client: TestClient, body: object, path: str = "/api/ask") -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(path, content=content, headers=JSON)


# Answers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", [QUESTION, "What of pensions?", "?!"])
@pytest.mark.parametrize("explain", [False, True])
def test_an_answer_is_that_of_the_command_line(client: TestClient, question: str, explain: bool) -> None:
    expected = answer_row(replace(FakeAssistant().ask(question, explain=explain), id="q1"))

    response = send(client, {"question": question, "explain": explain, "id": "q1"})

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json() == expected
    assert list(response.json()) == list(expected)
    AnswerReply.model_validate_json(response.content, strict=True)


def test_a_classification_is_that_of_the_command_line(client: TestClient) -> None:
    expected = classification_row(replace(FakeAssistant().classify("migrant children"), id=7))

    response = send(client, {"topic": "migrant children", "id": 7}, "/api/classify")

    assert response.status_code == 200
    assert response.json() == expected
    ClassificationReply.model_validate_json(response.content, strict=True)


@pytest.mark.parametrize(("path", "field"), [("/api/ask", "question"), ("/api/classify", "topic")])
def test_no_reply_says_how_long_it_took(client: TestClient, path: str, field: str) -> None:
    described = client.get("/openapi.json").text

    assert (
        "elapsed"
        not in send(client, {field: "children", "explain": True} if field == "question" else {field: "x"}, path).text
    )
    assert "elapsed" not in described
    assert "Millisecond" not in described


@pytest.mark.parametrize("id", [None, "q", 0, -1.5, True, [], {"a": [{"b": "é"}]}, "\0", 10**400])
@pytest.mark.parametrize(("path", "field"), [("/api/ask", "question"), ("/api/classify", "topic")])
def test_the_id_comes_back_as_it_was_sent(client: TestClient, path: str, field: str, id: object) -> None:
    response = send(client, {field: "children", "id": id}, path)

    assert response.json()["id"] == id


def test_a_question_is_asked_with_all_that_goes_with_it() -> None:
    class Recording(FakeAssistant):
        def ask(self, question: str, **options: Any) -> Answer:
            asked.append((question, options))
            return FakeAssistant.ask(self, question, **options)

    asked: list[tuple[str, dict[str, Any]]] = []
    body = {"question": "And boys?", "history": ["children?"], "objectives": [7, 15, 7], "top_k": 20, "explain": True}

    response = send(client_of(Recording()), body)

    assert response.json()["understood_as"] == "And boys? (of children?)"
    options = {"history": ["children?"], "objectives": {7, 15}, "documents": frozenset(), "top_k": 20, "explain": True}
    assert asked == [("And boys?", options)]


def test_a_whole_number_may_be_written_with_a_point(client: TestClient) -> None:
    response = send(client, b'{"question": "children", "objectives": [7.0], "top_k": 5e0}')

    assert response.json()["status"] == "answered"


def test_a_long_question_is_left_to_the_assistant(client: TestClient) -> None:
    question = "children " * 5_000

    response = send(client, {"question": question})

    assert response.json()["question"] == question


def test_the_objectives_are_listed(client: TestClient) -> None:
    response = client.get("/api/objectives")

    listed = models.Objectives.model_validate_json(response.content, strict=True).objectives
    assert [(each.number, each.in_roundtable) for each in listed] == [(7, True), (15, False), (22, False)]
    assert listed[0].scope == "Care for migrants at risk & on the way."


def test_the_documents_are_listed_with_what_is_known_of_them(client: TestClient) -> None:
    response = client.get("/api/documents")

    video, note, digest = models.Documents.model_validate_json(response.content, strict=True).documents
    assert (video.id, video.kind, video.has_text, video.date) == (VIDEO.id, "link", False, None)
    assert (note.publisher, note.date, note.has_text) == ("United Nations", "13 November 2020", True)
    assert (digest.kind, digest.address) == ("digest", DIGEST.address)


def test_the_documents_come_a_page_at_a_time_and_can_be_searched(client: TestClient) -> None:
    second, none, found = (
        client.get("/api/documents", params=sent).json()
        for sent in ({"size": 2, "page": 2}, {"size": 2, "page": 3}, {"find": "13 NOVEMBER note"})
    )

    assert [each["id"] for each in second["documents"]] == [DIGEST.id]
    assert (second["found"], second["page"], second["pages"]) == (3, 2, 2)
    assert none["documents"] == []
    assert [each["id"] for each in found["documents"]] == [NOTE.id]
    assert "page: " in refused(client.get("/api/documents?page=0"), 422)


def test_a_document_comes_in_full_with_its_paragraphs(client: TestClient) -> None:
    response = client.get("/api/documents/background-note")

    document = models.Document.model_validate_json(response.content, strict=True)
    (paragraph,) = document.paragraphs
    assert document.text == NOTE_TEXT
    assert (paragraph.locator, paragraph.anchor, paragraph.heading) == ("para. 4", "para-4", "Background note")
    assert document.text[paragraph.start : paragraph.end].startswith("Additional activities")


@pytest.mark.parametrize("id", ["añ", "ملاحظة", "a/b", "a//b/", " ", "a?b#c", "a\nb\n", "\0", "😀", "ask", "é"])
def test_a_document_s_id_may_hold_any_character(id: str) -> None:
    assistant = FakeAssistant()
    assistant.documents = {id: Document(replace(NOTE, id=id), "Words.", ())}

    response = client_of(assistant).get(f"/api/documents/{quote(id, safe='')}")

    assert response.status_code == 200
    assert response.json()["id"] == id


def test_a_name_that_holds_no_character_is_sent_escaped() -> None:
    class Named(FakeAssistant):
        sources: Any = (replace(NOTE, id="bad\udcff"),)

    response = client_of(Named()).get("/api/documents")

    assert response.status_code == 200
    assert b'"id":"bad\\udcff"' in response.content


def test_a_list_can_be_asked_for_without_its_content(client: TestClient) -> None:
    response = client.head("/api/documents/background-note")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"


def test_others_are_answered_while_one_question_is_worked_on() -> None:
    is_asked, may_go_on = threading.Event(), threading.Event()

    class Slow(FakeAssistant):
        def ask(self, question: str, **options: Any) -> Answer:
            is_asked.set()
            may_go_on.wait(timeout=60)
            return FakeAssistant.ask(self, question, **options)

    opening = Opening(lambda _: Slow())
    opening.start().result()

    async def both() -> tuple[Any, Any]:
        transport = ASGITransport(app=app_of(opening))
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            slow = asyncio.create_task(client.post("/api/ask", json={"question": QUESTION}))
            await asyncio.to_thread(is_asked.wait, 10)
            quick = await client.get("/api/objectives")
            is_waiting = not slow.done()
            may_go_on.set()
            return (await slow).status_code, quick.status_code if is_waiting else None

    assert asyncio.run(both()) == (200, 200)


# Refusals ------------------------------------------------------------------------------------------------------------


def test_a_body_of_another_form_is_refused_in_a_line_that_names_the_field(client: TestClient) -> None:
    response = send(client, {"question": "a", "objectives": [99]})

    assert refused(response, 422) == "objectives: 99 isn't from 1 to 23."


def test_what_is_no_strict_json_is_refused(client: TestClient) -> None:
    response = send(client, b'{"question": "a", "question": "b"}')

    assert refused(response, 422) == "question: is there twice; send it once."


def test_whole_characters_and_a_mark_of_their_order_are_read(client: TestClient) -> None:
    escaped = send(client, b'{"question": "\\ud83d\\ude00"}')
    marked = send(client, b'\xef\xbb\xbf{"question": "children"}')

    assert escaped.json()["question"] == "😀"
    assert marked.json()["status"] == "answered"


def test_an_id_may_be_nested_as_deep_as_is_said(client: TestClient) -> None:
    body = b'{"question": "a", "id": %s%s}' % (b"[" * (MAX_DEPTH - 1), b"]" * (MAX_DEPTH - 1))

    assert send(client, body).status_code == 200


@pytest.mark.parametrize("path", ["/api/ask", "/api/classify"])
def test_a_body_over_the_cap_is_refused(client: TestClient, path: str) -> None:
    assert refused(send(client, b" " * (MAX_BODY + 1), path), 413) == "The body is larger than 64 kB; send less."


def test_a_body_without_end_is_read_no_further_than_the_cap() -> None:
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    blocks = iter(range(1_000))
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b" " * 1024, "more_body": next(blocks) >= 0}

    async def note_sent(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/ask",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    asyncio.run(app_of(opening)(scope, receive, note_sent))

    assert sent[0]["status"] == 413
    assert next(blocks) <= MAX_BODY // 1024 + 1


def test_a_client_that_goes_away_leaves_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def note_sent(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/ask",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    with caplog.at_level(logging.WARNING):
        asyncio.run(app_of(opening)(scope, receive, note_sent))

    assert sent[0]["status"] == 400
    assert caplog.records == []


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "Send JSON"),
        ({"Content-Type": "text/plain"}, "Send JSON"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "Send JSON"),
        ({"Content-Type": "multipart/form-data; boundary=a"}, "Send JSON"),
        ({"Content-Type": "application/problem+json"}, "Send JSON"),
        ({"Content-Type": "application/json; charset=latin-1"}, "charset: latin-1 isn't read; send UTF-8."),
        ({"Content-Type": 'application/json; charset="utf-16"'}, "charset: utf-16 isn't read; send UTF-8."),
        ({**JSON, "Content-Encoding": "gzip"}, "Content-Encoding: send the body as it is"),
    ],
)
def test_what_another_site_s_form_could_send_or_is_coded_otherwise_is_refused(
    client: TestClient, headers: dict[str, str], why: str
) -> None:
    response = client.post("/api/ask", content=b'{"question": "a"}', headers=headers)

    assert refused(response, 415).startswith(why)


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"', "application/json;"]
)
def test_json_in_utf_8_may_be_announced_in_several_ways(client: TestClient, kind: str) -> None:
    response = client.post("/api/ask", content=b'{"question": "children"}', headers={"Content-Type": kind})

    assert response.status_code == 200


def test_an_unknown_document_and_one_without_text_are_told_apart() -> None:
    class Linked(FakeAssistant):
        sources: Any = (replace(VIDEO, address="https://example.org/video"),)

    client = client_of(Linked())

    unknown = refused(client.get("/api/documents/..%2F..%2Fetc%2Fpasswd%0A"), 404)
    linked = refused(client.get("/api/documents/video"), 404)

    assert unknown == "There is no document '../../etc/passwd?'; /api/documents lists them."
    assert linked == "The text of 'video' isn't here; read it at https://example.org/video."


@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/ask/", "/api/ask/more", "/api/a%0Ab"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PROPFIND"])
def test_an_address_that_there_is_not_is_told_as_json(client: TestClient, method: str, path: str) -> None:
    assert refused(client.request(method, path), 404) == "There is no such address; /docs lists them."


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/ask", "POST"),
        ("PUT", "/api/classify", "POST"),
        ("OPTIONS", "/api/ask", "POST"),
        ("POST", "/api/objectives", "GET, HEAD"),
        ("DELETE", "/api/documents/a/b", "GET, HEAD"),
        ("PROPFIND", "/api/documents", "GET, HEAD"),
    ],
)
def test_another_method_is_told_which_there_is(client: TestClient, method: str, path: str, allowed: str) -> None:
    response = client.request(method, path)

    assert refused(response, 405) == f"Use {allowed} at this address."
    assert response.headers["Allow"] == allowed


def test_refusals_elsewhere_stay_as_they_are(client: TestClient) -> None:
    assert client.get("/other/x").json()["detail"][0]["type"] == "int_parsing"
    assert client.get("/nothing").json() == {"detail": "Not Found"}


@pytest.mark.parametrize(("error", "status"), [(InputError("top_k: no."), 422), (EncoderError("model:\n gone."), 503)])
def test_what_the_assistant_refuses_is_told(error: Exception, status: int) -> None:
    class Failing(FakeAssistant):
        def ask(self, question: str, **options: object) -> Answer:
            raise error

        def classify(self, topic: str) -> Classification:
            raise error

    client = client_of(Failing())

    asked = refused(send(client, {"question": "a"}), status)
    classified = refused(send(client, {"topic": "a"}, "/api/classify"), status)

    assert asked == classified == " ".join(str(error).split())


def test_a_fault_of_ours_shows_no_code() -> None:
    class Broken(FakeAssistant):
        def ask(self, question: str, **options: object) -> Answer:
            raise ZeroDivisionError("secret")

    response = send(client_of(Broken()), {"question": "a"})

    assert (response.status_code, response.text) == (500, "Internal Server Error")


ALL = [
    ("POST", "/api/ask", {"question": "children"}),
    ("POST", "/api/classify", {"topic": "children"}),
    ("GET", "/api/objectives", None),
    ("GET", "/api/documents", None),
    ("GET", "/api/documents/background-note", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ALL)
def test_while_the_documents_are_being_opened_it_says_to_try_again(method: str, path: str, body: object) -> None:
    may_open = threading.Event()

    def open_late(_: ReportProgress) -> Answering:
        may_open.wait(timeout=60)
        return FakeAssistant()

    opening = Opening(open_late)
    client = TestClient(app_of(opening))

    early = client.request(method, path, json=body)
    may_open.set()
    opening.start().result()
    late = client.request(method, path, json=body)

    assert refused(early, 503) == "The documents are being opened; try again in a few seconds."
    assert int(early.headers["Retry-After"]) > 0
    assert late.status_code == 200


@pytest.mark.parametrize(("method", "path", "body"), ALL)
def test_documents_that_cannot_be_opened_are_told_and_tried_again(method: str, path: str, body: object) -> None:
    tries: list[int] = []

    def fail(_: ReportProgress) -> Answering:
        tries.append(1)
        raise CorpusError("corpus: no such folder.")

    opening = Opening(fail)
    opening.start().exception()

    response = TestClient(app_of(opening)).request(method, path, json=body)

    assert refused(response, 503) == "corpus: no such folder."
    assert int(response.headers["Retry-After"]) > 0
    opening.start().exception()
    assert len(tries) >= 2


def test_a_bad_request_is_told_before_the_documents_are_open() -> None:
    client = TestClient(app_of(Opening(lambda _: FakeAssistant())))

    assert refused(send(client, {"question": 1}), 422) == "question: must be text."
