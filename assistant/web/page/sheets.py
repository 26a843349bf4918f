"""A file of topics sent by the page: its rows come back with their objectives, its progress as lines of JSON.

A line is `{"done": 256, "total": 900}` while it goes on. The last one holds `html`, what came of it, and where it went
well `csv`, the file in base64, and `rows`, those with a topic, `[row, topic, [[objective, chance, in words]]]`.
The page sends the file once more, with what a person corrected, to have it saved. Nothing is kept: a file lies in a
temporary folder for as long as it is worked on.
"""

import asyncio
import json
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Base64Bytes, BaseModel, Field, ValidationError

from assistant.errors import AssistantError, InputError
from assistant.objectives import (
    LIKELY,
    Rank,
    RankedRow,
    SheetOutcome,
    Unread,
    classify_sheet,
    correct_sheet,
    ranked_rows,
)
from assistant.records import Objective, ObjectiveMatch
from assistant.schema import ObjectiveNumber
from assistant.settings import MAX_QUESTION
from assistant.web.app import (
    PRIVATE,
    Answering,
    FairQueue,
    Opening,
    TooLargeError,
    client_of,
    host_of,
    read_capped,
    refuse,
    says_json,
)
from assistant.web.rendering import Strings, chance_in_words, render

SHEET_MEGABYTES = 10  # of a file, at the most
MAX_CORRECTED = 3 * SHEET_MEGABYTES * 1024 * 1024  # bytes of a result in base64, and of what was corrected in it
MAX_ROWS = 10_000  # of a file; they take minutes
SHEETS_AT_ONCE = 8  # files that are worked on in turns; with more, a proxy would miss a sign of life
_TOPICS_A_TURN = 64  # of a file; a few seconds where they are long
_LEFT = "Nobody is waiting for the file any more; send it again."

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RankedSheet:
    """The outcome for a file of topics.

    Attributes:
        content: A CSV with the objectives of its topics.
        rows: Those that have a topic.
    """

    content: bytes
    outcome: SheetOutcome
    rows: tuple[RankedRow, ...]


def render_outcome(outcome: SheetOutcome, objectives: Sequence[Objective], strings: Strings, *, cut: int = 0) -> str:
    """Say how many topics were ranked, and name the rows with something amiss; what can be saved is offered.

    Args:
        objectives: Those that a person may choose.
        cut: How many topics were too long to be read to their end.
    """
    return render(
        "objectives/sheet_outcome.html",
        objectives=objectives,
        likely=LIKELY,
        done=outcome.ranked,
        problems=outcome.remarks,
        cut=cut,
        most_characters=MAX_QUESTION,
        strings=strings,
    )


def classified(content: bytes, rank: Rank, unread: Unread, report: Report) -> RankedSheet:
    """Classify the rows of a sheet.

    Raises:
        InputError: It can't be read, or isn't such a sheet.
    """
    with tempfile.TemporaryDirectory(prefix="topics-") as folder:
        source, target = Path(folder, "in"), Path(folder, "out.csv")
        source.write_bytes(content)
        try:
            outcome = classify_sheet(source, target, rank, unread=unread, report=report)
        except InputError as error:
            raise InputError(_without_path(str(error), source)) from error
        remarks = tuple(_without_path(remark, source) for remark in outcome.remarks)
        rows = tuple(ranked_rows(target)) if outcome.ranked else ()
        return RankedSheet(target.read_bytes(), replace(outcome, remarks=remarks), rows)


class _Correction(BaseModel):
    """A result as it was sent, and the objectives that a person chose, by row."""

    csv: Base64Bytes
    chosen: dict[int, Annotated[list[ObjectiveNumber], Field(max_length=3)]] = {}


def corrected(sent: bytes, kind: Literal["csv", "xlsx"], objectives: Sequence[Objective]) -> bytes:
    """Write a result with what a person corrected, as a file of a kind.

    Raises:
        InputError: It isn't one.
    """
    try:
        correction = _Correction.model_validate_json(sent)
    except ValidationError:
        raise InputError("Send a result in base64, and the objectives chosen by row.") from None
    with tempfile.TemporaryDirectory(prefix="topics-") as folder:
        source, target = Path(folder, "in"), Path(folder, f"out.{kind}")
        source.write_bytes(correction.csv)
        try:
            correct_sheet(source, target, correction.chosen, {each.number: each for each in objectives})
        except InputError as error:
            raise InputError(_without_path(str(error), source)) from error
        return target.read_bytes()


def _without_path(message: str, path: Path) -> str:
    """Remove the path from a message, since the sender knows the file by another name: "Line 3: no words …"."""
    message = message.removeprefix(f"{path}: ")
    return message[:1].upper() + message[1:]


class _Turns:
    """The turns of one file: its thread works only during a turn, and gives it up between two blocks."""

    def __init__(self, queue: FairQueue, client: str) -> None:
        self._queue = queue
        self._client = client
        self._loop = asyncio.get_running_loop()
        self._turn: ExitStack | None = None
        self._waiting: asyncio.Task[None] | None = None
        self._is_left = False

    async def next(self) -> None:
        """Let whoever waits go first, and wait for another turn.

        Raises:
            InputError: Nobody waits for the file any more.
        """
        if self._is_left:
            raise InputError(_LEFT)
        self.end()
        self._turn = await self._queue.turn(self._client)

    def next_in_thread(self) -> None:
        """Wait for another turn in a thread that isn't the loop's.

        Raises:
            InputError: Nobody waits for the file any more.
        """
        try:
            asyncio.run_coroutine_threadsafe(self._next_unless_left(), self._loop).result()
        except CancelledError:
            raise InputError(_LEFT) from None

    def end(self) -> None:
        """Give the turn up."""
        if self._turn:
            self._turn.close()

    def leave(self) -> None:
        """Stop the thread before its next block."""
        self._is_left = True
        if self._waiting:
            self._waiting.cancel()

    async def _next_unless_left(self) -> None:
        self._waiting = asyncio.current_task()
        try:
            await self.next()
        finally:
            self._waiting = None


