import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.errors import CorpusError
from assistant.records import Document, ReportProgress, Source
from assistant.web.app.opening import Answering, Opening
from assistant.web.page.library import Library, add_library, marks_in
from assistant.web.rendering.templates import render
from tests.web.fake_assistant import CHILDREN, DIGEST, NOTE, NOTE_TEXT, VIDEO, FakeAssistant
from tests.web.rendering.test_document_words import Reader
from tests.web.rendering.test_documents import STRINGS, words

ODD = "années/ 年 ?#&é"


class Shelf(FakeAssistant):
    documents: Mapping[str, Document] = {
        **FakeAssistant.documents,
        ODD: Document(replace(NOTE, id=ODD, language="fr"), "Un mot.", ()),
    }


def client_of(opening: Opening) -> TestClient:
    app = FastAPI()
    add_library(app, Library(opening, lambda _: STRINGS))
    return TestClient(app)


def opened(assistant: Answering) -> Opening:
    opening = Opening(lambda _: assistant)
    opening.start().result()
    return opening


@pytest.fixture(scope="module")
def client() -> TestClient:
    """A client of an application whose documents are open."""
    return client_of(opened(Shelf()))


def test_the_list_is_a_piece_of_html(client: TestClient) -> None:
    response = client.get("/reader")

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.text.startswith('<nav class="library"')


def test_the_list_shows_originals_then_digests_then_what_is_only_a_link() -> None:
    class Linked(FakeAssistant):
        sources = (replace(VIDEO, address="https://example.org/video"), DIGEST, NOTE, VIDEO)

    html = client_of(opened(Linked())).get("/reader").text

    assert re.findall(r'<a class="library-link" href="([^"]+)"', html) == [
        "documents/background-note",
        "documents/people-on-the-move",
        "https://example.org/video",
    ]
    said = words(html)
    assert "Background note, Roundtable 4 Background note · Original · 13 November 2020" in said
    assert "COVID-19 and People on the Move Policy brief · Digest: our summary, not the document’s words" in said
    assert said.endswith("The Global Compact in a Nutshell Video · Link only: the text is not here")
    assert "<form" not in html  # few need no search


def test_a_long_list_comes_a_page_at_a_time_and_can_be_searched() -> None:
    class Long(FakeAssistant):
        sources = tuple(Source(f"r-{n}", "Resolution", symbol=f"A/RES/{n}", date="2018") for n in range(3000))

    client = client_of(opened(Long()))
    first, second, found = (client.get(f"/reader{query}") for query in ("", "?page=2", "?find=res/2999"))

    assert len(first.content) < 20_000
    assert "1 to 50 of 3000" in words(first.text)
    assert 'href="documents?lang=en&amp;find=&amp;page=2" data-part="reader">Next page</a>' in first.text
    assert "A/RES/50 · 2018" in words(second.text)
    assert re.findall(r"A/RES/\d+", found.text) == ["A/RES/2999"]
    assert len({each.headers["etag"] for each in (first, second, found)}) == 3


def test_a_document_comes_with_its_marks(client: TestClient) -> None:
    start = NOTE_TEXT.index(CHILDREN)

    response = client.get(f"/reader/background-note?lang=en&mark={start}-{start + len(CHILDREN)}")

    assert f"<mark>{CHILDREN}</mark>" in response.text


def test_a_document_of_any_name_is_found(client: TestClient) -> None:
    response = client.get(f"/reader/{quote(ODD, safe='')}")

    assert response.status_code == 200
    assert "Un mot." in response.text


@pytest.mark.parametrize("id", ["nothing", "<script>", "%FF", "", "a/../b", "x" * 5000])
def test_a_document_that_is_not_here_is_told_in_a_sentence(client: TestClient, id: str) -> None:
    response = client.get(f"/reader/{id}")

    assert response.status_code == 404
    assert response.text == f'<p class="panel">{STRINGS.text("document.unknown")}</p>'


@pytest.mark.parametrize(
    ("value", "marks"),
    [
        ("120-180,200-240", ((120, 180), (200, 240))),
        ("", ()),
        ("-5", ()),
        ("5-5,9-3", ()),
        ("1-2,x,3-4", ((1, 2), (3, 4))),
        ("٣-٤", ()),
        ("1-" + "9" * 5000, ()),
    ],
)
def test_marks_that_make_no_sense_are_left_out(
    client: TestClient, value: str, marks: tuple[tuple[int, int], ...]
) -> None:
    assert marks_in(value) == marks
    assert client.get("/reader/background-note", params={"mark": value}).status_code == 200


def test_marks_without_end_are_cut() -> None:
    assert len(marks_in("1-2," * 100_000)) == 100


def test_a_page_keeps_what_it_has_until_it_would_be_written_otherwise(client: TestClient) -> None:
    first = client.get("/reader/background-note?mark=30-40")
    tag = first.headers["etag"]

    again = client.get("/reader/background-note?mark=30-40", headers={"If-None-Match": f'"other", W/{tag}'})
    unmarked = client.get("/reader/background-note", headers={"If-None-Match": tag})

    assert first.headers["cache-control"] == "private, no-cache"
    assert (again.status_code, again.text, again.headers["etag"]) == (304, "", tag)
    assert unmarked.status_code == 200


def test_documents_that_were_opened_anew_are_written_anew() -> None:
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    client = client_of(opening)
    tag = client.get("/reader/background-note").headers["etag"]

    before = client.get("/reader/background-note", headers={"If-None-Match": tag})
    opening.renew()
    after = client.get("/reader/background-note", headers={"If-None-Match": tag})

    assert (before.status_code, after.status_code) == (304, 200)
    assert after.headers["etag"] != tag


def test_documents_that_are_being_opened_are_waited_for() -> None:
    may_go_on = threading.Event()

    def wait(_: ReportProgress) -> FakeAssistant:
        may_go_on.wait(10)
        return FakeAssistant()

    opening = Opening(wait)
    client = client_of(opening)
    future = opening.start()

    early = [client.get(path) for path in ("/reader", "/reader/background-note")]
    may_go_on.set()
    future.result()

    assert [response.status_code for response in early] == [202, 202]
    assert STRINGS.text("documents.waiting") in early[0].text
    assert early[0].headers["retry-after"] == "1"
    assert early[0].headers["cache-control"] == "no-store"
    assert client.get("/reader/background-note").status_code == 200


def test_documents_that_cannot_be_opened_are_told_and_tried_again() -> None:
    outcomes: Iterator[Exception | FakeAssistant] = iter([CorpusError("corpus: no <such> folder."), FakeAssistant()])

    def open_at_second_try(_: ReportProgress) -> FakeAssistant:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    opening = Opening(open_at_second_try)
    failed = opening.start()
    assert failed.exception()
    client = client_of(opening)

    response = client.get("/reader/background-note")
    opening.start().result()

    assert response.status_code == 503
    assert "corpus: no &lt;such&gt; folder." in response.text
    assert "retry-after" not in response.headers
    assert client.get("/reader/background-note").status_code == 200


def test_the_place_has_all_that_its_script_says() -> None:
    html = render("documents/view.html", strings=STRINGS, library="", document="")

    assert Reader(html).tags.count(("template", {"data-when": "arrival"})) == 1
    assert html.count("data-again") == 2
    assert STRINGS.text("arrival.back") in html
