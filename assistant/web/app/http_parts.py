"""Read a request's body, client and headers, and write JSON, as several routes need it."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.types import Scope

PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}  # for answers that no cache may keep


class TooLargeError(Exception):
    """A body that goes on beyond the cap."""


def host_of(scope: Scope) -> str:
    """Return the address that a request comes from; empty where the server doesn't know it."""
    return str((scope.get("client") or ("",))[0])


def says_json(request: Request) -> bool:
    """Return whether a request declares JSON, which no other site's form can send."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower() == "application/json"


def is_own_page(request: Request) -> bool:
    """Return whether a request comes from a page of this very address, or from a program, which names no origin."""
    host = request.headers.get("host", "").lower()
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False  # a browser says so even where it keeps the origin back
    return all(_is_at(origin, host) for origin in request.headers.getlist("origin"))


def _is_at(origin: str, host: str) -> bool:
    """Return whether an origin is a web address of a host.

    >>> _is_at("http://127.0.0.1:7860", "127.0.0.1:7860"), _is_at("https://example.org", "127.0.0.1:7860")
    (True, False)
    """
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    return bool(host) and page.scheme in ("http", "https") and page.netloc.lower() == host


async def read_capped(request: Request, most: int) -> bytes:
    """Read the body of a request, `most` bytes at most.

    Raises:
        TooLargeError: It is larger; the rest isn't read.
    """
    content = bytearray()
    async for block in request.stream():
        content += block
        if len(content) > most:
            raise TooLargeError
    return bytes(content)


def reply_json(row: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Write JSON that no cache may keep."""
    # A file's name may hold bytes that are no characters; JSON can escape them, UTF-8 can't hold them.
    content = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Response(content, status, {**PRIVATE, **(headers or {})}, media_type="application/json")


def refuse(message: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Refuse a request with JSON that says why in one line."""
    return reply_json({"error": " ".join(message.split())}, status, headers)


def is_known(tag: str, if_none_match: str) -> bool:
    """Return whether a browser already has what an entity tag names, by its header `If-None-Match`.

    >>> is_known('"a"', 'W/"b", W/"a"')
    True
    """
    return tag in (each.strip().removeprefix("W/") for each in if_none_match.split(","))
