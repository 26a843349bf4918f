"""A corpus: the documents of a folder, read, and a fingerprint of the folder's state."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from assistant.documents.formats.registry import FORMATS, SUFFIXES
from assistant.documents.masthead import read_masthead
from assistant.documents.reading import BY_OCR, read_file
from assistant.documents.sources import (
    SOURCES_FILE,
    LinkedDocument,
    document_files,
    linked_documents,
    passed_over,
    resolved,
)
from assistant.errors import CorpusError, ReadError
from assistant.files import file_sha256
from assistant.language import ENGLISH, spoken
from assistant.records import Document, Kind, Source

_WITH_OCR = frozenset(suffix for row in FORMATS if row.ocr for suffix in row.suffixes)
_LANGUAGE_CHARACTERS = 5000  # of a text, by which its language is recognised
_DIGEST_TITLE = re.compile(r"digest\b[\s:–—-]*", re.IGNORECASE)

_KnownDocuments = Mapping[tuple[str, str], Document]  # by the file's suffix and sha256


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a corpus folder, and what describes them."""

    documents: tuple[Document, ...]  # those whose text could be read, in the order of `sources`
    sources: tuple[Source, ...]  # all that the folder describes, links included
    problems: tuple[str, ...] = ()  # one sentence for each file that couldn't be read; the others are unharmed


def read_corpus(
    folder: Path,
    *,
    known: Iterable[Document] = (),
    ocr: bool = False,
    report: Callable[[int, int], None] | None = None,
) -> Corpus:
    """Read every document of a folder.

    If the original of a digest is here and can be read, it is read instead of the digest.

    Args:
        known: Documents that were read before; a file of the same bytes and format isn't read again.
        ocr: Whether Tesseract reads pages that are pictures.
        report: Called with the number of documents read, and of all.

    Raises:
        CorpusError: There is no such folder, it holds no document that can be read, or `sources.toml` is wrong.
    """
    described = linked_documents(folder)
    with_text = [linked for linked in described if linked.source.kind != "link" or _has_original(folder, linked)]
    known_documents = {
        (_suffix(document.source.file), document.file_sha256): document
        for document in known
        if _is_as_asked(document, ocr)
    }
    read: dict[str, Document] = {}
    problems: list[str] = []
    for done, linked in enumerate(with_text, start=1):
        document, unread = _read_document(folder, linked, known_documents, ocr)
        problems += unread
        if document:
            read[document.id] = document
        if report:
            report(done, len(with_text))
    if not read:
        formats = " or ".join(sorted(SUFFIXES))
        empty = f"{folder}: there is no document in it; put a {formats} file into it."
        raise CorpusError(problems[0] if problems else " ".join(filter(None, (empty, passed_over(folder)))))
    sources = [read[linked.source.id].source if linked.source.id in read else linked.source for linked in described]
    citable = tuple(source for source in sources if source.kind == "link" or source.id in read)
    return Corpus(tuple(read.values()), citable, tuple(problems))


def read_one(path: Path, described: Source | None = None, *, ocr: bool = False) -> Document:
    """Read a file that belongs to no corpus.

    Args:
        described: What is known of the document; None for nothing.
        ocr: Whether Tesseract reads pages that are pictures.

    Raises:
        ReadError: It can't be read.
    """
    source = replace(described or Source(id=path.name, title=""), file=path.name)
    return _document(path.parent, source, {}, ocr)


def read_source(folder: Path, linked: LinkedDocument) -> Document:
    """Read one document of a corpus folder.

    Raises:
        ReadError: It can't be read, or its text isn't here.
    """
    document, problems = _read_document(folder, linked, {}, False)
    if document is None:
        raise ReadError(problems[0] if problems else f"{linked.source.id}: its text isn't in {folder}.")
    return document


def fingerprint(folder: Path, *, tables: Sequence[Path] = (), ocr: bool = False) -> str:
    """Return what identifies the state of a corpus: "sha256:…" over its files, tables and the use of OCR.

    Raises:
        CorpusError: There is no such folder.
    """
    digest = hashlib.sha256(b"ocr" if ocr else b"")
    files = {path.relative_to(folder).as_posix(): path for path in document_files(folder)}
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


def _has_original(folder: Path, linked: LinkedDocument) -> bool:
    return linked.original is not None and (folder / linked.original.file).is_file()


def _read_document(
    folder: Path, linked: LinkedDocument, known: _KnownDocuments, ocr: bool
) -> tuple[Document | None, list[str]]:
    """Read a source's original if it is here, else its own file; return the document, if any, and the problems."""
    source, problems = linked.source, []
    if linked.original and _has_original(folder, linked):
        try:
            return _document(folder, replace(source, kind="original", file=linked.original.file), known, ocr), []
        except ReadError as error:
            problems.append(f"{error} Until then {'its digest' if source.file else 'no text'} stands in for it.")
    if source.kind == "link":
        return None, problems
    try:
        return _document(folder, source, known, ocr), problems
    except ReadError as error:
        return None, [*problems, str(error)]


def _document(folder: Path, source: Source, known: _KnownDocuments, ocr: bool) -> Document:
    path = resolved(folder / source.file, folder)
    sha256 = _sha256(path)
    document = known.get((_suffix(source.file), sha256))
    if document is None:
        content = read_file(path, ocr=ocr)
        document = Document(source, content.text, content.paragraphs, sha256, content.title, content.date)
    return replace(document, source=_cited(source, document))


def _cited(source: Source, document: Document) -> Source:
    """Give a source what its description leaves open: symbol and date; title, kind and language if there is none."""
    title, text = document.file_title, document.text
    if source.kind == "original":
        masthead = read_masthead(text, title)
        date = source.date or masthead.date or ("" if source.title else document.file_date)
        source = replace(source, symbol=source.symbol or masthead.symbol, date=date)
    if source.title:
        return source
    title = title or PurePosixPath(source.file).stem
    kind: Kind = "digest" if _DIGEST_TITLE.match(title) else "original"
    recognised = spoken(text[:_LANGUAGE_CHARACTERS])
    language = recognised.language if recognised.is_sure else ENGLISH
    return replace(source, title=_DIGEST_TITLE.sub("", title, count=1), kind=kind, language=language)


def _is_as_asked(document: Document, ocr: bool) -> bool:
    """Return whether a document was read by OCR if that is asked for; one without pictures of pages is read again."""
    by_ocr = any(paragraph.locator.endswith(BY_OCR) for paragraph in document.paragraphs)
    return by_ocr == ocr or _suffix(document.source.file) not in _WITH_OCR


def _suffix(file: str) -> str:
    return PurePosixPath(file).suffix.lower()


def _sha256(path: Path) -> str:
    """Return a file's sha256; nothing if it can't be read, since reading it as a document says why."""
    try:
        return file_sha256(path)
    except OSError:
        return ""
