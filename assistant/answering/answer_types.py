"""Answer types: the kind of thing that a question asks for, and the search for one in a text.

A passage may be on the topic and yet not answer: it can't tell how many if it holds no number, nor which country if it
names none. Questions are sorted by their expected answer type (Moldovan et al., 2000) with rules, and texts are
searched for what could be of that type. Rules err; so they decide nothing, and are weighed as signs beside the others.
This module knows nothing of passages or scores.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.language import after_asking_for, asked_for, content_words, stems_of, words_of

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_QUANTITIES = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|billions?|"
    "half|third|quarters?|majority|most|twice"
)
_UNITS = "minutes?|hours?|days?|weeks?|months?|years?|sessions?"


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


# How a question is put: some forms are answered by a text on the topic far more often than others.
_FORMS: Mapping[str, re.Pattern[str]] = {
    "definition": _pattern(r"\bdefin(?:ition|es?|ed)\b|\bdifference between\b|\bmeaning of\b|\bwhat does \w+ mean\b"),
    "reason": _pattern(r"^why\b|\bhow come\b|\breasons? (?:for|why)\b"),
    "future": _pattern(r"\bwill\b|\bnext\b|\bin the end\b|\bfuture\b"),
    "so far": _pattern(
        r"\bso far\b|\balready\b|\blast year\b|\bcurrent(?:ly)?\b|\b(?:up to now|to date)\b|\bhow successful\b",
        r"\bresults? of\b|\bachieved?\b",
    ),
    "superlative": _pattern(
        r"\b(?:most|largest|biggest|highest|lowest|worst|best|fewest|least|longest|top (?:ten|five|three|\d+))\b"
    ),
    "yes or no": _pattern(r"^(?:is|are|does|do|did|can|could|will|would|should|may|must|has|have|was|were)\b"),
    "which": _pattern(r"^(?:in |by |to |for |on |at |from |under )?which\b"),
    "what": _pattern(r"^(?:in |by |to |for |on |at |from |under )?what\b"),
    "how": _pattern(r"^how (?!many|much|long|often|old|soon)"),
    "should": _pattern(
        r"\b(?:should|must|ought)\b|\bare (?:states|we|countries|governments) (?:asked|called|urged|invited)\b"
    ),
}
_QUESTION_WORD = _pattern(
    r"^(?:who|what|when|where|which|why|how|is|are|does|do|did|can|could|will|would|should|may|must|has|have|was|were)\b"
)
_FEW_WORDS = 5  # a topic rather than a sentence
_REMEMBERED = 4096  # kinds of things in texts

_NUMBER = re.compile(rf"(?<![\w/(#-])\d(?:[\d,.]*\d)?(?![\w/)])|\b(?:{_QUANTITIES})\b", re.IGNORECASE)
# Numbers that count nothing: a reference, a year, a symbol, a time of day.
_REFERENCE = re.compile(
    r"(?:objectives?|goals?|para(?:graph)?s?\.?|articles?|questions?|resolutions?|targets?|GCM|COVID-|round ?table|"
    r"agenda)(?:\s|and|to|,|\d)*\d+|^\s*\d+\.|\b[A-Z]/[A-Z0-9/]+|\b(?:19|20)\d\d\b|\b\d\d:\d\d",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b(?:(?:{_MONTHS})\b(?=\W+\d)|(?<=\d )(?:{_MONTHS})|{_DAYS}|(?:19|20)\d\d|\d\d?:\d\d|(?:bi|quadr)?ennial\w*|"
    r"annual\w*|every (?:\w+ )?(?:years?|months?|weeks?)|each year|within \w+ (?:hours?|days?|months?|years?)|"
    r"by the end of)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"\b(?:\d+|{_QUANTITIES})\s+(?:calendar |working |consecutive )?(?:{_UNITS})\b|\d\d:\d\d\s*[–-]\s*\d\d:\d\d",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[$€£]|\b(?:dollars?|euros?|francs?|per cent|percentage)\b|\d\s*%", re.IGNORECASE)
_CONTACT = re.compile(r"@\w|https?://|www\.|\]\(|\be-?mail\b|telephone|\+\d", re.IGNORECASE)
# A capital that doesn't open a sentence, in a word that isn't one of those that UN texts write with one throughout.
_NAME = re.compile(
    r"(?<![.?!:;]\s)(?<!^)(?<!\n)\b(?!(?:States?|Members?|Governments?|I|We|GCM|COVID|SDGs?)\b)[A-Z][\w-]+"
)
_COUNTRIES = frozenset(Path(__file__).with_name("countries.txt").read_text(encoding="utf-8").splitlines())
_COUNTRY = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(_COUNTRIES)))})\b")
_ITEM_MARK = re.compile(r"^\s*(?:\d+\.|\(\w+\))\s")
# A number belongs to a word so many words before or after it.
_BEFORE, _AFTER = 5, 8


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts in which an answer is looked for.

    Attributes:
        sentence: The one that comes nearest to the question.
        passage: The passage that it stands in.
        nearby: The first few passages, that one among them.
    """

    sentence: str
    passage: str
    nearby: Sequence[str]


