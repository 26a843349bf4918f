"""Find the operating point of an index: the chance from which on a question counts as answered.

The weights in `answerability.json` were fitted with one encoder on some documents. Another encoder's cosines lie
elsewhere, and so do the chances. So an index is probed when it is built: questions are made of its own sentences, and
where their median log odds differ from those of the fit, the operating point moves as far. Small differences are usual
among documents and are ignored.

Another reader's scores lie elsewhere too, and on another scale. The same probes tell where: each is read with the
passage that it was made of and with those that come nearest to that.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.answerability import Answerability, from_log_odds, log_odds
from assistant.answering.judge import LOOKED_AT, Judge
from assistant.index import PassageIndex
from assistant.language import content_words
from assistant.records import Passage, Span
from assistant.retrieval import OWN_SCALE, EnglishFinder, Scale, Understood

_PROBES = 60  # passages that are asked for
_WORDS = 4  # of a sentence in a probe
_BESIDE = 4  # passages that a probe is read with
_LEAST_APART = 0.01  # of two scores that are told apart
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
    for _, probe in probes(index):
        candidates = judge.finder.find(Understood(probe, ((probe, 1.0),)), top_k=LOOKED_AT).candidates
        found.append(log_odds(judge.chance(probe, candidates)))
        index.tokens.release()
    return found


def scaled(index: PassageIndex, finder: EnglishFinder) -> Scale:
    """Return the scale on which the scores that a finder's reader gives to an index's probes lie as ours do."""
    told = probe_scores(index, finder)
    if not told:
        return OWN_SCALE
    found, others = np.median(told, axis=0)
    ours = Answerability.read()
    # A reader that doesn't tell them apart says nothing: whatever its scores, they stand for the same.
    slope = (ours.probe_read - ours.others_read) / (found - others) if found - others >= _LEAST_APART else 0.0
    middle = (ours.probe_read + ours.others_read) / 2
    return Scale(round(float(slope), 4), round(float(middle - slope * (found + others) / 2), 4))


def probe_scores(index: PassageIndex, finder: EnglishFinder) -> list[tuple[float, float]]:
    """Return the reader's score of each probe's own passage, and the highest of those that come nearest to it."""
    told: list[tuple[float, float]] = []
    for row, probe in probes(index) if finder.reader else ():
        found = finder.search(Understood(probe, ((probe, 1.0),)), top_k=_BESIDE)
        index.tokens.release()
        others = [candidate.passage for candidate in found if candidate.row != row]
        if others and finder.reader:
            own, *scores = finder.reader.scores(probe, [index.passages[row], *others])
            told.append((own, max(scores)))
    return told


def probes(index: PassageIndex) -> list[tuple[int, str]]:
    """Return questions made of an index's own sentences, each with its passage's row; always the same ones."""
    # In a random order that is the same each time.
    rows = sorted(range(len(index.passages)), key=lambda row: _digest(index.passages[row].text))
    made = ((row, probe_of(index.passages[row], index.sentences[row])) for row in rows[:_PROBES])
    return [(row, probe) for row, probe in made if probe]


def probe_of(passage: Passage, spans: Sequence[Span]) -> str:
    """Return a question on the longest sentence of a passage; none where that has too few words."""
    start, end = max(spans, key=lambda span: span[1] - span[0])
    words = [word for word in dict.fromkeys(content_words(passage.text[start:end])) if not word.isdigit()]
    kept = sorted(words, key=lambda word: _digest(word + passage.id))[:_WORDS]
    if len(kept) < _WORDS:
        return ""
    return f"What does it say about {' '.join(word for word in words if word in kept)}?"


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
