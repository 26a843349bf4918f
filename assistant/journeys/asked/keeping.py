"""Keep of a question what an operator wants kept: the question itself, its counts, or nothing."""

import logging
from dataclasses import dataclass

from assistant.errors import InputError
from assistant.journeys.asked.counts import Counts
from assistant.journeys.asked.question_log import QuestionLog
from assistant.language import spoken
from assistant.objectives import LIKELY
from assistant.records import Answer
from assistant.settings import Settings

NO_OBJECTIVE = "none"
_logger = logging.getLogger("assistant")
_COUNTS_FILE = "counts.sqlite"  # in the folder of the index


@dataclass(frozen=True, slots=True)
class Kept:
    """The places where an operator keeps something of what is asked."""

    log: QuestionLog | None = None
    counts: Counts | None = None

    def add(self, question: str, answer: Answer) -> None:
        """Keep what is wanted of a question; where that can't be written, warn and go on."""
        if not (self.log or self.counts):
            return
        names = {"status": answer.status, "language": spoken(question).language, "objective": _objective(answer)}
        if self.counts:
            self.counts.add(names)
        if self.log:
            try:
                self.log.add("question", question=question, **names)
            except InputError as error:
                _logger.warning("%s", error)


NOTHING_KEPT = Kept()


def kept_by(settings: Settings) -> Kept:
    """Open what settings name.

    Raises:
        InputError: It can't be written.
    """
    log, counts = settings.keeping.log, settings.index / _COUNTS_FILE
    return Kept(QuestionLog(log) if log else None, Counts(counts) if settings.keeping.counts else None)


def _objective(answer: Answer) -> str:
    """Return the number of the objective that a question surely or likely concerns most."""
    first = next(iter(answer.objectives), None)
    return str(first.objective.number) if first and first.confidence >= LIKELY else NO_OBJECTIVE
