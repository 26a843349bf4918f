"""Several processes behind one address: any of them may answer any request."""

from itertools import cycle

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from assistant import Assistant
from tests.browser.conftest import CHILDREN, ask, go, rank, serving_assistant, visiting

pytestmark = pytest.mark.browser


def alternate(page: Page, *addresses: str) -> list[str]:
    """Send a page's requests to one service after the other, as a proxy does; return where each goes."""
    turns, went = cycle(addresses), []

    def send(route: Route) -> None:
        went.append(next(turns))
        path = route.request.url.split("/", 3)[3]
        route.fulfill(response=route.fetch(url=went[-1] + path))

    page.route("**/*", send)
    return went


def test_a_conversation_goes_on_whichever_process_answers(assistant: Assistant, chromium: Browser) -> None:
    with serving_assistant(assistant) as one, serving_assistant(assistant) as other, visiting(chromium, one) as page:
        went = alternate(page, one, other)
        for _ in range(2):
            ask(page, CHILDREN)
            ask(page, "Which ones?")
        go(page, "#objective")
        rank(page, "diplomas")
        rank(page, "smuggling")
        page.reload()
        go(page, "#ask")

        expect(page.locator("#conversation .turn")).to_have_count(4)
        expect(page.locator("#conversation .turn[data-status=problem]")).to_have_count(0)
        assert set(went) == {one, other}
