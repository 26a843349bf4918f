"""A question in another language -> the English terms of the field that stand for what it says.

A glossary of our own, `glossary.toml`; inflections meet on their stems. Nothing is translated for a person to read:
the terms are only looked for in the passages. This module knows nothing of documents or vectors.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.words import foreign_stems

_GLOSSARY = Path(__file__).with_name("glossary.toml")
_WORD = re.compile(r"[^\W\d_]+")
# What Arabic puts before and after a word: light stemming (light10: Larkey, Ballesteros and Connell, 2007), which
# brings forms with and without an article together; Snowball's stemmer often doesn't.
_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
_SHORTEST = 2  # letters that stay


@dataclass(frozen=True, slots=True)
class _Term:
    """A term in another language.

    Attributes:
        key: Its words' stems; of Chinese its characters.
        entry: The number of its entry.
    """

    key: tuple[str, ...]
    entry: int


class Glossary:
    """Terms of the field in the languages of the United Nations."""

    def __init__(self, entries: Sequence[Mapping[str, Sequence[str]]]) -> None:
        """Take entries, each with its terms by language."""
        self._entries = entries
        self._terms: dict[str, dict[str, list[_Term]]] = {}  # by language, by the first part of their keys
        for number, entry in enumerate(entries):
            for language, terms in entry.items():
                for term in terms if language != "en" else ():
                    key = tuple(_parts(term, language))
                    if key:
                        self._terms.setdefault(language, {}).setdefault(key[0], []).append(_Term(key, number))

    @classmethod
    def read(cls, path: Path = _GLOSSARY) -> "Glossary":
        """Read a file of entries."""
        return cls(tomllib.loads(path.read_text(encoding="utf-8"))["term"])

    def equivalents(self, text: str, language: str) -> list[tuple[str, ...]]:
        """Return for each term that a text holds its equivalents in English, and in the language itself.

        In the text's order; of terms that overlap the longest.
        """
        terms = self._terms.get(language, {})
        parts = _parts(text, language)
        found: list[int] = []
        at = 0
        while at < len(parts):
            here = [term for term in terms.get(parts[at], ()) if tuple(parts[at : at + len(term.key)]) == term.key]
            longest = max((len(term.key) for term in here), default=1)
            found += (term.entry for term in here if len(term.key) == longest)
            at += longest
        return [(*self._entries[entry]["en"], *self._entries[entry][language]) for entry in dict.fromkeys(found)]


@cache
def shipped_glossary() -> Glossary:
    """Read the glossary that ships, once."""
    return Glossary.read()


def _parts(text: str, language: str) -> list[str]:
    """What a text is compared by: the stems of its words, or its characters where words aren't parted."""
    if language == "zh":
        return [character for character in text if character.isalnum()]
    words = _WORD.findall(text.lower())
    if language == "ar":
        return [_arabic_stem(word) for word in words]
    return foreign_stems(words, language)


def _arabic_stem(word: str) -> str:
    """Take off an article and endings, as long as enough is left."""
    word = re.sub("[أإآ]", "ا", re.sub("[\u064b-\u0652\u0640]", "", word))  # forms of alif; vowel marks
    if word.startswith("و") and len(word) > _SHORTEST + 1:
        word = word.removeprefix("و")
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= _SHORTEST:
            word = word.removeprefix(article)
            break
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word.removesuffix(ending)
    return word
