"""Names in a question, beside places: phrases in quotation marks, and names and acronyms as documents write them."""

import re

from assistant.language.citations import without_documents
from assistant.language.detection import is_in_latin
from assistant.language.places import without_places
from assistant.language.profiles import ENGLISH
from assistant.language.words import is_content, words_of

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
