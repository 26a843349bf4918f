"""Against a real server on this machine that does all that servers do."""

import dataclasses
import datetime
import time
from pathlib import Path

import pytest
import trustme

from assistant.documents.fetching import downloads
from assistant.documents.fetching.downloads import Limits, fetch_originals, is_public
from assistant.documents.originals import Original, read_record
from assistant.files import file_sha256
from tests.documents.fetching.conftest import LIMITS, Get, trust, write_sources
from tests.documents.fetching.loopback import (
    AS_PAGE,
    AS_PDF,
    PDF,
    Behaviour,
    Loopback,
    answer,
    dripping,
    free_port,
    send_on,
    silent_after,
)


def test_an_original_comes_with_its_record(server: Loopback, get: Get, kept: Path, tmp_path: Path) -> None:
    server.routes["/brief.pdf"] = answer(200, PDF, **AS_PDF)
    told: list[tuple[int, int | None]] = []

    outcome = get(report=lambda _, done, total: told.append((done, total)))

    assert outcome.state == "fetched"
    assert kept.read_bytes() == PDF
    assert told[-1] == (len(PDF), len(PDF))
    record = read_record(tmp_path, outcome.original)
    assert record is not None
    assert dataclasses.asdict(record) == {
        "address": server.address("/brief.pdf"),
        "fetched": "2026-11-24",
        "type": "application/pdf",
        "bytes": len(PDF),
        "sha256": file_sha256(kept),
    }
    assert sorted(path.name for path in kept.parent.iterdir()) == ["brief.pdf", "brief.pdf.json"]


def test_what_is_here_is_not_asked_for_again(server: Loopback, get: Get) -> None:
    server.routes["/brief.pdf"] = answer(200, PDF, **AS_PDF)

    states = [get().state, get().state]

    assert states == ["fetched", "here"]
    assert server.count == 1


def test_what_was_put_by_hand_stays(server: Loopback, get: Get, kept: Path) -> None:
    kept.parent.mkdir()
    kept.write_bytes(b"mine")

    assert get().state == "here"
    assert kept.read_bytes() == b"mine"
    assert server.count == 0


def test_what_was_changed_since_is_named_and_left_alone(server: Loopback, get: Get, kept: Path) -> None:
    server.routes["/brief.pdf"] = answer(200, PDF, **AS_PDF)
    get()
    kept.write_bytes(b"changed")

    outcome = get()

    assert "isn't what was fetched any more" in outcome.problem
    assert kept.read_bytes() == b"changed"


# Sent on -------------------------------------------------------------------------------------------------------------


def test_a_redirect_among_the_allowed_hosts_is_followed(server: Loopback, get: Get, tmp_path: Path) -> None:
    server.routes |= {"/brief.pdf": send_on("/moved"), "/moved": answer(200, PDF, **AS_PDF)}

    outcome = get()

    record = read_record(tmp_path, outcome.original)
    assert record is not None
    assert record.address == server.address("/moved")


@pytest.mark.parametrize(
    ("location", "problem"),
    [
        ("https://127.0.0.1:{port}/secret", "whose host isn't among those that sources.toml allows"),
        ("https://elsewhere.example/secret", "whose host isn't among those that sources.toml allows"),
        ("https://localhost:1/secret", "whose host isn't among those that sources.toml allows"),
        ("https://someone@localhost:{port}/secret", "whose host isn't among those that sources.toml allows"),
        ("http://localhost:{port}/secret", "which isn't https"),
        ("file:///etc/passwd", "which isn't https"),
        ("https://[::1/secret", "which is no address"),
        ("/brief.pdf", "sends on more than 3 times"),
        ("/round", "sends on more than 3 times"),
    ],
)
def test_a_redirect_elsewhere_is_not_followed(
    server: Loopback, get: Get, kept: Path, location: str, problem: str
) -> None:
    port = server.host.partition(":")[2]
    server.routes |= {
        "/brief.pdf": send_on(location.format(port=port)),
        "/round": send_on("/brief.pdf"),
        "/secret": answer(200, PDF, **AS_PDF),
    }

    outcome = get()

    assert outcome.state == "failed"
    assert problem in outcome.problem
    assert not server.asked("/secret")
    assert not kept.exists()


def test_an_allowed_name_that_leads_to_a_private_address_is_asked_for_nothing(
    server: Loopback, get: Get, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/brief.pdf"] = answer(200, PDF, **AS_PDF)
    monkeypatch.setattr(downloads, "is_public", is_public)

    outcome = get()

    assert outcome.problem == "localhost leads to 127.0.0.1, which isn't a public address"
    assert server.count == 0
    assert not kept.exists()


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("192.0.43.8", True),
        ("2001:500:88:200::8", True),
        *((each, False) for each in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "224.0.0.1", "100.64.0.1")),
        ("64:ff9b::192.0.43.8", True),
        *((each, False) for each in ("64:ff9b::10.0.0.1", "64:ff9b:1::10.0.0.1", "2002:7f00:1::1", "::10.0.0.1")),
        *((each, False) for each in ("fec0::1", "::ffff:0:10.0.0.1", "2001::1")),
        *((each, False) for each in ("::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "ff02::1", "::")),
    ],
)
def test_what_is_nobodys_own_address_is_public(address: str, is_open: bool) -> None:
    assert is_public(address) == is_open


