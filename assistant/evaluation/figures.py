"""Questions whose answers are known -> figures: what is found, answered, refused and tagged, how surely and how fast.

The words are the field's: the passages that answer a question are its relevant ones. This module knows nothing of how
answers come about, and nothing of how figures are shown.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assistant.errors import InputError
from assistant.evaluation.metrics import (
    Array,
    Bin,
    Figure,
    Point,
    auroc,
    expected_calibration_error,
    figure,
    ndcg,
    recall,
    reciprocal_rank,
    reliability,
    risk_coverage,
)
from assistant.records import Answer, Hit, ObjectiveMatch, Passage

Row = Mapping[str, Any]

_DEPTH = 10  # ranks that are looked at
# The languages beside English in which there are questions, by their codes.
_LANGUAGES = {"fr": "French", "ru": "Russian", "es": "Spanish", "ar": "Arabic", "zh": "Chinese"}


class Answering(Protocol):
    """What is evaluated."""

    @property
    def passages(self) -> Sequence[Passage]:
        """All that can be found."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages that can be asked in."""

    def ask(
        self, question: str, *, history: Sequence[str] = (), objectives: Collection[int] = (), top_k: int = 5
    ) -> Answer:
        """Answer a question."""

    def ranked_hits(self, question: str, *, history: Sequence[str] = (), top_k: int = 5) -> tuple[Hit, ...]:
        """Return the passages in their order, whether they answer or not."""

    def chance(self, question: str, *, history: Sequence[str] = ()) -> float:
        """Return how likely the documents answer a question, 0 to 1."""

    def classify_all(self, topics: Sequence[str]) -> Iterable[Sequence[ObjectiveMatch]]:
        """Rank the objectives for each topic."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question.

    Attributes:
        kind: Of the question.
        relevant: Ids of the passages that answer it; empty when the documents don't.
        ranking: Ids of the passages found, best first; empty when the documents don't answer.
        chance: That the documents answer, as the assistant sees it.
        is_quoted: Whether what is quoted and the words that answer overlap.
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
        """Whether the passage found first answers the question."""
        return self.ranking[:1] != () and self.ranking[0] in self.relevant


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """How many answers are wrong when only the surest questions are answered.

    Attributes:
        points: The share answered, and the share of the answered whose first passage doesn't answer.
        chosen: The point at which the assistant stands.
    """

    points: tuple[Point, ...]
    chosen: Point


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that was measured.

    Attributes:
        split: Which of the questions: "dev" or "test".
        corpus: "sha256:…" of the documents.
        encoder: The model's name.
        reliability: Chances beside what turned out, by what they are of.
        risks: By what was asked.
    """

    split: str
    corpus: str
    encoder: str
    figures: tuple[Figure, ...]
    reliability: Mapping[str, tuple[Bin, ...]]
    risks: Mapping[str, RiskCoverage]


def evaluate(
    documents: Answering, formal: Answering, *, gold: Path, split: str, corpus: str, encoder: str
) -> Evaluation:
    """Ask all questions of a split.

    Args:
        documents: Over the project's documents.
        formal: Over a formal text of our own.
        gold: Folder of the questions.

    Raises:
        InputError: The questions can't be read.
    """
    asked = outcomes(
        documents, [row for name in ("ask", "refuse") for row in read_gold(gold / f"{name}-{split}.jsonl")]
    )
    talked = outcomes(documents, read_gold(gold / f"talk-{split}.jsonl"))
    of_formal = outcomes(formal, read_gold(gold / f"formal-{split}.jsonl"))
    topics = read_gold(gold / f"objectives-{split}.jsonl")
    ranked = list(documents.classify_all([row["text"] for row in topics]))
    others = [figure for code in _LANGUAGES for figure in _language_figures(documents, gold, split, code)]
    confidences = _first_confidences(ranked, topics)
    chances = {"documents": _chances(asked), "formal text": _chances(of_formal), "objectives": confidences}
    return Evaluation(
        split=split,
        corpus=corpus,
        encoder=encoder,
        figures=(
            *question_figures(asked, name="documents"),
            *conversation_figures(talked, name="conversations"),
            *question_figures(of_formal, name="formal text"),
            *objective_figures(ranked, topics, name="objectives"),
            *others,
            *latency_figures([*asked, *talked, *of_formal], name="latency"),
        ),
        reliability={name: reliability(pairs) for name, pairs in chances.items() if len(pairs)},
        risks={"documents": _risk(asked), "formal text": _risk(of_formal)},
    )


