import numpy as np
import pytest

from assistant.objectives.training import fit_chances, numbers_of
from assistant.records import Example

# Texts of the first objective, of the second, of both, and of none; ten of each kind.
KINDS = [(1, ()), (2, ()), (1, (2,)), (0, ())]
EXAMPLES = [Example("", number, also) for number, also in KINDS for _ in range(10)]


def test_the_numbers_are_those_of_objectives() -> None:
    assert numbers_of(EXAMPLES) == [1, 2]


@pytest.mark.parametrize("width", [4, 60], ids=["dense", "sparse"])
def test_each_objective_has_a_chance_of_its_own(width: int) -> None:
    rows = np.eye(width, dtype=np.float32)[np.repeat(range(4), 10)]

    weights = fit_chances(rows, EXAMPLES, strength=10.0)

    holds = rows[::10] @ weights[:, :-1].T + weights[:, -1] > 0
    assert weights.shape == (2, width + 1)
    assert holds.tolist() == [[True, False], [False, True], [True, True], [False, False]]


def test_chances_that_promise_too_much_are_flattened() -> None:
    rows = np.ones((40, 3), dtype=np.float32)  # nothing tells the kinds apart
    log_odds = fit_chances(rows, EXAMPLES, strength=1e6) @ np.ones(4)

    assert 1 / (1 + np.exp(-log_odds)) == pytest.approx([0.5, 0.5], abs=0.05)
