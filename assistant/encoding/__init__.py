"""Texts become vectors: a protocol, the encoders that follow it, and the choice among them."""

from assistant.encoding.embeddings import (
    MIDDLE,
    Blueprint,
    Encoder,
    Encodings,
    Query,
    Vectors,
    identify,
    packaged_model,
    products,
    unit,
)
from assistant.encoding.encoding_cache import ASSEMBLED_NAME, BLOCK_NAME, Encoded, Workbench
from assistant.encoding.language_map import CENTRED, LanguageMap, encode_for_comparison
from assistant.encoding.nano_encoder import NanoEncoder, is_installed
from assistant.encoding.onnx_encoder import Agreement, Network
from assistant.encoding.selection import NO_SECOND, converted, query_encoder, second_encoder, some_of
from assistant.encoding.sentence_encoder import SentenceEncoder
from assistant.encoding.token_vectors import TokenVectors
