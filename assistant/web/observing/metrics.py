"""Keep the figures of one process for Prometheus; a label is one of a few fixed words, never a question or a client.

Where several processes serve, each counts its own requests.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, cast, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric, StateSetMetricFamily
from prometheus_client.registry import Collector

from assistant.errors import InputError
from assistant.records import Answer, Classification, ObjectiveMatch, ReportProgress, Status
from assistant.web.app import Answering, Opening

OTHER: Final = "other"  # the label of whatever has none of its own
_OPEN_METRICS: Final = "application/openmetrics-text"
_SHED = ("429", "503", "504", "408")  # over the rate, no room, too slow an answer, too slow a body
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # an answer takes tens of milliseconds


# The times at which figures began double the lines and serve nobody here.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The figures of one process; those of each of several meetings bear its name as a label.

    Attributes:
        meetings: The figures of the meetings that the process holds, by name; empty for one meeting without a name.
    """

    def __init__(self) -> None:
        self.meetings: dict[str, Metrics] = {}
        self._process, self._asked = CollectorRegistry(), CollectorRegistry()
        registry = self._process
        self.requests = Counter(
            "assistant_requests", "Requests, by the status they got.", ("route", "method", "status"), registry=registry
        )
        self.request_seconds = Histogram(
            "assistant_request_seconds",
            "Seconds from a request to the head of its response; not to the end of a stream.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.in_flight = Gauge(
            "assistant_requests_in_flight", "Requests whose response hasn't begun.", registry=registry
        )
        self.responses_open = Gauge(
            "assistant_responses_open",
            "Responses that have begun and not ended, streams among them.",
            registry=registry,
        )
        registry = self._asked
        self.questions = Counter("assistant_questions", "Questions, by what they got.", ("status",), registry=registry)
        self.question_seconds = Histogram(
            "assistant_question_seconds", "Seconds from question to answer.", buckets=_SECONDS, registry=registry
        )
        self.classifications = Counter(
            "assistant_classifications",
            "Topics, asked one by one or in a sheet, by what they got.",
            ("way", "outcome"),
            registry=registry,
        )
        self._shed = Counter(
            "assistant_shed_requests", "Requests turned away, by status.", ("status",), registry=self._process
        )
        self._openings = Counter(
            "assistant_openings",
            "How often the documents were opened: first, then anew when they had changed.",
            ("kind", "outcome"),
            registry=registry,
        )
        self.opening: Opening | None = None  # the one that is watched
        self.index: _Index | None = None  # the one that was opened last
        self._start_at_zero()
        registry.register(_Served(self))
        ProcessCollector(registry=self._process)  # where there is a /proc
        PlatformCollector(registry=self._process)
        _add_peak_memory(self._process)

    def _start_at_zero(self) -> None:
        """Show figures that are still zero, so that the first event is seen as a change."""
        for status in (*get_args(Status), "refused", "failed"):
            self.questions.labels(status)
        for status in (*_SHED, OTHER):
            self._shed.labels(status)
        for way in ("single", "sheet"):
            for outcome in ("done", "refused", "failed"):
                self.classifications.labels(way, outcome)
        for kind in ("first", "reload"):
            for outcome in ("done", "failed"):
                self._openings.labels(kind, outcome)

    def shed(self, status: int) -> None:
        """Count a request that was turned away with a status."""
        self._shed.labels(str(status) if str(status) in _SHED else OTHER).inc()

    def counted(self, assistant: Answering) -> Answering:
        """Return the same assistant, with its answers counted."""
        return cast(Answering, _Counted(assistant, self))

    def observed(
        self, open_assistant: Callable[[ReportProgress], Answering], *, manifest: Path | None = None
    ) -> Callable[[ReportProgress], Answering]:
        """Return the same opener, with its openings counted and the answers of what it opens.

        Args:
            manifest: The file that is as old as the index; None for an index that isn't kept.
        """

        def open_observed(report: ReportProgress) -> Answering:
            kind = "reload" if self.index else "first"
            started = time.perf_counter()
            try:
                opened = open_assistant(report)
            except Exception:
                self._openings.labels(kind, "failed").inc()
                raise
            self.index = _Index(_built_at(manifest, opened.corpus_hash), time.perf_counter() - started)
            self._openings.labels(kind, "done").inc()
            return self.counted(opened)

        return open_observed

    def watch(self, opening: Opening) -> None:
        """Show the state of an opening from now on."""
        self.opening = opening

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """Write all figures.

        Args:
            accept: The reader's header `Accept`; OpenMetrics has to be asked for.

        Returns:
            The text and its content type.
        """
        encode, content_type = choose_encoder(_OPEN_METRICS if _OPEN_METRICS in accept else "")
        return encode(cast(CollectorRegistry, self)), content_type

    def collect(self) -> Iterable[Metric]:
        """Give all figures, as an encoder of the library asks for them."""
        yield from self._process.collect()
        if not self.meetings:
            yield from self._asked.collect()
            return
        labelled: dict[str, Metric] = {}
        for name, metrics in self.meetings.items():
            for family in metrics._asked.collect():
                samples, family.samples = family.samples, []
                kept = labelled.setdefault(family.name, family)
                kept.samples += [each._replace(labels={"meeting": name, **each.labels}) for each in samples]
        yield from labelled.values()


