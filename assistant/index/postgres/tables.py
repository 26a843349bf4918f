"""The tables of an index, and the columns of a passage as bytes.

A document is written once and never changed; a generation lists the documents that it consists of. Words and places are
kept as hashes of 64 bits, so that a row depends on its own text alone.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.documents import context_of
from assistant.encoding import TokenVectors, Vectors
from assistant.index.catalogue import places_of
from assistant.index.fetched import Rows
from assistant.index.passage_index import MultilingualVectors, PassageIndex
from assistant.index.rows import json_bytes, passage_row, read_passage
from assistant.language import stems_of
from assistant.records import Passage, Source, Span

LAYOUT = 2  # raise it whenever rows of an older layout can't be read
PARTITIONS = 4  # each may lie on a server of its own
_ITEM = np.dtype([("length", ">i4"), ("value", ">i8")])  # of an array of bigint, as the server sends it
_HEADER = 20  # bytes before its items
_BIGINT = 20  # the type's number

EXTENSION = "CREATE EXTENSION IF NOT EXISTS vector"
TABLES = """
CREATE SCHEMA IF NOT EXISTS assistant;
CREATE TABLE IF NOT EXISTS assistant.generations (
    number bigint PRIMARY KEY, manifest bytea NOT NULL, documents bigint[] NOT NULL, blobs bytea[] NOT NULL,
    replaced timestamptz
);
CREATE TABLE IF NOT EXISTS assistant.blobs (sha256 bytea PRIMARY KEY, content bytea NOT NULL);
CREATE TABLE IF NOT EXISTS assistant.documents (
    key bigint PRIMARY KEY, digest bytea NOT NULL, passages integer NOT NULL, stems bigint NOT NULL,
    source bytea NOT NULL, content bytea NOT NULL
);
CREATE TABLE IF NOT EXISTS assistant.passages (
    document bigint, number integer, places bigint[] NOT NULL, tags bigint[] NOT NULL, stems bigint[] NOT NULL,
    often bytea NOT NULL, vector halfvec({dimensions}) NOT NULL, second halfvec({second}), passage bytea NOT NULL,
    vectors bytea NOT NULL, tokens bytea NOT NULL, second_tokens bytea NOT NULL,
    PRIMARY KEY (document, number)
) PARTITION BY HASH (document)
"""
PARTITION = """
CREATE TABLE IF NOT EXISTS assistant.passages_{part} PARTITION OF assistant.passages
    FOR VALUES WITH (MODULUS {of}, REMAINDER {part});
ALTER TABLE assistant.passages_{part}
    ALTER vectors SET STORAGE EXTERNAL, ALTER tokens SET STORAGE EXTERNAL,
    ALTER second_tokens SET STORAGE EXTERNAL, ALTER vector SET STORAGE PLAIN
"""
INDEXES = """
CREATE INDEX IF NOT EXISTS passages_vector ON assistant.passages USING hnsw (vector halfvec_ip_ops);
CREATE INDEX IF NOT EXISTS passages_second ON assistant.passages USING hnsw (second halfvec_ip_ops);
CREATE INDEX IF NOT EXISTS passages_stems ON assistant.passages USING gin (stems);
CREATE INDEX IF NOT EXISTS passages_places ON assistant.passages USING gin (places);
CREATE INDEX IF NOT EXISTS passages_tags ON assistant.passages USING gin (tags);
ANALYZE assistant.passages, assistant.documents
"""
EMPTY = "DROP TABLE IF EXISTS assistant.generations, assistant.blobs, assistant.documents, assistant.passages"


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers that tell where in its columns a passage's vectors stand.

    Attributes:
        dimensions: Of the vectors that English is searched with.
        second: Of those of the encoder that reads many languages; 0 where there are none.
        objectives: Number of objectives.
    """

    dimensions: int
    second: int
    objectives: int

    @property
    def of_passage(self) -> int:
        """The numbers before those of the sentences."""
        return self.dimensions + self.second + self.objectives

    @property
    def of_sentence(self) -> int:
        """The numbers of a sentence."""
        return self.dimensions + self.second


