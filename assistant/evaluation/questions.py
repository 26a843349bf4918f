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

    def ask_without(self, question: str, passages: Collection[str]) -> Answer:
        """Answer a question as if these passages, by id, weren't there."""

    def classify_all(self, topics: Sequence[str]) -> Iterable[Sequence[ObjectiveMatch]]:
        """Rank the objectives for each topic."""


_MARKS = str.maketrans("“”„«»’‘", '"""""' + "''")
_LEAST_HALF = 5  # words


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
    relevant = relevant_passages(assistant.passages, row)
    is_answerable = bool(relevant or row.get("expected") or row.get("locators"))
    answer = assistant.ask(question, history=history)  # first, so that its time owes nothing to the other call
    hits = assistant.ranked_hits(question, history=history, top_k=DEPTH) if is_answerable else ()
    return Outcome(
        kind=row.get("kind", ""),
        is_answerable=is_answerable,
        relevant=relevant,
        ranking=tuple(hit.passage.id for hit in hits),
        chance=answer.probability or 0.0,
        is_answered=answer.status == "answered",
        is_quoted=_quotes_evidence(answer, row),
        elapsed_ms=answer.elapsed_ms,
    )


def relevant_passages(passages: Sequence[Passage], row: Row) -> frozenset[str]:
    """Return the ids of the passages that answer a question.

    These are the passages of the expected paragraphs; where a paragraph is split, only those that hold the evidence. A
    question that names no paragraph is answered by all passages that hold evidence.
    """
    evidence = evidence_of(row)
    named = row.get("expected") or [[None, locator] for locator in row.get("locators", ())]
    if not named and evidence:
        return frozenset(passage.id for passage in passages if holds_evidence(folded(passage.text), evidence))
    relevant: set[str] = set()
    for source, locator in named:
        parts = [each for each in passages if each.locator == locator and source in (None, each.source.id)]
        telling = [part for part in parts if any(words in part.text for words in evidence)]
        relevant |= {part.id for part in telling or parts}
    return frozenset(relevant)


def folded(text: str) -> str:
    """Return a text with one kind of white space and of quotation marks."""
    return " ".join(text.translate(_MARKS).split())


def holds_evidence(folded_text: str, evidence: Sequence[str]) -> bool:
    """Return whether a text holds a piece of evidence, or a good half of one that was cut between passages."""
    for words in (folded(each).split() for each in evidence):
        half = len(words) // 2
        halves = (words[:half], words[half:]) if half >= _LEAST_HALF else ()
        if any(" ".join(part) in folded_text for part in (words, *halves)):
            return True
    return False


def evidence_of(row: Row) -> list[str]:
    """Return the words that answer a question; none for a near miss."""
    evidence = row.get("evidence") or []
    return [evidence] if isinstance(evidence, str) else list(evidence)


def _quotes_evidence(answer: Answer, row: Row) -> bool:
    """Return whether the quotation contains the words that answer, or they the quotation."""
    quoted = folded(answer.answer or answer.summary)
    evidence = map(folded, evidence_of(row))
    return bool(quoted) and any(words in quoted or quoted in words for words in evidence)
