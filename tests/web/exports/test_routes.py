import io
import json
import re
import threading
from typing import Any

import docx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import CorpusError, InputError
from assistant.records import Answer, ReportProgress
from assistant.settings import MAX_QUESTION
from assistant.web.app.opening import Answering, Opening
from assistant.web.exports.routes import MAX_CONVERSATION, MAX_TURNS, add_exports, is_usable_page
from assistant.web.rendering.strings import read_strings
from tests.web.fake_assistant import CHILDREN, FakeAssistant

QUESTION = "What does the note say about unaccompanied children?"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Server:
    """An application that makes files only, from hand-made records."""

    def __init__(self) -> None:
        self.assistant = FakeAssistant()
        opening = Opening(lambda _: self.assistant)
        opening.start().result()
        self._client = client_of(opening)

    def send(self, body: object, kind: str = "markdown") -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._client.post(f"/export/{kind}", content=content, headers={"Content-Type": "application/json"})

    def refused(self, body: object, status: int = 422) -> str:
        """Send what is refused, and return why."""
        response = self.send(body)
        assert response.status_code == status
        assert response.headers["Cache-Control"] == "no-store"
        said = response.json()
        assert list(said) == ["error"]
        assert "\n" not in said["error"]
        return str(said["error"])


def client_of(opening: Opening) -> TestClient:
    app = FastAPI()
    add_exports(app, opening, read_strings)
    return TestClient(app)


@pytest.fixture(scope="module")
def server() -> Server:
    return Server()


def asked(*questions: str) -> list[dict[str, object]]:
    return [{"question": question} for question in questions]


# The files -----------------------------------------------------------------------------------------------------------


def test_a_conversation_comes_back_as_markdown(server: Server) -> None:
    response = server.send({"turns": asked(QUESTION), "lang": "en", "page": "https://example.org/ask"})

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="answers-\d{4}-\d\d-\d\d\.md"', response.headers["Content-Disposition"])
    assert f"> {CHILDREN}\n\n[United Nations, Background note" in response.text
    assert "(https://example.org/ask/documents/background-note/para-4/" in response.text


def test_a_conversation_comes_back_as_a_word_file(server: Server) -> None:
    response = server.send({"turns": asked(QUESTION, "Pensions?"), "lang": "fr"}, "docx")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == WORD
    assert re.fullmatch(
        r'attachment; filename="answers-\d{4}-\d\d-\d\d\.docx"', response.headers["Content-Disposition"]
    )
    file = docx.Document(io.BytesIO(response.content))
    assert file.core_properties.language == "fr"
    assert CHILDREN in [paragraph.text for paragraph in file.paragraphs]


@pytest.mark.parametrize("kind", ["docx", "markdown"])
def test_nobody_on_the_way_keeps_the_file_or_guesses_what_it_is(server: Server, kind: str) -> None:
    response = server.send({"turns": asked(QUESTION)}, kind)

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_each_question_is_asked_again_with_those_before_it_unless_it_was_asked_alone() -> None:
    server = Server()
    turns = [*asked("children?", "And boys?", "?!"), {"question": "And girls?", "alone": True}, *asked("children?")]

    text = server.send({"turns": turns}).text

    assert server.assistant.asked == [
        ("children?", ()),
        ("And boys?", ("children?",)),
        ("?!", ("children?", "And boys?")),
        ("And girls?", ()),
        ("children?", ("And boys?", "And girls?")),
    ]
    assert "**Understood as:** And boys? (of children?)" in text


def test_a_question_is_asked_again_of_the_objectives_that_it_was_narrowed_to() -> None:
    server = Server()

    text = server.send({"turns": [{"question": "children?", "objectives": [15, 15]}]}).text

    assert server.assistant.narrowed == [frozenset({15})]
    assert "**Limited to objectives:** 15 Basic services" in text


def test_a_question_that_cannot_be_answered_says_why_in_its_place() -> None:
    class Failing(FakeAssistant):
        def ask(self, question: str, **options: object) -> Answer:
            raise InputError("objectives: none such.")

    opening = Opening(lambda _: Failing())
    opening.start().result()

    response = client_of(opening).post("/export/markdown", json={"turns": asked("children?")})

    assert response.status_code == 200
    assert "**The documents cannot be opened:** objectives: none such." in response.text


def test_half_a_surrogate_pair_never_reaches_the_documents() -> None:
    server = Server()

    response = server.send(b'{"turns": [{"question": "children \\ud800?"}]}')

    assert response.status_code == 200
    assert server.assistant.asked == [("children ??", ())]


