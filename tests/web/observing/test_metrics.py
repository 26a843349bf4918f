import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from assistant.errors import CorpusError, InputError
from assistant.records import Answer, Classification, ObjectiveMatch, ReportProgress
from assistant.web.api.routes import add_api
from assistant.web.app.opening import Answering, Opening
from assistant.web.observing.health import add_health
from assistant.web.observing.measuring import Measured
from assistant.web.observing.metrics import Metrics
from assistant.web.rendering.questions import Asked, ask
from assistant.web.rendering.strings import read_strings
from assistant.web.widget.routes import add_embed
from tests.web.fake_assistant import FakeAssistant

RARE = "xylographers"


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """A figure as a Prometheus server reads it, if it is there."""
    text = metrics.text()[0].decode()
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    return next((each.value for each in samples if (each.name, each.labels) == (name, labels)), None)


class Opener:
    """Opens an assistant, unless it was told to fail."""

    problem = ""

    def __call__(self, _: ReportProgress) -> FakeAssistant:
        if self.problem:
            raise CorpusError(self.problem)
        return FakeAssistant()


# What is asked -------------------------------------------------------------------------------------------------------


def test_questions_are_counted_by_what_they_got() -> None:
    metrics = Metrics()
    assistant = metrics.counted(FakeAssistant())

    for question in ("What of children?", "And of a child?", "What of ships?", "?!"):
        assistant.ask(question)
    with pytest.raises(InputError):
        assistant.ask("What of children?", top_k=99)

    counts = {
        status: value(metrics, "assistant_questions_total", status=status)
        for status in ("answered", "not_in_documents", "unclear", "refused", "failed")
    }
    assert counts == {"answered": 2, "not_in_documents": 1, "unclear": 1, "refused": 1, "failed": 0}
    assert value(metrics, "assistant_question_seconds_count") == 4


def test_a_question_took_as_long_as_its_answer_says() -> None:
    class Slow(FakeAssistant):
        def ask(self, *arguments: Any, **options: Any) -> Answer:
            return replace(super().ask(*arguments, **options), elapsed_ms=250.0)

    metrics = Metrics()
    metrics.counted(Slow()).ask("What of children?")

    assert value(metrics, "assistant_question_seconds_sum") == 0.25
    assert value(metrics, "assistant_question_seconds_bucket", le="0.1") == 0
    assert value(metrics, "assistant_question_seconds_bucket", le="0.25") == 1


def test_a_fault_in_an_answer_is_counted_and_goes_on() -> None:
    class Broken(FakeAssistant):
        def ask(self, *_: Any, **__: Any) -> Answer:
            raise ZeroDivisionError

    metrics = Metrics()

    with pytest.raises(ZeroDivisionError):
        metrics.counted(Broken()).ask("What of children?")

    assert value(metrics, "assistant_questions_total", status="failed") == 1
    assert value(metrics, "assistant_question_seconds_count") == 0


def test_topics_are_counted_one_by_one_and_in_sheets() -> None:
    metrics = Metrics()
    assistant = metrics.counted(FakeAssistant())

    assistant.classify("children")
    list(assistant.classify_all(["ships", "schools", "visas"]))

    assert value(metrics, "assistant_classifications_total", way="single", outcome="done") == 1
    assert value(metrics, "assistant_classifications_total", way="sheet", outcome="done") == 3


@pytest.mark.parametrize(("error", "outcome"), [(ZeroDivisionError(), "failed"), (InputError("topic: no."), "refused")])
def test_a_topic_that_meets_a_fault_or_is_refused_is_counted_as_such_and_goes_on(
    error: Exception, outcome: str
) -> None:
    class Broken(FakeAssistant):
        def classify(self, topic: str) -> Classification:
            raise error

    metrics = Metrics()

    with pytest.raises(type(error)):
        metrics.counted(Broken()).classify("children")

    counts = {
        each: value(metrics, "assistant_classifications_total", way="single", outcome=each)
        for each in ("done", "refused", "failed")
    }
    assert counts == {"done": 0, "refused": 0, "failed": 0} | {outcome: 1}


