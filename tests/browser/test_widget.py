import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from assistant.web.app.opening import Opening
from assistant.web.rendering.strings import read_strings
from tests.browser.conftest import serving
from tests.web.fake_assistant import FakeAssistant

pytestmark = pytest.mark.browser

CHILDREN = "What does the note say about unaccompanied children?"
HOST_STYLE = """
  html { font-size: 40px; }
  body { margin: 0; font: 20px/2 Georgia, serif; color: #222; background: #fff; }
  body * { all: unset; letter-spacing: 0.5em !important; text-transform: uppercase !important; }
  p, h1 { display: block; } p { min-height: 1500px; }
  button { all: revert; } .panel, .open { display: none !important; } [hidden] { display: block; }
"""


class _Meeting(ThreadingHTTPServer):
    """A web site of somebody else: it answers every address with the one page that it holds."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _MeetingRequest)
        self.page = ""
        self.policy = ""
        self.origin = f"http://127.0.0.1:{self.server_port}"

    def show(self, script: str, *, server: str, style: str = "", head: str = "", policy: str = "") -> None:
        """Hold a page that names the loader with these attributes."""
        tag = f'<script src="{server}embed.js" {script}></script>'
        self.page = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Meeting</title><link rel="icon" '
            f'href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">{head}{style}</head>'
            f'<body><main><h1>Round table 4</h1><button type="button" id="own">Own button</button><p>Text.</p></main>'
            f"{tag}</body></html>"
        )
        self.policy = policy


class _MeetingRequest(BaseHTTPRequestHandler):
    server: _Meeting

    def do_GET(self) -> None:
        content = self.server.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if self.server.policy:
            self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture(scope="module")
def meeting() -> Iterator[_Meeting]:
    """A meeting's web site, on an origin of its own."""
    site = _Meeting()
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield site
    site.shutdown()
    thread.join()
    site.server_close()


@pytest.fixture(scope="module")
def server(meeting: _Meeting) -> Iterator[str]:
    """Where the assistant is served, which lets the meeting's pages frame it."""
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    with serving(opening, meeting.origin) as address:
        yield address


