"""An index <-> files, whole or not at all.

On disk an index is a handful of files whose names carry a generation, and `manifest.json`, which names them with their
sha256. The manifest is replaced last, in one step: a reader sees the old index or the new one, never half of one,
whenever a build is killed. The folder's lock is the operating system's, so that a killed build leaves none behind.
"""

import contextlib
import dataclasses
import hashlib
import io
import json
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from assistant.encoding import ASSEMBLED_NAME, BLOCK_NAME, Agreement, Network, TokenVectors
from assistant.errors import DamagedIndexError, IndexingError
from assistant.files import TEMPORARY, file_sha256, take_file, unwritable, write_array, write_arrays, write_bytes
from assistant.index.passage_index import MultilingualVectors, OperatingPoint, Origin, PassageIndex
from assistant.index.vectors import SearchableVectors
from assistant.records import Document, Link, Objective, Paragraph, Passage, Source, Span, Tag

FORMAT = 10  # raise it whenever an older index can't be used as it is, or what is read of a document's file changes
MANIFEST = "manifest.json"
_LOCK = ".lock"
_ESCAPED = "backslashreplace"  # a file's name may hold bytes that are no characters; JSON can escape them
_LEXICAL_PARTS = ("held", "found", "shares")  # of the words' arrays, those that grow with the passages
_PARTS = {
    "documents": ".jsonl",
    "passages": ".jsonl",
    "vectors": ".faiss",
    "sentences": ".npy",
    "tokens": ".npy",
    "scales": ".npy",
    "words": ".npy",
    "firsts": ".npy",
    "concerns": ".npy",
    "classifier": ".npz",
    "lexical": ".npz",
    **dict.fromkeys(_LEXICAL_PARTS, ".npy"),
}
_NETWORK_PARTS = {"network": ".onnx", "products": ".onnx", "tokenizer": ".json"}  # where there is a converted model
_SECOND_PARTS = {"second": ".npy", "learned": ".npz"}  # where there is an encoder that reads other languages
_SUFFIXES = _PARTS | _NETWORK_PARTS | _SECOND_PARTS
_MAPPED = ("tokens", "sentences", "network", "second", *_LEXICAL_PARTS)  # by far the largest; read where they lie
_OWN_NAMES = "|".join(part + "-[0-9a-f]{8}" + re.escape(suffix) for part, suffix in _SUFFIXES.items())
_OWN_FILE = re.compile(
    rf"(?:{_OWN_NAMES}|{re.escape(MANIFEST)}|{BLOCK_NAME}|{ASSEMBLED_NAME})(?:{re.escape(TEMPORARY)})?"
)
_NOTHING: npt.NDArray[np.int32] = np.zeros(0, dtype=np.int32)
_TRIES = 3  # a build may replace the files between reading the manifest and opening them


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
        raise unwritable(folder, error) from error
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
    writers: dict[str, Callable[[Path], str]] = {
        "documents": partial(write_bytes, content=_lines(_document_row(document) for document in index.documents)),
        "passages": partial(
            write_bytes,
            content=_lines(map(_passage_row, index.passages, index.sentences, np.diff(index.tokens.starts))),
        ),
        "vectors": partial(write_bytes, content=index.vectors.to_bytes()),
        "sentences": partial(write_array, array=index.sentence_vectors),
        "tokens": _tokens_writer(index.tokens.rows, folder),
        "scales": partial(write_array, array=index.tokens.scales),
        "words": partial(write_array, array=index.tokens.words),
        "firsts": partial(write_array, array=index.sentence_tokens),
        "concerns": partial(write_array, array=index.objective_probabilities),
        "classifier": partial(write_arrays, arrays=index.classifier),
        "lexical": partial(write_arrays, arrays=_without(index.lexical, _LEXICAL_PARTS)),
        **{part: partial(write_array, array=index.lexical.get(part, _NOTHING)) for part in _LEXICAL_PARTS},
    }
    if index.network:
        writers["network"] = partial(write_bytes, content=index.network.graph.data)
        writers["products"] = partial(write_bytes, content=index.network.products)
        writers["tokenizer"] = partial(write_bytes, content=index.network.tokenizer.encode())
    if index.second:
        rows = np.concatenate([index.second.passages, index.second.sentences])
        writers["second"] = partial(write_array, array=rows)
        writers["learned"] = partial(write_arrays, arrays=index.second.learned)
    files = {}
    try:
        for part, write in writers.items():
            name = f"{part}-{generation}{_SUFFIXES[part]}"
            files[part] = {"name": name, "sha256": write(folder / name)}
        manifest = json.dumps(_manifest(index, files), ensure_ascii=False, indent=1)
        write_bytes(folder / MANIFEST, manifest.encode("utf-8", _ESCAPED))
    except OSError as error:
        _remove_others(folder, keep={MANIFEST, *_named_files(folder)})
        raise unwritable(folder, error) from error
    _remove_others(folder, keep={MANIFEST, *(entry["name"] for entry in files.values())})


