"""Compose the answer to a question: sentences quoted from its candidates, or an honest "not in the documents".

Whatever is quoted is cut from an original's passages, never written. A digest is our own summary: where only that
answers, nothing is quoted.
"""

import re
from collections.abc import Sequence

from assistant.records import Answer, Hit, Span
from assistant.retrieval import Candidate

_KEPT_SHARE = 0.55  # of the best passage's score, from which on a further passage is shown
_MARKED_SHARE = 0.9  # of the best sentence's score, from which on a further sentence is marked
_MAX_MARKED = 3  # sentences of one passage
# Asks for several things of a kind: "which measures", "what are the risks", "how can states …".
_ASKS_FOR_LIST = re.compile(
    r"\b(?:which|what)\s+(?:\w+\s+){0,2}?(?!(?:is|was|does|has|this|its|us)\b)\w+[^s\W]s\b|\bwhat are\b|\blist\b|"
    r"\b(?:measures|ways|examples|steps|topics)\b|\bhow (?:can|may|should|could)\b",
    re.IGNORECASE,
)
_LIST = 3  # clauses that make one
# Of a digest's score, from which on an original answers about as well and is quoted; what was read of both is in it.
# On development questions 0.83 to 0.9 hardly differ in how often the first passage is one that answers.
_AS_WELL_SHARE = 0.85
NEAREST = 3  # passages offered with a refusal


def is_question(text: str) -> bool:
    """Return whether there is anything to look for: at least one word of two letters or a number."""
    return bool(re.search(r"[^\W\d_]{2,}|\d", text))


def compose(
    question: str,
    understood_as: str,
    candidates: Sequence[Candidate],
    *,
    is_answered: bool,
    corpus: str,
    notice: str,
    top_k: int,
) -> Answer:
    """Return the answer to a question.

    Args:
        candidates: Best first.
        is_answered: Whether they answer, and don't only touch on the topic.
        corpus: The fingerprint of the documents that were searched.
        notice: What is said with a refusal.
        top_k: Passages at the most.
    """
    if not (candidates and is_answered):
        nearest = tuple(Hit(candidate.passage, candidate.score) for candidate in candidates[:NEAREST])
        return Answer(question, understood_as, "not_in_documents", corpus, nearest=nearest, notice=notice)
    ranked = quoted_first(candidates)
    hits = compose_hits(ranked, top_k, asks_for_list=bool(_ASKS_FOR_LIST.search(understood_as)))
    quoted = _quoted(ranked[0], hits[0].highlights) if _is_original(ranked[0]) else None
    return Answer(question, understood_as, "answered", corpus, answer=quoted, hits=hits)


def quoted_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with the original that is quoted first, or with a digest where no original answers as well.

    Args:
        candidates: Best first, at least one.
    """
    best = candidates[0]
    if not _is_original(best):
        least = _AS_WELL_SHARE * best.score
        best = next((each for each in candidates if _is_original(each) and each.score >= least), best)
    return [best, *(each for each in candidates if each is not best)]


def _is_original(candidate: Candidate) -> bool:
    return candidate.passage.source.kind == "original"


def compose_hits(candidates: Sequence[Candidate], top_k: int, *, asks_for_list: bool = False) -> tuple[Hit, ...]:
    """Return the candidates that are worth showing, the first among them, with what answers in them marked.

    Args:
        asks_for_list: Whether all clauses of a list answer, of which one does.
    """
    # A place that the question names is shown, and doesn't hide what else is found.
    least = _KEPT_SHARE * max(candidate.features.score for candidate in candidates)
    others = [each for each in candidates[1:] if each.features.is_named or each.features.score >= least]
    kept = [candidates[0], *others][:top_k]
    return tuple(Hit(each.passage, each.score, _highlights(each, asks_for_list=asks_for_list)) for each in kept)


def _highlights(candidate: Candidate, *, asks_for_list: bool) -> tuple[Span, ...]:
    best = max(candidate.sentence_scores)
    if asks_for_list and (clauses := _list_around_best(candidate)):
        return clauses
    ranked = sorted(range(len(candidate.sentences)), key=lambda i: -candidate.sentence_scores[i])
    marked = [i for i in ranked[:_MAX_MARKED] if candidate.sentence_scores[i] >= _MARKED_SHARE * best]
    return tuple(candidate.sentences[i] for i in sorted(marked))


def _list_around_best(candidate: Candidate) -> tuple[Span, ...]:
    """Return the clauses of the list, parted by semicolons, that the best belongs to; none where it is no list."""
    text, spans = candidate.passage.text, candidate.sentences
    first = last = candidate.best_sentence
    while first > 0 and text.startswith(";", spans[first - 1][1]):
        first -= 1
    while last + 1 < len(spans) and text.startswith(";", spans[last][1]):
        last += 1
    return spans[first : last + 1] if last - first + 1 >= _LIST else ()


def _quoted(candidate: Candidate, marked: Sequence[Span]) -> str:
    """Return the best sentence and the marked ones next to it, so that the quotation is one piece of the document."""
    spans = candidate.sentences
    first = last = candidate.best_sentence
    while first > 0 and spans[first - 1] in marked:
        first -= 1
    while last + 1 < len(spans) and spans[last + 1] in marked:
        last += 1
    return candidate.passage.text[spans[first][0] : spans[last][1]]
