"""The store that searches PostgreSQL: HNSW over half-precision vectors for meaning, GIN for words, tags and places.

What the indexes propose by half precision is ranked anew with the vectors as they are.
"""

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from assistant.encoding import Vectors
from assistant.errors import StoreError
from assistant.index.catalogue import distances_to, nearest_in_documents
from assistant.index.centred_rows import CentredRows
from assistant.index.fetched import Fetched, FetchedTokens, MultilingualRows, Rows
from assistant.index.lexical import parted
from assistant.index.postgres.database import UNREACHABLE, Database
from assistant.index.postgres.generation import Generation
from assistant.index.postgres.postgres_words import PostgresWords
from assistant.index.postgres.tables import Unpacked, key_of, read_bigints, unpacked, unpacked_tokens, vector_text
from assistant.index.store import ByMeaning, ByPlace, ByRow, ByWords, Criterion, Filter
from assistant.memory import remembered
from assistant.records import Source

# Up to so many passages that pass a filter a question is compared with all of them, in a few milliseconds.
_EXACT = 5_000
_SPARE = 28  # passages by half precision that are ranked again, besides those that are wanted
_AGAIN = 4  # times as many where the vectors are centred only then
_BLOCK = 2_000  # rows of a filter at once

_NEAREST = """
    WITH near AS MATERIALIZED (
        SELECT document, number FROM assistant.passages
        WHERE {where} ORDER BY ({column} <#> %(vector)s::halfvec({dimensions})){exactly} LIMIT %(count)s
    )
    SELECT document, number, substring(vectors FROM {first} FOR {length})
    FROM near JOIN assistant.passages USING (document, number)
"""
_AMONG = "(document, number) IN (SELECT * FROM unnest(%(keys)s::bigint[], %(numbers)s::integer[]))"
_FETCH = """
    SELECT place, {columns}, EXISTS (SELECT FROM assistant.generations WHERE number = %(generation)s)
    FROM unnest(%(keys)s::bigint[], %(numbers)s::integer[]) WITH ORDINALITY AS asked(document, number, place)
    JOIN assistant.passages USING (document, number) ORDER BY place
"""


