import io

import docx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.errors import AssistantError
from assistant.records import ReportProgress
from assistant.web.app import Answering, Opening
from assistant.web.comparisons import add_comparisons
from assistant.web.rendering import read_strings
from tests.web.fake_assistant import CHILDREN, FakeAssistant

DRAFT = f"It says “{CHILDREN}”, and “zebra”."


@pytest.fixture(scope="module")
def client() -> TestClient:
    return serving(Opening(lambda _: FakeAssistant()))


def serving(opening: Opening) -> TestClient:
    app = FastAPI()
    add_comparisons(app, opening, read_strings)
    return TestClient(app)


def test_a_draft_is_checked_without_scripts(client: TestClient) -> None:
    form = client.get("/draft", params={"lang": "fr"})
    answer = client.post("/draft", data={"text": DRAFT, "lang": "en"})

    assert read_strings("fr").text("draft.lead") in form.text
    assert answer.status_code == 200
    assert answer.text.count("draft-quotation ") == 2
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert client.get("/comparisons.css").headers["content-type"].startswith("text/css")


def test_a_file_comes_back_as_word_with_comments(client: TestClient) -> None:
    sent = {"file": ("statement.txt", DRAFT.encode(), "text/plain")}

    answer = client.post("/draft", files=sent, data={"as": "docx", "lang": "en"})

    document = docx.Document(io.BytesIO(answer.content))
    assert [comment.text.split("\n")[0] for comment in document.comments][:2] == ["Exact", "Not in these documents"]
    assert [paragraph.text for paragraph in document.paragraphs] == [DRAFT]


def test_nothing_and_what_cannot_be_read_are_refused(client: TestClient) -> None:
    nothing = client.post("/draft", data={"text": " ", "lang": "en"})
    broken = client.post("/draft", files={"file": ("a.docx", b"no Word file")}, data={"lang": "en"})
    large = client.post("/draft", files={"file": ("a.txt", b"a" * 3_200_000)}, data={"lang": "en"})

    assert [each.status_code for each in (nothing, broken, large)] == [422, 422, 422]
    assert "Paste a text or choose a file first." in nothing.text
    assert "/tmp" not in broken.text
    assert "larger than 3 MB" in large.text


def test_a_subject_comes_as_page_word_and_markdown(client: TestClient) -> None:
    asked = {"q": "Which child?", "lang": "en"}

    page, word, markdown = (client.get("/subject", params={**asked, "as": kind}) for kind in ("page", "docx", "md"))

    assert "subject-table" in page.text
    (table,) = docx.Document(io.BytesIO(word.content)).tables
    assert table.rows[1].cells[1].text == " ".join(CHILDREN.split())
    assert "| Document | Word for word |" in markdown.text


def test_while_the_documents_cannot_be_opened_pages_say_so() -> None:
    def fail(_: ReportProgress) -> Answering:
        raise AssistantError("corpus: no such folder.")

    client = serving(Opening(fail))

    assert "no such folder" in client.post("/draft", data={"text": DRAFT}).text
    assert client.get("/subject", params={"q": "child"}).status_code == 503
