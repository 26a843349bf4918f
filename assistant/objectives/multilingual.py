"""Texts -> a second set of vectors, of an encoder that reads many languages, and what was learned of the objectives.

Such an encoder writes into every vector which language its text is in, and two languages lie further apart than two
subjects. So from a question's vector most of what all questions of its language have in common is taken away, and from
a passage's what all passages have (centring); what is left compares across languages. What a language has in common is
the mean of the objectives' titles and terms in it and of questions of any kind. A linear map, learned from the
objectives' English examples, leads from there to the vectors of the first encoder, which knows English better (the
bridge). This module knows nothing of passages, only of their texts.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.encoding import Encoder, Vectors, unit
from assistant.language import ENGLISH
from assistant.objectives.classifier import NO_OBJECTIVE, fitted_sharpness, held_out, linear_weights, softmax
from assistant.records import Example, Translated

# How much of the mean is taken away; found on the development questions of tests/gold, where 0.5 to 1 do about as well.
CENTRED = 0.8
# How much of that is the mean of questions; the rest is that of terms. None or all do worse.
_OF_QUESTIONS = 0.5
_STRENGTH = 10.0  # scikit-learn's C; three times more or less does as well on the development topics
_BRIDGE = 30.0  # how much the map is held back (ridge); ten times less does a little worse
_LONGEST_EXAMPLE = 160  # characters; topics are short, and these are what is learned from
# Passages of a language up to which its own mean counts less than that of all.
_FEW = 10


@dataclass(frozen=True)
class Second:
    """The second vectors of an index, and what was learned with their encoder.

    Attributes:
        encoder: For people.
        sha256: Names the encoder's weights.
        passages: float32 rows of unit length, (passages, dimensions).
        sentences: float32 rows of unit length, (sentences of all passages in order, dimensions).
        languages: Those whose questions were learned from, English first.
        centres: float32, (languages, dimensions): the mean of their terms' vectors.
        asked: float32, (languages, dimensions): that of their questions'.
        numbers: int64, the class of each row of `weights`: the objectives' numbers, and 0 for none.
        weights: float32, (classes, dimensions + 1): of the centred vector and, last, the intercept.
        sharpness: Turns log-probabilities into calibrated confidences.
        bridge: float32, (dimensions + 1, the first encoder's dimensions): from a centred vector to one of the first
            encoder; last, what is added.
        terms: The objectives' terms in other languages.
    """

    encoder: str
    sha256: str
    passages: Vectors
    sentences: Vectors
    languages: tuple[str, ...]
    centres: Vectors
    asked: Vectors
    numbers: npt.NDArray[np.int64]
    weights: Vectors
    sharpness: float
    bridge: Vectors
    terms: tuple[Translated, ...]

    def learned(self) -> dict[str, npt.NDArray[Any]]:
        """Return all but the vectors and the encoder's name, to be kept."""
        return {
            "languages": np.array(self.languages),
            "centres": self.centres,
            "asked": self.asked,
            "numbers": self.numbers,
            "weights": self.weights,
            "sharpness": np.array(self.sharpness),
            "bridge": self.bridge,
            "terms": _kept(self.terms),
        }

    @classmethod
    def of(
        cls, encoder: str, sha256: str, passages: Vectors, sentences: Vectors, learned: Mapping[str, npt.NDArray[Any]]
    ) -> "Second":
        """Put together what was kept.

        Args:
            learned: What `learned` returned.
        """
        return cls(
            encoder,
            sha256,
            passages,
            sentences,
            tuple(learned["languages"].tolist()),
            learned["centres"],
            learned["asked"],
            learned["numbers"],
            learned["weights"],
            float(learned["sharpness"]),
            learned["bridge"],
            tuple(Translated(text, int(number), language) for text, language, number in learned["terms"].tolist()),
        )

    def centred_question(self, vector: Vectors, language: str) -> Vectors:
        """Take from a question's vector what its language's have in common; of an unknown language what all have."""
        mixed = (1 - _OF_QUESTIONS) * self.centres + _OF_QUESTIONS * self.asked
        centred: Vectors = unit((vector - CENTRED * self._centre(mixed, language))[None])[0]
        return centred

    def bridged_question(self, vector: Vectors, language: str) -> Vectors:
        """Turn a question's vector into a unit vector that compares with those of the first encoder."""
        centred = unit((vector - self._centre(self.centres, language))[None])
        there: Vectors = unit(centred @ self.bridge[:-1] + self.bridge[-1])[0]
        return there

    def objective_probabilities(self, vector: Vectors, language: str) -> Vectors:
        """Return how likely a question concerns each objective: float32, (objectives,), in order of their numbers."""
        centred = unit((vector - self._centre(self.centres, language))[None])[0]
        odds = self.weights[:, :-1] @ centred + self.weights[:, -1]
        shares = softmax(self.sharpness * odds[None])[0]
        of_objectives: Vectors = shares[self.numbers != NO_OBJECTIVE]
        return of_objectives

    def _centre(self, centres: Vectors, language: str) -> Vectors:
        if language in self.languages:
            centre: Vectors = centres[self.languages.index(language)]
            return centre
        others = np.array([each != ENGLISH for each in self.languages])
        common: Vectors = (centres[others] if others.any() else centres).mean(axis=0)
        return common


class CentredRows:
    """Rows of unit length that are compared with questions as if each had been centred; the rows stay as they are."""

    def __init__(self, rows: Vectors, groups: npt.NDArray[np.int64]) -> None:
        """Take the rows, (rows, dimensions), and the language that each is in, as a number from 0."""
        counts = np.bincount(groups, minlength=1) if len(groups) else np.ones(1, dtype=np.int64)
        common = rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1], dtype=np.float32)
        centres = [(rows[groups == g].sum(axis=0) + _FEW * common) / (n + _FEW) for g, n in enumerate(counts)]
        self._rows = rows
        self._groups = groups
        self._centres = CENTRED * np.array(centres, dtype=np.float32)
        along = np.zeros(len(rows), dtype=np.float32)
        for group, centre in enumerate(self._centres):
            along[groups == group] = rows[groups == group] @ centre
        squares = (self._centres**2).sum(axis=1)[groups]
        self._lengths = np.sqrt(np.maximum(1 - 2 * along + squares, 1e-6)).astype(np.float32)

    def cosines(self, vector: Vectors, at: npt.NDArray[np.int64] | slice | None = None) -> Vectors:
        """Return the cosine of a centred question to these rows, or to all."""
        rows, groups, lengths = (
            (self._rows, self._groups, self._lengths)
            if at is None
            else (self._rows[at], self._groups[at], self._lengths[at])
        )
        found: Vectors = (rows @ vector - (self._centres @ vector)[groups]) / lengths
        return found


