"""Vectors of a multilingual encoder -> the probabilities of the objectives, whatever the language.

A linear model reads vectors that a language map has centred, so what it learns from English examples and from terms in
other languages holds for all of them.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.encoding import Encoder, LanguageMap, Vectors
from assistant.language import ENGLISH
from assistant.objectives.classifier import chances_of
from assistant.objectives.training import fit_chances
from assistant.records import Example, Translated

_REGULARISATION = 10.0  # scikit-learn's C; three times more or less does as well on the development topics
_LONGEST_EXAMPLE = 160  # characters; topics are short, and longer examples are left out


@dataclass(frozen=True, slots=True)
class MultilingualClassifier:
    """A linear model of the objectives on centred vectors."""

    language_map: LanguageMap  # what centres vectors
    weights: Vectors  # float32, (objectives, dimensions + 1), in order of their numbers; the intercept is last
    terms: tuple[Translated, ...]  # the objectives' titles and terms in other languages

    @classmethod
    def fit(
        cls,
        encoder: Encoder,
        examples: Sequence[Translated],
        *,
        english: Callable[[Sequence[str]], Vectors],
        report: Callable[[int], None],
    ) -> "MultilingualClassifier":
        """Learn from examples in several languages, and a language map from the same.

        Args:
            examples: Made by `multilingual_examples`.
            english: Returns the English encoder's vectors of texts.
            report: Called with the number of examples encoded.
        """
        vectors = _encode_queries(encoder, [each.text for each in examples], report)
        terms = [each for each in examples if each.number is not None]
        is_term = np.array([each.number is not None for each in examples])
        language_map = LanguageMap.fit(
            vectors,
            [each.language for each in examples],
            is_term=is_term,
            english=english([term.text for term in terms if term.language == ENGLISH]),
        )
        centred = language_map.centred_terms(vectors[is_term], [term.language for term in terms])
        return cls(
            language_map,
            fit_chances(centred, terms, strength=_REGULARISATION),
            tuple(term for term in terms if term.language != ENGLISH),
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what `from_arrays` needs."""
        return {
            **self.language_map.arrays(),
            "weights": self.weights,
            "terms": term_array(self.terms),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "MultilingualClassifier":
        """Return the classifier whose `arrays` these are."""
        return cls(
            LanguageMap.from_arrays(arrays),
            arrays["weights"],
            tuple(Translated(text, int(number), language) for text, language, number in arrays["terms"].tolist()),
        )

    def objective_probabilities(self, vector: Vectors, language: str) -> Vectors:
        """Return the probability of each objective for a question: float32, (objectives,), in order of their numbers.

        An unknown language is centred by what the known ones have in common.
        """
        (centred,) = self.language_map.centred_terms(vector[None], [language])
        return chances_of(self.weights[:, :-1] @ centred + self.weights[:, -1])


def _encode_queries(encoder: Encoder, texts: Sequence[str], report: Callable[[int], None]) -> Vectors:
    vectors = []
    for done, text in enumerate(texts, start=1):
        vectors.append(encoder.encode_query(text).vector)
        report(done)
    return np.array(vectors, dtype=np.float32)


def multilingual_examples(english: Sequence[Example], translated: Sequence[Translated]) -> list[Translated]:
    """Join the short English examples with the terms and questions in other languages, English first."""
    short = [each for each in english if len(each.text) <= _LONGEST_EXAMPLE]
    return [*(Translated(each.text, each.number, ENGLISH, each.also) for each in short), *translated]


def term_array(terms: Sequence[Translated]) -> npt.NDArray[Any]:
    """Return terms as an array of strings, (terms, 3): text, language, objective; questions are left out."""
    kept = [[term.text, term.language, str(term.number)] for term in terms if term.number is not None]
    return np.array(kept).reshape(-1, 3)


def second_sha256(encoder: Encoder, *tables: bytes) -> str:
    """Hash what multilingual vectors and the classifier on them rest on: the encoder's weights, the tables' bytes."""
    parts = [encoder.identity.sha256.encode(), *tables]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
