"""Acts of a text that asks nothing: it greets, or is a bare word of asking.

Phrases from the languages' profiles. A greeting is known without knowing its language first, since one or two words
seldom tell that.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.language.profiles import NEVER, profiles
from assistant.memory import remembered

_LONGEST_PHRASES = 200  # characters of greetings or bare words
_LATIN = "[a-z]"
_ANYWHERE = ("ok", "okay")  # said in all languages

Kind = Literal["greeting", "bare"]
_KINDS: tuple[Kind, ...] = ("greeting", "bare")


@dataclass(frozen=True, slots=True)
class Act:
    """The act of a text."""

    # A greeting may be thanks or small talk; a bare word of asking says nothing unless something was asked before.
    kind: Kind
    language: str  # ISO 639-1 ("fr")


@remembered  # a question is looked at several times before it is answered
def act_of(text: str) -> Act | None:
    """Return what a text does; None where it asks, or may do so.

    >>> act_of("Bonjour, comment ça va ?")
    Act(kind='greeting', language='fr')
    """
    folded = _folded(text).lower().strip()
    for kind in _KINDS:
        for language in profiles():
            if _does(kind, folded, language):
                return Act(kind, language)
    return None


def is_bare(text: str, language: str) -> bool:
    """Return whether a text is a bare word of asking in a language: "why?", "tell me more"."""
    return _does("bare", _folded(text).lower().strip(), language)


def _does(kind: Kind, folded: str, language: str) -> bool:
    if not _script(language).search(folded):
        return False
    return len(folded) <= _LONGEST_PHRASES and bool(_pattern(kind, language).fullmatch(folded))


@cache
def _script(language: str) -> re.Pattern[str]:
    """A letter of a language's script, in lower case and without accents."""
    return re.compile(profiles()[language].script or _LATIN)


@cache
def _pattern(kind: Kind, language: str) -> re.Pattern[str]:
    profile = profiles()[language]
    if kind == "bare":
        return _phrases(profile.listed("acts", "bare"), is_spaced=profile.is_spaced)
    return _phrases((*profile.listed("acts", "greetings"), *_ANYWHERE), is_spaced=profile.is_spaced)


def _folded(text: str) -> str:
    """Return a text without accents and vowel signs, and with one kind of apostrophe."""
    parts = unicodedata.normalize("NFKD", text.replace("'", "’"))
    return "".join(character for character in parts if unicodedata.category(character) != "Mn")


def _phrases(phrases: Sequence[str], *, is_spaced: bool) -> re.Pattern[str]:
    """Compile one or more phrases, whatever stands between them; without backtracking, lest a long text take long."""
    gap = r"[\W_]+" if is_spaced else r"[\W_]*"
    longest_first = sorted({_folded(phrase).lower() for phrase in phrases}, key=len, reverse=True)
    either = "|".join(r"[\W_]+".join(map(re.escape, re.findall(r"\w+", phrase))) for phrase in longest_first)
    edge = r"\b" if is_spaced else ""
    return re.compile(rf"\A[\W_]*+(?>(?:{either}){edge})(?>{gap}(?:{either}){edge})*+[\W_]*" if either else NEVER)
