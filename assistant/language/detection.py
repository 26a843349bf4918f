"""A text -> the language that it is written in, as far as a few words tell.

A script tells most languages by itself; those in Latin letters are told by their words of grammar and by letters of
their own. That is no worse on a delegate's short question than a trained detector, and costs neither memory nor time.
What is English, or could be, counts as English.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from assistant.language.profiles import ENGLISH, profiles

# Languages without a profile that their script tells.
_OTHER_SCRIPTS: Mapping[str, str] = {
    "ja": r"[\u3040-\u30ff]",
    "ko": r"[\u1100-\u11ff\uac00-\ud7af]",
    "el": r"[\u0370-\u03ff\u1f00-\u1fff]",
    "he": r"[\u0590-\u05ff]",
    "hi": r"[\u0900-\u097f]",
}
_PERSIAN = "[پچژگیک]"  # letters that Arabic doesn't have
_JAPANESE_SHARE = 0.1  # of characters in kana, from which on the Chinese ones are Japanese
_LATIN = re.compile(r"[a-z\u00c0-\u024f]", re.IGNORECASE)
# A character of Chinese or Japanese says about as much as so many letters.
_DENSE = 3
_OTHER_SCRIPT = 0.3  # share of a text's letters, from which on it isn't English with a foreign word in it

_WORD = re.compile(r"[^\W\d_]+")
_SHORT_WORDS = "àyeéoè"  # words of one letter
_LETTERS_COUNT = 0.7  # as much of a word of grammar
_MOST_LETTERS = 2
_TERMS_COUNT = 0.5  # a word of the field, known to be of a language
_SURE = 1.2  # lead, in words, from which on a guess isn't doubted
_LEAST = 0.5  # words that must speak for another language


@dataclass(frozen=True, slots=True)
class Spoken:
    """The language that a text seems to be written in."""

    language: str  # ISO 639-1 ("fr")
    is_sure: bool = True  # whether another language, English above all, is out of the question


@dataclass(frozen=True, slots=True)
class _Signs:
    """The signs of the languages."""

    scripts: Mapping[str, re.Pattern[str]]  # a character of each script, by the language that it stands for
    # Letters that only some languages of a script write, by that script's language and by theirs.
    letters: Mapping[str, Mapping[str, re.Pattern[str]]]
    grammar: Mapping[str, frozenset[str]]  # words of grammar of the languages in Latin letters


@cache
def _signs() -> _Signs:
    scripts: dict[str, str] = dict(_OTHER_SCRIPTS)
    letters: defaultdict[str, dict[str, re.Pattern[str]]] = defaultdict(dict)
    for language, profile in profiles().items():
        own = profile.tables["writing"].get("letters")
        of_script = next((each for each, script in scripts.items() if script == profile.script), "")
        if profile.script and not of_script:
            scripts[language] = profile.script
        elif own:
            letters[of_script][language] = re.compile(own, re.IGNORECASE)
    letters["ar"]["fa"] = re.compile(_PERSIAN)
    grammar = {each: frozenset(profile.listed("writing", "grammar")) for each, profile in profiles().items()}
    return _Signs(
        {language: re.compile(script) for language, script in scripts.items()},
        letters,
        {language: words for language, words in grammar.items() if words},
    )


def is_in_latin(language: str) -> bool:
    """Return whether a language is known to be written in the letters of English."""
    return language in _signs().grammar


def spoken(text: str, terms: Mapping[str, Collection[str]] = MappingProxyType({})) -> Spoken:
    """Return the language of a text; English unless something speaks against it, such as terms of another language.

    >>> spoken("Que dit la note sur les enfants ?").language, spoken("Which objective is it under?").language
    ('fr', 'en')
    """
    return _by_script(text) or _by_words(text, terms)


def _by_script(text: str) -> Spoken | None:
    signs = _signs()
    counts = {language: len(script.findall(text)) for language, script in signs.scripts.items()}
    weighed = {language: n * (_DENSE if language in ("zh", "ja") else 1) for language, n in counts.items()}
    language = max(weighed, key=weighed.__getitem__)
    other, latin = weighed[language], len(_LATIN.findall(text))
    if not other or other < _OTHER_SCRIPT * (other + latin):
        return None
    if counts["ja"] > _JAPANESE_SHARE * (counts["ja"] + counts["zh"]):
        return Spoken("ja")
    own = (each for each, letters in signs.letters.get(language, {}).items() if letters.search(text))
    return Spoken(next(own, language))


def _by_words(text: str, terms: Mapping[str, Collection[str]]) -> Spoken:
    signs = _signs()
    words = [word for word in _WORD.findall(text.lower()) if len(word) > 1 or word in _SHORT_WORDS]
    votes: defaultdict[str, float] = defaultdict(float)
    for word in words:
        speaking = [language for language, grammar in signs.grammar.items() if word in grammar]
        for language in speaking:
            votes[language] += 1 / len(speaking)
        if not speaking:
            for language in (language for language, known in terms.items() if word in known):
                votes[language] += _TERMS_COUNT
    for language, letters in signs.letters[""].items():
        votes[language] += _LETTERS_COUNT * min(_MOST_LETTERS, len(letters.findall(text)))
    others = [language for language in signs.grammar if language != ENGLISH]
    best = max(others, key=lambda each: votes[each])
    lead = votes[best] - votes[ENGLISH]
    if votes[best] < _LEAST or lead <= 0:
        return Spoken(ENGLISH)
    return Spoken(best, is_sure=lead >= _SURE)
