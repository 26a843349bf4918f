"""Estimate how likely the passages found for a question answer it.

One similarity can't tell "How many migrants live in the region?" from "What does the note say on migrants' data?". So a
small logistic model weighs many features: how near the best passage comes, whether each word of the question finds a
match in it and how rare the unmatched ones are, whether what is asked for (a number, a time, a name, a place) is of a
kind that the passage holds, whether names occur that the documents lack, and whether question and passages fall under
the same objectives. Its weights stand in `answerability.json`, fitted by `python -m bench.fit_answerability`.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from assistant.answering.answer_types import Texts, type_features
from assistant.encoding import Vectors
from assistant.language import act_of
from assistant.retrieval import Candidate, WordMatch

_WEIGHTS = Path(__file__).with_name("answerability.json")
ACROSS_LANGUAGES = Path(__file__).with_name("crosslingual.json")  # weights; by `python -m bench.fit_crosslingual`

# Meant for a machine that obeys; nobody asks a document so.
_COMMAND = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|rules?|above|previous|prompt|everything)\b|"
    r"\b(?:system|hidden|developer) (?:prompt|message|instructions)\b|\bjailbreak\b|\byou are now\b|"
    r"(?:^|[.;:!>]\s*|\b(?:please|just) )"
    r"(?:(?:admit|confess|obey|act as)\b|(?:answer|respond) (?:only|just) (?!from\b|with what\b))|"
    r"(?:^|[.;,:!>]\s*|\b(?:and|just|please|now) )(?:pretend|make up|invent|reply|repeat (?:after|the word)|shut up|"
    r"(?:say|state|claim|declare|announce|confirm|agree) that|delete (?:it|all|the))\b|"
    r"(?:^|[.;:,!?>]\s*|\b(?:please|can you|could you) )translate (?:this|that|it|the)"
    r"(?: (?:note|text|document|passage|paragraph|answer|page))?(?:\W*$|"
    r" (?:in)?to (?!action|practice|polic|measure|law))|"
    r"\bno (?:documents?|sources?) needed\b|\bwhatever the (?:documents?|notes?|texts?) says?\b|"
    r"\byou(?:['’]re| are) (?:a |an |so )?(?:\w+ )?(?:useless|stupid|dumb|liar|idiot|worthless|pathetic)\b|"
    r"\b(?:(?:write|compose|generate)(?: me| us)?|tell (?:me|us)) (?:an? |the |some )(?:\w+ )?"
    r"(?:poem|story|song|essay|joke|code|script|malware|speech)\b|"
    r"<\s*/?\s*(?:script|img|iframe|svg|style)\b|\bdrop table\b|\bunion select\b|\{\{.{0,200}?\}\}",
    re.IGNORECASE | re.DOTALL,
)
_NEARBY = 3  # passages in which what is asked for may stand
# Words beyond these tell no more: a long question isn't better answered than a middling one.
_MOST_ODDS = 700.0  # logarithm; more would be no number, and the chance is none long before
_MOST_CONTENT, _MOST_WORDS = 12, 12
_WELL_MATCHED = 0.6  # mean nearness of the words, below which a question is hardly answered


@dataclass(frozen=True, slots=True)
class Answerability:
    """A logistic model with standardised features.

    Attributes:
        threshold: Chance from which on a question is answered, for the encoder and documents of the fit.
        probed: Median log odds of the chance of questions made of those documents.
        sha256: Digest of the weights.
    """

    means: Mapping[str, float]
    scales: Mapping[str, float]
    weights: Mapping[str, float]
    intercept: float
    threshold: float
    probed: float
    sha256: str

    @classmethod
    def read(cls, path: Path = _WEIGHTS) -> "Answerability":
        """Read the fitted weights."""
        content = path.read_bytes()
        fitted: dict[str, Any] = json.loads(content)
        return cls(**fitted, sha256=hashlib.sha256(content).hexdigest())

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


def is_command(question: str) -> bool:
    """Return whether the words order a machine about instead of asking a document."""
    act = act_of(question)
    return bool(_COMMAND.search(question)) or (act is not None and act.kind == "command")


def features_of(
    question: str, candidates: Sequence[Candidate], words: Sequence[WordMatch], objectives: Mapping[str, float]
) -> dict[str, float]:
    """Return the features of a question and the passages found for it, best first; at least one.

    Args:
        objectives: As `objective_features` returns them.
    """
    best = candidates[0]
    best_score, *others = [candidate.features.score for candidate in candidates]
    nearness = sorted(word.nearness for word in words) or [0.0]
    weight = sum(word.weight for word in words) or 1.0
    weighted = sum(word.weight * word.nearness for word in words) / weight
    unknown = sum(word.weight for word in words if not word.is_known) / weight
    features = {
        "named": float(best.features.is_named),
        "score": best_score,
        "sentence": best.features.sentence,
        "tokens": best.features.tokens,
        "gap": best_score - fmean(others) if others else 0.0,
        "weakest word": nearness[0],
        "second weakest word": nearness[min(1, len(nearness) - 1)],
        "mean word": fmean(nearness),
        "telling words": weighted,
        "telling words far": max(0.0, _WELL_MATCHED - weighted),
        "words in passage": sum(word.weight for word in words if word.in_passage) / weight,
        "words unknown": unknown,
        "names unknown": float(sum(word.is_name and not word.is_known for word in words)),
        "content words": min(len(words), _MOST_CONTENT) / 10,
        "length": min(len(question.split()), _MOST_WORDS) / 10,
        **objectives,
        "no objective and words unknown": objectives["no objective"] * unknown,
    }
    return features | type_features(question, texts_of(candidates))


def objective_features(asked: Vectors, candidates: Sequence[Candidate]) -> dict[str, float]:
    """Return how far a question and its candidates fall under the same objectives.

    Args:
        asked: float32, (objectives,): the probability of each for the question.
    """
    passages = np.array([candidate.objectives for candidate in candidates])
    likely = int(np.argmax(asked))
    return {
        "same objective": float((passages @ asked).max()),  # of any passage
        "other objective": float(asked[likely] * (1 - passages[0, likely])),  # the likeliest isn't the best passage's
        "no objective": float(1 - asked.sum()),
    }


def texts_of(candidates: Sequence[Candidate]) -> Texts:
    """Return the texts of candidates in which an answer is looked for."""
    best = candidates[0]
    start, end = best.sentences[best.best_sentence]
    nearby = [candidate.passage.text for candidate in candidates[:_NEARBY]]
    return Texts(best.passage.text[start:end], best.passage.text, nearby)
