"""The kind of thing that a question asks for, such as a number or a country, or no more than what stands somewhere."""

import re
from collections.abc import Mapping
from functools import cache

from assistant.language.profiles import ENGLISH, profile_of


def asked_for(question: str, language: str = ENGLISH) -> frozenset[str]:
    """Return the kinds of thing that a question asks for, in the words of the profiles.

    >>> sorted(asked_for("Combien de pays ?", "fr"))
    ['count']
    """
    return frozenset(kind for kind, pattern in _kinds(language).items() if pattern.search(question))


def asks_for_more(question: str, language: str) -> bool:
    """Return whether a question has words beside those that ask what something says.

    >>> asks_for_more("Que dit le ?", "fr"), asks_for_more("Que dit le sur les enfants ?", "fr")
    (False, True)
    """
    return bool(re.search(r"[^\W_]", _manner(language).sub(" ", question)))


@cache
def _kinds(language: str) -> Mapping[str, re.Pattern[str]]:
    kinds = profile_of(language).patterns("asking", "kinds")
    return {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in kinds.items()}


@cache
def _manner(language: str) -> re.Pattern[str]:
    profile = profile_of(language)
    edge = r"\b" if profile.is_spaced else ""
    return re.compile(f"{edge}(?:{profile.pattern('asking', 'manner')}){edge}", re.IGNORECASE)
