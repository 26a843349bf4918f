"""The service under a path of another site, behind the real nginx that docs/deploying.md configures."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from assistant.settings import ServiceSettings, parse_proxies
from assistant.web.app import Opening
from assistant.web.server import create_app
from tests.browser.conftest import ask, go, visiting
from tests.conftest import ROOT
from tests.served import served
from tests.web.fake_assistant import CHILDREN, FakeAssistant

pytestmark = pytest.mark.browser

QUESTION = "What does the note say about unaccompanied children?"
CONFIGURATION = """
daemon off;
pid nginx.pid;
error_log errors.txt;
events {{ }}
http {{
    access_log off;
    client_body_temp_path .; proxy_temp_path .; fastcgi_temp_path .; uwsgi_temp_path .; scgi_temp_path .;
    upstream assistant {{ server {service}; }}
    server {{
        listen 127.0.0.1:{port};
        location = /favicon.ico {{ return 204; }}  # the other site's own, as browsers ask for it
        {location}
    }}
}}
"""


def location_in_docs() -> str:
    """The place under a path, as the page for operators has it."""
    blocks = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8"), re.DOTALL)
    whole, under_path = blocks
    (shared,) = re.findall(r"location / \{(.*?)\n    \}", whole, re.DOTALL)
    kept = [line for line in shared.splitlines() if "proxy_pass" not in line and "X-Forwarded-Prefix" not in line]
    return str(re.sub(r"\n *# and the lines [^\n]*", lambda _: "\n".join(kept), under_path))


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a site that shows the service under /ask/."""
    nginx = shutil.which("nginx")
    if not nginx:
        pytest.skip("no nginx found; install Debian's")
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    proxies = parse_proxies("127.0.0.1", name="proxies")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("nginx")
    with served(create_app(opening, ServiceSettings(rate_limit=0, trusted_proxies=proxies))) as service:
        configuration = CONFIGURATION.format(
            service=service.removeprefix("http://"), port=port, location=location_in_docs()
        )
        (folder / "nginx.conf").write_text(
            configuration.replace("$host", "$http_host"), encoding="utf-8"
        )  # with a port
        with subprocess.Popen([nginx, "-p", str(folder), "-c", "nginx.conf", "-e", "errors.txt"]) as process:
            try:
                wait_for(port)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def test_the_page_asks_saves_and_reads_under_its_path(chromium: Browser, origin: str, tmp_path: Path) -> None:
    with visiting(chromium, f"{origin}/ask/") as page:
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))

        ask(page, QUESTION)
        expect(page.locator("#conversation .turn")).to_contain_text(CHILDREN)
        with page.expect_download() as download:
            page.get_by_role("button", name="Word").last.click()
        download.value.save_as(tmp_path / "answers.docx")
        go(page, "#documents/background-note")
        expect(page.locator("#view-documents")).to_contain_text(CHILDREN)

        addresses = [each for each in requested if each.startswith("http")]
        assert addresses
        assert [each for each in addresses if not each.startswith(f"{origin}/ask/")] == []
    assert (tmp_path / "answers.docx").read_bytes().startswith(b"PK")


def test_the_widget_asks_under_its_path(chromium: Browser, origin: str) -> None:
    page = chromium.new_page()
    page.goto(f"{origin}/ask/embed?lang=en")

    page.locator("textarea").fill(QUESTION)
    page.locator("textarea").press("Enter")

    expect(page.locator("body")).to_contain_text(CHILDREN)
    page.close()


@pytest.mark.parametrize("address", ["/ask/mcp", "/ask/mcp/"])
def test_programs_are_answered_under_the_path(origin: str, address: str) -> None:
    both = {"Accept": "application/json, text/event-stream", "Origin": origin}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}

    answer = httpx2.post(f"{origin}/ask/api/ask", json={"question": QUESTION}).json()
    tools = httpx2.post(f"{origin}{address}", json=message, headers=both).json()["result"]["tools"]
    loader = httpx2.get(f"{origin}/ask/embed.js")

    assert answer["answer"] == CHILDREN
    assert [tool["name"] for tool in tools] == ["ask", "classify"]
    assert loader.status_code == 200


def test_a_name_that_is_not_the_service_s_gets_nothing_through_the_proxy_either(origin: str) -> None:
    assert httpx2.get(f"{origin}/ask/", headers={"Host": "rebound.example"}).status_code == 421
