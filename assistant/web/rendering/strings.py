"""A language and a key -> the interface's own words. Documents are never translated.

The words are plain text: whoever puts them into HTML escapes them. This module knows nothing of pages or of requests.
"""

import datetime
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from assistant.records import percent_in_words

LANGUAGES: tuple[str, ...] = ("en", "fr", "ru", "es", "ar", "zh")  # the six of the United Nations

_LOCALES = Path(__file__).parent / "locales"
_DEFAULT = LANGUAGES[0]
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_MILLION = 1_000_000  # from here on French and Spanish say "de" after the number
_GROUPING: Mapping[str, str] = MappingProxyType({"fr": "\u202f", "ru": "\u00a0", "es": "."})
# Marks with the space that follows them, and the space that French keeps before them.
_COLONS: Mapping[str, str] = MappingProxyType({"fr": "\u00a0: ", "zh": "："})
_SEMICOLONS: Mapping[str, str] = MappingProxyType({"fr": "\u00a0; ", "ar": "؛ ", "zh": "；"})
_COMMAS: Mapping[str, str] = MappingProxyType({"ar": "، ", "zh": "，"})
_STOPS: Mapping[str, str] = MappingProxyType({"zh": "。"})
_SPACED_PERCENT = frozenset({"fr", "ru", "es"})
_LEFT_TO_RIGHT_MARK = "\u200e"
_DATES: Mapping[str, str] = MappingProxyType(
    {
        "es": "{day}\u00a0de {month} de {year}",
        "ru": "{day}\u00a0{month} {year}\u00a0г.",
        "zh": "{year}年{month}{day}日",
    }
)
_FIRST_OF_MONTH: Mapping[str, str] = MappingProxyType({"fr": "1er"})
_WEIGHT = re.compile(r"\s*q\s*=\s*(0(?:\.[0-9]*)?|1(?:\.0*)?)\s*", re.IGNORECASE | re.ASCII)


class Strings:
    """What the interface says in one language."""

    def __init__(self, language: str, table: Mapping[str, str | Mapping[str, str]]) -> None:
        """Take a table from key to a text, or to a text for each plural category."""
        self.language = language
        self._table = table

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def saying(self, key: str, said: str) -> "Strings":
        """Return these words with one of them said otherwise."""
        return Strings(self.language, {**self._table, key: said.replace("{", "{{").replace("}", "}}")})

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the language is written, as HTML's `dir` has it."""
        return direction_of(self.language)

    def text(self, key: str, **values: object) -> str:
        """Return a text with its {braces} filled in; where it has plural forms, `n` or else the first value chooses.

        >>> Strings("en", {"found": {"one": "{n} passage", "other": "{n} passages"}}).text("found", n=2)
        '2 passages'

        Raises:
            KeyError: There is no such text.
        """
        found = self._table[key]
        if not isinstance(found, str):
            counted = values.get("n", next(iter(values.values()), None))
            # A place that a script fills in later is no number yet: the form for any number holds it.
            category = plural_category(self.language, counted) if isinstance(counted, int) else "other"
            found = found.get(category, found["other"])
        return found.format(**values)

    def forms(self, key: str) -> Mapping[str, str]:
        """Return a text by plural category, its {braces} left for a script to fill in; one without plural as "other".

        Raises:
            KeyError: There is no such text.
        """
        found = self._table[key]
        return {"other": found} if isinstance(found, str) else found

    def number(self, n: int) -> str:
        """Write a whole number with Western digits, its thousands parted as the language does.

        >>> Strings("en", {}).number(10000), Strings("es", {}).number(10000)
        ('10,000', '10.000')
        """
        return f"{n:,}".replace(",", _GROUPING.get(self.language, ","))

    @property
    def colon(self) -> str:
        """What parts a label from what it labels."""
        return _COLONS.get(self.language, ": ")

    @property
    def semicolon(self) -> str:
        """What parts the names of a list that have commas themselves."""
        return _SEMICOLONS.get(self.language, "; ")

    @property
    def comma(self) -> str:
        """What parts the words of a list."""
        return _COMMAS.get(self.language, ", ")

    @property
    def stop(self) -> str:
        """What ends a sentence."""
        return _STOPS.get(self.language, ".")

    def percent(self, confidence: float) -> str:
        """Say how sure an inference is, as `percent_in_words`, with the sign where the language puts it.

        >>> Strings("en", {}).percent(0.58)
        '58%'
        """
        said = percent_in_words(confidence)
        if self.language in _SPACED_PERCENT:
            said = said.replace(" ", "\u00a0").replace("%", "\u00a0%")
        # Without a mark of direction the sign would stand before its number in Arabic.
        return (_LEFT_TO_RIGHT_MARK if self.direction == "rtl" else "") + said

    def date(self, day: datetime.date) -> str:
        """Write a date out.

        >>> read_strings("zh").date(datetime.date(2020, 11, 13))
        '2020年11月13日'
        """
        first = _FIRST_OF_MONTH.get(self.language, "1")
        pattern = _DATES.get(self.language, "{day}\u00a0{month} {year}")
        month = self.text(f"month.{day.month}")
        return pattern.format(day=first if day.day == 1 else day.day, month=month, year=day.year)


