"""The interface's own words: a language and a key give a text. Documents are never translated.

A file in `locales/` is a language of the interface; it needs no other change. Its keys are those of `en.json`. Beside
them it may name months as its readers do (`month.1` …) and the first day of a month (`day.1`), where the Unicode CLDR,
which Babel carries, has another usage. The texts are plain: a template escapes them.
"""

import datetime
import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.dates import format_date, get_month_names
from babel.numbers import format_decimal, format_percent

from assistant.records import percent_in_words

_LOCALES = Path(__file__).parent / "locales"
_DEFAULT = "en"
LANGUAGES: tuple[str, ...] = (_DEFAULT, *sorted({path.stem for path in _LOCALES.glob("*.json")} - {_DEFAULT}))

_CLDR_LOCALES: Mapping[str, str] = {"en": "en_001"}  # international English writes "1 November 2026"
_LEFT_TO_RIGHT_MARK = "\u200e"
_NO_BREAK_SPACE = "\u00a0"
_WEIGHT = re.compile(r"\s*q\s*=\s*(0(?:\.[0-9]*)?|1(?:\.0*)?)\s*", re.IGNORECASE | re.ASCII)


class Strings:
    """The interface's words in one language."""

    def __init__(self, language: str, table: Mapping[str, str | Mapping[str, str]]) -> None:
        """Take a table from key to a text, or to a text for each plural category of the CLDR."""
        self.language = language
        self._table = table
        self._locale = locale_of(_CLDR_LOCALES.get(language, language)) or Locale(_DEFAULT)

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def replacing(self, key: str, text: str) -> "Strings":
        """Return these words with another text for one key."""
        return Strings(self.language, {**self._table, key: text.replace("{", "{{").replace("}", "}}")})

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The direction of the language's script, as HTML's `dir` has it."""
        return direction_of(self.language)

    def text(self, key: str, **values: object) -> str:
        """Return a text with its {braces} filled in; `n`, or else the first value, chooses among plural forms.

        >>> Strings("en", {"found": {"one": "{n} passage", "other": "{n} passages"}}).text("found", n=2)
        '2 passages'

        Raises:
            KeyError: There is no such text.
        """
        text = self._table[key]
        if not isinstance(text, str):
            count = values.get("n", next(iter(values.values()), None))
            # A script replaces "{n}" later: the form for any number has a place for it.
            category = self._locale.plural_form(count) if isinstance(count, int) else "other"
            text = text.get(category, text["other"])
        return text.format(**values)

    def forms(self, key: str) -> Mapping[str, str]:
        """Return a text by plural category, with its {braces} for a script to fill in; without plural, as "other".

        Raises:
            KeyError: There is no such text.
        """
        text = self._table[key]
        return {"other": text} if isinstance(text, str) else text

    def label(self, key: str) -> str:
        """Return a text with the mark that separates a label from what it labels."""
        return self.text(key) + self.text("mark.colon")

    def sentence(self, text: str) -> str:
        """Return a text with the language's full stop."""
        return text + self.text("mark.stop")

    @property
    def colon(self) -> str:
        """The mark between a label and what it labels, with its spaces."""
        return self.text("mark.colon")

    @property
    def semicolon(self) -> str:
        """The mark between items that have commas themselves, with its spaces."""
        return self.text("mark.semicolon")

    @property
    def comma(self) -> str:
        """The mark between the items of a list, with its spaces."""
        return self.text("mark.comma")

    def number(self, n: int) -> str:
        """Write a whole number with Western digits and the language's separator of thousands.

        >>> Strings("en", {}).number(10000), Strings("es", {}).number(10000)
        ('10,000', '10.000')
        """
        return format_decimal(n, locale=self._locale)

    def percent(self, confidence: float) -> str:
        """Write a confidence as `percent_in_words`, with the percent sign where the language puts it.

        >>> Strings("en", {}).percent(0.58)
        '58%'
        """
        return _write_percent(percent_in_words(confidence), self._locale)

    def date(self, day: datetime.date) -> str:
        """Write a date out.

        >>> read_strings("zh").date(datetime.date(2020, 11, 13))
        '2020年11月13日'
        """
        written = format_date(day, "long", locale=self._locale)
        if (month := f"month.{day.month}") in self:
            written = written.replace(get_month_names(locale=self._locale)[day.month], self.text(month))
        if (first := f"day.{day.day}") in self:
            written = written.replace(str(day.day), self.text(first), 1)
        return written.replace(" ", _NO_BREAK_SPACE, 1)


