"""A real browser before a real server, on loopback; and what people do there, step by step."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from assistant import Assistant
from assistant.settings import ServiceSettings
from assistant.web.app.opening import Answering, Opening
from assistant.web.rendering.page_frame import NOTE_EXAMPLES
from assistant.web.server import create_app
from tests.served import served

CHILDREN = "What does the note say about unaccompanied children?"
OUTSIDE = "Who won the football world cup in 1998?"

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=30_000)  # milliseconds: a busy machine is late, and no state is waited for in vain
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_AXE = Axe()
# The size of targets is new in WCAG 2.2, and axe looks at it only when told to.
_AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def _executable(playwright: Playwright) -> str | None:
    """The machine's own Chromium, else the one that Playwright keeps."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).is_file() else None)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        executable = _executable(playwright)
        if not executable:
            pytest.skip("no Chromium found; install one, or run: python -m playwright install chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def serving(opening: Opening, *embed_origins: str) -> Iterator[str]:
    """Serve the page of an opening on a free port, and give its address; pages of the origins may frame the widget."""
    with served(
        create_app(opening, ServiceSettings(embed_origins=embed_origins, rate_limit=0), examples=NOTE_EXAMPLES)
    ) as origin:
        yield f"{origin}/"


@contextmanager
def serving_assistant(assistant: Answering) -> Iterator[str]:
    """Serve the page of an assistant that is open already."""
    opening = Opening(lambda _: assistant)
    opening.start().result()
    with serving(opening) as url:
        yield url


@pytest.fixture(scope="package")
def address(assistant: Assistant, chromium: Browser) -> Iterator[str]:
    """Where the real assistant is served."""
    with serving_assistant(assistant) as url:
        yield url


@contextmanager
def visiting(
    browser: Browser,
    url: str,
    *,
    width: int = 1280,
    height: int = 900,
    scale: int = 1,
    dark: bool = False,
    locale: str = "en-GB",
    forced_colors: Literal["active", "none"] = "none",
    motion: Literal["reduce", "no-preference"] = "reduce",
    errors_expected: bool = False,
) -> Iterator[Page]:
    """Open the page in a fresh session, and fail if it asks another host for anything or meets an error."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme="dark" if dark else "light",
        locale=locale,
        forced_colors=forced_colors,
        reduced_motion=motion,
        permissions=["clipboard-read", "clipboard-write"],
        service_workers="block",  # whose requests no test could answer in its stead
    )
    page = context.new_page()
    requested: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: requested.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(url)
    page.locator("html[data-gradio]").wait_for()  # its box has taken the place of the plain one
    try:
        yield page
    finally:
        page.unroute_all(behavior="ignoreErrors")  # a request still under way ends with the page, not in another test
        context.close()
    host = url.split("/")[2]
    assert [each for each in requested if each.startswith("http") and each.split("/")[2] != host] == []
    assert errors_expected or errors == []


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The page, newly opened on a wide window."""
    with visiting(chromium, address) as opened:
        yield opened


# Steps ---------------------------------------------------------------------------------------------------------------


def ask(page: Page, question: str) -> None:
    """Ask as a person does, and wait until the answer has come."""
    turns = page.locator("#conversation .turn").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#conversation .turn")).to_have_count(turns + 1)


def rank(page: Page, topic: str) -> None:
    """Rank a topic as a person does, and wait until its ranking has come."""
    page.locator("#topic textarea").fill(topic)
    page.locator("#topic textarea").press("Enter")
    expect(page.locator(".topic-asked bdi")).to_have_text(topic)


def go(page: Page, fragment: str) -> None:
    """Go to another place of the page, as a link or somebody's hand in the address does."""
    page.evaluate("(fragment) => { location.hash = fragment; }", fragment)


def unfold_all(page: Page) -> None:
    """Open whatever can be unfolded."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def clipboard(page: Page) -> str:
    """What was copied last, read from a page whose policy lets it."""
    other = page.context.new_page()
    other.route("**/*", lambda route: route.fulfill(body="<!doctype html><title>Reader</title>"))
    other.goto(page.url)
    copied = str(other.evaluate("navigator.clipboard.readText()"))
    other.unroute_all(behavior="ignoreErrors")  # its icon may be on its way
    other.close()
    return copied


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds: the rule, and the first element that breaks it."""
    response = _AXE.run(page, options=_AXE_OPTIONS).response
    return [(each["id"], each["nodes"][0]["html"]) for each in response["violations"]]


def excess(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
