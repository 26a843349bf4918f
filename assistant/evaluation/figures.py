"""Compute figures from outcomes: retrieval, answers and refusals, objectives, calibration and latency."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from assistant.evaluation.metrics import (
    Array,
    Figure,
    auroc,
    expected_calibration_error,
    figure,
    ndcg,
    recall,
    reciprocal_rank,
)
from assistant.evaluation.questions import DEPTH, Outcome, Row
from assistant.objectives import LIKELY
from assistant.records import ObjectiveMatch

Ranked = Sequence[Sequence[ObjectiveMatch]]

_WORTH = 0.05  # a chance from which its calibration counts; most of the 23 have next to none of most texts


def question_figures(asked: Sequence[Outcome], *, name: str) -> list[Figure]:
    """Measure retrieval, answers, refusals by kind, and how well the chance separates the two."""
    answerable = [each for each in asked if each.is_answerable]
    near = [each for each in asked if each.is_answerable or each.kind == "near_miss"]
    return [
        *_retrieval_figures(answerable, name),
        figure(f"{name}: answered", [each.is_answered for each in answerable]),
        figure(f"{name}: quotation holds the answer", [each.is_quoted for each in answerable]),
        figure(f"{name}: right when answered", [each.is_right for each in asked if each.is_answered]),
        figure(f"{name}: quotation right when answered", [each.is_quoted for each in asked if each.is_answered]),
        *_refusals_by_kind(asked, name),
        figure(f"{name}: AUROC, near misses", chances(near), measure=auroc),
        figure(f"{name}: AUROC, all unanswerable", chances(asked), measure=auroc),
        figure(f"{name}: calibration error", chances(asked), measure=expected_calibration_error, kind="error"),
    ]


def conversation_figures(asked: Sequence[Outcome], *, name: str) -> list[Figure]:
    """Measure retrieval, answers and refusals for the last turn of conversations."""
    answerable = [each for each in asked if each.is_answerable]
    return [
        *_retrieval_figures(answerable, name),
        figure(f"{name}: answered", [each.is_answered for each in answerable]),
        _refused(f"{name}: refused", asked),
    ]


def several_figures(ranked: Ranked, rows: Sequence[Row], *, name: str) -> list[Figure]:
    """Measure chances of texts of which all objectives that hold are known; `objective` is 0 where none does.

    Beside what `objective_figures` measures: average precision of each ranking, the harmonic mean of precision and
    recall of what is likely, and how far off all chances are that are worth a word.
    """
    under = [(matches, row) for matches, row in zip(ranked, rows, strict=True) if row["objective"]]
    none = [matches for matches, row in zip(ranked, rows, strict=True) if not row["objective"]]
    held = [[match.objective.number in (row["objective"], *row["also"]) for match in matches] for matches, row in under]
    told = pairs(
        (match.confidence, bool(row["objective"]) and match.objective.number in (row["objective"], *row["also"]))
        for matches, row in zip(ranked, rows, strict=True)
        for match in matches
    )
    return [
        *objective_figures([matches for matches, _ in under], [row for _, row in under], name=name)[:-1],
        figure(f"{name}: average precision", [_average_precision(each) for each in held]),
        figure(f"{name}: F1 of what is likely", told, measure=_f1),
        figure(f"{name}: none likely, off topic", [matches[0].confidence < LIKELY for matches in none]),
        figure(
            f"{name}: calibration error", told[told[:, 0] > _WORTH], measure=expected_calibration_error, kind="error"
        ),
    ]


def objective_figures(ranked: Ranked, rows: Sequence[Row], *, name: str) -> list[Figure]:
    """Measure by kind of text how often the right or a defensible objective comes first, or the right one in three."""
    numbers = [[match.objective.number for match in matches] for matches in ranked]
    figures = []
    for kind in dict.fromkeys(row["kind"] for row in rows):
        pairs = [(best, row) for best, row in zip(numbers, rows, strict=True) if row["kind"] == kind]
        right = [best[0] == row["objective"] for best, row in pairs]
        defensible = [best[0] in (row["objective"], *row["also"]) for best, row in pairs]
        among_three = [row["objective"] in best[:3] for best, row in pairs]
        figures += [
            figure(f"{name}: {kind}, right first", right),
            figure(f"{name}: {kind}, defensible first", defensible),
            figure(f"{name}: {kind}, right within three", among_three),
        ]
    confidences = first_confidences(ranked, rows)
    error = figure(f"{name}: calibration error", confidences, measure=expected_calibration_error, kind="error")
    return [*figures, error]


def language_figures(
    asked: Sequence[Outcome], in_english: Sequence[Outcome], ranked: Ranked, topics: Sequence[Row], *, name: str
) -> list[Figure]:
    """Measure questions and topics in another language, beside the same questions in English."""
    answerable = [each for each in asked if each.is_answerable]
    right = [matches[0].objective.number == row["objective"] for matches, row in zip(ranked, topics, strict=True)]
    same = [recall(each.ranking, each.relevant, depth=5) for each in in_english]
    return [
        *_retrieval_figures(answerable, name)[:2],
        figure(f"{name}: the same in English, recall@5", same),
        figure(f"{name}: answered", [each.is_answered for each in answerable]),
        *_refusals_by_kind(asked, name),
        figure(f"{name}: objective of a topic, right first", right),
        latency_figures(asked, name=f"{name}, latency")[0],
    ]


def parallel_figures(asked: Mapping[str, Sequence[Outcome]], *, name: str) -> list[Figure]:
    """Measure the same questions in several languages, by their codes: whether all get the same, and the worst of each.

    The least language's figure is the mean over the questions of the language in which that is lowest.
    """
    together = list(zip(*asked.values(), strict=True))
    kinds = dict.fromkeys(each.kind for each in next(iter(asked.values())))
    right = [each for each in together if each[0].is_answerable]
    figures = [
        figure(f"{name}: the same decision", [len({each.is_answered for each in same}) == 1 for same in together]),
        figure(f"{name}: the same first passage", [len({each.ranking[:1] for each in same}) == 1 for same in right]),
    ]
    recalled = [[recall(each.ranking, each.relevant, depth=5) for each in same] for same in right]
    figures.append(figure(f"{name}: recall@5, least language", recalled, measure=_least))
    for kind in kinds:
        of_kind = [same for same in together if same[0].kind == kind]
        what = "answered" if of_kind[0][0].is_answerable else f"refused, {kind.replace('_', ' ')}"
        rows = [[each.is_answered == each.is_answerable for each in same] for same in of_kind]
        figures.append(figure(f"{name}: {what}, least language", rows, measure=_least))
    return figures


def _least(rows: Array) -> float:
    """Return the least mean of the columns: (questions, languages)."""
    return float(rows.mean(axis=0).min())


def latency_figures(asked: Sequence[Outcome], *, name: str) -> list[Figure]:
    """Measure how long an answer takes."""
    times = [each.elapsed_ms for each in asked]
    return [
        figure(f"{name}: median", times, measure=lambda t: float(np.median(t)), kind="time"),
        figure(f"{name}: 95th percentile", times, measure=lambda t: float(np.quantile(t, 0.95)), kind="time"),
    ]


def chances(asked: Iterable[Outcome]) -> Array:
    """Pair each question's chance with whether the documents answer it."""
    return pairs((each.chance, each.is_answerable) for each in asked)


