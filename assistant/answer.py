"""Candidates -> an answer: the sentences quoted, or an honest "not in the documents".

Whatever is quoted is cut from the passages, never written. This module knows nothing of models, files or screens.
"""

import re
from collections.abc import Sequence

from assistant.records import Answer, Hit, Span
from assistant.search import Candidate

# A further passage is shown only if it comes this near to the best one.
_KEPT_SHARE = 0.55
# A further sentence is marked only if it comes this near to the passage's best one.
_MARKED_SHARE = 0.9
_MAX_MARKED = 3  # sentences of one passage
NEAREST = 3  # passages offered with a refusal


def is_question(text: str) -> bool:
    """Whether there is anything to look for: at least one word of two letters or a number."""
    return bool(re.search(r"[^\W\d_]{2,}|\d", text))


def compose(
    question: str,
    understood_as: str,
    candidates: Sequence[Candidate],
    *,
    is_question: bool,
    is_answered: bool,
    corpus: str,
    top_k: int,
) -> Answer:
    """Make the answer to a question.

    Args:
        candidates: Best first.
        is_question: Whether there is anything to look for.
        is_answered: Whether they answer, and don't only touch on the topic.
        corpus: The fingerprint of the documents that were searched.
        top_k: Passages at the most.
    """
    if not is_question:
        notice = "That isn’t a question yet. Ask in a few words."
        return Answer(question, understood_as, "unclear", corpus, notice=notice)
    if not (candidates and is_answered):
        nearest = tuple(Hit(candidate.passage, candidate.score) for candidate in candidates[:NEAREST])
        notice = "No passage answers this question."
        return Answer(question, understood_as, "not_in_documents", corpus, nearest=nearest, notice=notice)
    hits = compose_hits(candidates, top_k)
    return Answer(question, understood_as, "answered", corpus, answer=_quoted(candidates[0]), hits=hits)


def compose_hits(candidates: Sequence[Candidate], top_k: int) -> tuple[Hit, ...]:
    """Take the candidates that are worth showing, at least one, with their sentences marked."""
    kept = [candidate for candidate in candidates if candidate.score >= _KEPT_SHARE * candidates[0].score][:top_k]
    return tuple(Hit(candidate.passage, candidate.score, _highlights(candidate)) for candidate in kept)


def _highlights(candidate: Candidate) -> tuple[Span, ...]:
    best = max(candidate.sentence_scores)
    ranked = sorted(range(len(candidate.sentences)), key=lambda i: -candidate.sentence_scores[i])
    marked = [i for i in ranked[:_MAX_MARKED] if candidate.sentence_scores[i] >= _MARKED_SHARE * best]
    return tuple(candidate.sentences[i] for i in sorted(marked))


def _quoted(candidate: Candidate) -> str:
    """The best sentence and the marked ones that touch it, so that the quotation is one piece of the document."""
    marked = set(_highlights(candidate))
    first = last = max(range(len(candidate.sentences)), key=lambda i: candidate.sentence_scores[i])
    while first > 0 and candidate.sentences[first - 1] in marked:
        first -= 1
    while last + 1 < len(candidate.sentences) and candidate.sentences[last + 1] in marked:
        last += 1
    return candidate.passage.text[candidate.sentences[first][0] : candidate.sentences[last][1]]
