"""Opens the assistant in the background, so that the page shows at once and says how far it has come.

This module knows nothing of the page.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Protocol

from assistant.errors import AssistantError
from assistant.records import (
    Answer,
    Classification,
    Document,
    Objective,
    ObjectiveMatch,
    Passage,
    Progress,
    ReportProgress,
    Source,
)

_FREE_TRIES = 3  # that may follow one another at once
_SHORTEST_PAUSE, _LONGEST_PAUSE = 5.0, 60.0  # seconds between further ones


class Answering(Protocol):
    """What the page asks: an open `Assistant`."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """Those with text, by id."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """All of them, links without text included."""

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """The table of the 23."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All that is indexed, with its objectives."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that can be asked in, English first."""

    @property
    def corpus_hash(self) -> str:
        """Names the documents that answers come from: "sha256:…"."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        objectives: Collection[int] = (),
        top_k: int = 5,
        explain: bool = False,
    ) -> Answer:
        """Answer a question with the documents' own words; safe to call from many threads."""

    def classify(self, topic: str) -> Classification:
        """Rank the 23 objectives for a topic, and quote what the documents say on it."""

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        """Rank the 23 objectives for each of many topics."""

    def unread(self, text: str) -> str:
        """Say that a text is in a language that can't be read; nothing where it can."""


class Opening:
    """An assistant that is being opened, is open, or could not be opened."""

    def __init__(self, open_assistant: Callable[[ReportProgress], Answering]) -> None:
        """Take what opens it, which may take seconds and raise AssistantError; `start` begins."""
        self._open = open_assistant
        self._lock = threading.Lock()
        self._future: Future[Answering] | None = None
        self._progress: Progress | None = None
        self._stale = ""
        self._failures = 0
        self._next_try = 0.0

    def start(self, *, at_once: bool = False) -> Future[Answering]:
        """Begin to open it, unless that is under way or done; after a failure, begin again.

        Args:
            at_once: Even after several failures in a row; else some time has to pass, since a try costs a core.
        """
        with self._lock:
            if self._future and (not self._future.done() or not self._future.exception()):
                return self._future
            if self._future and not at_once and time.monotonic() < self._next_try:
                return self._future
            self._progress = None
            self._future = Future()
            self._future.set_running_or_notify_cancel()  # nobody who stops waiting may cancel it for the others
            # A daemon, so that the server can be stopped meanwhile.
            threading.Thread(target=self._run, args=(self._future,), name="opening", daemon=True).start()
            return self._future

    @property
    def progress(self) -> Progress | None:
        """How far it has come, as last reported."""
        return self._progress

    @property
    def problem(self) -> str:
        """Why it could not be opened; empty otherwise."""
        failed = self._future and self._future.done() and self._future.exception()
        return str(failed) if failed else ""

    @property
    def stale(self) -> str:
        """Why the open one could not be renewed; empty where it is up to date."""
        return self._stale

    @property
    def assistant(self) -> Answering | None:
        """The open assistant, if it is open."""
        is_open = self._future and self._future.done() and not self._future.exception()
        return self._future.result() if self._future and is_open else None

    def now(self) -> Answering:
        """Return the open assistant at once; where there is none, begin to open it, after a failure again.

        Raises:
            AssistantError: It isn't open; the message says why.
        """
        if assistant := self.assistant:
            return assistant
        problem = self.problem
        self.start()
        raise AssistantError(problem or "The documents are being opened; try again in a few seconds.")

    async def opened(self) -> Answering:
        """Wait until it is open, without keeping a thread; after a failure, try again.

        Raises:
            AssistantError: It can't be opened.
        """
        return await asyncio.wrap_future(self.start())

    def renew(self) -> None:
        """Open it anew and put it in the old one's place, which serves until then.

        Raises:
            AssistantError: It can't be opened; the old one stays.
        """
        try:
            opened = self._open(lambda _: None)
        except AssistantError as error:
            self._stale = str(error)
            raise
        future: Future[Answering] = Future()
        future.set_result(opened)
        with self._lock:
            self._future = future
            self._stale = ""

    def _run(self, future: Future[Answering]) -> None:
        try:
            future.set_result(self._open(self._report))
            self._failures = 0
        except AssistantError as error:
            self._failed(future, error)
        finally:
            if not future.done():  # a fault of ours: it goes on to the terminal, and nobody waits for ever
                self._failed(future, AssistantError("The service has a fault; its terminal says which."))

    def _failed(self, future: Future[Answering], error: AssistantError) -> None:
        """Say so to whoever waits, and wait longer for the next try each time but the first."""
        self._failures += 1
        pause = min(_SHORTEST_PAUSE * 2 ** (self._failures - _FREE_TRIES - 1), _LONGEST_PAUSE)
        self._next_try = time.monotonic() + (pause if self._failures > _FREE_TRIES else 0)
        future.set_exception(error)

    def _report(self, progress: Progress) -> None:
        self._progress = progress
