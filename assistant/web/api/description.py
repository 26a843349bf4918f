"""The programming interface's routes -> its description as OpenAPI, and a page of HTML that shows it, without a script.

The page is written from the description alone, so that the two can't say different things.
"""

import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from inspect import getdoc
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.routing import BaseRoute, Route

from assistant.web.api import schema as models
from assistant.web.api.bodies import MAX_BODY

Schema = Mapping[str, Any]

_VERSION = "1"  # of the interface; it changes when a program would have to
_ABOUT = (
    "Answers from documents on migration, in the documents' own words, with the objectives of the Global Compact for "
    "Migration that they concern. Send and receive JSON in UTF-8. Nothing that is asked is kept."
)
_WAIT = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
_REFUSALS: Mapping[int, tuple[str, str]] = {
    404: ("There is no such document, or its text isn't here.", "There is no document 'x'; /api/documents lists them."),
    413: (
        f"The body is larger than {MAX_BODY // 1024} kB.",
        f"The body is larger than {MAX_BODY // 1024} kB; send less.",
    ),
    415: (
        "The body isn't sent as JSON in UTF-8.",
        "Send JSON, with the header Content-Type: application/json.",
    ),
    422: ("The body isn't of the form described; the line names the field.", "objectives: 99 isn't from 1 to 23."),
    408: ("The body came too slowly.", "The request came too slowly; send it again."),
    429: ("More questions a minute than one client may ask.", "Too many questions; ask again in 12 seconds."),
    503: (
        "The documents are being opened, or can't be; or too many ask at once.",
        "The documents are being opened; try again in a few seconds.",
    ),
    504: ("The answer took too long.", "The answer took too long; ask again, perhaps in fewer words."),
}
_STYLE = (Path(__file__).parents[1] / "static" / "api-docs.css").read_bytes()
_STYLE_VERSION = sha256(_STYLE).hexdigest()[:16]
_HOST = "https://HOST"  # stands for the service's address where it isn't known
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~/-]*)?")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_JSON = "application/json"


# The description -----------------------------------------------------------------------------------------------------


def told(answer: Callable[..., object], reply: type[BaseModel], refusals: Iterable[int]) -> dict[str, Any]:
    """Say of a route what FastAPI needs to describe it: its docstring is what people read.

    Args:
        answer: What answers requests; its name is the operation's.
        reply: The shape of its answer.
        refusals: The statuses of what it may refuse; of them 422 says that it takes a body.
    """
    summary, _, description = (getdoc(answer) or "").partition("\n")
    refusals = tuple(refusals)
    return {
        "methods": ["POST" if 422 in refusals else "GET"],
        "operation_id": getattr(answer, "__name__", ""),
        "summary": summary.rstrip("."),
        "description": " ".join(description.split()),
        "response_model": reply,
        "response_description": "Done.",
        "responses": {status: _refusal(status) for status in refusals},
    }


def _refusal(status: int) -> dict[str, Any]:
    description, example = _REFUSALS[status]
    told = {"model": models.Problem, "description": description, "content": {_JSON: {"example": {"error": example}}}}
    return told | ({"headers": _WAIT} if status in (429, 503) else {})


