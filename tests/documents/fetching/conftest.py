"""A server for each test, and what fetches from it."""

import datetime
import ssl
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Protocol

import pytest
import trustme

from assistant.documents.fetching.downloads import Limits, Outcome, ReportBytes, fetch_originals
from assistant.documents.originals import Original
from tests.documents.fetching.loopback import Loopback, loopback

LIMITS = Limits(bytes=200_000, connecting=10, silence=5, whole=60, tries=3, pause=0.01, longest_pause=1.5, redirects=3)


class Get(Protocol):
    """Fetches one original from the server."""

    def __call__(
        self,
        address: str = "/brief.pdf",
        *,
        file: str = "originals/brief.pdf",
        hosts: Collection[str] | None = None,
        limits: Limits = LIMITS,
        trusted: ssl.SSLContext | None = None,
        report: ReportBytes = lambda *_: None,
    ) -> Outcome: ...


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Whom the tests' clients trust."""
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """A server that knows no address yet; no proxy stands before it."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with loopback(authority) as running:
        yield running


@pytest.fixture
def get(server: Loopback, tmp_path: Path) -> Get:
    """Fetches one address as a brief, by default from the server alone."""

    def fetch(
        address: str = "/brief.pdf",
        *,
        file: str = "originals/brief.pdf",
        hosts: Collection[str] | None = None,
        limits: Limits = LIMITS,
        trusted: ssl.SSLContext | None = None,
        report: ReportBytes = lambda *_: None,
    ) -> Outcome:
        original = Original("brief", server.address(address) if address.startswith("/") else address, file)
        (outcome,) = fetch_originals(
            [original],
            tmp_path,
            hosts=hosts or [server.host],
            today=datetime.date(2026, 11, 24),
            report=report,
            limits=limits,
            trusted=trusted or server.trusted(),
        )
        return outcome

    return fetch


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where the brief is kept."""
    return tmp_path / "originals" / "brief.pdf"