def read_gold(path: Path) -> list[Row]:
    """Read questions, a JSON object a line.

    Raises:
        InputError: The file can't be read.
    """
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the questions can't be read ({error}).") from error


def _language_figures(documents: Answering, gold: Path, split: str, code: str) -> list[Figure]:
    """How well questions in another language do, beside the same questions in English; none where it can't be read."""
    paths = [gold / f"{name}-{code}-{split}.jsonl" for name in ("ask", "refuse", "objectives")]
    if code not in documents.languages or not paths[0].is_file():
        return []
    answerable, unanswerable, topics = map(read_gold, paths)
    asked = outcomes(documents, [*answerable, *unanswerable])
    ranked = list(documents.classify_all([row["text"] for row in topics]))
    same = outcomes(documents, [{**row, "question": row["english"]} for row in answerable])
    return language_figures(asked, same, ranked, topics, name=_LANGUAGES[code])


# From questions to outcomes ------------------------------------------------------------------------------------------


def outcomes(assistant: Answering, rows: Sequence[Row]) -> list[Outcome]:
    """Ask each question; of a conversation, its last turn."""
    return [_outcome(assistant, row) for row in rows]


def _outcome(assistant: Answering, row: Row) -> Outcome:
    *history, question = row.get("turns") or [row["question"]]
    is_answerable = bool(row.get("expected") or row.get("locators"))
    answer = assistant.ask(question, history=history)  # first, so that its time owes nothing to the other calls
    found = assistant.ranked_hits(question, history=history, top_k=_DEPTH) if is_answerable else ()
    return Outcome(
        kind=row.get("kind", ""),
        is_answerable=is_answerable,
        relevant=relevant_passages(assistant.passages, row),
        ranking=tuple(hit.passage.id for hit in found),
        chance=assistant.chance(question, history=history),
        is_answered=answer.status == "answered",
        is_quoted=_quotes(answer, row),
        elapsed_ms=answer.elapsed_ms,
    )


def relevant_passages(passages: Sequence[Passage], row: Row) -> frozenset[str]:
    """Ids of the passages that answer: all of the expected paragraphs; of one cut in parts, those with the evidence."""
    relevant: set[str] = set()
    for source, locator in row.get("expected") or [[None, locator] for locator in row.get("locators", ())]:
        parts = [each for each in passages if each.locator == locator and source in (None, each.source.id)]
        telling = [part for part in parts if any(words in part.text for words in _evidence(row))]
        relevant |= {part.id for part in telling or parts}
    return frozenset(relevant)


def _quotes(answer: Answer, row: Row) -> bool:
    """Whether what is quoted and the words that answer overlap: one holds the other."""
    quoted = " ".join((answer.answer or "").split())
    return bool(quoted) and any(
        words in quoted or quoted in words for words in (" ".join(each.split()) for each in _evidence(row))
    )


def _evidence(row: Row) -> list[str]:
    evidence = row.get("evidence") or []
    return [evidence] if isinstance(evidence, str) else list(evidence)


# From outcomes to figures --------------------------------------------------------------------------------------------


def question_figures(asked: Sequence[Outcome], *, name: str) -> list[Figure]:
    """How well questions find their passages, are answered or refused, and how well the chance tells which."""
    answerable = [each for each in asked if each.is_answerable]
    kinds = dict.fromkeys(each.kind for each in asked if not each.is_answerable)
    near = [each for each in asked if each.is_answerable or each.kind == "near_miss"]
    return [
        *_rank_figures(answerable, name),
        figure(f"{name}: answered", [each.is_answered for each in answerable]),
        figure(f"{name}: quotation holds the answer", [each.is_quoted for each in answerable]),
        figure(f"{name}: right when answered", [each.is_right for each in asked if each.is_answered]),
        *(
            _refused(f"{name}: refused, {kind.replace('_', ' ')}", [each for each in asked if each.kind == kind])
            for kind in kinds
        ),
        figure(f"{name}: AUROC, near misses", _chances(near), measure=auroc),
        figure(f"{name}: AUROC, all unanswerable", _chances(asked), measure=auroc),
        figure(f"{name}: calibration error", _chances(asked), measure=expected_calibration_error, kind="error"),
    ]


