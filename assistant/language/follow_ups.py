"""Follow-ups, which can't be understood without the question before: "and for children?", "which objective is that?".

Rules from the language's profile. A language may leave out any of them; English has them all.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from assistant.language.acts import is_bare
from assistant.language.profiles import ENGLISH, NEVER, profile_of
from assistant.language.words import is_content, words_of

_SHORT = 6  # words; a longer phrase that opens with a preposition says enough by itself
_DESCRIBING = 3  # words before the noun of what is at hand: "this regional review"
_TELLING = 2  # words that carry meaning


@cache
def _cues(language: str) -> Mapping[str, re.Pattern[str]]:
    """Compile what a follow-up opens with or holds, by the keys of the profile's table."""
    profile = profile_of(language)

    def of(key: str) -> str:
        return f"(?:{profile.pattern('follow_ups', key)})"

    edge = r"\b" if profile.is_spaced else ""
    start = r"\b" if profile.is_spaced and not profile.prefixes_joints else ""
    gap = r"\W+" if profile.is_spaced else r"\W*"
    present = rf"(?:{of('describing')}{gap}){{0,{_DESCRIBING}}}(?:{of('present')}|{of('gatherings')}){edge}"
    not_present = f"(?!{gap}{present})"
    patterns = {
        "connected": rf"\A\W*{of('connected')}{start}",
        "openings": rf"\A\W*{of('openings')}{start}",
        "pointing": f"{start}{of('pointing')}{start}{not_present}",
        "gatherings": rf"{start}({of('gatherings')}){edge}(?:\s(\d{{1,2}})\b)?",
        "presenting": f"{start}{of('presenting')}{gap}{present}",
        "of_it": rf"\A\W*{of('of_it')}{start}{not_present}",
        "prepositions": rf"\A\W*{of('prepositions')}{start}",
    }
    return {key: re.compile(pattern, re.IGNORECASE) for key, pattern in patterns.items()}


@cache
def _words(language: str, key: str) -> frozenset[str]:
    return frozenset(profile_of(language).listed("follow_ups", key))


def is_follow_up(question: str, language: str = ENGLISH) -> bool:
    """Return whether a question can't be understood without the one before it.

    >>> is_follow_up("and for children?"), is_follow_up("When does this session begin?")
    (True, False)
    """
    profile, cues, words, text = profile_of(language), _cues(language), list(words_of(question)), question.strip()
    if not profile.has("follow_ups") or not words:
        return False
    pointing = cues["pointing"].search(text)
    if (
        is_bare(text, language)
        or any(cues[key].match(text) for key in ("connected", "openings", "of_it"))
        or (pointing and pointing.start() <= profile.number("follow_ups", "reach", len(text)))
    ):
        return True
    if cues["prepositions"].match(text) and len(words) <= _SHORT and not text.endswith("."):
        return not _is_whole(words, language) and not cues["presenting"].search(text)
    telling = next((at for at, word in enumerate(words) if is_content(word)), len(words))
    return any(_points_back(words, at, language, telling) for at in range(len(words)))


def is_connected(question: str, language: str = ENGLISH) -> bool:
    """Return whether a question opens with a word that joins it to what was said before it, such as "and"."""
    return bool(_cues(language)["connected"].match(question))


def meetings_in(text: str, language: str = ENGLISH) -> list[tuple[str, str]]:
    """Return the words of a text for a meeting, each with the number that it has, or without one.

    >>> meetings_in("The sessions of round table 4")
    [('sessions', ''), ('round table', '4')]
    """
    return _cues(language)["gatherings"].findall(text)


def added_by(question: str, language: str = ENGLISH) -> str:
    """Return the phrase that a follow-up without a question of its own adds; empty where it asks, or only counts on.

    >>> added_by("And what about unaccompanied children?"), added_by("And who pays?"), added_by("And the fourth?")
    ('unaccompanied children?', '', '')
    """
    cues, phrase = _cues(language), question.strip()
    while opened := cues["connected"].match(phrase):
        phrase = phrase[opened.end() :].strip()
    pointing = [match.span() for match in cues["pointing"].finditer(phrase)]
    # What points at the end may be a particle of asking: "儿童呢？"
    ends = pointing[-1][0] if pointing and pointing[-1][1] == len(phrase) else len(phrase)
    said = _ordinals(language).sub(" ", phrase[:ends])
    words = list(words_of(said))
    is_joined = phrase != question.strip() or ends < len(phrase) or cues["prepositions"].match(phrase)
    is_asked = _asking(language).search(said) or (words and words[0] in _words(language, "auxiliaries"))
    adds = any(is_content(word) for word in words if not word.isdigit())
    return phrase if is_joined and adds and not is_asked else ""


@cache
def _ordinals(language: str) -> re.Pattern[str]:
    return _words_as_one(language, profile_of(language).listed("places", "ordinals"))


@cache
def _asking(language: str) -> re.Pattern[str]:
    return _words_as_one(language, [profile_of(language).pattern("parts", key) for key in ("questions", "relatives")])


def _words_as_one(language: str, patterns: Sequence[str]) -> re.Pattern[str]:
    edge = r"\b" if profile_of(language).is_spaced else ""
    return re.compile(f"{edge}(?:{'|'.join(patterns) or NEVER}){edge}", re.IGNORECASE)


def _is_whole(words: list[str], language: str) -> bool:
    """Return whether a phrase with a preposition says enough: "to whom are messages sent?"."""
    asks = words[1:2] and words[1] in _words(language, "question_words")
    grammar = profile_of(language).listed("writing", "grammar")
    return bool(asks) and sum(is_content(word) and word not in grammar for word in words) >= _TELLING


def _points_back(words: list[str], at: int, language: str, telling: int) -> bool:
    """Return whether a word points back by where it stands.

    A pronoun does at the end, and where nothing before it carries meaning; a relative at the end, as a subject after an
    auxiliary, and after a preposition.

    Args:
        telling: The first word that carries meaning.
    """
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in _words(language, "pronouns"):
        return not following or at <= telling
    if word not in _words(language, "relatives"):
        return False
    before = words[at - 1] if at else ""
    # "Which objective does that come under?": after an auxiliary follows a verb, unless it opens the question.
    is_subject = at > 1 and before in _words(language, "auxiliaries")
    return not following or is_subject or (before in _words(language, "before_relatives") and not is_content(following))
