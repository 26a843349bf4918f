"""A file on its way: what has come of it so far, and how to ask for the rest.

It lies beside the file's place ("brief.pdf.part"), with notes that say from where it comes and by what the server knows
it again, so that a transfer can go on after a drop, a kill or a week. This module knows nothing of networks.
"""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_PART = ".part"
_NOTES = ".part.json"
_RANGE = re.compile(r"bytes (?P<first>\d+)-(?P<last>\d+)/(?P<total>\d+|\*)")


class PartError(Exception):
    """What came doesn't go with what was there; the transfer has to begin anew."""


class Transfer:
    """One file on its way."""

    def __init__(self, path: Path) -> None:
        """Take up what is there.

        Args:
            path: Where the file is to be.
        """
        self.part = path.with_name(path.name + _PART)
        self._notes = path.with_name(path.name + _NOTES)
        self._hash = hashlib.sha256()
        self.size = 0  # bytes that have come
        self.total: int | None = None  # bytes that are to come in all, where that is known

    def rest_headers(self, address: str) -> dict[str, str]:
        """Return the headers that ask this address for the rest only; none where it must be asked for the whole."""
        size = self.part.stat().st_size if self.part.is_file() else 0
        notes = self._read_notes()
        if not size or notes.get("address") != address or not notes.get("validator"):
            return {}
        return {"Range": f"bytes={size}-", "If-Range": notes["validator"]}

    def begin(self, address: str, headers: Mapping[str, str], *, total: int | None) -> None:
        """Begin anew with an answer that brings the whole.

        Raises:
            OSError: The part can't be written.
        """
        self.discard()
        self.part.parent.mkdir(parents=True, exist_ok=True)
        self._hash, self.size, self.total = hashlib.sha256(), 0, total
        self.part.touch()
        notes = {"address": address, "validator": _validator(headers)}
        self._notes.write_text(json.dumps(notes), encoding="utf-8")

    def go_on(self, content_range: str) -> None:
        """Go on with an answer that brings the rest.

        Raises:
            PartError: It is another rest than the one asked for.
            OSError: The part can't be read.
        """
        match = _RANGE.fullmatch(content_range.strip())
        size = self.part.stat().st_size
        if match is None or int(match["first"]) != size or match["total"] == "*":
            raise PartError(f"the server sent another part than the one asked for ({content_range or 'unnamed'})")
        with self.part.open("rb") as file:
            self._hash = hashlib.file_digest(file, "sha256")
        self.size, self.total = size, int(match["total"])

    def write(self, chunk: bytes) -> None:
        """Add what has come.

        Raises:
            OSError: The part can't be written.
        """
        with self.part.open("ab") as file:
            file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def finished(self) -> str:
        """Return the sha256 of the whole, once it lies safely on the disk.

        Raises:
            PartError: The part isn't what came: something else wrote into it.
            OSError: The part can't be read.
        """
        with self.part.open("rb+") as file:
            os.fsync(file.fileno())
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != self._hash.hexdigest():
            raise PartError("the file was changed while it was coming; is it being fetched twice at once?")
        return found

    def tail(self, count: int) -> bytes:
        """Return the last bytes of what has come.

        Raises:
            OSError: The part can't be read.
        """
        with self.part.open("rb") as file:
            file.seek(max(0, self.size - count))
            return file.read()

    def discard(self) -> None:
        """Forget what has come."""
        for path in (self.part, self._notes):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Forget the notes, once the part is in its place."""
        with contextlib.suppress(OSError):
            self._notes.unlink(missing_ok=True)

    def _read_notes(self) -> dict[str, Any]:
        try:
            notes = json.loads(self._notes.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return notes if isinstance(notes, dict) else {}


def _validator(headers: Mapping[str, str]) -> str:
    """Return by what the server knows these bytes again; a weak tag doesn't vouch for every byte."""
    tag = headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")
