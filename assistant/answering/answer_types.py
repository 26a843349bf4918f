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

from assistant.retrieval import Candidate

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_QUANTITIES = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|billions?|"
    "half|third|quarters?|majority|most|twice"
)
_UNITS = "minutes?|hours?|days?|weeks?|months?|years?|sessions?"


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
_NEARBY = 3  # passages in which what is asked for may stand


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


def texts_of(candidates: Sequence[Candidate]) -> Texts:
    """Return the texts of candidates in which an answer is looked for."""
    best = candidates[0]
    start, end = best.sentences[best.best_sentence]
    nearby = [candidate.passage.text for candidate in candidates[:_NEARBY]]
    return Texts(best.passage.text[start:end], best.passage.text, nearby)


def missing_kinds(asked: Collection[str], texts: Texts) -> dict[str, float]:
    """Tell where nothing stands of a kind that is asked for: each sign 0 or 1.

    Args:
        asked: Some of `KINDS`.
    """
    found = {
        "missing in sentence": [holds_kind(kind, texts.sentence) for kind in asked],
        "missing in passage": [holds_kind(kind, texts.passage) for kind in asked],
        "missing nearby": [any(holds_kind(kind, text) for text in texts.nearby) for kind in asked],
    }
    return {name: float(not all(holds)) for name, holds in found.items()}


@lru_cache(maxsize=_REMEMBERED)
def holds_kind(kind: str, text: str) -> bool:
    """Return whether a thing of a kind stands in a text; the same passages are found again and again."""
    return bool(_HOLDS[kind](_ITEM_MARK.sub("", text)))


def _numbers(text: str) -> list[int]:
    """Return the places of the numbers that count or measure something."""
    references = [match.span() for match in _REFERENCE.finditer(text)]
    starts = [match.start() for match in _NUMBER.finditer(text)]
    return [start for start in starts if not any(first <= start < last for first, last in references)]


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
