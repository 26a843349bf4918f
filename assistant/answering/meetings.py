"""Practical questions about the meeting at hand: put in the documents' word for it, answered by what holds the thing.

"When does the session take place?" asks for a day or a time of what the note calls a round table. A passage that
mentions a meeting, and holds no day, doesn't answer, however near it comes. In documents in other languages than
English the judge decides alone.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from assistant.answering.about import originals, passages_holding
from assistant.answering.intents import Intent
from assistant.index import Store
from assistant.language import ENGLISH, meetings_in
from assistant.records import Document
from assistant.retrieval import Candidate

_MARK = re.compile(r"[.?!](?=\s|\Z)")
# A capital that doesn't open a sentence, in a word that isn't one of those that UN texts write with one throughout.
_NAME = re.compile(
    r"(?<![.?!:;]\s)(?<!^)(?<!\n)\b(?!(?:States?|Members?|Governments?|I|We|GCM|COVID|SDGs?)\b)[A-Z][\w-]+"
)
# In the words in which documents and the reader's questions put it, whatever the language asked in.
_QUESTIONS: Mapping[Intent, str] = {
    "when": "When does the {} take place?",
    "where": "Where does the {} take place?",
    "duration": "What time does the {} end?",
    "speakers": "Who speaks at the {}?",
    "format": "Is the {} online?",
}
_MEETING = "meeting"
_OPENING = 1000  # characters of a document in which its words for the meeting are looked for
_NAMES = 2
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\b"
)
_CLOCK = r"\b\d{1,2}\s?[:.h]\s?[0-5]\d\b|\b\d{1,2}\s?[AaPp]\.?[Mm]\b|\b(?:noon|midnight)\b"
_DAY = (
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTHS}|\b{_MONTHS}\s+\d{{1,2}}\b|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b|"
    r"\b\d{4}-\d\d-\d\d\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
_LASTING = (
    rf"(?:{_CLOCK})\W+(?:(?:to|until|and)\W+)?(?:{_CLOCK})|\b\d{{1,2}}\W+(?:(?:to|and)\W+)?\d{{1,2}}\s+{_MONTHS}|"
    r"\b(?:\w{1,20}-|[\w.,]{1,20}\s+)(?:minutes?|hours?|days?)\b|\b(?:half|whole)\W(?:a\W)?day\b|"
    rf"\b(?:until|ends?|close[sd]?|closing|finish\w*|conclud\w+|adjourn\w*|over)\b.{{0,40}}?(?:{_CLOCK}|{_DAY})"
)
_PLACE = (
    r"(?i:\b(?:venue|room|hall|palais|palace|(?:held|tak(?:es?|ing) place|meets?|located) (?:in|at)|"
    r"location|headquarters|hotel|held (?:online|virtually)|hybrid|zoom)\b)"
)
_SPEAKING = (
    r"(?i:\b(?:speak(?:s|ers?|ing)?|panel+ists?|(?:co-)?moderat\w+|(?:co-)?chair\w*|keynote|remarks|rapporteurs?|welcome|"
    r"presenters?|facilitat\w+|(?:addressed|presented|introduced|opened|led|statements?) by)\b)"
)
_AFAR = (
    r"(?i:\b(?:online|virtual(?:ly)?|hybrid|in[- ]person|remote(?:ly)?|zoom|webex|teams|webcast\w*|(?:live)?stream\w*|"
    r"broadcast\w*|web tv|video-?conferenc\w*|video link|on[- ]site)\b)"
)
_TAKING_PART = (
    r"(?i:\b(?:held|join\w*|attend\w*|participa\w+|tak(?:es?|ing) (?:place|part)|follow\w*|connect\w*|watch\w*|link)\b)"
)
_NAMED = r"\b(?!(?:I|We|The|In|At|On|To|From|And)\b)[A-Z][^\W\d_]+"
_is_day, _is_place, _is_lasting, _is_speaking, _is_afar, _is_taking_part, _is_named = (
    re.compile(pattern).search
    for pattern in (f"{_DAY}|{_CLOCK}", _PLACE, _LASTING, _SPEAKING, _AFAR, _TAKING_PART, _NAMED)
)
_DATED = re.compile(rf"{_DAY}|{_CLOCK}|\b{_MONTHS}")


class Meeting:
    """The meeting that the documents are for."""

    def __init__(self, store: Store, documents: Mapping[str, Document]) -> None:
        """Take the documents by id, and their passages in a store."""
        self._store = store
        self._documents = documents

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The words for a meeting with which the documents open, the most frequent first."""
        opened = [f"{each.source.title}\n{each.text[:_OPENING]}" for each in originals(self._documents.values())]
        counted = Counter(name.lower() for text in opened for name, _ in meetings_in(text))
        return tuple(name for name, _ in counted.most_common(_NAMES)) or (_MEETING,)

    def questions(self, intent: Intent) -> list[str]:
        """Return the questions that stand for all that want the same of the meeting, one for each of its names."""
        return [_QUESTIONS[intent].format(name) for name in self.names]

    def is_another(self, question: str) -> bool:
        """Return whether a question names a meeting by a number ("round table 2") that no document mentions."""
        return any(number and not self._is_mentioned(number) for _, number in meetings_in(question))

    def _is_mentioned(self, number: str) -> bool:
        if any(number == other for each in self._store.sources.values() for _, other in meetings_in(each.title)):
            return True
        passages = passages_holding(self._store, number)
        return any(number == other for passage in passages for _, other in meetings_in(passage.text))