def test_a_fault_in_a_sheet_is_counted_and_a_reader_that_leaves_is_none() -> None:
    class Broken(FakeAssistant):
        def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
            yield from super().classify_all(topics[:1])
            raise ZeroDivisionError

    metrics = Metrics()
    left = metrics.counted(Broken()).classify_all(["ships", "schools"])
    next(left)
    left.close()  # type: ignore[attr-defined]

    with pytest.raises(ZeroDivisionError):
        list(metrics.counted(Broken()).classify_all(["ships", "schools"]))

    assert value(metrics, "assistant_classifications_total", way="sheet", outcome="done") == 2
    assert value(metrics, "assistant_classifications_total", way="sheet", outcome="failed") == 1


def test_a_counted_assistant_is_the_same_to_those_who_ask_it() -> None:
    fake = FakeAssistant()
    counted = Metrics().counted(fake)

    answer = counted.ask("And schools?", history=["What of children?"], objectives={7}, top_k=3, explain=True)

    assert answer == fake.ask("And schools?", history=["What of children?"], objectives={7}, top_k=3, explain=True)
    assert counted.classify("children") == fake.classify("children")
    assert list(counted.classify_all(["children"])) == list(fake.classify_all(["children"]))
    for name in ("documents", "sources", "objectives", "passages", "corpus_hash", "trouble"):
        assert getattr(counted, name) is getattr(fake, name)


def test_requests_turned_away_are_counted_by_their_status() -> None:
    metrics = Metrics()

    for status in (429, 429, 503, 408, 418):
        metrics.shed(status)

    counts = {
        status: value(metrics, "assistant_shed_requests_total", status=status) for status in ("429", "503", "408")
    }
    assert counts == {"429": 2, "503": 1, "408": 1}
    assert value(metrics, "assistant_shed_requests_total", status="418") is None
    assert value(metrics, "assistant_shed_requests_total", status="other") == 1


# What is served ------------------------------------------------------------------------------------------------------


def test_openings_are_counted_the_first_apart_from_those_anew() -> None:
    metrics, opener = Metrics(), Opener()
    opening = Opening(metrics.observed(opener))
    opener.problem = "corpus: nothing in it."
    opening.start().exception()
    opener.problem = ""
    opening.start().result()
    opener.problem = "corpus: nothing in it."
    with pytest.raises(CorpusError):
        opening.renew()
    opener.problem = ""
    opening.renew()
    opening.renew()

    def count(kind: str, outcome: str) -> float | None:
        return value(metrics, "assistant_openings_total", kind=kind, outcome=outcome)

    assert (count("first", "failed"), count("first", "done")) == (1, 1)
    assert (count("reload", "failed"), count("reload", "done")) == (1, 2)


def test_what_an_observed_opener_opens_is_counted() -> None:
    metrics = Metrics()
    opening = Opening(metrics.observed(Opener()))

    ask(Asked("What of children?"), opening.start().result())

    assert value(metrics, "assistant_questions_total", status="answered") == 1


def test_the_state_is_one_of_three_and_what_is_served_is_counted() -> None:
    metrics, opener = Metrics(), Opener()
    opening = Opening(metrics.observed(opener))
    metrics.watch(opening)

    def seen() -> tuple[str | float | None, ...]:
        states = ("opening", "ready", "failed")
        (state,) = [each for each in states if value(metrics, "assistant_state", assistant_state=each)]
        figures = (value(metrics, f"assistant_{name}") for name in ("documents", "passages", "stale"))
        return state, *figures

    at_first = seen()
    opener.problem = "corpus: nothing in it."
    opening.start().exception()
    after_failure = seen()
    opener.problem = ""
    opening.start().result()
    when_open = seen()
    opener.problem = "corpus: nothing in it."
    with pytest.raises(CorpusError):
        opening.renew()

    assert at_first == ("opening", 0, 0, 0)
    assert after_failure == ("failed", 0, 0, 0)
    assert when_open == ("ready", 2, 2, 0)
    assert seen() == ("ready", 2, 2, 1)


def opened_with(manifest: Path | None) -> Metrics:
    metrics = Metrics()
    Opening(metrics.observed(Opener(), manifest=manifest)).start().result()
    return metrics


