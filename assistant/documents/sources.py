"""Sources: what a corpus folder holds, and what its `sources.toml` says of it.

With `sources.toml` the sources are those that it describes, and any other readable file beside them; without it, every
readable file.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from assistant.documents.formats.registry import SUFFIXES, format_of
from assistant.documents.originals import Original
from assistant.errors import CorpusError, ReadError
from assistant.files import read_toml
from assistant.language import GLOSSARY_FILE
from assistant.records import Link, Source

SOURCES_FILE = "sources.toml"
OBJECTIVES_FILE = "objectives.toml"
TRANSLATED_FILE = "objectives-translated.toml"
ANSWERS_FILE = "answers.toml"
RETIRED = ".retired"  # the folder, beside the documents, of those that are no longer read
# Describes the folder to people; it is a document only if nothing else says which files are.
_READ_ME = "readme.md"
_HIDDEN = (".", "~$", "~WRL")  # the latter lie beside a document that is open in Word
_NO_DOCUMENTS = frozenset(
    {SOURCES_FILE, OBJECTIVES_FILE, TRANSLATED_FILE, ANSWERS_FILE, GLOSSARY_FILE, "thumbs.db", "desktop.ini"}
)
_NAMED = 8  # files that are named of those that are passed over


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A source, and where its original can be fetched; None if that isn't known or it is the original itself."""

    source: Source
    original: Original | None


def linked_documents(folder: Path) -> tuple[LinkedDocument, ...]:
    """List all that a folder holds or describes, each with where its original can be fetched.

    Raises:
        CorpusError: There is no such folder, or `sources.toml` is wrong.
    """
    described = [linked for linked in _described(folder) if not _is_retired(folder, linked.source.file)]
    named = {linked.source.file for linked in described}
    named |= {linked.original.file for linked in described if linked.original}
    taken = {linked.source.id for linked in described}
    for path in document_files(folder):
        file = path.relative_to(folder).as_posix()
        if file in named or (described and path.name.lower() == _READ_ME):
            continue
        source = Source(id=_free_id(file, taken), title="", file=file)
        taken.add(source.id)
        described.append(LinkedDocument(source, None))
    return tuple(described)


def allowed_hosts(folder: Path) -> tuple[str, ...]:
    """Return the hosts that originals may be fetched from.

    Raises:
        CorpusError: `sources.toml` is wrong.
    """
    path = folder / SOURCES_FILE
    hosts = _read_table(path).get("hosts", [])
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise CorpusError(f'{path}: hosts must be a list of names, as in hosts = ["docs.un.org"].')
    return tuple(hosts)


def document_files(folder: Path) -> list[Path]:
    """Return the readable files of a folder and its subfolders, in order of their paths.

    Hidden files aren't among them, nor those in which Word notes who has a document open, nor links that lead out of
    the folder.

    Raises:
        CorpusError: There is no such folder.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder}: no such folder; give the folder of the documents with --corpus.")
    return [path for path in _visible(folder) if path.suffix.lower() in SUFFIXES and _is_here(path, folder)]


def passed_over(folder: Path) -> str:
    """Return a line that names what isn't read of a folder; nothing if all of it is."""
    visible = _visible(folder)
    links = [path for path in visible if path.is_symlink() and not _is_here(path, folder)]
    others = [
        path
        for path in visible
        if _is_here(path, folder) and path.suffix.lower() not in SUFFIXES and path.name.lower() not in _NO_DOCUMENTS
    ]
    said = []
    if others:
        said.append(f"passed over {_listed(others, folder)}; save as .pdf or .docx what is to be read")
    if links:
        said.append(
            f"{_listed(links, folder)} {'is a link' if len(links) == 1 else 'are links'}, and no link is followed"
        )
    return f"{folder}: {'; '.join(said)}." if said else ""


def resolved(path: Path, folder: Path) -> Path:
    """Return where a file of a folder lies, without links.

    Raises:
        ReadError: That is outside of the folder.
    """
    place = path.resolve()
    if not place.is_relative_to(folder.resolve()):
        raise ReadError(f"{path}: is a link that leads out of the folder; put the file itself there.")
    return place


