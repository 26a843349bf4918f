"""A server's answer -> an original in its place, if it is what was wanted.

Status, length, type, size and end are checked, and nothing that a server says is believed where the bytes can tell.
This module opens no connection, and knows nothing of the corpus.
"""

import datetime
import email.utils
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from assistant.documents import TAIL, MediaKind, Original, Record, fits_type, is_whole, keep, kind_of_name, path_of
from assistant.documents.fetching.transfer import PartError, Transfer
from assistant.documents.formats.sniffing import HEAD_BYTES, NAMES, sniff

_PAGE = 4_000_000  # bytes of a page that is only read for its links
_MAY_PASS = frozenset({408, 425, 429, 500, 502, 503, 504})


class FailedError(Exception):
    """It can't be had."""


class PassingError(Exception):
    """It may be had at another try.

    Attributes:
        pause: Seconds that the server asks for, if it does.
    """

    def __init__(self, message: str, *, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """What a server answers.

    Attributes:
        address: The one that was asked.
        headers: Their names in any case.
        chunks: The body's bytes as they come.
    """

    address: str
    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Page:
    """A web page that came where a file was wanted."""

    address: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where originals go, and how much of one is taken.

    Attributes:
        folder: The corpus folder.
        most: Bytes of one original.
        report: Called with an original, its bytes so far, and in all where that is known.
    """

    folder: Path
    today: datetime.date
    most: int
    report: Callable[[Original, int, int | None], None]

    async def receive(self, original: Original, answer: ServerAnswer, *, may_be_page: bool) -> Page | None:
        """Keep what an answer brings.

        Args:
            may_be_page: Whether a web page may come in a PDF's stead; it is returned.

        Raises:
            FailedError: It isn't what was wanted, or too much.
            PassingError: It may come at another try.
            OSError: It can't be written.
        """
        wanted = kind_of_name(original.file) or "text"
        transfer = Transfer(path_of(self.folder, original))
        _check_status(answer, transfer)
        head = b""
        if answer.status == HTTPStatus.PARTIAL_CONTENT:
            _go_on(transfer, answer)
        else:
            head = await _head(answer)
            kind = sniff(head)
            if may_be_page and wanted == "pdf" and kind == "html":
                return Page(answer.address, await _whole_page(head, answer))
            if kind != wanted:
                raise FailedError(f"what came is {NAMES[kind]}, not {NAMES[wanted]}")
            transfer.begin(answer.address, answer.headers, total=_announced(answer))
        if not fits_type(wanted, named := answer.headers.get("Content-Type", "")):
            raise FailedError(f"the server calls it {named[:80]!r}, which isn't {NAMES[wanted]}")
        await self._store(original, transfer, head, answer)
        self._put_in_place(original, transfer, wanted, answer)
        return None

    async def _store(self, original: Original, transfer: Transfer, head: bytes, answer: ServerAnswer) -> None:
        if (transfer.total or 0) > self.most:
            transfer.discard()
            raise FailedError(f"it has {transfer.total:,} bytes; no more than {self.most:,} are taken")
        chunk = head
        while True:
            transfer.write(chunk)
            self.report(original, transfer.size, transfer.total)
            if transfer.size > self.most:
                transfer.discard()
                raise FailedError(f"it has more bytes than the {self.most:,} that are taken")
            chunk = await anext(answer.chunks, b"")
            if not chunk:
                return

    def _put_in_place(self, original: Original, transfer: Transfer, wanted: MediaKind, answer: ServerAnswer) -> None:
        is_chunked = "chunked" in answer.headers.get("Transfer-Encoding", "").lower()
        is_known = transfer.total is not None or is_chunked
        if transfer.total not in (None, transfer.size) or not is_whole(
            wanted, transfer.tail(TAIL), is_length_known=is_known
        ):
            transfer.discard()
            raise PassingError(f"it ends too early, after {transfer.size:,} bytes")
        try:
            sha256 = transfer.finished()
        except PartError as error:
            transfer.discard()
            raise PassingError(str(error)) from error
        record = Record(
            address=answer.address,
            fetched=self.today.isoformat(),
            type=answer.headers.get("Content-Type", ""),
            bytes=transfer.size,
            sha256=sha256,
        )
        keep(transfer.part, path_of(self.folder, original), record)
        transfer.close()


def _check_status(answer: ServerAnswer, transfer: Transfer) -> None:
    if answer.status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise FailedError("it comes compressed, though that wasn't asked for")
        return
    if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        transfer.discard()
        raise PassingError("the server has no such rest of it any more", pause=0)
    told = f"the server answers {answer.status} ({_phrase(answer.status)})"
    if answer.status in _MAY_PASS:
        raise PassingError(told, pause=_asked_pause(answer.headers.get("Retry-After", "")))
    raise FailedError(told)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown"


def _asked_pause(retry_after: str) -> float | None:
    """Read Retry-After: seconds, or a time; None for anything else."""
    value = retry_after.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=datetime.UTC)
    return max(0.0, (until - datetime.datetime.now(datetime.UTC)).total_seconds())


def _go_on(transfer: Transfer, answer: ServerAnswer) -> None:
    try:
        transfer.go_on(answer.headers.get("Content-Range", ""))
    except (PartError, FileNotFoundError) as error:
        transfer.discard()
        raise PassingError("the server sent another part of it than was asked for", pause=0) from error


def _announced(answer: ServerAnswer) -> int | None:
    length = answer.headers.get("Content-Length", "")
    return int(length[:18]) if length.isascii() and length.isdigit() else None


async def _head(answer: ServerAnswer) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (chunk := await anext(answer.chunks, b"")):
        head += chunk
    return head


async def _whole_page(head: bytes, answer: ServerAnswer) -> bytes:
    page = bytearray(head)
    async for chunk in answer.chunks:
        page += chunk
        if len(page) > _PAGE:
            raise FailedError(f"an HTML page of more than {_PAGE:,} bytes came")
    return bytes(page)
