"""Several meetings in one service: what one holds shows nowhere in another, whichever way somebody tries."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.settings import ServiceSettings, parse_proxies
from assistant.web.observing import Metrics
from assistant.web.server import create_meetings
from tests.web.meetings.two import OWN, QUESTIONS, TEXTS, open_both, two_meetings

GETS = (
    "",
    "documents",
    "documents/{id}",
    "reader",
    "reader/{id}",
    "parts",
    "coverage",
    "objective?topic=harbour",
    "api/documents",
    "api/documents/{id}",
    "api/objectives",
    "api/suggest?q=harbour+orchard",
    "?q={question}",
    "?document={other}&q={question}",
    "subject?q={question}",
    "subject?as=md&q={question}",
    "embed?q={question}",
    "openapi.json",
    "manifest.webmanifest",
    "gradio.json",
    "worker.js",
    "nowhere",
)
MCP = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    with TestClient(create_meetings(two_meetings(tmp_path, monkeypatch), Metrics()), base_url="http://localhost") as it:
        open_both(it)
        yield it


def plain(content: bytes) -> str:
    """What a reply says, a Word file unpacked."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            content = b"".join(map(file.read, file.namelist()))
    return content.decode().lower()


def said_by(client: TestClient, name: str, other: str) -> Iterator[tuple[str, str]]:
    """Everything that a meeting says to somebody who looks for what the other holds: where, and what."""
    at, question = f"/m/{name}/", QUESTIONS[other]
    names = {"id": f"{other}-report", "other": f"{other}-report", "question": question}
    for path in GETS:
        reply = client.get(at + path.format(**names))
        yield path, plain(reply.content) + str(reply.headers)
    asked = {"question": question, "history": [QUESTIONS[name]], "explain": True}
    answer = client.post(f"{at}api/ask", json=asked)
    yield "ask", answer.text
    called = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": asked}}
    posts: dict[str, object] = {
        "api/ask": {**asked, "documents": [names["id"]]},
        "api/classify": {"topic": question},
        "api/check": {"text": f"“{TEXTS[other].split('1. ')[1].strip()}”"},
        "turn": {"question": question, "lang": "en"},
        "embed/turn": {"question": question, "lang": "en"},
        "topic": {"topic": question, "lang": "en"},
        "mcp": called,
    }
    for path, body in posts.items():
        reply = client.post(at + path, json=body, headers=MCP)
        # What was sent is echoed, without what only the other's document holds.
        yield path, plain(reply.content) if path != "api/check" else json.dumps(reply.json()["quotations"][0]["source"])
    conversation = {"turns": [{"question": question, "answer": answer.json()}], "lang": "en"}
    for kind in ("docx", "markdown"):
        reply = client.post(f"{at}export/{kind}", json=conversation)
        yield kind, plain(reply.content)


@pytest.mark.parametrize(("name", "other"), [("harbour", "orchard"), ("orchard", "harbour")])
def test_what_a_meeting_holds_shows_nowhere_in_another(client: TestClient, name: str, other: str) -> None:
    own = client.post(f"/m/{name}/api/ask", json={"question": QUESTIONS[name]}).json()
    client.post(f"/m/{other}/api/ask", json={"question": QUESTIONS[other]})

    said = list(said_by(client, name, other))

    assert OWN[name] in json.dumps(own)
    assert [where for where, words in said if OWN[other] in words] == []
    assert [where for where, words in said if f"{other} report" in words] == []
    statuses = {
        path: client.get(f"/m/{name}/{path}{other}-report").status_code for path in ("api/documents/", "reader/")
    }
    assert set(statuses.values()) == {404}


def test_no_cache_of_one_meeting_answers_for_another(client: TestClient) -> None:
    pages = {name: client.get(f"/m/{name}/reader") for name in TEXTS}

    tags = {name: page.headers["etag"] for name, page in pages.items()}
    crossed = client.get("/m/orchard/reader", headers={"If-None-Match": tags["harbour"]})

    assert tags["harbour"] != tags["orchard"]
    assert crossed.status_code == 200
    assert (
        "no-store"
        in client.post("/m/harbour/api/ask", json={"question": QUESTIONS["harbour"]}).headers["cache-control"]
    )


def test_figures_bear_the_meetings_name_and_nothing_of_its_documents(client: TestClient) -> None:
    for _ in range(3):
        client.post("/m/harbour/api/ask", json={"question": QUESTIONS["harbour"]})
    client.post("/m/orchard/api/ask", json={"question": QUESTIONS["orchard"]})

    figures = client.get("/metrics").text

    assert 'assistant_question_seconds_count{meeting="harbour"} 3.0' in figures
    assert 'assistant_question_seconds_count{meeting="orchard"} 1.0' in figures
    assert 'assistant_documents{meeting="orchard"} 1.0' in figures
    assert figures.count("# TYPE assistant_questions_total") == 1
    assert 'assistant_requests_total{method="POST",route="/api/ask",status="200"} 4.0' in figures
    assert [word for word in (*OWN.values(), "report", "ferry", "watered", "Meeting on") if word in figures] == []


def test_the_service_lists_its_meetings_and_is_found_by_programs(client: TestClient) -> None:
    page = client.get("/", headers={"Accept-Language": "fr"})

    assert 'href="m/harbour/?lang=fr" dir="auto">Meeting on &lt;harbours&gt;</a>' in page.text
    assert "Meeting on {orchards}" in client.get("/m/orchard/").text
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/embed.js").headers["content-type"].startswith("text/javascript")
    moved = client.get("/m/harbour?q=a+b", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (307, "/m/harbour/?q=a+b")
    lost = client.post("/api/ask", json={"question": "What?"})
    assert (lost.status_code, lost.json()["error"].split("; ")[0]) == (
        404,
        "There is nothing at this address. Each meeting has its own, such as /m/harbour/api/ask",
    )


def test_password_and_rate_are_shared_and_no_name_is_told_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = ServiceSettings(rate_limit=15, auth=("staff", "secret"))
    app = create_meetings(two_meetings(tmp_path, monkeypatch, service), Metrics())
    client = TestClient(app, base_url="http://localhost")

    closed = [
        client.get(path).status_code for path in ("/", "/m/harbour/", "/m/none/", "/m/harbour/readyz", "/m/harbour")
    ]
    ways = [("harbour", "orchard")[n % 2] for n in range(9)]
    open_both(client, auth=("staff", "secret"))
    statuses = [
        client.post(f"/m/{name}/api/ask", json={"question": QUESTIONS[name]}, auth=("staff", "secret")).status_code
        for name in ways
    ]

    assert set(closed) == {401}
    assert statuses[:5] == [200] * 5
    assert statuses[-1] == 429


def test_meetings_lie_below_the_path_of_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = ServiceSettings(
        rate_limit=0, trusted_proxies=parse_proxies("192.0.2.1", name="proxies"), root_path="/ask"
    )
    app = create_meetings(two_meetings(tmp_path, monkeypatch, service), Metrics())
    client = TestClient(app, base_url="http://localhost", client=("192.0.2.1", 1))

    moved = client.get("/m/harbour", follow_redirects=False)
    open_both(client)
    page = client.get("/m/harbour/documents/harbour-report")

    assert moved.headers["location"] == "/ask/m/harbour/"
    assert page.status_code == 200
    assert OWN["harbour"] in page.text
