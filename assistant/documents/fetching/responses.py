"""Responses: what a server sends, read within a limit and checked.

Nothing that a server claims is believed where the bytes can tell.
"""

import email.utils
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from assistant.documents import HEAD_BYTES, Format, Kind, sniff

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses that another try may get past


class FetchError(Exception):
    """The document can't be fetched."""


class TransientError(FetchError):
    """The document may come at another try."""

    def __init__(self, message: str, *, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause  # seconds that the server asks to wait, if it does


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came."""

    address: str  # the one that it came from in the end, after redirects
    type: str  # the Content-Type that the server gave
    content: bytes
    is_length_known: bool  # whether the server told where it ends, so that a broken connection is noticed

    @property
    def kind(self) -> Kind:
        """The kind of file that the bytes are, whatever the server says."""
        return sniff(self.content[:HEAD_BYTES])


async def read_response(response: httpx2.Response, *, most: int, report: Callable[[int, int | None], None]) -> Received:
    """Read the body of a response of at most `most` bytes; report the bytes so far, and in all where that is known."""
    _check_status(response)
    length = response.headers.get("Content-Length", "")
    total = int(length) if length else None
    if total and total > most:
        raise FetchError(f"it has {total:,} bytes; no more than {most:,} are taken")
    content = bytearray()
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > most:
            raise FetchError(f"it has more bytes than the {most:,} that are taken")
        report(len(content), total)
    is_length_known = total is not None or "Transfer-Encoding" in response.headers
    return Received(str(response.url), response.headers.get("Content-Type", ""), bytes(content), is_length_known)


def check_received(received: Received, wanted: Format) -> None:
    """Raise an error unless a file is of the wanted format, and whole."""
    if received.kind.name != wanted.kind:
        raise FetchError(f"what came is {received.kind.called}, not {wanted.called}")
    if not wanted.fits_type(received.type):
        raise FetchError(f"the server calls it {received.type[:80]!r}, which isn't {wanted.called}")
    if not wanted.is_whole(received.content, is_length_known=received.is_length_known):
        raise TransientError(f"it ends too early, after {len(received.content):,} bytes")


def _check_status(response: httpx2.Response) -> None:
    status = response.status_code
    if status != httpx2.codes.OK:
        problem = f"the server answers {status} ({httpx2.codes.get_reason_phrase(status) or 'unknown'})"
        if status in _TRANSIENT:
            raise TransientError(problem, pause=_asked_pause(response.headers.get("Retry-After", "")))
        raise FetchError(problem)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FetchError("it comes compressed, though that wasn't asked for")


def _asked_pause(retry_after: str) -> float | None:
    """Return the seconds that a Retry-After asks for, as a number or as a time; None if it is neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
