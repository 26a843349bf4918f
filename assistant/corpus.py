"""A corpus folder -> its documents, what describes them, and its fingerprint.

With `sources.toml` the documents are those that it names, and any other readable file beside them; without it, every
readable file. This module knows nothing of passages or of the index.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.errors import CorpusError, ReadError
from assistant.readers import SUFFIXES, read_file
from assistant.records import Document, Kind, Link, Source

SOURCES_FILE = "sources.toml"
OBJECTIVES_FILE = "objectives.toml"
# Describes the folder to people; it is a document only where nothing else says what is one.
_READ_ME = "readme.md"
_DIGEST_TITLE = re.compile(r"digest\b[\s:–—-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a corpus folder holds.

    Attributes:
        documents: Those whose text could be read, in the order of `sources`.
        sources: All that the folder describes, links included.
        problems: One sentence for each file that couldn't be read; the others are unharmed.
    """

    documents: tuple[Document, ...]
    sources: tuple[Source, ...]
    problems: tuple[str, ...] = ()


def read_corpus(folder: Path, *, report: Callable[[int, int], None] | None = None) -> Corpus:
    """Read every document of a folder.

    Args:
        folder: The corpus folder.
        report: Called with the number of documents read, and of all.

    Raises:
        CorpusError: There is no such folder, it holds no document that can be read, or `sources.toml` is wrong.
    """
    sources = _sources(folder)
    documents: list[Document] = []
    known: list[Source] = []
    problems: list[str] = []
    with_text = [source for source in sources if source.kind != "link"]
    for source in sources:
        if source.kind == "link":
            known.append(source)
            continue
        try:
            document = _document(folder, source)
        except ReadError as error:
            problems.append(str(error))
        else:
            documents.append(document)
            known.append(document.source)
        if report:
            report(len(documents) + len(problems), len(with_text))
    if not documents:
        formats = " or ".join(sorted(SUFFIXES))
        raise CorpusError(
            problems[0] if problems else f"{folder}: there is no document in it; put a {formats} file into it."
        )
    return Corpus(tuple(documents), tuple(known), tuple(problems))


def fingerprint(folder: Path, *, tables: Sequence[Path] = ()) -> str:
    """Name the state of a corpus: "sha256:…" over the names and bytes of its files.

    Args:
        folder: The corpus folder.
        tables: Further files that decide what is made of the documents.

    Raises:
        CorpusError: There is no such folder.
    """
    digest = hashlib.sha256()
    files = {path.relative_to(folder).as_posix(): path for path in _document_files(folder)}
    for path in (folder / SOURCES_FILE, *tables):
        if path.is_file():
            files[path.name] = path
    for name in sorted(files):
        digest.update(name.encode("utf-8", "surrogatepass") + b"\0")
        try:
            digest.update(hashlib.sha256(files[name].read_bytes()).digest())
        except OSError:
            digest.update(b"unreadable")
    return f"sha256:{digest.hexdigest()}"


# What describes the documents ----------------------------------------------------------------------------------------


def _sources(folder: Path) -> list[Source]:
    described = list(_described_sources(folder / SOURCES_FILE))
    named = {source.file for source in described}
    taken = {source.id for source in described}
    for path in _document_files(folder):
        file = path.relative_to(folder).as_posix()
        if file in named or (described and path.name.lower() == _READ_ME):
            continue
        source = Source(id=_free_id(file, taken), title="", file=file)
        taken.add(source.id)
        described.append(source)
    return described


def _document_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CorpusError(f"{folder}: no such folder; give the folder of the documents with --corpus.")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _described_sources(path: Path) -> Iterator[Source]:
    if not path.is_file():
        return
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path}: not valid TOML in UTF-8 ({error}); mend it and try again.") from error
    seen: set[str] = set()
    rows = table.get("source", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CorpusError(f"{path}: source must be tables, each under [[source]].")
    for number, row in enumerate(rows, start=1):
        source = _described_source(row, f"{path}: [[source]] number {number}")
        if source.id in seen:
            raise CorpusError(f"{path}: two sources have the id {source.id!r}; give each its own.")
        seen.add(source.id)
        yield source


def _described_source(row: dict[str, Any], where: str) -> Source:
    for key in ("id", "title", "kind"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise CorpusError(f"{where}: lacks {key}; add it.")
    if row["kind"] not in ("original", "digest", "link"):
        raise CorpusError(f'{where}: kind {row["kind"]!r} is none of "original", "digest", "link".')
    file = str(row.get("file", ""))
    if row["kind"] != "link" and (not file or PurePosixPath(file).is_absolute() or ".." in PurePosixPath(file).parts):
        raise CorpusError(f"{where}: file must name a file inside the corpus folder.")
    texts = ("id", "title", "publisher", "date", "symbol", "address", "type", "language", "file")
    if file and PurePosixPath(file).suffix.lower() not in SUFFIXES:
        raise CorpusError(f"{where}: {file} is of a kind that isn't read; give one of {', '.join(sorted(SUFFIXES))}.")
    try:
        links = tuple(
            Link(str(link["label"]), str(link["after"]), str(link["address"])) for link in row.get("links", ())
        )
    except (KeyError, TypeError) as error:
        raise CorpusError(f"{where}: each of its links needs label, after and address.") from error
    return Source(kind=row["kind"], **{key: str(row[key]) for key in texts if key in row}, links=links)


def _free_id(file: str, taken: set[str]) -> str:
    stem = "-".join(re.findall(r"\w+", PurePosixPath(file).with_suffix("").as_posix().lower())) or "document"
    candidate, count = stem, 1
    while candidate in taken:
        count += 1
        candidate = f"{stem}-{count}"
    return candidate


# Documents -----------------------------------------------------------------------------------------------------------


def _document(folder: Path, source: Source) -> Document:
    content = read_file(folder / source.file)
    if not source.title:
        title = content.title or PurePosixPath(source.file).stem
        kind: Kind = "digest" if _DIGEST_TITLE.match(title) else "original"
        source = replace(source, title=_DIGEST_TITLE.sub("", title, count=1), kind=kind)
    return Document(source, content.text, content.paragraphs)