@cache
def _write_percent(words: str, locale: Locale) -> str:
    """Put a number's percent sign where a language has it: "< 1%" gives "< 1 %" in French."""
    number = re.sub(r"(?<!\d)(\d+)%", lambda match: format_percent(int(match[1]) / 100, locale=locale), words)
    # Without a mark of direction the "<" would stand on the wrong side of its number in Arabic.
    mark = _LEFT_TO_RIGHT_MARK if locale.text_direction == "rtl" else ""
    return mark + number.replace(" ", _NO_BREAK_SPACE)


def read_strings(language: str) -> Strings:
    """Return the words of a language, read once; those of English for a language without a file."""
    return _read(language if language in LANGUAGES else _DEFAULT)


@cache
def _read(language: str) -> Strings:
    return Strings(language, json.loads((_LOCALES / f"{language}.json").read_text(encoding="utf-8")))


# Languages -----------------------------------------------------------------------------------------------------------


def locale_of(language: str) -> Locale | None:
    """Return what the CLDR knows of a language; None where it doesn't know it."""
    try:
        return Locale.parse(language, sep="-" if "-" in language else "_")
    except (ValueError, UnknownLocaleError):
        return None


@lru_cache(maxsize=64)
def direction_of(language: str) -> Literal["ltr", "rtl"]:
    """Return the direction of a language's script, as HTML's `dir` has it.

    >>> direction_of("fa"), direction_of("de-CH"), direction_of("")
    ('rtl', 'ltr', 'ltr')
    """
    locale = locale_of(language)
    return "rtl" if locale and locale.text_direction == "rtl" else "ltr"


def name_of_language(code: str) -> str:
    """Return a language's own name for itself; its code where the CLDR has none.

    >>> name_of_language("fr"), name_of_language("xx")
    ('français', 'xx')
    """
    locale = locale_of(code)
    return (locale and locale.language_name) or code


def language_of(tag: str) -> str:
    """Return the language of the interface that a tag such as "fr-CH" names; nothing where it names none."""
    return negotiate_locale([tag.strip().lower().replace("_", "-")], LANGUAGES, sep="-") or ""


def negotiate(accept_language: str) -> str:
    """Choose a language of the interface by HTTP's `Accept-Language` (RFC 9110, section 12.5.4).

    A regional variant stands for its language. Parts that can't be read are ignored. "*" stands for English, and so
    does a header without any language of the interface.

    >>> negotiate("pt, fr-CH;q=0.9, en;q=0.8")
    'fr'
    """
    # Of equal weights the first in the header wins, and what it names wins over what it only allows.
    wanted = sorted(map(_read_wanted, accept_language.split(",")), key=lambda each: (-each[1], each[0] == "*"))
    acceptable = [language for language, weight in wanted if language and weight]
    return acceptable[0].replace("*", _DEFAULT) if acceptable else _DEFAULT


def _read_wanted(part: str) -> tuple[str, float]:
    """Read one part of the header: "zh-Hant;q=0.5" gives "zh" and 0.5; an unreadable weight counts as 0."""
    tag, separator, parameter = part.partition(";")
    language = "*" if tag.strip() == "*" else language_of(tag)
    if not separator:
        return language, 1.0
    weight = _WEIGHT.fullmatch(parameter)
    return language, float(weight[1]) if weight else 0.0
