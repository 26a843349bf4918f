"""Questions about the documents and the objectives themselves: answered from what is known of them, not by a passage.

Known are the list of documents, the places that each of them numbers, and the table of the objectives. What asks for a
summary or another text of our own is told that answers are quotations, and where to read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter

import numpy as np

from assistant.answering.intents import Intent
from assistant.index import ByPlace, Filter, Store
from assistant.language import (
    countable_place,
    documents_in,
    is_place_of,
    messages_in,
    named_documents,
    named_places,
    names_objective,
    places_in,
)
from assistant.objectives import asked_numbers
from assistant.records import Document, Entry, Known, Objective, Paragraph, Passage, Source
from assistant.retrieval import cited_documents

_NAMED = 5  # documents that are named in a line; the others are counted
_SERIES = 8  # numbered series of a document that are named
_OFFERED = 40  # places to read on at
_LOOKED_AT = 200  # passages with a number in which the name of what has it is looked for
_NUMBERED = re.compile(r"(?P<series>.*[^\d–])(?P<number>\d+)")  # no range, such as "opening lines 1–3"


class Particulars:
    """The particulars of the documents and the objectives; safe to share between threads."""

    def __init__(
        self,
        store: Store,
        documents: Mapping[str, Document],
        objectives: Sequence[Objective],
        passages: Sequence[Passage],
    ) -> None:
        """Take the documents by id, their passages in a store and as records, and the table of objectives."""
        self._store = store
        self._documents = documents
        self._objectives = objectives
        self._passages = passages

    def known(self, question: str, language: str, intent: Intent, narrowed: Filter) -> Known | None:
        """Return what is known of the documents or objectives, where a question wants no words of a document.

        Args:
            language: That of the question, ISO 639-1.
            intent: What it wants.
            narrowed: What is searched.
        """
        if intent != "writing":
            if known := self._of_objectives(asked_numbers(question), language):
                return known
            cited = cited_documents(question, self._store.sources)
            if (places := _place_in(question)) and not self._stands(named_places(question), narrowed, cited):
                searched = [each for each in self._searched(narrowed) if not cited or each.id in cited]
                return _without_place(places, searched, language)
        if intent not in ("writing", "documents"):
            return None
        documents = self._searched(narrowed)
        named = named_documents(question, [each.source for each in documents])
        meant = [each for each in documents if each.id in named]
        if intent == "writing":
            entries = [entry for each in meant or originals(documents) or documents for entry in _contents(each)]
            return Known(messages_in(language).writing, tuple(entries[:_OFFERED]))
        place = countable_place(question, language)
        counted = _counted(place, meant or originals(documents) or documents, language) if place else None
        return counted or _listed(meant or documents, language)

    def _searched(self, narrowed: Filter) -> Sequence[Document]:
        return [each for id, each in self._documents.items() if not narrowed.documents or id in narrowed.documents]

    def _stands(self, places: Sequence[str], narrowed: Filter, cited: frozenset[str] | None) -> bool:
        """Return whether anything stands at one of these places, whatever the objectives that are searched.

        Args:
            cited: The ids of the documents that are named beside them; None where none are.
        """
        documents = frozenset(narrowed.documents)
        if cited is not None:
            documents = documents & cited if documents else cited
            if not documents:
                return False
        store = self._store.filter(Filter(documents=documents))
        return bool(len(store.propose(ByPlace(places, np.zeros(1, dtype=np.float32)), count=len(self._store))))

    def _of_objectives(self, numbers: Sequence[int], language: str) -> Known | None:
        """Return what the table knows of objectives, if no document names any of them."""
        if not numbers or any(map(self._is_named, numbers)):
            return None
        messages, table = messages_in(language), {each.number: each for each in self._objectives}
        asked = tuple(table[number] for number in numbers if number in table)
        said = [messages.no_objective.format(number=n, count=len(table)) for n in numbers if n not in table]
        said += [
            messages.objective.format(
                number=each.number, title=each.title, paragraph=each.paragraph, round_table=each.round_table
            )
            for each in asked
        ]
        return Known(" ".join(said), objectives=asked)

    def _is_named(self, number: int) -> bool:
        """Return whether a document names an objective of this number, be it another framework's."""
        if number in self._stated:
            return True
        return any(names_objective(passage.text, number) for passage in passages_holding(self._store, str(number)))

    @cached_property
    def _stated(self) -> frozenset[int]:
        return frozenset(tag.number for each in self._passages for tag in each.tags if tag.basis == "stated")


