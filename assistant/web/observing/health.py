"""Serve `/healthz` (alive), `/readyz` (able to answer, or how far, or why not) and `/metrics` (the figures)."""

from fastapi import FastAPI, Request, Response

from assistant.records import Progress
from assistant.web.app import PRIVATE, Answering, Opening, reply_json
from assistant.web.observing.metrics import Metrics

_SOON, _LATER = "1", "5"  # seconds until it is worth asking again: while opening, after a failure


def add_health(app: FastAPI, opening: Opening | None, metrics: Metrics) -> None:
    """Add the routes to an application, and let the metrics watch the opening.

    Args:
        opening: None for several meetings, of which each is opened when somebody asks.
    """
    if opening:
        metrics.watch(opening)
    health = _Health(opening, metrics)
    for path, answer in (("/healthz", health.alive), ("/readyz", health.ready), ("/metrics", health.figures)):
        app.add_api_route(path, answer, methods=["GET", "HEAD"], response_model=None, include_in_schema=False)


class _Health:
    """The answers, given without a thread, since all of them may be busy."""

    def __init__(self, opening: Opening | None, metrics: Metrics) -> None:
        self._opening = opening
        self._metrics = metrics

    async def alive(self) -> Response:
        """Say that requests are heard, and nothing that a restart wouldn't mend."""
        return reply_json({"status": "ok"})

    async def ready(self) -> Response:
        """Say whether questions can be answered; after a failure, begin to open the documents again."""
        if self._opening is None:
            return reply_json({"status": "ready"})
        assistant = self._opening.assistant
        if assistant is not None and assistant.trouble:
            return reply_json({"status": "failed", "reason": assistant.trouble}, 503, {"Retry-After": _LATER})
        if assistant is not None:
            return reply_json(_ready_row(assistant, self._opening.stale))
        problem, progress = self._opening.problem, self._opening.progress
        self._opening.start()  # unless that is under way
        if problem:
            return reply_json({"status": "failed", "reason": _in_one_line(problem)}, 503, {"Retry-After": _LATER})
        return reply_json({"status": "opening", **_progress_row(progress)}, 503, {"Retry-After": _SOON})

    async def figures(self, request: Request) -> Response:
        """Write the figures for Prometheus."""
        content, media_type = self._metrics.text(request.headers.get("accept", ""))
        # As a header, since a media type of text would be given a second charset.
        return Response(content, headers={**PRIVATE, "Content-Type": media_type})


def _ready_row(assistant: Answering, stale: str) -> dict[str, object]:
    row: dict[str, object] = {
        "status": "ready",
        "documents": len(assistant.documents),
        "passages": len(assistant.passages),
        "corpus": assistant.corpus_hash,
    }
    return row | ({"stale": _in_one_line(stale)} if stale else {})


def _progress_row(progress: Progress | None) -> dict[str, object]:
    return {"what": progress.stage, "done": progress.done, "of": progress.total} if progress else {}


def _in_one_line(message: str) -> str:
    return " ".join(message.split())