class _Ranking:
    """A ranking block by block that counts the topics that are read only in part."""

    def __init__(self, rank: Rank, on_block: Callable[[], None]) -> None:
        """Take what ranks, and what is called before each block."""
        self._rank = rank
        self._on_block = on_block
        self.long = 0

    def rank(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        self.long += sum(len(topic) > MAX_QUESTION for topic in topics)
        for first in range(0, len(topics), _TOPICS_A_TURN):
            self._on_block()
            yield from self._rank(topics[first : first + _TOPICS_A_TURN])


class Sheets:
    """The files in work: one block of one at a time, so that neither answers nor small files wait for large ones."""

    def __init__(self, opening: Opening, strings_of: Callable[[str], Strings]) -> None:
        self._opening = opening
        self._strings_of = strings_of
        self._places = asyncio.Semaphore(
            SHEETS_AT_ONCE
        )  # a file with a turn but without a thread would stop all others
        self._turns = FairQueue(at_once=1, waiting=SHEETS_AT_ONCE, patience=None)
        # Threads of their own, since most of them wait: answers would find none free among those of the loop.
        self._threads = ThreadPoolExecutor(SHEETS_AT_ONCE, "sheet")

    async def take(self, request: Request, lang: str = "") -> Response:
        """Answer a request that brings a file."""
        strings = self._strings_of(lang)
        # Another site's form can't send this type.
        if request.headers.get("content-type", "").split(";")[0].strip() != "text/csv":
            return _refusal(strings.text("csv.not_csv"), 415, strings)
        try:
            content = await read_capped(request, SHEET_MEGABYTES * 1024 * 1024)
        except TooLargeError:
            return _refusal(strings.text("csv.too_large", megabytes=SHEET_MEGABYTES), 413, strings)
        client = client_of(host_of(request.scope))
        lines = self._lines(content, client, strings)
        return StreamingResponse(lines, media_type="application/x-ndjson", headers=PRIVATE)

    async def save(self, request: Request, kind: Literal["csv", "xlsx"] = "csv") -> Response:
        """Send a result as a file, with what a person corrected in it."""
        if not says_json(request):
            return refuse("Send application/json.", 415)
        try:
            sent = await read_capped(request, MAX_CORRECTED)
            objectives = self._opening.now().objectives
            content = await asyncio.to_thread(corrected, sent, kind, objectives)
        except TooLargeError:
            return refuse("The result is too large.", 413)
        except InputError as error:
            return refuse(str(error), 422)
        return Response(content, media_type="application/octet-stream", headers=PRIVATE)

    async def _lines(self, content: bytes, client: str, strings: Strings) -> AsyncIterator[str]:
        try:
            assistant = await self._opening.opened()
            turns = _Turns(self._turns, client)
            async with self._places:
                async for line in self._steps(content, assistant, turns, strings):
                    yield line
        except AssistantError as error:
            yield _line(html=_problem(str(error), strings))

    async def _steps(self, content: bytes, assistant: Answering, turns: _Turns, strings: Strings) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        steps: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()

        def report(done: int, total: int) -> None:
            if total > MAX_ROWS:
                said = {"total": strings.number(total), "rows": strings.number(MAX_ROWS)}
                raise InputError(strings.text("csv.too_long", **said))
            loop.call_soon_threadsafe(steps.put_nowait, (done, total))

        ranking = _Ranking(assistant.classify_all, turns.next_in_thread)
        await turns.next()  # reading the file is work, too
        work = loop.run_in_executor(self._threads, classified, content, ranking.rank, assistant.unread, report)

        def end(ended: "asyncio.Future[RankedSheet]") -> None:
            turns.end()
            steps.put_nowait(None)
            if not ended.cancelled():
                ended.exception()  # retrieved, so that asyncio doesn't warn where the visitor has left

        work.add_done_callback(end)
        try:
            while step := await steps.get():
                done, total = step
                yield _line(done=done, total=total)
            ranked = await work
        finally:
            turns.leave()  # the thread ends before its next block, and takes its folder with it
        html = render_outcome(ranked.outcome, assistant.objectives, strings, cut=ranking.long)
        if not ranked.outcome.ranked:
            yield _line(html=html)
            return
        rows = [(row.number, row.topic, _in_words(row.objectives, strings)) for row in ranked.rows]
        yield _line(html=html, csv=b64encode(ranked.content).decode(), rows=rows)


def add_sheets(app: FastAPI, opening: Opening, strings_of: Callable[[str], Strings]) -> None:
    """Give an application the address that the page sends files to."""
    sheets = Sheets(opening, strings_of)
    app.add_api_route("/classify.csv", sheets.take, methods=["POST"], response_model=None)
    app.add_api_route("/export/sheet", sheets.save, methods=["POST"], response_model=None)


def _in_words(objectives: Sequence[tuple[int, float]], strings: Strings) -> list[tuple[int, float, str]]:
    return [(number, confidence, chance_in_words(confidence, strings)) for number, confidence in objectives]


def _refusal(message: str, status: int, strings: Strings) -> Response:
    return Response(_line(html=_problem(message, strings)), status, media_type="application/x-ndjson")


def _line(**values: object) -> str:
    return json.dumps(values) + "\n"


def _problem(message: str, strings: Strings) -> str:
    return render("objectives/sheet_problem.html", message=message, strings=strings)
