"""A real browser before a real server, on loopback."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from assistant import Assistant
from assistant.web.frame import NOTE_EXAMPLES
from assistant.web.opening import Opening
from assistant.web.server import create_app, listen

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


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
def serving(opening: Opening) -> Iterator[str]:
    """Serve the page of an opening on a free port, and give its address."""
    listening = listen("127.0.0.1", 0)
    app = create_app(opening, examples=NOTE_EXAMPLES)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="package")
def address(assistant: Assistant, chromium: Browser) -> Iterator[str]:
    """Where the real assistant is served."""
    opening = Opening(lambda _: assistant)
    opening.start().result()
    with serving(opening) as url:
        yield url


@contextmanager
def visiting(
    browser: Browser, url: str, *, width: int = 1280, dark: bool = False, errors_expected: bool = False
) -> Iterator[Page]:
    """Open the page in a fresh session, and fail if it asks another host for anything or meets an error."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    page = context.new_page()
    requested: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(url)
    page.locator("#question textarea").wait_for(state="attached")  # hidden at the address of another place
    try:
        yield page
    finally:
        context.close()
    host = url.split("/")[2]
    assert [each for each in requested if each.startswith("http") and each.split("/")[2] != host] == []
    assert errors_expected or errors == []


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The page, newly opened on a wide window."""
    with visiting(chromium, address) as opened:
        yield opened
