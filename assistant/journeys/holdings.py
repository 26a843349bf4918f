"""Add, replace and retire the documents of a corpus folder, each looked at before it goes live.

A file that was sent waits in a hidden folder of the corpus, which no index reads, until somebody has seen what is read
of it. What was live moves to another such folder and is never deleted. Nothing is written outside the corpus folder.
"""

import hashlib
import re
import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.documents import (
    RETIRED,
    LinkedDocument,
    document_files,
    format_of,
    linked_documents,
    read_one,
    resolved,
)
from assistant.errors import CorpusError, InputError, ReadError
from assistant.files import file_sha256, write_bytes
from assistant.journeys.building import lost_places
from assistant.records import Document, Source

MAX_UPLOAD = 32_000_000  # bytes of a file; a larger one is put into the folder by hand
_WAITING = ".waiting"
_HOUR = 3600.0  # seconds for which a file waits
_MOST_WAITING = 10  # the oldest gives way
_LONGEST_NAME = 120  # bytes of a file's name without its suffix
_TOKEN = re.compile(r"[0-9a-f]{32}")
# Letters, digits and a few marks of any script; what a system or an address could take for more becomes a hyphen.
_UNSAFE = re.compile(r"[^\w.,()'+&@ -]+")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)  # Windows takes them for no files


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that waits to go live: how it is called until then, what was read, the id of what it replaces."""

    token: str
    document: Document
    replaces: str = ""


class Holdings:
    """The documents of a corpus folder, as staff change them; safe to share between threads."""

    def __init__(self, folder: Path, *, ocr: bool = False) -> None:
        """Take the corpus folder, and whether Tesseract reads pages that are pictures."""
        self.folder = folder
        self.ocr = ocr
        self._lock = threading.Lock()

    def sources(self) -> tuple[Source, ...]:
        """List the sources whose text is here, each with the file that it is read from.

        Raises:
            CorpusError: There is no such folder, or `sources.toml` is wrong.
        """
        return tuple(linked.source for linked in linked_documents(self.folder) if self._file_of(linked))

    def propose(self, name: str, content: bytes, *, replaces: str = "", known: Iterable[Document] = ()) -> Waiting:
        """Read a file that was sent, and let it wait until `accept`.

        Args:
            name: As its sender calls it; only a safe last part of it is used.
            replaces: The id of the document that it is to replace; empty for a new one.
            known: The documents that are live, lest one comes twice.

        Raises:
            InputError: Its name, size or contents aren't those of a new document; nothing has changed.
            ReadError: It can't be read, or the folder can't be written; nothing has changed.
        """
        target, _ = self._target(safe_name(name), replaces)
        if len(content) > MAX_UPLOAD:
            raise InputError(f"{target.name}: is larger than {MAX_UPLOAD // 1_000_000} MB; split it into parts.")
        self._check_bytes(target.name, content)
        token = secrets.token_hex(16)
        place = self._inside(Path(_WAITING, token))
        try:
            self._purge()
            place.mkdir(parents=True)
            write_bytes(place / target.name, content)
            waiting = Waiting(token, self._read(place / target.name, replaces), replaces)
            _check_words(waiting, known)
            self._check_places(replaces, waiting.document)
        except OSError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise ReadError(
                f"{target.name}: can't be kept in the corpus folder ({error.strerror or error})."
            ) from error
        except (CorpusError, InputError):
            shutil.rmtree(place, ignore_errors=True)
            raise
        return waiting

    def accept(self, token: str, *, replaces: str = "") -> None:
        """Put a file that waits among the documents; what it replaces is retired.

        Raises:
            InputError: It waits no longer, or there is another of its name or bytes now; nothing has changed.
            ReadError: The folder can't be written; nothing has changed.
        """
        with self._lock:
            waiting = self._waiting(token)
            target, old = self._target(waiting.name, replaces)
            self._check_bytes(target.name, waiting.read_bytes())
            try:
                if old:
                    shutil.copy2(old, self._retired(old))
                target.parent.mkdir(parents=True, exist_ok=True)
                waiting.replace(target)
                if old and old != target:
                    old.unlink()
                shutil.rmtree(waiting.parent, ignore_errors=True)
            except OSError as error:
                raise ReadError(f"{target.name}: can't be put there ({error.strerror or error}).") from error

    def discard(self, token: str) -> None:
        """Drop a file that waits; one that waits no longer is no fault."""
        with suppress(InputError):
            shutil.rmtree(self._waiting(token).parent, ignore_errors=True)

    def retire(self, id: str) -> str:
        """Move a document out of what is read, into a folder beside; return where it lies, relative to the corpus.

        Raises:
            InputError: There is none with this id, it is the last, or `answers.toml` names a place in it.
            ReadError: The folder can't be written.
        """
        with self._lock:
            linked = self._linked(id)
            if len(self.sources()) == 1:
                raise InputError(f"{id}: is the only document, and without one nothing can be answered.")
            self._check_places(id)
            files = [linked.source.file, linked.original.file if linked.original else ""]
            try:
                moved = [
                    Path(shutil.move(self._inside(Path(file)), self._retired(self.folder / file)))
                    for file in files
                    if file and (self.folder / file).is_file()
                ]
            except OSError as error:
                raise ReadError(f"{id}: can't be moved ({error.strerror or error}).") from error
            return moved[0].relative_to(self.folder).as_posix()

    def _check_bytes(self, name: str, content: bytes) -> None:
        """Refuse a file that is among the documents.

        Raises:
            InputError: It is.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        for path in document_files(self.folder):
            if path.stat().st_size == len(content) and file_sha256(path) == sha256:
                raise InputError(f"{name}: the same file is here already, as {path.name}.")

    def _check_places(self, id: str, document: Document | None = None) -> None:
        """Refuse what would take a place away to which `answers.toml` leads: no index could be built.

        Raises:
            InputError: It would.
        """
        if lost := lost_places(self.folder, id, document):
            what = f"{document.source.file}: has no" if document else f"{id}: has the"
            raise InputError(f"{what} place {lost[0]!r}, to which answers.toml leads; mend that entry first.")

    # Files ------------------------------------------------------------------------------------------------------------

    def _linked(self, id: str) -> LinkedDocument:
        for linked in linked_documents(self.folder):
            if linked.source.id == id and self._file_of(linked):
                return linked
        raise InputError(f"{id[:_LONGEST_NAME]!r}: there is no such document here.")

    def _file_of(self, linked: LinkedDocument) -> str:
        """Return the file that a source is read from, relative to the folder; empty where it isn't here."""
        files = (linked.original.file if linked.original else "", linked.source.file)
        return next((file for file in files if file and (self.folder / file).is_file()), "")

    def _target(self, name: str, replaces: str) -> tuple[Path, Path | None]:
        """Return the place of a file among the documents, and the file that it replaces."""
        files = {path.relative_to(self.folder).as_posix().casefold() for path in document_files(self.folder)}
        if not replaces:
            if name.casefold() == "readme.md":
                raise InputError(f"{name}: describes the folder and isn't read as a document; give another name.")
            if name.casefold() in files:
                raise InputError(f"{name}: a document of this name is here already; replace it, or give another name.")
            return self._inside(Path(name)), None
        linked = self._linked(replaces)
        old = Path(self._file_of(linked))
        new = old.with_suffix(PurePosixPath(name).suffix)
        if new != old and linked.source.title:
            raise InputError(
                f"{name}: sources.toml names {old.name}; send a file of the same kind, or change it there."
            )
        if new != old and new.as_posix().casefold() in files:
            raise InputError(
                f"{name}: {new.name} is another document here; give the file another kind, or retire that."
            )
        return self._inside(new), self._inside(old)

    def _inside(self, path: Path) -> Path:
        """Return a path below the folder that no link leads out of it."""
        place = self.folder / path
        resolved(place, self.folder)
        return place

    def _retired(self, path: Path) -> Path:
        """Return a free place for a file that is no longer read, with its folders."""
        place = self._inside(Path(RETIRED) / path.relative_to(self.folder))
        place.parent.mkdir(parents=True, exist_ok=True)
        count, free = 1, place
        while free.exists():
            count += 1
            free = place.with_stem(f"{place.stem}.{count}")
        return free

    def _waiting(self, token: str) -> Path:
        if _TOKEN.fullmatch(token):
            for path in self._inside(Path(_WAITING, token)).glob("[!.]*"):
                return path
        raise InputError("The file waits no longer; send it again.")

    def _read(self, path: Path, replaces: str) -> Document:
        described = self._linked(replaces).source if replaces else None
        try:
            return read_one(path, described, ocr=self.ocr)
        except ReadError as error:
            said = str(error).replace(str(path.absolute()), path.name).replace(str(path.resolve()), path.name)
            raise ReadError(said.replace(str(path), path.name)) from None

    def _purge(self) -> None:
        """Drop what has waited too long, and the oldest where too many wait."""
        folder = self._inside(Path(_WAITING))
        waiting = sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime) if folder.is_dir() else []
        for number, each in enumerate(reversed(waiting), start=1):
            if number >= _MOST_WAITING or time.time() - each.stat().st_mtime > _HOUR:
                shutil.rmtree(each, ignore_errors=True)


