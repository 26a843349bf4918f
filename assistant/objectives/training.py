"""Training: linear models of independent chances, since several objectives may hold of a text at once.

SciPy and scikit-learn are imported where they are used: only a build trains, and answering shouldn't wait for them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.records import Example, Translated

Array = npt.NDArray[np.float32]
Labelled = Sequence[Example | Translated]

_FOLDS = 5  # one part in so many is held out to calibrate
_TOLERANCE = 1e-3  # of the fits; finer ones choose the same objectives


def numbers_of(examples: Labelled) -> list[int]:
    """Return the numbers of the objectives that examples are listed under, in order."""
    return sorted({example.number for example in examples if example.number})


def fit_chances(rows: Array, examples: Labelled, *, strength: float) -> Array:
    """Fit a linear model whose logistic function is the chance that each objective holds of a text.

    Two models are added: one for each objective, which tells whether it holds, and one among all, which tells which of
    them is meant first, or none. What each adds is fitted on examples that are held out, and so the chances are
    calibrated.

    Args:
        rows: The features of the examples, (examples, features).
        examples: At least five of each objective, as `numbers_of` returns them.
        strength: scikit-learn's C.

    Returns:
        float32, (objectives, features + 1), the intercept last.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    features = csr_matrix(rows) if np.count_nonzero(rows) < rows.size / 10 else rows
    first = np.array([example.number for example in examples])
    named = [{example.number, *(example.also or ())} for example in examples]
    holds = np.array([[number in each for each in named] for number in numbers_of(examples)])
    is_whole = np.array([example.also is not None or not example.number for example in examples])

    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    training, held = next(iter(folds.split(first, first)))
    models = _fit_models(features[training], first[training], holds[:, training], strength)
    known = held[is_whole[held]] if is_whole[held].any() else held
    log_odds = np.stack([(features[known] @ model[:, :-1].T + model[:, -1]).T for model in models], axis=-1)
    shares = LogisticRegression(C=100.0).fit(log_odds.reshape(-1, len(models)), holds[:, known].ravel())
    weights = np.tensordot(shares.coef_[0], _fit_models(features, first, holds, strength), axes=1)
    weights[:, -1] += shares.intercept_
    chances: Array = weights.astype(np.float32)
    return chances


def _fit_models(
    features: Any, first: npt.NDArray[np.int64], holds: npt.NDArray[np.bool_], strength: float
) -> npt.NDArray[np.float64]:
    """Fit that each holds, that each is meant first, and that none is: (3, objectives, features + 1)."""
    from sklearn.linear_model import LogisticRegression

    def fitted(classes: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        model = LogisticRegression(C=strength, max_iter=300, tol=_TOLERANCE).fit(features, classes)
        return np.hstack([model.coef_, model.intercept_[:, None]])

    alone = np.vstack([fitted(each) for each in holds])
    among = fitted(first)
    among -= among.mean(axis=0)
    none = among[:1] if (first == 0).any() else np.zeros_like(among[:1])
    return np.stack([alone, among[-len(holds) :], np.repeat(none, len(holds), axis=0)])
