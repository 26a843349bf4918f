"""Questions whose answers are known -> figures: recall, rank, refusals, objectives, each with its interval.

The words are the field's: a question's relevant paragraphs are its qrels; recall@k is the share of questions with one
among the first k; MRR@10 the mean of one over the rank of the first, nothing beyond the tenth. Intervals are
bootstrap ones (Efron, 1979; 95 %). This module knows nothing of how answers come about.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.errors import InputError
from assistant.records import Answer, Hit, ObjectiveMatch

Row = Mapping[str, Any]

_DEPTH = 10  # ranks that are looked at
_RESAMPLES = 1000
_BINS = (0.0, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0)  # of the reliability table
_NOT_FOUND = 10**6


class Answering(Protocol):
    """What is evaluated."""

    def ask(
        self, question: str, *, history: Sequence[str] = (), objectives: Collection[int] = (), top_k: int = 5
    ) -> Answer:
        """Answer a question."""

    def ranked_hits(self, question: str, *, history: Sequence[str] = (), top_k: int = 5) -> tuple[Hit, ...]:
        """Return the passages in their order, whether they answer or not."""

    def classify_all(self, topics: Sequence[str]) -> Any:
        """Rank the objectives for each topic."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or a mean, with how sure it is.

    Attributes:
        low: Lower end of the 95 % interval.
        high: Its upper end.
        count: Questions that it rests on.
    """

    name: str
    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        """The figure on a line of a table."""
        return f"{self.name:44} {self.value:6.3f}  [{self.low:.3f}, {self.high:.3f}]  n = {self.count}"


def read_gold(path: Path) -> list[Row]:
    """Read questions, a JSON object a line.

    Raises:
        InputError: The file can't be read.
    """
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the questions can't be read ({error}).") from error


def retrieval_figures(assistant: Answering, rows: Sequence[Row], *, name: str) -> list[Figure]:
    """How well questions that the documents answer find their paragraphs, and how many are answered."""
    ranks = [_rank(assistant.ranked_hits(row["question"], top_k=_DEPTH), row) for row in rows]
    answered = [assistant.ask(row["question"]) for row in rows]
    return [
        *_rank_figures(ranks, name),
        figure(f"{name}: answered", [answer.status == "answered" for answer in answered]),
        figure(f"{name}: quotation holds the answer", [_quotes(a, row) for a, row in zip(answered, rows, strict=True)]),
    ]


def conversation_figures(assistant: Answering, rows: Sequence[Row], *, name: str) -> list[Figure]:
    """How well the last turn of conversations is understood."""
    answerable = [row for row in rows if row["expected"]]
    ranks = [
        _rank(assistant.ranked_hits(row["turns"][-1], history=row["turns"][:-1], top_k=_DEPTH), row)
        for row in answerable
    ]
    return _rank_figures(ranks, name)


def refusal_figures(assistant: Answering, rows: Sequence[Row], *, name: str) -> list[Figure]:
    """How many questions that the documents don't answer are refused, by kind."""
    refused: dict[str, list[bool]] = {}
    for row in rows:
        refused.setdefault(row["kind"], []).append(assistant.ask(row["question"]).status != "answered")
    return [figure(f"{name}: refused, {kind.replace('_', ' ')}", shares) for kind, shares in refused.items()]


def objective_figures(ranked: Sequence[Sequence[ObjectiveMatch]], rows: Sequence[Row], *, name: str) -> list[Figure]:
    """How often the right objective, or one that can be defended, comes first, and the right one within three."""
    figures = []
    for kind in dict.fromkeys(row["kind"] for row in rows):
        of_kind = [(matches, row) for matches, row in zip(ranked, rows, strict=True) if row["kind"] == kind]
        numbers = [([match.objective.number for match in matches], row) for matches, row in of_kind]
        figures += [
            figure(f"{name}: {kind}, right first", [n[0] == row["objective"] for n, row in numbers]),
            figure(
                f"{name}: {kind}, defensible first", [n[0] in (row["objective"], *row["also"]) for n, row in numbers]
            ),
            figure(f"{name}: {kind}, right within three", [row["objective"] in n[:3] for n, row in numbers]),
        ]
    return figures


def reliability(ranked: Sequence[Sequence[ObjectiveMatch]], rows: Sequence[Row]) -> list[str]:
    """A table of how often first objectives of like confidence are right, and the expected calibration error."""
    confidences = np.array([matches[0].confidence for matches in ranked])
    right = np.array(
        [matches[0].objective.number == row["objective"] for matches, row in zip(ranked, rows, strict=True)]
    )
    lines = ["confidence      mean   right      n"]
    error = 0.0
    for low, high in pairwise(_BINS):
        inside = (confidences >= low) & ((confidences < high) | (high == _BINS[-1]))
        if inside.any():
            mean, share = confidences[inside].mean(), right[inside].mean()
            error += abs(mean - share) * inside.mean()
            lines.append(f"{low:.2f} to {high:.2f}   {mean:.3f}   {share:.3f}   {inside.sum():4}")
    lines.append(f"expected calibration error {error:.3f}")
    return lines


def figure(name: str, values: Sequence[float]) -> Figure:
    """Take the mean of values, with its bootstrap interval."""
    array = np.asarray(values, dtype=np.float64)
    if not len(array):
        return Figure(name, float("nan"), float("nan"), float("nan"), 0)
    chance = np.random.default_rng(0)
    means = array[chance.integers(0, len(array), size=(_RESAMPLES, len(array)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Figure(name, float(array.mean()), float(low), float(high), len(array))


def _rank_figures(ranks: Sequence[int], name: str) -> list[Figure]:
    array: npt.NDArray[np.int64] = np.array(ranks)
    measures: dict[str, Callable[[npt.NDArray[np.int64]], npt.NDArray[Any]]] = {
        "recall@1": lambda r: r == 1,
        "recall@5": lambda r: r <= 5,
        "MRR@10": lambda r: np.where(r <= _DEPTH, 1 / r, 0),
        "nDCG@10": lambda r: np.where(r <= _DEPTH, 1 / np.log2(1.0 + r), 0),
    }
    return [figure(f"{name}: {measure}", measured(array).tolist()) for measure, measured in measures.items()]


def _rank(hits: Sequence[Hit], row: Row) -> int:
    """The rank of the first hit that answers, counted from 1."""
    return next((rank for rank, hit in enumerate(hits, start=1) if _is_relevant(hit, row)), _NOT_FOUND)


def _is_relevant(hit: Hit, row: Row) -> bool:
    """Whether a hit stands in an expected paragraph; of a paragraph cut in parts, in the part with the evidence."""
    passage = hit.passage
    places = row.get("expected") or [[passage.source.id, locator] for locator in row["locators"]]
    if [passage.source.id, passage.locator] not in places:
        return False
    evidence = _evidence(row)
    return not evidence or any(words in passage.text for words in evidence) or len(places) > 1


def _quotes(answer: Answer, row: Row) -> bool:
    """Whether what is quoted and the words that answer overlap: one holds the other."""
    quoted = " ".join((answer.answer or "").split())
    return bool(quoted) and any(
        words in quoted or quoted in words for words in (" ".join(each.split()) for each in _evidence(row))
    )


def _evidence(row: Row) -> list[str]:
    evidence = row.get("evidence") or []
    return [evidence] if isinstance(evidence, str) else list(evidence)
