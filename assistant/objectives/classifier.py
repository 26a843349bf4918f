"""Texts -> the objectives that they fall under, with calibrated confidences; learned from the table's examples.

Two linear models see every text: one its meaning (the encoder's vector), one its words (weighted stems and pairs of
stems). Their log-probabilities are added up: what one misses, the other often has. A class of its own stands for texts
that belong to no objective. This module knows nothing of passages or of the index.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.encoding import Query
from assistant.language import is_content, spelt_words, stem, stems_of
from assistant.records import Example

Array = npt.NDArray[np.float32]

NO_OBJECTIVE = 0  # the class of texts that belong to none
# Regularisation of the two models (scikit-learn's C), and the weight of words beside meaning: chosen on the development
# questions of tests/gold, where values three times smaller or greater do about as well.
_MEANING_C = 10.0
_WORDS_C = 10.0
_WORDS_WEIGHT = 1.0
_RAREST = 2  # examples that must hold a stem or a pair before it is learned from
_TELLING = 4  # words that are named as those that decided
_TELLING_SHARE = 0.25  # of the weightiest word's share; less decided nothing
SUREST = 0.99  # an inference is never certain; only what is stated is
# From this probability on an objective is tagged to a passage that doesn't state it, and named for a question. From a
# half on there would be one at the most; a passage may well concern two.
LIKELY = 0.4
_FOLDS = 5  # one part in so many is held out to calibrate
_REMEMBERED = 64  # texts whose words are weighed


@dataclass(frozen=True)
class ObjectiveClassifier:
    """Says which objectives a text falls under.

    Attributes:
        numbers: int64, the class of each row: the objectives' numbers, and 0 for none.
        meaning: float32, (classes, dimensions + 1): weights of the vector and, last, the intercept.
        words: float32, (classes, features + 1): weights of the words and, last, the intercept.
        features: The stems and pairs of stems, in the order of `words`.
        rarities: float32, (features,): their inverse document frequencies among the examples.
        sharpness: Turns added log-probabilities into calibrated confidences.
    """

    numbers: npt.NDArray[np.int64]
    meaning: Array
    words: Array
    features: tuple[str, ...]
    rarities: Array
    sharpness: float = 1.0

    @classmethod
    def fit(cls, examples: Sequence[Example], vectors: Array) -> "ObjectiveClassifier":
        """Learn from examples.

        Args:
            examples: At least five of each class.
            vectors: float32 rows of unit length, (examples, dimensions).
        """
        features, rarities = _vocabulary([example.text for example in examples])
        classes = np.array([example.number for example in examples])
        nothing = np.empty((0, 0), dtype=np.float32)
        model = cls(np.unique(classes), nothing, nothing, features, rarities)
        counts = model.word_rows([example.text for example in examples])
        training, held = held_out(classes)
        part = _fitted(model, vectors[training], counts[training], classes[training])
        log_odds = part._log_odds([examples[row].text for row in held], vectors[held])
        sharpness = fitted_sharpness(log_odds, np.searchsorted(model.numbers, classes[held]))
        whole = _fitted(model, vectors, counts, classes)
        return replace(whole, sharpness=sharpness)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that is needed to make it again with `from_arrays`."""
        return {
            "numbers": self.numbers,
            "meaning": self.meaning,
            "words": self.words,
            "features": np.array(self.features),
            "rarities": self.rarities,
            "sharpness": np.array(self.sharpness),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "ObjectiveClassifier":
        """Make the classifier whose `arrays` these are."""
        return cls(
            arrays["numbers"],
            arrays["meaning"],
            arrays["words"],
            tuple(arrays["features"].tolist()),
            arrays["rarities"],
            float(arrays["sharpness"]),
        )

    @property
    def objectives(self) -> tuple[int, ...]:
        """The objectives' numbers, in the order of `objective_probabilities`."""
        return tuple(number for number in self.numbers.tolist() if number != NO_OBJECTIVE)

    def objective_probabilities(self, texts: Sequence[str], vectors: Array) -> Array:
        """Return how likely each text concerns each objective: float32, (texts, objectives).

        What a row lacks to one is how likely it concerns none of them.
        """
        shares: Array = softmax(self.sharpness * self._log_odds(texts, vectors))
        return shares[:, self.numbers != NO_OBJECTIVE]

    def confidences(self, texts: Sequence[str], vectors: Array) -> list[dict[int, float]]:
        """Return for each text its objectives' confidences by number; what they lack to one is "none of them"."""
        return [self.by_number(row) for row in self.objective_probabilities(texts, vectors)]

    def by_number(self, probabilities: Array) -> dict[int, float]:
        """Put a row of `objective_probabilities` under its objectives' numbers."""
        return dict(zip(self.objectives, probabilities.tolist(), strict=True))

    def explain(self, text: str, number: int, query: Query | None = None) -> tuple[str, ...]:
        """Return the words of a text that decided for an objective, the weightiest first, four at the most.

        Args:
            number: The objective's.
            query: What the encoder makes of the text; without it only the model of words is asked.
        """
        shares = self._shares_by_words(text, number)
        if query is not None:
            for word, share in self._shares_by_meaning(text, number, query).items():
                shares[word] = shares.get(word, 0.0) + share
        ranked = sorted((word for word in shares if is_content(word)), key=lambda word: -shares[word])
        return tuple(word for word in ranked[:_TELLING] if shares[word] > _TELLING_SHARE * shares[ranked[0]] > 0)

    def _shares_by_words(self, text: str, number: int) -> dict[str, float]:
        """What each word adds to the log-odds: its value times its weight, a pair's halved between its words."""
        row = int(np.searchsorted(self.numbers, number))
        words: dict[str, list[str]] = {}  # by their stems
        for word in dict.fromkeys(word for word, _ in spelt_words(text)):
            words.setdefault(stem(word), []).append(word)
        values = sorted(self._word_values(text).items())
        columns = [column for column, _ in values]
        contrasts = (_WORDS_WEIGHT * (self.words[row, columns] - self._mean_words[columns])).tolist()
        shares: dict[str, float] = {}
        for (column, value), contrast in zip(values, contrasts, strict=True):
            parts = self.features[column].split()
            for word in (word for part in set(parts) for word in words.get(part, ())):
                shares[word] = shares.get(word, 0.0) + value * contrast / len(parts)
        return shares

    def _shares_by_meaning(self, text: str, number: int, query: Query) -> dict[str, float]:
        """What each word adds to the log-odds: the vector is the sum of its tokens', and the model is linear in it."""
        row = int(np.searchsorted(self.numbers, number))
        contrast = self.meaning[row, :-1] - self._mean_meaning[:-1]
        whole = float(np.linalg.norm(query.lengths @ query.tokens)) or 1.0
        of_tokens = (query.lengths * (query.tokens @ contrast) / whole).tolist()
        shares: dict[str, float] = {}
        for word, (start, end) in spelt_words(text):
            inside = (
                share
                for share, (first, last) in zip(of_tokens, query.spans, strict=True)
                if start < last and first < end
            )
            shares[word] = shares.get(word, 0.0) + sum(inside)
        return shares

    @cached_property
    def _mean_meaning(self) -> Array:
        mean: Array = self.meaning.mean(axis=0)
        return mean

    @cached_property
    def _columns_of_words(self) -> Array:
        """The weights of the words, (features and a constant, classes), so that those of one word lie together."""
        return np.ascontiguousarray(self.words.T)

    @cached_property
    def _mean_words(self) -> Array:
        mean: Array = self.words.mean(axis=0)
        return mean

    @cached_property
    def _columns(self) -> Mapping[str, int]:
        return {feature: column for column, feature in enumerate(self.features)}

    def word_rows(self, texts: Sequence[str]) -> Array:
        """Weigh the words of texts: float32 rows of unit length (or zero), (texts, features).

        The weight is (1 + log of the count) times the rarity: Salton and Buckley's tf-idf (1988), sublinear.
        """
        rows = np.zeros((len(texts), len(self.features)), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            values = self._values_of(text)
            row[list(values)] = list(values.values())
        return rows

    @cached_property
    def _word_values(self) -> Callable[[str], Mapping[int, float]]:
        """Like `_values_of`; a question is asked for its objectives, and then for the words that decided."""
        return lru_cache(maxsize=_REMEMBERED)(self._values_of)

    def _values_of(self, text: str) -> Mapping[int, float]:
        """What isn't zero in a row of `word_rows`, by column."""
        values = {
            column: (1 + math.log(count)) * float(self.rarities[column])
            for feature, count in Counter(_features_of(text)).items()
            if (column := self._columns.get(feature)) is not None
        }
        length = math.hypot(*values.values())
        return {column: value / length for column, value in values.items()}

    def _weighed_words(self, text: str) -> Array:
        """What the words of a text say for each class: float32, (classes,)."""
        values = self._word_values(text)
        weights = self._columns_of_words
        weighed: Array = np.array(list(values.values()), dtype=np.float32) @ weights[list(values)] + weights[-1]
        return weighed

    def _log_odds(self, texts: Sequence[str], vectors: Array) -> Array:
        """Return the log odds of the classes, up to a constant for each text: (texts, classes)."""
        by_words: Array = np.array([self._weighed_words(text) for text in texts]).reshape(len(texts), len(self.numbers))
        by_meaning: Array = vectors @ self.meaning[:, :-1].T + self.meaning[:, -1]
        return by_meaning + np.float32(_WORDS_WEIGHT) * by_words


def _features_of(text: str) -> list[str]:
    stems = stems_of(text)
    return stems + [f"{first} {second}" for first, second in pairwise(stems)]


def _vocabulary(texts: Sequence[str]) -> tuple[tuple[str, ...], Array]:
    found_in = Counter(feature for text in texts for feature in set(_features_of(text)))
    features = tuple(sorted(feature for feature, count in found_in.items() if count >= _RAREST))
    rarities = [math.log((1 + len(texts)) / (1 + found_in[feature])) + 1 for feature in features]
    return features, np.array(rarities, dtype=np.float32)


def held_out(classes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows to learn from, and a share of every class to calibrate on."""
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    training, held = next(iter(folds.split(classes, classes)))
    return training, held


def _fitted(
    model: ObjectiveClassifier, vectors: Array, counts: Array, classes: npt.NDArray[np.int64]
) -> ObjectiveClassifier:
    return replace(
        model, meaning=linear_weights(vectors, classes, _MEANING_C), words=linear_weights(counts, classes, _WORDS_C)
    )


def linear_weights(rows: Array, classes: npt.NDArray[np.int64], strength: float) -> Array:
    """Fit a linear model that tells classes apart: (classes, features + 1), the intercept last."""
    # Imported here: learning happens at a build, and answering shouldn't wait for it.
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    is_sparse = np.count_nonzero(rows) < rows.size / 10
    fitted = LogisticRegression(C=strength, max_iter=1000).fit(csr_matrix(rows) if is_sparse else rows, classes)
    return np.hstack([fitted.coef_, fitted.intercept_[:, None]]).astype(np.float32)


def fitted_sharpness(log_odds: Array, right: npt.NDArray[np.int64]) -> float:
    """Fit the one figure by which log-odds are multiplied, so that confidences come true (Guo et al., 2017)."""
    from scipy.optimize import minimize_scalar

    def loss(logarithm: float) -> float:
        scaled = _log_softmax(math.exp(logarithm) * log_odds)
        return float(-scaled[np.arange(len(right)), right].mean())

    return math.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x)


def _log_softmax(rows: Array) -> Array:
    """Turn each row of log odds into log-probabilities."""
    shifted: Array = rows - rows.max(axis=1, keepdims=True)
    logarithms: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logarithms


def softmax(rows: Array) -> Array:
    """Turn each row of log odds, each up to a constant, into chances that add up to one: float32."""
    raised = np.exp(rows - rows.max(axis=1, keepdims=True))
    shares: Array = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
