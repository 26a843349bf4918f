import pytest
from fastapi.testclient import TestClient

from assistant.web.app.opening import Opening
from assistant.web.server import create_app
from tests.web.fake_assistant import FakeAssistant


@pytest.fixture(scope="module")
def client() -> TestClient:
    """A client of the application as it is served."""
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    return TestClient(create_app(opening))


@pytest.mark.parametrize(("accepted", "used"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None)])
@pytest.mark.parametrize(
    "path", ["/", "/reader/background-note", "/api/documents/background-note", "/embed", "/embed.js"]
)
def test_a_browser_gets_what_it_takes(client: TestClient, path: str, accepted: str, used: str | None) -> None:
    response = client.get(path, headers={"Accept-Encoding": accepted})

    assert response.headers.get("content-encoding") == used
    assert len(response.content) > 400


def test_what_is_packed_already_is_sent_as_it_is(client: TestClient) -> None:
    response = client.get("/page/card.png", headers={"Accept-Encoding": "br"})

    assert "content-encoding" not in response.headers
