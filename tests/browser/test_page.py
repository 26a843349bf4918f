import re
import threading
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from assistant import Assistant
from assistant.errors import CorpusError
from assistant.records import Answer, Progress, ReportProgress
from assistant.web.app.opening import Opening
from tests.browser.conftest import CHILDREN, OUTSIDE, ask, serving, violations, visiting
from tests.web.fake_assistant import FakeAssistant

pytestmark = pytest.mark.browser


def test_an_answer_is_the_note_s_own_words_with_their_place(page: Page) -> None:
    ask(page, CHILDREN)

    expect(page.locator(".quoted .document-words")).to_contain_text("including unaccompanied children")
    expect(page.locator(".quoted .citation")).to_contain_text("Background note, Roundtable 4, para. 4")
    expect(page.locator(".passage-card mark").first).to_contain_text("unaccompanied children")
    expect(page.locator(".passage-card .objective-badge.is-stated").first).to_have_text(
        "7Objective 7: Vulnerabilities stated"
    )
    expect(page.locator("#live")).to_have_text(re.compile(r"Answered\. \d passages? found\."))


def test_a_refusal_is_calm_and_offers_what_is_nearest(page: Page) -> None:
    ask(page, OUTSIDE)

    expect(page.locator(".refusal h3")).to_have_text("None of the 4 documents answers this.")
    expect(page.locator(".passage-card").first).to_be_hidden()
    expect(page.locator(".passage-card mark")).to_have_count(0)


def test_a_card_tells_why_it_was_found_and_moves_nothing_above_it(page: Page) -> None:
    ask(page, CHILDREN)
    why = page.locator(".passage-card .why").first
    expect(why.locator("dl")).to_be_hidden()
    place_in_page = "(each) => [each.getBoundingClientRect().top + scrollY, each.getBoundingClientRect().width]"
    place = why.evaluate(place_in_page)

    why.locator("summary").click()

    expect(why.locator("dd").first).to_have_text("unaccompanied, children")
    expect(why).to_contain_text("Objective 7, stated: GCM objective 7")
    expect(why).not_to_contain_text(re.compile(r"\d\.\d"))
    assert why.evaluate(place_in_page) == place


def test_the_question_is_in_view_and_the_box_ready_for_the_next(page: Page) -> None:
    ask(page, CHILDREN)
    ask(page, "What does it say about the media?")

    expect(page.locator("#conversation .turn").last.locator("h2")).to_be_in_viewport()
    expect(page.locator("#question textarea")).to_be_focused()
    expect(page.locator("#question textarea")).to_have_value("")
    expect(page.locator("#ask-button")).to_be_in_viewport()


def test_earlier_passages_fold_and_the_newest_are_open(page: Page) -> None:
    ask(page, CHILDREN)
    ask(page, "Which hashtags can be used?")

    first, last = page.locator("#conversation .turn").all()
    expect(first.locator(".passage-card").first).to_be_hidden()
    expect(last.locator(".passage-card").first).to_be_visible()
    first.locator("summary").first.click()
    expect(first.locator(".passage-card").first).to_be_visible()


def test_a_follow_up_says_how_it_was_understood_and_can_be_asked_alone(chromium: Browser) -> None:
    assistant = FakeAssistant()
    opening = Opening(lambda _: assistant)
    opening.start()
    with serving(opening) as url, visiting(chromium, url) as page:
        ask(page, "What of children?")
        ask(page, "And pensions?")
        expect(page.locator(".understood strong")).to_have_text("And pensions? (of What of children?)")

        page.get_by_role("button", name="Ask it on its own instead").click()

        expect(page.locator("#conversation .turn")).to_have_count(3)
        assert assistant.asked[-1] == ("And pensions?", ())


def test_an_example_asks_itself(page: Page) -> None:
    page.get_by_role("link", name=CHILDREN).click()

    expect(page.locator("#conversation .turn h2")).to_have_text(CHILDREN)
    expect(page.locator("#question textarea")).to_be_focused()


def test_a_new_conversation_begins_with_the_examples(page: Page) -> None:
    expect(page.get_by_role("button", name="New conversation")).to_be_hidden()
    ask(page, CHILDREN)

    page.get_by_role("button", name="New conversation").click()

    expect(page.locator("#conversation .turn")).to_have_count(0)
    expect(page.get_by_role("heading", name="Questions to start with")).to_be_visible()
    ask(page, OUTSIDE)


