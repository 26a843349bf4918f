"""Files that are written whole or not at all, their sha256, and tables in TOML."""

import hashlib
import io
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from assistant.errors import CorpusError, IndexingError

TEMPORARY = ".part"  # ends the name of a file that is being written


def read_toml(path: Path) -> dict[str, Any]:
    """Read a table that describes the corpus.

    Raises:
        CorpusError: It can't be read, or isn't TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorpusError(f"{path}: can't be read ({error.strerror or error}).") from error
    except ValueError as error:
        raise CorpusError(f"{path}: not valid TOML in UTF-8 ({error}); mend it and try again.") from error


def read_entries(path: Path, name: str) -> Any:
    """Read the entries of a table that describes the corpus and holds nothing else: `[[name]]`, as they stand there.

    Raises:
        CorpusError: It can't be read, isn't TOML, or holds something else.
    """
    table = read_toml(path)
    if unknown := table.keys() - {name}:
        raise CorpusError(f"{path}: holds {min(unknown)!r}; it may hold [[{name}]] alone.")
    return table.get(name, [])


def write_bytes(path: Path, content: bytes | memoryview) -> str:
    """Write a file whole, and return the sha256 of what it holds.

    Raises:
        OSError: It can't be written; what was there before is unharmed.
    """
    return _write(path, lambda file: file.write(content))


def write_array(path: Path, array: npt.NDArray[Any]) -> str:
    """Write an array in NumPy's own format without copying it in memory; otherwise as `write_bytes`."""
    return _write(path, lambda file: np.save(file, array, allow_pickle=False))


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """Write small arrays by name as NumPy's own archive; otherwise as `write_bytes`."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return write_bytes(path, buffer.getvalue())


def take_file(path: Path, source: Path) -> str:
    """Move a file that was written whole to `path`, and return the sha256 of what it holds.

    Raises:
        OSError: It can't be read or renamed.
    """
    with source.open("rb+") as file:  # opened for writing, since not every system syncs a file opened for reading
        os.fsync(file.fileno())
    digest = file_sha256(source)
    source.replace(path)
    return digest


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal.

    Raises:
        OSError: It can't be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unwritable(folder: Path, error: OSError) -> IndexingError:
    """Return the error that an index can't be written into its folder, with the reason and what to do."""
    reason = error.strerror or error
    return IndexingError(
        f"{folder}: the index can't be written ({reason}); free space, or give another folder with --index."
    )


class _Hashing:
    """A file that hashes what is written into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def write(self, content: bytes | memoryview) -> int:
        self._digest.update(content)
        return self._file.write(content)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def _write(path: Path, write: Callable[[Any], object]) -> str:
    temporary = path.with_name(path.name + TEMPORARY)
    with temporary.open("wb") as file:
        hashing = _Hashing(file)
        write(hashing)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return hashing.hexdigest()
