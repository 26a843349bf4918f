"""The staff's documents over HTTP, by forms alone, as a browser without scripts or a person with curl sends them."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from assistant import Assistant
from assistant.journeys import MAX_UPLOAD, Holdings
from assistant.settings import ServiceSettings
from assistant.web.app import Opening
from assistant.web.server import create_app
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder

NEW = b"Ferries\n\n1. The ferry leaves the harbour at seven.\n"
STAFF = ("staff", "secret")
SERVICE = ServiceSettings(rate_limit=0, auth=STAFF, upload=True)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "objectives.toml").write_text(small_table(), encoding="utf-8")
    (folder / "orchard.txt").write_text("Orchard\n\n1. The orchard is watered on every second evening.\n", "utf-8")
    return folder


@pytest.fixture
def opening(corpus: Path) -> Opening:
    opening = Opening(lambda _: Assistant.open(corpus, corpus.parent / "index", encoder=BagOfWordsEncoder()))
    opening.start().result()
    return opening


@pytest.fixture
def client(corpus: Path, opening: Opening) -> TestClient:
    client = TestClient(create_app(opening, SERVICE, holdings=Holdings(corpus)), base_url="http://localhost")
    client.auth = STAFF
    return client


def send(client: TestClient, name: str = "ferries.txt", content: bytes = NEW, **rest: str) -> Response:
    return client.post("/staff/documents", files={"file": (name, content)}, data={"lang": "en", **rest})


def decide(client: TestClient, shown: Response, decision: str, **headers: str) -> Response:
    """Press a button of a page that shows what was read."""
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.text))
    sent = {name: (None, value) for name, value in {**hidden, "decision": decision}.items()}
    return client.post("/staff/decision", files=sent, headers=headers)


def files(corpus: Path) -> set[str]:
    return {each.relative_to(corpus).as_posix() for each in corpus.rglob("*.txt")}


def test_a_document_is_shown_with_its_citations_goes_live_and_is_answered_from(
    client: TestClient, corpus: Path, opening: Opening
) -> None:
    shown = send(client)
    before = files(corpus)
    listed = decide(client, shown, "live")
    opening.renew()
    again = client.get("/staff/documents")

    assert "Ferries, item 1" in shown.text or "ferries, item 1" in shown.text
    assert "The ferry leaves the harbour at seven." in shown.text
    assert {each.count("/") for each in before} == {0, 2}  # it waits in a folder of its own
    assert listed.url.path == "/staff/documents"
    assert "The document was accepted." in listed.text
    assert "The index is being refreshed." in listed.text
    assert 'http-equiv="refresh"' in listed.text
    assert files(corpus) == {"orchard.txt", "ferries.txt"}
    assert "The index is up to date." in again.text
    assert client.post("/api/ask", json={"question": "ferry harbour", "documents": ["ferries"]}).status_code == 200


def test_what_is_dropped_changes_nothing_and_what_is_retired_is_kept(client: TestClient, corpus: Path) -> None:
    dropped = decide(client, send(client), "drop")
    decide(client, send(client), "live")
    replaced = decide(client, send(client, "x.txt", NEW + b"\n2. Twice.\n", replaces="orchard"), "live")
    retired = client.post("/staff/retirement", files={"id": (None, "ferries")})

    assert "The file was dropped." in dropped.text
    assert "The document was accepted." in replaced.text
    assert "The document was retired." in retired.text
    assert files(corpus) == {"orchard.txt", ".retired/orchard.txt", ".retired/ferries.txt"}
    assert b"Twice" in (corpus / "orchard.txt").read_bytes()


BAD = (
    ("../../evil.exe", NEW, 422, "evil.exe: files of this kind aren&#39;t read"),
    ("orchard.txt", NEW, 422, "a document of this name is here already"),
    ("a.pdf", b"%PDF-1.7 broken", 422, "a.pdf: "),
    ("a.txt", b"x" * (MAX_UPLOAD + 70_000), 413, "larger than 32 MB"),
    ("a.html", b"<script>alert(1)</script>", 422, "there are no words in it"),
    ("", b"", 422, "Choose a file first."),
)


def test_a_bad_file_gets_one_line_on_the_page_and_changes_nothing(client: TestClient, corpus: Path) -> None:
    for name, content, status, said in BAD:
        reply = send(client, name, content)

        (line,) = re.findall(r'id="upload-problem"><h2>[^<]*</h2><p dir="auto">([^<]*)</p>', reply.text)
        assert (reply.status_code, said in line, "\n" in line) == (status, True, False), line
        assert str(corpus) not in reply.text
        assert files(corpus) == {"orchard.txt"}


def test_what_is_no_form_is_told(client: TestClient, corpus: Path) -> None:
    bodies = (b"", b"{}", b"--x\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--")
    kinds = ("multipart/form-data; boundary=x", "multipart/form-data", "application/json", "")

    statuses = {
        client.post(path, content=body, headers={"Content-Type": kind}, follow_redirects=False).status_code
        for path in ("/staff/documents", "/staff/decision", "/staff/retirement")
        for body in bodies
        for kind in kinds
    }

    assert statuses <= {303, 422}
    assert files(corpus) == {"orchard.txt"}


def test_a_page_of_another_site_can_change_nothing(client: TestClient, corpus: Path) -> None:
    shown, before = send(client), files(corpus)

    for origin in ("https://evil.example", "null", "http://localhost:81", "http://localhost.evil.example"):
        assert decide(client, shown, "live", Origin=origin).status_code == 403
        for path in ("/staff/retirement", "/staff/documents"):
            reply = client.post(path, files={"id": (None, "orchard")}, headers={"Origin": origin})
            assert reply.status_code == 403

    for site in ("cross-site", "same-site"):
        assert decide(client, shown, "live", **{"Sec-Fetch-Site": site}).status_code == 403
    assert files(corpus) == before
    assert decide(client, shown, "live", Origin="http://localhost").status_code == 200


def test_nobody_without_the_password_sees_or_sends_anything(client: TestClient, corpus: Path) -> None:
    stranger = TestClient(client.app, base_url="http://localhost")

    paths = ["/staff/documents", "/staff/decision", "/staff/retirement"]
    posted = [stranger.post(path, files={"id": (None, "orchard")}) for path in paths]
    statuses = {each.status_code for each in (stranger.get(paths[0]), *posted)}

    assert statuses == {401}
    assert files(corpus) == {"orchard.txt"}


def test_the_pages_are_not_there_unless_the_operator_wants_them(opening: Opening) -> None:
    client = TestClient(create_app(opening, ServiceSettings(auth=STAFF)), base_url="http://localhost")

    assert client.get("/staff/documents", auth=STAFF).status_code == 404


def test_the_first_document_comes_by_the_page_too(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    opening = Opening(lambda _: Assistant.open(empty, tmp_path / "index", encoder=BagOfWordsEncoder()))
    client = TestClient(create_app(opening, SERVICE, holdings=Holdings(empty)), base_url="http://localhost")
    client.auth = STAFF
    client.get("/readyz")
    while not opening.problem:
        pass

    listed = client.get("/staff/documents")
    accepted = decide(client, send(client), "live")

    assert "there is no document in it" in listed.text
    assert accepted.status_code == 200
    assert files(empty) == {"ferries.txt"}