def _tokens_writer(rows: npt.NDArray[np.uint8], folder: Path) -> Callable[[Path], str]:
    """How to write the token vectors: those that a build has put into a file of this folder only need its name."""
    filename = Path(str(rows.filename)) if isinstance(rows, np.memmap) else None
    if filename and filename.parent.resolve() == folder.resolve() and re.fullmatch(ASSEMBLED_NAME, filename.name):
        return partial(take_file, source=filename)
    return partial(write_array, array=rows)


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


def _without(arrays: Mapping[str, npt.NDArray[Any]], names: Collection[str]) -> dict[str, npt.NDArray[Any]]:
    return {name: array for name, array in arrays.items() if name not in names}


def _manifest(index: PassageIndex, files: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "encoder": {
            "name": index.origin.encoder,
            "sha256": index.origin.encoder_sha256,
            "dimensions": index.vectors.dimensions,
        },
        "corpus": index.origin.corpus,
        "table": index.origin.table,
        "answerability": {"sha256": index.origin.answerability, **dataclasses.asdict(index.operating_point)},
        "counts": {
            "documents": len(index.documents),
            "passages": len(index.passages),
            "sentences": len(index.sentence_vectors),
        },
        "files": files,
        "network": _network_row(index.network),
        "second": {"name": index.second.encoder, "sha256": index.second.sha256} if index.second else None,
        "sources": [dataclasses.asdict(source) for source in index.sources],
        "objectives": [dataclasses.asdict(objective) for objective in index.objectives],
        "problems": index.problems,
    }


def _network_row(network: Network | None) -> dict[str, Any] | None:
    if network is None:
        return None
    agreement = dataclasses.asdict(network.agreement) if network.agreement else None
    return {"special": network.special, "window": network.window, "agreement": agreement}


