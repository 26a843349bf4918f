"""The kind of thing that a question asks for: a number, a country, what stands somewhere, or the documents themselves.

Of the documents themselves it asks if all of its words are of that kind: nouns of documents, words of what a list of
documents tells, and words of grammar. Whoever asks for more asks what the documents say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.language.places import COUNTABLE, countable_nouns
from assistant.language.profiles import ENGLISH, NEVER, profile_of, profiles
from assistant.language.words import words_of

LISTED = "list"  # the subject of a question that a list of documents answers
_LONGEST = 200  # characters of such a question
_KEYS = ("catalogue", "documents", "beside")  # of the profile's table
# Of these a list of documents tells something.
_TOLD = frozenset({"identity", "date", "count"})


def asked_for(question: str, language: str = ENGLISH) -> frozenset[str]:
    """Return the kinds of thing that a question asks for, in the words of `answer_types`.

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


# The documents themselves ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AboutDocuments:
    """A question about the documents themselves.

    Attributes:
        subject: `LISTED`, or the kind of place that is counted: "paragraph", "question" and so on.
        nouns: The words by which it names documents, in lower case.
        language: ISO 639-1 ("fr").
    """

    subject: str
    nouns: tuple[str, ...]
    language: str


@lru_cache(maxsize=64)
def about_documents(question: str) -> AboutDocuments | None:
    """Return what a question asks about the documents themselves; None where it asks for more.

    >>> about_documents("Who wrote the note?"), about_documents("Who wrote the note on data?")
    (AboutDocuments(subject='list', nouns=('note',), language='en'), None)
    """
    if len(question) > _LONGEST:
        return None
    return next((asked for language in profiles() if (asked := _asked(question, language))), None)


def nouns_of_documents(question: str, language: str) -> tuple[str, ...]:
    """Return the words by which a question names documents, in lower case."""
    return tuple(match[0].lower() for match in _pattern(language, "documents").finditer(question))


def _asked(question: str, language: str) -> AboutDocuments | None:
    profile = profiles()[language]
    if not profile.has("about"):
        return None
    named, listed = nouns_of_documents(question, language), _pattern(language, "catalogue")
    if (counted := _counted(question, language)) and not _says_more(counted[1], language):
        return AboutDocuments(counted[0], named, language)
    is_listed = named and listed.search(question) and asked_for(question, language) <= _TOLD
    return AboutDocuments(LISTED, named, language) if is_listed and not _says_more(question, language) else None


def _counted(question: str, language: str) -> tuple[str, str] | None:
    """Return what a question asks the number of, and what else it says: the noun follows words of grammar at most."""
    if not (count := _count(language).search(question)):
        return None
    if not (noun := countable_nouns(language).search(question, count.end())):
        return None
    if _says_more(question[count.end() : noun.start()], language):
        return None
    kind = next(kind for kind in COUNTABLE if noun.groupdict().get(kind))
    return kind, f"{question[: count.start()]} {question[noun.end() :]}"


def _says_more(text: str, language: str) -> bool:
    """Return whether a text has words beside those about documents, those of grammar and those of asking."""
    for pattern in (_count(language), *(_pattern(language, key) for key in _KEYS)):
        text = pattern.sub(" ", text)
    grammar = frozenset(profiles()[language].listed("writing", "grammar"))
    left = " ".join(word for word in words_of(text) if word not in grammar)
    return asks_for_more(left, language)


@cache
def _pattern(language: str, key: str) -> re.Pattern[str]:
    profile = profiles()[language]
    edge = r"\b" if profile.is_spaced else ""
    return re.compile(f"{edge}(?:{profile.pattern('about', key)}){edge}", re.IGNORECASE)


@cache
def _count(language: str) -> re.Pattern[str]:
    return _kinds(language).get("count") or re.compile(NEVER)
