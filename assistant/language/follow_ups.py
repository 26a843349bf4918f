"""Follow-ups, which can't be understood without the question before: "and for children?", "which objective is that?".

Rules from the language's profile. A language may leave out any of them; English has them all.
"""

import re
from dataclasses import dataclass
from functools import cache

from assistant.language.acts import is_bare
from assistant.language.profiles import ENGLISH, Profile, profiles
from assistant.language.words import is_content, words_of

_SHORT = 6  # words; a longer phrase that opens with a preposition says enough by itself
_DESCRIBING = 3  # words before the noun of what is at hand: "this regional review"
_WHOLE = 1_000_000  # characters; more than a question has
_TELLING = 2  # words that carry meaning


@dataclass(frozen=True, slots=True)
class _Cues:
    """The cues of one language that a question is a follow-up.

    Attributes:
        connected: An opening that joins the question to what was said, such as "and".
        opening: An opening that asks for more, such as "plus de détails".
        pointing: A word that points back, but not at the event or the document at hand ("this meeting").
        reach: The character up to which it does.
        presenting: The same words where they do point at the event or the document at hand.
        of_it: A question that asks something of "it".
        preposition: One that opens a short question.
    """

    connected: re.Pattern[str]
    opening: re.Pattern[str]
    pointing: re.Pattern[str]
    reach: int
    presenting: re.Pattern[str]
    of_it: re.Pattern[str]
    preposition: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of one language that point back in some positions only.

    Attributes:
        pronouns: Those that do at the end, and where nothing before them carries meaning.
        relatives: Those that do at the end, as a subject after an auxiliary, and after a preposition ("that").
        auxiliaries: Those that a subject may follow.
        before_relatives: Those after which a relative points back, if no noun follows.
        question_words: Those that make a short phrase with a preposition a whole question.
    """

    pronouns: frozenset[str]
    relatives: frozenset[str]
    auxiliaries: frozenset[str]
    before_relatives: frozenset[str]
    question_words: frozenset[str]


@cache
def _cues(language: str) -> _Cues | None:
    profile = profiles().get(language)
    return _compiled(profile) if profile and profile.has("follow_ups") else None


def _compiled(profile: Profile) -> _Cues:
    def of(key: str) -> str:
        return f"(?:{profile.pattern('follow_ups', key)})"

    edge = r"\b" if profile.is_spaced else ""
    start = r"\b" if profile.is_spaced and not profile.prefixes_joints else ""
    gap = r"\W+" if profile.is_spaced else r"\W*"
    present = rf"(?:{of('describing')}{gap}){{0,{_DESCRIBING}}}{of('present')}{edge}"
    not_present = f"(?!{gap}{present})"
    patterns = (
        rf"\W*{of('connected')}{start}",
        rf"\W*{of('openings')}{start}",
        f"{start}{of('pointing')}{start}{not_present}",
        f"{start}{of('presenting')}{gap}{present}",
        rf"\W*{of('of_it')}{start}{not_present}",
        rf"\W*{of('prepositions')}{start}",
    )
    connected, opening, pointing, presenting, of_it, preposition = (
        re.compile(each, re.IGNORECASE) for each in patterns
    )
    reach = profile.number("follow_ups", "reach", _WHOLE)
    return _Cues(connected, opening, pointing, reach, presenting, of_it, preposition)


@cache
def _words(language: str) -> _Words:
    keys = ("pronouns", "relatives", "auxiliaries", "before_relatives", "question_words")
    return _Words(*(frozenset(profiles()[language].listed("follow_ups", key)) for key in keys))


def is_follow_up(question: str, language: str = ENGLISH) -> bool:
    """Return whether a question can't be understood without the one before it.

    >>> is_follow_up("and for children?"), is_follow_up("When does this session begin?")
    (True, False)
    """
    cues, words, text = _cues(language), list(words_of(question)), question.strip()
    if cues is None or not words:
        return False
    pointing = cues.pointing.search(text)
    if (
        is_bare(text, language)
        or cues.connected.match(text)
        or cues.opening.match(text)
        or cues.of_it.match(text)
        or (pointing and pointing.start() <= cues.reach)
    ):
        return True
    if cues.preposition.match(text) and len(words) <= _SHORT and not text.endswith("."):
        return not _is_whole(words, language) and not cues.presenting.search(text)
    return any(_points_back(words, at, _words(language)) for at in range(len(words)))


def is_connected(question: str, language: str = ENGLISH) -> bool:
    """Return whether a question opens with a word that joins it to what was said before it, such as "and"."""
    cues = _cues(language)
    return bool(cues and cues.connected.match(question))


def _is_whole(words: list[str], language: str) -> bool:
    """Return whether a phrase with a preposition says enough: "to whom are messages sent?"."""
    asks = words[1:2] and words[1] in _words(language).question_words
    grammar = profiles()[language].listed("writing", "grammar")
    return bool(asks) and sum(is_content(word) and word not in grammar for word in words) >= _TELLING


def _points_back(words: list[str], at: int, known: _Words) -> bool:
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in known.pronouns:
        return not following or not any(map(is_content, words[:at]))
    if word not in known.relatives:
        return False
    before = words[at - 1] if at else ""
    # "Which objective does that come under?": after an auxiliary follows a verb, unless it opens the question.
    is_subject = at > 1 and before in known.auxiliaries
    return not following or is_subject or (before in known.before_relatives and not is_content(following))
