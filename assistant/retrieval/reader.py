"""Read question and passage together: does this passage answer?

The ranking by likeness is fast and looks at all passages; the reader is slow and looks at the first few. It reads the
best passage and, unless that clearly answers in the document's own words, the next ones that could come before it; then
those that were read are put in order by both.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from assistant.documents import context_of
from assistant.encoding import CrossEncoder
from assistant.records import Passage
from assistant.retrieval.candidates import Candidate

# Fitted by `python -m bench.fit_answerability` on documents that the reader didn't learn from.
MOST_READ = 2  # passages of a question
_SURE = 2.0  # log odds from which on the first passage answers, and no other is read
_MOST_ODDS = 20.0  # log odds that a score stands for at the most, lest another reader's outweigh all else
_SENTENCES = 4  # of the passage that is quoted
_SENTENCE_READ = 0.1  # how much log odds count beside a sentence's likeness to the question
_SENTENCE_ODDS = 4.0  # at the most
_HURRIED = 8  # questions that are being read, from which on only the first passage is, and no sentence


@dataclass(frozen=True, slots=True)
class Scale:
    """The straight line from a cross-encoder's own scores to log odds; ours gives log odds itself."""

    slope: float = 1.0
    offset: float = 0.0


OWN_SCALE = Scale()


class Reader:
    """A reader of the first few candidates; safe to share between threads."""

    def __init__(self, model: CrossEncoder, scale: Scale = OWN_SCALE) -> None:
        """Take the model that reads, and the scale of its scores."""
        self.model = model
        self._scale = scale
        self._reading = 0
        self._lock = threading.Lock()

    def read(self, question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the candidates with what was read of them, best first; the first ones are read, at least one."""
        with self._counted() as others:
            most = 1 if others >= _HURRIED else MOST_READ
            read = [*self._read(question, candidates[:1])]
            read += self._read(question, _worth_reading(read, candidates[1:most]) if read else ())
        known = {each.row: each for each in read}
        first = [known.get(each.row, each) for each in candidates[:most]]
        return [*sorted(first, key=lambda each: (-each.score, each.row)), *candidates[most:]]

    def read_sentences(self, question: str, candidate: Candidate) -> Candidate:
        """Return a candidate with the scores that its likeliest sentences have once each was read by itself."""
        scores, passage = np.array(candidate.sentence_scores), candidate.passage
        likely = np.argsort(-scores, kind="stable")[:_SENTENCES]
        alone = [replace(passage, text=passage.text[slice(*candidate.sentences[i])], body=0) for i in likely]
        with self._counted() as others:
            if len(likely) < 2 or others >= _HURRIED:
                return candidate
            odds = self._scale.slope * np.array(self.scores(question, alone)) + self._scale.offset
        scores[likely] += _SENTENCE_READ * (odds.clip(-_SENTENCE_ODDS, _SENTENCE_ODDS) + _SENTENCE_ODDS)
        return replace(candidate, sentence_scores=tuple(scores.tolist()))

    def scores(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """Return the model's own scores of passages."""
        return self.model.scores(question, [context_of(passage) for passage in passages]) if passages else []

    def _read(self, question: str, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
        scores = self.scores(question, [each.passage for each in candidates])
        for each, score in zip(candidates, scores, strict=True):
            odds = self._scale.slope * score + self._scale.offset
            yield replace(each, odds=min(max(odds, -_MOST_ODDS), _MOST_ODDS))

    @contextmanager
    def _counted(self) -> Iterator[int]:
        """Count a question while it is read; yield how many others are."""
        with self._lock:
            others, self._reading = self._reading, self._reading + 1
        try:
            yield others
        finally:
            with self._lock:
                self._reading -= 1


def _worth_reading(read: Sequence[Candidate], others: Sequence[Candidate]) -> Sequence[Candidate]:
    """Return what is read after the first: what may come before it; originals where it is a digest's that answers."""
    if (read[0].odds or 0.0) < _SURE:
        return [each for each in others if each.most > read[0].score]
    if read[0].passage.source.kind == "original":
        return ()
    return [each for each in others if each.passage.source.kind == "original"]
