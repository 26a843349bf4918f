"""The places of a document and the objectives that a question names by number, in any language: "párrafo 4".

A place is known before the language of two words is, so all profiles are looked through, a question without a number
excepted. Documents are cited in English; a place is named as its citation would name it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.language.profiles import ENGLISH, NEVER, Profile, profile_of, profiles
from assistant.memory import remembered
from assistant.records import Span

# What is numbered, as a citation names one and several.
_LABELS: Mapping[str, tuple[str, str]] = {
    "paragraph": ("para.", "paras."),
    "preambular": ("preambular para.", "preambular paras."),
    "article": ("Article", "Articles"),
    "recital": ("recital", "recitals"),
    "question": ("question", "questions"),
    "recommendation": ("recommendation", "recommendations"),
    "item": ("item", "items"),
    "sentence": ("sentence", "sentences"),
    "objective": ("GCM objective", "GCM objectives"),
}
_OBJECTIVE = "objective"
_COUNTABLE = ("paragraph", "question", "recommendation", "item", "article", "recital")
_NEAR = 40  # signs, digits and words such as "and" between "objectives" and a number of theirs
_LAST = 0  # stands for the number of the last
_LONGEST_RANGE = 20  # places
_SIGN = r"n\.?\s?[o°º]\.?|№|nr\.|#"
_CHINESE_DIGITS = "一二三四五六七八九"
_COMMA = r"(?<!\s)\s*[,،、]\s*"
_APART = re.compile(r"(?<![\d.,])\d+(?!\d|[.,]\d)")  # a whole number
_LETTER = re.compile(r"(?<=\()\w+")
# Behind a number: "(b) (ii)" or, of an objective, "action (f)".
_LETTERS = r"(?:(?:,?\s*action)?\s*\((?:[a-z]{1,5}|\d{1,3})\))*"
# "Article 19, paragraph 1" is Article 19 (1).
_WITHIN = re.compile(r"[,\s]*(?:of\s+)?(?:the\s+)?\Z", re.IGNORECASE)
# The part of a document that its places are cited with.
_PART = re.compile(
    r"\b(?P<noun>annex|draft (?:resolution|decision)|section|part|chapter)(?:\s+(?P<number>[IVXLC]+|\d{1,2}|[A-Z]))?\b"
)

_WHOLE_PART = re.compile(r"(?:annex|draft (?:resolution|decision)) \w")  # is asked for as a place by itself


@dataclass(frozen=True, slots=True)
class Place:
    """A place or an objective that a question names by number."""

    english: str  # as English names it: "para. 4", "paras. 5–7"
    typed: str  # as it stands in the question
    span: Span  # where that is
    locators: tuple[str, ...]  # the citations that it names, in lower case; none for an objective as a whole
    objectives: tuple[int, ...]  # the numbers of the objectives that it names
    is_english: bool  # whether English names it so


@dataclass(frozen=True, slots=True)
class _Forms:
    """The forms in which one language names places."""

    patterns: tuple[re.Pattern[str], ...]  # a noun with its number after it, and before it as an ordinal
    ordinals: tuple[re.Pattern[str], ...]  # its words for the last and the first ten
    cardinals: tuple[str, ...]  # its words for one to ten
    joint: re.Pattern[str]  # what stands for "and" between numbers
    to: re.Pattern[str]  # what stands for "to"


def places_in(question: str) -> tuple[Place, ...]:
    """Return the places and objectives that a question names by number, in their order, each once.

    >>> [place.english for place in places_in("Que dit le paragraphe 4 sur l'objectif 7 ?")]
    ['para. 4', 'GCM objective 7']
    """
    return tuple({place.english: place for place in reversed(_found(question))}.values())[::-1]


def named_places(question: str) -> list[str]:
    """Return the places that a question names, as citations end: in lower case, one by one.

    >>> named_places("What is guiding question three, and para. 21 (b) of annex I?")
    ['annex i, question 3', 'annex i, para. 21 (b)']
    >>> named_places("What is in annex II?")
    ['annex ii']
    """
    parts = [" ".join(filter(None, match.groups())).lower() for match in _PART.finditer(question)]
    prefix = "".join(f"{part}, " for part in parts)
    named = [f"{prefix}{locator}" for place in places_in(question) for locator in place.locators]
    return named or [part for part in parts if _WHOLE_PART.match(part)]


def with_places_in_english(question: str) -> str:
    """Return a question with the places that it names in another language put into English.

    >>> with_places_in_english("¿Qué dice el párrafo 4?")
    '¿Qué dice el para. 4?'
    """
    return _replaced(question, lambda place: place.typed if place.is_english else place.english)


def without_places(question: str) -> str:
    """Return a question without the places that it names, and the parts that these are in."""
    rest = _replaced(question, lambda _: " ")
    return _PART.sub(" ", rest) if named_places(question) else rest


def names_objective(text: str, number: int) -> bool:
    """Return whether a text names an objective by a number, in any language and of any framework.

    >>> names_objective("Strategic objectives 1 and 22", 22), names_objective("Objective 2. On 22 May", 22)
    (True, False)
    """
    return any(str(number) in _APART.findall(match[1]) for match in _objective_numbers().finditer(text))


def countable_place(question: str, language: str) -> str:
    """Return the kind of the first place that a question mentions, of those that documents number; empty for none.

    >>> countable_place("How many guiding questions are there?", "en")
    'question'
    """
    match = _countable(language).search(question)
    return match.lastgroup or "" if match else ""


@cache
def _countable(language: str) -> re.Pattern[str]:
    nouns = profile_of(language).patterns("places", "nouns")
    named = "|".join(rf"(?P<{kind}>{nouns[kind]})" for kind in _COUNTABLE if kind in nouns) or NEVER
    edge = r"\b" if profile_of(language).is_spaced else ""
    return re.compile(f"{edge}(?:{named}){edge}", re.IGNORECASE)


def is_place_of(locator: str, kind: str) -> bool:
    """Return whether a citation ends at a place of a kind: "Guiding question 3" at a question."""
    noun, _, number = locator.lower().rpartition(" ")
    label = _LABELS[kind][0].lower()
    return number.isdecimal() and f" {noun}".endswith(f" {label}") and not noun.endswith(f"preambular {label}")


def _replaced(question: str, by: Callable[[Place], str]) -> str:
    pieces, at = [], 0
    for place in _found(question):
        start, end = place.span
        pieces += [question[at:start], by(place)]
        at = end
    return "".join([*pieces, question[at:]])


@remembered  # a question's places are asked for several times before it is answered
def _found(question: str) -> tuple[Place, ...]:
    """Find all places; of those that overlap the longest, and the first language's of equals."""
    if not _number().search(question):
        return ()
    every = [place for language in profiles() for place in _in_language(question, language)]
    kept: list[Place] = []
    taken = bytearray(len(question))
    for place in sorted(every, key=lambda each: each.span[0] - each.span[1]):
        start, end = place.span
        if not any(taken[start:end]):
            kept.append(place)
            taken[start:end] = b"\1" * (end - start)
    return tuple(_with_paragraphs(question, sorted(kept, key=lambda each: each.span)))


