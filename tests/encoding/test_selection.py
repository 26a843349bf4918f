import logging

import numpy as np
import pytest

from assistant.encoding.embeddings import Blueprint, packaged_model
from assistant.encoding.onnx_encoder import Network
from assistant.encoding.selection import converted, query_encoder, second_encoder, some_of
from assistant.encoding.token_vectors import TokenVectors
from tests.fakes import BagOfWordsEncoder

TEXTS = ["borders and data", "schools"]


class Strange(BagOfWordsEncoder):
    """Says what it is made of, but that is no BERT."""

    def blueprint(self) -> Blueprint:
        return Blueprint({}, heads=1, epsilon=0.0, pooling="mean", tokenizer="{}", special=(), window=8)


def network_of(encoder: BagOfWordsEncoder, known: Network | None = None) -> Network | None:
    encodings = encoder.encode(TEXTS)
    words = np.zeros(len(encodings.tokens), dtype=np.int32)
    tokens = TokenVectors.from_unit_rows(encodings.tokens, words, encodings.starts)
    return converted(encoder, TEXTS, known=known, vectors=encodings.vectors, tokens=tokens, passages=encodings.vectors)


def test_an_encoder_without_a_blueprint_answers_itself_and_nothing_is_said(caplog: pytest.LogCaptureFixture) -> None:
    encoder = BagOfWordsEncoder()

    network = network_of(encoder)

    assert network is None
    assert query_encoder(network, lambda: encoder, name="", sha256="") is encoder
    assert not caplog.records


def test_an_encoder_that_cannot_be_converted_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    assert network_of(Strange()) is None

    (told,) = caplog.records
    assert told.levelno == logging.WARNING
    assert "more slowly" in told.message


def test_a_conversion_that_cannot_be_run_is_left_for_the_encoder_itself(caplog: pytest.LogCaptureFixture) -> None:
    encoder = BagOfWordsEncoder()
    broken = Network(np.zeros(9, dtype=np.uint8), b"", "{}", (), 8)

    assert query_encoder(broken, lambda: encoder, name="", sha256="") is encoder
    assert network_of(encoder, known=broken) is None
    assert len(caplog.records) == 2


def test_the_same_texts_are_compared_at_each_build_whatever_their_order() -> None:
    texts = [f"text {n}" for n in range(500)]

    assert some_of(texts) == some_of(texts[::-1])
    assert 0 < len(some_of(texts)) < len(texts)
    assert some_of(["one", "one"]) == ["one"]


def test_nothing_reads_other_languages_where_that_is_not_wanted() -> None:
    assert second_encoder("none") is None


def test_another_model_for_other_languages_is_not_loaded_before_it_is_needed() -> None:
    encoder = second_encoder(str(packaged_model()))

    assert encoder is not None
    assert len(encoder.sha256) == 64
    assert encoder.blueprint() is None