def is_opening(candidate: Candidate) -> bool:
    """Return whether a passage is the lines with which a meeting's document opens: there its time and place stand."""
    passage = candidate.passage
    return passage.locator.startswith("opening line") and bool(meetings_in(f"{passage.source.title} {passage.text}"))


def holding(candidates: Sequence[Candidate], intent: Intent) -> list[Candidate]:
    """Return the candidates with a sentence that holds what is wanted of a meeting; only such are left to be quoted."""
    return [kept for each in candidates if (kept := _holding(each, intent))]


def _holding(candidate: Candidate, intent: Intent) -> Candidate | None:
    if candidate.passage.source.kind != "original":  # what another document says, which isn't this meeting's
        return None
    if candidate.passage.source.language != ENGLISH:
        return candidate
    text = candidate.passage.text
    scores = [
        score if holds(intent, text[start:end], candidate.passage.heading) and not _asks(text, end) else -1.0
        for (start, end), score in zip(candidate.sentences, candidate.sentence_scores, strict=True)
    ]
    return replace(candidate, sentence_scores=tuple(scores)) if max(scores) >= 0 else None


def _asks(text: str, end: int) -> bool:
    """Return whether the sentence asks that a clause ends in."""
    mark = _MARK.search(text, max(0, end - 1))
    return bool(mark and mark[0] == "?")


def holds(intent: Intent, sentence: str, heading: str = "") -> bool:
    """Return whether a sentence holds what is wanted of a meeting; what asks holds nothing.

    >>> holds("when", "Friday, 13 November, 13:30 – 15:10"), holds("when", "All materials of this meeting are here.")
    (True, False)
    >>> holds("where", "Friday, 13 November, 13:30 – 15:10"), holds("where", "Port Ossary, 14 to 16 September 2027")
    (False, True)
    """
    if "?" in sentence:
        return False
    told = f"{heading}: {sentence}"
    match intent:
        case "when":
            return bool(_is_day(sentence))
        case "duration":
            return bool(_is_lasting(sentence))
        case "where":
            return bool(_is_place(told) or any(map(_names_place, sentence.splitlines())))
        case "speakers":
            return bool(_is_speaking(told) and _NAME.search(sentence))
        case _:
            return bool(_is_afar(sentence) and (_is_taking_part(told) or meetings_in(told)))


def _names_place(line: str) -> bool:
    """Return whether a line is a date with a place: it has a date, and a name beside it that is no meeting's."""
    rest = _DATED.sub(" ", line)
    return rest != line and not meetings_in(line) and bool(_is_named(rest))