def _lines(rows: Iterator[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8", _ESCAPED)


def _document_row(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "text": document.text,
        "paragraphs": [dataclasses.astuple(paragraph) for paragraph in document.paragraphs],
        "file_sha256": document.file_sha256,
        "file_title": document.file_title,
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
            parts = _parts_of(manifest)
            contents = {part: _read(folder, manifest["files"][part]) for part in parts if part not in _MAPPED}
            mapped = {part: _mapped(folder, manifest["files"][part]) for part in parts if part in _MAPPED}
        except FileNotFoundError:
            continue
        except (KeyError, TypeError) as error:
            raise DamagedIndexError(f"{folder / MANIFEST}: lacks {error}.") from error
        return _loaded(folder, manifest, contents, mapped)
    raise DamagedIndexError(f"{folder}: files that its manifest names are missing.")


def _parts_of(manifest: dict[str, Any]) -> dict[str, str]:
    """The parts that an index consists of, with their suffixes."""
    parts = dict(_PARTS)
    if manifest["network"]:
        parts |= _NETWORK_PARTS
    if manifest["second"]:
        parts |= _SECOND_PARTS
    return parts


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
    path = _inside(folder, entry)
    with _told_unreadable(path):
        content = path.read_bytes()
    _check(path, hashlib.sha256(content).hexdigest(), entry)
    return content


def _mapped(folder: Path, entry: dict[str, str]) -> npt.NDArray[Any]:
    """Map an array into memory, so that of a large one only what is looked at takes any."""
    path = _inside(folder, entry)
    with _told_unreadable(path):
        _check(path, file_sha256(path), entry)
        if path.suffix == ".npy":
            array: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        else:
            array = np.memmap(path, dtype=np.uint8, mode="r")
    return array


def _inside(folder: Path, entry: dict[str, str]) -> Path:
    path = folder / entry["name"]
    if path.parent != folder:
        raise DamagedIndexError(f"{folder / MANIFEST}: names a file outside its folder.")
    return path


@contextlib.contextmanager
def _told_unreadable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedIndexError(f"{path}: can't be read ({error.strerror or error}).") from error


def _check(path: Path, sha256: str, entry: dict[str, str]) -> None:
    if sha256 != entry["sha256"]:
        raise DamagedIndexError(f"{path}: its bytes aren't those that were written.")


def _loaded(
    folder: Path, manifest: dict[str, Any], contents: dict[str, bytes], mapped: dict[str, npt.NDArray[Any]]
) -> PassageIndex:
    try:
        encoder, answerability = manifest["encoder"], dict(manifest["answerability"])
        sources = tuple(_source(row) for row in manifest["sources"])
        by_id = {source.id: source for source in sources}
        documents = tuple(_document(row, by_id) for row in _rows(contents["documents"]))
        texts = {document.id: document.text for document in documents}
        rows = _rows(contents["passages"])
        _check_counts(manifest["counts"], documents=len(documents), passages=len(rows))
        return PassageIndex(
            origin=Origin(
                encoder["name"],
                encoder["sha256"],
                manifest["corpus"],
                manifest["table"],
                answerability.pop("sha256"),
                manifest["second"]["sha256"] if manifest["second"] else "",
            ),
            sources=sources,
            documents=documents,
            passages=tuple(_passage(row, by_id, texts) for row in rows),
            sentences=tuple(tuple((start, end) for start, end in row["sentences"]) for row in rows),
            # Safe to hand to FAISS: the bytes are those that were written, by their sha256.
            vectors=SearchableVectors.from_bytes(contents["vectors"]),
            sentence_vectors=mapped["sentences"],
            tokens=TokenVectors(
                mapped["tokens"],
                _loaded_array(contents["scales"]),
                _loaded_array(contents["words"]),
                np.concatenate([[0], np.cumsum([row["tokens"] for row in rows])]).astype(np.int64),
            ),
            sentence_tokens=_loaded_array(contents["firsts"]),
            objective_probabilities=_loaded_array(contents["concerns"]),
            objectives=tuple(Objective(**row) for row in manifest["objectives"]),
            classifier=dict(np.load(io.BytesIO(contents["classifier"]), allow_pickle=False)),
            lexical=_lexical(contents["lexical"], mapped),
            problems=tuple(manifest["problems"]),
            operating_point=OperatingPoint(**answerability),
            network=_network(manifest["network"], contents, mapped),
            second=_second(manifest["second"], len(rows), contents, mapped),
        ).checked()
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedIndexError(f"{folder}: its parts don't belong together ({error}).") from error


def _network(
    row: dict[str, Any] | None, contents: dict[str, bytes], mapped: dict[str, npt.NDArray[Any]]
) -> Network | None:
    if row is None:
        return None
    return Network(
        graph=mapped["network"],
        products=contents["products"],
        tokenizer=contents["tokenizer"].decode(),
        special=tuple(row["special"]),
        window=row["window"],
        agreement=Agreement(**row["agreement"]) if row["agreement"] else None,
    )


def _lexical(content: bytes, mapped: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of the words, or none where none were kept."""
    small = dict(np.load(io.BytesIO(content), allow_pickle=False))
    return small | {part: mapped[part] for part in _LEXICAL_PARTS} if small else {}


def _second(
    row: dict[str, str] | None, passages: int, contents: dict[str, bytes], mapped: dict[str, npt.NDArray[Any]]
) -> MultilingualVectors | None:
    if row is None:
        return None
    vectors = mapped["second"]
    learned = dict(np.load(io.BytesIO(contents["learned"]), allow_pickle=False))
    return MultilingualVectors(row["name"], row["sha256"], vectors[:passages], vectors[passages:], learned)


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
    paragraphs = tuple(Paragraph(*fields) for fields in row["paragraphs"])
    return Document(sources[row["id"]], row["text"], paragraphs, row["file_sha256"], row["file_title"])


def _passage(row: dict[str, Any], sources: dict[str, Source], texts: dict[str, str]) -> Passage:
    fields = {key: value for key, value in row.items() if key not in ("document", "sentences", "tags", "tokens")}
    return Passage(
        source=sources[row["document"]],
        text=texts[row["document"]][row["start"] : row["end"]],
        tags=tuple(Tag(*tag) for tag in row["tags"]),
        **fields,
    )
