"""Read the JSON body of a request, no further than a cap; what can't be read is an HTTPException with one line."""

import re
from collections.abc import Mapping

from fastapi import HTTPException, Request

from assistant.errors import InputError
from assistant.schema import read_json, shown
from assistant.web.app import TooLargeError, read_capped

MAX_BODY = 64 * 1024  # bytes
MAX_DRAFT_BODY = 1024 * 1024  # bytes of a draft; a hundred pages, in any script
_LARGE = ("/api/check",)  # addresses that take a draft
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\"';\s]*)", re.IGNORECASE)
_UTF_8 = ("utf-8", "utf8", "us-ascii")  # the last is part of it


class JsonRequest(Request):
    """A request whose body is read no further than the cap, and as strict JSON."""

    async def body(self) -> bytes:
        """Read the bytes."""
        _check_headers(self.headers)
        most = MAX_DRAFT_BODY if self.scope["path"] in _LARGE else MAX_BODY
        try:
            self._body = await read_capped(self, most)
        except TooLargeError:
            raise HTTPException(413, f"The body is larger than {most // 1024} kB; send less.") from None
        return self._body

    async def json(self) -> object:
        """Parse the bytes that `body` has read."""
        try:
            return read_json(self._body)
        except InputError as error:
            raise HTTPException(422, str(error)) from None


def _check_headers(headers: Mapping[str, str]) -> None:
    kind, _, parameters = headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "application/json":  # which no other site's form can send
        raise HTTPException(415, "Send JSON, with the header Content-Type: application/json.")
    charset = _CHARSET.search(parameters)
    if charset and charset[1].lower() not in _UTF_8:
        raise HTTPException(415, f"charset: {shown(charset[1])} isn't read; send UTF-8.")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, "Content-Encoding: send the body as it is, not compressed.")
