"""Propose passages that are worth ranking: those that a question names or quotes, and the likely ones."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from assistant.documents import context_of
from assistant.encoding import Vectors
from assistant.index import ByMeaning, ByPlace, ByRow, ByWords, Filter, Rows, Store
from assistant.language import documents_in, holds_phrase, named_places
from assistant.records import Source

PROPOSED = 100  # passages by meaning, and as many by words
MOST_NAMED = 1000  # passages that are taken because the question names or quotes them; of more, the nearest by meaning
_TITLE_WORDS = 3  # a shorter phrase may well be meant as such


def phrases_and_titled(phrases: Sequence[str], sources: Mapping[str, Source]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Part quoted phrases from quoted titles: return the phrases, and the ids of the documents with such titles."""
    if not phrases:
        return (), frozenset()
    named = {phrase: {id for id, each in sources.items() if holds_phrase(each.title, phrase)} for phrase in phrases}
    titled = frozenset().union(*(named[phrase] for phrase in phrases if len(phrase.split()) >= _TITLE_WORDS))
    return tuple(phrase for phrase in phrases if not named[phrase] & titled), titled


def likely_rows(store: Store, vector: Vectors, words: Sequence[str]) -> set[int]:
    """Return the rows nearest by meaning, and as many by words.

    Args:
        vector: float32, (dimensions,), of unit length: the question.
        words: The question's content words.
    """
    by_meaning = store.propose(ByMeaning(vector), count=PROPOSED)
    return {*by_meaning.tolist(), *store.propose(ByWords(words), count=PROPOSED).tolist()}


def holding_rows(store: Store, phrases: Sequence[str], vector: Vectors) -> set[int]:
    """Return the passages that hold all of these phrases or, where none does, any of them."""
    rows_of = [set(_holding(store, phrase, vector)) for phrase in phrases]
    if not rows_of:
        return set()
    return set.intersection(*rows_of) or set.union(*rows_of)


def _holding(store: Store, phrase: str, vector: Vectors) -> Iterable[int]:
    rows = store.propose(ByRow(store.words.rows_holding(phrase.split()), vector), count=MOST_NAMED)
    for row, passage in zip(rows.tolist(), store.fetch(rows, with_tokens=False).passages, strict=True):
        if holds_phrase(context_of(passage), phrase):
            yield row


def cited_documents(question: str, sources: Mapping[str, Source]) -> frozenset[str] | None:
    """Return the ids of the documents that a question names by symbol or beside a place; None where it names none.

    They are none where it names a place of a document that isn't here.
    """
    cited = documents_in(question)
    found = frozenset(id for id, source in sources.items() if any(each.fits(source) for each in cited))
    is_elsewhere = any(each.is_certain for each in cited) and named_places(question)
    return found if found or is_elsewhere else None


def named_rows(store: Store, question: str, vector: Vectors) -> set[int]:
    """Return the passages whose place the question names, in the documents that it names."""
    places, documents = named_places(question), cited_documents(question, store.sources)
    if not places or documents == frozenset():
        return set()
    searched = store.filter(Filter(documents=documents or ()))
    return set(searched.propose(ByPlace(places, vector), count=MOST_NAMED).tolist())


def in_order(rows: Iterable[int]) -> Rows:
    """Return rows as an array, in the order of the index."""
    return np.array(sorted(rows), dtype=np.int64)
