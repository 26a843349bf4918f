"""The choice among encoders: what encodes questions, and what encodes other languages."""

import hashlib
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from assistant.encoding.conversion import compare, convert
from assistant.encoding.encoder import Encoder, Identity, Vectors
from assistant.encoding.nano_encoder import NanoEncoder, is_installed
from assistant.encoding.onnx_encoder import ConvertedEncoder, Network
from assistant.encoding.sentence_encoder import SentenceEncoder
from assistant.encoding.token_products import TokenProducts, load_token_products, multiply_tokens
from assistant.encoding.token_vectors import TokenVectors
from assistant.errors import EncoderError

_logger = logging.getLogger("assistant")
_COMPARED = 64  # texts on which a conversion is compared with the original
NO_ENCODER = "none"  # the setting by which other languages aren't read
_in_use: WeakValueDictionary[Identity, Encoder] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class QueryRuntime:
    """The parts that run for each question.

    Attributes:
        knows: Returns whether the encoder's vocabulary holds a word in lower case whole, so that it is hardly a typing
            error.
    """

    encoder: Encoder
    knows: Callable[[str], bool]
    products: TokenProducts = multiply_tokens


def open_runtime(network: Network | None, load: Callable[[], Encoder], identity: Identity) -> QueryRuntime:
    """Open the conversion of an encoder, which starts and answers far sooner; without one, load the encoder itself.

    Raises:
        EncoderError: The encoder itself is needed and can't be loaded.
    """
    if network is not None:
        try:
            converted = ConvertedEncoder(network, identity)
            return QueryRuntime(converted, converted.knows, load_token_products(network.products))
        except EncoderError as error:
            _warn_of_slowness(error)
    encoder = load()
    return QueryRuntime(encoder, encoder.knows if isinstance(encoder, SentenceEncoder) else _knows_nothing)


def multilingual_encoder(model: str = "") -> Encoder | None:
    """Choose the encoder that reads other languages; None where there is none. It is loaded when it is needed, once.

    Args:
        model: Empty for the packaged one, where it is installed; "none" for none; else a multilingual
            sentence-transformers folder or id, whose texts need no prefix.

    Raises:
        EncoderError: The model's files can't be read.
    """
    if model == NO_ENCODER:
        return None
    if not model and not is_installed():
        return None
    encoder = SentenceEncoder(model, is_deferred=True) if model else NanoEncoder()
    return _in_use.setdefault(encoder.identity, encoder)


def texts_to_compare(texts: Collection[str]) -> list[str]:
    """Choose texts to compare a conversion on: always the same, in an order independent of what they say."""
    return sorted(set(texts), key=lambda text: hashlib.sha256(text.encode("utf-8", "replace")).digest())[:_COMPARED]


def convert_encoder(
    encoder: Encoder,
    texts: Sequence[str],
    *,
    known: Network | None,
    vectors: Vectors,
    tokens: TokenVectors,
    passages: Vectors,
) -> Network | None:
    """Convert an encoder and compare both as `compare` does; None if it can't be converted or they don't agree.

    Args:
        known: The conversion, where an older index has one.
    """
    try:
        network = known or _converted(encoder)
        return compare(network, texts, vectors=vectors, tokens=tokens, passages=passages) if network else None
    except EncoderError as error:
        _warn_of_slowness(error)
        return None


def _converted(encoder: Encoder) -> Network | None:
    blueprint = encoder.blueprint() if isinstance(encoder, SentenceEncoder) else None
    return convert(blueprint) if blueprint else None


def _knows_nothing(_word: str) -> bool:
    return False


def _warn_of_slowness(error: EncoderError) -> None:
    _logger.warning("%s Questions are answered by the original, more slowly.", error)
