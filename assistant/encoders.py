"""An encoder -> the one that answers: its conversion where there is one that comes near enough, else itself.

This module knows nothing of documents.
"""

import hashlib
import logging
from collections.abc import Callable, Collection, Sequence

from assistant.conversion import compared, convert
from assistant.embeddings import Encoder, Vectors
from assistant.errors import EncoderError
from assistant.index import Origin, TokenVectors
from assistant.runtime import ConvertedEncoder, Network

_logger = logging.getLogger("assistant")
_COMPARED = 64  # texts on which a conversion is held against the original


def answering(network: Network | None, origin: Origin, load: Callable[[], Encoder]) -> Encoder:
    """Open the conversion, which starts and runs far sooner; where there is none, load the encoder itself.

    Raises:
        EncoderError: The encoder itself is needed and can't be loaded.
    """
    if network is None:
        return load()
    try:
        return ConvertedEncoder(network, name=origin.encoder, sha256=origin.encoder_sha256)
    except EncoderError as error:
        _warn_of_slowness(error)
        return load()


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