def type_features(question: str, texts: Texts) -> dict[str, float]:
    """Tell what is asked for, in what form, and where no such thing stands: each sign 0 or 1.

    >>> signs = type_features("How many came?", Texts("Many came.", "Many came.", ["Many came."]))
    >>> signs["asks count"], signs["count not in passage"], signs["asks date"]
    (1.0, 1.0, 0.0)
    """
    sentence, passage = _ITEM_MARK.sub("", texts.sentence), _ITEM_MARK.sub("", texts.passage)
    signs: dict[str, bool] = {}
    kinds = asked_for(question)
    for name in _HOLDS:
        asked = name in kinds
        signs[f"asks {name}"] = asked
        signs[f"{name} not in sentence"] = asked and not _holds(name, texts.sentence)
        signs[f"{name} not in passage"] = asked and not _holds(name, texts.passage)
        signs[f"{name} not nearby"] = asked and not any(_holds(name, text) for text in texts.nearby)
    counted = _counted(question)
    signs["other things counted in sentence"] = signs["asks count"] and not _counts(sentence, counted)
    signs["other things counted in passage"] = signs["asks count"] and not _counts(passage, counted)
    signs |= {f"form {name}": bool(form.search(question)) for name, form in _FORMS.items()}
    signs["form topic"] = not _QUESTION_WORD.search(question) and len(question.split()) <= _FEW_WORDS
    return {name: float(value) for name, value in signs.items()}


def missing_kinds(asked: Collection[str], texts: Texts) -> dict[str, float]:
    """Tell where nothing stands of a kind that is asked for: each sign 0 or 1.

    Args:
        asked: Some of `KINDS`.
    """
    found = {
        "missing in sentence": [_holds(kind, texts.sentence) for kind in asked],
        "missing in passage": [_holds(kind, texts.passage) for kind in asked],
        "missing nearby": [any(_holds(kind, text) for text in texts.nearby) for kind in asked],
    }
    return {name: float(not all(holds)) for name, holds in found.items()}


@lru_cache(maxsize=_REMEMBERED)
def _holds(kind: str, text: str) -> bool:
    """Return whether a thing of a kind stands in a text; the same passages are found again and again."""
    return bool(_HOLDS[kind](_ITEM_MARK.sub("", text)))


def _numbers(text: str) -> list[int]:
    """Return the places of the numbers that count or measure something."""
    references = [match.span() for match in _REFERENCE.finditer(text)]
    starts = [match.start() for match in _NUMBER.finditer(text)]
    return [start for start in starts if not any(first <= start < last for first, last in references)]


def _counted(question: str) -> frozenset[str]:
    """The stems of what a question asks the number of."""
    following = after_asking_for("count", question)
    return frozenset() if following is None else frozenset(stems_of(" ".join(content_words(following)[:2])))


def _counts(text: str, counted: frozenset[str]) -> bool:
    """Return whether a number stands near one of these words."""
    for start in _numbers(text):
        near = [*list(words_of(text[:start]))[-_BEFORE:], *list(words_of(text[start:]))[:_AFTER]]
        if counted & set(stems_of(" ".join(near))):
            return True
    return False


_HOLDS: Mapping[str, Callable[[str], object]] = {
    "count": _numbers,
    "money": _MONEY.search,
    "date": _DATE.search,
    "duration": _DURATION.search,
    "identity": _NAME.search,
    "organization": _NAME.search,
    "country": _COUNTRY.search,
    "place": _NAME.search,
    "contact": _CONTACT.search,
}
KINDS: tuple[str, ...] = tuple(_HOLDS)  # of things that may be asked for
