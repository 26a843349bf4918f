"""Estimate how likely the passages found for a question answer it.

A logistic model weighs a few signs: what the reader made of the first passages, how near the best one comes and how far
it stands out, whether each word of the question finds a match in it and how rare the unmatched ones are, and whether
question and passages fall under the same objectives. None of them looks at how a question is put: people who ask for
what isn't there ask "how many" and "which", and a model that knows so judges the wording. The weights stand in
`answerability.json`, fitted by `python -m bench.fit_answerability` on the same questions with their answers and
without; those for indexes without a reader and for questions in other languages stand beside it.
"""

import hashlib
import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from assistant.encoding import Vectors
from assistant.retrieval import Candidate, WordMatch

READ = Path(__file__).with_name("answerability.json")  # weights where passages are read
UNREAD = Path(__file__).with_name("unread.json")  # where they aren't
ACROSS_LANGUAGES = Path(__file__).with_name("crosslingual.json")  # by `python -m bench.fit_crosslingual`

_MOST_ODDS = 700.0  # logarithm; more would be no number, and the chance is none long before
_WELL_MATCHED = 0.6  # mean nearness of the words, below which a question is hardly answered


@dataclass(frozen=True, slots=True)
class Answerability:
    """A logistic model with standardised features.

    Attributes:
        threshold: Chance from which on a question is answered, for the encoder and documents of the fit.
        probed: Median log odds of the chance of questions made of those documents.
        sha256: Digest of the weights.
        probe_read, others_read: Median log odds, by the reader, that the passage answers that such a question was made
            of, and that the likeliest of its neighbours does.
    """

    means: Mapping[str, float]
    scales: Mapping[str, float]
    weights: Mapping[str, float]
    intercept: float
    threshold: float
    probed: float
    sha256: str
    probe_read: float = 0.0
    others_read: float = 0.0

    @classmethod
    def read(cls, path: Path = READ) -> "Answerability":
        """Read the fitted weights."""
        content = path.read_bytes()
        fitted: dict[str, Any] = json.loads(content)
        return cls(**fitted, sha256=hashlib.sha256(content).hexdigest())

    def without(self, signs: Collection[str]) -> "Answerability":
        """Return the model with signs left out: each counts as usual, whatever it is."""
        return replace(self, weights={name: weight for name, weight in self.weights.items() if name not in signs})

    def chance(self, features: Mapping[str, float]) -> float:
        """Return the probability that a question with these features is answered."""
        odds = self.intercept + sum(
            weight * (features[name] - self.means[name]) / self.scales[name] for name, weight in self.weights.items()
        )
        return from_log_odds(odds)


def log_odds(chance: float) -> float:
    """Return the logarithm of a chance's odds, bounded for 0 and 1."""
    bounded = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def from_log_odds(odds: float) -> float:
    """Return the chance whose odds have this logarithm."""
    return 1 / (1 + math.exp(min(-odds, _MOST_ODDS)))


def features_of(
    candidates: Sequence[Candidate], words: Sequence[WordMatch], objectives: Mapping[str, float]
) -> dict[str, float]:
    """Return the features of a question and the passages found for it, best first; at least one.

    Args:
        objectives: As `objective_features` returns them.
    """
    best = candidates[0]
    scores = [candidate.features.score for candidate in candidates]
    nearness = sorted(word.nearness for word in words) or [0.0]
    weight = sum(word.weight for word in words) or 1.0
    weighted = sum(word.weight * word.nearness for word in words) / weight
    unknown = sum(word.weight for word in words if not word.is_known) / weight
    return {
        "named": float(best.features.is_named),
        "score": best.features.score,
        "sentence": best.features.sentence,
        "tokens": best.features.tokens,
        "gap": best.features.score - fmean(scores[1:]) if len(scores) > 1 else 0.0,
        "weakest word": nearness[0],
        "second weakest word": nearness[min(1, len(nearness) - 1)],
        "mean word": fmean(nearness),
        "telling words": weighted,
        "telling words far": max(0.0, _WELL_MATCHED - weighted),
        "words in passage": sum(word.weight for word in words if word.in_passage) / weight,
        "words unknown": unknown,
        "names unknown": float(sum(word.is_name and not word.is_known for word in words)),
        **objectives,
        "no objective and words unknown": objectives["no objective"] * unknown,
        **_reading_features(candidates),
    }


def _reading_features(candidates: Sequence[Candidate]) -> dict[str, float]:
    """Return what the reader made of the candidates; nothing where none was read."""
    odds = sorted((each.odds for each in candidates if each.odds is not None), reverse=True)
    if not odds:
        return {}
    return {"read": odds[0], "read well": max(0.0, odds[0]), "read second": odds[1] if len(odds) > 1 else odds[0]}


def objective_features(asked: Vectors, candidates: Sequence[Candidate]) -> dict[str, float]:
    """Return how far a question and its candidates fall under the same objectives.

    Args:
        asked: float32, (objectives,): the probability of each for the question.
    """
    passages = np.array([candidate.objectives for candidate in candidates])
    likely = int(np.argmax(asked))
    return {
        "same objective": float((passages * asked).max()),  # of any passage
        "other objective": float(asked[likely] * (1 - passages[0, likely])),  # the likeliest isn't the best passage's
        "no objective": float(1 - asked[likely]),
    }
