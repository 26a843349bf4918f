"""Question -> candidates: passages with scores and the scores of their sentences, best first.

A passage's score is the mean of two cosines: the question's to the whole passage, which knows what it is about, and to
the nearest of its sentences, which knows what it says. Higher is better. This module decides nothing about answering.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.embeddings import Encoder
from assistant.index import PassageIndex
from assistant.records import Passage, Span

# Candidates whose sentences are looked at: enough that none that could be shown is missed.
_CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer.

    Attributes:
        score: Higher is better; about 0 for an unrelated passage, 1 at most.
        sentences: The spans of its sentences and clauses inside its text.
        sentence_scores: One a sentence, on the same scale.
    """

    passage: Passage
    score: float
    sentences: tuple[Span, ...]
    sentence_scores: tuple[float, ...]


def search(
    question: str, index: PassageIndex, encoder: Encoder, *, top_k: int, objectives: Collection[int] = ()
) -> list[Candidate]:
    """Find the passages nearest to a question, best first.

    Args:
        top_k: How many at the most.
        objectives: Only passages that carry one of these tags; empty for all.
    """
    query = encoder.encode_query(question)
    count = len(index.passages) if objectives else _CANDIDATES
    candidates = []
    for row, cosine in index.nearest(query, count):
        passage = index.passages[row]
        if objectives and not any(tag.number in objectives for tag in passage.tags):
            continue
        sentence_scores = index.sentence_scores(row, query)
        score = (cosine + float(np.max(sentence_scores))) / 2
        candidates.append(Candidate(passage, score, index.sentences[row], tuple(map(float, sentence_scores))))
    return _best(candidates)[:top_k]


def _best(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.passage.id))
