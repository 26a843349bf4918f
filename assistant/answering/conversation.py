"""A question and those before it -> the question as understood.

A follow-up ("and for children?", "which objective is that under?") is read together with the question that it leans
on; a question that stands on its own is left alone, so that a change of topic isn't dragged back. Rules, no model.
This module knows nothing of documents.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.language import ENGLISH, act_of, content_words, is_content, leans_on_earlier, parts_of, spelt_words

_CONNECTED = re.compile(
    r"\W*(?:and|also|but|or|so|then|plus|(?:what|how)\s+about|what\s+of|same\s+for)\b", re.IGNORECASE
)
# Asks for more of the same, or for a reason, and says nothing else.
_BARE = re.compile(
    r"(?:(?:can|could) you )?(?:tell me |say )?"
    r"(?:more|why|who|when|where|how|which|what else|anything else|why not|by whom|go on)"
    r"(?: about (?:it|that|this))?\W*",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\W*(?:for|in|on|with|of|to|about|from|by|at)\b", re.IGNORECASE)
_PRONOUNS = frozenset("it its they them their theirs he she him his her".split())
_POINTING = frozenset("this these those that".split())
# "This note" points at the document, not at what was asked before.
_PRESENT = frozenset("note document paper meeting event roundtable round table discussion page assistant".split())
_BEFORE_THAT = frozenset("is was are were does did about of under on in for with to than by from after".split())
_AUXILIARIES = frozenset("is was are were does did do can could will would should has have had".split())
# "What time does it end?": what is asked of it is named, it isn't.
_OF_IT = re.compile(
    rf"\W*(?:\w+ )?(?:what|which|when|where|why|how)(?: \w+)? (?:{'|'.join(sorted(_AUXILIARIES))}) (?:it|this|that)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:which|what|that|this|the\s+(?:first|second|third|last|other|same))\s+ones?\b", re.IGNORECASE)
_QUESTION_WORDS = frozenset("who whom what which where when how why".split())
_ASKS = r"(?:who|whom|what|when|where|which|why|how (?:many|much|long|often))\b"
_PARTED = re.compile(
    rf"(?<=\?)\s+(?:(?:and|or)\s+(?={_ASKS}))?|[,;]?\s+(?:and|or)\s+(?={_ASKS})",
    re.IGNORECASE,
)
_TELLING_PART = 2  # words that carry meaning
_SHORT = 6  # words; a longer phrase that opens with a preposition says enough by itself

# How much a follow-up by itself counts beside the reading together with what it leans on.
_FOCUS_SHARE = 0.4
_FOCUS_SHARE_WITHOUT_CONTENT = 0.15


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as understood.

    Attributes:
        text: The whole of it, for people.
        readings: What to search for: texts with weights that add up to one. A follow-up is looked for twice: together
            with what it leans on, and by itself.
        parts: The questions that it consists of, where it asks for several things; else none.
    """

    text: str
    readings: tuple[tuple[str, float], ...]
    parts: tuple[str, ...] = ()


def understand(question: str, history: Sequence[str], language: str = ENGLISH) -> Understood:
    """Read a question in its conversation.

    >>> understand("and for children?", ["How are migrants informed?"]).text
    'How are migrants informed? and for children?'
    >>> understand("Et pour les enfants ?", ["Comment informer les migrants ?"], "fr").text
    'Comment informer les migrants ? Et pour les enfants ?'
    """
    if language != ENGLISH:
        return _understand_other(question, history, language)
    base = _leant_on(question, history)
    if not base:
        return Understood(question, ((question, 1.0),), _parts_of(question))
    share = _FOCUS_SHARE if any(map(is_content, content_words(question))) else _FOCUS_SHARE_WITHOUT_CONTENT
    whole = f"{base} {question}"
    return Understood(whole, ((whole, 1 - share), (question, share)))


def _understand_other(question: str, history: Sequence[str], language: str) -> Understood:
    if not history or not leans_on_earlier(question, language):
        parts = parts_of(question, language)
        parts = () if any(leans_on_earlier(part, language) for part in parts) else parts
        return Understood(question, ((question, 1.0),), parts)
    standing = [earlier for earlier in history if not leans_on_earlier(earlier, language)]
    whole = f"{(standing or history)[-1].strip()} {question}"
    return Understood(whole, ((whole, 1 - _FOCUS_SHARE), (question, _FOCUS_SHARE)))


def says_nothing(question: str, history: Sequence[str]) -> bool:
    """Whether there is nothing to look for: a greeting, or a "why?" that follows nothing."""
    act = act_of(question)
    if act is not None and act.kind == "greeting":
        return True
    is_bare = bool(_BARE.fullmatch(question.strip())) or (act is not None and act.kind == "bare")
    return is_bare and not history


def _parts_of(question: str) -> tuple[str, ...]:
    """Part a question that asks for several things; a part that leans on another isn't one.

    >>> _parts_of("How many borders were closed, and who wrote the brief?")
    ('How many borders were closed', 'who wrote the brief?')
    """
    parts = tuple(part.strip(" ,;") for part in _PARTED.split(question) if part and part.strip(" ,;"))
    tell = [sum(map(is_content, content_words(part))) >= _TELLING_PART and not is_follow_up(part) for part in parts]
    return parts if len(parts) > 1 and all(tell) else ()


def _leant_on(question: str, history: Sequence[str]) -> str:
    """The last question that stands on its own, if this one doesn't; and the one between them that "it" points to."""
    if not is_follow_up(question):
        return ""
    for back, earlier in enumerate(reversed(history), start=1):
        if not is_follow_up(earlier) or back == len(history):
            between = history[-1] if back > 1 and not _CONNECTED.match(question) else ""
            return " ".join(filter(None, (earlier.strip(), between.strip())))
    return ""


def is_follow_up(question: str) -> bool:
    """Whether a question can't be understood without the one before it."""
    words = [word for word, _ in spelt_words(question)]
    if not words:
        return False
    if _BARE.fullmatch(question.strip()):
        return True
    if _CONNECTED.match(question) or _ONE.search(question) or (_OF_IT.match(question) and not _presents(words)):
        return True
    if _PREPOSITION.match(question) and len(words) <= _SHORT and not question.rstrip().endswith("."):
        # "To whom are messages sent?" says enough by itself.
        is_whole = words[1:2] and words[1] in _QUESTION_WORDS and sum(map(is_content, words)) >= _TELLING_PART
        return not is_whole and not _presents(words)
    return any(_points_back(words, at) for at in range(len(words)))


def _presents(words: list[str]) -> bool:
    """Whether "this" or "that" is said of what lies before everyone's eyes: "when is this meeting?"."""
    return any(word in _POINTING and words[at + 1 :][:1] and words[at + 1] in _PRESENT for at, word in enumerate(words))


def _points_back(words: list[str], at: int) -> bool:
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in _PRONOUNS:
        return not following or not any(map(is_content, words[:at]))
    if word == "that":
        before = words[at - 1] if at else ""
        # "Which objective does that come under?": after an auxiliary follows a verb, unless it opens the question.
        is_subject = at > 1 and before in _AUXILIARIES
        return not following or is_subject or (before in _BEFORE_THAT and not is_content(following))
    return word in _POINTING and following not in _PRESENT