def _with_paragraphs(question: str, places: Sequence[Place]) -> Iterator[Place]:
    """Join an article and the paragraph of it that is named beside it."""
    i = 0
    while i < len(places):
        pair = places[i : i + 2]
        kinds = [place.english.partition(" ")[0] for place in pair]
        if sorted(kinds) == ["Article", "para."]:
            between = question[pair[0].span[1] : pair[1].span[0]]
            article, paragraph = pair if kinds[0] == "Article" else pair[::-1]
            if _WITHIN.fullmatch(between):
                number, _, marks = paragraph.english.partition(" ")[2].partition(" ")
                english = " ".join(part for part in (article.english, f"({number})", marks) if part)
                span = pair[0].span[0], pair[1].span[1]
                is_english = article.is_english and paragraph.is_english
                yield Place(english, question[slice(*span)], span, (english.lower(),), (), is_english)
                i += 2
                continue
        yield places[i]
        i += 1


def _in_language(question: str, language: str) -> Iterator[Place]:
    forms = _forms(language)
    for pattern in forms.patterns:
        for match in pattern.finditer(question):
            kind = next(kind for kind in _LABELS if match.groupdict().get(kind))
            if kind == _OBJECTIVE and _of_other_framework().match(question, match.end()):
                continue  # "objective 3 of the SDGs" is none of the Compact's
            yield _place(match, kind, forms, is_english=language == ENGLISH)


