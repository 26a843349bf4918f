"""What a visitor sees whom the service tells to come back later."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import CHILDREN, ask, go, visiting

pytestmark = pytest.mark.browser

CALLS = re.compile("/(gradio_api/run/predict|turn|topic)$")


class Refusing:
    """Refuses a page's calls so many times, then lets them through."""

    def __init__(self, page: Page, *, times: int, status: int, seconds: int) -> None:
        self.left = times
        self._status = status
        self._seconds = seconds
        page.route(CALLS, self._answer)

    def _answer(self, route: Route) -> None:
        if self.left:
            self.left -= 1
            route.fulfill(status=self._status, headers={"Retry-After": str(self._seconds)}, body="{}")
        else:
            route.continue_()


def test_a_visitor_who_asks_too_much_is_told_when_to_ask_again_and_keeps_the_question(
    chromium: Browser, address: str
) -> None:
    with visiting(chromium, address, errors_expected=True) as page:
        expect(page.locator("#filter input").first).to_be_attached()
        Refusing(page, times=1, status=429, seconds=3)

        page.locator("#question textarea").fill(CHILDREN)
        page.locator("#question textarea").press("Enter")

        expect(page.locator("#too_many")).to_contain_text("It can be asked again in 3 seconds.")
        expect(page.locator("#live")).to_contain_text("Too many questions at once")
        expect(page.locator("#question textarea")).to_have_value(CHILDREN)
        ask(page, CHILDREN)
        expect(page.locator("#pending")).to_be_hidden()


def test_a_question_that_a_busy_service_had_no_time_for_is_asked_again_by_itself(
    chromium: Browser, address: str
) -> None:
    with visiting(chromium, address, errors_expected=True) as page:
        expect(page.locator("#filter input").first).to_be_attached()
        refusing = Refusing(page, times=2, status=503, seconds=1)

        ask(page, CHILDREN)

        assert refusing.left == 0
        expect(page.locator("#pending")).to_be_hidden()


def test_a_conversation_that_is_asked_anew_waits_its_turn(chromium: Browser, address: str) -> None:
    with visiting(chromium, address, errors_expected=True) as page:
        ask(page, CHILDREN)
        ask(page, "What does it say about the media?")
        Refusing(page, times=1, status=429, seconds=1)

        page.reload()

        expect(page.locator("#conversation .turn")).to_have_count(2)
        expect(page.locator("#pending")).to_be_hidden()


def test_a_topic_is_told_to_wait_as_well(chromium: Browser, address: str) -> None:
    with visiting(chromium, address, errors_expected=True) as page:
        expect(page.locator("#filter input").first).to_be_attached()
        go(page, "#objective")
        Refusing(page, times=1, status=429, seconds=61)

        page.locator("#topic textarea").fill("diplomas")
        page.locator("#topic textarea").press("Enter")

        expect(page.locator("#topic-too_many")).to_contain_text(re.compile(r"again in 61 seconds"))
