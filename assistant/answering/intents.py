"""A question -> what it wants: the documents' words, facts about them, a text of our own, or how the meeting is held.

A linear model reads the question's vector: one model for each encoder that ships, since two encoders' vectors can't be
compared. With another encoder every question is taken to ask what the documents say. `python -m bench.fit_intents`
learns the models from questions of `tests/gold`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from assistant.encoding import Encoder, Vectors
from assistant.language import beside_names, content_words, is_content, meetings_in, places_in, words_of

LEARNED = Path(__file__).with_name("intents.npz")
# In the order of the models' rows. Known of the documents themselves are authors, dates, numbers of questions. A text
# of our own would be a summary, a comparison, a translation, a draft. Of the meeting it is asked when and where it is,
# how long it lasts or when it ends, who speaks, and whether it can be followed from afar.
Intent = Literal["content", "documents", "writing", "when", "where", "duration", "speakers", "format"]
INTENTS: tuple[Intent, ...] = get_args(Intent)
OF_MEETING: frozenset[Intent] = frozenset(INTENTS[3:])
_WORDS = "words"  # the name of an array beside those of the encoders
CONTENT: Intent = "content"
LEAST = 0.55  # chance of another intent from which on it counts


@dataclass(frozen=True, slots=True)
class IntentModel:
    """The log odds of the intents, float32, (intents, dimensions + 1); the intercept is last."""

    weights: Vectors

    def intent(self, vector: Vectors) -> Intent:
        """Return what a question of this vector wants."""
        log_odds = self.weights[:, :-1] @ vector + self.weights[:, -1]
        chances = np.exp(log_odds - log_odds.max())
        if chances[0] > (1 - LEAST) * chances.sum():
            return CONTENT
        return INTENTS[1 + int(chances[1:].argmax())]


def intent_of(question: str, encoders: Sequence[Encoder]) -> Intent:
    """Return what a question wants, by the model of the first encoder that has one."""
    if places_in(question) and not beside_names(question):
        return CONTENT
    for encoder in encoders:
        if model := learned().get(encoder.identity.sha256):
            return model.intent(encoder.encode_query(question).vector)
    return CONTENT


def asks_of_meeting_alone(question: str) -> bool:
    """Return whether each word of an English question is one by which people ask of the meeting itself.

    When lunch is, or when a report is due, is asked like when the meeting is.
    """
    beside = (word for word in content_words(question) if is_content(word) and not meetings_in(word))
    return all(word in _words() for word in beside)


@cache
def learned(path: Path = LEARNED) -> Mapping[str, IntentModel]:
    """Read the models, by the sha256 of their encoders' weights."""
    with np.load(path, allow_pickle=False) as kept:
        return {name: IntentModel(kept[name].astype(np.float32)) for name in kept.files if name != _WORDS}


@cache
def _words(path: Path = LEARNED) -> frozenset[str]:
    with np.load(path, allow_pickle=False) as kept:
        return frozenset(kept[_WORDS].tolist())


def save(models: Mapping[str, Vectors], questions: Iterable[str], path: Path = LEARNED) -> None:
    """Keep the weights of models, by encoder, and the words of English questions on the meeting.

    Half precision is enough for the weights.
    """
    arrays: dict[str, Any] = {name: weights.astype(np.float16) for name, weights in models.items()}
    words = sorted({word for question in questions for word in words_of(question)})
    arrays[_WORDS] = np.array(words)
    np.savez_compressed(path, **arrays)
