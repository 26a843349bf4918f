"""The originals of linked documents as files: which are here, where each came from, and whether it was changed since.

An original lies where `sources.toml` says, with its record beside it ("brief.pdf", "brief.pdf.json").
"""

import dataclasses
import datetime
import json
from dataclasses import dataclass
from pathlib import Path

from assistant.files import file_sha256, write_bytes


@dataclass(frozen=True, slots=True)
class Original:
    """The original of a linked document: its address and its place in the corpus."""

    id: str  # that of the document
    address: str  # that of the file itself, or of the page that links to it
    file: str  # its path inside the corpus folder, with forward slashes


@dataclass(frozen=True, slots=True)
class Record:
    """The record of fetching an original."""

    address: str  # the one that it came from, after redirects
    fetched: str  # the day, as "2020-11-13"
    type: str  # the Content-Type that the server gave
    bytes: int
    sha256: str

    @property
    def day(self) -> str:
        """Return the day in words: "13 November 2020"."""
        day = datetime.date.fromisoformat(self.fetched)
        return f"{day.day} {day:%B %Y}"

    def fits(self, path: Path) -> bool:
        """Return whether a file is still what was fetched.

        Raises:
            OSError: It can't be read.
        """
        return file_sha256(path) == self.sha256


def read_record(folder: Path, original: Original) -> Record | None:
    """Read the record of an original; None where there is none that can be read, as of a file put there by hand."""
    try:
        row = json.loads(_record_path(folder / original.file).read_bytes())
        record = Record(**row)
        datetime.date.fromisoformat(record.fetched)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return record


def keep(content: bytes, path: Path, record: Record) -> None:
    """Write an original and its record, the record first: without one, a file counts as put there by hand.

    Raises:
        OSError: One of them can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(_record_path(path), json.dumps(dataclasses.asdict(record), ensure_ascii=False, indent=1).encode())
    write_bytes(path, content)


def _record_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")
