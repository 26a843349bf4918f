"""The classifier of texts by objective, learned from the examples of the table.

A linear model reads every text in two ways: its meaning (the encoder's vector) and its words (weighted stems and pairs
of stems), since what one misses, the other often finds. Its chances are calibrated, and independent: several objectives
may hold of a text, or none.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.encoding import Query
from assistant.language import is_content, spelt_words, stem, stems_of
from assistant.memory import remembered
from assistant.objectives.training import Array, fit_chances, numbers_of
from assistant.records import Example

# Regularisation (scikit-learn's C), and the length of a vector of meaning relative to that of words: chosen on the
# development questions of tests/gold, where values three times smaller or greater do about as well.
_STRENGTH = 40.0
_MEANING_LENGTH = 0.7
_MINIMUM_EXAMPLES = 2  # that must hold a stem or a pair before it becomes a feature
_EXPLAINING_WORDS = 4  # that an explanation names at most
_EXPLAINING_SHARE = 0.25  # of the weightiest word's contribution; a word that contributed less isn't named
SUREST = 0.99  # the highest confidence of an inference; only what is stated is certain
# From these probabilities on, it is said that a topic clearly falls under an objective, also, or perhaps. What also
# holds is tagged to a passage that doesn't state it, and named for a question; what doesn't hold even perhaps leaves
# cells of a spreadsheet blank.
_CLEAR = 0.75
LIKELY = 0.4
POSSIBLE = 0.2
Standing: TypeAlias = Literal["clearly", "also", "perhaps"]


@dataclass(frozen=True)
class ObjectiveClassifier:
    """A trained classifier."""

    numbers: npt.NDArray[np.int64]  # int64, (objectives,): the objectives' numbers in order
    meaning: Array  # float32, (objectives, dimensions + 1): weights of the vector and, last, the intercept
    words: Array  # float32, (objectives, features): weights of the words
    features: tuple[str, ...]  # the stems and pairs of stems, in the order of `words`
    rarities: Array  # float32, (features,): their inverse document frequencies among the examples

    @classmethod
    def fit(cls, examples: Sequence[Example], vectors: Array) -> "ObjectiveClassifier":
        """Train a classifier on examples.

        Args:
            examples: At least five of each objective.
            vectors: float32 rows of unit length, (examples, dimensions).
        """
        features, rarities = _vocabulary([example.text for example in examples])
        nothing = np.empty((0, 0), dtype=np.float32)
        model = cls(np.array(numbers_of(examples)), nothing, nothing, features, rarities)
        rows = np.hstack([_MEANING_LENGTH * vectors, model.word_rows([example.text for example in examples])])
        weights = fit_chances(rows, examples, strength=_STRENGTH)
        of_meaning, of_words, intercept = np.split(weights, [vectors.shape[1], -1], axis=1)
        return replace(model, meaning=np.hstack([_MEANING_LENGTH * of_meaning, intercept]), words=of_words)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that `from_arrays` needs to restore the classifier."""
        return {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "ObjectiveClassifier":
        """Restore a classifier from its `arrays`."""
        values: dict[str, Any] = {field.name: arrays[field.name] for field in fields(cls)}
        return cls(**values | {"features": tuple(arrays["features"].tolist())})

    @property
    def objectives(self) -> tuple[int, ...]:
        """The objectives' numbers, in the order of `objective_probabilities`."""
        return tuple(self.numbers.tolist())

    def objective_probabilities(self, texts: Sequence[str], vectors: Array) -> Array:
        """Return the probability that each text falls under each objective: float32, (texts, objectives)."""
        by_words = np.array([self._log_odds_by_words(text) for text in texts]).reshape(len(texts), len(self.numbers))
        return chances_of(vectors @ self.meaning[:, :-1].T + self.meaning[:, -1] + by_words)

    def confidences(self, texts: Sequence[str], vectors: Array) -> list[dict[int, float]]:
        """Return the probabilities of the objectives by number, for each text."""
        return [self.by_number(row) for row in self.objective_probabilities(texts, vectors)]

    def by_number(self, probabilities: Array) -> dict[int, float]:
        """Return a row of `objective_probabilities` by the objectives' numbers."""
        return dict(zip(self.objectives, probabilities.tolist(), strict=True))

    def explain(self, text: str, number: int, query: Query | None = None) -> tuple[str, ...]:
        """Return the words of a text that decided for an objective, the weightiest first, at most four.

        Without the encoded text, only the model of words is explained.
        """
        shares = self._shares_by_words(text, number)
        if query is not None:
            for word, share in self._shares_by_meaning(text, number, query).items():
                shares[word] = shares.get(word, 0.0) + share
        ranked = sorted((word for word in shares if is_content(word)), key=lambda word: -shares[word])
        return tuple(
            word for word in ranked[:_EXPLAINING_WORDS] if shares[word] > _EXPLAINING_SHARE * shares[ranked[0]] > 0
        )

    def _shares_by_words(self, text: str, number: int) -> dict[str, float]:
        """Return what each word adds to the log-odds: its value times its weight, a pair's halved between its words."""
        row = int(np.searchsorted(self.numbers, number))
        words: dict[str, list[str]] = {}  # by their stems
        for word in dict.fromkeys(word for word, _ in spelt_words(text)):
            words.setdefault(stem(word), []).append(word)
        values = sorted(self._word_values(text).items())
        columns = [column for column, _ in values]
        shares: dict[str, float] = {}
        for (column, value), weight in zip(values, self.words[row, columns].tolist(), strict=True):
            parts = self.features[column].split()
            for word in (word for part in set(parts) for word in words.get(part, ())):
                shares[word] = shares.get(word, 0.0) + value * weight / len(parts)
        return shares

    def _shares_by_meaning(self, text: str, number: int, query: Query) -> dict[str, float]:
        """Return what each word adds to the log-odds, by its tokens, whose vectors add up to the text's."""
        row = int(np.searchsorted(self.numbers, number))
        whole = float(np.linalg.norm(query.lengths @ query.tokens)) or 1.0
        of_tokens = (query.lengths * (query.tokens @ self.meaning[row, :-1]) / whole).tolist()
        shares: dict[str, float] = {}
        for word, span in spelt_words(text):
            shares[word] = shares.get(word, 0.0) + sum(of_tokens[query.tokens_in(span)])
        return shares

    @cached_property
    def _columns_of_words(self) -> Array:
        """The weights of the words transposed, so that those of one word are contiguous: (features, objectives)."""
        return np.ascontiguousarray(self.words.T)

    @cached_property
    def _columns(self) -> Mapping[str, int]:
        return {feature: column for column, feature in enumerate(self.features)}

    def word_rows(self, texts: Sequence[str]) -> Array:
        """Return the values of the features of texts: float32 rows of unit length (or zero), (texts, features).

        A value is (1 + log of the count) times the rarity: Salton and Buckley's sublinear tf-idf (1988).
        """
        rows = np.zeros((len(texts), len(self.features)), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            values = self._values_of(text)
            row[list(values)] = list(values.values())
        return rows

    @cached_property
    def _word_values(self) -> Callable[[str], Mapping[int, float]]:
        """Cached `_values_of`, since a question is classified first and then explained."""
        return remembered(self._values_of)

    def _values_of(self, text: str) -> Mapping[int, float]:
        """Return what isn't zero in a row of `word_rows`, by column."""
        values = {
            column: (1 + math.log(count)) * float(self.rarities[column])
            for feature, count in Counter(_features_of(text)).items()
            if (column := self._columns.get(feature)) is not None
        }
        length = math.hypot(*values.values())
        return {column: value / length for column, value in values.items()}

    def _log_odds_by_words(self, text: str) -> Array:
        """Return what the words of a text add to the log-odds of the objectives: float32, (objectives,)."""
        values = self._word_values(text)
        log_odds: Array = np.array(list(values.values()), dtype=np.float32) @ self._columns_of_words[list(values)]
        return log_odds


def standing_of(confidence: float) -> Standing | None:
    """Return how an objective with a confidence stands; None where it isn't even possible.

    >>> standing_of(0.9), standing_of(0.5), standing_of(0.2), standing_of(0.1)
    ('clearly', 'also', 'perhaps', None)
    """
    if confidence < POSSIBLE:
        return None
    if confidence < LIKELY:
        return "perhaps"
    return "also" if confidence < _CLEAR else "clearly"


def _features_of(text: str) -> list[str]:
    stems = stems_of(text)
    return stems + [f"{first} {second}" for first, second in pairwise(stems)]


def _vocabulary(texts: Sequence[str]) -> tuple[tuple[str, ...], Array]:
    found_in = Counter(feature for text in texts for feature in set(_features_of(text)))
    features = tuple(sorted(feature for feature, count in found_in.items() if count >= _MINIMUM_EXAMPLES))
    rarities = [math.log((1 + len(texts)) / (1 + found_in[feature])) + 1 for feature in features]
    return features, np.array(rarities, dtype=np.float32)


def chances_of(log_odds: Array) -> Array:
    """Turn log-odds into probabilities: float32."""
    chances: Array = (1 / (1 + np.exp(-log_odds))).astype(np.float32)
    return chances
