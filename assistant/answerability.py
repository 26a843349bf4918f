"""A question beside the passages found for it -> how likely they answer it.

One similarity can't tell "How many migrants live in the region?" from "What does the note say on migrants' data?". So
a small logistic model weighs many signs: how near the best passage comes, whether each word of the question finds a
match in it and how telling the unmatched ones are, whether what is asked for (a number, a time, a name, a place) is
of a kind that the passage holds, whether names occur that the documents lack, and whether question and passages fall
under the same objectives.

The weights stand in `answerability.json`, fitted by `python -m bench.fit_answerability` on questions of our own. This
module knows nothing of models or the index.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.search import Candidate, WordMatch

_WEIGHTS = Path(__file__).with_name("answerability.json")

_ASKS_NUMBER = re.compile(
    r"\b(?:how (?:many|much|long|often|big|large|high|far|old|fast|soon)|number of|percentage|per ?cent|cost|budget|"
    r"amount|rate|figures?|statistics|fees?|age|what (?:number|share|proportion|sum|price))\b",
    re.IGNORECASE,
)
_ASKS_TIME = re.compile(
    r"\b(?:when|(?:what|which) (?:date|day|year|month|time|hour)|deadline|dates?|how (?:soon|long))\b", re.IGNORECASE
)
_ASKS_WHO = re.compile(
    r"\b(?:who|whom|whose|which (?:person|organi[sz]ation|body|bodies|agency|agencies|minister|ministry|official|"
    r"company|companies|ngo)|chair|speaker|author|name of)\b",
    re.IGNORECASE,
)
_ASKS_WHERE = re.compile(
    r"\b(?:where|(?:which|what) (?:country|countries|city|cities|place|region|town)|address|venue|location)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion|half|third|quarter|"
    r"per cent)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|"
    r"thursday|friday|saturday|sunday|(?:19|20)\d\d|\d{1,2}:\d\d|years?|months?|days?|weeks?|annual\w*|every)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.?!:;]\s)(?<!^)\b[A-Z][\w-]+")
# Meant for a machine that obeys; nobody asks a document so.
_COMMAND = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|rules?|above|previous|prompt|everything)\b|"
    r"\b(?:system|hidden|developer) (?:prompt|message)\b|\bjailbreak\b|\byou are now\b|\bpretend (?:to be|that you)\b|"
    r"\b(?:write|compose|generate)\b.{0,20}\b(?:poem|story|song|essay|joke|code|script|malware)\b|"
    r"<\s*/?\s*(?:script|img|iframe|svg|style)\b|\bdrop table\b|\bunion select\b|\{\{.*\}\}",
    re.IGNORECASE | re.DOTALL,
)
_ITEM_MARK = re.compile(r"^\s*(?:\d+\.|\([a-z]+\))\s")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a question and the passages found for it fall under the same objectives.

    Attributes:
        shared: The greatest chance, over the passages, that a passage and the question have the same objective.
        apart: How sure it is that the question falls under an objective that the best passage doesn't fall under.
        outside: How likely the question falls under none.
    """

    shared: float
    apart: float
    outside: float


@dataclass(frozen=True, slots=True)
class Answerability:
    """The model: weights of the signs, and the chance from which on a question is answered."""

    means: Mapping[str, float]
    scales: Mapping[str, float]
    weights: Mapping[str, float]
    intercept: float
    threshold: float
    lowest_score: float

    @classmethod
    def read(cls, path: Path = _WEIGHTS) -> "Answerability":
        """Read the fitted weights."""
        fitted: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(**fitted)

    def chance(self, signs: Mapping[str, float]) -> float:
        """Return the chance that a question with these signs is answered, 0 to 1."""
        odds = self.intercept + sum(
            weight * (signs[name] - self.means[name]) / self.scales[name] for name, weight in self.weights.items()
        )
        return 1 / (1 + math.exp(-odds))

    def is_answered(self, signs: Mapping[str, float]) -> bool:
        """Whether to answer: a place that the question names is always answered, what is far from all never."""
        if signs["named"]:
            return True
        return signs["score"] >= self.lowest_score and self.chance(signs) >= self.threshold


def is_command(question: str) -> bool:
    """Whether the words are meant to make a machine do something, and not to find something in a document."""
    return bool(_COMMAND.search(question))


def signs_of(
    question: str, candidates: Sequence[Candidate], words: Sequence[WordMatch], agreement: Agreement
) -> dict[str, float]:
    """Gather the signs of a question and the passages found for it, best first; at least one."""
    best = candidates[0]
    scores = np.array([candidate.signs.weighed for candidate in candidates])
    nearness = sorted(word.nearness for word in words) or [0.0]
    weight = sum(word.weight for word in words) or 1.0
    signs = {
        "named": float(best.signs.is_named),
        "score": best.signs.weighed,
        "sentence": best.signs.sentence,
        "tokens": best.signs.tokens,
        "gap": float(scores[0] - scores[1:].mean()) if len(scores) > 1 else 0.0,
        "weakest word": nearness[0],
        "second weakest word": nearness[min(1, len(nearness) - 1)],
        "mean word": float(np.mean(nearness)),
        "telling words": sum(word.weight * word.nearness for word in words) / weight,
        "words in passage": sum(word.weight for word in words if word.in_passage) / weight,
        "words unknown": sum(word.weight for word in words if not word.is_known) / weight,
        "names unknown": float(sum(word.is_name and not word.is_known for word in words)),
        "words": min(len(words), 12) / 10,
        "length": min(len(question.split()), 25) / 10,
        "same objective": agreement.shared,
        "other objective": agreement.apart,
        "no objective": agreement.outside,
    }
    return signs | _kinds_asked_for(question, best)


def _kinds_asked_for(question: str, best: Candidate) -> dict[str, float]:
    """For each kind of thing that may be asked for: whether it is, and whether the passage or its sentence lacks it."""
    passage = _ITEM_MARK.sub("", best.passage.text)
    at = int(np.argmax(best.sentence_scores)) if best.sentence_scores else 0
    start, end = best.sentences[at] if best.sentences else (0, 0)
    sentence = _ITEM_MARK.sub("", best.passage.text[start:end])
    signs = {}
    for name, asks, holds in (
        ("number", _ASKS_NUMBER, _NUMBER),
        ("time", _ASKS_TIME, _TIME),
        ("who", _ASKS_WHO, _NAME),
        ("where", _ASKS_WHERE, _NAME),
    ):
        asked = bool(asks.search(question))
        signs[f"asks {name}"] = float(asked)
        signs[f"{name} not in passage"] = float(asked and not holds.search(passage))
        signs[f"{name} not in sentence"] = float(asked and not holds.search(sentence))
    return signs
