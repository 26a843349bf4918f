"""The journey of an operator: a place that comes first, questions that nothing answers, and what staff see of them."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.journeys.asked.keeping import kept_by
from assistant.settings import KeepingSettings, ServiceSettings, Settings
from assistant.web.app.opening import Opening
from assistant.web.server import create_app
from tests.answering.test_curated import opened
from tests.browser.conftest import ask, violations
from tests.served import served

pytestmark = pytest.mark.browser
STAFF = {"username": "staff", "password": "secret"}


def test_an_operator_s_place_comes_first_and_staff_see_what_nothing_answers(chromium: Browser, tmp_path: Path) -> None:
    keeping = KeepingSettings(tmp_path / "log.jsonl", counts=True)
    service = ServiceSettings(auth=("staff", "secret"), rate_limit=0)
    opening = Opening(lambda _: opened(tmp_path))
    opening.start().result()
    app = create_app(opening, service, kept=kept_by(Settings(index=tmp_path, keeping=keeping)))
    context = chromium.new_context(http_credentials=STAFF, locale="en-GB", service_workers="block")  # type: ignore[arg-type]
    with served(app) as origin:
        page = context.new_page()
        page.goto(f"{origin}/")
        page.locator("html[data-gradio]").wait_for()
        ask(page, "Who pays for the flights of delegates?")
        expect(page.locator("#conversation .turn .hint")).to_have_text(
            "The organisers chose this place for the question."
        )
        with page.expect_response("**/feedback"):
            page.locator("[data-helpful=false]").last.click()
        ask(page, "Where can zebras park?")
        ask(page, "Where can zebras park")

        page.goto(f"{origin}/staff/questions")

        expect(page.locator(".lead")).to_have_text("3 questions")
        expect(page.locator(".asked-counts caption")).to_have_text(
            ["By day (UTC)", "By outcome", "By language", "By objective"]
        )
        groups = page.locator(".draft-quotation")
        expect(groups.locator(".draft-status")).to_have_text(["Asked 2 times", "Asked 1 time"])
        expect(groups.first.locator(".asked-questions")).to_have_text("Where can zebras park?")
        expect(groups.last.locator(".asked-questions")).to_have_text("Who pays for the flights of delegates?")
        assert violations(page) == []
        groups.last.locator(".citation a").click()
        expect(page.locator("#documents, .reader").first).to_contain_text("Delegations pay for their own travel.")
        context.close()