def test_the_keyboard_is_enough(page: Page) -> None:
    page.locator("#searched details").wait_for(state="attached")  # Gradio has set the page up; the focus stays put
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type("What does the note say")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("about unaccompanied children?")
    expect(page.locator("#question textarea")).to_have_value("What does the note say\nabout unaccompanied children?")

    page.keyboard.press("Enter")

    expect(page.locator(".quoted")).to_contain_text("unaccompanied children")
    page.keyboard.press("Tab")
    expect(page.locator("#ask-button")).to_be_focused()
    page.locator(".why summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".why dl").first).to_be_visible()


def test_nothing_is_asked_while_a_word_is_composed_or_the_box_is_empty(page: Page) -> None:
    box = page.locator("#question textarea")
    box.fill("にほん")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    box.fill("  ")
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)

    expect(page.locator(".turn:visible")).to_have_count(0)


def test_a_question_is_shown_as_text_whatever_it_holds(page: Page) -> None:
    hostile = "<img src=x onerror=alert(1)> children {{value}} ${1+1} <script>alert(2)</script>"

    ask(page, hostile)

    expect(page.locator("#conversation .turn h2")).to_have_text(hostile)
    expect(page.locator("#conversation img, #conversation script")).to_have_count(0)


def test_conversations_of_two_visitors_are_apart(page: Page, chromium: Browser, address: str) -> None:
    ask(page, CHILDREN)

    with visiting(chromium, address) as other:
        ask(other, OUTSIDE)

        expect(other.locator("#conversation .turn")).to_have_count(1)


@pytest.mark.parametrize(
    ("dark", "query", "is_dark"),
    [(False, "", False), (True, "", True), (False, "?__theme=dark", True), (True, "?__theme=light", False)],
)
def test_light_and_dark_agree(chromium: Browser, address: str, dark: bool, query: str, is_dark: bool) -> None:
    with visiting(chromium, address + query, dark=dark) as page:
        colours = page.evaluate(
            """['#masthead', '#question textarea']
            .map((each) => getComputedStyle(document.querySelector(each)).backgroundColor)"""
        )

    assert colours == (["rgb(26, 32, 38)"] if is_dark else ["rgb(255, 255, 255)"]) * 2


def test_a_question_asked_before_the_documents_are_open_waits_and_is_answered(
    assistant: Assistant, chromium: Browser
) -> None:
    may_go_on = threading.Event()

    def open_slowly(report: ReportProgress) -> Assistant:
        report(Progress("reading", 2, 4))
        may_go_on.wait(120)
        return assistant

    opening = Opening(open_slowly)
    opening.start()
    with serving(opening) as url, visiting(chromium, url) as page:
        expect(page.locator("#readiness")).to_contain_text("Reading the documents: 2 of 4.")
        expect(page.locator("#live")).to_have_text("Getting ready. 2 of 4 documents read.")
        page.locator("#question textarea").fill(CHILDREN)
        with page.expect_request(lambda request: request.method == "POST" and CHILDREN in (request.post_data or "")):
            page.keyboard.press("Enter")
        expect(page.locator("#pending")).to_contain_text("Your question is waiting")
        page.locator("#question textarea").fill("My next one")
        assert violations(page) == []
        may_go_on.set()

        expect(page.locator(".quoted")).to_contain_text("unaccompanied children")
        expect(page.locator("#readiness section")).to_have_count(0)
        expect(page.locator("#pending")).to_be_hidden()
        expect(page.locator("#question textarea")).to_have_value("My next one")
        expect(page.locator("#searched")).to_contain_text("Background note, Roundtable 4")


def test_a_problem_is_told_and_asking_again_mends_it(assistant: Assistant, chromium: Browser) -> None:
    outcomes: list[Exception | Assistant] = [
        CorpusError("corpus: no such folder."),
        CorpusError("corpus: no such folder."),
        assistant,
    ]

    def open_at_third_try(_: ReportProgress) -> Assistant:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    opening = Opening(open_at_third_try)
    opening.start()
    with serving(opening) as url, visiting(chromium, url) as page:
        expect(page.locator("#readiness .problem")).to_contain_text("corpus: no such folder.")
        ask(page, CHILDREN)
        expect(page.locator("#conversation .problem")).to_contain_text("corpus: no such folder.")
        expect(page.locator("#readiness .problem")).to_be_hidden()
        assert violations(page) == []

        page.get_by_role("button", name="Ask again").click()

        expect(page.locator(".quoted")).to_contain_text("unaccompanied children")
        expect(page.locator("#conversation .turn")).to_have_count(1)


