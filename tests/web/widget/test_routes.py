import re
import threading
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.errors import CorpusError
from assistant.records import ReportProgress
from assistant.web.app.opening import Opening
from assistant.web.rendering.page_frame import NOTE_EXAMPLES
from assistant.web.rendering.strings import LANGUAGES, read_strings
from assistant.web.widget.compact_page import compact_style
from assistant.web.widget.routes import add_embed, make_loader
from tests.conftest import ROOT
from tests.web.fake_assistant import FakeAssistant

STATIC = ROOT / "assistant" / "web" / "static"
MEETING = "https://meetings.example.org"
CHILDREN = "What of children?"


def client_of(opening: Opening, *origins: str) -> TestClient:
    """A client of an application that has the widget only."""
    app = FastAPI()
    add_embed(app, opening, read_strings, origins=origins, examples=NOTE_EXAMPLES)
    return TestClient(app)


@pytest.fixture
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def client(fake: FakeAssistant) -> TestClient:
    """A client of a widget that answers from hand-made records, and may be framed by the meeting's pages."""
    opening = Opening(lambda _: fake)
    opening.start().result()
    return client_of(opening, MEETING)


def ask(client: TestClient, **sent: object) -> httpx2.Response:
    return client.post("/embed/turn", json=sent)


# The loader ----------------------------------------------------------------------------------------------------------


def test_the_loader_is_small_and_any_page_may_load_it(client: TestClient) -> None:
    response = client.get("/embed.js")

    assert len(response.content) <= 13_000  # some 5,000 when compressed
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=3600"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_loader_speaks_six_languages(client: TestClient) -> None:
    loader = client.get("/embed.js").text

    assert "__LABELS__" not in loader
    for language in LANGUAGES:
        assert f'"open":"{read_strings(language).text("widget.open")}"' in loader


def test_the_loader_names_no_host_and_writes_no_markup(client: TestClient) -> None:
    loader = client.get("/embed.js").text

    assert not any(word in loader for word in ("http:", "https:", "innerHTML", "@import", "url(", "eval(", "</"))


def test_comments_and_indentation_are_left_out_of_the_loader() -> None:
    source = "(() => {\n  // why\n  const LABELS = __LABELS__;\n\n})();\n"

    loader = make_loader(source, read_strings)

    assert loader.splitlines()[0] == "(() => {"
    assert loader.splitlines()[1].startswith('const LABELS = {"en":{"open":"Ask the background note"')
    assert "why" not in loader


def test_a_browser_that_has_the_loader_is_sent_nothing(client: TestClient) -> None:
    tag = client.get("/embed.js").headers["etag"]

    response = client.get("/embed.js", headers={"If-None-Match": f'"other", W/{tag}'})

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == tag


# The compact page ----------------------------------------------------------------------------------------------------


def test_only_its_own_pages_and_listed_ones_may_frame_it(client: TestClient) -> None:
    alone = client_of(Opening(lambda _: FakeAssistant()))

    assert policy(alone)["frame-ancestors"] == ["'self'"]
    assert policy(client)["frame-ancestors"] == ["'self'", MEETING]


def policy(client: TestClient) -> dict[str, list[str]]:
    header = client.get("/embed").headers["content-security-policy"]
    return {name: values for name, *values in (each.split() for each in header.split(";"))}


def test_the_compact_page_runs_and_loads_only_its_own(client: TestClient) -> None:
    response = client.get("/embed", params={"theme": "dark"})

    assert policy(client) == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "connect-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'", MEETING],
    }
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "x-frame-options" not in response.headers
    assert not any(word in response.text for word in ("<style", "style=", "http:", "https:"))
    assert not re.search(r"\son\w+=", response.text)
    assert response.text.count("<script") == 1


def test_its_first_load_is_light(client: TestClient) -> None:
    page = client.get("/embed?lang=ar")
    addresses = [part.split('"')[0] for part in page.text.replace('src="', 'href="').split('href="')]
    own = [address for address in addresses if address.startswith("embed")]

    sizes = [len(client.get(f"/{address}").raise_for_status().content) for address in own]

    assert len(own) == 2
    assert len(page.content) + sum(sizes) < 60_000


@pytest.mark.parametrize(
    ("asked", "accepted", "language", "direction"),
    [
        ("fr", "", "fr", "ltr"),
        ("AR-eg", "fr", "ar", "rtl"),
        ("sv", "ru;q=0.9, sv", "ru", "ltr"),
        ("", "", "en", "ltr"),
        ('"><b>', "", "en", "ltr"),
    ],
)
def test_its_language_is_the_asked_one_else_the_browser_s(
    client: TestClient, asked: str, accepted: str, language: str, direction: str
) -> None:
    response = client.get("/embed", params={"lang": asked}, headers={"Accept-Language": accepted})

    assert f'<html lang="{language}" dir="{direction}">' in response.text


def test_its_theme_is_the_asked_one_else_the_device_s(client: TestClient) -> None:
    assert '<html lang="en" dir="ltr" data-theme="dark">' in client.get("/embed?lang=en&theme=dark").text
    assert '<html lang="en" dir="ltr">' in client.get("/embed?lang=en&theme=mauve").text


@pytest.mark.parametrize("query", ["objective=7,15", "objective=7&objective=15", "objective=15,7,99,x"])
def test_it_says_what_the_search_is_narrowed_to(client: TestClient, query: str) -> None:
    page = client.get(f"/embed?{query}").text

    assert 'data-objectives="7,15"' in page
    assert "Limited to objectives: 7 Vulnerabilities; 15 Basic services" in page


