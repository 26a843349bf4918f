"""Open the assistant in the background, so that the page shows at once and tells the progress."""

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Protocol

from assistant.encoding import Vectors
from assistant.errors import AssistantError
from assistant.records import (
    Answer,
    CheckedDraft,
    Classification,
    Document,
    Hit,
    Objective,
    ObjectiveMatch,
    Passage,
    Progress,
    ReportProgress,
    Source,
)
from assistant.settings import DEFAULT_TOP_K

_FREE_TRIES = 3  # without a pause
_SHORTEST_PAUSE, _LONGEST_PAUSE = 5.0, 60.0  # seconds between further tries


class Answering(Protocol):
    """An open assistant, as far as the service uses it."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents with text, by id."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources, links without text included."""

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """The table of the 23 objectives."""

    @property
    def passages(self) -> Sequence[Passage]:
        """All indexed passages, with their objectives."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of questions that can be read, English first."""

    @property
    def corpus_hash(self) -> str:
        """The hash of the documents that answers come from: "sha256:…"."""

    @property
    def trouble(self) -> str:
        """The reason why questions can't be answered at present; empty where they can."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        objectives: Collection[int] = (),
        documents: Collection[str] = (),
        top_k: int = DEFAULT_TOP_K,
        explain: bool = False,
    ) -> Answer:
        """Answer a question with the documents' own words; safe to call from many threads."""

    def classify(self, topic: str) -> Classification:
        """Rank the 23 objectives for a topic, and quote what the documents say on it."""

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        """Rank the 23 objectives for each of many topics."""

    def check(self, text: str) -> CheckedDraft:
        """Hold the quotations of a draft against the documents."""

    def in_all_documents(self, question: str, *, documents: Collection[str] = ()) -> dict[str, Answer]:
        """Ask each document by itself, and return the answers by its id."""

    def unread(self, text: str) -> str:
        """Return a notice that a text's language can't be read; empty where it can."""

    def question_vectors(self, questions: Sequence[str]) -> Vectors:
        """Return vectors by which questions can be compared, in any language: unit rows, (questions, dimensions)."""

    def ranked_hits(self, question: str, *, history: Sequence[str] = (), top_k: int = DEFAULT_TOP_K) -> tuple[Hit, ...]:
        """Return the passages nearest to a question, best first, whether or not they answer it."""


class Opening:
    """An assistant that is being opened, is open, or couldn't be opened."""

    def __init__(self, open_assistant: Callable[[ReportProgress], Answering]) -> None:
        """Take the function that opens it, which may take seconds and raise AssistantError; `start` calls it."""
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
            at_once: Whether to skip the pause that follows several failures, since a try costs a core.
        """
        with self._lock:
            if self._future and (not self._future.done() or not self._future.exception()):
                return self._future
            if self._future and not at_once and time.monotonic() < self._next_try:
                return self._future
            self._progress = None
            self._future = Future()
            self._future.set_running_or_notify_cancel()  # one that stops waiting mustn't cancel it for the others
            # A daemon, so that the server can stop meanwhile.
            threading.Thread(target=self._run, args=(self._future,), name="opening", daemon=True).start()
            return self._future

    @property
    def progress(self) -> Progress | None:
        """The progress last reported."""
        return self._progress

    @property
    def problem(self) -> str:
        """The reason why it couldn't be opened; empty otherwise."""
        failed = self._future and self._future.done() and self._future.exception()
        return str(failed) if failed else ""

    @property
    def stale(self) -> str:
        """The reason why the open one couldn't be renewed; empty where it is up to date."""
        return self._stale

    @property
    def assistant(self) -> Answering | None:
        """The assistant, once it is open."""
        is_open = self._future and self._future.done() and not self._future.exception()
        return self._future.result() if self._future and is_open else None

    def now(self) -> Answering:
        """Return the assistant if it is open, else begin to open it.

        Raises:
            AssistantError: It isn't open; the message says why.
        """
        if assistant := self.assistant:
            return assistant
        problem = self.problem
        self.start()
        raise AssistantError(problem or "The documents are being opened; try again in a few seconds.")

    async def opened(self) -> Answering:
        """Wait for the assistant without keeping a thread; after a failure, try again.

        Raises:
            AssistantError: It can't be opened.
        """
        return await asyncio.wrap_future(self.start())

    def renew(self) -> None:
        """Open the assistant anew; the old one serves until then.

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
            if not future.done():  # a fault of ours goes on to the terminal; nobody shall wait for ever
                self._failed(future, AssistantError("The service has a fault; its terminal says which."))

    def _failed(self, future: Future[Answering], error: AssistantError) -> None:
        """Fail those that wait, and double the pause before the next try."""
        self._failures += 1
        pause = min(_SHORTEST_PAUSE * 2 ** (self._failures - _FREE_TRIES - 1), _LONGEST_PAUSE)
        self._next_try = time.monotonic() + (pause if self._failures > _FREE_TRIES else 0)
        future.set_exception(error)

    def _report(self, progress: Progress) -> None:
        self._progress = progress
