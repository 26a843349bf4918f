"""Ask questions whose answers are known; what becomes of each is an outcome.

A question is a row of a gold file; `tests/gold/README.md` describes the fields.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from assistant.errors import InputError
from assistant.records import Answer, Hit, ObjectiveMatch, Passage
from assistant.settings import DEFAULT_TOP_K

Row: TypeAlias = Mapping[str, Any]

DEPTH = 10  # ranks of a ranking that are looked at


class Answering(Protocol):
    """The part of an assistant that an evaluation calls."""

    @property
    def passages(self) -> Sequence[Passage]:
        """All indexed passages."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages in which it can be asked."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        objectives: Collection[int] = (),
        top_k: int = DEFAULT_TOP_K,
    ) -> Answer:
        """Answer a question."""

    def ranked_hits(self, question: str, *, history: Sequence[str] = (), top_k: int = DEFAULT_TOP_K) -> tuple[Hit, ...]:
        """Return the best passages, even where they don't answer."""

    def chance(self, question: str, *, history: Sequence[str] = ()) -> float:
        """Return how likely the documents answer a question, 0 to 1."""

    def classify_all(self, topics: Sequence[str]) -> Iterable[Sequence[ObjectiveMatch]]:
        """Rank the objectives for each topic."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one question.

    Attributes:
        kind: The question's kind, as the gold file names it.
        relevant: Ids of the passages that answer it; empty when the documents don't.
        ranking: Ids of the retrieved passages, best first; empty when the documents don't answer.
        chance: The assistant's estimate that the documents answer, 0 to 1.
        is_quoted: Whether the quotation overlaps with the words that answer.
    """

    kind: str
    is_answerable: bool
    relevant: frozenset[str]
    ranking: tuple[str, ...]
    chance: float
    is_answered: bool
    is_quoted: bool
    elapsed_ms: float

    @property
    def is_right(self) -> bool:
        """Return whether the first passage answers the question."""
        return self.ranking[:1] != () and self.ranking[0] in self.relevant


def read_gold(path: Path) -> list[Row]:
    """Read questions, one JSON object a line.

    Raises:
        InputError: The file can't be read.
    """
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the questions can't be read ({error}).") from error


def ask_all(assistant: Answering, rows: Sequence[Row]) -> list[Outcome]:
    """Ask each question; of a conversation, its last turn."""
    return [_ask(assistant, row) for row in rows]


def _ask(assistant: Answering, row: Row) -> Outcome:
    *history, question = row.get("turns") or [row["question"]]
    is_answerable = bool(row.get("expected") or row.get("locators"))
    answer = assistant.ask(question, history=history)  # first, so that its time owes nothing to the other calls
    hits = assistant.ranked_hits(question, history=history, top_k=DEPTH) if is_answerable else ()
    return Outcome(
        kind=row.get("kind", ""),
        is_answerable=is_answerable,
        relevant=relevant_passages(assistant.passages, row),
        ranking=tuple(hit.passage.id for hit in hits),
        chance=assistant.chance(question, history=history),
        is_answered=answer.status == "answered",
        is_quoted=_quotes_evidence(answer, row),
        elapsed_ms=answer.elapsed_ms,
    )


def relevant_passages(passages: Sequence[Passage], row: Row) -> frozenset[str]:
    """Return the ids of the passages that answer a question.

    These are the passages of the expected paragraphs; where a paragraph is split, only those that hold the evidence.
    """
    relevant: set[str] = set()
    for source, locator in row.get("expected") or [[None, locator] for locator in row.get("locators", ())]:
        parts = [each for each in passages if each.locator == locator and source in (None, each.source.id)]
        telling = [part for part in parts if any(words in part.text for words in _evidence(row))]
        relevant |= {part.id for part in telling or parts}
    return frozenset(relevant)


def _quotes_evidence(answer: Answer, row: Row) -> bool:
    """Return whether the quotation contains the words that answer, or they the quotation."""
    quoted = " ".join((answer.answer or "").split())
    evidence = (" ".join(words.split()) for words in _evidence(row))
    return bool(quoted) and any(words in quoted or quoted in words for words in evidence)


def _evidence(row: Row) -> list[str]:
    evidence = row.get("evidence") or []
    return [evidence] if isinstance(evidence, str) else list(evidence)
