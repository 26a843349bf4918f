"""Rankings, chances and what turned out -> the field's measures, each with its bootstrap interval.

A ranking is the ids of passages, best first; its relevant ids are those that answer. Pairs are an array with a row for
each question: a chance, and 1 or 0 for what turned out. This module knows nothing of questions or answers.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Point: TypeAlias = tuple[float, float]
Kind: TypeAlias = Literal["share", "error", "time"]

_RESAMPLES = 1000
_BINS = 10  # of equal width, as is usual for the expected calibration error (Guo et al., 2017)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, with how sure it is.

    Attributes:
        low: Lower end of the 95 % interval.
        high: Its upper end.
        count: Questions that it rests on.
        kind: A share, which is better when higher; an error, better when lower; or a time in milliseconds.
    """

    name: str
    value: float
    low: float
    high: float
    count: int
    kind: Kind = "share"


@dataclass(frozen=True, slots=True)
class Bin:
    """Chances that are alike, beside how often what they foretell turned out.

    Attributes:
        mean: Of the chances.
        share: Of those that turned out.
    """

    low: float
    high: float
    mean: float
    share: float
    count: int


def figure(
    name: str,
    values: Sequence[Any] | npt.NDArray[Any],
    *,
    measure: Callable[[Array], float] = lambda values: float(values.mean()),
    kind: Kind = "share",
) -> Figure:
    """Measure values, with their bootstrap interval (Efron, 1979; percentiles, 95 %).

    Where nothing can be measured, all three are not a number.
    """
    array = np.asarray(values, dtype=np.float64)
    value = measure(array) if len(array) else math.nan
    if math.isnan(value):
        return Figure(name, math.nan, math.nan, math.nan, len(array), kind)
    rows = np.random.default_rng(0).integers(0, len(array), size=(_RESAMPLES, len(array)))
    low, high = np.nanquantile([measure(array[chosen]) for chosen in rows], [0.025, 0.975])
    return Figure(name, value, float(low), float(high), len(array), kind)


# Of a ranking --------------------------------------------------------------------------------------------------------


def recall(ranking: Sequence[str], relevant: Collection[str], *, depth: int) -> float:
    """Return 1 when a relevant passage is among the first `depth`, else 0.

    This is recall as question answering counts it: any one passage that answers is enough. Retrieval's tools call it
    success; it equals their recall where one passage is relevant.
    """
    return float(any(id in relevant for id in ranking[:depth]))


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str], *, depth: int) -> float:
    """One over the rank of the first relevant passage; 0 when none is among the first `depth`."""
    return next((1 / rank for rank, id in enumerate(ranking[:depth], start=1) if id in relevant), 0.0)


def ndcg(ranking: Sequence[str], relevant: Collection[str], *, depth: int) -> float:
    """Discounted gain of all relevant passages among the first `depth`, over the best that is possible; gains of 1."""
    gained = sum(1 / math.log2(rank + 1) for rank, id in enumerate(ranking[:depth], start=1) if id in relevant)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(depth, len(relevant)) + 1))
    return gained / best if best else 0.0


# Of chances ----------------------------------------------------------------------------------------------------------


def auroc(pairs: Array) -> float:
    """How often what turned out had the higher chance than what didn't; equal chances count half.

    Not a number where one of the two is missing.
    """
    chances, happened = pairs[:, 0], pairs[:, 1] == 1
    apart = chances[happened][:, None] - chances[~happened]
    return float(((apart > 0) + 0.5 * (apart == 0)).mean()) if apart.size else math.nan


def reliability(pairs: Array) -> tuple[Bin, ...]:
    """Group chances in ten bins of equal width, empty ones left out."""
    chances, happened = pairs[:, 0], pairs[:, 1]
    places = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    return tuple(
        Bin(
            low=place / _BINS,
            high=(place + 1) / _BINS,
            mean=float(chances[places == place].mean()),
            share=float(happened[places == place].mean()),
            count=int((places == place).sum()),
        )
        for place in np.unique(places).tolist()
    )


def expected_calibration_error(pairs: Array) -> float:
    """How far chances are, on average, from how often they turn out."""
    return sum(abs(each.mean - each.share) * each.count for each in reliability(pairs)) / len(pairs)


def risk_coverage(pairs: Array) -> tuple[Point, ...]:
    """For each chance from which on one could answer: the share answered, and the share of these that are wrong.

    Args:
        pairs: A question's chance, and 1 when its answer would be right.
    """
    ordered = pairs[np.argsort(-pairs[:, 0], kind="stable")]
    wrong = np.cumsum(1 - ordered[:, 1])
    # Equal chances are answered together, so the curve turns only where the chance changes, and at the end.
    counts = np.flatnonzero(np.diff(ordered[:, 0], append=-1.0)) + 1
    return tuple((float(count / len(ordered)), float(wrong[count - 1] / count)) for count in counts)
