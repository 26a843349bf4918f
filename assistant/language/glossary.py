"""A question in another language -> the English terms of the field that stand for what it says.

A glossary of our own, `glossary.toml`, and that of a meeting; inflections meet on their stems. Nothing is translated
for a person to read: the terms are only looked for in the passages. This module knows nothing of documents or vectors.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from assistant.errors import CorpusError
from assistant.files import read_entries
from assistant.language.profiles import ENGLISH, profile_of
from assistant.language.words import foreign_stems, stem, words_of
from assistant.records import Span

GLOSSARY_FILE = "glossary.toml"
Entry: TypeAlias = Mapping[str, Sequence[str]]  # the terms of one meaning, by language
_GLOSSARY = Path(__file__).with_name(GLOSSARY_FILE)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WORD = re.compile(r"[^\W\d_]+")
# What Arabic puts before and after a word: light stemming (light10: Larkey, Ballesteros and Connell, 2007), which
# brings forms with and without an article together; Snowball's stemmer often doesn't.
_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
_SHORTEST = 2  # letters that stay


@dataclass(frozen=True, slots=True)
class Term:
    """A term that a text holds."""

    typed: str  # as it stands there
    equivalents: tuple[str, ...]  # what stands for it in each language, English first: a document may be in any


class Glossary:
    """Terms of the field in the languages of the United Nations."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Take entries, each with its terms by language."""
        self.entries = entries
        # By language: the numbers of the entries of a term, by its words' stems or, in Chinese, its characters.
        self._known: dict[str, dict[tuple[str, ...], list[int]]] = {}
        for number, entry in enumerate(entries):
            for language, terms in entry.items():
                for term in terms if language != ENGLISH else ():
                    key = tuple(part for part, _ in _parts(term, language))
                    self._known.setdefault(language, {}).setdefault(key, []).append(number)

    def terms_in(self, text: str, language: str) -> list[Term]:
        """Return the terms that a text holds, each meaning once, in its order; of those that overlap the longest.

        >>> glossary = Glossary([{"en": ["remittance"], "es": ["remesas"]}])
        >>> glossary.terms_in("¿Qué se dice de las remesas?", "es")
        [Term(typed='remesas', equivalents=('remittance', 'remesas'))]
        """
        known, parts = self._known.get(language, {}), _parts(text, language)
        stems = [part for part, _ in parts]
        longest = max(map(len, known), default=0)
        found: dict[int, Term] = {}
        at = 0
        while at < len(parts):
            ends = range(min(at + longest, len(stems)), at, -1)
            end = next((end for end in ends if tuple(stems[at:end]) in known), at + 1)
            typed = text[parts[at][1][0] : parts[end - 1][1][1]]
            for number in known.get(tuple(stems[at:end]), ()):
                found.setdefault(number, Term(typed, tuple(chain.from_iterable(self.entries[number].values()))))
            at = end
        return list(found.values())


@cache
def shipped_glossary() -> Glossary:
    """Read the glossary that ships, once."""
    return Glossary(tomllib.loads(_GLOSSARY.read_text(encoding="utf-8"))["term"])


def glossary_with(own: Sequence[Entry]) -> Glossary:
    """Return the glossary that ships, with a meeting's own entries."""
    return Glossary([*own, *shipped_glossary().entries]) if own else shipped_glossary()


def read_glossary(folder: Path) -> tuple[Entry, ...]:
    """Read a meeting's own terms, which lie beside its documents; none where there is no such file.

    Raises:
        CorpusError: An entry isn't one; the message names it.
    """
    path = folder / GLOSSARY_FILE
    rows = read_entries(path, "term") if path.is_file() else []
    for number, row in enumerate(rows if isinstance(rows, list) else [None], start=1):
        if not _is_entry(row):
            raise CorpusError(
                f'{path}: [[term]] number {number}: give lists of terms by language, as in en = ["reception centre", '
                '"RC"] and fr = ["centre d\'accueil"].'
            )
    return tuple(rows)


def _is_entry(row: object) -> bool:
    return (
        isinstance(row, dict)
        and bool(row)
        and all(_LANGUAGE.fullmatch(language) for language in row)
        and all(isinstance(terms, list) and terms for terms in row.values())
        and all(isinstance(term, str) and any(words_of(term)) for term in chain.from_iterable(row.values()))
    )


def english_forms(entries: Sequence[Entry]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return, by the stems of each English term, the other English terms of the same meaning.

    >>> english_forms([{"en": ["reception centre", "RC"]}])
    {('recept', 'centr'): ('RC',), ('rc',): ('reception centre',)}
    """
    return {
        tuple(map(stem, words_of(term))): tuple(other for other in terms if other != term)
        for terms in (entry.get(ENGLISH, ()) for entry in entries)
        for term in terms
        if len(terms) > 1
    }


def _parts(text: str, language: str) -> list[tuple[str, Span]]:
    """Return what a text is compared by, with its places: its words' stems, or characters where words aren't parted."""
    if language == "zh":
        return [(character, (at, at + 1)) for at, character in enumerate(text) if character.isalnum()]
    matches = list(_WORD.finditer(text))
    words = [match[0].lower() for match in matches]
    stems = [_arabic_stem(word) for word in words] if language == "ar" else foreign_stems(words, language)
    unstemmed = _unstemmed(language)
    parts = (word if word in unstemmed or stem in unstemmed else stem for word, stem in zip(words, stems, strict=True))
    return list(zip(parts, (match.span() for match in matches), strict=True))


@cache
def _unstemmed(language: str) -> frozenset[str]:
    """Return the words that are compared as they stand.

    Their own form or their stem is also that of a term of another meaning: "и" (and) of "ИИ", "parte" of "partida".
    """
    return frozenset(profile_of(language).listed("glossary", "unstemmed"))


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
