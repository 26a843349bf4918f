import threading

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.errors import CorpusError
from assistant.records import Progress, ReportProgress
from assistant.web.app.opening import Opening
from assistant.web.observing.health import add_health
from assistant.web.observing.metrics import Metrics
from tests.web.fake_assistant import FakeAssistant

GONE = "corpus: no such folder; give one with --corpus."


class Opener:
    """Opens an assistant, unless it was told to fail."""

    def __init__(self, problem: str = "") -> None:
        self.problem = problem
        self.was_told = threading.Event()

    def __call__(self, _: ReportProgress) -> FakeAssistant:
        self.was_told.set()
        if self.problem:
            raise CorpusError(self.problem)
        return FakeAssistant()


class Held:
    """Opens no further than to what it was told to report, until it is let go."""

    def __init__(self, progress: Progress | None) -> None:
        self.has_begun, self.may_end = threading.Event(), threading.Event()
        self._progress = progress

    def __call__(self, report: ReportProgress) -> FakeAssistant:
        if self._progress:
            report(self._progress)
        self.has_begun.set()
        self.may_end.wait(10)
        return FakeAssistant()


def client_of(opening: Opening) -> TestClient:
    app = FastAPI()
    add_health(app, opening, Metrics())
    return TestClient(app)


def opened() -> Opening:
    opening = Opening(Opener())
    opening.start().result()
    return opening


def failed(opener: Opener) -> Opening:
    opening = Opening(opener)
    opening.start().exception()
    return opening


def test_it_is_alive_whatever_becomes_of_the_documents() -> None:
    for opening in (Opening(Opener()), opened(), failed(Opener(GONE))):
        response = client_of(opening).get("/healthz")

        assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_it_is_ready_once_the_documents_are_open() -> None:
    response = client_of(opened()).get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "documents": 2,
        "passages": 2,
        "corpus": FakeAssistant.corpus_hash,
    }


def test_how_far_the_opening_has_come_is_told_while_it_lasts() -> None:
    held = Held(Progress("encoding", 2, 4))
    opening = Opening(held)
    opening.start()
    held.has_begun.wait(10)

    response = client_of(opening).get("/readyz")
    held.may_end.set()

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.json() == {"status": "opening", "what": "encoding", "done": 2, "of": 4}


def test_asking_whether_it_is_ready_begins_to_open_it() -> None:
    held = Held(None)
    opening = Opening(held)
    client = client_of(opening)

    first = client.get("/readyz")
    has_begun = held.has_begun.wait(10)
    held.may_end.set()
    opening.start().result(10)

    assert has_begun
    assert (first.status_code, first.json()) == (503, {"status": "opening"})
    assert client.get("/readyz").status_code == 200


def test_what_failed_is_told_in_one_line_and_tried_again() -> None:
    opener = Opener("corpus: no such folder;\n  give one with --corpus.")
    opening = failed(opener)
    client = client_of(opening)
    opener.problem = ""
    opener.was_told.clear()

    first = client.get("/readyz")
    is_tried_again = opener.was_told.wait(10)
    opening.start().result(10)
    second = client.get("/readyz")

    assert (first.status_code, first.json()) == (503, {"status": "failed", "reason": GONE})
    assert first.headers["Retry-After"] == "5"
    assert is_tried_again
    assert second.json()["status"] == "ready"


def test_a_reason_may_name_a_file_that_no_encoding_can_write() -> None:
    response = client_of(failed(Opener("corpus/\udcff.txt: can't be read."))).get("/readyz")

    assert response.json()["reason"] == "corpus/\udcff.txt: can't be read."


def test_changed_documents_that_cannot_be_opened_leave_it_ready_and_say_so_until_they_can() -> None:
    opener = Opener()
    opening = Opening(opener)
    opening.start().result()
    client = client_of(opening)
    opener.problem = GONE
    with pytest.raises(CorpusError):
        opening.renew()

    stale = client.get("/readyz")
    opener.problem = ""
    opening.renew()
    renewed = client.get("/readyz")

    assert stale.status_code == 200
    assert (stale.json()["status"], stale.json()["stale"]) == ("ready", GONE)
    assert (renewed.status_code, "stale" in renewed.json()) == (200, False)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_nobody_keeps_what_was_told_and_its_head_alone_can_be_had(path: str) -> None:
    client = client_of(opened())

    whole, head = client.get(path), client.head(path)

    for response in (whole, head):
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Type"] == head.headers["Content-Type"]


def test_the_figures_are_what_prometheus_reads() -> None:
    client = client_of(opened())

    plain = client.get("/metrics")
    asked_for = client.get(
        "/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}
    )

    assert plain.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'assistant_state{assistant_state="ready"} 1.0' in plain.text.splitlines()
    assert asked_for.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0; charset=utf-8")
    assert asked_for.text.endswith("# EOF\n")