def test_redirects_without_end_are_not_followed(server: Loopback, get: Get) -> None:
    server.routes |= {f"/{number}": send_on(f"/{number + 1}") for number in range(9)}

    outcome = get("/0")

    assert "sends on more than 3 times" in outcome.problem
    assert server.count == 4


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://localhost/brief.pdf", "isn't https"),
        ("ftp://localhost/brief.pdf", "isn't https"),
        ("https://127.0.0.1/brief.pdf", "isn't among"),
        ("https://2130706433/brief.pdf", "isn't among"),
        ("https://[::1]/brief.pdf", "isn't among"),
        ("https://localhost./brief.pdf", "isn't among"),
        ("brief.pdf", "isn't https"),
        ("", "isn't https"),
        ("https://\x00/", "no address"),
    ],
)
def test_only_https_and_named_hosts_are_asked(server: Loopback, get: Get, address: str, problem: str) -> None:
    outcome = get(address)

    assert problem in outcome.problem
    assert server.count == 0


def test_a_number_is_asked_only_where_it_is_named(server: Loopback, get: Get) -> None:
    server.routes["/brief.pdf"] = answer(200, PDF, **AS_PDF)
    numbered = server.host.replace("localhost", "127.0.0.1")

    assert get(f"https://{numbered}/brief.pdf").state == "failed"
    assert get(f"https://{numbered}/brief.pdf", hosts=[numbered]).state == "fetched"


def test_a_certificate_of_another_authority_is_not_trusted(
    server: Loopback, get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(trustme.CA(), monkeypatch, tmp_path)

    outcome = get()

    assert outcome.state == "failed"
    assert "can't be trusted" in outcome.problem
    assert server.count == 0


# Pages that lead to the document -------------------------------------------------------------------------------------


def page(*targets: str) -> Behaviour:
    links = "".join(f'<a class="file" href="{target}">Download</a>' for target in targets)
    return answer(200, f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), **AS_PAGE)


def test_the_one_pdf_of_a_page_is_taken(server: Loopback, get: Get, kept: Path) -> None:
    targets = (
        "/files/the%20brief.pdf?v=1",
        "/about",
        "https://elsewhere.example/other.pdf",
        "/files/the%20brief.pdf?v=1#2",
    )
    server.routes |= {"/brief": page(*targets), "/files/the%20brief.pdf?v=1": answer(200, PDF, **AS_PDF)}

    assert get("/brief").state == "fetched"
    assert kept.read_bytes() == PDF


def test_a_page_with_two_pdfs_names_them(server: Loopback, get: Get) -> None:
    server.routes["/brief"] = page("en.pdf", "fr.pdf")

    outcome = get("/brief")

    assert f"2 PDFs on allowed hosts ({server.address('/en.pdf')}, {server.address('/fr.pdf')})" in outcome.problem
    assert server.count == 1


def test_a_page_behind_a_page_is_not_followed(server: Loopback, get: Get) -> None:
    server.routes |= {"/brief": page("/next.pdf"), "/next.pdf": page("/brief.pdf")}

    assert "what came is an HTML page, not a PDF" in get("/brief").problem


# Time ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "limits", "problem"),
    [
        pytest.param(
            silent_after(b""),
            dataclasses.replace(LIMITS, tries=2, silence=0.2),
            "fell silent for 0.2 seconds",
            id="from the beginning",
        ),
        pytest.param(
            silent_after(PDF[:5000], **AS_PDF),
            dataclasses.replace(LIMITS, tries=2, silence=0.2),
            "fell silent",
            id="in the middle",
        ),
        pytest.param(
            lambda visit, _: visit.hang(),
            dataclasses.replace(LIMITS, tries=2, silence=0.2),
            "fell silent",
            id="without a word",
        ),
        pytest.param(
            dripping(),
            dataclasses.replace(LIMITS, tries=2, whole=0.5),
            "took longer than 0.5 seconds",
            id="a byte at a time",
        ),
        pytest.param(
            answer(503, Retry_After="1"),
            dataclasses.replace(LIMITS, tries=2, whole=0.5),
            "took longer than 0.5",
            id="pauses count too",
        ),
    ],
)
def test_nothing_waits_for_ever(server: Loopback, get: Get, behaviour: Behaviour, limits: Limits, problem: str) -> None:
    server.routes["/brief.pdf"] = behaviour
    started = time.monotonic()

    outcome = get(limits=limits)

    assert problem in outcome.problem
    assert time.monotonic() - started < 10


# Many ----------------------------------------------------------------------------------------------------------------


def test_what_fails_stops_no_other(server: Loopback, tmp_path: Path) -> None:
    server.routes |= {"/a.pdf": answer(404), "/c.pdf": answer(200, PDF, **AS_PDF)}
    gone = f"localhost:{free_port()}"
    wanted = [
        Original("a", server.address("/a.pdf"), "a.pdf"),
        Original("b", f"https://{gone}/b.pdf", "b.pdf"),
        Original("b2", f"https://{gone}/b2.pdf", "b2.pdf"),
        Original("c", server.address("/c.pdf"), "deep/c.pdf"),
        Original("d", server.address("/c.pdf"), "deep/c.pdf/d.pdf"),
    ]
    write_sources(tmp_path, [server.host, gone], wanted)

    outcomes = fetch_originals(tmp_path, today=datetime.date(2026, 11, 24), report=lambda *_: None, limits=LIMITS)

    assert [outcome.state for outcome in outcomes] == ["failed", "unreachable", "unreachable", "fetched", "failed"]
    assert "can't be reached" in outcomes[2].problem
    assert "can't be read or written" in outcomes[4].problem
