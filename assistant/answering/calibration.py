"""Find the operating point of an index: the chance from which on a question counts as answered.

The weights in `answerability.json` were fitted with one encoder on some documents. Another encoder's cosines lie
elsewhere, and so do the chances. So an index is probed when it is built: questions are made of its own sentences, and
where their median log odds differ from those of the fit, the operating point moves as far. Small differences are usual
among documents and are ignored.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.answerability import from_log_odds, log_odds
from assistant.answering.judge import LOOKED_AT, Judge
from assistant.index import PassageIndex
from assistant.language import content_words
from assistant.records import Passage, Span
from assistant.retrieval import Understood

_PROBES = 60  # passages that are asked for
_WORDS = 4  # of a sentence in a probe
_SPREAD = 0.5  # log odds by which the documents of one encoder differ among each other


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The chance from which on a question counts as answered by some documents with some encoder.

    Attributes:
        threshold: That chance.
        apart: By how much the log odds of the probes lie above those of the documents that the weights were fitted on.
        probes: Number of the probes.
    """

    threshold: float = 0.5
    apart: float = 0.0
    probes: int = 0


def calibrated(index: PassageIndex, judge: Judge) -> OperatingPoint:
    """Return the operating point of an index."""
    model = judge.model
    found = probed(index, judge)
    apart = float(np.median(found)) - model.probed if found else 0.0
    moved = math.copysign(max(0.0, abs(apart) - _SPREAD), apart)
    threshold = from_log_odds(log_odds(model.threshold) + moved)
    return OperatingPoint(round(threshold, 4), round(apart, 3), len(found))


def probed(index: PassageIndex, judge: Judge) -> list[float]:
    """Return the log odds of the chance that each probe of an index is answered."""
    found = []
    for probe in probes(index):
        candidates = judge.finder.search(Understood(probe, ((probe, 1.0),)), top_k=LOOKED_AT)
        found.append(log_odds(judge.chance(probe, candidates)))
        index.tokens.release()
    return found


def probes(index: PassageIndex) -> list[str]:
    """Return questions made of an index's own sentences, the same ones for the same documents."""
    # In a random order that is the same each time.
    shuffled = sorted(zip(index.passages, index.sentences, strict=True), key=lambda each: _digest(each[0].text))
    made = (_probe(passage, spans) for passage, spans in shuffled[:_PROBES])
    return [probe for probe in made if probe]


def _probe(passage: Passage, spans: Sequence[Span]) -> str:
    """Return a question on the longest sentence of a passage; none where that has too few words."""
    start, end = max(spans, key=lambda span: span[1] - span[0])
    words = [word for word in dict.fromkeys(content_words(passage.text[start:end])) if not word.isdigit()]
    kept = sorted(words, key=lambda word: _digest(word + passage.id))[:_WORDS]
    if len(kept) < _WORDS:
        return ""
    return f"What does it say about {' '.join(word for word in words if word in kept)}?"


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
