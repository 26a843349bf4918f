"""What a question names: places of a document ("para. 21 (b)", "questions 3 and 4") and phrases in quotation marks.

This module knows nothing of passages.
"""

import re

from assistant.language.cues import places_in_english, with_english_places, without_places
from assistant.language.words import is_content, words_of

_QUOTED = re.compile(
    r'"([^"]+)"|“([^”]+)”|«([^»]+)»|»([^«]+)«|‹([^›]+)›|„([^“”]+)[“”]|(?<!\w)‘([^’]+)’(?!\w)|(?<!\w)\'([^\']+)\'(?!\w)|'
    r"[「『《＂]([^「」『』《》＂]+)[」』》＂]|”([^”]+)”|‚([^‘’]+)[‘’]"
)

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NOUN = r"(?P<noun>(?:guiding\s+)?question|(?:preambular\s+)?para(?:graph|s|graphs)?\.?|recommendation|item)s?"
_NOT_A_PLACE = r"(?!\.?\d|\s+(?:years?|months?|days?|per)\b)"  # "question 30 year old rules"
_PLACES = (
    re.compile(
        rf"\b{_NOUN}\s*(?:no\.?\s*|number\s+|#\s*)?(?P<number>\d{{1,3}}|(?:{'|'.join(_CARDINALS)})\b){_NOT_A_PLACE}"
        r"(?P<letters>(?:\s*\([a-z]{1,5}\))*)(?P<more>(?:\s*(?:,|and|or|to|[-–])\s*\d{1,3}\b(?!\.\d))*)",
        re.IGNORECASE,
    ),
    # "My first question" is the asker's.
    re.compile(
        rf"(?<!\bmy )(?<!\bour )(?<!\bone )\b(?P<number>{'|'.join(_ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))\s+{_NOUN}"
        r"(?P<letters>)(?P<more>)",
        re.IGNORECASE,
    ),
)
_LONGEST_RANGE = 20  # places


def named_places(question: str) -> list[str]:
    """Find the places that a question names as a citation would, in the form of a locator's end, in lower case.

    They may be named in another language: "párrafo 4" is known before the language of two words is.

    >>> named_places("What is guiding question three, and para. 21 (b)?")
    ['question 3', 'para. 21 (b)']
    """
    return _places_in(question) or _places_in(places_in_english(question))


def with_places_in_english(question: str) -> str:
    """Return a question with the places that it names in another language put into English."""
    return question if _places_in(question) else with_english_places(question)


def _places_in(question: str) -> list[str]:
    places = []
    for match in (match for pattern in _PLACES for match in pattern.finditer(question)):
        noun = match["noun"].lower()
        label = noun.split()[-1]
        label = "para." if label.startswith("para") else label
        label = f"preambular {label}" if noun.startswith("preambular") else label
        letters = "".join(f" ({letter})" for letter in re.findall(r"\w+", match["letters"].lower()))
        first, *more = _numbers(match["number"].lower(), match["more"].lower())
        places += [f"{label} {first}{letters}", *(f"{label} {number}" for number in more)]
    return places


def _numbers(first: str, more: str) -> list[int]:
    """Read a number or a word for one, and those that follow it: ", 3 and 4", "to 7"."""
    for words in (_ORDINALS, _CARDINALS):
        first = str(words.index(first) + 1) if first in words else first
    numbers = [int(first.rstrip("stndrh"))]
    for joint, number in re.findall(r"(,|and|or|to|[-–])\s*(\d+)", more):
        is_range = joint in ("to", "-", "–") and numbers[-1] < int(number) <= numbers[-1] + _LONGEST_RANGE
        numbers += range(numbers[-1] + 1, int(number) + 1) if is_range else [int(number)]
    return numbers


def quoted_phrases(question: str) -> tuple[str, ...]:
    """Find what a question puts in quotation marks, as words in lower case; words of grammar alone aren't a phrase.

    >>> quoted_phrases('Where does it say “Child-sensitive data”?')
    ('child sensitive data',)
    """
    quoted = (" ".join(words_of("".join(match.groups("")))) for match in _QUOTED.finditer(question))
    return tuple(phrase for phrase in quoted if any(map(is_content, phrase.split())))


def without_quoted(question: str) -> str:
    """Return a question without what it puts in quotation marks."""
    return _QUOTED.sub(" ", question)


def beside_names(question: str) -> list[str]:
    """Return the words that carry meaning in what a question says beside places and phrases.

    >>> beside_names('What does para. 4 say about "data" of children?')
    ['children']
    """
    question = without_quoted(question)
    for pattern in _PLACES:
        question = pattern.sub(" ", question)
    return [word for word in words_of(without_places(question)) if is_content(word)]


def holds_phrase(text: str, phrase: str) -> bool:
    """Whether a text holds a phrase, as words in lower case."""
    return f" {phrase} " in f" {' '.join(words_of(text))} "
