"""The measures of retrieval and calibration, each with a bootstrap interval.

A ranking is a sequence of passage ids, best first; the relevant ids are those that answer. Pairs are an array with a
row for each question: a chance, and 1 or 0 for what turned out.
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
    """A measured value with its interval.

    Attributes:
        low: The lower end of the 95 % interval.
        high: The upper end of the 95 % interval.
        count: The number of questions measured.
        kind: A share (better when higher), an error (better when lower) or a time in milliseconds.
    """

    name: str
    value: float
    low: float
    high: float
    count: int
    kind: Kind = "share"


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin of a reliability diagram.

    Attributes:
        mean: The mean chance.
        share: The share that turned out.
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

    Value and interval are NaN when there is nothing to measure.
    """
    array = np.asarray(values, dtype=np.float64)
    value = measure(array) if len(array) else math.nan
    if math.isnan(value):
        return Figure(name, math.nan, math.nan, math.nan, len(array), kind)
    rows = np.random.default_rng(0).integers(0, len(array), size=(_RESAMPLES, len(array)))
    low, high = np.nanquantile([measure(array[chosen]) for chosen in rows], [0.025, 0.975])
    return Figure(name, value, float(low), float(high), len(array), kind)


# Measures of a ranking -----------------------------------------------------------------------------------------------


def recall(ranking: Sequence[str], relevant: Collection[str], *, depth: int) -> float:
    """Return 1 when a relevant passage is among the first `depth`, else 0.

    This is recall as question answering counts it: one relevant passage is enough. Retrieval tools call it success.
    """
    return float(any(id in relevant for id in ranking[:depth]))


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str], *, depth: int) -> float:
    """Return one over the rank of the first relevant passage; 0 when none is among the first `depth`."""
    return next((1 / rank for rank, id in enumerate(ranking[:depth], start=1) if id in relevant), 0.0)


def ndcg(ranking: Sequence[str], relevant: Collection[str], *, depth: int) -> float:
    """Return the discounted gain of the first `depth` over the best possible one; each relevant passage gains 1."""
    gained = sum(1 / math.log2(rank + 1) for rank, id in enumerate(ranking[:depth], start=1) if id in relevant)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(depth, len(relevant)) + 1))
    return gained / best if best else 0.0


# Measures of chances -------------------------------------------------------------------------------------------------


def auroc(pairs: Array) -> float:
    """Return how often what turned out had a higher chance than what didn't; equal chances count half.

    It is NaN unless there are some of both.
    """
    chances, happened = pairs[:, 0], pairs[:, 1] == 1
    apart = chances[happened][:, None] - chances[~happened]
    return float(((apart > 0) + 0.5 * (apart == 0)).mean()) if apart.size else math.nan


def reliability(pairs: Array) -> tuple[Bin, ...]:
    """Group chances in ten bins of equal width, without the empty ones."""
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
    """Return the mean difference between chances and how often they turn out."""
    return sum(abs(each.mean - each.share) * each.count for each in reliability(pairs)) / len(pairs)


def risk_coverage(pairs: Array) -> tuple[Point, ...]:
    """Return the share answered and the share of these that are wrong, for each possible threshold.

    Args:
        pairs: The chance of each question, and 1 where its answer would be right.
    """
    ordered = pairs[np.argsort(-pairs[:, 0], kind="stable")]
    wrong = np.cumsum(1 - ordered[:, 1])
    # A threshold can't separate equal chances, so there is a point only where the chance changes, and at the end.
    counts = np.flatnonzero(np.diff(ordered[:, 0], append=-1.0)) + 1
    return tuple((float(count / len(ordered)), float(wrong[count - 1] / count)) for count in counts)
