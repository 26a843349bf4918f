import dataclasses
import datetime
import email.utils
import gzip
import time
from pathlib import Path
from typing import Any

import pytest

from tests.documents.fetching.conftest import LIMITS, Get
from tests.documents.fetching.loopback import (
    AS_PAGE,
    AS_PDF,
    PAGE,
    PDF,
    Behaviour,
    Loopback,
    answer,
    broken_off,
    in_chunks,
    in_turn,
    until_closed,
)

REFUSED = [
    pytest.param(answer(403), "answers 403 (Forbidden)", id="forbidden"),
    pytest.param(answer(404), "answers 404 (Not Found)", id="gone"),
    pytest.param(answer(599), "answers 599 (unknown)", id="unheard of"),
    pytest.param(answer(204), "answers 204", id="empty by word"),
    pytest.param(answer(200, b"", **AS_PDF), "what came is empty, not a PDF", id="empty"),
    pytest.param(answer(200, PAGE, **AS_PDF), "and links to no PDFs", id="a page called a PDF"),
    pytest.param(answer(200, b"GIF89a\0\0", **AS_PDF), "what came is a picture", id="a picture called a PDF"),
    pytest.param(answer(200, b"Plain words.", **AS_PDF), "what came is plain text, not a PDF", id="words called a PDF"),
    pytest.param(answer(200, PDF, **AS_PAGE), "calls it 'text/html", id="a PDF called a page"),
    pytest.param(
        answer(200, gzip.compress(PDF), Content_Encoding="gzip", **AS_PDF), "comes compressed", id="compressed"
    ),
    pytest.param(answer(200, PDF * 5, **AS_PDF), "no more than 200,000 are taken", id="too long"),
    pytest.param(in_chunks(PDF, 99, **AS_PDF), "more bytes than the 200,000", id="endless"),
    pytest.param(
        answer(429, Retry_After="3600"), "answers 429 (Too Many Requests), and asks to wait 3,600", id="a long wait"
    ),
]


@pytest.mark.parametrize(("behaviour", "problem"), REFUSED)
def test_what_is_not_the_document_is_refused_at_once(
    server: Loopback, get: Get, kept: Path, behaviour: Behaviour, problem: str
) -> None:
    server.routes["/brief.pdf"] = behaviour

    outcome = get()

    assert outcome.state == "failed"
    assert problem in outcome.problem
    assert server.count == 1
    assert not kept.exists()


def test_what_does_not_end_is_not_kept(server: Loopback, get: Get, kept: Path) -> None:
    server.routes["/brief.pdf"] = in_chunks(PDF, 99, **AS_PDF)

    get()

    assert not kept.parent.exists()


FAULTY = [
    pytest.param(answer(500), "answers 500", id="an error that stays"),
    pytest.param(answer(503, Retry_After="nonsense"), "answers 503", id="a pause that is none"),
    pytest.param(answer(200, PDF[:-2000], **AS_PDF), "ends too early", id="cut at the source"),
    pytest.param(until_closed(PDF[:-2000], **AS_PDF), "ends too early", id="cut, its length untold"),
    pytest.param(
        # What goes beyond the length may make the connection break first.
        answer(200, PDF, **AS_PDF | {"Content_Length": "20000"}),
        "ends too early|broke off",
        id="a length that is too short",
    ),
    pytest.param(broken_off(PDF, 3000, **AS_PDF), "broke off", id="dropped each time"),
    pytest.param(broken_off(PDF, 0, **AS_PDF), "broke off", id="dropped before it began"),
    pytest.param(in_turn(lambda visit, _: visit.drop()), "broke off", id="no answer at all"),
    pytest.param(lambda visit, _: visit.wfile.write(b"nonsense\r\n\r\n"), "broke off", id="no HTTP"),
]


@pytest.mark.parametrize(("behaviour", "problem"), FAULTY)
def test_what_may_pass_is_tried_again_and_then_given_up(
    server: Loopback, get: Get, kept: Path, behaviour: Behaviour, problem: str
) -> None:
    server.routes["/brief.pdf"] = behaviour

    outcome = get()

    assert outcome.state == "failed"
    assert any(told in outcome.problem for told in problem.split("|"))
    assert server.count == LIMITS.tries
    assert not kept.exists()


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_server_that_recovers_is_forgiven(server: Loopback, get: Get, kept: Path, status: int) -> None:
    server.routes["/brief.pdf"] = in_turn(answer(status), answer(status), answer(200, PDF, **AS_PDF))

    assert get().state == "fetched"
    assert kept.read_bytes() == PDF


def in_a_second() -> str:
    return email.utils.format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2), usegmt=True)


@pytest.mark.parametrize(("pause", "least"), [("1", 0.9), (in_a_second, 0.9), ("0", 0.0)])
def test_the_pause_that_a_server_asks_for_is_kept(server: Loopback, get: Get, pause: Any, least: float) -> None:
    def busy(visit: Any, number: int) -> None:
        answer(429, Retry_After=pause() if callable(pause) else pause)(visit, number)

    server.routes["/brief.pdf"] = in_turn(busy, answer(200, PDF, **AS_PDF))
    started = time.monotonic()

    assert get(limits=dataclasses.replace(LIMITS, longest_pause=5)).state == "fetched"
    assert time.monotonic() - started >= least


def test_a_type_that_says_nothing_leaves_it_to_the_bytes(server: Loopback, get: Get) -> None:
    server.routes["/brief.pdf"] = answer(200, PDF, Content_Type="application/octet-stream")

    assert get().state == "fetched"


def test_a_statement_is_kept_as_a_page(server: Loopback, get: Get, tmp_path: Path) -> None:
    server.routes["/statement"] = in_chunks(PAGE, 1, **AS_PAGE)

    assert get("/statement", file="originals/statement.html").state == "fetched"
    assert (tmp_path / "originals" / "statement.html").read_bytes() == PAGE


def test_a_page_of_untold_length_must_end_like_one(server: Loopback, get: Get) -> None:
    server.routes["/whole"] = until_closed(PAGE, **AS_PAGE)
    server.routes["/cut"] = until_closed(PAGE[:-20], **AS_PAGE)

    assert get("/whole", file="whole.html").state == "fetched"
    assert "ends too early" in get("/cut", file="cut.html").problem
