"""Several meetings in one service, and documents that staff change while it answers."""

import base64
import threading
from functools import partial
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from assistant import Assistant
from assistant.journeys import Holdings
from assistant.settings import ServiceSettings
from assistant.web.app import Opening, Reloading, state_of
from assistant.web.observing import Metrics
from assistant.web.server import create_app, create_meetings
from tests.browser.conftest import ask, violations, visiting
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder
from tests.served import served
from tests.web.meetings.two import OWN, QUESTIONS, two_meetings

pytestmark = pytest.mark.browser
STAFF = ("staff", "secret")
ORCHARD = "Orchard\n\n1. The orchard is watered on every second evening.\n"
HOST_PAGE = (
    '<!doctype html><html lang="en"><title>Host</title><script src="{}embed.js" data-meeting="{}" data-open></script>'
)


def test_each_meeting_has_its_own_page_conversation_and_widget(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(create_meetings(two_meetings(tmp_path, monkeypatch), Metrics())) as origin:
        while httpx2.get(f"{origin}/m/harbour/api/objectives", timeout=60).status_code == 503:
            pass
        with visiting(chromium, f"{origin}/m/harbour/") as page:
            page.goto(f"{origin}/")
            assert violations(page) == []
            page.get_by_role("link", name="Meeting on <harbours>").click()
            expect(page.locator(".product-meeting")).to_have_text("Meeting on <harbours>")
            page.locator("html[data-gradio]").wait_for()
            ask(page, QUESTIONS["harbour"])
            expect(page.locator("#conversation .turn")).to_contain_text(OWN["harbour"])

            page.goto(f"{origin}/m/orchard/")
            page.locator("html[data-gradio]").wait_for()
            ask(page, QUESTIONS["harbour"])
            expect(page.locator("#conversation .turn")).to_have_count(1)
            assert OWN["harbour"] not in page.content()

            page.goto(f"{origin}/m/harbour")
            expect(page.locator("#conversation .turn")).to_contain_text(OWN["harbour"])

            page.route("**/host", lambda route: route.fulfill(body=HOST_PAGE.format(f"{origin}/", "orchard")))
            page.goto(f"{origin}/host")
            expect(page.locator("document-assistant iframe.ready")).to_be_visible()
            frame = page.frame_locator("document-assistant iframe")
            frame.locator("#question").fill(QUESTIONS["orchard"])
            frame.locator("#question").press("Enter")
            expect(frame.locator("#conversation .turn")).to_contain_text(OWN["orchard"])
            page.unroute_all(behavior="ignoreErrors")


def test_staff_change_documents_without_a_script_while_questions_are_answered(
    chromium: Browser, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "objectives.toml").write_text(small_table(), encoding="utf-8")
    (corpus / "orchard.txt").write_text(ORCHARD, encoding="utf-8")
    opening = Opening(lambda _: Assistant.open(corpus, tmp_path / "index", encoder=BagOfWordsEncoder()))
    opening.start().result()
    reloading = Reloading(opening, partial(state_of, corpus), every=0.1)
    service = ServiceSettings(rate_limit=0, auth=STAFF, upload=True)
    ended, wrong = threading.Event(), list[str]()

    def go_on_asking(origin: str) -> None:
        with httpx2.Client(base_url=origin, auth=STAFF, timeout=60) as client:
            while not ended.is_set():
                reply = client.post("/api/ask", json={"question": "How often is the orchard watered?"})
                if "every second evening" not in reply.text:
                    wrong.append(reply.text)

    with served(create_app(opening, service, holdings=Holdings(corpus))) as origin:
        reloading.start()
        asking = threading.Thread(target=go_on_asking, args=(origin,))
        asking.start()
        try:
            _change_documents(chromium, origin, tmp_path)
        finally:
            ended.set()
            asking.join()
            reloading.stop()

    assert wrong == []
    assert sorted(each.name for each in (corpus / ".retired").iterdir()) == ["ferries.2.txt", "ferries.txt"]


def _change_documents(chromium: Browser, origin: str, folder: Path) -> None:
    context = chromium.new_context(
        java_script_enabled=False, http_credentials={"username": STAFF[0], "password": STAFF[1]}
    )
    page = context.new_page()
    page.goto(f"{origin}/staff/documents")
    _send(page, folder / "ferries.txt", "Ferries\n\n1. The ferry leaves the harbour at seven.\n")
    expect(page.locator("h1")).to_have_text("Look before it goes live")
    expect(page.locator(".draft-quotation").last).to_contain_text("The ferry leaves the harbour at seven.")
    page.get_by_role("button", name="Put it live").click()
    _wait_until_current(page)
    assert "at seven" in _answer(origin)

    _send(page, folder / "broken.pdf", "no PDF at all")
    expect(page.locator("#upload-problem")).to_contain_text("broken.pdf: ")

    row = page.locator('[data-document="ferries"]')
    row.get_by_text("Replace").click()
    _send(
        page,
        folder / "newer.txt",
        "Ferries\n\n1. The ferry leaves the harbour at eight.\n",
        within='[data-document="ferries"]',
    )
    page.get_by_role("button", name="Put it live").click()
    _wait_until_current(page)
    assert "at eight" in _answer(origin)

    row.get_by_text("Retire", exact=True).click()
    row.get_by_role("button", name="Retire it").click()
    expect(row).to_have_count(0)
    _wait_until_current(page)
    assert "harbour at" not in _answer(origin)
    context.close()


def _send(page: Page, path: Path, text: str, *, within: str = "main > section:nth-of-type(1)") -> None:
    path.write_text(text, encoding="utf-8")
    form = page.locator(within).locator("form[action=documents]").first
    form.locator("input[type=file]").set_input_files(path)
    form.locator("button").click()


def _wait_until_current(page: Page) -> None:
    expect(page.locator("#upload-state")).to_have_text("The index is up to date.", timeout=60_000)


def _answer(origin: str) -> str:
    sent = {"Authorization": "Basic " + base64.b64encode(":".join(STAFF).encode()).decode()}
    question = {"question": "When does the ferry leave the harbour?"}
    return httpx2.post(f"{origin}/api/ask", json=question, headers=sent, timeout=60).text