def test_a_question_is_kept_until_the_service_can_be_reached_again(chromium: Browser, address: str) -> None:
    with visiting(chromium, address, errors_expected=True) as page:
        page.locator("#searched li").first.wait_for()  # the page has called once before it is cut off
        page.route("**/gradio_api/**", lambda route: route.abort())
        page.locator("#question textarea").fill(OUTSIDE)
        page.keyboard.press("Enter")

        away = page.get_by_role("heading", name="The service cannot be reached")
        expect(away).to_be_visible()
        expect(page.locator("#question textarea")).to_have_value(OUTSIDE)
        page.unroute_all()
        expect(away).to_be_hidden()
        expect(page.locator("#question textarea")).to_have_value(OUTSIDE)
        ask(page, OUTSIDE)


def test_a_fault_is_told_at_the_question(chromium: Browser) -> None:
    class Broken(FakeAssistant):
        def ask(self, question: str, **_: Any) -> Answer:
            if question == OUTSIDE:
                raise ZeroDivisionError
            return super().ask(question)

    opening = Opening(lambda _: Broken())
    opening.start()
    with serving(opening) as url, visiting(chromium, url, errors_expected=True) as page:
        page.locator("#question textarea").fill(OUTSIDE)
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="The service has a fault")).to_be_visible()
        expect(page.locator("#question textarea")).to_have_value(OUTSIDE)


def test_gradio_takes_over_without_a_jump_and_keeps_what_was_typed(chromium: Browser, address: str) -> None:
    places = """() => ['#question textarea', '#ask-button', '#examples', '.masthead'].map((each) => {
      const { x, y, width, height } = document.querySelector(each).getBoundingClientRect();
      return [x, y, width, height].map(Math.round);
    })"""
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    waiting: list[Route] = []
    page.route("**/gradio.json*", lambda route: waiting.append(route))  # noqa: PLW0108 - Playwright marks what it calls
    page.goto(address)
    before = page.evaluate(places)
    page.locator("#question textarea").fill("What does")
    page.locator("#question textarea").press("Home")

    page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    while not waiting:
        page.wait_for_timeout(50)
    waiting[0].continue_()
    page.locator("html[data-gradio]").wait_for()

    expect(page.locator("gradio-app #question textarea")).to_have_value("What does")
    expect(page.locator("#question textarea")).to_be_focused()
    assert page.evaluate("document.activeElement.selectionStart") == 0
    assert page.evaluate(places) == before
    page.close()


@pytest.mark.parametrize("late", ["page.js", "turn"], ids=["before-its-script", "while-its-script-comes"])
def test_a_question_before_the_page_s_script_is_answered_in_the_page_and_goes_on(
    chromium: Browser, address: str, late: str
) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    waiting: list[Route] = []
    page.route(re.compile(r"/page/page\.js|/turn$"), lambda route: waiting.append(route))  # noqa: PLW0108
    page.goto(address, wait_until="commit")
    page.locator("#question textarea").fill(CHILDREN)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#pending")).to_contain_text("Looking in the documents")
    expect(page).to_have_url(re.compile(r"\?q=What"))
    while len(waiting) < 2:
        page.wait_for_timeout(50)

    for route in sorted(waiting, key=lambda route: late in route.request.url):
        if late in route.request.url and late == "page.js":
            expect(page.locator("#turns .quoted")).to_be_visible()
        route.continue_()
        if late == "turn":
            page.locator("html[data-gradio]").wait_for()
    expect(page.locator("#turns .quoted")).to_contain_text("unaccompanied children")
    page.unroute_all()
    page.locator("html[data-gradio]").wait_for()
    ask(page, "And their families?")

    expect(page.locator("#turns .understood")).to_contain_text("families")
    expect(page.locator("#turns .turn")).to_have_count(2)
    page.close()


@pytest.mark.parametrize("path", ["?q=unaccompanied+children", "?q=football+world+cup", "documents/background-note"])
def test_without_scripts_the_page_is_whole(chromium: Browser, address: str, path: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address)
    box = page.locator("#question").bounding_box()
    assert box
    assert box["y"] < 600
    page.goto(address + path)

    if "q=" in path:
        expect(page.locator(".quoted, .refusal")).to_be_visible()
    else:
        expect(page.locator(".reader .paragraph").first).to_be_visible()
    context.close()
