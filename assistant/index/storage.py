"""The parts of a build <-> files of a folder, whole or not at all.

A part is arrays and a few facts, by name; what they mean is the part's own matter. Small arrays of a part share a file,
each large one has its own. The names of files carry a generation; `manifest.json` names the files with their sha256 and
its own. The manifest is replaced last, in one step: whenever a build is killed, a reader sees the old parts or the
new ones, never half of each. The folder's lock is the operating system's, so a killed build leaves none behind.

What was loaded no longer depends on the files: they are read into memory, and very large ones mapped from a copy that
has no name, since a mapped file that is cut short ends the process.
"""

import contextlib
import hashlib
import io
import json
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeAlias
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from assistant.encoding import ASSEMBLED_NAME, BLOCK_NAME
from assistant.errors import DamagedIndexError, IndexingError
from assistant.files import TEMPORARY, take_file, unwritable, write_array, write_arrays, write_bytes
from assistant.index.rows import ESCAPED

FORMAT = 18  # raise it whenever an older index can't be used as it is, or what is read of a document's file changes
MANIFEST = "manifest.json"
_LOCK = ".lock"
_LARGE = 1 << 20  # bytes from which on an array has a file of its own
_IN_MEMORY = 64 << 20  # bytes of a file up to which it is read and not mapped
_BLOCK = 1 << 20  # bytes
# Suffixes before the alternatives of format 10 and older, whose files a newer build removes, too.
_OWN_FILE = re.compile(
    rf"(?:[a-z_]+(?:\.[a-z_]+)?-[0-9a-f]{{8}}\.(?:np[yz]|jsonl|faiss|onnx)|tokenizer-[0-9a-f]{{8}}\.json"
    rf"|{re.escape(MANIFEST)}|{BLOCK_NAME}|{ASSEMBLED_NAME})(?:{re.escape(TEMPORARY)})?"
)
# By sha256: the indexes of several meetings hold the same networks, which are in memory once.
_in_use: WeakValueDictionary[str, npt.NDArray[Any]] = WeakValueDictionary()
_TRIES = 3  # a build may replace the files between reading the manifest and opening them

