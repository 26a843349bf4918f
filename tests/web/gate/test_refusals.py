import json
from typing import get_args

import pytest

from assistant.web.gate.refusals import Reason, RefusedError, refusal
from assistant.web.rendering import read_strings
from tests.web.asgi_client import scope_of


@pytest.mark.parametrize("reason", get_args(Reason))
def test_a_program_is_told_in_english_and_json(reason: Reason) -> None:
    scope = scope_of("/api/ask", headers={"Accept-Language": "fr"})

    response = refusal(RefusedError(reason, 1.2), scope, b'{"lang": "fr"}', read_strings)

    assert response.status_code in {408, 413, 429, 503, 504}
    assert list(json.loads(bytes(response.body))) == ["error"]
    assert response.headers["Retry-After"] == "2"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/embed/turn", "/classify.csv", "/gradio_api/run/ask", "/export/markdown", "/other"])
def test_a_person_is_told_in_the_language_of_the_page(path: str) -> None:
    french = read_strings("fr").text("too_many.body", n=3)

    response = refusal(RefusedError("rate", 3.0), scope_of(path), b'{"lang": "fr"}', read_strings)

    said = bytes(response.body).decode()
    content = " ".join(json.loads(said).values()) if said.startswith("{") else said
    assert response.status_code == 429
    assert french in content


def test_what_waiting_does_not_help_names_no_time_and_an_unread_body_ends_the_connection() -> None:
    response = refusal(RefusedError("large", is_unread=True), scope_of("/api/ask"), b"", read_strings)

    assert response.status_code == 413
    assert "Retry-After" not in response.headers
    assert response.headers["Connection"] == "close"
