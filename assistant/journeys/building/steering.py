"""Read an operator's own words from beside the documents: `glossary.toml`, and `answers.toml` with checked places."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.answering import CuratedAnswer
from assistant.documents import ANSWERS_FILE, Corpus
from assistant.errors import CorpusError
from assistant.files import read_entries
from assistant.index import Facts
from assistant.language import GLOSSARY_FILE, Entry, named_places, read_glossary
from assistant.records import Document, Paragraph

STEERING_FILES = (GLOSSARY_FILE, ANSWERS_FILE)
_OFFERED = 3  # places that are named for one that isn't there


@dataclass(frozen=True, slots=True)
class Steering:
    """The operator's own words.

    Attributes:
        terms: Of the meeting, beside the glossary that ships.
        answers: The places that come first for some questions.
    """

    terms: tuple[Entry, ...] = ()
    answers: tuple[CuratedAnswer, ...] = ()

    def facts(self) -> Facts:
        """Return what `from_facts` needs."""
        return {"terms": [dict(each) for each in self.terms], "answers": [asdict(each) for each in self.answers]}

    @classmethod
    def from_facts(cls, facts: Facts) -> "Steering":
        """Return the words whose `facts` these are."""
        answers = [CuratedAnswer(**{**row, "questions": tuple(row["questions"])}) for row in facts["answers"]]
        return cls(tuple(facts["terms"]), tuple(answers))


NO_STEERING = Steering()


def read_steering(folder: Path, corpus: Corpus) -> Steering:
    """Read an operator's own words, and look up each place in its document.

    Raises:
        CorpusError: An entry is wrong, or its place isn't there; the message names file and entry, and says what to do.
    """
    found = [_checked(row, where, corpus) for where, row in _rows(folder)]
    for each in found:
        if isinstance(each, str):
            raise CorpusError(each)
    return Steering(read_glossary(folder), tuple(each for each in found if not isinstance(each, str)))


def stale_answers(folder: Path, corpus: Corpus) -> list[str]:
    """Return a line for each entry of `answers.toml` that is wrong or whose place isn't there.

    Raises:
        CorpusError: The file can't be read.
    """
    return [found for where, row in _rows(folder) if isinstance(found := _checked(row, where, corpus), str)]


def lost_places(folder: Path, id: str, document: Document | None = None) -> list[str]:
    """Return the places of a document that `answers.toml` names, and that what comes in its stead hasn't.

    Args:
        id: Of the document.
        document: What comes in its stead; None for nothing.

    Raises:
        CorpusError: The file can't be read.
    """
    places = [row.get("place") for _, row in _rows(folder) if isinstance(row, dict) and row.get("document") == id]
    return [
        place
        for place in dict.fromkeys(each for each in places if isinstance(each, str))
        if document is None or _paragraph_at(document, place) is None
    ]


def _rows(folder: Path) -> Iterator[tuple[str, object]]:
    path = folder / ANSWERS_FILE
    rows = read_entries(path, "answer") if path.is_file() else []
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], start=1):
        yield f"{path}: [[answer]] number {number}", row


def _checked(row: Any, where: str, corpus: Corpus) -> CuratedAnswer | str:
    """Return an entry with its place, or what is wrong with it."""
    questions, id, place = (
        (row.get(key) for key in ("questions", "document", "place")) if isinstance(row, dict) else [0] * 3
    )
    if not (
        isinstance(questions, list)
        and questions
        and all(isinstance(each, str) and re.search(r"\w", each) for each in questions)
    ):
        return f'{where}: give questions = ["…"], a list of at least one question, each with words.'
    if not (isinstance(id, str) and isinstance(place, str) and place.strip()):
        return f'{where}: give document = "its id" and place = "as it is cited", such as "para. 7".'
    if unknown := row.keys() - {"questions", "document", "place"}:
        return f"{where}: {min(unknown)!r} is no part of an entry; give questions, document and place alone."
    document = next((each for each in corpus.documents if each.id == id), None)
    if document is None:
        known = ", ".join(each.id for each in corpus.documents)
        return f"{where}: there is no document {id!r} with text; it may be {known}."
    paragraph = _paragraph_at(document, place)
    if paragraph is None:
        near = difflib.get_close_matches(place, [each.locator for each in document.paragraphs], _OFFERED, cutoff=0)
        return f"{where}: {id} has no place {place!r}; mend it, or take the entry away. Near are: {'; '.join(near)}."
    return CuratedAnswer(tuple(questions), id, paragraph.locator, paragraph.start, paragraph.end)


def _paragraph_at(document: Document, place: str) -> Paragraph | None:
    """Return the paragraph that a person cites as a place ("para. 7", "paragraph 7"), whatever its case."""
    spellings: Sequence[str] = (place.strip().casefold(), *named_places(place))
    found = {each.locator.casefold(): each for each in reversed(document.paragraphs)}
    return next((found[each] for each in spellings if each in found), None)
