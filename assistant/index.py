"""Passages beside their vectors, in memory and on disk. The only home of FAISS.

Row i of the vectors is passage i, and the rows of the sentences' and of the tokens' vectors follow the passages in
order: checked when an index is built and when it is loaded. This module is given arrays and knows no encoder.

On disk an index is a handful of files whose names carry a generation, and `manifest.json`, which names them with their
sha256. The manifest is replaced last, in one step: a reader sees the old index or the new one, never half of one,
whenever a build is killed. The folder's lock is the operating system's, so that a killed build leaves none behind.
"""

import contextlib
import dataclasses
import hashlib
import io
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from assistant.errors import DamagedIndexError, IndexingError
from assistant.records import Document, Link, Objective, Paragraph, Passage, Source, Span, Tag

Vectors = npt.NDArray[np.float32]

FORMAT = 3  # raise it whenever files of an older index can no longer be used as they are
MANIFEST = "manifest.json"
_LOCK = ".lock"
_TEMPORARY = ".part"
_PARTS = {
    "documents": ".jsonl",
    "passages": ".jsonl",
    "vectors": ".faiss",
    "sentences": ".npy",
    "tokens": ".npy",
    "scales": ".npy",
    "classifier": ".npz",
}
_OWN_NAMES = "|".join(part + "-[0-9a-f]{8}" + re.escape(suffix) for part, suffix in _PARTS.items())
_OWN_FILE = re.compile(rf"(?:{_OWN_NAMES}|{re.escape(MANIFEST)})(?:{re.escape(_TEMPORARY)})?")
_TRIES = 3  # a build may replace the files between reading the manifest and opening them


