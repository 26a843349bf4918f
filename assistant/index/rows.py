"""Documents and passages <-> lines of JSON, as arrays of bytes.

A passage's text isn't kept: it is cut from its document at its offsets, and so can't differ from it.
"""

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.documents import Corpus
from assistant.records import Document, Link, Paragraph, Passage, Source, Tag

ESCAPED = "backslashreplace"  # a file's name may hold bytes that are no characters; JSON can escape them

Bytes = npt.NDArray[np.uint8]


def corpus_arrays(corpus: Corpus) -> dict[str, Bytes]:
    """Return what `read_corpus_arrays` needs."""
    return {
        "sources": _lines(map(dataclasses.asdict, corpus.sources)),
        "documents": _lines(map(document_row, corpus.documents)),
        "problems": _lines({"problem": problem} for problem in corpus.problems),
    }


def read_corpus_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> Corpus:
    """Return the corpus whose `corpus_arrays` these are."""
    sources = tuple(map(read_source, _rows(arrays["sources"])))
    by_id = {source.id: source for source in sources}
    documents = tuple(read_document(row, by_id[row["id"]]) for row in _rows(arrays["documents"]))
    return Corpus(documents, sources, tuple(row["problem"] for row in _rows(arrays["problems"])))


def passage_lines(passages: Sequence[Passage]) -> Bytes:
    """Return what `read_passages` needs."""
    return _lines(map(passage_row, passages))


def read_passages(lines: npt.NDArray[Any], corpus: Corpus) -> tuple[Passage, ...]:
    """Return the passages of a corpus whose `passage_lines` these are."""
    documents = {document.id: document for document in corpus.documents}
    return tuple(_passage(row, documents[row.pop("document")]) for row in _rows(lines))


def json_bytes(row: Any) -> bytes:
    """Return a row as a line of JSON in UTF-8."""
    return (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", ESCAPED)


def _lines(rows: Iterable[dict[str, Any]]) -> Bytes:
    return np.frombuffer(b"".join(map(json_bytes, rows)), dtype=np.uint8)


def _rows(lines: npt.NDArray[Any]) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in lines.tobytes().decode().split("\n") if line)


def read_source(row: dict[str, Any]) -> Source:
    """Return the source whose fields these are."""
    return Source(**row | {"links": tuple(Link(**link) for link in row["links"])})


def document_row(document: Document) -> dict[str, Any]:
    """Return what `read_document` needs, besides its source."""
    return {
        "id": document.id,
        "text": document.text,
        "paragraphs": [dataclasses.astuple(paragraph) for paragraph in document.paragraphs],
        "file_sha256": document.file_sha256,
        "file_title": document.file_title,
        "file_date": document.file_date,
    }


def read_document(row: dict[str, Any], source: Source) -> Document:
    """Return the document whose `document_row` it is."""
    paragraphs = tuple(Paragraph(*fields) for fields in row["paragraphs"])
    return Document(source, row["text"], paragraphs, row["file_sha256"], row["file_title"], row["file_date"])


def passage_row(passage: Passage) -> dict[str, Any]:
    """Return what `read_passage` needs, besides its source and its text."""
    row = {field.name: getattr(passage, field.name) for field in dataclasses.fields(passage)}
    del row["source"], row["text"]
    return row | {"document": passage.source.id, "tags": [dataclasses.astuple(tag) for tag in passage.tags]}


def _passage(row: dict[str, Any], document: Document) -> Passage:
    return read_passage(row, document.source, document.text[row["start"] : row["end"]])


def read_passage(row: dict[str, Any], source: Source, text: str) -> Passage:
    """Return the passage whose `passage_row` it is."""
    return Passage(source=source, text=text, tags=tuple(Tag(*tag) for tag in row.pop("tags")), **row)
