"""Understand a question in its conversation.

A follow-up ("and for children?", "which objective is that under?") is read together with the question that it leans
on; a question that stands on its own is left alone, so that a change of topic isn't dragged back. The rules are those
of the question's language.
"""

from collections.abc import Sequence

from assistant.language import (
    ENGLISH,
    act_of,
    added_by,
    content_words,
    is_connected,
    is_content,
    is_follow_up,
    parts_of,
)
from assistant.retrieval import Understood

# How much a follow-up by itself counts beside the reading together with what it leans on.
_FOCUS_SHARE = 0.4
_FOCUS_SHARE_WITHOUT_CONTENT = 0.15


def understand(question: str, history: Sequence[str], language: str = ENGLISH) -> Understood:
    """Read a question in its conversation.

    >>> understand("and for children?", ["How are migrants informed?"]).text
    'How are migrants informed? and for children?'
    >>> understand("Et pour les enfants ?", ["Comment informer les migrants ?"], "fr").text
    'Comment informer les migrants ? Et pour les enfants ?'
    """
    base = _leant_on(question, history, language)
    if not base:
        return Understood(question, ((question, 1.0),), parts_of(question, language))
    share = _FOCUS_SHARE if any(map(is_content, content_words(question))) else _FOCUS_SHARE_WITHOUT_CONTENT
    whole = f"{base} {question}"
    readings = ((whole, 1 - share), (question, share))
    return Understood(whole, readings, leant_on=base, added=added_by(question, language))


def says_nothing(question: str, history: Sequence[str]) -> bool:
    """Return whether there is nothing to look for: a greeting, or a "why?" that follows nothing."""
    act = act_of(question)
    return act is not None and (act.kind == "greeting" or (act.kind == "bare" and not history))


def _leant_on(question: str, history: Sequence[str], language: str) -> str:
    """Return what a follow-up leans on: the last question that stands on its own, and the one that "it" points to."""
    if not is_follow_up(question, language):
        return ""
    for back, earlier in enumerate(reversed(history), start=1):
        if not is_follow_up(earlier, language) or back == len(history):
            between = history[-1] if back > 1 and not is_connected(question, language) else ""
            return " ".join(filter(None, (earlier.strip(), between.strip())))
    return ""
