"""What happens while serving -> figures that a Prometheus server reads; never what anyone asked, or who they are.

A label holds one of a few words that stand in this file, or a status: no path, no question, no client. Each `Metrics`
has a registry of its own, so that several may live in one process. Where several processes serve, each counts what it
did itself: let each be read at its own address, or add them up knowing that any of them may have answered.

This module knows nothing of HTTP, and is the only home of prometheus_client.
"""

import json
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric, StateSetMetricFamily
from prometheus_client.registry import Collector

from assistant.errors import InputError
from assistant.records import (
    Answer,
    Classification,
    Document,
    Objective,
    ObjectiveMatch,
    Passage,
    ReportProgress,
    Source,
    Status,
)
from assistant.web.app import Answering, Opening

OTHER: Final = "other"  # a label's value for whatever has none of its own
_OPEN_METRICS: Final = "application/openmetrics-text"
_SHED = ("429", "503", "504", "408")  # over the rate, no room, too long an answer, too slow in sending
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # an answer takes tens of milliseconds


class Metrics:
    """The figures of one process."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
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
        self.questions = Counter("assistant_questions", "Questions, by what they got.", ("status",), registry=registry)
        self.question_seconds = Histogram(
            "assistant_question_seconds", "Seconds from question to answer.", buckets=_SECONDS, registry=registry
        )
        self.classifications = Counter(
            "assistant_classifications", "Topics, asked one by one or in a sheet.", ("way",), registry=registry
        )
        self._shed = Counter(
            "assistant_shed_requests", "Requests turned away, by status.", ("status",), registry=registry
        )
        self._openings = Counter(
            "assistant_openings",
            "How often the documents were opened: first, then anew when they had changed.",
            ("kind", "outcome"),
            registry=registry,
        )
        self._opening: Opening | None = None
        self._index: _Index | None = None
        self._begin_at_nothing()
        registry.register(_Served(self))
        ProcessCollector(registry=registry)  # where there is a /proc
        PlatformCollector(registry=registry)
        _add_peak_memory(registry)

    def _begin_at_nothing(self) -> None:
        """Show what hasn't happened yet, so that its first time is seen as a change."""
        for status in (*get_args(Status), "refused", "failed"):
            self.questions.labels(status)
        for status in (*_SHED, OTHER):
            self._shed.labels(status)
        for way in ("single", "sheet"):
            self.classifications.labels(way)
        for kind in ("first", "reload"):
            for outcome in ("done", "failed"):
                self._openings.labels(kind, outcome)

    def shed(self, status: int) -> None:
        """Count a request that was turned away.

        Args:
            status: 429 over the rate, 503 no room, 408 too slow in sending.
        """
        self._shed.labels(str(status) if str(status) in _SHED else OTHER).inc()

    def counted(self, assistant: Answering) -> Answering:
        """The same assistant, its answers counted wherever they are asked for."""
        return _Counted(assistant, self)

    def observed(
        self, open_assistant: Callable[[ReportProgress], Answering], *, manifest: Path | None = None
    ) -> Callable[[ReportProgress], Answering]:
        """The same opener, counted, and what it opens counted too.

        Args:
            manifest: The file that is as old as the index; None for an index that is kept nowhere.
        """

        def open_observed(report: ReportProgress) -> Answering:
            kind = "reload" if self._index else "first"
            started = time.perf_counter()
            try:
                opened = open_assistant(report)
            except Exception:
                self._openings.labels(kind, "failed").inc()
                raise
            self._index = _Index(_built_at(manifest, opened.corpus_hash), time.perf_counter() - started)
            self._openings.labels(kind, "done").inc()
            return self.counted(opened)

        return open_observed

    def watch(self, opening: Opening) -> None:
        """Tell from now on what is served by an opening."""
        self._opening = opening

    @property
    def opening(self) -> Opening | None:
        """The one that is watched."""
        return self._opening

    @property
    def index(self) -> "_Index | None":
        """The one that was opened last."""
        return self._index

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """Write all figures.

        Args:
            accept: The formats that the reader takes, as in the header of that name; OpenMetrics has to be asked for.

        Returns:
            The text and its content type.
        """
        encode, content_type = choose_encoder(_OPEN_METRICS if _OPEN_METRICS in accept else "")
        return encode(_WithoutBeginnings(self._registry)), content_type


# What is asked -------------------------------------------------------------------------------------------------------


class _Counted:
    """An assistant whose answers are counted."""

    def __init__(self, assistant: Answering, metrics: Metrics) -> None:
        self._assistant = assistant
        self._metrics = metrics

    @property
    def documents(self) -> Mapping[str, Document]:
        return self._assistant.documents

    @property
    def sources(self) -> tuple[Source, ...]:
        return self._assistant.sources

    @property
    def objectives(self) -> tuple[Objective, ...]:
        return self._assistant.objectives

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self._assistant.passages

    @property
    def languages(self) -> tuple[str, ...]:
        return self._assistant.languages

    @property
    def corpus_hash(self) -> str:
        return self._assistant.corpus_hash

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        objectives: Collection[int] = (),
        top_k: int = 5,
        explain: bool = False,
    ) -> Answer:
        status = "failed"
        try:
            answer = self._assistant.ask(question, history=history, objectives=objectives, top_k=top_k, explain=explain)
            status = answer.status
        except InputError:
            status = "refused"
            raise
        finally:
            self._metrics.questions.labels(status).inc()
        self._metrics.question_seconds.observe(answer.elapsed_ms / 1000)
        return answer

    def classify(self, topic: str) -> Classification:
        classification = self._assistant.classify(topic)
        self._metrics.classifications.labels("single").inc()
        return classification

    def unread(self, text: str) -> str:
        return self._assistant.unread(text)

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        for matches in self._assistant.classify_all(topics):
            self._metrics.classifications.labels("sheet").inc()
            yield matches


# What is served ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Index:
    """An index that was opened.

    Attributes:
        built: When it was built, in seconds since 1970.
        seconds: That its opening took, building included.
    """

    built: float
    seconds: float


class _Served(Collector):
    """Looks at what is served whenever the figures are asked for."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        if self._metrics.opening:
            yield from _figures_of(self._metrics.opening)
        if index := self._metrics.index:
            age = max(time.time() - index.built, 0.0)
            yield _gauge(
                "index_built_timestamp_seconds", "When the index was built, in seconds since 1970.", index.built
            )
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
    """When the index of a corpus was built: its manifest's time, or now where it couldn't be written."""
    if manifest:
        try:
            if json.loads(manifest.read_bytes())["corpus"] == corpus:
                return manifest.stat().st_mtime
        except (OSError, ValueError, LookupError, TypeError):
            pass  # it isn't this index's
    return time.time()


def _add_peak_memory(registry: CollectorRegistry) -> None:
    """Show the most memory that the process has held, where the system tells."""
    if sys.platform != "win32":
        import resource

        unit = 1 if sys.platform == "darwin" else 1024  # bytes
        peak = Gauge("process_peak_resident_memory_bytes", "The most memory held so far, in bytes.", registry=registry)
        peak.set_function(lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)


class _WithoutBeginnings(Collector):
    """The figures without the time at which each began, which is as many lines again and of no use here."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if sample.name != f"{metric.name}_created"]
            yield metric
