import logging

import numpy as np
import pytest

from assistant.encoding.encoder import Encoder, Identity, packaged_model
from assistant.encoding.onnx_encoder import Network
from assistant.encoding.selection import convert_encoder, multilingual_encoder, open_runtime, texts_to_compare
from assistant.encoding.token_products import multiply_tokens
from tests.fakes import BagOfWordsEncoder, UnconvertibleEncoder

TEXTS = ["borders and data", "schools"]
IDENTITY = Identity("model", "0" * 64)
BROKEN = Network(np.zeros(9, dtype=np.uint8), b"", "{}", (), 8)


def network_of(encoder: Encoder, known: Network | None = None) -> Network | None:
    encodings = BagOfWordsEncoder().encode_passages(TEXTS, with_tokens=True)
    assert encodings.tokens is not None
    vectors = encodings.vectors
    return convert_encoder(encoder, TEXTS, known=known, vectors=vectors, tokens=encodings.tokens, passages=vectors)


def test_an_encoder_of_another_kind_answers_itself_without_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    encoder = BagOfWordsEncoder()

    network = network_of(encoder)
    runtime = open_runtime(network, lambda: encoder, IDENTITY)

    assert network is None
    assert runtime.encoder is encoder
    assert runtime.products is multiply_tokens
    assert not runtime.knows("data")
    assert not caplog.records


def test_an_encoder_that_cannot_be_converted_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    assert network_of(UnconvertibleEncoder(is_deferred=True)) is None

    (told,) = caplog.records
    assert told.levelno == logging.WARNING
    assert "more slowly" in told.message


def test_a_conversion_that_cannot_be_run_is_left_for_the_encoder_itself(caplog: pytest.LogCaptureFixture) -> None:
    encoder = BagOfWordsEncoder()

    assert open_runtime(BROKEN, lambda: encoder, IDENTITY).encoder is encoder
    assert network_of(encoder, known=BROKEN) is None
    assert len(caplog.records) == 2


def test_the_vocabulary_of_the_original_is_known_where_it_answers_itself() -> None:
    runtime = open_runtime(None, UnconvertibleEncoder, IDENTITY)

    assert runtime.knows("children")
    assert not runtime.knows("chlidren")


def test_the_same_texts_are_compared_at_each_build_whatever_their_order() -> None:
    texts = [f"text {n}" for n in range(500)]

    assert texts_to_compare(texts) == texts_to_compare(texts[::-1])
    assert 0 < len(texts_to_compare(texts)) < len(texts)
    assert texts_to_compare(["one", "one"]) == ["one"]


def test_nothing_reads_other_languages_where_that_is_not_wanted() -> None:
    assert multilingual_encoder("none") is None


def test_another_model_for_other_languages_is_not_loaded_before_it_is_needed() -> None:
    encoder = multilingual_encoder(str(packaged_model()))

    assert encoder is not None
    assert len(encoder.identity.sha256) == 64
    assert "_model" not in vars(encoder)
