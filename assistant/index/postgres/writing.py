"""A build <-> PostgreSQL: the next generation, in one transaction in which only what changed is written.

A document is known by the digest of all that is kept of it. The generation before stays for a while, so that whoever
answers from it can go on until it has opened the next one.
"""

import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, astuple
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg

from assistant.index.catalogue import places_of
from assistant.index.lexical import VOCABULARY, joined, mean_length
from assistant.index.local_store import centred
from assistant.index.postgres import tables
from assistant.index.postgres.database import Database
from assistant.index.repository import Contents, Written
from assistant.index.rows import document_row, json_bytes
from assistant.index.storage import Facts, Part
from assistant.records import Document

CONTENTS = "contents"  # the part that this package adds
_LOCK = 7_223_019  # of whoever writes, in no other's use
_KEPT = "10 minutes"  # that a generation stays after the next one; services look for that every few seconds


def write(database: Database, about: Facts, parts: Mapping[str, Part], contents: Contents) -> Written:
    """Write a build as the next generation, or nothing where the present one is the same.

    Args:
        about: Facts on the build as a whole.
        parts: What else answers questions.

    Raises:
        StoreError: The database can't be reached or refuses; what was there before is unharmed.
    """
    with database.writing() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        return _Writing(connection, contents).write(about, parts)


