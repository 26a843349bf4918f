import dataclasses
import time
from pathlib import Path
from typing import Any

import pytest

from tests.documents.fetching.conftest import LIMITS, Get
from tests.documents.fetching.loopback import (
    AS_PDF,
    PDF,
    Behaviour,
    Loopback,
    answer,
    broken_off,
    in_ranges,
    in_turn,
)


def test_a_dropped_transfer_goes_on_where_it_stopped(server: Loopback, get: Get, kept: Path) -> None:
    server.routes["/brief.pdf"] = in_turn(
        broken_off(PDF, 20_000, ETag='"1"', **AS_PDF), in_ranges(PDF, '"1"', **AS_PDF)
    )

    assert get().state == "fetched"
    assert kept.read_bytes() == PDF
    second = server.asked("/brief.pdf")[1]
    assert second["If-Range"] == '"1"'
    assert 1024 <= int(second["Range"].removeprefix("bytes=").removesuffix("-")) <= 20_000


def test_a_transfer_goes_on_in_another_run(server: Loopback, get: Get, kept: Path) -> None:
    server.routes["/brief.pdf"] = broken_off(PDF, 20_000, Last_Modified="Wed, 03 Jun 2020 10:00:00 GMT", **AS_PDF)
    get(limits=dataclasses.replace(LIMITS, tries=1))
    server.routes["/brief.pdf"] = in_ranges(PDF, "Wed, 03 Jun 2020 10:00:00 GMT", **AS_PDF)

    assert get().state == "fetched"
    assert kept.read_bytes() == PDF
    assert "Range" in server.asked("/brief.pdf")[-1]
    assert sorted(path.name for path in kept.parent.iterdir()) == ["brief.pdf", "brief.pdf.json"]


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"1"'}], ids=["no mark", "a weak mark"])
def test_what_the_server_cannot_tell_again_begins_anew(
    server: Loopback, get: Get, kept: Path, headers: dict[str, str]
) -> None:
    server.routes["/brief.pdf"] = in_turn(broken_off(PDF, 20_000, **AS_PDF | headers), answer(200, PDF, **AS_PDF))

    assert get().state == "fetched"
    assert "Range" not in server.asked("/brief.pdf")[1]
    assert kept.read_bytes() == PDF


ANOTHER = PDF.replace(b"obj", b"OBJ")
RESTS = [
    pytest.param(in_ranges(ANOTHER, '"2"', **AS_PDF), ANOTHER, id="changed meanwhile"),
    pytest.param(in_turn(answer(416), answer(416), answer(200, PDF, **AS_PDF)), PDF, id="no such rest"),
    pytest.param(
        in_turn(
            answer(500),
            answer(206, PDF[7:], Content_Range=f"bytes 7-{len(PDF) - 1}/{len(PDF)}", **AS_PDF),
            answer(200, PDF, **AS_PDF),
        ),
        PDF,
        id="another rest",
    ),
    pytest.param(
        in_turn(answer(500), answer(206, PDF[7:], **AS_PDF), answer(200, PDF, **AS_PDF)), PDF, id="an unnamed rest"
    ),
]


@pytest.mark.parametrize(("behaviour", "expected"), RESTS)
def test_a_rest_that_does_not_fit_begins_anew(
    server: Loopback, get: Get, kept: Path, behaviour: Behaviour, expected: bytes
) -> None:
    server.routes["/brief.pdf"] = broken_off(PDF, 20_000, ETag='"1"', **AS_PDF)
    get(limits=dataclasses.replace(LIMITS, tries=1))
    server.routes["/brief.pdf"] = behaviour

    assert get().state == "fetched"
    assert kept.read_bytes() == expected


def test_a_rest_nobody_asked_for_is_refused(server: Loopback, get: Get) -> None:
    server.routes["/brief.pdf"] = answer(206, PDF, Content_Range=f"bytes 0-{len(PDF) - 1}/{len(PDF)}", **AS_PDF)

    assert "another part" in get().problem


def test_two_fetches_at_once_never_keep_a_mixture(server: Loopback, get: Get, kept: Path) -> None:
    def meddling(visit: Any, _: int) -> None:
        visit.head(200, Content_Length=str(len(PDF)), Content_Type="application/pdf")
        visit.wfile.write(PDF[:30_000])
        visit.wfile.flush()
        part = kept.with_name("brief.pdf.part")
        while not part.exists() or not part.stat().st_size:
            time.sleep(0.01)
        part.write_bytes(b"%PDF another one")
        visit.wfile.write(PDF[30_000:])

    server.routes["/brief.pdf"] = in_turn(meddling, answer(200, PDF, **AS_PDF))

    assert get().state == "fetched"
    assert kept.read_bytes() == PDF