def describe(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """Describe routes as OpenAPI, with a whole example of what each takes and gives."""
    schema = get_openapi(title="Ask the documents", version=_VERSION, description=_ABOUT, routes=routes)
    components = schema["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own refusals, of which none is sent
        components.pop(name, None)
    for _, _, operation in _operations(schema):
        responses = operation["responses"]
        if "requestBody" not in operation:
            responses.pop("422", None)
        for message in (operation.get("requestBody"), responses["200"]):
            if message:
                message["content"][_JSON]["example"] = example_of(message["content"][_JSON]["schema"], components)
    return schema


def example_of(schema: Schema, components: Mapping[str, Schema]) -> Any:
    """Put a whole example together from those of the parts."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(_resolved(schema, components), components)
    if schema.get("type") == "array":
        return [example_of(schema["items"], components)]
    required = schema.get("required", ())
    return {
        name: example_of(each, components)
        for name, each in schema.get("properties", {}).items()
        if name in required or each.get("examples")
    }


def _operations(schema: Schema) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


def _resolved(schema: Schema, components: Mapping[str, Schema]) -> Schema:
    return components[_name_of(schema["$ref"])] if "$ref" in schema else schema


def _name_of(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


# The page ------------------------------------------------------------------------------------------------------------


def docs_routes(schema: Schema) -> list[BaseRoute]:
    """Make the addresses of the description, of the page that shows it and of the page's style."""
    description = json.dumps(schema, ensure_ascii=False).encode()
    page = render_docs(schema)

    async def openapi(_: Request) -> Response:
        return Response(description, headers={**_HEADERS, "Cache-Control": "no-cache"}, media_type=_JSON)

    async def docs(request: Request) -> Response:
        base = str(request.base_url).rstrip("/")  # what a client says it is; only what is plain is repeated
        shown = page.replace(_HOST, base) if _PLAIN_ADDRESS.fullmatch(base) else page
        return Response(shown, headers={**_HEADERS, "Cache-Control": "no-cache"}, media_type="text/html")

    async def style(_: Request) -> Response:
        headers = {**_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(_STYLE, headers=headers, media_type="text/css")

    return [Route("/openapi.json", openapi), Route("/docs", docs), Route("/docs.css", style)]


def render_docs(schema: Schema) -> str:
    """Write the page; `https://HOST` in it stands for the service's address."""
    info, components = schema["info"], schema["components"]["schemas"]
    operations = list(_operations(schema))
    links = "".join(
        f'<li><a href="#{each["operationId"]}"><code>{method} {escape(path)}</code></a> {escape(each["summary"])}</li>'
        for method, path, each in operations
    )
    parts = "".join(_operation(method, path, each, components) for method, path, each in operations)
    shapes = "".join(_shape(name, components) for name in _nested(operations, components))
    title = f"{escape(info['title'])}: programming interface"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="stylesheet" href="docs.css?v={_STYLE_VERSION}"></head><body>'
        f"<header><h1>{title}</h1><p>{_prose(info['description'])}</p>"
        '<p>For programs, the same as <a href="openapi.json">OpenAPI</a>; for people, <a href="./">the page</a>.</p>'
        f'</header><nav aria-labelledby="addresses"><h2 id="addresses">Addresses</h2><ul>{links}</ul></nav>'
        f'<main>{parts}<section aria-labelledby="shapes"><h2 id="shapes">Parts of answers</h2>{shapes}</section></main>'
        "</body></html>"
    )


def _operation(method: str, path: str, operation: Schema, components: Mapping[str, Schema]) -> str:
    id = operation["operationId"]
    content = operation["responses"]["200"]["content"][_JSON]
    shape = _resolved(content["schema"], components)
    return (
        f'<section aria-labelledby="{id}"><h2 id="{id}"><code>{method} {escape(path)}</code></h2>'
        f"<p><strong>{escape(operation['summary'])}.</strong> {_prose(operation.get('description', ''))}</p>"
        f"{_request(method, path, operation, components)}"
        f"<h3>Answer</h3>{_fields(shape, f'Fields of the answer to {method} {path}')}"
        f"<h4>Example</h4>{_code(content['example'])}"
        f"<h3>Refusals</h3>{_refusals(operation['responses'], f'Refusals of {method} {path}')}</section>"
    )


def _request(method: str, path: str, operation: Schema, components: Mapping[str, Schema]) -> str:
    parameters = operation.get("parameters", [])
    address = _HOST + path
    for each in parameters:
        address = address.replace(f"{{{each['name']}}}", quote(str(each["schema"]["examples"][0]), safe=""))
    body = operation.get("requestBody")
    if not body:
        schema = {
            "properties": {each["name"]: {**each["schema"], "description": each["description"]} for each in parameters},
            "required": [each["name"] for each in parameters],
        }
        fields = _fields(schema, f"Parts of the address {path}", is_sent=True) if parameters else ""
        return f"<h3>Request</h3>{fields}<pre><code>curl {escape(shlex.quote(address))}</code></pre>"
    content = body["content"][_JSON]
    shape = _resolved(content["schema"], components)
    compact = json.dumps(content["example"], ensure_ascii=False)
    call = f"curl {shlex.quote(address)} \\\n  -H 'Content-Type: {_JSON}' \\\n  -d {shlex.quote(compact)}"
    return (
        f"<h3>Request</h3>{_fields(shape, f'Fields of the body of {method} {path}', is_sent=True)}"
        f"<h4>Example</h4>{_code(content['example'])}<h4>The same with curl</h4><pre><code>{escape(call)}</code></pre>"
    )


def _fields(schema: Schema, caption: str, *, is_sent: bool = False) -> str:
    required = schema.get("required", ())
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{_type(each)}{_need(name in required, each, is_sent)}'
        f"</td><td>{_prose(each.get('description', ''))}</td></tr>"
        for name, each in schema["properties"].items()
    )
    return _table(caption, ("Field", "Holds", "Meaning"), rows)


def _need(is_required: bool, schema: Schema, is_sent: bool) -> str:
    if is_required:
        return "; required" if is_sent else ""
    return (
        f"; default <code>{escape(json.dumps(schema['default']))}</code>"
        if "default" in schema
        else "; may be left out"
    )


def _type(schema: Schema) -> str:
    """Say in words what a field holds."""
    if "$ref" in schema:
        name = _name_of(schema["$ref"])
        return f'<a href="#shape-{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(f"<code>{escape(json.dumps(each))}</code>" for each in schema["enum"])
    if "prefixItems" in schema:
        return f"pair: {', '.join(map(_type, schema['prefixItems']))}"
    inner = schema.get("items") or schema.get("additionalProperties")
    if inner:
        return f"{_TYPES[schema['type']]} of: {_type(inner)}"
    return _TYPES.get(schema.get("type", ""), "any JSON") + _range(schema)


_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
    "array": "list",
    "object": "object",
}