def conversation_figures(talked: Sequence[Outcome], *, name: str) -> list[Figure]:
    """How well the last turn of conversations is understood, answered and refused."""
    answerable = [each for each in talked if each.is_answerable]
    return [
        *_rank_figures(answerable, name),
        figure(f"{name}: answered", [each.is_answered for each in answerable]),
        _refused(f"{name}: refused", talked),
    ]


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
    confidences = _first_confidences(ranked, rows)
    error = figure(f"{name}: calibration error", confidences, measure=expected_calibration_error, kind="error")
    return [*figures, error]


def language_figures(
    asked: Sequence[Outcome],
    in_english: Sequence[Outcome],
    ranked: Sequence[Sequence[ObjectiveMatch]],
    topics: Sequence[Row],
    *,
    name: str,
) -> list[Figure]:
    """How well questions and topics in another language do, and how well the same questions in English."""
    answerable = [each for each in asked if each.is_answerable]
    kinds = dict.fromkeys(each.kind for each in asked if not each.is_answerable)
    firsts = [matches[0].objective.number == row["objective"] for matches, row in zip(ranked, topics, strict=True)]
    return [
        *_rank_figures(answerable, name)[:2],
        figure(f"{name}: the same in English, recall@5", [_found_within_five(each) for each in in_english]),
        figure(f"{name}: answered", [each.is_answered for each in answerable]),
        *(
            _refused(f"{name}: refused, {kind.replace('_', ' ')}", [each for each in asked if each.kind == kind])
            for kind in kinds
        ),
        figure(f"{name}: objective of a topic, right first", firsts),
        latency_figures(asked, name=f"{name}, latency")[0],
    ]


def _found_within_five(outcome: Outcome) -> float:
    return recall(outcome.ranking, outcome.relevant, depth=5)


def latency_figures(asked: Sequence[Outcome], *, name: str) -> list[Figure]:
    """How long an answer takes."""
    times = [each.elapsed_ms for each in asked]
    return [
        figure(f"{name}: median", times, measure=lambda t: float(np.median(t)), kind="time"),
        figure(f"{name}: 95th percentile", times, measure=lambda t: float(np.quantile(t, 0.95)), kind="time"),
    ]


def _rank_figures(answerable: Sequence[Outcome], name: str) -> list[Figure]:
    found = [(each.ranking, each.relevant) for each in answerable]
    return [
        figure(f"{name}: recall@1", [recall(*each, depth=1) for each in found]),
        figure(f"{name}: recall@5", [recall(*each, depth=5) for each in found]),
        figure(f"{name}: MRR@10", [reciprocal_rank(*each, depth=_DEPTH) for each in found]),
        figure(f"{name}: nDCG@10", [ndcg(*each, depth=_DEPTH) for each in found]),
    ]


def _refused(name: str, asked: Sequence[Outcome]) -> Figure:
    return figure(name, [not each.is_answered for each in asked if not each.is_answerable])


def _chances(asked: Sequence[Outcome]) -> Array:
    return _pairs((each.chance, each.is_answerable) for each in asked)


def _first_confidences(ranked: Sequence[Sequence[ObjectiveMatch]], rows: Sequence[Row]) -> Array:
    firsts = zip((matches[0] for matches in ranked), rows, strict=True)
    return _pairs((first.confidence, first.objective.number == row["objective"]) for first, row in firsts)


def _risk(asked: Sequence[Outcome]) -> RiskCoverage:
    answered = [each for each in asked if each.is_answered]
    wrong = sum(not each.is_right for each in answered)
    chosen = (len(answered) / max(len(asked), 1), wrong / max(len(answered), 1))
    return RiskCoverage(risk_coverage(_pairs((each.chance, each.is_right) for each in asked)), chosen)


def _pairs(rows: Iterable[tuple[float, bool]]) -> Array:
    return np.array(list(rows), dtype=np.float64).reshape(-1, 2)
