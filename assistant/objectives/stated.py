"""Stated objectives: those that a text names, by number or by official title, with the words that do.

Other frameworks number their objectives too ("objective 3 of the SDGs"); those are left out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.language import places_in
from assistant.records import OBJECTIVE_COUNT, Document, Objective, Passage, Tag

_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty twenty-one twenty-two twenty-three"
).split()
_LONGEST_FIRST = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_NOT_A_COUNT = r"(?![\d%]|\.\d|\s+(?:years?|months?|days?|per\s+cent|million)\b)"
_NUMBER = rf"(?:(?:2[0-3]|1\d|[1-9])|\b(?:{_LONGEST_FIRST})\b){_NOT_A_COUNT}"
_RANGE_JOINER = r"\s*(?:[-–—‑]|\bto\b|\bthrough\b)\s*"
_LISTED = re.compile(rf"(?P<first>{_NUMBER})(?:{_RANGE_JOINER}(?P<last>{_NUMBER}))?", re.IGNORECASE)
_LIST_JOINER = r"\s*(?:,\s*(?:and|or|&|as\s+well\s+as)\b|,|;|/|\band\b|\bor\b|\bas\s+well\s+as\b|&)\s*"
_ITEM = rf"{_NUMBER}(?:{_RANGE_JOINER}{_NUMBER}|\s*\((?!\d)[^()]{{1,60}}\)(?=\s*(?:,|;|and\b)))?"
_GCM = (
    r"(?:(?:the\s+|this\s+)?(?:GCM|(?<!UN\s)(?:Global|Marrakech)\s+Compact(?!\s+(?:on|for)\s+Refugees)"
    r"(?:\s+(?:for|on)\s+(?:Safe,\s+Orderly\s+and\s+Regular\s+)?Migration)?|(?<=the\s)Compact|(?<=this\s)Compact))"
)
_NAMED = re.compile(
    rf"(?P<framework>\b{_GCM}(?:[’']s)?\s+)?(?<![\w-])(?P<word>objectives?|obj\.?)\s*+(?:[:(]\s*+)?(?:nos?\.\s*+)?"
    rf"(?P<list>{_ITEM}(?:{_LIST_JOINER}{_ITEM})*)"
    r"(?P<after>\s+(?:of|in|under|from)\s+(?:the\s+|its\s+|this\s+|that\s+)?(?:\w+[\s-]+){0,3}\w+)?",
    re.IGNORECASE,
)
# "SDG objective 3", "strategic objective 2": the objectives of another framework.
_OTHER_FRAMEWORK_BEFORE = re.compile(
    r"(?:\b(?!GCM\b)[A-Z]{2,}s?|(?i:\b(?:strategic|specific|overall|operational|policy|project|programme|program|our|"
    r"development|goals?|refugees?|strategy|plan|millennium|national|thematic|learning|sustainable|compact)))"
    r"(?:[’']s?)?\s+\Z"
)
# Follows "objective 7 and 12" if 12 is an objective too, and isn't a number of States or days.
_MAY_FOLLOW = re.compile(
    r"\s*(?:[).,;:?!\]]|\Z|\n|(?:and|or|of|in|to|on|for|under|from|with|by|as|at|is|are|was|were|which|that|will|should)\b)"
)
_OF_THE_COMPACT = re.compile(rf"\s+\w+\s+{_GCM}\b", re.IGNORECASE)
_OTHER_AFTER = re.compile(
    r"\b(?:SDGs?|sustainable|goals?|strategy|plan|programme|2030|agenda|framework|project|refugees)\b", re.IGNORECASE
)
_COUNTED = re.compile(
    rf"\b(?P<before>these|those|the|all)?\s*(?P<count>{'|'.join(_NUMBER_WORDS[1:10])}|\d{{1,2}})\s+(?:{_GCM}\s+)?objectives"
    r"(?P<after>\s+(?:listed\s+|named\s+|mentioned\s+|set\s+out\s+)?above)?",
    re.IGNORECASE,
)


def named_objectives(text: str, objectives: Sequence[Objective] = ()) -> dict[int, str]:
    """Find the objectives that a text names, each with the first words that name it.

    >>> named_objectives("Under GCM objectives 1 and 23, not objective 3 of the SDGs.")
    {1: 'GCM objectives 1 and 23', 23: 'GCM objectives 1 and 23'}
    """
    found: dict[int, str] = {}
    for match in _NAMED.finditer(text):
        if _is_of_another_framework(text, match):
            continue
        of_the_compact = _OF_THE_COMPACT.match(match["after"] or "")
        numbers = _trusted_numbers(text, match, is_of_the_compact=bool(match["framework"] or of_the_compact))
        end = match.end("list") + (of_the_compact.end() if of_the_compact else 0)
        evidence = " ".join(text[match.start() : end].split())
        for number in numbers:
            found.setdefault(number, evidence)
    folded = " ".join(text.split())
    lower = folded.lower()
    for objective in objectives:
        at = lower.find(objective.title.lower())
        if at >= 0:
            found.setdefault(objective.number, folded[at : at + len(objective.title)])
    return dict(sorted(found.items()))


def asked_objectives(text: str, objectives: Sequence[Objective]) -> dict[int, str]:
    """Find the objectives that a question or a topic names, in any language, each with the words that name it.

    >>> asked_objectives("Que dit l'objectif 7 ?", [])
    {7: 'objectif 7'}
    """
    places = [place for place in places_in(text) if not place.is_english]
    typed = {number: place.typed for place in places for number in named_objectives(place.english)}
    return typed | named_objectives(text, objectives)


def asked_numbers(text: str) -> list[int]:
    """Return the numbers by which a question names objectives, in any language, also where there is no such objective.

    >>> asked_numbers("What are objectives 22 and 99?")
    [22, 99]
    """
    known = range(1, OBJECTIVE_COUNT + 1)
    numbers = {n for place in places_in(text) for n in place.objectives if not (place.is_english and n in known)}
    return sorted(numbers | named_objectives(text).keys())


def with_stated_tags(
    document: Document, passages: Iterable[Passage], objectives: Sequence[Objective]
) -> tuple[Passage, ...]:
    """Tag passages with the objectives that they, their paragraphs or headings state, by the nearest evidence."""
    by_paragraph: dict[str, dict[int, str]] = {}
    named_before: set[int] = set()
    for paragraph in document.paragraphs:
        text = document.text[paragraph.start : paragraph.end]
        named = named_objectives(text, objectives) | _counted_objectives(text, named_before)
        named_before |= named.keys()
        by_paragraph[paragraph.locator] = named
    return tuple(
        replace(passage, tags=_stated(passage, by_paragraph.get(passage.locator, {}), objectives))
        for passage in passages
    )


def _stated(passage: Passage, of_paragraph: dict[int, str], objectives: Sequence[Objective]) -> tuple[Tag, ...]:
    evidence = named_objectives(passage.heading, objectives) | of_paragraph | named_objectives(passage.text, objectives)
    return tuple(Tag(number, "stated", 1.0, words) for number, words in sorted(evidence.items()))


def _is_of_another_framework(text: str, match: re.Match[str]) -> bool:
    """Return whether named objectives aren't the Compact's, by the words around them."""
    if match["framework"]:
        return False
    if _OTHER_FRAMEWORK_BEFORE.search(text[max(0, match.start() - 30) : match.start()]):
        return True
    after = match["after"] or ""
    if not after or _OF_THE_COMPACT.match(after):
        return False
    return bool(re.match(r"\s+of\b", after, re.IGNORECASE)) or bool(_OTHER_AFTER.search(after))


def _trusted_numbers(text: str, match: re.Match[str], *, is_of_the_compact: bool) -> list[int]:
    """Return the numbers of a list that are certain to be those of objectives."""
    numbers = _numbers(match["list"])
    is_plural = match["word"].lower().endswith("s")
    in_words = not re.match(r"\d", match["list"])
    if in_words and not (is_plural or is_of_the_compact):
        return []  # "the objective one would hope for"
    if is_plural or _MAY_FOLLOW.match(text, match.end("list")):
        return numbers
    return numbers[:1]  # "objective 7 and 12 States"


def _counted_objectives(text: str, named_before: set[int]) -> dict[int, str]:
    """Resolve "the five GCM objectives above" to those named so far, if they are as many."""
    for match in _COUNTED.finditer(text):
        points_back = match["after"] or (match["before"] or "").lower() in ("these", "those")
        if points_back and _number(match["count"]) == len(named_before):
            evidence = " ".join(text[match.start("count") : match.end()].split())
            return dict.fromkeys(sorted(named_before), evidence)
    return {}


def _numbers(words: str) -> list[int]:
    """Read the numbers of a list, its ranges included: "2 to 4 and 9"."""
    numbers: list[int] = []
    for item in _LISTED.finditer(words):
        first = _number(item["first"])
        last = _number(item["last"]) if item["last"] else first
        numbers += range(first, last + 1) if last >= first else (first, last)
    return numbers


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBER_WORDS.index(word.lower()) + 1
