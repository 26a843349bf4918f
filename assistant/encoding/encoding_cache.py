"""The encodings of a build by text, a block at a time, written to disk meanwhile.

A build holds one block of token vectors in memory, whatever the number of texts, and one that was killed continues
where it was. What an older index of the same encoder holds is added and not encoded again.
"""

import hashlib
import secrets
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.encoding.encoder import Encoder, Encodings, Vectors
from assistant.encoding.token_vectors import TokenVectors
from assistant.files import TEMPORARY, unwritable, write_array, write_arrays

BLOCK_NAME = r"block-[0-9a-f]{8}\.np[yz]"  # of the files that a build keeps beside an index while it lasts
ASSEMBLED_NAME = r"assembled-[0-9a-f]{8}\.npy"
_KEY_BYTES = 16
_BLOCK = 512  # texts; some 80 MB of vectors while they are encoded
_IN_MEMORY = 64_000_000  # bytes of token vectors that are joined without a file


class EncodingCache:
    """The encodings of a build, by text."""

    def __init__(self, encoder: Encoder, *, folder: Path | None) -> None:
        """Begin, or continue a killed build of the same encoder.

        Args:
            encoder: Encodes what isn't cached.
            folder: Where blocks are kept meanwhile; None keeps all in memory.
        """
        self._encoder = encoder
        self._folder = folder
        self._blocks: list[Encodings] = []
        self._places: dict[bytes, tuple[int, int]] = {}  # key of a text -> its block, its row
        for path in sorted(folder.glob("block-*.npz")) if folder else ():
            self._recover(path)

    def add(self, texts: Iterable[str], encodings: Encodings) -> None:
        """Add what is known of texts, row by row."""
        self._add(map(_key, texts), encodings)

    def encode(self, texts: Iterable[str], *, with_tokens: bool, report: Callable[[int], None]) -> None:
        """Encode those of the texts that aren't cached.

        Args:
            texts: In any order, more than once each if need be.
            with_tokens: Whether the vectors of their word pieces are needed too.
            report: Called with how many of all texts are done.

        Raises:
            IndexingError: A block can't be written; those before it stay for the next build.
        """
        distinct = set(texts)
        # Texts of like length together, so that little is spent on padding.
        missing = sorted((text for text in distinct if not self.holds(text, with_tokens=with_tokens)), key=_by_length)
        done = len(distinct) - len(missing)
        report(done)
        for first in range(0, len(missing), _BLOCK):
            block = missing[first : first + _BLOCK]
            kept = self._encoder.encode_passages(
                block,
                with_tokens=with_tokens,
                report=lambda count, before=done + first: report(before + count),  # type: ignore[misc]
            )
            keys = [_key(text) for text in block]
            if self._folder and len(missing) > _BLOCK:  # a single block is encoded again as fast as it is read
                with _writing(self._folder):
                    kept = self._written(self._folder, keys, kept)
            self._add(keys, kept)

    def holds(self, text: str, *, with_tokens: bool) -> bool:
        """Return whether a text is cached, with the vectors of its word pieces or without."""
        place = self._places.get(_key(text))
        return place is not None and not (with_tokens and self._blocks[place[0]].tokens is None)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return float32, (texts, dimensions).

        Raises:
            KeyError: A text isn't cached.
        """
        places = [self._places[_key(text)] for text in texts]
        return np.stack([self._blocks[block].vectors[row] for block, row in places])

    def tokens(self, texts: Sequence[str]) -> TokenVectors:
        """Join the word pieces of texts in their order; those of many texts in a file, which is mapped.

        Raises:
            KeyError: A text isn't cached, or its word pieces aren't.
            IndexingError: The file can't be written.
        """
        parts = []
        for text in texts:
            block, row = self._places[_key(text)]
            tokens = self._blocks[block].tokens
            if tokens is None:
                raise KeyError(text)
            parts.append((tokens, int(tokens.starts[row]), int(tokens.starts[row + 1])))
        starts = np.concatenate([[0], np.cumsum([last - first for _, first, last in parts])]).astype(np.int64)
        return TokenVectors(
            self._rows(parts, int(starts[-1])),
            np.concatenate([tokens.scales[first:last] for tokens, first, last in parts]),
            np.concatenate([tokens.words[first:last] for tokens, first, last in parts]),
            starts,
        )

    def _add(self, keys: Iterable[bytes], encodings: Encodings) -> None:
        self._blocks.append(encodings)
        number = len(self._blocks) - 1
        self._places.update((key, (number, row)) for row, key in enumerate(keys))

    # On disk ----------------------------------------------------------------------------------------------------------

    def _written(self, folder: Path, keys: Sequence[bytes], encodings: Encodings) -> Encodings:
        """Write a block, its token vectors first, and return it with these mapped from their file."""
        name = f"block-{secrets.token_hex(4)}"
        arrays: dict[str, npt.NDArray[Any]] = {
            "encoder": np.array(self._encoder.identity.sha256),
            "keys": np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, _KEY_BYTES),
            "vectors": encodings.vectors,
        }
        tokens = encodings.tokens
        if tokens is not None:
            write_array(folder / f"{name}.npy", tokens.rows)
            arrays |= {"scales": tokens.scales, "words": tokens.words, "starts": tokens.starts}
        write_arrays(folder / f"{name}.npz", arrays)
        return self._read(folder / f"{name}.npz")[1]

    def _recover(self, path: Path) -> None:
        try:
            keys, encodings = self._read(path)
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return  # of another encoder, or damaged: its texts are encoded again
        self._add(keys, encodings)

    def _read(self, path: Path) -> tuple[list[bytes], Encodings]:
        with np.load(path, allow_pickle=False) as arrays:
            if str(arrays["encoder"]) != self._encoder.identity.sha256:
                raise ValueError("a block of another encoder")
            keys = [row.tobytes() for row in arrays["keys"]]
            tokens = None
            if "starts" in arrays:
                rows = np.load(path.with_suffix(".npy"), mmap_mode="r", allow_pickle=False)
                tokens = TokenVectors(rows, arrays["scales"], arrays["words"], arrays["starts"])
                if rows.dtype != np.uint8 or len(rows) != tokens.starts[-1] or len(tokens.starts) != len(keys) + 1:
                    raise ValueError("a block whose parts don't fit")
            return keys, Encodings(arrays["vectors"], tokens)

    def _rows(self, parts: Sequence[tuple[TokenVectors, int, int]], count: int) -> npt.NDArray[np.uint8]:
        dimensions = parts[0][0].rows.shape[1]
        pieces = (_slice(tokens.rows, first, last) for tokens, first, last in parts)
        if self._folder is None or count * dimensions <= _IN_MEMORY:
            return np.concatenate(list(pieces))
        path = self._folder / f"assembled-{secrets.token_hex(4)}.npy"
        temporary = path.with_name(path.name + TEMPORARY)
        with _writing(self._folder):
            with temporary.open("wb") as file:
                header = {"descr": "|u1", "fortran_order": False, "shape": (count, dimensions)}
                np.lib.format.write_array_header_1_0(file, header)
                for piece in pieces:
                    file.write(piece.tobytes())
            temporary.replace(path)
        rows: npt.NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
        return rows


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unwritable(folder, error) from error


def _slice(rows: npt.NDArray[np.uint8], first: int, last: int) -> npt.NDArray[np.uint8]:
    """Return rows of an array; if it is mapped from a file, read them, so that they don't stay in memory."""
    if not isinstance(rows, np.memmap) or not isinstance(rows.filename, Path | str):
        return rows[first:last]
    width = rows.shape[1]
    offset = rows.offset + first * width
    read: npt.NDArray[np.uint8] = np.fromfile(
        rows.filename, dtype=np.uint8, count=(last - first) * width, offset=offset
    )
    return read.reshape(-1, width)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()


def _by_length(text: str) -> tuple[int, str]:
    return -len(text), text
