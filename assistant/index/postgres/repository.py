"""Builds kept in PostgreSQL: published by whoever indexes, opened by any number of services without files."""

import dataclasses
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, overload

import numpy as np

from assistant.errors import StoreError
from assistant.index.fetched import Rows
from assistant.index.postgres.database import NO_INDEX, Database
from assistant.index.postgres.generation import Generation
from assistant.index.postgres.postgres_store import PostgresStore
from assistant.index.postgres.tables import read_bigints
from assistant.index.postgres.writing import CONTENTS, write
from assistant.index.repository import Contents, Published, Written
from assistant.index.rows import read_document
from assistant.index.storage import Facts, Part
from assistant.records import Document, Passage, Source

_TEXTS = 64  # documents whose texts are kept at hand
_BLOCK = 500  # passages that are read at once
_LATER = {field.name for field in dataclasses.fields(Document)} - {"source"}
_LATEST = "SELECT number, manifest, documents FROM assistant.generations ORDER BY number DESC LIMIT 1"
_DOCUMENTS = """
    SELECT key, passages, source FROM unnest(%(keys)s::bigint[]) WITH ORDINALITY AS listed(key, place)
    JOIN assistant.documents USING (key) ORDER BY place
"""
_GONE = "SELECT key FROM assistant.documents WHERE key <= %(latest)s AND key <> ALL(%(keys)s::bigint[])"


class PostgresRepository:
    """Builds in one database; safe to share between threads."""

    def __init__(self, address: str) -> None:
        """Take the database's address.

        Raises:
            InputError: It is none.
        """
        self._database = Database(address)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def publish(self, about: Facts, parts: Mapping[str, Part], contents: Contents) -> Written:
        """Write a build as the next generation."""
        return write(self._database, about, parts, contents)

    def generation(self) -> int:
        """Return the number of the present generation; 0 where there is none."""
        ((number,),) = self._database.rows("SELECT coalesce(max(number), 0) FROM assistant.generations")
        return int(number)

    def open(self) -> Published:
        """Open the present generation.

        Raises:
            StoreError: There is none, or the database can't be reached.
        """
        found = self._database.rows(_LATEST)
        if not found:
            raise StoreError(NO_INDEX)
        number, content, listed = found[0]
        manifest = json.loads(content)
        parts = self._parts(manifest["parts"])
        contents = parts.pop(CONTENTS)
        keys = read_bigints(listed)
        parameters = {"keys": keys.tolist()}
        gone = self._database.rows(_GONE, {**parameters, "latest": contents.facts["latest"]})
        generation = Generation.of(
            number,
            keys,
            self._database.rows(_DOCUMENTS, parameters),
            tuple(key for (key,) in gone),
            (contents.arrays, contents.facts),
        )
        store = PostgresStore(self._database, generation)
        return Published(
            manifest["about"], parts, store, _Documents(self._database, generation), _Passages(store, generation)
        )

    def _parts(self, told: Mapping[str, Any]) -> dict[str, Part]:
        digests = {bytes.fromhex(digest) for part in told.values() for digest in part["arrays"].values()}
        query = "SELECT sha256, content FROM assistant.blobs WHERE sha256 = ANY(%(digests)s)"
        contents: dict[bytes, bytes] = dict(self._database.rows(query, {"digests": list(digests)}))
        if contents.keys() != digests:
            raise StoreError("The documents have changed meanwhile; try again.")
        return {
            name: Part(
                {
                    array: np.load(io.BytesIO(contents[bytes.fromhex(digest)]), allow_pickle=False)
                    for array, digest in part["arrays"].items()
                },
                part["facts"],
            )
            for name, part in told.items()
        }


class _Documents(Mapping[str, Document]):
    """The documents by id, each read when it is asked for."""

    def __init__(self, database: Database, generation: Generation) -> None:
        self._database, self._generation = database, generation
        self._read = lru_cache(maxsize=_TEXTS)(self._document)

    def __len__(self) -> int:
        return len(self._generation.by_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._generation.by_id)

    def __contains__(self, id: object) -> bool:
        return id in self._generation.by_id

    def __getitem__(self, id: str) -> Document:
        return _Document(self._generation.by_id[id], self._read)

    def _document(self, id: str) -> Document:
        key = int(self._generation.keys[self._generation.places[id]])
        found = self._database.rows("SELECT content FROM assistant.documents WHERE key = %(key)s", {"key": key})
        if not found:
            raise StoreError("The documents have changed meanwhile; ask again.")
        return read_document(json.loads(found[0][0]), self._generation.by_id[id])


class _Document(Document):
    """A document whose text is read when it is looked at."""

    __slots__ = ("_read",)

    def __init__(self, source: Source, read: Callable[[str], Document]) -> None:
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "_read", read)

    def __getattribute__(self, name: str) -> Any:
        if name in _LATER:
            return getattr(self._read(self.source.id), name)
        return super().__getattribute__(name)


class _Passages(Sequence[Passage]):
    """All passages in order, read when they are looked at."""

    def __init__(self, store: PostgresStore, generation: Generation) -> None:
        self._store, self._generation = store, generation

    def __len__(self) -> int:
        return len(self._generation)

    @overload
    def __getitem__(self, at: int) -> Passage: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Passage]: ...
    def __getitem__(self, at: int | slice) -> Passage | Sequence[Passage]:
        rows = np.arange(len(self))[at]
        found = self._fetched(np.atleast_1d(rows))
        return found if isinstance(at, slice) else found[0]

    def __iter__(self) -> Iterator[Passage]:
        for first in range(0, len(self), _BLOCK):
            yield from self._fetched(np.arange(first, min(first + _BLOCK, len(self))))

    def _fetched(self, rows: Rows) -> Sequence[Passage]:
        return self._store.fetch(rows, with_tokens=False).passages