class _Writing:
    """The writing of one generation."""

    def __init__(self, connection: psycopg.Connection, contents: Contents) -> None:
        self._connection, self._contents = connection, contents
        self._blobs: dict[bytes, bytes] = {}
        multilingual, index = contents.multilingual, contents.passages
        second = multilingual.passages.shape[1] if multilingual else 0
        self._shape = tables.Shape(index.vectors.dimensions, second, index.objective_probabilities.shape[1])

    def write(self, about: Facts, parts: Mapping[str, Part]) -> Written:
        """Write it."""
        present = self._prepare()
        keys, fresh = self._listed()
        passages = self._copy(fresh)
        manifest = {
            "layout": [tables.LAYOUT, *astuple(self._shape)],
            "about": about,
            "parts": {name: self._noted(part) for name, part in {**parts, CONTENTS: self._described(keys)}.items()},
        }
        if present and (present[1], present[2]) == (json_bytes(manifest), keys):
            return Written(present[0], 0, 0, 0)
        number = self._replace(present[0] if present else 0, json_bytes(manifest), keys)
        removed = self._remove()
        for statement in tables.INDEXES.split(";"):
            self._connection.execute(statement)
        return Written(number, len(fresh), passages, removed)

    def _prepare(self) -> tuple[int, bytes, list[int]] | None:
        """Create what there isn't yet; return the present generation, emptied where it is of another shape."""
        run, shape, found = self._connection.execute, self._shape, None
        if not run("SELECT FROM pg_extension WHERE extname = 'vector'").fetchone():
            run(tables.EXTENSION)
        if run("SELECT to_regclass('assistant.generations')::text").fetchone() != (None,):
            found = run("SELECT number, manifest, documents FROM assistant.generations ORDER BY number DESC").fetchone()
            if found and json.loads(found[1])["layout"] == [tables.LAYOUT, *astuple(shape)]:
                return found
            run(tables.EMPTY)  # another model's vectors can't stand beside ours
        run(tables.TABLES.format(dimensions=shape.dimensions, second=shape.second or 1))
        for part in range(tables.PARTITIONS):
            run(tables.PARTITION.format(part=part, of=tables.PARTITIONS))
        return (found[0], b"", []) if found else None

    # Documents --------------------------------------------------------------------------------------------------------

    def _listed(self) -> tuple[list[int], dict[int, tuple[Document, range, bytes]]]:
        """Return the keys of all documents in order; and of the new ones document, rows and digest by key."""
        known: dict[bytes, int] = dict(self._connection.execute("SELECT digest, key FROM assistant.documents"))
        latest = max(known.values(), default=0)
        keys, fresh = [], {}
        for document, rows in self._documents():
            digest = self._digest(document, rows)
            if digest not in known:
                latest += 1
                known[digest], fresh[latest] = latest, (document, rows, digest)
            keys.append(known[digest])
        return keys, fresh

    def _documents(self) -> Iterator[tuple[Document, range]]:
        counts = Counter(passage.source.id for passage in self._contents.passages.passages)
        first = 0
        for document in self._contents.corpus.documents:
            yield document, range(first, first + counts[document.id])
            first += counts[document.id]

    def _digest(self, document: Document, rows: range) -> bytes:
        digest = sha256(b"%d" % tables.LAYOUT + _source(document) + json_bytes(document_row(document)))
        for row in rows:
            for column in tables.packed(self._contents.passages, row, self._contents.multilingual):
                digest.update(column)
        return digest.digest()

    def _copy(self, fresh: Mapping[int, tuple[Document, range, bytes]]) -> int:
        """Write the new documents, and return how many passages they have."""
        index, multilingual = self._contents.passages, self._contents.multilingual
        lengths: dict[int, int] = {}
        if not fresh:
            return 0
        columns = (
            "document, number, places, tags, stems, often, vector, second, passage, vectors, tokens, second_tokens"
        )
        cursor = self._connection.cursor()
        with cursor.copy(f"COPY assistant.passages ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int8", "int4", *["bytea"] * 10])
            for key, (_, rows, _) in fresh.items():
                for number, row in enumerate(rows):
                    passage = index.passages[row]
                    stems, often, length = tables.words_of(passage)
                    vector, second, *others = tables.packed(index, row, multilingual)
                    words = (*tables.places_and_tags(passage), stems, often)
                    copy.write_row((key, number, *words, vector, second or None, *others))
                    lengths[key] = lengths.get(key, 0) + length
        with cursor.copy("COPY assistant.documents FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int8", "bytea", "int4", "int8", "bytea", "bytea"])
            for key, (document, rows, digest) in fresh.items():
                texts = _source(document), json_bytes(document_row(document))
                copy.write_row((key, digest, len(rows), lengths.get(key, 0), *texts))
        return sum(len(rows) for _, rows, _ in fresh.values())

    # The manifest -----------------------------------------------------------------------------------------------------

    def _described(self, keys: list[int]) -> Part:
        """Describe the passages as a whole."""
        contents = self._contents
        index = contents.passages
        arrays: dict[str, npt.NDArray[Any]] = {name: contents.words.arrays()[name] for name in VOCABULARY}
        arrays["locators"] = joined(
            dict.fromkeys(place for each in index.passages for place in sorted(places_of(each)))
        )
        if contents.multilingual:
            passages, sentences = centred(index, contents.multilingual)
            arrays |= {"centres": passages.centres, "sentence_centres": sentences.centres}
        query = "SELECT key, stems FROM assistant.documents WHERE key = ANY(%s)"
        lengths: dict[int, int] = dict(self._connection.execute(query, [keys]))
        tagged = Counter(number for each in index.passages for number in {tag.number for tag in each.tags})
        facts = {
            "shape": astuple(self._shape),
            "latest": max(keys, default=0),
            "mean_length": mean_length(sum(lengths[key] for key in keys), len(index.passages)),
            "languages": sorted({each.source.language for each in index.passages}),
            "tagged": {str(number): tagged[number] for number in sorted(tagged)},
        }
        return Part(arrays, facts)

    def _noted(self, part: Part) -> dict[str, Any]:
        """Note a part's arrays for writing, and return what the manifest says of them."""
        names = {}
        for name, array in part.arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, np.asarray(array), allow_pickle=False)
            digest = sha256(buffer.getbuffer())
            self._blobs[digest.digest()] = buffer.getvalue()
            names[name] = digest.hexdigest()
        return {"facts": dict(part.facts), "arrays": names}

    def _replace(self, present: int, manifest: bytes, keys: list[int]) -> int:
        """Write a generation in the present one's place."""
        run = self._connection.execute
        digests = list(self._blobs)
        known = {digest for (digest,) in run("SELECT sha256 FROM assistant.blobs WHERE sha256 = ANY(%s)", [digests])}
        for digest in set(digests) - known:
            run("INSERT INTO assistant.blobs VALUES (%s, %b)", [digest, self._blobs[digest]])
        run("UPDATE assistant.generations SET replaced = now() WHERE replaced IS NULL")
        row = [present + 1, manifest, keys, digests]
        run("INSERT INTO assistant.generations (number, manifest, documents, blobs) VALUES (%s, %s, %s, %s)", row)
        return present + 1

    def _remove(self) -> int:
        """Remove what only generations list that nobody answers from any more; return how many documents it was."""
        run = self._connection.execute
        run("DELETE FROM assistant.generations WHERE replaced < now() - %s::interval", [_KEPT])
        query = (
            "DELETE FROM assistant.{0} WHERE {1} NOT IN (SELECT unnest({0}) FROM assistant.generations) RETURNING {1}"
        )
        run(query.format("blobs", "sha256"))
        removed = [key for (key,) in run(query.format("documents", "key"))]
        run("DELETE FROM assistant.passages WHERE document = ANY(%s)", [removed])
        return len(removed)


def _source(document: Document) -> bytes:
    return json_bytes(asdict(document.source))