def _range(schema: Schema) -> str:
    if "maximum" in schema:
        return f" from {schema['minimum']:g} to {schema['maximum']:g}"
    return ""


def _refusals(responses: Mapping[str, Schema], caption: str) -> str:
    rows = "".join(
        f'<tr><th scope="row">{status}</th><td>{_prose(each["description"])}{_waits(each)}</td>'
        f"<td><code>{escape(json.dumps(each['content'][_JSON]['example'], ensure_ascii=False))}</code></td></tr>"
        for status, each in responses.items()
        if status != "200"
    )
    return _table(caption, ("Status", "When", "Example"), rows)


def _waits(response: Schema) -> str:
    return " The header <code>Retry-After</code> says how many seconds to wait." if response.get("headers") else ""


def _nested(operations: Iterable[tuple[str, str, Schema]], components: Mapping[str, Schema]) -> list[str]:
    """The shapes that aren't shown with an address."""
    shown = {
        _name_of(message["content"][_JSON]["schema"]["$ref"])
        for _, _, each in operations
        for message in (each.get("requestBody"), *each["responses"].values())
        if message
    }
    return [name for name in components if name not in shown]


def _shape(name: str, components: Mapping[str, Schema]) -> str:
    schema = components[name]
    return (
        f'<h3 id="shape-{name}">{name}</h3><p>{_prose(schema.get("description", ""))}</p>'
        f"{_fields(schema, f'Fields of {name}')}"
    )


def _table(caption: str, heads: Iterable[str], rows: str) -> str:
    columns = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"


def _code(example: object) -> str:
    return f"<pre><code>{escape(json.dumps(example, ensure_ascii=False, indent=2))}</code></pre>"


def _prose(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
