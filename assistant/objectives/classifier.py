"""The classifier of texts by objective, with calibrated probabilities, learned from the examples of the table.

Two linear models read every text: one its meaning (the encoder's vector), one its words (weighted stems and pairs of
stems). Their log-odds are added, since what one misses, the other often finds. A class of its own stands for texts that
belong to no objective.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.encoding import Query
from assistant.language import is_content, spelt_words, stem, stems_of
from assistant.memory import remembered
from assistant.objectives.training import fitted_sharpness, held_out, linear_weights
from assistant.records import Example

Array = npt.NDArray[np.float32]

NO_OBJECTIVE = 0  # the class of texts that belong to none
# Regularisation of the two models (scikit-learn's C), and the weight of words relative to meaning: chosen on the
# development questions of tests/gold, where values three times smaller or greater do about as well.
_MEANING_C = 10.0
_WORDS_C = 10.0
_WORDS_WEIGHT = 1.0
_MINIMUM_EXAMPLES = 2  # that must hold a stem or a pair before it becomes a feature
_EXPLAINING_WORDS = 4  # that an explanation names at most
_EXPLAINING_SHARE = 0.25  # of the weightiest word's contribution; a word that contributed less isn't named
SUREST = 0.99  # the highest confidence of an inference; only what is stated is certain
# From this probability on, an objective is tagged to a passage that doesn't state it, and named for a question. From a
# half on there would be at most one, and a passage may well fall under two.
LIKELY = 0.4


@dataclass(frozen=True)
class ObjectiveClassifier:
    """A trained classifier."""

    numbers: npt.NDArray[np.int64]  # int64, (classes,): the objectives' numbers in order, and 0 for none
    meaning: Array  # float32, (classes, dimensions + 1): weights of the vector and, last, the intercept
    words: Array  # float32, (classes, features + 1): weights of the words and, last, the intercept
    features: tuple[str, ...]  # the stems and pairs of stems, in the order of `words`
    rarities: Array  # float32, (features,): their inverse document frequencies among the examples
    sharpness: float = 1.0  # the factor by which log-odds are multiplied so that probabilities are calibrated

    @classmethod
    def fit(cls, examples: Sequence[Example], vectors: Array) -> "ObjectiveClassifier":
        """Train a classifier on examples.

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
        """Return all that `from_arrays` needs to restore the classifier."""
        return {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "ObjectiveClassifier":
        """Restore a classifier from its `arrays`."""
        values: dict[str, Any] = {field.name: arrays[field.name] for field in fields(cls)}
        values |= {"features": tuple(arrays["features"].tolist()), "sharpness": float(arrays["sharpness"])}
        return cls(**values)

    @property
    def objectives(self) -> tuple[int, ...]:
        """The objectives' numbers, in the order of `objective_probabilities`."""
        return tuple(number for number in self.numbers.tolist() if number != NO_OBJECTIVE)

    def objective_probabilities(self, texts: Sequence[str], vectors: Array) -> Array:
        """Return the probability that each text falls under each objective: float32, (texts, objectives).

        What a row lacks to one is the probability of none of them.
        """
        shares: Array = softmax(self.sharpness * self._log_odds(texts, vectors))
        return shares[:, self.numbers != NO_OBJECTIVE]

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
        contrasts = (_WORDS_WEIGHT * (self.words[row, columns] - self.words[:, columns].mean(axis=0))).tolist()
        shares: dict[str, float] = {}
        for (column, value), contrast in zip(values, contrasts, strict=True):
            parts = self.features[column].split()
            for word in (word for part in set(parts) for word in words.get(part, ())):
                shares[word] = shares.get(word, 0.0) + value * contrast / len(parts)
        return shares

    def _shares_by_meaning(self, text: str, number: int, query: Query) -> dict[str, float]:
        """Return what each word adds to the log-odds, by its tokens, whose vectors add up to the text's."""
        row = int(np.searchsorted(self.numbers, number))
        contrast = (self.meaning[row] - self.meaning.mean(axis=0))[:-1]
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
    def _columns_of_words(self) -> Array:
        """The weights of the words transposed, so that those of one word are contiguous: (features + 1, classes)."""
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
        """Return the log-odds of the classes by the words of a text: float32, (classes,)."""
        values = self._word_values(text)
        weights = self._columns_of_words
        log_odds: Array = np.array(list(values.values()), dtype=np.float32) @ weights[list(values)] + weights[-1]
        return log_odds

    def _log_odds(self, texts: Sequence[str], vectors: Array) -> Array:
        """Return the log-odds of the classes, up to a constant for each text: (texts, classes)."""
        by_words: Array = np.array([self._log_odds_by_words(text) for text in texts]).reshape(
            len(texts), len(self.numbers)
        )
        by_meaning: Array = vectors @ self.meaning[:, :-1].T + self.meaning[:, -1]
        return by_meaning + np.float32(_WORDS_WEIGHT) * by_words


def _features_of(text: str) -> list[str]:
    stems = stems_of(text)
    return stems + [f"{first} {second}" for first, second in pairwise(stems)]


def _vocabulary(texts: Sequence[str]) -> tuple[tuple[str, ...], Array]:
    found_in = Counter(feature for text in texts for feature in set(_features_of(text)))
    features = tuple(sorted(feature for feature, count in found_in.items() if count >= _MINIMUM_EXAMPLES))
    rarities = [math.log((1 + len(texts)) / (1 + found_in[feature])) + 1 for feature in features]
    return features, np.array(rarities, dtype=np.float32)


def _fitted(
    model: ObjectiveClassifier, vectors: Array, counts: Array, classes: npt.NDArray[np.int64]
) -> ObjectiveClassifier:
    return replace(
        model, meaning=linear_weights(vectors, classes, _MEANING_C), words=linear_weights(counts, classes, _WORDS_C)
    )


def softmax(rows: Array) -> Array:
    """Turn each row of log-odds into probabilities that add up to one: float32."""
    raised = np.exp(rows - rows.max(axis=1, keepdims=True))
    shares: Array = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