def test_an_index_is_as_old_as_its_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"corpus": FakeAssistant.corpus_hash}), encoding="utf-8")
    os.utime(manifest, (1_000_000_000, 1_000_000_000))

    metrics = opened_with(manifest)

    assert value(metrics, "assistant_index_built_timestamp_seconds") == 1_000_000_000
    assert (value(metrics, "assistant_index_age_seconds") or 0) > 700_000_000
    assert value(metrics, "assistant_opening_seconds") is not None


@pytest.mark.parametrize("content", [None, '{"corpus": "sha256:another"}', "{}", "[]", "\udcff"])
def test_an_index_that_is_kept_nowhere_is_as_old_as_its_opening(tmp_path: Path, content: str | None) -> None:
    manifest = tmp_path / "manifest.json"
    if content is not None:
        manifest.write_bytes(content.encode(errors="surrogateescape"))
        os.utime(manifest, (1_000_000_000, 1_000_000_000))
    before = time.time()

    metrics = opened_with(manifest)

    assert before <= (value(metrics, "assistant_index_built_timestamp_seconds") or 0) <= time.time()


def test_an_index_from_the_future_has_no_age_yet(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"corpus": FakeAssistant.corpus_hash}), encoding="utf-8")
    os.utime(manifest, (time.time() + 1000, time.time() + 1000))

    assert value(opened_with(manifest), "assistant_index_age_seconds") == 0


# The text ------------------------------------------------------------------------------------------------------------


def test_the_process_tells_its_memory_and_its_python() -> None:
    text = Metrics().text()[0].decode()

    assert "python_info{" in text
    if Path("/proc/self/stat").exists():
        assert 1_000_000 < (value(Metrics(), "process_resident_memory_bytes") or 0) < 1e12
        assert 1_000_000 < (value(Metrics(), "process_peak_resident_memory_bytes") or 0) < 1e12


def test_two_in_one_process_know_nothing_of_each_other() -> None:
    one, other = Metrics(), Metrics()

    one.counted(FakeAssistant()).ask("What of children?")

    assert value(one, "assistant_questions_total", status="answered") == 1
    assert value(other, "assistant_questions_total", status="answered") == 0


def test_the_text_has_no_lines_on_when_each_figure_began() -> None:
    metrics = Metrics()
    metrics.counted(FakeAssistant()).ask("What of children?")

    for accept in ("", "application/openmetrics-text"):
        assert b"_created" not in metrics.text(accept)[0]


@pytest.mark.parametrize(
    "accept", ['application/openmetrics-text; version=x"y', "text/plain; version=99.x", "*/*", ";;=,"]
)
def test_whatever_format_is_asked_for_one_that_is_known_is_written(accept: str) -> None:
    content, content_type = Metrics().text(accept)

    assert content.startswith(b"# HELP ")
    assert content_type.split(";")[0] in ("text/plain", "application/openmetrics-text")
    assert "99" not in content_type
    assert "x" not in content_type.removeprefix("text/plain").removeprefix("application/openmetrics-text").replace(
        "charset=utf-8", ""
    )


def client_and_metrics() -> tuple[TestClient, Metrics, Answering]:
    metrics = Metrics()
    opening = Opening(metrics.observed(Opener()))
    assistant = opening.start().result()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_health(app, opening, metrics)
    add_api(app, opening)
    add_embed(app, opening, read_strings)
    app.add_middleware(Measured, metrics=metrics)
    return TestClient(app), metrics, assistant


def test_no_word_of_what_was_asked_is_in_the_figures() -> None:
    client, metrics, assistant = client_and_metrics()
    question = f"What of {RARE} and children?"

    ask(Asked(question, history=(f"And {RARE}?",)), assistant)  # as the page does
    client.post("/embed/turn", json={"question": question})
    client.post("/api/ask", json={"question": question, "id": RARE})
    client.post("/api/ask", json={"question": question, "top_k": RARE})
    client.post("/api/classify", json={"topic": RARE})
    client.get(f"/api/documents/{RARE}")
    client.get(f"/{RARE}?q={RARE}", headers={"User-Agent": RARE, "X-Forwarded-For": RARE})
    client.request(RARE.upper(), "/api/ask")

    assert value(metrics, "assistant_questions_total", status="answered") == 3
    for accept in ("text/plain", "application/openmetrics-text"):
        assert RARE not in client.get("/metrics", headers={"Accept": accept}).text.lower()