@contextmanager
def _visiting(
    browser: Browser, url: str, *, width: int = 1280, height: int = 860, dark: bool = False, errors: bool = False
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a fresh session; give it with the addresses that it asks for."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    requested: list[str] = []
    met: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("pageerror", lambda error: met.append(str(error)))
    page.on("console", lambda message: met.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(url)
    try:
        yield page, requested
    finally:
        page.unroute_all(behavior="ignoreErrors")
        context.close()
    assert errors or met == []


def panel_of(page: Page) -> FrameLocator:
    """What stands in the panel's frame, once it is usable."""
    expect(page.locator("document-assistant iframe.ready")).to_be_visible()
    return page.frame_locator("document-assistant iframe")


def ask(page: Page, question: str) -> FrameLocator:
    """Ask in the open panel, and wait for the answer."""
    frame = panel_of(page)
    turns = frame.locator("#conversation .turn").count()
    frame.locator("#question").fill(question)
    frame.locator("#question").press("Enter")
    expect(frame.locator("#conversation .turn")).to_have_count(turns + 1)
    return frame


def violations(page: Page) -> str:
    """What axe finds, in words."""
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""


def test_a_keyboard_is_enough_from_the_button_to_the_cited_place(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("defer", server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        page.locator("#own").focus()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Ask the background note")).to_be_focused()
        page.keyboard.press("Enter")
        frame = panel_of(page)
        expect(page.get_by_role("dialog", name="Ask the documents")).to_be_visible()
        expect(frame.locator("#question")).to_be_focused()

        page.keyboard.type(CHILDREN)
        page.keyboard.press("Enter")
        expect(frame.locator(".quoted .document-words")).to_contain_text("including unaccompanied children")
        expect(frame.locator("#live")).to_have_text("Answered. 2 passages found.")
        expect(frame.locator("#question")).to_have_value("")
        with page.context.expect_page() as opened:
            frame.locator(".quoted + figcaption a, .citation a").first.press("Enter")
        assert opened.value.url.startswith(f"{server}documents/background-note/para-4/")
        opened.value.close()

        frame.locator("#question").press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.get_by_role("button", name="Ask the background note")).to_be_focused()
        assert page.evaluate("scrollY") == 0


def test_escape_on_the_panel_s_own_parts_closes_it_too(chromium: Browser, meeting: _Meeting, server: str) -> None:
    meeting.show("defer", server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        page.get_by_role("button", name="Ask the background note").click()
        panel_of(page)

        page.get_by_role("button", name="Close").press("Escape")

        expect(page.get_by_role("button", name="Ask the background note")).to_be_focused()


def test_the_conversation_is_still_there_when_the_panel_opens_again(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("defer", server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        page.get_by_role("button", name="Ask the background note").click()
        ask(page, CHILDREN)
        page.get_by_role("button", name="Close").click()

        page.keyboard.press("Enter")

        frame = panel_of(page)
        expect(frame.locator("#conversation .turn")).to_have_count(1)
        expect(frame.locator("#question")).to_be_focused()


def test_nothing_but_the_loader_is_asked_for_before_it_is_opened_and_nothing_of_others_after(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("defer", server=server)
    with _visiting(chromium, meeting.origin) as (page, requested):
        page.wait_for_load_state("networkidle")
        before = list(requested)
        page.get_by_role("button", name="Ask the background note").click()
        ask(page, CHILDREN)

    assert before == [f"{meeting.origin}/", f"{server}embed.js"]
    assert all(each.startswith((server, "data:")) for each in requested[1:])


def test_no_style_leaks_either_way(chromium: Browser, meeting: _Meeting, server: str) -> None:
    meeting.show("defer", server=server, style=f"<style>{HOST_STYLE}</style>")
    of_host = (
        "(own) => JSON.stringify([getComputedStyle(own), getComputedStyle(document.body)].map((each) => ({...each})))"
    )
    with _visiting(chromium, meeting.origin) as (page, _):
        button = page.get_by_role("button", name="Ask the background note")
        host = page.locator("#own").evaluate(of_host)
        looks = button.evaluate(
            "(each) => { const { fontSize, textTransform, letterSpacing, fontFamily } = getComputedStyle(each);"
            "return [fontSize, textTransform, letterSpacing, fontFamily.split(',')[0]]; }"
        )
        button.click()
        frame = panel_of(page)

        assert looks == ["16px", "none", "normal", "system-ui"]
        assert page.get_by_role("dialog").bounding_box() == {"x": 848, "y": 204, "width": 416, "height": 640}
        assert frame.locator("body").evaluate("(body) => getComputedStyle(body).fontSize") == "16px"
        assert page.locator("#own").evaluate(of_host) == host


def test_a_page_that_is_not_listed_is_told_that_it_cannot_be_reached(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("defer", server=server)
    other = meeting.origin.replace("127.0.0.1", "localhost")
    with _visiting(chromium, other, errors=True) as (page, _):
        page.get_by_role("button", name="Ask the background note").click()

        expect(page.get_by_role("dialog")).to_contain_text("The service cannot be reached")
        expect(page.locator("document-assistant iframe")).to_be_hidden()
        page.locator("#own").click()
        expect(page.locator("#own")).to_be_focused()


def test_a_host_with_a_strict_policy_and_trusted_types_is_served(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    policy = (
        f"default-src 'none'; script-src {server}embed.js; style-src 'self'; frame-src {server}; img-src data:; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    meeting.show('data-colour="gold" defer', server=server, policy=policy)
    with _visiting(chromium, meeting.origin) as (page, _):
        button = page.get_by_role("button", name="Ask the background note")
        assert button.evaluate("(each) => getComputedStyle(each).backgroundColor") == "rgb(255, 215, 0)"
        button.click()

        ask(page, CHILDREN)

        assert page.get_by_role("dialog").evaluate("(each) => getComputedStyle(each).position") == "fixed"


@pytest.mark.parametrize(
    ("colour", "text"),
    [
        ("navy", "rgb(255, 255, 255)"),
        ("#ffd700", "rgb(0, 0, 0)"),
        ("oklch(90% 0.1 120)", "rgb(0, 0, 0)"),
        ("rgb(0 0 0 / 10%)", "rgb(255, 255, 255)"),
        ("url(x)", "rgb(255, 255, 255)"),
    ],
)
def test_the_button_s_words_can_be_read_on_any_colour(
    chromium: Browser, meeting: _Meeting, server: str, colour: str, text: str
) -> None:
    meeting.show(f'data-colour="{colour}" data-position="left" data-label="Ask &lt;us&gt;" defer', server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        button = page.get_by_role("button", name="Ask <us>")

        assert button.evaluate("(each) => getComputedStyle(each).color") == text
        assert button.evaluate("(each) => each.getBoundingClientRect().left") == 16
        if not colour.startswith(("url", "rgb(")):
            assert button.evaluate("(each) => getComputedStyle(each).backgroundColor") != "rgb(11, 79, 138)"


def test_loaded_twice_and_before_there_is_a_body_it_stands_once(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("defer", server=server, head=f'<script src="{server}embed.js"></script>')
    with _visiting(chromium, meeting.origin) as (page, _):
        page.wait_for_load_state()
        expect(page.locator("document-assistant")).to_have_count(1)
        page.get_by_role("button", name="Ask the background note").click()
        expect(panel_of(page).locator("#question")).to_be_focused()


def test_taken_out_and_put_back_it_works(chromium: Browser, meeting: _Meeting, server: str) -> None:
    meeting.show("defer", server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        page.get_by_role("button", name="Ask the background note").click()
        panel_of(page)

        page.evaluate(
            "() => { const widget = document.querySelector('document-assistant'); widget.remove();"
            "document.querySelector('main').append(widget); }"
        )

        ask(page, CHILDREN)


def test_an_open_panel_leaves_focus_where_it_is_and_asks_the_open_question(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show(f'data-open data-question="{CHILDREN}" data-objective="7" defer', server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        frame = panel_of(page)

        expect(frame.locator("#conversation .turn")).to_have_count(1)
        expect(frame.locator("#conversation")).to_contain_text("Limited to objectives: 7 Vulnerabilities")
        assert page.evaluate("document.activeElement === document.body")


def test_the_page_behind_stays_usable(chromium: Browser, meeting: _Meeting, server: str) -> None:
    meeting.show("defer", server=server, style="<style>p { height: 2000px; }</style>")
    with _visiting(chromium, meeting.origin) as (page, _):
        page.get_by_role("button", name="Ask the background note").click()
        panel_of(page)

        page.locator("#own").click()
        page.mouse.wheel(0, 300)

        expect(page.locator("#own")).to_be_focused()
        page.wait_for_function("scrollY > 0")
        expect(page.get_by_role("dialog")).to_be_visible()


def test_two_in_the_text_of_a_dark_page_are_dark_and_answer_each_for_itself(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.page = (
        '<!doctype html><html lang="en"><title>Meeting</title><link rel="icon" href="data:,">'
        f'<body style="background: #111"><script src="{server}embed.js" data-inline data-objective="22"></script>'
        f'<script src="{server}embed.js" data-inline data-lang="fr"></script></body></html>'
    )
    meeting.policy = ""
    with _visiting(chromium, meeting.origin) as (page, _):
        first, second = (page.frame_locator(f"document-assistant >> nth={n} >> iframe") for n in (0, 1))
        for frame in (first, second):
            frame.locator("#question").fill("children")
            frame.locator("#question").press("Enter")

        expect(first.locator(".refusal")).to_contain_text("22 Social security")
        expect(second.locator(".quoted")).to_contain_text("unaccompanied children")
        assert second.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor") == "rgb(18, 23, 28)"
        expect(page.locator("document-assistant .open")).to_have_count(2)
        expect(page.locator("document-assistant .open:visible")).to_have_count(0)


def test_a_search_is_narrowed_by_hand_and_an_answer_is_copied(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("data-open defer", server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        frame = panel_of(page)
        frame.locator("#filter-fold summary").click()
        frame.get_by_role("checkbox", name="15 Basic services").check()
        expect(frame.locator("#filter-fold summary")).to_contain_text("1 chosen")
        page.keyboard.press("Escape")
        expect(frame.locator("#filter-fold summary")).to_be_focused()
        ask(page, "children")
        expect(frame.locator(".refusal")).to_contain_text("15 Basic services")
        frame.get_by_role("button", name="Search everything").first.click()
        expect(frame.locator("#filter-fold .none-chosen")).to_be_visible()
        frame.get_by_role("button", name="Copy with citation").click()
        expect(frame.get_by_role("button", name="Copied")).to_be_visible()
        frame.locator("#question").focus()
        page.keyboard.press("Control+V")

        copied = frame.locator("#question").input_value()
        assert re.match(
            r"“establishing procedures .+”\nBackground note, Roundtable 4, para\. 4, 13 November 2020\nhttp://", copied
        )


def test_a_refusal_leaves_most_of_the_panel(chromium: Browser, meeting: _Meeting, server: str) -> None:
    meeting.show("data-open defer", server=server)
    with _visiting(chromium, meeting.origin, height=660) as (page, _):
        frame = ask(page, "Who won the cup?")

        refused = frame.locator("#conversation .turn").bounding_box()
        assert refused
        assert refused["height"] < 640 / 2
        box, panel = frame.locator("#ask").bounding_box(), page.locator("document-assistant .panel").bounding_box()
        assert box
        assert panel
        assert box["y"] + box["height"] == pytest.approx(panel["y"] + panel["height"], abs=2)


def test_on_a_phone_it_is_a_sheet_that_leaves_the_page_in_sight(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("defer", server=server)
    with _visiting(chromium, meeting.origin, width=390, height=700) as (page, _):
        page.get_by_role("button", name="Ask the background note").click()
        frame = ask(page, CHILDREN)
        box = page.get_by_role("dialog").bounding_box()

        assert box == {"x": 0, "y": pytest.approx(105), "width": 390, "height": pytest.approx(595)}
        assert frame.locator("html").evaluate("(root) => root.scrollWidth <= root.clientWidth")
        expect(frame.locator("#send")).to_be_in_viewport()


def test_arabic_runs_from_right_to_left(chromium: Browser, meeting: _Meeting, server: str) -> None:
    meeting.show('data-lang="ar" defer', server=server)
    arabic = read_strings("ar")
    with _visiting(chromium, meeting.origin) as (page, _):
        button = page.get_by_role("button", name=arabic.text("widget.open"))
        assert button.evaluate("(each) => each.getBoundingClientRect().left") == 16
        button.click()

        frame = ask(page, CHILDREN)

        assert frame.locator("html").get_attribute("dir") == "rtl"
        expect(frame.locator(".question-label").first).to_have_text(arabic.text("you_asked"))
        assert frame.locator(".quoted .document-words").evaluate("(each) => getComputedStyle(each).direction") == "ltr"


@pytest.mark.parametrize(("html_lang", "code"), [("fr-CH", "fr"), ("de-AT", "de"), ("sv", "en")])
def test_the_host_page_s_language_is_taken_else_the_browser_s(
    chromium: Browser, meeting: _Meeting, server: str, html_lang: str, code: str
) -> None:
    meeting.show("defer", server=server)
    meeting.page = meeting.page.replace('lang="en"', f'lang="{html_lang}"')
    with _visiting(chromium, meeting.origin) as (page, _):
        expect(page.get_by_role("button", name=read_strings(code).text("widget.open"))).to_be_visible()


def test_a_server_that_is_away_is_told_and_can_be_tried_again(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("defer", server=server)
    with _visiting(chromium, meeting.origin, errors=True) as (page, _):
        page.route("**/embed?*", lambda route: route.abort("connectionrefused"))
        page.get_by_role("button", name="Ask the background note").click()
        expect(page.get_by_role("dialog").get_by_role("status")).to_have_text(read_strings("en").text("csv.away"))

        page.unroute("**/embed?*")
        page.locator("document-assistant .again").press("Enter")

        expect(panel_of(page).locator("#question")).to_be_focused()


def test_a_question_that_meets_no_server_is_kept(chromium: Browser, meeting: _Meeting, server: str) -> None:
    meeting.show("data-open defer", server=server)
    with _visiting(chromium, meeting.origin, errors=True) as (page, _):
        frame = panel_of(page)
        page.route("**/embed/turn", lambda route: route.abort("connectionrefused"))

        frame.locator("#question").fill(CHILDREN)
        frame.locator("#question").press("Enter")

        expect(frame.locator("#away")).to_be_visible()
        expect(frame.locator("#live")).to_contain_text("The service cannot be reached")
        expect(frame.locator("#question")).to_have_value(CHILDREN)
        page.unroute("**/embed/turn")
        frame.locator("#send").click()
        expect(frame.locator("#conversation .turn")).to_have_count(1)
        expect(frame.locator("#away")).to_be_hidden()


def test_too_many_questions_are_held_back_until_they_may_be_asked(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("data-open defer", server=server)
    with _visiting(chromium, meeting.origin, errors=True) as (page, _):
        frame = panel_of(page)
        page.route("**/embed/turn", lambda route: route.fulfill(status=429, headers={"Retry-After": "3"}), times=1)

        frame.locator("#question").fill(CHILDREN)
        frame.locator("#question").press("Enter")

        expect(frame.locator("#too_many")).to_contain_text("It can be asked again in 3 seconds.")
        expect(frame.locator("#send")).to_have_attribute("aria-disabled", "true")
        expect(frame.locator("#question")).to_have_value(CHILDREN)
        expect(frame.locator("#send")).to_have_attribute("aria-disabled", "false")
        frame.locator("#send").click()
        expect(frame.locator("#conversation .turn")).to_have_count(1)


def test_a_question_asked_while_the_documents_are_opened_is_answered_when_they_are(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("data-open defer", server=server)
    asked: list[str] = []

    def not_yet(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) < 3:
            body = '<section class="panel"><h2>Getting ready</h2></section>'
            route.fulfill(status=202, headers={"Retry-After": "1", "Content-Type": "text/html"}, body=body)
        else:
            route.continue_()

    with _visiting(chromium, meeting.origin) as (page, _):
        frame = panel_of(page)
        page.route("**/embed/turn", not_yet)

        frame.locator("#question").fill(CHILDREN)
        frame.locator("#question").press("Enter")

        expect(frame.locator("#waiting")).to_contain_text("Your question is waiting")
        expect(frame.locator("#outcome")).to_have_text("Getting ready")
        expect(frame.locator("#conversation .turn")).to_have_count(1)
        expect(frame.locator("#waiting")).to_be_hidden()


def test_a_follow_up_is_understood_and_can_be_asked_on_its_own(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show("data-open defer", server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        ask(page, CHILDREN)
        frame = ask(page, "And the child?")
        expect(frame.locator(".understood strong")).to_have_text(f"And the child? (of {CHILDREN})")

        frame.locator("[data-alone]").click()

        expect(frame.locator("#conversation .turn")).to_have_count(3)
        expect(frame.locator("#conversation .turn").last.locator(".understood")).to_have_count(0)
        expect(frame.locator("#question")).to_be_focused()


def test_a_refusal_under_chosen_objectives_leads_to_a_search_of_all(
    chromium: Browser, meeting: _Meeting, server: str
) -> None:
    meeting.show('data-open data-objective="22" defer', server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        frame = ask(page, CHILDREN)

        frame.locator(".refusal [data-all]").click()

        expect(frame.locator("#conversation .turn").last.locator(".quoted")).to_be_visible()


def test_shift_and_enter_begins_a_line(chromium: Browser, meeting: _Meeting, server: str) -> None:
    meeting.show("data-open defer", server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        box = panel_of(page).locator("#question")

        box.fill("children")
        box.press("Shift+Enter")

        expect(box).to_have_value("children\n")


def test_it_is_not_on_paper(chromium: Browser, meeting: _Meeting, server: str) -> None:
    meeting.show("data-open defer", server=server)
    with _visiting(chromium, meeting.origin) as (page, _):
        panel_of(page)

        page.emulate_media(media="print")

        expect(page.locator("document-assistant")).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing(chromium: Browser, meeting: _Meeting, server: str, language: str, dark: bool) -> None:
    style = "<style>html { color-scheme: light dark }</style>"
    meeting.show(f'data-lang="{language}" defer', server=server, style=style)
    # axe itself speaks to the frame before it can hear.
    with _visiting(chromium, meeting.origin, dark=dark, errors=True) as (page, _):
        closed = violations(page)
        page.get_by_role("button", name=read_strings(language).text("widget.open")).click()
        panel_of(page)
        opened = violations(page)
    with _visiting(chromium, f"{server}embed?lang={language}&objective=7", dark=dark) as (page, _):
        found = {"closed": closed, "open": opened, "empty": violations(page)}
        for n, question in enumerate((CHILDREN, "Who won the cup?", "?!"), start=1):
            page.locator("#question").fill(question)
            page.keyboard.press("Enter")
            expect(page.locator("#conversation .turn")).to_have_count(n)
            page.evaluate("document.querySelectorAll('#conversation details').forEach((each) => { each.open = true; })")
            found[question] = violations(page)

    assert {name: report for name, report in found.items() if report} == {}


def test_its_page_by_itself_follows_the_device_s_light_and_dark(chromium: Browser, server: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with _visiting(chromium, f"{server}embed", dark=True) as (page, _):
        assert page.evaluate(ground) == "rgb(18, 23, 28)"
        page.goto(f"{server}embed?theme=light")
        assert page.evaluate(ground) == "rgb(246, 246, 243)"


def test_without_a_script_a_question_goes_to_the_full_page(chromium: Browser, server: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}embed")
    page.locator("#question").fill("children")

    with context.expect_page() as opened:
        page.locator("#send").click()

    assert re.fullmatch(re.escape(server) + r"\?q=children", opened.value.url)
    context.close()