def key_of(text: str) -> int:
    """Return the hash of a stem or a place, as a signed number of 64 bits."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


_key_of_stem = lru_cache(maxsize=100_000)(key_of)


# To columns ----------------------------------------------------------------------------------------------------------


def packed(index: PassageIndex, row: int, multilingual: MultilingualVectors | None) -> tuple[bytes, ...]:
    """Return the columns of a passage that don't depend on its words.

    They are vector, second, passage, vectors, tokens, second tokens.
    """
    passage, spans = index.passages[row], index.sentences[row]
    first, last = index.sentence_starts[row : row + 2]
    vector = index.vectors.rows[row]
    second = multilingual.passages[row] if multilingual else vector[:0]
    of_sentences = [index.sentence_vectors[first:last]]
    of_sentences += [multilingual.sentences[first:last]] if multilingual else []
    told = [vector, second, index.objective_probabilities[row], np.concatenate(of_sentences, axis=1).ravel()]
    return (
        _half(vector),
        _half(second) if multilingual else b"",
        json_bytes([passage_row(passage), passage.text, spans]),
        np.concatenate(told).astype("<f4").tobytes(),
        _packed_tokens(index.tokens, row, index.sentence_tokens[first:last]),
        _packed_tokens(multilingual.tokens, row, multilingual.sentence_tokens[first:last]) if multilingual else b"",
    )


def _packed_tokens(tokens: TokenVectors, row: int, firsts: Rows) -> bytes:
    """Write the first token of each sentence of a passage, then the scales and the rows of its tokens."""
    begin, end = tokens.starts[row : row + 2]
    scales = tokens.scales[begin:end].astype("<f4")
    return b"".join(each.tobytes() for each in ((firsts - begin).astype("<i4"), scales, tokens.rows[begin:end]))


def words_of(passage: Passage) -> tuple[bytes, bytes, int]:
    """Return the columns of a passage's words, and how many stems they are: stems, often."""
    counts = Counter(stems_of(context_of(passage)))
    length = counts.total()
    return bigints(map(_key_of_stem, counts)), np.array([length, *counts.values()], dtype="<u2").tobytes(), length


def places_and_tags(passage: Passage) -> tuple[bytes, bytes]:
    """Return the columns of a passage's places and objectives."""
    return bigints(map(key_of, sorted(places_of(passage)))), bigints(sorted({tag.number for tag in passage.tags}))


def bigints(values: Any) -> bytes:
    """Return an array of bigint as the server reads it."""
    numbers = list(values)
    items = np.zeros(len(numbers), dtype=_ITEM)
    items["length"], items["value"] = 8, numbers
    dimensions = [1, 0, _BIGINT, len(numbers), 1] if numbers else [0, 0, _BIGINT]
    return np.array(dimensions, dtype=">i4").tobytes() + items.tobytes()


def _half(vector: Vectors) -> bytes:
    return np.array([len(vector), 0], dtype=">u2").tobytes() + vector.astype(">f2").tobytes()


def vector_text(vector: Vectors) -> str:
    """Return a vector as a statement has it."""
    return f"[{','.join(map(str, vector.tolist()))}]"


# From columns --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeldWords:
    """The words of a passage.

    Attributes:
        stems: int64: their hashes.
        often: uint16: the number of stems, and how often each occurs.
    """

    stems: npt.NDArray[np.int64]
    often: npt.NDArray[np.uint16]

    @classmethod
    def of(cls, stems: bytes, often: bytes) -> "HeldWords":
        """Read the columns."""
        return cls(read_bigints(stems), np.frombuffer(often, dtype="<u2"))


def read_bigints(array: bytes) -> npt.NDArray[np.int64]:
    """Read an array of bigint as the server sends it."""
    return np.frombuffer(array[_HEADER:], dtype=_ITEM)["value"].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A passage, from its columns.

    Attributes:
        told: float32: the numbers of the passage.
        sentences: float32, (sentences, the numbers of one).
    """

    passage: Passage
    spans: tuple[Span, ...]
    told: Vectors
    sentences: Vectors


def unpacked(passage: bytes, vectors: bytes, source: Source, shape: Shape) -> Unpacked:
    """Read the columns of a passage."""
    row, text, spans = json.loads(passage)
    del row["document"]
    numbers = np.frombuffer(vectors, dtype="<f4")
    told, sentences = np.split(numbers, [shape.of_passage])
    return Unpacked(
        read_passage(row, source, text),
        tuple((start, end) for start, end in spans),
        told,
        sentences.reshape(len(spans), shape.of_sentence),
    )


def unpacked_tokens(
    columns: Sequence[bytes], sentence_counts: Rows, dimensions: int
) -> tuple[npt.NDArray[np.uint8], Vectors, Rows, Rows]:
    """Read the tokens of some passages: rows, scales, the number of each passage's, and the first of each sentence."""
    # 4 bytes for a sentence's first token; 4 for a token's scale, and one for each dimension.
    sizes = np.array([len(column) for column in columns], dtype=np.int64) - 4 * sentence_counts
    counts = sizes // (4 + dimensions)
    firsts, scales, rows = [], [], []
    for column, sentences, tokens in zip(columns, sentence_counts.tolist(), counts.tolist(), strict=True):
        firsts.append(np.frombuffer(column, "<i4", sentences))
        scales.append(np.frombuffer(column, "<f4", tokens, 4 * sentences))
        rows.append(np.frombuffer(column, np.uint8, tokens * dimensions, 4 * (sentences + tokens)))
    joined = np.concatenate(rows).reshape(-1, dimensions)
    return joined, np.concatenate(scales), counts, np.concatenate(firsts).astype(np.int64)
