import sys
from dataclasses import replace

import numpy as np
import pytest

from assistant.encoding.conversion import Blueprint, compare, convert, convert_cross_encoder
from assistant.encoding.encoder import Identity, Vectors
from assistant.encoding.onnx_encoder import ConvertedEncoder, Network
from assistant.encoding.sentence_encoder import SentenceEncoder
from assistant.encoding.token_vectors import TokenVectors
from assistant.errors import EncoderError

TEXTS = ["Migrants need information.", "Borders are closed at night.", "Who pays for the training of teachers?"]


@pytest.fixture(scope="module")
def original() -> SentenceEncoder:
    """The packaged MiniLM."""
    return SentenceEncoder()


@pytest.fixture(scope="module")
def blueprint(original: SentenceEncoder) -> Blueprint:
    made = original.blueprint()
    assert made is not None
    return made


@pytest.fixture(scope="module")
def vectors(original: SentenceEncoder) -> Vectors:
    """Of the texts, by the original."""
    return original.encode_passages(TEXTS).vectors


@pytest.fixture(scope="module")
def tokens(original: SentenceEncoder) -> TokenVectors:
    """Of the texts, by the original."""
    encodings = original.encode_passages(TEXTS, with_tokens=True)
    assert encodings.tokens is not None
    return encodings.tokens


@pytest.fixture(scope="module")
def network(blueprint: Blueprint) -> Network:
    return convert(blueprint)


def test_a_conversion_agrees_with_its_original(network: Network, vectors: Vectors, tokens: TokenVectors) -> None:
    agreement = compare(network, TEXTS, vectors=vectors, tokens=tokens, passages=vectors).agreement

    assert agreement is not None
    assert 0.999 < agreement.cosine <= 1.0
    assert agreement.least <= agreement.cosine
    assert agreement.tokens > 0.999
    assert agreement.ranking == 1.0  # of three passages all three are nearest
    assert agreement.texts == 3


def test_a_model_pooled_by_its_first_token_takes_that_ones_vector(blueprint: Blueprint, vectors: Vectors) -> None:
    converted = ConvertedEncoder(convert(replace(blueprint, pooling="cls")), Identity("", ""))

    by_first = converted.encode_passages(TEXTS).vectors

    np.testing.assert_allclose(np.linalg.norm(by_first, axis=1), 1, rtol=1e-5)
    assert (np.sum(by_first * vectors, axis=1) < 0.99).all()


def test_a_conversion_is_a_fraction_of_the_original_in_size(network: Network, blueprint: Blueprint) -> None:
    assert len(network.graph) < sum(each.nbytes for each in blueprint.weights.values()) / 2


def test_a_conversion_of_other_weights_is_refused(blueprint: Blueprint, vectors: Vectors, tokens: TokenVectors) -> None:
    name = "encoder.layer.3.output.dense.weight"
    other = convert(replace(blueprint, weights={**blueprint.weights, name: -blueprint.weights[name]}))

    with pytest.raises(EncoderError, match="near enough"):
        compare(other, TEXTS, vectors=vectors, tokens=tokens, passages=vectors)


def test_a_conversion_that_parts_words_otherwise_is_refused(
    network: Network, vectors: Vectors, tokens: TokenVectors
) -> None:
    other = replace(network, tokenizer=network.tokenizer.replace('"lowercase":true', '"lowercase":false'))
    assert other.tokenizer != network.tokenizer

    with pytest.raises(EncoderError, match="other word pieces"):
        compare(other, TEXTS, vectors=vectors, tokens=tokens, passages=vectors)


def test_a_ranking_that_differs_is_refused(network: Network, vectors: Vectors, tokens: TokenVectors) -> None:
    # Passages so alike that the slightest rounding decides which are nearest.
    chance = np.random.default_rng(0)
    passages = vectors[:1] + 1e-6 * chance.standard_normal((500, 384)).astype(np.float32)

    with pytest.raises(EncoderError, match="near enough"):
        compare(network, TEXTS, vectors=vectors, tokens=tokens, passages=passages)


def test_a_model_that_lacks_a_part_is_told(blueprint: Blueprint) -> None:
    lacking = {name: each for name, each in blueprint.weights.items() if "layer.2.attention.self.key" not in name}

    with pytest.raises(EncoderError, match=r"can't be converted.*layer\.2\.attention\.self\.key"):
        convert(replace(blueprint, weights=lacking))


def test_an_encoder_lacks_what_gives_a_pair_its_score(blueprint: Blueprint) -> None:
    with pytest.raises(EncoderError, match=r"can't be converted.*classifier"):
        convert_cross_encoder(blueprint)


def test_rows_that_no_block_fits_into_are_told(blueprint: Blueprint) -> None:
    name = "encoder.layer.0.intermediate.dense.weight"

    with pytest.raises(EncoderError, match="blocks"):
        convert(replace(blueprint, weights={**blueprint.weights, name: blueprint.weights[name][:, :100]}))


def test_a_missing_library_is_told(blueprint: Blueprint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)

    with pytest.raises(EncoderError, match="can't be converted"):
        convert(blueprint)
