"""Measure how soon the page can be used on a slow network, in a real Chromium.

    python -m bench.network http://127.0.0.1:7860/ [question]

Chromium throttles as its developer tools do; the window is a phone's, 390 px wide. Of a first visit it says after how
many milliseconds the question box can be used and an answer read, and how many bytes came until then and in all.
"""

import shutil
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, sync_playwright

_NETWORKS = {  # bytes a second down and up, milliseconds of delay: Chromium's presets
    "slow 3G": (50_000, 50_000, 2000),
    "fast 3G": (180_000, 84_375, 562.5),
}
_QUESTION = "What does the note say about unaccompanied children?"
_QUIET = 3000  # milliseconds without a request after which the page has come
_PATIENCE = 120_000  # milliseconds


@dataclass
class _Traffic:
    """What came over the network."""

    sizes: list[int] = field(default_factory=list)  # bytes as they were sent, headers included
    last: float = 0.0  # seconds on this process's clock

    def add(self, event: dict[str, Any]) -> None:
        """Count a finished request."""
        self.sizes.append(int(event["encodedDataLength"]))
        self.last = time.monotonic()


def measure(browser: Browser, address: str, network: tuple[float, float, float], question: str) -> str:
    """Visit the page once with an empty cache, and return what was seen in a line."""
    down, up, delay = network
    page = browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block").new_page()
    session, traffic = page.context.new_cdp_session(page), _Traffic()
    session.on("Network.loadingFinished", traffic.add)
    session.send("Network.enable")
    conditions = {"offline": False, "latency": delay, "downloadThroughput": down, "uploadThroughput": up}
    session.send("Network.emulateNetworkConditions", conditions)
    began = time.monotonic()
    page.goto(address, wait_until="commit", timeout=_PATIENCE)
    box = page.locator("#question textarea")
    box.wait_for(timeout=_PATIENCE)
    usable = time.monotonic() - began
    box.fill(question)
    box.press("Enter")
    page.locator(".quoted, .refusal").first.wait_for(timeout=_PATIENCE)
    read, until_read = time.monotonic() - began, sum(traffic.sizes)
    while time.monotonic() - traffic.last < _QUIET / 1000:
        page.wait_for_timeout(200)
    page.context.close()
    whole = traffic.last - began
    return (
        f"usable {usable * 1000:.0f} ms, answer read {read * 1000:.0f} ms with {until_read / 1000:.0f} kB; "
        f"whole {whole * 1000:.0f} ms, {sum(traffic.sizes) / 1000:.0f} kB in {len(traffic.sizes)} requests"
    )


def main(address: str, question: str = _QUESTION) -> None:
    """Measure on each network, and print a line each."""
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for name, network in _NETWORKS.items():
            print(f"{name}: {measure(browser, address, network, question)}", flush=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
