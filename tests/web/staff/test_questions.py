import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.journeys.asked.keeping import Kept, kept_by
from assistant.settings import KeepingSettings, ServiceSettings, Settings
from assistant.web.app.opening import Opening
from assistant.web.server import create_app
from tests.web.fake_assistant import FakeAssistant

MARKER = "xylophone regulations"
PASSWORD = ("staff", "secret")
MESSAGE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": MARKER}},
}


def client(kept: Kept, *, auth: tuple[str, str] | None = PASSWORD) -> TestClient:
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    app = create_app(opening, ServiceSettings(auth=auth, allowed_hosts=("*",), rate_limit=0), kept=kept)
    visitor = TestClient(app)
    if auth:
        visitor.auth = auth
    return visitor


@pytest.fixture
def kept_in(tmp_path: Path) -> Callable[..., Kept]:
    def opened(*, log: bool = False, counts: bool = False) -> Kept:
        keeping = KeepingSettings(tmp_path / "log.jsonl" if log else None, counts)
        return kept_by(Settings(index=tmp_path / "index", keeping=keeping))

    return opened


def test_the_page_is_there_only_behind_the_password(kept_in: Callable[..., Kept]) -> None:
    kept = kept_in(counts=True)

    assert client(kept, auth=None).get("/staff/questions").status_code == 404
    assert client(kept).get("/staff/questions", auth=("staff", "wrong")).status_code == 401


def test_without_a_wish_the_page_says_that_nothing_is_kept(kept_in: Callable[..., Kept]) -> None:
    page = client(kept_in()).get("/staff/questions")

    assert page.status_code == 200
    assert "Nothing is kept" in page.text


@pytest.mark.parametrize("has_log", [False, True])
def test_a_question_stands_nowhere_unless_the_operator_keeps_a_log(
    kept_in: Callable[..., Kept], tmp_path: Path, has_log: bool, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = client(kept_in(log=has_log, counts=True))

    visitor.get("/", params={"q": MARKER})
    visitor.post("/turn", json={"question": MARKER})
    visitor.post("/embed/turn", json={"question": MARKER})
    visitor.post("/api/ask", json={"question": MARKER})
    visitor.post("/mcp", json=MESSAGE, headers={"Accept": "application/json, text/event-stream"})
    visitor.post("/feedback", json={"question": MARKER, "helpful": False})
    visitor.get("/subject", params={"q": MARKER})
    visitor.post("/export/markdown", json={"turns": [{"question": MARKER}]})

    files = {path.name for path in tmp_path.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes()}
    pages = {
        address
        for address in ("/metrics", "/readyz", "/healthz", "/staff/questions", "/", "/api/suggest?q=x", "/documents")
        if MARKER in visitor.get(address).text
    }
    assert files == ({"log.jsonl"} if has_log else set())
    assert pages == ({"/staff/questions"} if has_log else set())
    assert MARKER not in caplog.text
    # The page, its script, the widget, both interfaces for programs; what asks again for a file or a table isn't asked.
    assert re.search(r"<p class=\"lead\">5 questions</p>", visitor.get("/staff/questions").text)


def test_the_page_groups_what_was_refused_beside_the_nearest_passage(kept_in: Callable[..., Kept]) -> None:
    visitor = client(kept_in(log=True))
    for question in ("Who pays for the travel?", "And who pays for the travel?", "Is there <b>parking</b>?"):
        visitor.post("/api/ask", json={"question": question})

    html = visitor.get("/staff/questions", params={"lang": "fr"}).text

    assert "Demandé 2 fois" in html
    assert "Is there &lt;b&gt;parking&lt;/b&gt;?" in html
    assert 'href="../documents/background-note/para-4' in html
    assert "22 " in html