def _place(match: re.Match[str], kind: str, forms: _Forms, *, is_english: bool) -> Place:
    groups = match.groupdict(default="")
    one, several = _LABELS[kind]
    is_objective = kind == _OBJECTIVE
    letters = "".join(f" ({letter})" for letter in _LETTER.findall(groups.get("letters", "").lower()))
    more = forms.joint.sub(" and ", forms.to.sub("–", groups.get("more", "")))
    more = re.sub(_COMMA, ", ", more)
    first = _value(groups.get("n", ""), groups.get("word", ""), forms)
    numbers = _listed(first, more)
    noun = one.lower().removeprefix("gcm ")
    locators = (f"{noun} {first}{letters}", *(f"{noun} {number}" for number in numbers[1:]))
    if is_objective and not letters:
        locators = ()
    english = f"{several if more else one} {first}{letters}{more}"
    if first == _LAST and groups.get("word"):
        english, locators = f"last {one}", (f"last {one}",)
    return Place(english, match[0].strip(), match.span(), locators, tuple(numbers) if is_objective else (), is_english)


def _value(digits: str, word: str, forms: _Forms) -> int:
    if not word:
        return _number_of(digits)
    if word.lower() in forms.cardinals:
        return forms.cardinals.index(word.lower()) + 1
    return next(n for n, ordinal in enumerate(forms.ordinals) if ordinal.match(word))


def _listed(first: int, more: str) -> list[int]:
    """Return the first number and those that follow it: ", 3 and 4", "–7"."""
    numbers = [first]
    for joint, digits in re.findall(r"(–|,|and)\s*(\d+)", more):
        number = int(digits)
        is_range = joint == "–" and numbers[-1] < number <= numbers[-1] + _LONGEST_RANGE
        numbers += range(numbers[-1] + 1, number + 1) if is_range else [number]
    return numbers


def _number_of(digits: str) -> int:
    """Read a number in digits or, below a hundred, in Chinese characters."""
    if digits.isdecimal():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (10 * (_digit(tens) or 1) if ten else 0) + _digit(ones)


def _digit(character: str) -> int:
    return _CHINESE_DIGITS.find(character) + 1 if character else 0


# Patterns ------------------------------------------------------------------------------------------------------------


@cache
def _number() -> re.Pattern[str]:
    """Compile what a question holds that names a place: a digit, or a word for a number."""
    patterns = [r"\d"]
    for profile in profiles().values():
        words = "|".join((*_ordinals(profile), *profile.listed("places", "cardinals")))
        if words:
            patterns.append(rf"(?<!\w)(?:{profile.pattern('places', 'after')})?(?:{words})(?!\w)")
        patterns.append(profile.pattern("places", "numerals"))
    return re.compile("|".join(patterns), re.IGNORECASE)


def _of_any(key: str) -> str:
    """Return a pattern of all languages: two may share a noun ("question") and differ in what follows it."""
    return "|".join(profile.pattern("places", key) for profile in profiles().values())


@cache
def _objective_numbers() -> re.Pattern[str]:
    """Compile a noun for objectives in any language, and the signs, numbers and words such as "and" behind it."""
    nouns = "|".join(profile.patterns("places", "nouns").get(_OBJECTIVE, NEVER) for profile in profiles().values())
    near = rf"(?>[\W\d]|{_of_any('joint')}|{_of_any('to')}){{0,{_NEAR}}}+"
    return re.compile(rf"(?:{nouns})(?=[\W\d])({near}\d*)", re.IGNORECASE)


