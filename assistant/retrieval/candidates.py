"""The nouns of retrieval: a question as it is searched for, its candidates, and the features that rank them."""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assistant.records import Passage, Span

# What is added to the score of a passage that was read: so much where it surely answers, by log odds at a temperature.
# Fitted by `python -m bench.fit_answerability`.
_READ, _TEMPERATURE = 0.1, 2.0


@dataclass(frozen=True, slots=True)
class Understood:
    """A question after the conversation so far was taken into account.

    Attributes:
        text: The whole of it, for people.
        readings: Texts to search for, with weights that add up to one. A follow-up is searched for twice: together with
            what it leans on, and by itself.
        parts: The questions that it consists of, where it asks for several things; else none.
        leant_on: What a follow-up leans on, where it only adds a phrase to it.
        added: That phrase.
    """

    text: str
    readings: tuple[tuple[str, float], ...]
    parts: tuple[str, ...] = ()
    leant_on: str = ""
    added: str = ""

    @property
    def typed(self) -> str:
        """The asker's own last words."""
        return self.readings[-1][0]

    @property
    def alone(self) -> "tuple[Understood, ...]":
        """Its parts, each as a question of its own."""
        return tuple(Understood(part, ((part, 1.0),)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that is searched for.

    Attributes:
        weight: Share beside the other readings of the same question; they add up to one.
        objectives: float32, (objectives,): the probability of each objective; None where that isn't known.
    """

    text: str
    weight: float = 1.0
    objectives: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """The features that rank a passage for a question, unweighted; see `ranking` for each feature.

    Attributes:
        score: Weighted sum of the features, 0 to 1.
        is_named: Whether the question names the passage's place or quotes its words.
        terms: Share of the question's terms whose English equivalents the passage holds; across languages only.
    """

    meaning: float
    sentence: float
    tokens: float
    sentence_tokens: float
    words: float
    objectives: float
    score: float
    is_named: bool = False
    terms: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer.

    Attributes:
        row: Row in the index.
        sentences: Spans of the sentences and clauses inside the passage's text.
        sentence_scores: Likeness of each sentence to the question, 0 to 1.
        objectives: float32, (objectives,): the probability of each for the passage.
        reading: The first of the question's readings.
        nearness: For each token of that reading, the greatest cosine to a token of the passage.
        odds: By the reader, the log odds that it answers; None where it wasn't read.
    """

    row: int
    passage: Passage
    features: Features
    sentences: tuple[Span, ...]
    sentence_scores: tuple[float, ...]
    objectives: npt.NDArray[np.float32] = field(compare=False)
    reading: str = ""
    nearness: tuple[float, ...] = ()
    odds: float | None = None

    @property
    def score(self) -> float:
        """The rank score, higher is better: more where the passage was read, and one more where the question names it.

        The first few are read, and what is added is never negative, so that these stay before the others.
        """
        return self._unread + (_READ / (1 + math.exp(-self.odds / _TEMPERATURE)) if self.odds is not None else 0.0)

    @property
    def most(self) -> float:
        """The rank score that it would have if, by the reader, it surely answered."""
        return self._unread + _READ

    @property
    def _unread(self) -> float:
        return float(self.features.is_named) + self.features.score

    @property
    def best_sentence(self) -> int:
        """The place of its best sentence among its sentences."""
        return self.sentence_scores.index(max(self.sentence_scores))


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates for a question, best first, and those for each of its parts by itself."""

    candidates: list[Candidate]
    parts: tuple[tuple[str, list[Candidate]], ...] = ()


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word of the question beside a passage.

    Attributes:
        nearness: Mean, over the word's tokens, of the greatest cosine to a token of the passage.
        weight: Inverse document frequency.
        is_known: Whether any document holds the word, in any inflection.
        in_passage: Whether the passage does.
        is_name: Whether it is written like a name, with a capital inside the question.
    """

    word: str
    nearness: float
    weight: float
    is_known: bool
    in_passage: bool
    is_name: bool
