import math
import random
from collections.abc import Callable, Sequence

import ir_measures
import numpy as np
import pytest
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG
from sklearn.metrics import roc_auc_score

from assistant.evaluation.metrics import (
    auroc,
    expected_calibration_error,
    figure,
    ndcg,
    recall,
    reciprocal_rank,
    reliability,
    risk_coverage,
)


def rankings(*, relevant_at_most: int) -> list[tuple[list[str], list[str]]]:
    """Two hundred rankings drawn at random, each with its relevant ids, some of which it may lack."""
    chance = random.Random(0)
    ids = [f"note#{n}" for n in range(30)]
    return [
        (chance.sample(ids, k=chance.randint(1, 15)), chance.sample(ids, k=chance.randint(1, relevant_at_most)))
        for _ in range(200)
    ]


def theirs(measure: ir_measures.Measure, drawn: Sequence[tuple[list[str], list[str]]]) -> list[float]:
    """What ir-measures makes of each ranking."""
    qrels = [Qrel(str(query), id, 1) for query, (_, relevant) in enumerate(drawn) for id in relevant]
    run = [
        ScoredDoc(str(query), id, -rank) for query, (ranking, _) in enumerate(drawn) for rank, id in enumerate(ranking)
    ]
    values = {each.query_id: each.value for each in ir_measures.iter_calc([measure], qrels, run)}
    return [float(values[str(query)]) for query in range(len(drawn))]


@pytest.mark.parametrize(
    ("measure", "ours", "relevant_at_most"),
    [
        (R @ 1, lambda *found: recall(*found, depth=1), 1),
        (R @ 5, lambda *found: recall(*found, depth=5), 1),
        (Success @ 1, lambda *found: recall(*found, depth=1), 5),
        (Success @ 5, lambda *found: recall(*found, depth=5), 5),
        (RR @ 10, lambda *found: reciprocal_rank(*found, depth=10), 5),
        (nDCG @ 10, lambda *found: ndcg(*found, depth=10), 5),
        (nDCG @ 10, lambda *found: ndcg(*found, depth=10), 20),
    ],
)
def test_measures_are_those_of_ir_measures(
    measure: ir_measures.Measure, ours: Callable[..., float], relevant_at_most: int
) -> None:
    drawn = rankings(relevant_at_most=relevant_at_most)

    values = [ours(ranking, relevant) for ranking, relevant in drawn]

    assert values == pytest.approx(theirs(measure, drawn))
    assert 0 < np.mean(values) < 1


def test_without_a_relevant_passage_nothing_is_gained() -> None:
    assert recall(["a"], [], depth=5) == reciprocal_rank(["a"], [], depth=5) == ndcg(["a"], [], depth=5) == 0


def test_auroc_is_that_of_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    happened = generator.integers(0, 2, size=300)
    chances = np.round((generator.random(300) + 0.3 * happened) / 1.3, 1)  # rounded, so that many are equal

    assert auroc(np.column_stack([chances, happened])) == pytest.approx(roc_auc_score(happened, chances))
    assert math.isnan(auroc(np.array([[0.5, 1.0], [0.2, 1.0]])))


def test_reliability_sets_chances_beside_what_turned_out() -> None:
    pairs = np.array([[0.82, 1], [0.88, 0], [0.31, 0], [1.0, 1]])

    bins = reliability(pairs)

    assert [(each.low, each.high, each.count) for each in bins] == [(0.3, 0.4, 1), (0.8, 0.9, 2), (0.9, 1.0, 1)]
    assert bins[1].mean == pytest.approx(0.85)
    assert bins[1].share == pytest.approx(0.5)
    assert expected_calibration_error(pairs) == pytest.approx((0.31 + 2 * 0.35 + 0) / 4)


def test_risk_grows_as_less_sure_questions_are_answered() -> None:
    pairs = np.array([[0.2, 0], [0.9, 1], [0.5, 1], [0.5, 0]])

    points = risk_coverage(pairs)

    assert [share for share, _ in points] == [0.25, 0.75, 1.0]
    assert [wrong for _, wrong in points] == pytest.approx([0, 1 / 3, 1 / 2])
    assert risk_coverage(np.empty((0, 2))) == ()


def test_an_interval_holds_its_mean() -> None:
    shares = figure("n", [True, False, True, True])

    assert shares.low <= shares.value == 0.75 <= shares.high
    assert shares.count == 4
    assert math.isnan(figure("n", []).value)


def test_an_interval_is_of_whatever_is_measured() -> None:
    pairs = [[0.9, 1], [0.8, 1], [0.3, 0], [0.85, 0]] * 10

    ranked = figure("n", pairs, measure=auroc)

    assert ranked.value == pytest.approx(0.75)
    assert ranked.low < 0.75 < ranked.high