def test_its_examples_are_on_the_chosen_objectives(client: TestClient) -> None:
    assert client.get("/embed?objective=7").text.count("data-ask=") == 1
    assert client.get("/embed").text.count("data-ask=") == 3


def test_an_open_question_is_text_and_nothing_else(client: TestClient) -> None:
    page = client.get("/embed?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%ED%A0%80").text

    assert page.count("<script") == 1
    assert 'data-question="&#34;&gt;&lt;script&gt;' in page


def test_its_style_is_what_the_page_has_without_the_parts_of_gradio(client: TestClient) -> None:
    style = client.get("/embed.css").text

    for kept in ("--paper:", ".visually-hidden", ".text-action", ".turn", ".passage-card", ".refusal", ".waiting"):
        assert kept in style
    assert "forced-colors" in style
    assert "gradio" not in style.lower().replace("gradio's", "")
    assert style.count("{") == style.count("}")
    assert not any(word in style for word in ("http:", "https:", "@import", "url("))


def test_dark_is_the_device_s_choice_where_no_theme_is_asked_for() -> None:
    page = '/* 1 Tokens --- */\n:root[data-theme="dark"] {\n  --paper: #000;\n}\n/* 2 Gradio --- */\n.x { }\n'

    style = compact_style(page, ".own { }")

    assert "@media screen and (prefers-color-scheme: dark) { :root:not([data-theme]) {\n  --paper: #000;\n} }" in style
    assert ".x" not in style
    assert style.endswith(".own { }")


# Questions -----------------------------------------------------------------------------------------------------------


def test_an_answer_is_a_piece_of_html_whose_citations_lead_to_the_full_page(client: TestClient) -> None:
    response = ask(client, question=CHILDREN, lang="fr", number=3)

    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert 'data-status="answered"' in response.text
    assert 'id="question-3"' in response.text
    assert 'href="./documents/background-note/para-4/' in response.text
    assert 'target="_blank" rel="noreferrer" aria-describedby="new-window"' in response.text
    assert read_strings("fr").text("you_asked") in response.text


def test_history_and_objectives_reach_the_assistant(client: TestClient, fake: FakeAssistant) -> None:
    earlier = ["", CHILDREN, "And for girls?", *(f"children {n}" for n in range(10))]

    response = ask(client, question="And for girls?", history=earlier, objectives=[7])

    assert fake.asked == [("And for girls?", tuple(f"children {n}" for n in range(10)))]
    assert fake.narrowed == [frozenset({7})]
    assert "data-alone" not in response.text  # number 1: nothing to leave out of account


def test_a_refusal_under_chosen_objectives_offers_all_of_them(client: TestClient) -> None:
    response = ask(client, question=CHILDREN, objectives=[22])

    assert 'data-status="not_in_documents"' in response.text
    assert "data-all" in response.text


def test_a_long_question_is_read_up_to_two_thousand_characters(client: TestClient, fake: FakeAssistant) -> None:
    ask(client, question="child " * 1000)

    assert len(fake.asked[0][0]) == 2000


def test_half_a_surrogate_pair_harms_nothing(client: TestClient) -> None:
    body = rb'{"question": "children \ud83d", "history": ["\udc00"], "lang": "\ud800"}'

    response = client.post("/embed/turn", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 200
    assert "children ?" in response.text


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\xff",
        b"[" * 60_000,
        b"[]",
        b"null",
        b"{}",
        b'{"question": 7}',
        b'{"question": " "}',
        b'{"question": "children", "history": "x"}',
        b'{"question": "children", "history": [7]}',
        b'{"question": "children", "objectives": [0]}',
        b'{"question": "children", "objectives": [true]}',
        b'{"question": "children", "objectives": [7.5]}',
        b'{"question": "children", "number": "1"}',
        b'{"question": "children", "number": ' + b"9" * 5000 + b"}",
        b'{"question": "children", "lang": []}',
    ],
)
def test_what_is_no_question_is_refused_in_words(client: TestClient, sent: bytes) -> None:
    response = client.post("/embed/turn", content=sent, headers={"Content-Type": "application/json"})

    assert response.status_code == 422
    assert response.text.startswith('<section class="problem"')


def test_too_much_is_refused(client: TestClient) -> None:
    assert ask(client, question="x" * 65_536).status_code == 413


def test_what_another_site_s_form_could_send_is_refused(client: TestClient) -> None:
    response = client.post("/embed/turn", content=b'{"question": "x"}', headers={"Content-Type": "text/plain"})

    assert response.status_code == 415


def test_while_the_documents_are_being_opened_it_says_so_and_when_to_ask_again() -> None:
    is_time = threading.Event()

    def wait(_: ReportProgress) -> FakeAssistant:
        is_time.wait()
        return FakeAssistant()

    opening = Opening(wait)
    client = client_of(opening)

    early = ask(client, question=CHILDREN)
    is_time.set()
    opening.start().result()
    late = ask(client, question=CHILDREN)

    assert (early.status_code, early.headers["retry-after"]) == (202, "1")
    assert "Getting ready" in early.text
    assert late.status_code == 200


def test_documents_that_cannot_be_opened_are_told_and_tried_again() -> None:
    tries: list[Any] = []

    def fail(report: ReportProgress) -> FakeAssistant:
        tries.append(report)
        raise CorpusError("corpus: no <such> folder.")

    opening = Opening(fail)
    with pytest.raises(CorpusError):
        opening.start().result()

    response = ask(client_of(opening), question=CHILDREN)

    assert response.status_code == 503
    assert "retry-after" not in response.headers
    assert "corpus: no &lt;such&gt; folder." in response.text
    assert f'data-ask="{CHILDREN}"' in response.text
    assert len(tries) == 2