def passages_holding(store: Store, number: str) -> Sequence[Passage]:
    """Return the first passages that hold a number, among which what has that number is looked for."""
    rows = np.array(store.words.rows_holding([number])[:_LOOKED_AT], dtype=np.int64)
    return store.fetch(rows, with_tokens=False).passages


def originals(documents: Iterable[Document]) -> list[Document]:
    """Return the documents that are originals."""
    return [each for each in documents if each.source.kind == "original"]


def _contents(document: Document) -> Iterator[Entry]:
    """Yield a document, its headings and its guiding questions, in order."""
    yield Entry(document.source, document.source.title)
    heading = ""
    for paragraph in document.paragraphs:
        if paragraph.heading != heading:
            heading = paragraph.heading
            yield Entry(document.source, heading, paragraph.anchor)
        if is_place_of(paragraph.locator, "question"):
            yield Entry(document.source, paragraph.locator, paragraph.anchor)


def _place_in(question: str) -> str:
    """Return the first place that a question names, with the documents that it names beside it, as it stands there."""
    spans = [place.span for place in places_in(question) if place.locators][:1]
    spans += [each.span for each in documents_in(question) if spans and each.is_certain]
    return question[min(spans)[0] : max(end for _, end in spans)] if spans else ""


def _without_place(typed: str, documents: Sequence[Document], language: str) -> Known:
    """Return which places the documents number, where none stands at the one that is asked for."""
    numbered = [(each, _series(each.paragraphs)) for each in originals(documents) or documents]
    known = _in_a_line([f"{each.source.title} ({series})" for each, series in numbered if series])
    return Known(messages_in(language).no_place.format(place=typed, known=known or "–"))


def _listed(documents: Sequence[Document], language: str) -> Known:
    """Return what the list of documents says of some."""
    known = _in_a_line([_described(each.source) for each in documents])
    entries = tuple(Entry(each.source, each.source.title) for each in documents[:_OFFERED])
    return Known(messages_in(language).listed.format(known=known, count=len(documents)), entries)


def _counted(kind: str, documents: Sequence[Document], language: str) -> Known | None:
    """Return how many places of a kind documents number; None where there is none."""
    places = [(each, [p for p in each.paragraphs if is_place_of(p.locator, kind)]) for each in documents]
    numbers = [f"{each.source.title}: {len(found)}" for each, found in places if found]
    if not numbers:
        return None
    entries = [Entry(each.source, p.locator, p.anchor) for each, found in places for p in found]
    return Known(messages_in(language).counted.format(known=_in_a_line(numbers)), tuple(entries[:_OFFERED]))


def _described(source: Source) -> str:
    """Return a document's title with what the list knows of it."""
    facts = (source.publisher, source.symbol, source.date, "digest" if source.kind == "digest" else "")
    known = ", ".join(filter(None, facts))
    return f"{source.title} ({known})" if known else source.title


def _series(paragraphs: Sequence[Paragraph]) -> str:
    """Return the numbers of paragraphs, series by series: "para. 1–7; Guiding question 1–5"."""
    numbered = [match for each in paragraphs if (match := _NUMBERED.fullmatch(each.locator))]
    runs = [(series, [match["number"] for match in run]) for series, run in groupby(numbered, key=itemgetter("series"))]
    return "; ".join(f"{series}{'–'.join(dict.fromkeys((run[0], run[-1])))}" for series, run in runs[:_SERIES])


def _in_a_line(known: Sequence[str]) -> str:
    more = len(known) - _NAMED
    return "; ".join([*known[:_NAMED], *([f"+ {more}"] if more > 0 else [])])
