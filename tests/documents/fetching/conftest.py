"""A server for each test, and what fetches from it."""

import datetime
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Protocol

import pytest
import trustme

from assistant.documents.fetching import downloads
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
        hosts: Collection[str] = (),
        limits: Limits = LIMITS,
        report: ReportBytes = lambda *_: None,
    ) -> Outcome: ...


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Whom the tests' clients trust."""
    return trustme.CA()


@pytest.fixture
def server(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loopback]:
    """A trusted server that knows no address yet; no proxy stands before it."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    trust(authority, monkeypatch, tmp_path_factory.mktemp("trusted"))
    monkeypatch.setattr(downloads, "is_public", lambda _: True)  # it listens on this machine
    with loopback(authority) as running:
        yield running


def trust(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Trust an authority alone, as an office trusts its own."""
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


def write_sources(folder: Path, hosts: Collection[str], originals: Collection[Original]) -> None:
    """Describe a corpus of links to originals."""
    rows = [f"hosts = {json.dumps(list(hosts))}"]
    for original in originals:
        rows += ["[[source]]", f'id = "{original.id}"', 'title = "A brief"', 'kind = "link"']
        rows += [f"original = {{ address = {json.dumps(original.address)}, file = {json.dumps(original.file)} }}"]
    (folder / "sources.toml").write_text("\n".join(rows), encoding="utf-8")


@pytest.fixture
def get(server: Loopback, tmp_path: Path) -> Get:
    """Fetches one address as a brief, by default from the server alone."""

    def fetch(
        address: str = "/brief.pdf",
        *,
        file: str = "originals/brief.pdf",
        hosts: Collection[str] = (),
        limits: Limits = LIMITS,
        report: ReportBytes = lambda *_: None,
    ) -> Outcome:
        original = Original("brief", server.address(address) if address.startswith("/") else address, file)
        write_sources(tmp_path, hosts or [server.host], [original])
        (outcome,) = fetch_originals(tmp_path, today=datetime.date(2026, 11, 24), report=report, limits=limits)
        return outcome

    return fetch


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where the brief is kept."""
    return tmp_path / "originals" / "brief.pdf"