class PostgresStore:
    """A `Store` of one generation."""

    def __init__(self, database: Database, generation: Generation) -> None:
        """Search a generation."""
        self._database, self._generation = database, generation
        self._words = PostgresWords(database, generation)
        self._read: Callable[[], dict[int, Unpacked]] = remembered(dict)  # of passages, for one question
        self._objectives: tuple[list[int], ...] = ()
        self._documents: frozenset[str] | None = None
        self._without: frozenset[str] = frozenset()

    @property
    def words(self) -> PostgresWords:
        """The words of all passages."""
        return self._words

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The sources of all documents with passages, by their ids."""
        counts = np.diff(self._generation.firsts).tolist()
        pairs = zip(self._generation.by_id.items(), counts, strict=True)
        return {id: source for (id, source), count in pairs if count}

    @property
    def trouble(self) -> str:
        """The reason why the database can't be reached at present; empty where it can."""
        return UNREACHABLE if self._database.trouble else ""

    def __len__(self) -> int:
        """Return the number of all passages."""
        return len(self._generation)

    def filter(self, narrowed: Filter) -> "PostgresStore":
        """Return this store narrowed further."""
        if not (narrowed.objectives or narrowed.documents or narrowed.without):
            return self
        store = copy.copy(self)
        if narrowed.objectives:
            store._objectives = (*self._objectives, sorted(narrowed.objectives))
        if narrowed.documents:
            named = frozenset(narrowed.documents)
            store._documents = named if self._documents is None else named & self._documents
        store._without = self._without.union(narrowed.without)
        return store

    def propose(self, criterion: Criterion, *, count: int) -> Rows:
        """Return the rows of the passages that pass the filter and fit a criterion best."""
        match criterion:
            case ByMeaning():
                return self._by_meaning(criterion, count)
            case ByWords():
                where, parameters = self._where()
                return self._kept(self._words.best(criterion.words, where, parameters, count=self._more(count)))[:count]
            case ByPlace():
                return self._nearest_of(self._standing_at(criterion.places), criterion.vector, count)
            case ByRow():
                return self._nearest_of(np.asarray(criterion.rows, dtype=np.int64), criterion.vector, count)

    def fetch(self, rows: Rows, *, with_tokens: bool = True, is_across_languages: bool = False) -> Fetched:
        """Return what ranks some passages.

        Raises:
            StoreError: The generation is kept no longer.
        """
        shape, generation = self._generation.shape, self._generation
        found = self._looked_up(rows)
        told = np.array([each.told for each in found], dtype=np.float32).reshape(-1, shape.of_passage)
        empty = np.zeros((0, shape.of_sentence), dtype=np.float32)
        sentences = np.concatenate([empty, *(each.sentences for each in found)])
        counts = np.array([len(each.spans) for each in found], dtype=np.int64)
        vectors, second, probabilities = np.split(told, [shape.dimensions, shape.dimensions + shape.second], axis=1)
        across = None
        if is_across_languages and shape.second:
            languages = generation.languages[generation.documents_of(rows)]
            passages = CentredRows.around(second, languages, generation.centres("centres"))
            of_sentences = sentences[:, shape.dimensions :]
            tokens, token_counts = self._tokens(rows, counts, "second_tokens", shape.second)
            across = MultilingualRows(
                passages,
                CentredRows.around(of_sentences, np.repeat(languages, counts), generation.centres("sentence_centres")),
                tokens.centred(passages, token_counts),
            )
        return Fetched(
            rows,
            [each.passage for each in found],
            [each.spans for each in found],
            np.concatenate([[0], np.cumsum(counts)]),
            np.ascontiguousarray(vectors),
            np.ascontiguousarray(sentences[:, : shape.dimensions]),
            probabilities,
            self._tokens(rows, counts, "tokens", shape.dimensions)[0] if with_tokens else None,
            across,
        )

    # Proposing --------------------------------------------------------------------------------------------------------

    def _by_meaning(self, criterion: ByMeaning, count: int) -> Rows:
        where, parameters = self._where()
        exactly = self._passing() <= max(_EXACT, count)
        if not criterion.is_across_languages:
            return self._nearest(criterion.vector, where, parameters, count=count, exactly=exactly)
        shape, generation = self._generation.shape, self._generation
        if not shape.second:
            return np.empty(0, dtype=np.int64)
        asked = _AGAIN * self._more(count)
        rows, vectors = self._candidates("second", criterion.vector, where, {**parameters, "count": asked}, exactly)
        languages = generation.languages[generation.documents_of(rows)]
        cosines = CentredRows.around(vectors, languages, generation.centres("centres")).cosines(criterion.vector)
        return self._kept(rows[np.argsort(-cosines, kind="stable")])[:count]

    def _nearest(self, vector: Vectors, where: str, parameters: dict[str, Any], *, count: int, exactly: bool) -> Rows:
        asked = self._more(count) + _SPARE
        rows, vectors = self._candidates("vector", vector, where, {**parameters, "count": asked}, exactly)
        return self._kept(rows[np.argsort(-(vectors @ vector), kind="stable")])[:count]

    def _candidates(
        self, column: str, vector: Vectors, where: str, parameters: dict[str, Any], exactly: bool
    ) -> tuple[Rows, Vectors]:
        """Return the nearest rows by half precision, in order, with their vectors as they are."""
        shape, is_second = self._generation.shape, column == "second"
        query = _NEAREST.format(
            where=where,
            column=column,
            dimensions=len(vector),
            exactly=" + 0, document, number" if exactly else "",  # what no index is sorted by; of equals the first
            first=1 + 4 * shape.dimensions * is_second,
            length=4 * len(vector),
        )
        found = self._database.rows(query, {**parameters, "vector": vector_text(vector)})
        rows = self._generation.rows_of(found)
        vectors = np.frombuffer(b"".join(each for *_, each in found), dtype="<f4").reshape(-1, len(vector))
        order = np.argsort(rows)
        return rows[order], vectors[order]

    def _nearest_of(self, rows: Rows, vector: Vectors | None, count: int) -> Rows:
        passing = self._kept(rows)
        if self._documents is not None:
            passing = passing[np.isin(self._generation.documents_of(passing), self._places_of(self._documents))]
        if self._objectives:
            passing = self._tagged(passing, count if vector is None else len(passing))
        if len(passing) <= count or vector is None:
            return passing[:count]
        return self._nearest(vector, _AMONG, self._generation.addresses(passing), count=count, exactly=True)

    def _tagged(self, rows: Rows, count: int) -> Rows:
        """Return those of some rows that pass the filter by objectives, the first ones."""
        found = [rows[:0]]
        where, parameters = self._where()
        for first in range(0, len(rows), _BLOCK):
            block = self._generation.addresses(rows[first : first + _BLOCK])
            query = f"SELECT document, number FROM assistant.passages WHERE {where} AND {_AMONG}"  # noqa: S608 - ours
            found.append(np.sort(self._generation.rows_of(self._database.rows(query, {**parameters, **block}))))
            if sum(map(len, found)) >= count:
                break
        return np.concatenate(found)

    def _standing_at(self, places: Sequence[str]) -> Rows:
        """Return the rows of the passages at places, in each document the nearest that there is to each."""
        rows: list[int] = []
        for place in places:
            distances = distances_to(place, self._locators)
            keys = {key_of(locator): distance for locator, distance in distances.items()}
            query = "SELECT document, number, places FROM assistant.passages WHERE places && %(places)s::bigint[]"
            found = self._database.rows(query, {"places": list(keys)}) if keys else []
            rows += nearest_in_documents(
                (row, document, keys[at])
                for document, number, stands in found
                for row in self._generation.rows(np.array([document]), np.array([number])).tolist()
                for at in read_bigints(stands).tolist()
                if at in keys
            )
        return np.unique(np.array(rows, dtype=np.int64))

    @cached_property
    def _locators(self) -> list[str]:
        return parted(self._generation.arrays["locators"])

    # The filter -------------------------------------------------------------------------------------------------------

    def _where(self) -> tuple[str, dict[str, Any]]:
        """Return the condition that this generation's passages fulfil that pass the filter, and its parameters."""
        generation = self._generation
        if self._documents is None:
            conditions = ["document <= %(latest)s"]
            parameters: dict[str, Any] = {"latest": generation.facts["latest"]}
            if generation.gone:
                conditions.append("document <> ALL(%(gone)s)")
                parameters["gone"] = list(generation.gone)
        else:
            conditions = ["document = ANY(%(documents)s::bigint[])"]
            parameters = {"documents": generation.keys[self._places_of(self._documents)].tolist()}
        for at, numbers in enumerate(self._objectives):
            conditions.append(f"tags && %(objectives{at})s::bigint[]")
            parameters[f"objectives{at}"] = numbers
        return " AND ".join(conditions), parameters

    def _passing(self) -> int:
        """Return how many passages may pass the filter."""
        generation, counts = self._generation, [len(self)]
        if self._documents is not None:
            counts.append(int(np.diff(generation.firsts)[self._places_of(self._documents)].sum()))
        tagged = generation.facts["tagged"]
        counts += [sum(tagged.get(str(number), 0) for number in numbers) for numbers in self._objectives]
        return min(counts)

    def _places_of(self, documents: Collection[str]) -> Rows:
        """Return the places of documents, those that this generation has."""
        places = self._generation.places
        return np.array(sorted(places[id] for id in documents if id in places), dtype=np.int64)

    def _more(self, count: int) -> int:
        """Return how many rows to ask for, given that some are left out by their ids."""
        return count + len(self._without)

    def _kept(self, rows: Rows) -> Rows:
        """Return the rows without those that are left out by their ids."""
        if not self._without:
            return rows
        parts = [id.rpartition("#") for id in self._without]
        left_out = [
            self._generation.firsts[self._generation.places[document]] + int(number) - 1
            for document, _, number in parts
            if document in self._generation.places and number.isdecimal()
        ]
        return rows[~np.isin(rows, left_out)]

    # Fetching ---------------------------------------------------------------------------------------------------------

    def _looked_up(self, rows: Rows) -> list[Unpacked]:
        known = self._read()
        missing = np.array([row for row in rows.tolist() if row not in known], dtype=np.int64)
        if len(missing):
            found = self._fetched(missing, "passage, vectors, stems, often")
            self._words.remember(missing.tolist(), [(stems, often) for _, _, stems, often in found])
            sources = [self._generation.sources[at] for at in self._generation.documents_of(missing).tolist()]
            shape = self._generation.shape
            read = [
                unpacked(passage, vectors, source, shape)
                for (passage, vectors, *_), source in zip(found, sources, strict=True)
            ]
            known.update(zip(missing.tolist(), read, strict=True))
        return [known[row] for row in rows.tolist()]

    def _tokens(self, rows: Rows, counts: Rows, column: str, dimensions: int) -> tuple[FetchedTokens, Rows]:
        """Return the tokens of a column, and how many each passage has."""
        columns = [content for (content,) in self._fetched(rows, column)]
        vectors, scales, tokens, firsts = unpacked_tokens(columns, counts, dimensions)
        return FetchedTokens.of(vectors, scales, tokens, counts, firsts), tokens

    def _fetched(self, rows: Rows, columns: str) -> list[tuple[Any, ...]]:
        """Return columns of rows, in their order; whatever was read of this generation before was there, too."""
        parameters = {**self._generation.addresses(rows), "generation": self._generation.number}
        found = self._database.rows(_FETCH.format(columns=columns), parameters)
        if len(found) != len(rows) or not all(is_kept for *_, is_kept in found):
            raise StoreError("The documents have changed meanwhile; ask again.")
        return [tuple(values) for _, *values, _ in found]
