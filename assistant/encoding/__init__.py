"""Texts -> unit vectors.

In reading order: `encoder` (the protocol, and which model it is), `windowed_encoder` (long texts), the three encoders
`sentence_encoder` (torch), `onnx_encoder` (its conversion, made by `conversion`) and `nano_encoder` (many languages),
`selection` among them, `cross_encoder` (question and passage read together), `language_map` (vectors across languages),
`token_vectors` and `token_products` (word pieces in eight bits), `encoding_cache` (what a build has encoded).
"""

from assistant.encoding.cross_encoder import (
    NO_READER,
    OURS,
    CrossEncoder,
    OriginalCrossEncoder,
    PairNetwork,
    choose_cross_encoder,
    open_cross_encoder,
)
from assistant.encoding.encoder import (
    Encoder,
    Encodings,
    Identity,
    Query,
    Vectors,
    identify,
    packaged_model,
    unit,
)
from assistant.encoding.encoding_cache import ASSEMBLED_NAME, BLOCK_NAME, EncodingCache
from assistant.encoding.language_map import CENTRED, LanguageMap
from assistant.encoding.nano_encoder import NanoEncoder, is_installed
from assistant.encoding.onnx_encoder import Network
from assistant.encoding.selection import (
    NO_ENCODER,
    QueryRuntime,
    convert_encoder,
    multilingual_encoder,
    open_runtime,
    texts_to_compare,
)
from assistant.encoding.sentence_encoder import SentenceEncoder
from assistant.encoding.token_products import TokenProducts, multiply_tokens
from assistant.encoding.token_vectors import TokenVectors
