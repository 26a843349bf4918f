import re
from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient

from assistant.errors import CorpusError
from assistant.records import Document, ReportProgress, Source
from assistant.web.app.opening import Answering, Opening
from assistant.web.page.shell import language_for
from assistant.web.rendering.page_frame import NOTE_EXAMPLES
from assistant.web.rendering.strings import read_strings
from assistant.web.server import create_app
from tests.web.fake_assistant import CHILDREN, FakeAssistant


@pytest.fixture(scope="module")
def client() -> TestClient:
    """A client of the page, its documents open."""
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    return TestClient(create_app(opening, examples=NOTE_EXAMPLES))


@pytest.mark.parametrize("language", ["en", "fr", "ar", "zh"])
def test_the_first_page_is_whole_in_its_language(client: TestClient, language: str) -> None:
    strings = read_strings(language)

    html = client.get("/", headers={"Accept-Language": language}).text

    assert html.startswith(f'<!doctype html><html lang="{language}" dir="{strings.direction}" data-place="ask">')
    for key in ("promise", "question.label", "ask", "language", *(key for _, key in NOTE_EXAMPLES)):
        assert strings.text(key) in html
    assert '<form id="ask-form" action="./">' in html


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_until_an_answer_is_read_little_is_sent(client: TestClient, language: str) -> None:
    sent = {"question": "children", "lang": language}
    script = re.search(r"page/page\.js\?v=\w+", client.get("/").text)
    assert script
    replies = (
        client.get("/", headers={"Accept-Language": language}),
        client.get(f"/{script[0]}"),
        client.post("/turn", json=sent),
    )

    assert [each.headers["content-encoding"] for each in replies] == ["br"] * 3
    # Of 40 kB, some are for the headers, and some for what is yet to come.
    assert sum(int(each.headers["content-length"]) for each in replies) < 35_000


def test_a_question_in_the_address_is_answered_in_full(client: TestClient) -> None:
    answered, refused = (client.get("/", params={"q": asked}).text for asked in ("What of children?", "Who won?"))

    assert CHILDREN in answered
    assert 'href="documents/background-note/para-4/156-252#background-note--para-4"' in answered
    assert "<title>What of children? · Ask the documents</title>" in answered
    assert 'data-status="not_in_documents"' in refused


def test_what_an_address_asks_stays_text(client: TestClient) -> None:
    html = client.get("/", params={"q": '"><script>alert(1)</script> children'}).text

    assert "<script>alert" not in html


def test_a_document_is_read_at_its_place(client: TestClient) -> None:
    html = client.get("/documents/background-note/para-4/156-252").text

    assert f"<mark>{CHILDREN}</mark>" in html
    assert 'id="background-note--para-4"' in html
    assert '<base href="../../../">' in html
    assert client.get("/documents/nothing").status_code == 404
    assert 'href="documents/background-note"' in client.get("/documents").text


def test_a_topic_and_the_coverage_have_addresses(client: TestClient) -> None:
    assert 'class="topic-result' in client.get("/objective", params={"topic": "children"}).text
    assert 'class="table coverage"' in client.get("/coverage").text
    assert 'data-cell="7/background-note"' in client.get("/coverage/7/background-note").text
    assert client.get("/parts/coverage", params={"objective": "none"}).text.startswith("<section")


def test_the_language_is_switched_without_a_script(client: TestClient) -> None:
    reply = client.get("/", params={"q": "children", "language": "fr"}, follow_redirects=False)

    assert reply.status_code == 303
    assert reply.headers["location"].endswith("/?q=children")
    assert reply.headers["set-cookie"].startswith("language=fr;")


def test_while_the_documents_are_being_opened_nobody_waits_for_the_page() -> None:
    def fail(_: ReportProgress) -> Answering:
        raise CorpusError("corpus: no such folder.")

    client = TestClient(create_app(Opening(fail)))
    client.get("/", params={"q": "children"})

    html = client.get("/", params={"q": "children"}).text

    assert "corpus: no such folder." in html
    assert "corpus: no such folder." in client.get("/parts").json()["readiness"]


def test_files_have_names_that_change_with_them(client: TestClient) -> None:
    for path in re.findall(r'(?:src|href)="(page/[^"]+)"', client.get("/").text):
        reply = client.get(f"/{path}")
        assert reply.status_code == 200
        assert "immutable" in reply.headers["cache-control"]
    assert client.get("/page/nothing").status_code == 404
    assert client.get("/manifest.webmanifest", params={"lang": "en"}).json()["name"] == "Ask the documents"
    assert "__VERSION__" not in client.get("/worker.js").text


@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ("lang=fr", {"cookie": "language=ru", "accept-language": "es"}, "fr"),
        ("lang=tlh", {"cookie": "language=ru", "accept-language": "es"}, "ru"),
        ("", {"cookie": "language=<b>", "accept-language": "es"}, "es"),
        ("", {"cookie": "a=b; =; ,", "accept-language": "zh-Hant"}, "zh"),
        ("", {}, "en"),
    ],
)
def test_the_address_s_language_wins_then_the_cookie_s_then_the_browser_s(
    query: str, headers: dict[str, str], language: str
) -> None:
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]

    assert language_for({"type": "http", "query_string": query.encode(), "headers": sent}) == language


def sizes(count: int) -> dict[str, int]:
    """The bytes of the page's addresses with so many documents."""

    class Many(FakeAssistant):
        sources = tuple(
            Source(f"r-{n}", "Resolution adopted by the General Assembly", symbol=f"A/RES/{n}") for n in range(count)
        )
        documents: Mapping[str, Document] = {each.id: Document(each, "1. Words.", ()) for each in sources}

    opening = Opening(lambda _: Many())
    opening.start().result()
    client = TestClient(create_app(opening))
    addresses = ("/", "/parts", "/documents", "/coverage", "/reader", "/parts/coverage", "/api/documents")
    return {address: len(client.get(address).content) for address in addresses}


def test_what_is_sent_does_not_grow_with_the_documents() -> None:
    some, many = sizes(100), sizes(3000)

    assert {address for address in some if many[address] > some[address] + 200} == set()
    assert many["/"] < sizes(4)["/"] + 8_000


def test_a_few_of_many_documents_are_chosen_by_searching_them(client: TestClient) -> None:
    class Many(FakeAssistant):
        documents: Mapping[str, Document] = {
            f"r-{n}": Document(Source(f"r-{n}", "Resolution", symbol=f"A/RES/{n}"), "1. Words.", ()) for n in range(99)
        }

    opening = Opening(lambda _: Many())
    opening.start().result()
    many = TestClient(create_app(opening))
    found = many.get("/parts/documents?lang=en&find=res/7&document=r-3&document=nothing").text

    assert 'name="document"' not in many.get("/").text
    assert re.findall(r'value="(r-\d+)"( checked)?', found)[:2] == [("r-3", " checked"), ("r-7", "")]
    assert "1 to 11 of 11" not in found
    assert client.get("/parts/documents").text.count("checkbox") == 2  # of few, all are offered
