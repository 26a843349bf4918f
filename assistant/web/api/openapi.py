"""Describe the programming interface as OpenAPI, with an example of each message, and serve Swagger UI to read it.

Swagger UI's files come from an installed package and from this service alone. Its page and script start it without
inline code, so that the policy of the page needs no exception for scripts.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from inspect import getdoc
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from assistant.web.api.bodies import MAX_BODY
from assistant.web.api.schema import Problem

_VERSION = "1"  # of the interface; it changes when a program would have to
_ABOUT = (
    "Answers from documents on migration, in the documents' own words, with the objectives of the Global Compact for "
    "Migration that they concern. Send and receive JSON in UTF-8. Nothing that is asked is kept."
)
_JSON = "application/json"
_TOO_LARGE = f"The body is larger than {MAX_BODY // 1024} kB"
_EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))  # by operation
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
# Status -> when it is sent, and an example.
_REFUSALS = {
    404: ("There is no such document, or its text isn't here.", "There is no document 'x'; /api/documents lists them."),
    408: ("The body came too slowly.", "The request came too slowly; send it again."),
    413: (f"{_TOO_LARGE}.", f"{_TOO_LARGE}; send less."),
    415: ("The body isn't sent as JSON in UTF-8.", "Send JSON, with the header Content-Type: application/json."),
    422: ("What was sent isn't of the form described; the line names the field.", "objectives: 99 isn't from 1 to 23."),
    429: ("More questions a minute than one client may ask.", "Too many questions; ask again in 12 seconds."),
    503: (
        "The documents are being opened, or can't be; or too many ask at once.",
        "The documents are being opened; try again in a few seconds.",
    ),
    504: ("The answer took too long.", "The answer took too long; ask again, perhaps in fewer words."),
}
_STATIC = Path(__file__).parents[1] / "static"
# Only this service's own files; Swagger UI draws its arrows from data: addresses.
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def operation(answer: Callable[..., object], reply: type[BaseModel], refusals: Iterable[int]) -> dict[str, Any]:
    """Return what FastAPI needs to describe a route; the docstring of `answer` is what people read.

    Args:
        answer: The function that answers requests; its name is the operation's.
        reply: The form of its answer.
        refusals: The statuses of what it may refuse; with 415 among them it takes a body.
    """
    summary, _, description = (getdoc(answer) or "").partition("\n")
    refusals = tuple(refusals)
    return {
        "methods": ["POST" if 415 in refusals else "GET"],
        "operation_id": getattr(answer, "__name__", ""),
        "summary": summary.rstrip("."),
        "description": " ".join(description.split()),
        "response_model": reply,
        "response_description": "Done.",
        "responses": {status: _refusal(status) for status in refusals},
    }


def _refusal(status: int) -> dict[str, Any]:
    description, example = _REFUSALS[status]
    refusal = {"model": Problem, "description": description, "content": {_JSON: {"example": {"error": example}}}}
    return refusal | ({"headers": _RETRY_AFTER} if status in (429, 503) else {})


def describe(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """Describe routes as OpenAPI, with an example of what each takes and gives."""
    schema = get_openapi(title="Ask the documents", version=_VERSION, description=_ABOUT, routes=routes)
    schema["servers"] = [{"url": "./"}]  # wherever a proxy puts the service
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own refusals, of which none is sent
        schema["components"]["schemas"].pop(name, None)
    for each in _operations(schema):
        examples = _EXAMPLES[each["operationId"]]
        each["responses"]["200"]["content"][_JSON]["example"] = examples["reply"]
        if "requestBody" in each:
            each["requestBody"]["content"][_JSON]["example"] = examples["request"]
        elif each["operationId"] != "documents":  # FastAPI expects of any parameter that it may be refused
            each["responses"].pop("422", None)
    return schema


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (operation for operations in schema["paths"].values() for operation in operations.values())


def docs_routes(schema: dict[str, Any]) -> list[BaseRoute]:
    """Make the routes of the description, of Swagger UI's page and of the files that the page loads."""
    swagger_ui = StaticFiles(packages=[("fastapi_standalone_docs", "static/swagger")])
    return [
        _file("/openapi.json", json.dumps(schema, ensure_ascii=False).encode(), _JSON),
        _file("/docs", (_STATIC / "docs.html").read_bytes(), "text/html"),
        _file("/docs/start.js", (_STATIC / "docs.js").read_bytes(), "text/javascript"),
        _file("/docs/fit.css", (_STATIC / "docs.css").read_bytes(), "text/css"),
        Mount("/docs/swagger-ui", swagger_ui),
    ]


def _file(path: str, content: bytes, media_type: str) -> Route:
    headers = {"Content-Security-Policy": _DOCS_POLICY, "Cache-Control": "no-cache"}

    async def send(_: Request) -> Response:
        return Response(content, headers=headers, media_type=media_type)

    return Route(path, send)