@dataclass(frozen=True, slots=True)
class Origin:
    """What an index was made from; an index of another origin is stale.

    Attributes:
        encoder: The encoder's name, for people.
        encoder_sha256: Its weights'.
        corpus: The corpus's fingerprint, "sha256:…".
        table: The sha256 of the objectives' table, from which the classifier was learned.
    """

    encoder: str
    encoder_sha256: str
    corpus: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of the word pieces of texts, in a quarter of their size.

    A row is whole numbers from -127 to 127 times its scale; the rounding moves a cosine by about a thousandth.

    Attributes:
        rows: int8, (tokens of all texts in order, dimensions).
        scales: float32, (tokens,).
        starts: int64, the row at which each text's tokens begin, and at last the number of rows: (texts + 1,).
    """

    rows: npt.NDArray[np.int8]
    scales: Vectors
    starts: npt.NDArray[np.int64]

    @classmethod
    def from_unit_rows(cls, rows: Vectors, starts: npt.NDArray[np.int64]) -> "TokenVectors":
        """Shrink float32 rows."""
        scales = np.abs(rows).max(axis=1, initial=0) / 127 + np.finfo(np.float32).tiny
        return cls(np.rint(rows / scales[:, None]).astype(np.int8), scales.astype(np.float32), starts)

    @classmethod
    def joined(cls, parts: "Sequence[TokenVectors]") -> "TokenVectors":
        """Put the tokens of texts one after another."""
        counts = np.concatenate([np.diff(part.starts) for part in parts])
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(
            np.concatenate([part.rows for part in parts]), np.concatenate([part.scales for part in parts]), starts
        )

    def of(self, text: int) -> "TokenVectors":
        """Return the tokens of one text."""
        first, last = self.starts[text : text + 2]
        return TokenVectors(self.rows[first:last], self.scales[first:last], np.array([0, last - first]))


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """Everything that answering needs.

    Attributes:
        sentences: For each passage, the spans of its sentences and clauses inside its text.
        vectors: FAISS's index of the passages' vectors, (passages, dimensions).
        sentence_vectors: float32, (sentences of all passages in order, dimensions).
        tokens: The vectors of the passages' word pieces.
        objectives: The 23, in order.
        classifier: The arrays of what was learned from their examples.
        problems: One sentence for each file of the corpus that couldn't be read.
    """

    origin: Origin
    sources: tuple[Source, ...]
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    sentences: tuple[tuple[Span, ...], ...]
    vectors: faiss.Index
    sentence_vectors: Vectors
    tokens: TokenVectors
    objectives: tuple[Objective, ...] = ()
    classifier: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    sentence_starts: tuple[int, ...] = ()

    @classmethod
    def build(
        cls,
        origin: Origin,
        *,
        sources: Sequence[Source],
        documents: Sequence[Document],
        passages: Sequence[Passage],
        sentences: Sequence[Sequence[Span]],
        vectors: Vectors,
        sentence_vectors: Vectors,
        tokens: TokenVectors,
        objectives: Sequence[Objective] = (),
        classifier: Mapping[str, npt.NDArray[Any]] | None = None,
        problems: Sequence[str] = (),
    ) -> "PassageIndex":
        """Put passages beside their vectors.

        Args:
            vectors: float32 rows of unit length, (passages, dimensions).
            sentence_vectors: likewise, (sentences of all passages in order, dimensions).

        Raises:
            ValueError: The numbers of rows don't fit.
        """
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(np.ascontiguousarray(vectors, dtype=np.float32))
        spans = tuple(map(tuple, sentences))
        made = cls(
            origin,
            tuple(sources),
            tuple(documents),
            tuple(passages),
            spans,
            flat,
            sentence_vectors,
            tokens,
            tuple(objectives),
            dict(classifier or {}),
            tuple(problems),
        )
        return made.checked()

    def checked(self) -> "PassageIndex":
        """Return this index, with the row at which each passage's sentences begin.

        Raises:
            ValueError: The numbers of rows don't fit.
        """
        count = len(self.passages)
        expected = (count, count, sum(map(len, self.sentences)), count + 1, self.tokens.starts[-1])
        found = (
            self.vectors.ntotal,
            len(self.sentences),
            len(self.sentence_vectors),
            len(self.tokens.starts),
            len(self.tokens.rows),
        )
        if expected != found:
            raise ValueError(f"rows that don't fit the passages: expected {expected}, found {found}")
        starts = tuple(accumulate((len(spans) for spans in self.sentences), initial=0))
        return dataclasses.replace(self, sentence_starts=starts)

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """Return (row, cosine) of the passages nearest to a unit vector, best first."""
        scores, rows = self.vectors.search(vector.reshape(1, -1), min(count, len(self.passages)))
        return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]

    def cosines(self, rows: npt.NDArray[np.int64], vector: Vectors) -> Vectors:
        """Return the cosine of each of these passages to a unit vector."""
        stored: Vectors = np.stack([self.vector(int(row)) for row in rows])
        cosines: Vectors = stored @ vector
        return cosines

    def vector(self, row: int) -> Vectors:
        """Return the vector of passage `row`."""
        return np.asarray(self.vectors.reconstruct(row), dtype=np.float32)

    def sentence_scores(self, row: int, vector: Vectors) -> Vectors:
        """Return the cosine of each sentence of passage `row` to a unit vector."""
        scores: Vectors = self.sentence_vectors[self.sentence_starts[row] : self.sentence_starts[row + 1]] @ vector
        return scores

    def token_matches(self, rows: npt.NDArray[np.int64], query: Vectors) -> Vectors:
        """Return how near each token of a question comes to a token of each of these passages.

        The greatest cosine among the passage's tokens, whose mean is ColBERT's MaxSim (Khattab and Zaharia, 2020).

        Args:
            rows: Passages.
            query: float32 rows of unit length, (the question's tokens, dimensions).

        Returns:
            (the question's tokens, these passages)
        """
        starts = self.tokens.starts
        counts = starts[rows + 1] - starts[rows]
        matches = np.zeros((len(query), len(rows)), dtype=np.float32)
        filled = np.flatnonzero(counts)
        if not len(filled) or not len(query):
            return matches
        taken = np.concatenate([np.arange(starts[row], starts[row + 1]) for row in rows[filled]])
        cosines = query @ self.tokens.rows[taken].astype(np.float32).T * self.tokens.scales[taken]
        begins = np.concatenate([[0], np.cumsum(counts[filled])[:-1]])
        matches[:, filled] = np.maximum.reduceat(cosines, begins, axis=1)
        return matches


# Saving --------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def locked(folder: Path, *, on_wait: Callable[[], None], timeout: float = 3600.0) -> Iterator[None]:
    """Hold the right to write into an index folder; make the folder if need be.

    Args:
        folder: The index folder.
        on_wait: Called once if another build holds it.
        timeout: Seconds to wait for that build.

    Raises:
        IndexingError: The folder can't be written, or the other build doesn't end.
    """
    lock = FileLock(folder / _LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire(timeout=timeout)
    except Timeout as error:
        raise IndexingError(f"{folder}: another build still holds the index; wait for it or stop it.") from error
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def save_index(index: PassageIndex, folder: Path) -> None:
    """Write an index so that at every moment the folder holds a whole one. Call it inside `locked`.

    Raises:
        IndexingError: It can't be written; what was there before is unharmed.
    """
    generation = secrets.token_hex(4)
    contents = {
        "documents": _lines(_document_row(document) for document in index.documents),
        "passages": _lines(map(_passage_row, index.passages, index.sentences, np.diff(index.tokens.starts))),
        "vectors": faiss.serialize_index(index.vectors).tobytes(),
        "sentences": _array(index.sentence_vectors),
        "tokens": _array(index.tokens.rows),
        "scales": _array(index.tokens.scales),
        "classifier": _archive(index.classifier),
    }
    files = {}
    try:
        for part, content in contents.items():
            name = f"{part}-{generation}{_PARTS[part]}"
            _write(folder / name, content)
            files[part] = {"name": name, "sha256": hashlib.sha256(content).hexdigest()}
        manifest = json.dumps(_manifest(index, files), ensure_ascii=False, indent=1)
        _write(folder / MANIFEST, manifest.encode())
    except OSError as error:
        _remove_others(folder, keep={MANIFEST, *_named_files(folder)})
        raise _unwritable(folder, error) from error
    _remove_others(folder, keep={MANIFEST, *(entry["name"] for entry in files.values())})


def _unwritable(folder: Path, error: OSError) -> IndexingError:
    reason = error.strerror or error
    return IndexingError(
        f"{folder}: the index can't be written ({reason}); free space, or give another folder with --index."
    )


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + _TEMPORARY)
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _named_files(folder: Path) -> set[str]:
    try:
        return {entry["name"] for entry in _read_manifest(folder)["files"].values()}
    except DamagedIndexError:
        return set()


def _remove_others(folder: Path, *, keep: set[str]) -> None:
    """Remove what older builds and killed ones left behind, and nothing else; a file that is in use may stay."""
    for path in folder.iterdir():
        if _OWN_FILE.fullmatch(path.name) and path.name not in keep:
            with contextlib.suppress(OSError):
                path.unlink()


def _manifest(index: PassageIndex, files: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "encoder": {"name": index.origin.encoder, "sha256": index.origin.encoder_sha256, "dimensions": index.vectors.d},
        "corpus": index.origin.corpus,
        "table": index.origin.table,
        "counts": {
            "documents": len(index.documents),
            "passages": len(index.passages),
            "sentences": len(index.sentence_vectors),
        },
        "files": files,
        "sources": [dataclasses.asdict(source) for source in index.sources],
        "objectives": [dataclasses.asdict(objective) for objective in index.objectives],
        "problems": index.problems,
    }


def _array(array: npt.NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _archive(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _lines(rows: Iterator[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _document_row(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "text": document.text,
        "paragraphs": [dataclasses.astuple(paragraph) for paragraph in document.paragraphs],
    }


def _passage_row(passage: Passage, sentences: tuple[Span, ...], tokens: int) -> dict[str, Any]:
    row = {field.name: getattr(passage, field.name) for field in dataclasses.fields(passage)}
    # The text is left out: it is cut from the document at its offsets, and so can't differ from it.
    del row["source"], row["text"]
    return row | {
        "document": passage.source.id,
        "tags": [dataclasses.astuple(tag) for tag in passage.tags],
        "sentences": sentences,
        "tokens": int(tokens),
    }


# Loading -------------------------------------------------------------------------------------------------------------


def load_index(folder: Path) -> PassageIndex:
    """Read an index, and check that it is whole and belongs together.

    Raises:
        DamagedIndexError: There is none, or it is damaged or of another format; the message says which.
    """
    for _ in range(_TRIES):
        manifest = _read_manifest(folder)
        try:
            contents = {part: _read(folder, manifest["files"][part]) for part in _PARTS}
        except FileNotFoundError:
            continue
        except (KeyError, TypeError) as error:
            raise DamagedIndexError(f"{folder / MANIFEST}: lacks {error}.") from error
        return _loaded(folder, manifest, contents)
    raise DamagedIndexError(f"{folder}: files that its manifest names are missing.")


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise DamagedIndexError(f"{folder}: there is no index yet.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedIndexError(f"{path}: can't be read ({error}).") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise DamagedIndexError(f"{path}: another format than this program's ({FORMAT}).")
    return manifest


def _read(folder: Path, entry: dict[str, str]) -> bytes:
    path = folder / entry["name"]
    if path.parent != folder:
        raise DamagedIndexError(f"{folder / MANIFEST}: names a file outside its folder.")
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedIndexError(f"{path}: can't be read ({error.strerror or error}).") from error
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise DamagedIndexError(f"{path}: its bytes aren't those that were written.")
    return content


def _loaded(folder: Path, manifest: dict[str, Any], contents: dict[str, bytes]) -> PassageIndex:
    try:
        encoder = manifest["encoder"]
        sources = tuple(_source(row) for row in manifest["sources"])
        by_id = {source.id: source for source in sources}
        documents = tuple(_document(row, by_id) for row in _rows(contents["documents"]))
        texts = {document.id: document.text for document in documents}
        rows = _rows(contents["passages"])
        _check_counts(manifest["counts"], documents=len(documents), passages=len(rows))
        return PassageIndex(
            origin=Origin(encoder["name"], encoder["sha256"], manifest["corpus"], manifest["table"]),
            sources=sources,
            documents=documents,
            passages=tuple(_passage(row, by_id, texts) for row in rows),
            sentences=tuple(tuple((start, end) for start, end in row["sentences"]) for row in rows),
            # Safe to hand to FAISS: the bytes are those that were written, by their sha256.
            vectors=faiss.deserialize_index(np.frombuffer(contents["vectors"], dtype=np.uint8)),
            sentence_vectors=_loaded_array(contents["sentences"]),
            tokens=TokenVectors(
                _loaded_array(contents["tokens"]),
                _loaded_array(contents["scales"]),
                np.concatenate([[0], np.cumsum([row["tokens"] for row in rows])]).astype(np.int64),
            ),
            objectives=tuple(Objective(**row) for row in manifest["objectives"]),
            classifier=dict(np.load(io.BytesIO(contents["classifier"]), allow_pickle=False)),
            problems=tuple(manifest["problems"]),
        ).checked()
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedIndexError(f"{folder}: its parts don't belong together ({error}).") from error


def _check_counts(told: dict[str, int], *, documents: int, passages: int) -> None:
    if (told["documents"], told["passages"]) != (documents, passages):
        raise ValueError(f"the manifest counts {told}, the files hold {documents} documents, {passages} passages")


def _loaded_array(content: bytes) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    return array


def _rows(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.decode().split("\n") if line]


def _source(row: dict[str, Any]) -> Source:
    return Source(**row | {"links": tuple(Link(**link) for link in row["links"])})


def _document(row: dict[str, Any], sources: dict[str, Source]) -> Document:
    return Document(sources[row["id"]], row["text"], tuple(Paragraph(*fields) for fields in row["paragraphs"]))


def _passage(row: dict[str, Any], sources: dict[str, Source], texts: dict[str, str]) -> Passage:
    fields = {key: value for key, value in row.items() if key not in ("document", "sentences", "tags", "tokens")}
    return Passage(
        source=sources[row["document"]],
        text=texts[row["document"]][row["start"] : row["end"]],
        tags=tuple(Tag(*tag) for tag in row["tags"]),
        **fields,
    )