@cache
def _of_other_framework() -> re.Pattern[str]:
    return re.compile(rf"\W{{1,9}}+(?:\w++\W++){{0,2}}(?:{_of_any('frameworks')})\b", re.IGNORECASE)


@cache
def _forms(language: str) -> _Forms:
    profile = profiles()[language]
    joint, to = _joined(profile, "joint"), rf"(?<!\s)\s*[-–—]\s*|{_joined(profile, 'to')}"
    return _Forms(
        tuple(re.compile(pattern, re.IGNORECASE) for pattern in _patterns(profile, joint, to)),
        tuple(re.compile(rf"\A(?:{each})\Z", re.IGNORECASE) for each in _ordinals(profile)),
        profile.listed("places", "cardinals"),
        re.compile(joint, re.IGNORECASE),
        re.compile(to, re.IGNORECASE),
    )


def _ordinals(profile: Profile) -> tuple[str, ...]:
    """Return the words for the last, which stands for none of the numbers, and for the first ten."""
    return (profile.pattern("places", "last"), *profile.listed("places", "ordinals"))


def _joined(profile: Profile, key: str) -> str:
    space = r"\s+" if profile.is_spaced and not (profile.prefixes_joints and key == "joint") else r"\s*"
    return rf"(?<!\s){space}(?:{profile.pattern('places', key)}){space}"


def _patterns(profile: Profile, joint: str, to: str) -> Iterator[str]:
    """Yield the patterns of a noun with its number after it, with an ordinal before it, and with one after it."""
    left, space, right = (r"(?<![\w.,])", r"\s+", r"(?!\w)") if profile.is_spaced else ("", r"\s*", "")
    # "Question 30 year old rules": what is counted; "para. 4.2" is another numbering.
    not_counted = rf"(?![.,]?\d|\s*(?:%|(?:{_of_any('counted')})(?!\w)))"
    sign = rf"(?:(?:{_SIGN}|{profile.pattern('places', 'number')})\s*)?"
    cardinals = "|".join(profile.listed("places", "cardinals")) or NEVER
    letters = rf"(?P<letters>{_LETTERS})"
    more = rf"(?P<more>(?:(?:{_COMMA}|{joint}|{to})\d{{1,3}}{not_counted})*)"
    edge = r"(?<!\w)"
    number = rf"(?:(?P<n>\d{{1,3}})|(?P<word>{cardinals})(?!\w))"
    yield rf"{edge}{_nouns(profile, 'nouns')}\s*{sign}{number}{letters}{more}{not_counted}"

    nouns = _nouns(profile, "nouns_after_ordinals") or _nouns(profile, "nouns", without=_OBJECTIVE)
    ordinals = "|".join(_ordinals(profile))
    # "My first question" is the asker's, "the first question" the meeting's.
    not_mine = "".join(rf"(?<!\b{word}\s)" for word in profile.listed("places", "mine"))
    if profile.tables["places"].get("before"):
        numerals = profile.pattern("places", "numerals")
        nth = rf"{profile.pattern('places', 'before')}\s*(?P<n>\d{{1,3}}|{numerals})"
    else:
        nth = rf"(?P<n>\d{{1,3}})(?:{profile.pattern('places', 'nth')})"
    yield rf"{left}{not_mine}(?:{nth}|(?P<word>{ordinals})){space}{nouns}{right}"
    if profile.tables["places"].get("after"):
        yield rf"{edge}{nouns}\s+{profile.pattern('places', 'after')}(?P<word>{ordinals})(?!\w)"


def _nouns(profile: Profile, table: str, *, without: str = "") -> str:
    nouns = profile.patterns("places", table)
    named = "|".join(f"(?P<{kind}>{noun})" for kind, noun in nouns.items() if kind != without)
    return f"(?:{named})" if named else ""