Arrays: TypeAlias = Mapping[str, npt.NDArray[Any]]
Facts: TypeAlias = Mapping[str, Any]  # what JSON can hold


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a build as it is kept.

    Attributes:
        arrays: By name; whatever grows with the corpus.
        facts: What a person may read in the manifest; small.
    """

    arrays: Arrays = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)


@contextlib.contextmanager
def locked(folder: Path, *, on_wait: Callable[[], None], timeout: float = 3600.0) -> Iterator[None]:
    """Hold the right to write into an index folder; create the folder if need be.

    Args:
        folder: The index folder.
        on_wait: Called once if another build holds it.
        timeout: Seconds to wait for that build.

    Raises:
        IndexingError: The folder can't be written, or the other build doesn't end.
    """
    lock = FileLock(folder / _LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire(timeout=timeout)
    except Timeout as error:
        raise IndexingError(f"{folder}: another build still holds the index; wait for it or stop it.") from error
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


# Saving --------------------------------------------------------------------------------------------------------------


def save_parts(folder: Path, parts: Mapping[str, Part], *, about: Facts) -> None:
    """Write the parts of a build so that at every moment the folder holds whole ones. Call it inside `locked`.

    Args:
        folder: The index folder.
        parts: By name.
        about: Facts on the build as a whole, which stand first in the manifest.

    Raises:
        IndexingError: They can't be written; what was there before is unharmed.
    """
    generation = secrets.token_hex(4)
    files = {}
    try:
        for key, (suffix, write) in _writers(folder, parts):
            name = f"{key}-{generation}{suffix}"
            files[key] = {"name": name, "sha256": write(folder / name)}
        manifest = {
            "format": FORMAT,
            **about,
            "parts": {name: dict(part.facts) for name, part in parts.items()},
            "files": files,
        }
        write_bytes(folder / MANIFEST, _signed(manifest))
    except OSError as error:
        _remove_others(folder, keep={MANIFEST, *listed_files(folder)})
        raise unwritable(folder, error) from error
    _remove_others(folder, keep={MANIFEST, *(entry["name"] for entry in files.values())})


def _signed(manifest: Mapping[str, Any]) -> bytes:
    """Return the bytes of a manifest: with the sha256 of what they are without it."""
    plain = _canonical(manifest)
    return _canonical({**manifest, "sha256": hashlib.sha256(plain).hexdigest()})


def _canonical(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode("utf-8", ESCAPED)


def _writers(folder: Path, parts: Mapping[str, Part]) -> Iterator[tuple[str, tuple[str, Callable[[Path], str]]]]:
    """Yield the key of each file, its suffix and what writes it and returns its sha256."""
    for name, part in parts.items():
        large = {key: array for key, array in part.arrays.items() if array.nbytes >= _LARGE}
        small = {key: array for key, array in part.arrays.items() if key not in large}
        if small:
            yield name, (".npz", partial(write_arrays, arrays=small))
        for key, array in large.items():
            yield f"{name}.{key}", (".npy", _array_writer(array, folder))


def _array_writer(array: npt.NDArray[Any], folder: Path) -> Callable[[Path], str]:
    """Return what writes an array; one that a build has put into a file of this folder is only renamed."""
    path = Path(str(array.filename)) if isinstance(array, np.memmap) else None
    if path and path.parent.resolve() == folder.resolve() and re.fullmatch(ASSEMBLED_NAME, path.name):
        return partial(take_file, source=path)
    return partial(write_array, array=array)


def _remove_others(folder: Path, *, keep: set[str]) -> None:
    """Remove what older and killed builds left behind, and nothing else; a file that is in use may stay."""
    for path in folder.iterdir():
        if _OWN_FILE.fullmatch(path.name) and path.name not in keep:
            with contextlib.suppress(OSError):
                path.unlink()


# Loading -------------------------------------------------------------------------------------------------------------


def load_parts(folder: Path) -> tuple[Facts, dict[str, Part]]:
    """Read the facts on a build and its parts, and check that every byte is as it was written.

    Raises:
        DamagedIndexError: There is none, or it is damaged or of another format; the message says which.
    """
    for _ in range(_TRIES):
        manifest = _read_manifest(folder)
        try:
            parts = {name: Part({}, facts) for name, facts in manifest.pop("parts").items()}
            for key, entry in manifest.pop("files").items():
                name, _, array = key.partition(".")
                path = _inside(folder, entry["name"])
                loaded = _load(path, entry["sha256"])
                found = {array: loaded} if array else loaded
                parts[name] = Part({**parts[name].arrays, **found}, parts[name].facts)
        except FileNotFoundError:
            continue
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DamagedIndexError(f"{folder / MANIFEST}: isn't as it was written ({error}).") from error
        return manifest, parts
    raise DamagedIndexError(f"{folder}: files that its manifest names are missing.")


def listed_files(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file of a build by its name, as the manifest has them; none if it can't be read."""
    try:
        entries = _read_manifest(folder)["files"].values()
        return {str(entry["name"]): str(entry["sha256"]) for entry in entries}
    except (DamagedIndexError, AttributeError, KeyError, TypeError):
        return {}


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
        manifest = json.loads(content)
        is_ours = isinstance(manifest, dict) and manifest.get("format") == FORMAT
        is_whole = is_ours and manifest.pop("sha256", "") and _signed(manifest) == content
    except FileNotFoundError as error:
        raise DamagedIndexError(f"{folder}: there is no index yet.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedIndexError(f"{path}: can't be read ({error}).") from error
    if not is_ours:
        raise DamagedIndexError(f"{path}: another format than this program's ({FORMAT}).")
    if not is_whole:
        raise DamagedIndexError(f"{path}: its bytes aren't those that were written.")
    return dict(manifest)


def _load(path: Path, sha256: str) -> Any:
    """Load an archive of small arrays by name, or one large array."""
    try:
        with path.open("rb") as file, contextlib.ExitStack() as kept:
            is_small = path.suffix != ".npy" or path.stat().st_size <= _IN_MEMORY
            copy = kept.enter_context(io.BytesIO() if is_small else _unnamed(path.parent))
            if _copied(file, copy) != sha256:
                raise DamagedIndexError(f"{path}: its bytes aren't those that were written.")
            copy.seek(0)
            if not isinstance(copy, io.BytesIO):
                return _mapped(copy)
            loaded = np.load(copy, allow_pickle=False)
            return _in_use.setdefault(sha256, loaded) if isinstance(loaded, np.ndarray) else dict(loaded)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedIndexError(f"{path}: can't be read ({error.strerror or error}).") from error


def _unnamed(folder: Path) -> IO[bytes]:
    """Return a file without a name, so that nobody else writes it; one in memory where the folder can't be written."""
    try:
        return tempfile.TemporaryFile(dir=folder)
    except OSError:
        return io.BytesIO()


def _copied(file: IO[bytes], copy: IO[bytes]) -> str:
    """Copy a file, and return the sha256 of what was copied."""
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
        copy.write(block)
    return digest.hexdigest()


def _mapped(file: IO[bytes]) -> npt.NDArray[Any]:
    """Map an array into memory, so that only what is looked at takes any; the mapping outlives the file's handle."""
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("an array of another version")
    shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(file)
    return np.memmap(file, dtype, "r", file.tell(), shape, "F" if is_fortran else "C")


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if path.parent != folder:
        raise DamagedIndexError(f"{folder / MANIFEST}: names a file outside its folder.")
    return path