@dataclass(frozen=True, slots=True)
class Texts:
    """What a second set of vectors is made of.

    Attributes:
        passages: The words by which each passage is found.
        sentences: Those of all passages, in order.
        english: Texts in English with the numbers of their objectives, 0 for none; the short ones are learned from.
        first: Gives the first encoder's vectors of texts.
        terms: The objectives' titles and terms in other languages.
    """

    passages: Sequence[str]
    sentences: Sequence[str]
    english: Sequence[Example]
    first: Callable[[Sequence[str]], Vectors]
    terms: Sequence[Translated]


def second_sha256(encoder: Encoder, *tables: bytes) -> str:
    """Name what a second set of vectors rests on: its encoder's weights, and the tables that are learned from."""
    parts = [encoder.sha256.encode(), *tables]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def build_second(
    encoder: Encoder,
    sha256: str,
    texts: Texts,
    *,
    old: Second | None,
    known: Mapping[str, Vectors],
    pretrained: Mapping[str, npt.NDArray[Any]] | None = None,
    report: Callable[[int, int], None],
) -> Second:
    """Encode texts, and learn from the objectives' examples.

    Args:
        sha256: Names what all this rests on.
        old: What was made before, whose learning is taken over if it rests on the same.
        known: Vectors of texts, of the same encoder.
        pretrained: What `Second.learned` returned, where that was learned from the same; the terms may be left out.
        report: Called with the number of texts done, and of all.
    """
    if old is not None and old.sha256 == sha256:
        pretrained = old.learned()
    examples = [] if pretrained else _labelled(texts)
    missing = [text for text in dict.fromkeys((*texts.passages, *texts.sentences)) if text not in known]
    total = len(missing) + len(examples)
    fresh = _encoded(encoder, missing, report=lambda done: report(done, total))
    vectors = {**known, **dict(zip(missing, fresh, strict=True))}
    learned = pretrained or _learned(encoder, examples, texts, report=lambda done: report(len(missing) + done, total))
    passages, sentences = (
        np.array([vectors[text] for text in each], dtype=np.float32) for each in (texts.passages, texts.sentences)
    )
    return Second.of(encoder.name, sha256, passages, sentences, {"terms": _kept(texts.terms), **learned})