def first_confidences(ranked: Ranked, rows: Sequence[Row]) -> Array:
    """Pair the confidence of each text's first objective with whether it is the right one."""
    firsts = zip((matches[0] for matches in ranked), rows, strict=True)
    return pairs((first.confidence, first.objective.number == row["objective"]) for first, row in firsts)


def pairs(rows: Iterable[tuple[float, bool]]) -> Array:
    """Return an array with a row for each pair of a chance and what turned out, even if there are none."""
    return np.array(list(rows), dtype=np.float64).reshape(-1, 2)


def _average_precision(held: Sequence[bool]) -> float:
    """Return the mean precision of a ranking down to each of those that hold."""
    return float((np.cumsum(held) / np.arange(1, len(held) + 1))[np.array(held)].mean())


def _f1(told: Array) -> float:
    likely, truth = told[:, 0] >= LIKELY, told[:, 1] > 0
    return float(2 * (likely & truth).sum() / max(likely.sum() + truth.sum(), 1))


def _retrieval_figures(answerable: Sequence[Outcome], name: str) -> list[Figure]:
    found = [(each.ranking, each.relevant) for each in answerable]
    return [
        figure(f"{name}: recall@1", [recall(*each, depth=1) for each in found]),
        figure(f"{name}: recall@5", [recall(*each, depth=5) for each in found]),
        figure(f"{name}: MRR@10", [reciprocal_rank(*each, depth=DEPTH) for each in found]),
        figure(f"{name}: nDCG@10", [ndcg(*each, depth=DEPTH) for each in found]),
    ]


def _refusals_by_kind(asked: Sequence[Outcome], name: str) -> list[Figure]:
    kinds = dict.fromkeys(each.kind for each in asked if not each.is_answerable)
    return [
        _refused(f"{name}: refused, {kind.replace('_', ' ')}", [each for each in asked if each.kind == kind])
        for kind in kinds
    ]


def _refused(name: str, asked: Sequence[Outcome]) -> Figure:
    return figure(name, [not each.is_answered for each in asked if not each.is_answerable])
