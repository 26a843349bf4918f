import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.journeys.asked.keeping import Kept
from assistant.journeys.asked.question_log import QuestionLog
from assistant.web.app.opening import Opening
from assistant.web.server import create_app
from tests.web.fake_assistant import FakeAssistant


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


def client(path: Path | None) -> TestClient:
    log = QuestionLog(path) if path else None
    return TestClient(create_app(Opening(lambda _: FakeAssistant()), kept=Kept(log)))


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_thumb_is_kept_with_its_question(path: Path) -> None:
    response = client(path).post("/feedback", json={"question": "What of children?", "helpful": False})

    assert response.status_code == 204
    (line,) = lines_of(path)
    assert {key: line[key] for key in ("kind", "question", "helpful")} == {
        "kind": "feedback",
        "question": "What of children?",
        "helpful": False,
    }


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 422),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"question": 7, "helpful": true}', 422),
        (b'{"question": "Why?", "helpful": "yes"}', 422),
        (b"[" * 10_000, 422),
        (b" " * 20_000, 413),
    ],
)
def test_what_no_page_sends_is_refused(path: Path, content: bytes, status: int) -> None:
    response = client(path).post("/feedback", content=content, headers={"Content-Type": "application/json"})

    assert response.status_code == status
    assert path.read_bytes() == b""


def test_another_site_s_form_cannot_send_it(path: Path) -> None:
    assert client(path).post("/feedback", data={"question": "Why?"}).status_code == 415


def test_without_a_log_there_is_no_such_address() -> None:
    assert client(None).post("/feedback", json={"question": "Why?", "helpful": True}).status_code in (404, 405)


def test_questions_are_kept_only_with_a_log_and_the_page_says_so(path: Path) -> None:
    keeping, silent = client(path), client(None)

    for each in (keeping, silent):
        assert each.post("/embed/turn", json={"question": "What of children?"}).status_code in (200, 202)
    pages = [each.get("/embed").text for each in (keeping, silent)]

    assert "Questions are kept for 30 days" in pages[0]
    assert "Questions are not stored" in pages[1]