def direction_of(language: str) -> Literal["ltr", "rtl"]:
    """Which way a language is written, as HTML's `dir` has it."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def read_strings(language: str) -> Strings:
    """Read the texts of a language from its file, once; of one that is none of the six, the English."""
    return _read(language if language in LANGUAGES else _DEFAULT)


@cache
def _read(language: str) -> Strings:
    return Strings(language, json.loads((_LOCALES / f"{language}.json").read_text(encoding="utf-8")))


# Which language -----------------------------------------------------------------------------------------------------


def negotiate(accept_language: str) -> str:
    """Pick the best of the six languages for the `Accept-Language` header of HTTP (RFC 9110, section 12.5.4).

    A regional variant stands for its language, a part that can't be read for nothing; English where none is wanted.

    >>> negotiate("de, fr-CH;q=0.9, en;q=0.8")
    'fr'
    """
    weights: dict[str, float] = {}
    for wanted in accept_language.split(","):
        language, weight = _wanted(wanted)
        weights[language] = max(weight, weights.get(language, 0.0))

    any_other = weights.get("*", 0.0)
    # Of equal weights the first in the header wins, and what it names wins over what it only allows.
    candidates = [*(each for each in weights if each in LANGUAGES), *LANGUAGES]
    best = max(candidates, key=lambda each: weights.get(each, any_other))
    return best if weights.get(best, any_other) else _DEFAULT


def _wanted(text: str) -> tuple[str, float]:
    """Read one part of the header: "zh-Hant;q=0.5" -> "zh", 0.5; a weight that is none makes it unwanted."""
    tag, separator, parameter = text.partition(";")
    language = re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]
    if not separator:
        return language, 1.0
    weight = _WEIGHT.fullmatch(parameter)
    return language, float(weight[1]) if weight else 0.0


# Which plural form --------------------------------------------------------------------------------------------------


def plural_category(language: str, n: int) -> str:
    """Return the category of a whole number: zero, one, two, few, many or other.

    The cardinal rules of the Unicode CLDR (plurals.xml), as far as they concern whole numbers; for another
    language than the six, those of English.

    >>> plural_category("ru", 21), plural_category("ar", 11)
    ('one', 'many')
    """
    return _RULES.get(language, _english)(abs(n))


def _english(n: int) -> str:
    return "one" if n == 1 else "other"


def _french(n: int) -> str:
    if n < 2:
        return "one"
    return "many" if n % _MILLION == 0 else "other"


def _spanish(n: int) -> str:
    if n == 1:
        return "one"
    return "many" if n and n % _MILLION == 0 else "other"


def _russian(n: int) -> str:
    if n % 100 in range(11, 15):
        return "many"
    if n % 10 == 1:
        return "one"
    return "few" if n % 10 in range(2, 5) else "many"


def _arabic(n: int) -> str:
    if n < 3:
        return ("zero", "one", "two")[n]
    last = n % 100
    if last < 3:
        return "other"
    return "few" if last <= 10 else "many"


def _chinese(_: int) -> str:
    return "other"


_RULES: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {"en": _english, "fr": _french, "ru": _russian, "es": _spanish, "ar": _arabic, "zh": _chinese}
)