def _check_words(waiting: Waiting, known: Iterable[Document]) -> None:
    """Refuse a document whose words another one has already.

    Raises:
        InputError: It is such a one.
    """
    words = waiting.document.text.split()
    for other in known:
        if other.id != waiting.replaces and other.text.split() == words:
            raise InputError(f"{waiting.document.source.file}: its words are here already, as {other.source.title}.")


def safe_name(name: str) -> str:
    r"""Return the last part of a file's name, without what a system, a shell or a reader could stumble over.

    >>> safe_name("C:\\\\notes\\\\..\\\\Note d'information №1?.PDF"), safe_name("../../.env.txt")
    ("Note d'information No1.pdf", 'env.txt')

    Raises:
        InputError: Nothing is left of it, or files of its kind aren't read.
    """
    last = unicodedata.normalize("NFKC", name.encode("utf-8", "replace").decode()).replace("\\", "/").split("/")[-1]
    path = PurePosixPath(_UNSAFE.sub("-", last.strip(" .~$-")) or "-")
    if format_of(path.name) is None:
        raise InputError(f"{path.name[:_LONGEST_NAME]}: files of this kind aren't read; save it as .pdf or .docx.")
    stem = path.stem.encode()[:_LONGEST_NAME].decode("utf-8", "ignore").strip(" .-~$")
    if not re.search(r"\w", stem):
        raise InputError("Give the file a name.")
    stem = f"file {stem}" if _DEVICES.match(stem) else stem
    return f"{stem}{path.suffix.lower()}"
