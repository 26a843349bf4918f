"""Names in a question, beside places: quoted phrases, names and acronyms as documents write them, and documents.

A document is named by its title, or by its kind ("the note"). As places are, kinds are looked for in all languages.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from assistant.language.citations import without_documents
from assistant.language.detection import is_in_latin
from assistant.language.places import without_places
from assistant.language.profiles import ENGLISH, NEVER, Profile, profiles
from assistant.language.words import is_content, words_of
from assistant.memory import remembered
from assistant.records import Source

_LONGEST = 500  # characters of a quotation; what opens one and isn't closed is looked through no further
_QUOTED = re.compile(
    "|".join(
        (
            rf'"([^"]{{1,{_LONGEST}}})"',
            *(f"{opening}([^{closing}]{{1,{_LONGEST}}}){closing}" for opening, closing in ("“”", "«»", "»«", "‹›")),
            rf"„([^“”]{{1,{_LONGEST}}})[“”]",
            rf"(?<!\w)‘([^’]{{1,{_LONGEST}}})’(?!\w)",
            rf"(?<!\w)'([^']{{1,{_LONGEST}}})'(?!\w)",
            rf"[「『《＂]([^「」『』《》＂]{{1,{_LONGEST}}})[」』》＂]",
            rf"”([^”]{{1,{_LONGEST}}})”",
            rf"‚([^‘’]{{1,{_LONGEST}}})[‘’]",
        )
    )
)
# Written as no other word is: "GCM", "COVID-19", "@UNMigNetwork".
_ACRONYM = re.compile(r"[@#]\w+|\b[A-Z][\w-]*[A-Z0-9][\w-]*\b")
# The same, or in Latin letters inside another script.
_NAME = re.compile(rf"{_ACRONYM.pattern}|\b[A-Za-z][A-Za-z-]{{2,}}\b")


def names_in(question: str, language: str) -> tuple[str, ...]:
    """Return the names and acronyms that stand in a question as documents write them.

    >>> names_in("Что такое GCM?", "ru")
    ('GCM',)
    """
    is_latin = is_in_latin(language) and language != ENGLISH
    if is_latin and question.isupper():
        question = " ".join(word for word in question.split() if word[0] in "@#")  # capitals tell nothing here
    pattern = _ACRONYM if is_latin else _NAME
    return tuple(dict.fromkeys(pattern.findall(question)))


def quoted_phrases(question: str) -> tuple[str, ...]:
    """Return what a question puts in quotation marks, in lower case; words of grammar alone aren't a phrase.

    >>> quoted_phrases('Where does it say “Child-sensitive data”?')
    ('child sensitive data',)
    """
    quoted = (" ".join(words_of("".join(match.groups("")))) for match in _QUOTED.finditer(question))
    return tuple(phrase for phrase in quoted if any(map(is_content, phrase.split())))


def without_quoted(question: str) -> str:
    """Return a question without what it puts in quotation marks."""
    return _QUOTED.sub(" ", question)


def beside_names(question: str) -> list[str]:
    """Return the words that carry meaning in what a question says beside places and phrases.

    >>> beside_names('What does para. 4 say about "data" of children?')
    ['children']
    """
    rest = without_quoted(question)
    # A document is told by the place before it, which is taken away with the document's name gone.
    return [word for word in words_of(without_places(without_documents(rest))) if is_content(word)]


def holds_phrase(text: str, phrase: str) -> bool:
    """Return whether a text holds a phrase, as words in lower case."""
    return f" {phrase} " in f" {' '.join(words_of(text))} "


# Documents -----------------------------------------------------------------------------------------------------------

_TITLE_SPACES = 2  # of a title; a shorter one may well stand in a question without being meant
_BETWEEN = 3  # words between "the" and the noun: "the Secretary-General's policy brief"


def named_documents(question: str, sources: Iterable[Source]) -> frozenset[str]:
    """Return the ids of the documents that a question asks to answer from, by title or kind; none for all.

    First come those that it asks what they say ("according to the brief"), then those whose title it holds, and last
    those that it mentions, if their own words are here: who wrote a brief, another document may say.

    >>> note = Source("note", "Roundtable 4", type="background note")
    >>> brief = Source("brief", "On borders", "digest", type="policy brief")
    >>> [*named_documents("What does the note say about the brief?", [note, brief])]
    ['note']
    """
    asked, mentioned = _named_kinds(question)
    folded = " ".join(question.casefold().split())
    by_kind, titled, known = set(), set(), set()
    for source in sources:
        kinds = _kinds_of(source.type or source.title) if mentioned else frozenset()
        by_kind |= {source.id} if kinds & asked else set()
        known |= {source.id} if kinds & mentioned and source.kind == "original" else set()
        if source.title.count(" ") >= _TITLE_SPACES and source.title.casefold() in folded:
            titled.add(source.id)
    return frozenset(by_kind or titled or known)


@remembered
def _named_kinds(question: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the kinds of documents that a question asks what they say, and all that it mentions."""
    asked, mentioned = set(), set()
    for match in (match for pattern in _mentions() for match in pattern.finditer(question)):
        parts = match.groupdict()
        kinds = {kind for kind, noun in parts.items() if noun and kind not in ("asked", "said")}
        mentioned |= kinds
        asked |= kinds if parts["asked"] or parts["said"] else set()
    return frozenset(asked), frozenset(mentioned)


@lru_cache(maxsize=1024)
def _kinds_of(type_or_title: str) -> frozenset[str]:
    """Return the kinds that a document is of, by its type or, without one, by its title."""
    return frozenset(kind for kind, noun in _nouns_of_all() if noun.search(type_or_title))


@cache
def _nouns_of_all() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile(rf"(?<!\w)(?:{noun})(?!\w)" if profile.is_spaced else noun, re.IGNORECASE))
        for profile in profiles().values()
        for kind, noun in profile.patterns("documents", "nouns").items()
    )


@cache
def _mentions() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_mention(each), re.IGNORECASE) for each in profiles().values() if each.has("documents"))


def _mention(profile: Profile) -> str:
    """Return the pattern of a mention: "in", "the", a few words, the noun, "says"."""
    asked, said, definite = (profile.pattern("documents", key) for key in ("asked", "said", "definite"))
    noun = "|".join(f"(?P<{kind}>{noun})" for kind, noun in profile.patterns("documents", "nouns").items())
    if not profile.is_spaced:
        return rf"(?P<asked>{asked})?(?:{noun})(?P<said>{said})?"
    the = "" if definite == NEVER else rf"(?:{definite})\b\s*"
    between = rf"(?:(?!(?:{definite}|{asked})\b)[\w'’.-]+\s+){{0,{_BETWEEN}}}?"
    before = rf"(?<![\w'’.-])(?:(?P<asked>{asked})\b\s*)?{the}{between}"
    return rf"{before}(?:{noun})(?!\w)(?:\s+(?P<said>{said})(?!\w))?"
