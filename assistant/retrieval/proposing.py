"""Propose the rows of passages that are worth ranking: those that a question names or quotes, and the likely ones."""

import re
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from assistant.documents import context_of
from assistant.encoding import Vectors
from assistant.index import Catalogue, LexicalIndex, Mask, PassageIndex
from assistant.language import holds_phrase, named_places

PROPOSED = 100  # passages by meaning, and as many by words
_MOST_NAMED = 1000  # passages that are taken because the question names or quotes them
_TITLE_WORDS = 3  # a shorter phrase may well be meant as such


def allowed_rows(catalogue: Catalogue, objectives: Collection[int], titled: Collection[str] = ()) -> Mask | None:
    """Return which passages carry one of the tags and stand in one of the documents; None where all may be found."""
    masks = ([catalogue.tagged(objectives)] if objectives else []) + ([catalogue.belonging(titled)] if titled else [])
    return np.logical_and.reduce(masks) if masks else None


def among(allowed: Mask | None, rows: Iterable[int]) -> set[int]:
    """Return those of some rows that are allowed."""
    return set(rows) if allowed is None else {row for row in rows if allowed[row]}


def proposed_rows(
    index: PassageIndex, vector: Vectors, words: npt.NDArray[np.float32], allowed: Mask | None = None
) -> set[int]:
    """Return the rows nearest by meaning, and as many by words, among those that are allowed.

    Args:
        vector: float32, (dimensions,), of unit length: the question.
        words: float32, (passages,): BM25 of the question's words.
        allowed: Mask of the passages that may be found; None for all.
    """
    if len(index.passages) <= PROPOSED:
        return set(range(len(index.passages)))
    by_meaning = {row for row, _ in index.nearest(vector, PROPOSED, among=allowed)}
    words = words if allowed is None else np.where(allowed, words, 0)
    by_words = np.argpartition(-words, PROPOSED - 1)[:PROPOSED]
    return by_meaning | set(by_words[words[by_words] > 0].tolist())


def phrases_and_titled(phrases: Sequence[str], catalogue: Catalogue) -> tuple[tuple[str, ...], frozenset[str]]:
    """Part quoted phrases from quoted titles: return the phrases, and the ids of the documents with such titles."""
    if not phrases:
        return (), frozenset()
    named = {
        phrase: {id for id, title in catalogue.titles.items() if holds_phrase(title, phrase)} for phrase in phrases
    }
    titled = frozenset().union(*(named[phrase] for phrase in phrases if len(phrase.split()) >= _TITLE_WORDS))
    return tuple(phrase for phrase in phrases if not named[phrase] & titled), titled


def holding_rows(phrases: Sequence[str], index: PassageIndex, lexical: LexicalIndex, vector: Vectors) -> set[int]:
    """Return the passages that hold all of these phrases or, where none does, any of them."""
    rows_of = [
        {
            row
            for row in nearest_of(lexical.rows_holding(phrase.split()), index, vector)
            if holds_phrase(context_of(index.passages[row]), phrase)
        }
        for phrase in phrases
    ]
    if not rows_of:
        return set()
    return set.intersection(*rows_of) or set.union(*rows_of)


def nearest_of(rows: Collection[int], index: PassageIndex, vector: Vectors) -> Collection[int]:
    """Return these rows or, of very many, those nearest by meaning."""
    if len(rows) <= _MOST_NAMED:
        return rows
    mask = np.zeros(len(index.passages), dtype=bool)
    mask[list(rows)] = True
    return [row for row, _ in index.nearest(vector, _MOST_NAMED, among=mask)]


def named_rows(question: str, catalogue: Catalogue) -> Iterable[int]:
    """Yield the rows of the passages whose place the question names."""
    for place in named_places(question):
        stands = re.compile(rf"(?:^|, |\b(?!preambular )\w+ ){re.escape(place)}$")
        yield from catalogue.standing(stands)
