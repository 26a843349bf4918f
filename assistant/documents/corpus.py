"""A corpus folder -> its documents, what describes them, and its fingerprint.

With `sources.toml` the documents are those that it names, and any other readable file beside them; without it, every
readable file. Where the original of a digest is here and can be read, it is the document, and the digest isn't. This
module knows nothing of passages or of the index.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from assistant.documents.media import kind_of_name
from assistant.documents.originals import Original, path_of
from assistant.documents.reading import SUFFIXES, read_file
from assistant.errors import CorpusError, ReadError
from assistant.files import file_sha256
from assistant.language import ENGLISH, spoken
from assistant.records import Document, Kind, Link, Source

SOURCES_FILE = "sources.toml"
OBJECTIVES_FILE = "objectives.toml"
TRANSLATED_FILE = "objectives-translated.toml"
# Describes the folder to people; it is a document only where nothing else says what is one.
_READ_ME = "readme.md"
_TELLING = 5000  # characters by which a document's language is told
_DIGEST_TITLE = re.compile(r"digest\b[\s:–—-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A source, and where its original is to be had; None where that isn't known or it is the original itself."""

    source: Source
    original: Original | None


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


def read_corpus(
    folder: Path, *, known: Iterable[Document] = (), report: Callable[[int, int], None] | None = None
) -> Corpus:
    """Read every document of a folder.

    Args:
        folder: The corpus folder.
        known: Documents that were read before; a file of the same bytes and format isn't read again.
        report: Called with the number of documents read, and of all.

    Raises:
        CorpusError: There is no such folder, it holds no document that can be read, or `sources.toml` is wrong.
    """
    described = linked_documents(folder)
    with_text = [linked for linked in described if linked.source.kind != "link" or _has_original(folder, linked)]
    shelf = {(_suffix(document.source.file), document.file_sha256): document for document in known}
    read: dict[str, Document] = {}
    problems: list[str] = []
    for done, linked in enumerate(with_text, start=1):
        document, unread = _read_document(folder, linked, shelf)
        problems += unread
        if document:
            read[document.id] = document
        if report:
            report(done, len(with_text))
    documents = tuple(read.values())
    sources = [read[linked.source.id].source if linked.source.id in read else linked.source for linked in described]
    citable = tuple(source for source in sources if source.kind == "link" or source.id in read)
    if not documents:
        formats = " or ".join(sorted(SUFFIXES))
        raise CorpusError(
            problems[0] if problems else f"{folder}: there is no document in it; put a {formats} file into it."
        )
    return Corpus(documents, citable, tuple(problems))


def linked_documents(folder: Path) -> tuple[LinkedDocument, ...]:
    """List all that a folder holds or describes, each with where its original is to be had.

    Raises:
        CorpusError: There is no such folder, or `sources.toml` is wrong.
    """
    described = list(_described(folder))
    named = {linked.source.file for linked in described}
    named |= {linked.original.file for linked in described if linked.original}
    taken = {linked.source.id for linked in described}
    for path in _document_files(folder):
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
    hosts = _table(path).get("hosts", [])
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise CorpusError(f'{path}: hosts must be a list of names, as in hosts = ["docs.un.org"].')
    return tuple(hosts)


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


def _table(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path}: not valid TOML in UTF-8 ({error}); mend it and try again.") from error


def _described(folder: Path) -> Iterator[LinkedDocument]:
    path = folder / SOURCES_FILE
    rows = _table(path).get("source", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CorpusError(f"{path}: source must be tables, each under [[source]].")
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        where = f"{path}: [[source]] number {number}"
        source = _described_source(row, where)
        if source.id in seen:
            raise CorpusError(f"{path}: two sources have the id {source.id!r}; give each its own.")
        seen.add(source.id)
        yield LinkedDocument(source, _described_original(row, source, where))


def _described_source(row: dict[str, Any], where: str) -> Source:
    for key in ("id", "title", "kind"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise CorpusError(f"{where}: lacks {key}; add it.")
    if row["kind"] not in ("original", "digest", "link"):
        raise CorpusError(f'{where}: kind {row["kind"]!r} is none of "original", "digest", "link".')
    file = str(row.get("file", ""))
    if row["kind"] != "link" and not _is_inside(file):
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


def _described_original(row: dict[str, Any], source: Source, where: str) -> Original | None:
    told = row.get("original")
    if told is None:
        return None
    if source.kind == "original":
        raise CorpusError(f"{where}: an original names no other original; take it away, or make it a digest.")
    if not isinstance(told, dict) or not all(isinstance(told.get(key), str) for key in ("address", "file")):
        raise CorpusError(f'{where}: its original must be {{ address = "https://…", file = "originals/….pdf" }}.')
    if not _is_inside(told["file"]) or told["file"] == source.file or kind_of_name(told["file"]) is None:
        raise CorpusError(f"{where}: its original's file must be a .pdf, .html, .docx or .txt in the corpus folder.")
    return Original(source.id, told["address"], told["file"])


def _is_inside(file: str) -> bool:
    """Whether a path stays inside the folder that it starts from, on every system."""
    flavours = PurePosixPath(file), PureWindowsPath(file)
    return bool(file) and not any(path.anchor or ".." in path.parts for path in flavours)


def _free_id(file: str, taken: set[str]) -> str:
    stem = "-".join(re.findall(r"\w+", PurePosixPath(file).with_suffix("").as_posix().lower())) or "document"
    candidate, count = stem, 1
    while candidate in taken:
        count += 1
        candidate = f"{stem}-{count}"
    return candidate


# Documents -----------------------------------------------------------------------------------------------------------


def _has_original(folder: Path, linked: LinkedDocument) -> bool:
    return linked.original is not None and path_of(folder, linked.original).is_file()


_Shelf = Mapping[tuple[str, str], Document]  # what was read before, by the file's suffix and sha256


def _read_document(folder: Path, linked: LinkedDocument, shelf: _Shelf) -> tuple[Document | None, list[str]]:
    """Read a source's original where it is here, else its own file; and say what couldn't be read."""
    source, problems = linked.source, []
    if linked.original and _has_original(folder, linked):
        try:
            return _document(folder, replace(source, kind="original", file=linked.original.file), shelf), []
        except ReadError as error:
            problems.append(f"{error} Until then {'its digest' if source.file else 'no text'} stands in for it.")
    if source.kind == "link":
        return None, problems
    try:
        return _document(folder, source, shelf), problems
    except ReadError as error:
        return None, [*problems, str(error)]


def _document(folder: Path, source: Source, shelf: _Shelf) -> Document:
    path = folder / source.file
    sha256 = _sha256(path)
    if known := shelf.get((_suffix(source.file), sha256)):
        return replace(known, source=_titled(source, known.file_title, known.text))
    content = read_file(path)
    return Document(
        _titled(source, content.title, content.text), content.text, content.paragraphs, sha256, content.title
    )


def _titled(source: Source, title: str, text: str) -> Source:
    """Give a source that nobody described the title of its file, the kind that this says, and its text's language."""
    if source.title:
        return source
    title = title or PurePosixPath(source.file).stem
    kind: Kind = "digest" if _DIGEST_TITLE.match(title) else "original"
    told = spoken(text[:_TELLING])
    language = told.language if told.is_sure else ENGLISH
    return replace(source, title=_DIGEST_TITLE.sub("", title, count=1), kind=kind, language=language)


def _suffix(file: str) -> str:
    return PurePosixPath(file).suffix.lower()


def _sha256(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError:
        return ""  # reading it says why
