"""A question that asks for several things -> the questions that it consists of."""

import re
from dataclasses import dataclass
from functools import cache

from assistant.language.follow_ups import is_follow_up
from assistant.language.profiles import ENGLISH, Profile, profiles
from assistant.language.words import is_content, words_of

_MOST_PARTS = 8
_LEAST_WORDS, _LEAST_CHARACTERS = 3, 4  # of a question; a shorter one leans on the other
_ENDS = "[?？؟;；؛]"
_NO_END = "[?？؟;；؛!！\"'”’»)\\]]"  # what follows these marks where they end nothing
_ASKED = re.compile(r"[?？؟]\s*$")
_MARKS = " ,;，；،؛"


@dataclass(frozen=True, slots=True)
class _Joints:
    """The joints of questions in one language.

    Attributes:
        ends: Where one question may end and another begin.
        connected: What begins with "and".
        opening: An "and" at the beginning that a question follows, and that may be left out.
        inside: The same within a sentence.
        question: A question word.
    """

    ends: re.Pattern[str]
    connected: re.Pattern[str]
    opening: re.Pattern[str]
    inside: re.Pattern[str]
    question: re.Pattern[str]


@cache
def _joints(language: str) -> _Joints | None:
    profile = profiles().get(language)
    return _compiled(profile) if profile and profile.has("parts") else None


def _compiled(profile: Profile) -> _Joints:
    edge, space = (r"\b", r"\s+") if profile.is_spaced else ("", r"\W*")
    after = r"\s*" if profile.prefixes_joints else space
    joints, questions, before = (profile.pattern("parts", key) for key in ("joints", "questions", "before_questions"))
    any_question = "|".join((questions, profile.pattern("parts", "relatives")))
    ahead = rf"(?=(?:(?:{before})\W+){{0,2}}?(?:{any_question}){edge})" if profile.is_spaced else ""
    # A run of spaces is looked through once: from its beginning, or from the mark before it.
    inside = rf"(?:[,;،]|(?<![\s,;،]))\s+(?:{joints}){after}(?=(?:(?:{before})\s+)?(?:{questions})\b)"
    patterns = (
        rf"(?<={profile.tables['parts'].get('ends', _ENDS)})(?!{_NO_END})\s*",
        rf"^\W*(?:{joints}){space}",
        rf"^\W*(?:{joints}){after}{ahead}",
        inside if profile.is_spaced else r"(?!)",
        f"{edge}(?:{questions}){edge}",
    )
    return _Joints(*(re.compile(pattern, re.IGNORECASE) for pattern in patterns))


def parts_of(question: str, language: str = ENGLISH) -> tuple[str, ...]:
    """Return the parts of a question that asks for several things; none where it asks for one.

    A part that can't be understood without the one before it isn't a part.

    >>> parts_of("How many borders were closed, and who wrote the brief?")
    ('How many borders were closed', 'who wrote the brief?')
    """
    joints = _joints(language)
    if joints is None:
        return ()
    profile = profiles()[language]
    sentences = [sentence for sentence in joints.ends.split(question.strip()) if sentence]
    if not profile.number("parts", "may_tell", 0) and not all(_asks(sentence, joints) for sentence in sentences):
        return ()
    pieces = [piece for sentence in sentences for piece in joints.inside.split(sentence)]
    parts = tuple(joints.opening.sub("", piece).strip(_MARKS) for piece in pieces)
    if not 1 < len(parts) <= _MOST_PARTS:
        return ()
    return parts if all(_stands_alone(part, joints, profile) for part in parts) else ()


def _asks(sentence: str, joints: _Joints) -> bool:
    return bool(_ASKED.search(sentence) or joints.question.search(sentence))


def _stands_alone(part: str, joints: _Joints, profile: Profile) -> bool:
    return _says_enough(part, profile) and not joints.connected.match(part) and not is_follow_up(part, profile.language)


def _says_enough(part: str, profile: Profile) -> bool:
    if not profile.is_spaced:
        return len(re.findall(r"[^\W_]", part)) >= _LEAST_CHARACTERS
    words = list(words_of(part))
    return len(words) >= profile.number("parts", "least_words", _LEAST_WORDS) and sum(
        map(is_content, words)
    ) >= profile.number("parts", "least_telling", 0)
