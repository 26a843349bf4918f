"""The originals of linked documents, as files: what is here, how it came, and whether it is still what came.

An original lies where `sources.toml` says, its record beside it ("brief.pdf", "brief.pdf.json"). This module knows
nothing of networks, and reads no document.
"""

import dataclasses
import datetime
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from assistant.files import file_sha256

Standing: TypeAlias = Literal["missing", "kept", "by hand", "changed"]
_RECORD = ".json"
_TEMPORARY = ".tmp"


@dataclass(frozen=True, slots=True)
class Original:
    """Where the text of a linked document is to be had, and where it is kept.

    Attributes:
        id: The document's.
        address: Of the file itself, or of the page that links to it.
        file: Path inside the corpus folder, with forward slashes.
    """

    id: str
    address: str
    file: str


@dataclass(frozen=True, slots=True)
class Record:
    """How an original came.

    Attributes:
        address: The one that it came from in the end, after redirects.
        fetched: The day, as "2020-11-13".
        type: The Content-Type that the server gave.
        bytes: Their number.
        sha256: Of the bytes.
    """

    address: str
    fetched: str
    type: str
    bytes: int
    sha256: str

    @property
    def day(self) -> str:
        """The day in words: "13 November 2020"."""
        day = datetime.date.fromisoformat(self.fetched)
        return f"{day.day} {day:%B %Y}"


def path_of(folder: Path, original: Original) -> Path:
    """Return where an original is kept."""
    return folder / original.file


def read_record(folder: Path, original: Original) -> Record | None:
    """Read how an original came; None where that isn't known."""
    try:
        row = json.loads(_record_path(path_of(folder, original)).read_bytes())
        record = Record(**row)
        datetime.date.fromisoformat(record.fetched)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return record


def standing_of(folder: Path, original: Original) -> Standing:
    """Say whether an original is here, and whether it is what was fetched.

    Raises:
        OSError: It is here and can't be read.
    """
    path = path_of(folder, original)
    if not path.is_file():
        return "missing"
    record = read_record(folder, original)
    if record is None:
        return "by hand"
    return "kept" if file_sha256(path) == record.sha256 else "changed"


def keep(part: Path, path: Path, record: Record) -> None:
    """Put a file that has come in its place, its record first: a file that is here is never without its own.

    Raises:
        OSError: It can't be written.
    """
    described = _record_path(path)
    temporary = described.with_name(described.name + _TEMPORARY)
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(dataclasses.asdict(record), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(described)
    part.replace(path)


def _record_path(path: Path) -> Path:
    return path.with_name(path.name + _RECORD)
