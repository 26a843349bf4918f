"""Words: a text's words, those that carry its meaning, and their stems.

The rules are those of English; words of other languages are only stemmed.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import Stemmer

from assistant.memory import remembered
from assistant.records import Span

_WORD = re.compile(r"[^\W_]+(?:[’'](?=[^\W_]))?")
_GRAMMAR = frozenset(
    "a about above after again against all also am an and any are as at be because been before being below"
    " between both but by can cannot could did do does doing down during each either else ever few for from"
    " further get gets got had has have having he her here hers him his how however i if in into is it its itself"
    " just let like ll many may me might more most much must my neither no nor not of off on once one only or"
    " other our ours out over own per put re s same shall she should so some such t than that the their theirs"
    " them themselves then there these they this those through thus to too under until up upon us ve very via was"
    " we were what when where whether which while who whom whose why will with within without would yes yet you"
    " your yours".split()
)
# Words by which people ask, and not what they ask about.
_ASKING = frozenset(
    "answer ask asked background concerning describe document documents explain find give gives hello hi know"
    " list mean meaning means mention mentioned mentions note notes paper please question questions regarding said"
    " say saying says show somebody someone something speak tell text texts thanks thing things want wants word"
    " words".split()
)
# Plurals that the stemmer doesn't reduce.
_IRREGULAR = {"children": "child", "women": "woman", "men": "man", "persons": "people", "person": "people"}
_stemmer = Stemmer.Stemmer("english")  # it remembers some thousands of words by itself
_FOREIGN = {"fr": "french", "ru": "russian", "es": "spanish"}  # Snowball's names


def spelt_words(text: str) -> Sequence[tuple[str, Span]]:
    """Return each word of a text in lower case, with its span."""
    return _cached_words(text)


@remembered  # a question's words are needed a dozen times before it is answered
def _cached_words(text: str) -> tuple[tuple[str, Span], ...]:
    words = ((match.group().rstrip("’'"), match.start()) for match in _WORD.finditer(text))
    return tuple((word.lower(), (start, start + len(word))) for word, start in words)


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text in lower case, parts of compounds one by one.

    >>> list(words_of("Child-sensitive data, para. 7"))
    ['child', 'sensitive', 'data', 'para', '7']
    """
    return (word for word, _ in spelt_words(text))


def content_words(text: str) -> list[str]:
    """Return the words that carry a text's meaning, in order; a question that has no others keeps its asking words.

    >>> content_words("What does the note say about the media?")
    ['media']
    """
    words = [word for word in words_of(text) if word not in _GRAMMAR]
    return [word for word in words if word not in _ASKING] or words


def is_content(word: str) -> bool:
    """Return whether a word in lower case carries meaning: it belongs neither to grammar nor to the way of asking."""
    return word not in _GRAMMAR and word not in _ASKING


def stem(word: str) -> str:
    """Reduce a word to the stem that its inflections share (Porter's second English stemmer)."""
    stemmed: str = _stemmer.stemWord(_IRREGULAR.get(word, word))
    return stemmed


def stems_of(text: str) -> list[str]:
    """Return the stems of a text's words, without those of grammar."""
    return [stem(word) for word in words_of(text) if word not in _GRAMMAR]


def foreign_stems(words: Sequence[str], language: str) -> list[str]:
    """Reduce words in lower case to their stems in another language; without a stemmer for it, return them as they are.

    >>> foreign_stems(["mineurs", "accompagnés"], "fr")
    ['mineur', 'accompagn']
    """
    stemmer = _foreign_stemmer(language)
    return stemmer.stemWords(list(words)) if stemmer else list(words)


@cache
def _foreign_stemmer(language: str) -> "Stemmer.Stemmer | None":
    return Stemmer.Stemmer(_FOREIGN[language]) if language in _FOREIGN else None
