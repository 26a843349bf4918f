"""An encoder -> the one that answers: its conversion where there is one that comes near enough, else itself.

Beside it stands a second encoder, which reads other languages, where there is one. This module knows nothing of
documents.
"""

import hashlib
import logging
from collections.abc import Callable, Collection, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from assistant.encoding.conversion import compared, convert
from assistant.encoding.embeddings import Blueprint, Encoder, Encodings, Query, Vectors, identify, products
from assistant.encoding.nano_encoder import NanoEncoder, is_installed
from assistant.encoding.onnx_encoder import ConvertedEncoder, Network
from assistant.encoding.sentence_encoder import SentenceEncoder
from assistant.encoding.token_vectors import TokenVectors
from assistant.errors import EncoderError

_logger = logging.getLogger("assistant")
_COMPARED = 64  # texts on which a conversion is held against the original


def query_encoder(network: Network | None, load: Callable[[], Encoder], *, name: str, sha256: str) -> Encoder:
    """Open the conversion, which starts and runs far sooner; where there is none, load the encoder itself.

    Raises:
        EncoderError: The encoder itself is needed and can't be loaded.
    """
    if network is None:
        return load()
    try:
        return ConvertedEncoder(network, name=name, sha256=sha256)
    except EncoderError as error:
        _warn_of_slowness(error)
        return load()


NO_SECOND = "none"  # the setting that wants no second encoder


def second_encoder(model: str = "") -> Encoder | None:
    """Choose the encoder that reads other languages; None where there is none. It is loaded when it is needed.

    Args:
        model: Empty for the packaged one, where it is installed; "none" for none; else a multilingual
            sentence-transformers folder or id, whose texts need no prefix.

    Raises:
        EncoderError: The model's files can't be read.
    """
    if model == NO_SECOND:
        return None
    if model:
        return DeferredEncoder(model)
    return NanoEncoder() if is_installed() else None


class DeferredEncoder:
    """A sentence-transformers model that is loaded when the first text is to be encoded."""

    def __init__(self, model: str) -> None:
        """Tell which model it is, without loading it."""
        identity = identify(model)
        self.name, self.sha256 = identity.name, identity.sha256
        self._encoder = cache(lambda: SentenceEncoder(model))

    def encode(self, texts: Sequence[str], *, report: Callable[[int], None] | None = None) -> Encodings:
        """Encode texts."""
        return self._encoder().encode(texts, report=report)

    def encode_query(self, text: str) -> Query:
        """Encode a question."""
        return self._encoder().encode_query(text)

    def encode_whole(
        self, texts: Sequence[str], *, as_questions: bool = False, report: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode texts without their word pieces."""
        return self._encoder().encode_whole(texts, as_questions=as_questions, report=report)

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is one that the model has seen whole."""
        return self._encoder().knows(word)

    def blueprint(self) -> Blueprint | None:
        """None: it is run as it is."""
        return None

    def products(self, query: Vectors, rows: npt.NDArray[np.uint8]) -> Vectors:
        """Multiply a question's tokens with rows of an index."""
        return products(query, rows)


def some_of(texts: Collection[str]) -> list[str]:
    """Choose texts to compare on: the same ones each time, in an order that has nothing to do with what they say."""
    return sorted(set(texts), key=lambda text: hashlib.sha256(text.encode("utf-8", "replace")).digest())[:_COMPARED]


def converted(
    encoder: Encoder,
    texts: Sequence[str],
    *,
    known: Network | None,
    vectors: Vectors,
    tokens: TokenVectors,
    passages: Vectors,
) -> Network | None:
    """Convert an encoder and hold that against what the encoder itself made of some texts; None if it isn't to be used.

    Args:
        texts: At least one.
        known: Its conversion, where an older index has one.
        vectors: float32, (texts, dimensions).
        tokens: The vectors of their word pieces.
        passages: float32, (passages, dimensions): what is ranked.
    """
    blueprint = None if known else encoder.blueprint()
    try:
        network = convert(blueprint) if blueprint else known
        return compared(network, texts, vectors=vectors, tokens=tokens, passages=passages) if network else None
    except EncoderError as error:
        _warn_of_slowness(error)
        return None


def _warn_of_slowness(error: EncoderError) -> None:
    _logger.warning("%s Questions are answered by the original, more slowly.", error)
