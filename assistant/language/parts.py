"""A question that asks for several things -> the questions that it consists of."""

import re
from collections.abc import Mapping
from functools import cache

from assistant.language.follow_ups import is_follow_up
from assistant.language.profiles import ENGLISH, NEVER, Profile, profile_of
from assistant.language.words import is_content, words_of

_MOST_PARTS = 6  # each is searched for and read by itself
_LEAST_WORDS, _LEAST_CHARACTERS = 3, 4  # of a question; a shorter one leans on the other
_ENDS = "[?？؟;；؛]"
_NO_END = "[?？؟;；؛!！\"'”’»)\\]]"  # what follows these marks where they end nothing
_ASKED = re.compile(r"[?？؟]\s*$")
_MARKS = " ,;，；،؛"


@cache
def _joints(language: str) -> Mapping[str, re.Pattern[str]]:
    """Compile where the questions of a text in one language are joined."""
    profile = profile_of(language)
    edge, space = (r"\b", r"\s+") if profile.is_spaced else ("", r"\W*")
    after = r"\s*" if profile.prefixes_joints else space
    joints, questions, before = (profile.pattern("parts", key) for key in ("joints", "questions", "before_questions"))
    any_question = "|".join((questions, profile.pattern("parts", "relatives")))
    ahead = rf"(?=(?:(?:{before})\W+){{0,2}}?(?:{any_question}){edge})" if profile.is_spaced else ""
    # A run of spaces is looked through once: from its beginning, or from the mark before it.
    inside = rf"(?:[,;،]|(?<![\s,;،]))\s+(?:{joints}){after}(?=(?:(?:{before})\s+)?(?:{questions})\b)"
    patterns = {
        "ends": rf"(?<={profile.tables['parts'].get('ends', _ENDS)})(?!{_NO_END})\s*",
        "connected": rf"\A\W*(?:{joints}){space}",
        # An "and" that a question follows may be left out.
        "opening": rf"\A\W*(?:{joints}){after}{ahead}",
        "inside": inside if profile.is_spaced else NEVER,
        "question": f"{edge}(?:{questions}){edge}",
    }
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()}


def parts_of(question: str, language: str = ENGLISH) -> tuple[str, ...]:
    """Return the parts of a question that asks for several things; none where it asks for one.

    A part that can't be understood without the one before it isn't a part.

    >>> parts_of("How many borders were closed, and who wrote the brief?")
    ('How many borders were closed', 'who wrote the brief?')
    """
    profile = profile_of(language)
    if not profile.has("parts"):
        return ()
    joints = _joints(language)
    sentences = [sentence for sentence in joints["ends"].split(question.strip()) if sentence]
    if not profile.number("parts", "may_tell", 0) and not all(_asks(sentence, joints) for sentence in sentences):
        return ()
    pieces = [piece for sentence in sentences for piece in joints["inside"].split(sentence)]
    parts = tuple(joints["opening"].sub("", piece).strip(_MARKS) for piece in pieces)
    if not 1 < len(parts) <= _MOST_PARTS:
        return ()
    return parts if all(_stands_alone(part, joints, profile) for part in parts) else ()


def _asks(sentence: str, joints: Mapping[str, re.Pattern[str]]) -> bool:
    return bool(_ASKED.search(sentence) or joints["question"].search(sentence))


def _stands_alone(part: str, joints: Mapping[str, re.Pattern[str]], profile: Profile) -> bool:
    if joints["connected"].match(part) or is_follow_up(part, profile.language):
        return False
    if not profile.is_spaced:
        return len(re.findall(r"[^\W_]", part)) >= _LEAST_CHARACTERS
    words = list(words_of(part))
    return len(words) >= profile.number("parts", "least_words", _LEAST_WORDS) and sum(
        map(is_content, words)
    ) >= profile.number("parts", "least_telling", 0)