@pytest.mark.parametrize(
    ("page", "is_usable"),
    [
        ("https://example.org", True),
        ("http://127.0.0.1:7860/?lang=fr", True),
        ("", False),
        ("ftp://example.org/", False),
        ("javascript:alert(1)", False),
        ("//example.org/", False),
        ("https:///ask", False),
        ("https://me@example.org/", False),
        ("https://me:secret@example.org/", False),
        ("https://example.org/#here", False),
        ("https://example.org/#", False),
        ("https://example.org/a b", False),
        ("https://example.org/\n", False),
        ("https://[::1", False),
        ("https://example.org:99999/", False),
        ("https://example.org/" + "a" * 2000, False),
    ],
)
def test_citations_lead_only_to_a_plain_address(server: Server, page: str, is_usable: bool) -> None:
    text = server.send({"turns": asked(QUESTION), "page": page}).text

    assert is_usable_page(page) is is_usable
    assert ("/documents/" in text) is is_usable


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "The body isn't JSON."),
        (b"{", "The body isn't JSON."),
        (b"\xff\xfe\xfd", "The body isn't JSON."),
        (b"[" * 100_000, "The body isn't JSON."),
        (b"1" * 10_000, "The body isn't JSON."),
        ([], "The body: "),
        ({}, "turns: Field required."),
        ({"turns": []}, "turns: "),
        ({"turns": {"question": "a"}}, "turns: "),
        ({"turns": asked(*"a" * (MAX_TURNS + 1))}, "turns: List should have at most 50 items"),
        ({"turns": ["a"]}, "turns.0: "),
        ({"turns": [{}]}, "turns.0.question: Field required."),
        ({"turns": asked("a", " \n")}, "turns.1.question: "),
        ({"turns": [{"question": 7}]}, "turns.0.question: Input should be a valid string."),
        ({"turns": asked("a" * (MAX_QUESTION + 1))}, "turns.0.question: String should have at most 2000 characters."),
        ({"turns": [{"question": "a", "objectives": 7}]}, "turns.0.objectives: "),
        ({"turns": [{"question": "a", "objectives": [0]}]}, "turns.0.objectives.0: "),
        ({"turns": [{"question": "a", "objectives": [24]}]}, "turns.0.objectives.0: "),
        ({"turns": [{"question": "a", "objectives": [True]}]}, "turns.0.objectives.0: "),
        ({"turns": [{"question": "a", "objectives": [[7]]}]}, "turns.0.objectives.0: "),
        ({"turns": [{"question": "a", "alone": 1}]}, "turns.0.alone: Input should be a valid boolean."),
        ({"turns": asked("a"), "lang": 1}, "lang: "),
        ({"turns": asked("a"), "lang": "../en"}, "lang: "),
        ({"turns": asked("a"), "page": 1}, "page: "),
    ],
)
def test_what_is_of_another_form_is_refused_with_the_reason(server: Server, body: object, why: str) -> None:
    assert server.refused(body).startswith(why)


def test_the_longest_conversation_is_taken(server: Server) -> None:
    turns = asked(*["é" * MAX_QUESTION] * MAX_TURNS)

    response = server.send(json.dumps({"turns": turns}, ensure_ascii=False).encode())

    assert response.status_code == 200


def test_a_body_that_is_too_large_is_refused(server: Server) -> None:
    assert "larger than 300,000 bytes" in server.refused(b" " * (MAX_CONVERSATION + 1), status=413)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_another_site_s_form_could_send_is_refused(content_type: str) -> None:
    server = Server()

    response = server._client.post(
        "/export/docx", content=b'{"turns": [{"question": "a"}]}', headers={"Content-Type": content_type}
    )

    assert response.status_code == 415
    assert server.assistant.asked == []


def test_while_the_documents_are_being_opened_it_says_to_try_again() -> None:
    is_open = threading.Event()

    def open_late(_: ReportProgress) -> Answering:
        is_open.wait(timeout=60)
        return FakeAssistant()

    opening = Opening(open_late)
    client = client_of(opening)

    early = client.post("/export/docx", json={"turns": asked(QUESTION)})
    is_open.set()
    opening.start().result()
    late = client.post("/export/docx", json={"turns": asked(QUESTION)})

    assert early.status_code == 503
    assert early.json() == {"error": "The documents are being opened; try again in a few seconds."}
    assert int(early.headers["Retry-After"]) > 0
    assert late.status_code == 200


def test_documents_that_cannot_be_opened_are_told() -> None:
    def fail(_: ReportProgress) -> Answering:
        raise CorpusError("corpus: no such folder.")

    opening = Opening(fail)
    opening.start().exception()

    response = client_of(opening).post("/export/markdown", json={"turns": asked(QUESTION)})

    assert response.status_code == 503
    assert response.json() == {"error": "corpus: no such folder."}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
nearly = st.fixed_dictionaries(
    {
        "turns": anything
        | st.lists(
            st.fixed_dictionaries({"question": anything}, optional={"objectives": anything, "alone": anything}),
            max_size=3,
        )
    },
    optional={"lang": anything | st.sampled_from(["en", "ar", "xx"]), "page": anything},
)


@given(nearly | anything | st.binary(max_size=30))
@settings(max_examples=150, deadline=None)
def test_nothing_that_is_sent_is_a_fault_of_the_server(server: Server, body: object) -> None:
    assert server.send(body).status_code in (200, 422)
