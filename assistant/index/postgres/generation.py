"""One generation of an index as a service holds it: everything but passages and texts.

A row is a passage's place among all passages of the generation; in the tables it is a document's key and a number.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from assistant.encoding import Vectors
from assistant.errors import StoreError
from assistant.index.fetched import Rows
from assistant.index.postgres.tables import Shape
from assistant.index.rows import read_source
from assistant.index.storage import Arrays
from assistant.records import Source


@dataclass(frozen=True)
class Generation:
    """A generation, without what grows with its texts.

    Attributes:
        keys: int64, (documents,): of the documents in order.
        firsts: int64, (documents + 1,): the row of each one's first passage, and last the number of passages.
        by_id: The documents' sources by id, in order.
        gone: Keys of documents that are kept, though only an older generation lists them.
        arrays: Vocabulary, centres of the languages.
        facts: What the writer told: languages, passages by objective, the mean length of a passage in stems.
    """

    number: int
    shape: Shape
    keys: Rows
    firsts: Rows
    by_id: Mapping[str, Source]
    gone: tuple[int, ...]
    arrays: Arrays
    facts: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        number: int,
        keys: Rows,
        documents: list[tuple[int, int, bytes]],
        gone: tuple[int, ...],
        contents: tuple[Arrays, Mapping[str, Any]],
    ) -> "Generation":
        """Read the rows of a generation's documents.

        Raises:
            StoreError: Some have gone meanwhile.
        """
        if len(documents) != len(keys):
            raise StoreError("The documents have changed meanwhile; try again.")
        sources = [read_source(json.loads(source)) for _, _, source in documents]
        arrays, facts = contents
        return cls(
            number,
            Shape(*facts["shape"]),
            keys,
            np.cumsum([0, *(count for _, count, _ in documents)]),
            {source.id: source for source in sources},
            gone,
            arrays,
            facts,
        )

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self.firsts[-1])

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the documents, in order."""
        return tuple(self.by_id.values())

    @cached_property
    def places(self) -> dict[str, int]:
        """The places of the documents, by id."""
        return {id: place for place, id in enumerate(self.by_id)}

    @cached_property
    def languages(self) -> Rows:
        """The language of each document, as a number: int64, (documents,)."""
        numbers = {language: number for number, language in enumerate(self.facts["languages"])}
        return np.array([numbers.get(source.language, 0) for source in self.sources], dtype=np.int64)

    def centres(self, name: str) -> Vectors:
        """Return the centres of the languages, of passages or of sentences: float32, (languages, dimensions)."""
        return np.asarray(self.arrays[name])

    def documents_of(self, rows: Rows) -> Rows:
        """Return the place of the document of each row."""
        return np.searchsorted(self.firsts, rows, side="right") - 1

    def addresses(self, rows: Rows) -> dict[str, list[int]]:
        """Return the keys of rows' documents and the rows' numbers in these, as parameters of a statement."""
        at = self.documents_of(rows)
        return {"keys": self.keys[at].tolist(), "numbers": (rows - self.firsts[at]).tolist()}

    def rows(self, keys: Rows, numbers: Rows) -> Rows:
        """Return the rows of passages, those that this generation has."""
        if not len(self.keys):
            return np.empty(0, dtype=np.int64)
        at = np.searchsorted(self.keys, keys, sorter=self._by_key)
        places = self._by_key[np.minimum(at, len(self.keys) - 1)]
        rows: Rows = (self.firsts[places] + numbers)[self.keys[places] == keys]
        return rows

    def rows_of(self, found: Sequence[tuple[Any, ...]]) -> Rows:
        """Return the rows of what a statement found, of which a document's key and a number are the first columns."""
        addresses = np.array([(document, number) for document, number, *_ in found], dtype=np.int64).reshape(-1, 2)
        return self.rows(*addresses.T)

    @cached_property
    def _by_key(self) -> Rows:
        """The places of the documents, in the order of their keys."""
        return np.argsort(self.keys)
