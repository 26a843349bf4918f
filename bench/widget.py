"""How soon the widget's panel can be used after it is opened: `python -m bench.widget`.

A Chromium without a window, a server and a meeting page on two origins of this machine; each round is a fresh session,
so nothing is in a cache. Usable means: the question box has the focus.
"""

import shutil
import statistics
import tempfile
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

from assistant.web.app import Answering, Opening
from assistant.web.rendering import read_strings
from assistant.web.server import listen
from assistant.web.widget import add_embed

ROUNDS = 15
ALLOWED = 1500  # milliseconds
PAGE = '<!doctype html><html lang="en"><title>Meeting</title><body><script src="{server}/embed.js" defer></script>'


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        site = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
        origin = f"http://127.0.0.1:{site.server_port}"
        listening = listen("127.0.0.1", 0)
        server = f"http://127.0.0.1:{listening.getsockname()[1]}"
        Path(folder, "index.html").write_text(PAGE.format(server=server), encoding="utf-8")
        app = FastAPI()
        add_embed(app, Opening(_nothing), read_strings, origins=(origin,))
        running = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        threads = [
            threading.Thread(target=site.serve_forever),
            threading.Thread(target=running.run, kwargs={"sockets": [listening]}),
        ]
        for thread in threads:
            thread.start()
        try:
            with sync_playwright() as playwright:
                own = shutil.which("chromium") or shutil.which("google-chrome")  # else the one that Playwright keeps
                browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox"])
                taken = sorted(_usable(browser, origin) for _ in range(ROUNDS))
        finally:
            running.should_exit = True
            site.shutdown()
    print(f"panel usable after opening, {ROUNDS} fresh sessions: median {statistics.median(taken):.0f} ms, ", end="")
    print(f"slowest {taken[-1]:.0f} ms, allowed {ALLOWED} ms")


def _nothing(_: object) -> Answering:
    raise NotImplementedError  # nobody asks


def _usable(browser: Browser, origin: str) -> float:
    """Milliseconds from the press of the button until the box has the focus."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(origin, wait_until="networkidle")
    button = page.locator("document-assistant .open")
    begun = time.perf_counter()
    button.press("Enter")
    page.frame_locator("document-assistant iframe").locator("#question:focus").wait_for()
    taken = (time.perf_counter() - begun) * 1000
    context.close()
    return taken


if __name__ == "__main__":
    main()
