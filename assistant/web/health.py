"""What the service does -> whether it is alive, whether it can answer, and figures in Prometheus's format.

Figures count; none holds a question, a path or an address. This module knows nothing of how answers are made.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.records import Answer, Classification, Document, Objective, ObjectiveMatch, Passage, Source
from assistant.web.fairness import REASONS, Reason
from assistant.web.opening import Answering, Opening

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_STATUSES = ("answered", "not_in_documents", "unclear", "failed")
_NO_STORE = {"Cache-Control": "no-store"}


class Metrics:
    """The figures of one service."""

    def __init__(self, *, clock: Callable[[], float] = time.perf_counter) -> None:
        self.registry = CollectorRegistry()
        self.clock = clock
        self.requests = Counter(
            "assistant_http_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "assistant_http_request_seconds",
            "Seconds from a request to the end of its answer",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.in_flight = Gauge("assistant_http_requests_in_flight", "Requests being answered", registry=self.registry)
        self._shed = Counter("assistant_requests_shed", "Requests not answered", ("reason",), registry=self.registry)
        self._answers = Counter(
            "assistant_answers", "Questions, by what came of them", ("status",), registry=self.registry
        )
        self._answering = Histogram(
            "assistant_answer_seconds", "Seconds that an answer took", buckets=_SECONDS, registry=self.registry
        )
        self._topics = Counter("assistant_classifications", "Topics ranked", registry=self.registry)
        for status in _STATUSES:  # so that each is there from the beginning
            self._answers.labels(status)
        for reason in REASONS:
            self._shed.labels(reason)
        ProcessCollector(registry=self.registry)

    def shed(self, reason: Reason) -> None:
        """Count a request that wasn't answered."""
        self._shed.labels(reason).inc()

    def counted(self, assistant: Answering) -> Answering:
        """The same assistant, whose answers are counted."""
        return _Counted(assistant, self)

    def ask(self, ask: Callable[[], Answer]) -> Answer:
        """Count what comes of a question."""
        begun = self.clock()
        try:
            answer = ask()
        except Exception:
            self._answers.labels("failed").inc()
            raise
        self._answering.observe(self.clock() - begun)
        self._answers.labels(answer.status).inc()
        return answer

    def ranked(self) -> None:
        """Count a topic."""
        self._topics.inc()


class Measured:
    """ASGI middleware: counts requests by the template of their route, which there are few of."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        """Take the application and the figures."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        metrics, begun, status = self._metrics, self._metrics.clock(), "none"

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        with metrics.in_flight.track_inprogress():
            try:
                await self._app(scope, receive, noting)
            finally:
                method = scope["method"] if scope["method"] in _METHODS else "other"
                route = template_of(scope)
                metrics.requests.labels(method, route, status).inc()
                metrics.seconds.labels(route).observe(metrics.clock() - begun)


def template_of(scope: Scope) -> str:
    """The template of the route that answered, for example "/reader/{id:path}"; "none" where none did."""
    return getattr(scope.get("route"), "path", "") or "none"


def add_health(
    app: FastAPI,
    opening: Opening,
    metrics: Metrics,
    *,
    built_at: Callable[[], float | None] = lambda: None,
    now: Callable[[], float] = time.time,
) -> None:
    """Give an application GET /healthz, /readyz and /metrics.

    Args:
        built_at: When the index was built, in seconds since 1970; None if it isn't known.
    """
    metrics.registry.register(_State(opening, built_at, now))

    async def healthz() -> Response:
        return JSONResponse({"alive": True}, headers=_NO_STORE)

    async def readyz() -> Response:
        if opening.assistant:
            return JSONResponse({"ready": True}, headers=_NO_STORE)
        reason = opening.problem or "The documents are being opened."
        return JSONResponse({"ready": False, "reason": " ".join(reason.split())}, 503, headers=_NO_STORE)

    def figures() -> Response:
        return Response(generate_latest(metrics.registry), headers=_NO_STORE, media_type=CONTENT_TYPE_LATEST)

    for path, answer in (("/healthz", healthz), ("/readyz", readyz), ("/metrics", figures)):
        app.add_api_route(path, answer, methods=["GET", "HEAD"], response_model=None)


class _State(Collector):
    """What is looked up when the figures are read."""

    def __init__(self, opening: Opening, built_at: Callable[[], float | None], now: Callable[[], float]) -> None:
        self._opening = opening
        self._built_at = built_at
        self._now = now

    def collect(self) -> Iterable[Metric]:
        assistant, built = self._opening.assistant, self._built_at()
        yield GaugeMetricFamily("assistant_ready", "Whether questions can be answered", float(assistant is not None))
        if assistant:
            yield GaugeMetricFamily("assistant_documents", "Documents with text", len(assistant.documents))
            yield GaugeMetricFamily("assistant_passages", "Passages in the index", len(assistant.passages))
        if built is not None:
            yield GaugeMetricFamily("assistant_index_age_seconds", "Age of the index", max(self._now() - built, 0.0))


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

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        objectives: Collection[int] = (),
        top_k: int = 5,
        explain: bool = False,
    ) -> Answer:
        return self._metrics.ask(
            lambda: self._assistant.ask(question, history=history, objectives=objectives, top_k=top_k, explain=explain)
        )

    def classify(self, topic: str) -> Classification:
        self._metrics.ranked()
        return self._assistant.classify(topic)

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        for each in self._assistant.classify_all(topics):
            self._metrics.ranked()
            yield each
