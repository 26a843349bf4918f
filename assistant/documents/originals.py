"""The originals of linked documents as files: which are here, where each came from, and whether it was changed since.

An original lies where `sources.toml` says, with its record beside it ("brief.pdf", "brief.pdf.json").
"""

import dataclasses
import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from assistant.files import file_sha256, write_bytes

Standing: TypeAlias = Literal["missing", "kept", "by hand", "changed"]
_RECORD = ".json"


@dataclass(frozen=True, slots=True)
class Original:
    """The original of a linked document: its address and its place in the corpus.

    Attributes:
        id: That of the document.
        address: That of the file itself, or of the page that links to it.
        file: Its path inside the corpus folder, with forward slashes.
    """

    id: str
    address: str
    file: str


@dataclass(frozen=True, slots=True)
class Record:
    """The record of fetching an original.

    Attributes:
        address: The one that it came from, after redirects.
        fetched: The day, as "2020-11-13".
        type: The Content-Type that the server gave.
        bytes: The number of bytes.
        sha256: The hash of the bytes.
    """

    address: str
    fetched: str
    type: str
    bytes: int
    sha256: str

    @property
    def day(self) -> str:
        """Return the day in words: "13 November 2020"."""
        day = datetime.date.fromisoformat(self.fetched)
        return f"{day.day} {day:%B %Y}"


def path_of(folder: Path, original: Original) -> Path:
    """Return the path at which an original is kept."""
    return folder / original.file


def read_record(folder: Path, original: Original) -> Record | None:
    """Read the record of an original; None where there is none that can be read."""
    try:
        row = json.loads(_record_path(path_of(folder, original)).read_bytes())
        record = Record(**row)
        datetime.date.fromisoformat(record.fetched)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return record


def standing_of(folder: Path, original: Original) -> Standing:
    """Return whether an original is here, and whether it is still what was fetched.

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


def keep(content: bytes, path: Path, record: Record) -> None:
    """Write an original and its record, the record first: without one, a file counts as put there by hand.

    Raises:
        OSError: One of them can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(_record_path(path), json.dumps(dataclasses.asdict(record), ensure_ascii=False, indent=1).encode())
    write_bytes(path, content)


def _record_path(path: Path) -> Path:
    return path.with_name(path.name + _RECORD)
