"""Vectors of one multilingual encoder, made comparable across languages (centring) and with another encoder's (bridge).

A multilingual encoder writes into every vector which language its text is in, and two languages lie further apart than
two subjects. Centring subtracts most of what the texts of one language have in common. A linear map, the bridge, leads
from centred vectors to those of the English encoder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.encoding.encoder import Vectors, unit

# Share of the mean that centring subtracts; found on the development questions of tests/gold, where 0.5 to 1 do about
# as well.
CENTRED = 0.8
_QUESTIONS_SHARE = 0.5  # of a question's mean, the rest being that of terms; 0 and 1 do worse
_RIDGE = 30.0  # regularisation of the bridge; ten times less does a little worse


@dataclass(frozen=True, slots=True)
class LanguageMap:
    """The means of languages, and the bridge to the vectors of another encoder.

    Attributes:
        languages: ISO 639-1, English first; a further language is centred by the mean of all but English.
        centres: float32, (languages, dimensions): the means of terms.
        asked: float32, (languages, dimensions): the means of questions.
        bridge: float32, (dimensions + 1, the other encoder's dimensions); the last row is the intercept.
    """

    languages: tuple[str, ...]
    centres: Vectors
    asked: Vectors
    bridge: Vectors

    @classmethod
    def fit(
        cls, vectors: Vectors, languages: Sequence[str], *, is_term: npt.NDArray[np.bool_], english: Vectors
    ) -> "LanguageMap":
        """Learn from terms and questions.

        Args:
            vectors: float32 rows of unit length, (texts, dimensions), English ones first.
            languages: Each text's.
            is_term: Of each text, whether it is a term; the others are questions.
            english: The other encoder's vectors of the English terms, in order.
        """
        known = tuple(dict.fromkeys(languages))
        groups = np.array([known.index(language) for language in languages])
        centres = _means(vectors[is_term], groups[is_term], len(known))
        asked = centres.copy()
        asked_in = np.unique(groups[~is_term])
        asked[asked_in] = _means(vectors[~is_term], groups[~is_term], len(known))[asked_in]
        in_english = is_term & (groups == 0)
        return cls(known, centres, asked, _bridge(unit(vectors[in_english] - centres[0]), english))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what `from_arrays` needs."""
        return {
            "languages": np.array(self.languages),
            "centres": self.centres,
            "asked": self.asked,
            "bridge": self.bridge,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "LanguageMap":
        """Return the map whose `arrays` these are."""
        return cls(tuple(arrays["languages"].tolist()), arrays["centres"], arrays["asked"], arrays["bridge"])

    def centred_terms(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Subtract from each vector the mean of its language's terms: unit rows, (texts, dimensions)."""
        return unit(vectors - np.array([self._mean(self.centres, language) for language in languages]))

    def centred_question(self, vector: Vectors, language: str) -> Vectors:
        """Return a unit vector to compare with centred passages."""
        centred: Vectors = self.centred_tokens(vector[None], language)[0]
        return centred

    def centred_tokens(self, tokens: Vectors, language: str) -> Vectors:
        """Return unit rows to compare with centred tokens of passages: (tokens, dimensions)."""
        means = (1 - _QUESTIONS_SHARE) * self.centres + _QUESTIONS_SHARE * self.asked
        return unit(tokens - CENTRED * self._mean(means, language))

    def bridged_question(self, vector: Vectors, language: str) -> Vectors:
        """Return a unit vector to compare with those of the other encoder."""
        centred = self.centred_terms(vector[None], [language])
        bridged: Vectors = unit(centred @ self.bridge[:-1] + self.bridge[-1])[0]
        return bridged

    def _mean(self, means: Vectors, language: str) -> Vectors:
        if language in self.languages:
            mean: Vectors = means[self.languages.index(language)]
            return mean
        common: Vectors = (means[1:] if len(means) > 1 else means).mean(axis=0)
        return common


def _bridge(centred: Vectors, english: Vectors) -> Vectors:
    """Fit the map from centred vectors to the other encoder's, (texts, dimensions) both, by ridge regression."""
    mean = english.mean(axis=0)
    regularised = centred.T @ centred + _RIDGE * np.eye(centred.shape[1])
    weights = np.linalg.solve(regularised, centred.T @ (english - mean))
    return np.vstack([weights, mean]).astype(np.float32)


def _means(vectors: Vectors, groups: npt.NDArray[np.int64], count: int) -> Vectors:
    """Return the mean of each group; zeros for an empty one."""
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, groups, vectors)
    counts = np.bincount(groups, minlength=count)[:, None].astype(np.float32)
    means: Vectors = (sums / np.maximum(counts, 1)).astype(np.float32)
    return means