def _is_retired(folder: Path, file: str) -> bool:
    return bool(file) and not (folder / file).is_file() and (folder / RETIRED / file).is_file()


def _is_here(path: Path, folder: Path) -> bool:
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def _visible(folder: Path) -> list[Path]:
    """Return what a folder and its subfolders hold, without hidden and temporary files."""
    return sorted(
        path
        for path in folder.rglob("*")
        if not any(part.startswith(_HIDDEN) for part in path.relative_to(folder).parts)
    )


def _listed(paths: Sequence[Path], folder: Path) -> str:
    names = [path.relative_to(folder).as_posix() for path in paths]
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _read_table(path: Path) -> dict[str, Any]:
    return read_toml(path) if path.is_file() else {}


def _described(folder: Path) -> Iterator[LinkedDocument]:
    path = folder / SOURCES_FILE
    rows = _read_table(path).get("source", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CorpusError(f"{path}: source must be tables, each under [[source]].")
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        where = f"{path}: [[source]] number {number}"
        source = _source(row, where)
        if source.id in seen:
            raise CorpusError(f"{path}: two sources have the id {source.id!r}; give each its own.")
        seen.add(source.id)
        yield LinkedDocument(source, _original(row, source, where))


def _source(row: dict[str, Any], where: str) -> Source:
    for key in ("id", "title", "kind"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise CorpusError(f"{where}: lacks {key}; add it.")
    if row["kind"] not in ("original", "digest", "link"):
        raise CorpusError(f'{where}: kind {row["kind"]!r} is none of "original", "digest", "link".')
    file = str(row.get("file", ""))
    if row["kind"] != "link" and not _is_inside(file):
        raise CorpusError(f"{where}: file must name a file inside the corpus folder.")
    if file and PurePosixPath(file).suffix.lower() not in SUFFIXES:
        raise CorpusError(f"{where}: {file} is of a kind that isn't read; give one of {', '.join(sorted(SUFFIXES))}.")
    try:
        links = tuple(
            Link(str(link["label"]), str(link["after"]), str(link["address"])) for link in row.get("links", ())
        )
    except (KeyError, TypeError) as error:
        raise CorpusError(f"{where}: each of its links needs label, after and address.") from error
    texts = ("id", "title", "publisher", "date", "symbol", "address", "type", "language", "file", "supersedes")
    return Source(kind=row["kind"], **{key: str(row[key]) for key in texts if key in row}, links=links)


def _original(row: dict[str, Any], source: Source, where: str) -> Original | None:
    original = row.get("original")
    if original is None:
        return None
    if source.kind == "original":
        raise CorpusError(f"{where}: an original names no other original; take it away, or make it a digest.")
    if not isinstance(original, dict) or not all(isinstance(original.get(key), str) for key in ("address", "file")):
        raise CorpusError(f'{where}: its original must be {{ address = "https://…", file = "originals/….pdf" }}.')
    file = original["file"]
    if not _is_inside(file) or file == source.file or format_of(file) is None:
        suffixes = ", ".join(sorted(SUFFIXES))
        raise CorpusError(f"{where}: its original's file must be one in the corpus folder that ends in {suffixes}.")
    return Original(source.id, original["address"], file)


def _is_inside(file: str) -> bool:
    """Return whether a path stays inside the folder that it starts from, on every system."""
    flavours = PurePosixPath(file), PureWindowsPath(file)
    return bool(file) and not any(path.anchor or ".." in path.parts for path in flavours)


def _free_id(file: str, taken: set[str]) -> str:
    """Return an id made of a file's path, numbered if another source has it already."""
    stem = "-".join(re.findall(r"\w+", PurePosixPath(file).with_suffix("").as_posix().lower())) or "document"
    candidate, count = stem, 1
    while candidate in taken:
        count += 1
        candidate = f"{stem}-{count}"
    return candidate
