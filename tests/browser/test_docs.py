"""Swagger UI at /docs: reads and calls the programming interface, and loads nothing from another host."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.routing import Mount

from assistant.web.api import add_api
from assistant.web.app import Opening
from tests.browser.conftest import excess
from tests.served import served
from tests.web.fake_assistant import FakeAssistant

pytestmark = pytest.mark.browser


@contextmanager
def visiting_docs(browser: Browser, prefix: str = "", *, width: int = 1280) -> Iterator[Page]:
    """Open the page of a service behind a prefix, and fail if it asks another host or breaks its own policy."""
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_api(app, opening)
    requested: list[str] = []
    errors: list[str] = []
    with served(Starlette(routes=[Mount(prefix, app)])) as origin:
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("request", lambda request: requested.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(f"{origin}{prefix}/docs")
        yield page
        page.close()
        elsewhere = [each for each in requested if not each.startswith((f"{origin}{prefix}/", "data:"))]
    assert elsewhere == []
    assert errors == []


def test_every_address_is_shown_with_its_fields(chromium: Browser) -> None:
    with visiting_docs(chromium) as page:
        expect(page.locator(".opblock-summary-path")).to_have_count(7)
        page.locator("#operations-default-ask").click()

        expect(page.locator("#operations-default-ask")).to_contain_text("objectives: 99 isn't from 1 to 23.")


@pytest.mark.parametrize("prefix", ["", "/assistant"])
def test_a_question_can_be_sent_from_the_page_wherever_a_proxy_puts_it(chromium: Browser, prefix: str) -> None:
    with visiting_docs(chromium, prefix) as page:
        page.locator("#operations-default-ask").click()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Execute").click()

        expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
        expect(page.locator(".live-responses-table")).to_contain_text("not_in_documents")


def test_the_page_fits_a_phone(chromium: Browser) -> None:
    with visiting_docs(chromium, width=320) as page:
        page.locator("#operations-default-ask").click()
        expect(page.locator(".responses-table").first).to_be_visible()

        assert excess(page) <= 0