# What is asked -------------------------------------------------------------------------------------------------------


class _Counted:
    """An assistant whose answers are counted; whatever else is asked of it, it passes on."""

    def __init__(self, assistant: Answering, metrics: Metrics) -> None:
        self._assistant = assistant
        self._metrics = metrics

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def ask(self, question: str, **options: Any) -> Answer:
        with _faults_counted(self._metrics.questions.labels):
            answer = self._assistant.ask(question, **options)
        self._metrics.questions.labels(answer.status).inc()
        self._metrics.question_seconds.observe(answer.elapsed_ms / 1000)
        return answer

    def classify(self, topic: str) -> Classification:
        count = partial(self._metrics.classifications.labels, "single")
        with _faults_counted(count):
            classification = self._assistant.classify(topic)
        count("done").inc()
        return classification

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        classifications = self._metrics.classifications
        try:
            for matches in self._assistant.classify_all(topics):
                classifications.labels("sheet", "done").inc()
                yield matches
        except Exception:
            classifications.labels("sheet", "failed").inc()
            raise


@contextmanager
def _faults_counted(labelled: Callable[[str], Counter]) -> Iterator[None]:
    """Count what is refused or fails."""
    try:
        yield
    except Exception as error:
        labelled("refused" if isinstance(error, InputError) else "failed").inc()
        raise


# What is served ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Index:
    """An index that was opened."""

    built: float  # seconds since 1970
    seconds: float  # that its opening took, building included


class _Served(Collector):
    """The figures that are read off whenever they are asked for."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        if self._metrics.opening:
            yield from _figures_of(self._metrics.opening)
        if index := self._metrics.index:
            built, age = index.built, max(time.time() - index.built, 0.0)
            yield _gauge("index_built_timestamp_seconds", "When the index was built, in seconds since 1970.", built)
            yield _gauge("index_age_seconds", "Seconds since the index was built.", age)
            yield _gauge("opening_seconds", "Seconds that the last opening took, building included.", index.seconds)


def _figures_of(opening: Opening) -> Iterator[Metric]:
    assistant = opening.assistant
    state = "ready" if assistant else "failed" if opening.problem else "opening"
    states = {name: name == state for name in ("opening", "ready", "failed")}
    yield StateSetMetricFamily("assistant_state", "Whether questions can be answered.", states)
    yield _gauge("stale", "1 while changed documents can't be opened and the old ones serve on.", bool(opening.stale))
    yield _gauge("documents", "Documents with text.", len(assistant.documents) if assistant else 0)
    yield _gauge("passages", "Passages of them.", len(assistant.passages) if assistant else 0)


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(f"assistant_{name}", documentation, value)


def _built_at(manifest: Path | None, corpus: str) -> float:
    """Return when the index of a corpus was built: its manifest's time, or now where it couldn't be written."""
    if manifest:
        try:
            if json.loads(manifest.read_bytes())["corpus"] == corpus:
                return manifest.stat().st_mtime
        except (OSError, ValueError, LookupError, TypeError):
            pass  # another index's, or none
    return time.time()


def _add_peak_memory(registry: CollectorRegistry) -> None:
    """Show the most memory that the process has held, where the system knows."""
    if sys.platform != "win32":
        import resource

        unit = 1 if sys.platform == "darwin" else 1024  # bytes
        peak = Gauge("process_peak_resident_memory_bytes", "The most memory held so far, in bytes.", registry=registry)
        peak.set_function(lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
