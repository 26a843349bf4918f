import numpy as np
import pytest

from assistant.objectives.training import fitted_sharpness, held_out, linear_weights

CLASSES = np.repeat([0, 1, 2], 10)


def test_a_share_of_every_class_is_held_out() -> None:
    training, held = held_out(CLASSES)

    assert sorted([*training, *held]) == list(range(30))
    assert np.bincount(CLASSES[held]).tolist() == [2, 2, 2]


@pytest.mark.parametrize("width", [3, 60], ids=["dense", "sparse"])
def test_fitted_weights_tell_the_classes_apart(width: int) -> None:
    rows = np.eye(width, dtype=np.float32)[CLASSES]

    weights = linear_weights(rows, CLASSES, 10.0)

    assert weights.shape == (3, width + 1)
    assert (np.argmax(rows @ weights[:, :-1].T + weights[:, -1], axis=1) == CLASSES).all()


def test_log_odds_that_promise_too_much_are_flattened() -> None:
    log_odds = np.array([[4.0, 0.0]] * 4, dtype=np.float32)  # 98 in 100, of which 3 in 4 are right
    right = np.array([0, 0, 0, 1])

    sharpness = fitted_sharpness(log_odds, right)

    assert 1 / (1 + np.exp(-4 * sharpness)) == pytest.approx(0.75, abs=0.01)
