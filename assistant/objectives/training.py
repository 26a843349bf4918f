"""Training: linear classifiers fitted by scikit-learn, and the calibration of their log-odds.

SciPy and scikit-learn are imported where they are used: only a build trains, and answering shouldn't wait for them.
"""

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

_FOLDS = 5  # one part in so many is held out to calibrate


def held_out(classes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the rows to train on, and those of each class to calibrate on."""
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    training, held = next(iter(folds.split(classes, classes)))
    return training, held


def linear_weights(rows: Array, classes: npt.NDArray[np.int64], strength: float) -> Array:
    """Fit a linear classifier: return its weights, (classes, features + 1), the intercept last."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    is_sparse = np.count_nonzero(rows) < rows.size / 10
    fitted = LogisticRegression(C=strength, max_iter=1000).fit(csr_matrix(rows) if is_sparse else rows, classes)
    return np.hstack([fitted.coef_, fitted.intercept_[:, None]]).astype(np.float32)


def fitted_sharpness(log_odds: Array, right: npt.NDArray[np.int64]) -> float:
    """Fit the factor by which log-odds are multiplied so that probabilities are calibrated (Guo et al., 2017)."""
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    def loss(logarithm: float) -> float:
        scaled = log_softmax(math.exp(logarithm) * log_odds, axis=1)
        return float(-scaled[np.arange(len(right)), right].mean())

    return math.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x)