def _encoded(encoder: Encoder, texts: Sequence[str], *, report: Callable[[int], None]) -> Sequence[Vectors]:
    """Encode texts as passages and as questions, and take the mean: what the two don't share is noise."""
    if not texts:
        return ()
    passages = encoder.encode_whole(texts, report=lambda done: report(done // 2))
    questions = encoder.encode_whole(texts, as_questions=True, report=lambda done: report((len(texts) + done) // 2))
    return list(unit(passages + questions))


def _labelled(texts: Texts) -> list[Translated]:
    short = [each for each in texts.english if len(each.text) <= _LONGEST_EXAMPLE]
    return [*(Translated(each.text, each.number, ENGLISH) for each in short), *texts.terms]


def _learned(
    encoder: Encoder, examples: Sequence[Translated], texts: Texts, *, report: Callable[[int], None]
) -> dict[str, npt.NDArray[Any]]:
    """Learn what an objective is about in any language, and what a language's questions have in common."""
    everything = encoder.encode_whole([example.text for example in examples], as_questions=True, report=report)
    languages = tuple(dict.fromkeys(example.language for example in examples))
    spoken = np.array([languages.index(example.language) for example in examples])
    is_term = np.array([example.number is not None for example in examples])
    centres = _means(everything[is_term], spoken[is_term], len(languages))
    asked = centres.copy()
    asked_in = np.unique(spoken[~is_term])
    asked[asked_in] = _means(everything[~is_term], spoken[~is_term], len(languages))[asked_in]
    vectors, groups = everything[is_term], spoken[is_term]
    classes = np.array([example.number for example in examples if example.number is not None])
    centred = unit(vectors - centres[groups])
    training, held = held_out(classes)
    part = linear_weights(centred[training], classes[training], _STRENGTH)
    odds = centred[held] @ part[:, :-1].T + part[:, -1]
    numbers = np.unique(classes)
    return {
        "languages": np.array(languages),
        "centres": centres,
        "asked": asked,
        "numbers": numbers,
        "weights": linear_weights(centred, classes, _STRENGTH),
        "sharpness": np.array(fitted_sharpness(odds, np.searchsorted(numbers, classes[held]))),
        "bridge": _bridge(
            centred[groups == 0],
            texts.first([each.text for each in examples if each.language == ENGLISH and each.number is not None]),
        ),
    }


def _bridge(centred: Vectors, first: Vectors) -> Vectors:
    """Fit the map from centred vectors to the first encoder's, (texts, dimensions) both, by ridge regression."""
    mean = first.mean(axis=0)
    held_back = centred.T @ centred + _BRIDGE * np.eye(centred.shape[1])
    weights = np.linalg.solve(held_back, centred.T @ (first - mean))
    return np.vstack([weights, mean]).astype(np.float32)


def _means(vectors: Vectors, groups: npt.NDArray[np.int64], count: int) -> Vectors:
    """The mean of each group, 0 of an empty one."""
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, groups, vectors)
    counts = np.bincount(groups, minlength=count)[:, None].astype(np.float32)
    means: Vectors = (sums / np.maximum(counts, 1)).astype(np.float32)
    return means


def _kept(terms: Sequence[Translated]) -> npt.NDArray[Any]:
    kept = [[term.text, term.language, str(term.number)] for term in terms if term.number is not None]
    return np.array(kept).reshape(-1, 3)
