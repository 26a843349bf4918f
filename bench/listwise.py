"""Listwise fits: weights of features with which the passages that answer come first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import softmax

# The strongest ridge with which unseen documents do as well as with none: features that say nearly the same share their
# weight.
RIDGE = 3e-4
Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A question's candidates.

    Attributes:
        group: What is left out together: the document asked about, or the question in every language.
        features: (candidates, features).
        relevant: (candidates,), the share of the answer that each holds; they add up to one.
    """

    group: str
    features: Array
    relevant: Array


def fit_weights(rankings: Sequence[Ranking], ridge: float = RIDGE) -> Array:
    """Return the weights, none below 0, with the least cross-entropy of what answers under a softmax of the scores."""
    count = rankings[0].features.shape[1]

    def loss(weights: Array) -> tuple[float, Array]:
        total, gradient = 0.0, np.zeros(count)
        for each in rankings:
            chances = softmax(each.features @ weights)
            total -= float(each.relevant @ np.log(chances))
            gradient += (chances - each.relevant) @ each.features
        held_back = ridge * float(weights @ weights)
        return total / len(rankings) + held_back, gradient / len(rankings) + 2 * ridge * weights

    found = minimize(loss, np.ones(count), jac=True, method="L-BFGS-B", bounds=[(0, None)] * count)
    return np.asarray(found.x, dtype=np.float64)


def recall_at(rankings: Sequence[Ranking], weights: Array, depth: int) -> float:
    """Return the share of questions with an answer among the first `depth`."""
    tops = (np.argsort(-(each.features @ weights), kind="stable")[:depth] for each in rankings)
    return float(np.mean([each.relevant[top].any() for each, top in zip(rankings, tops, strict=True)]))


def compare_weights(rankings: Sequence[Ranking], used: Mapping[str, float]) -> None:
    """Print fitted weights beside those in use, and what both reach; those fitted without a group, on that group."""
    in_use = np.array(list(used.values()))
    print(f"{len(rankings)} questions; weights scaled to the sum of those in use, recall@1 and @5 of found and in use")
    print(f"{'':>20}" + "".join(f"{name:>17}" for name in used))
    for group in ("", *dict.fromkeys(each.group for each in rankings)):
        weights = fit_weights([each for each in rankings if each.group != group])
        unseen = [each for each in rankings if group in ("", each.group)]
        shown = "".join(f"{weight:17.2f}" for weight in weights * in_use.sum() / weights.sum())
        found, known = (
            " ".join(f"{recall_at(unseen, each, depth):.3f}" for depth in (1, 5)) for each in (weights, in_use)
        )
        print(f"{f'without {group}' if group else 'all':>20}{shown}   {found}   {known}")
    print(f"{'in use':>20}" + "".join(f"{weight:17.2f}" for weight in in_use))
