import asyncio

import pytest
from fastapi.testclient import TestClient

from assistant.web.app.opening import Opening
from assistant.web.page.turns import Turns
from assistant.web.rendering.questions import Asked
from assistant.web.rendering.strings import read_strings
from assistant.web.server import create_app
from tests.web.fake_assistant import FakeAssistant


def test_an_answer_is_the_same_html_whatever_way_it_was_asked() -> None:
    turns = Turns(Opening(lambda _: FakeAssistant()), read_strings)

    answer = asyncio.run(turns.answer(Asked("What of children?", language="fr")))
    by_text = asyncio.run(turns.answer_text('{"question": "What of children?", "lang": "fr"}'))
    client = TestClient(create_app(turns.opening))
    by_request = client.post("/turn", json={"question": "What of children?", "lang": "fr"}).text
    by_address = client.get("/", params={"q": "What of children?", "lang": "fr"}).text

    assert answer == by_text == by_request
    assert answer in by_address


@pytest.mark.parametrize(
    ("sent", "status"), [({"json": {"question": ""}}, 422), ({"content": "children"}, 415), ({"json": [1]}, 422)]
)
def test_what_is_no_question_is_refused(sent: dict[str, object], status: int) -> None:
    client = TestClient(create_app(Opening(lambda _: FakeAssistant())))

    assert client.post("/turn", **sent).status_code == status  # type: ignore[arg-type]
