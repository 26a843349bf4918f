"""Normalise a question before it is searched for: correct slips and spell out acronyms.

Only what the documents bear out is changed: a word that neither they nor the model's vocabulary know gives way to the
nearest one that they hold.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.language import Entry, english_forms, is_content, spelt_words, stem, words_of

# What delegates write short. An expansion follows its acronym, so that either may be found.
KNOWN_ACRONYMS = {
    "eu": "European Union",
    "gbv": "gender-based violence",
    "gcm": "Global Compact for Migration",
    "idp": "internally displaced persons",
    "idps": "internally displaced persons",
    "ilo": "International Labour Organization",
    "imrf": "International Migration Review Forum",
    "ingo": "non-governmental organizations",
    "iom": "International Organization for Migration",
    "mou": "memorandum of understanding",
    "ngo": "non-governmental organizations civil society",
    "ngos": "non-governmental organizations civil society",
    "odas": "official development assistance",
    "oda": "official development assistance",
    "ohchr": "Office of the High Commissioner for Human Rights",
    "sdg": "Sustainable Development Goals",
    "sdgs": "Sustainable Development Goals",
    "sg": "Secretary-General",
    "uasc": "unaccompanied and separated children",
    "uam": "unaccompanied minors",
    "uams": "unaccompanied minors",
    "un": "United Nations",
    "unece": "United Nations Economic Commission for Europe",
    "unhcr": "High Commissioner for Refugees",
    "unicef": "United Nations Children’s Fund",
    "unmn": "United Nations Network on Migration",
    "unnm": "United Nations Network on Migration",
    "unodc": "United Nations Office on Drugs and Crime",
    "vot": "victims of trafficking",
    "vots": "victims of trafficking",
}
# Where a normalised question spells out what stands before.
EXPANSION = re.compile(r"\([^()]*\)")
# A passage that says when seldom says "when": it gives a date.
_ASKS_TIME = re.compile(r"\b(?:when|(?:what|which) (?:day|date|time))\b", re.IGNORECASE)
_OF_TIME = "date and time"
# Words, then their initials in parentheses: the way a text introduces an acronym.
_INITIALS = re.compile(r"\(([A-Z][A-Za-z]{1,7})\)")
_WORDS_BEFORE = re.compile(r"(?:(?<![\w’'-])[\w’'-]+\s+){1,8}\Z")
_BEFORE = 200  # characters that hold these words


def defined_acronyms(texts: Iterable[str]) -> dict[str, str]:
    """Return the acronyms that texts define in parentheses by their initials, in lower case.

    >>> defined_acronyms(["the World Trade Board (WTB) met"])
    {'wtb': 'World Trade Board'}
    """
    found: dict[str, str] = {}
    for text in texts:
        # The parentheses first: to try at each word whether some follow takes a long text's reader seconds.
        for match in _INITIALS.finditer(text):
            before = _WORDS_BEFORE.search(text[max(0, match.start() - _BEFORE) : match.start()])
            name = _name_of(match[1], before[0].split()) if before else ""
            if name:
                found.setdefault(match[1].lower(), name)
    return found


def _name_of(acronym: str, before: list[str]) -> str:
    """Return the shortest run of the words before an acronym whose capitals spell it."""
    for first in range(len(before) - 1, -1, -1):
        capitals = "".join(word[0] for word in before[first:] if word[0].isupper())
        if capitals == acronym.upper():
            return " ".join(before[first:])
    return ""


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """The terms of one corpus.

    Attributes:
        acronyms: Those that the documents define, in lower case, with what they stand for.
        entries: The meeting's own glossary.
    """

    acronyms: Mapping[str, str] = field(default_factory=dict)
    entries: Sequence[Entry] = ()


class QueryNormaliser:
    """A normaliser of questions to one corpus."""

    def __init__(
        self,
        *,
        holds: Callable[[str], bool],
        knows: Callable[[str], bool],
        corrected: Callable[[str], str | None],
        own: OwnTerms,
    ) -> None:
        """Take what the corpus and the model know.

        Args:
            holds: Whether the documents hold a word.
            knows: Whether the model's vocabulary holds it.
            corrected: The documents' word that a misspelt one stands for.
            own: Where a question holds an English term of its entries, its other forms that the documents hold follow.
        """
        forms = english_forms(own.entries)
        held = {key: [each for each in others if all(map(holds, words_of(each)))] for key, others in forms.items()}
        self._forms = {key: ", ".join(others) for key, others in held.items()}
        self._longest = max(map(len, forms), default=0)
        self._holds = holds
        self._knows = knows
        self._corrected = corrected
        self._acronyms = KNOWN_ACRONYMS | dict(own.acronyms)

    def is_gibberish(self, question: str) -> bool:
        """Return whether every word is keys struck at random, which neither documents nor model know or resemble.

        Words with capitals may be names, and other scripts other languages: those are never gibberish.
        """
        words = [word for word, _ in spelt_words(question)]
        if self._own_terms(words) or not words or not (question.isascii() and question == question.lower()):
            return False
        return not any(
            word.isdigit()
            or word in self._acronyms
            or self._holds(word)
            or self._knows(word)
            or self._corrected(word) is not None
            for word in words
        )

    def normalise(self, question: str) -> str:
        """Return a question with slips corrected, acronyms spelt out at their first place, and "when" in words."""
        normalised = question
        spelt = list(spelt_words(question))
        first = dict(reversed(spelt))  # where each word stands first
        own = self._own_terms([word for word, _ in spelt])
        # From the end, so that what stands before keeps its place.
        for at, (word, (start, end)) in reversed(list(enumerate(spelt))):
            if at in own:
                normalised = f"{normalised[:end]} ({own[at]}){normalised[end:]}" if own[at] else normalised
            elif word in self._acronyms:
                if first[word] == (start, end):  # again would tell nothing, and could make it very long
                    normalised = f"{normalised[:end]} ({self._acronyms[word]}){normalised[end:]}"
            elif is_content(word) and not self._holds(word) and not self._knows(word):
                normalised = normalised[:start] + (self._corrected(word) or normalised[start:end]) + normalised[end:]
        return f"{normalised} ({_OF_TIME})" if _ASKS_TIME.search(question) else normalised

    def _own_terms(self, words: Sequence[str]) -> dict[int, str]:
        """Return the places of the words of the meeting's own terms; that of a term's last word with its other forms.

        Of terms that overlap the longest counts. Other forms are told once.
        """
        stems, told, at = list(map(stem, words)) if self._forms else [], dict[int, str](), 0
        while at < len(stems):
            ends = range(min(at + self._longest, len(stems)), at, -1)
            end = next((end for end in ends if tuple(stems[at:end]) in self._forms), at)
            if end > at:
                others = self._forms[tuple(stems[at:end])]
                told |= dict.fromkeys(range(at, end), "") | {end - 1: "" if others in told.values() else others}
            at = max(end, at + 1)
        return told
