import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.encoding import encoder as encoder_module
from assistant.encoding.encoder import packaged_model
from assistant.encoding.sentence_encoder import SentenceEncoder
from assistant.errors import EncoderError


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """The packaged MiniLM."""
    return SentenceEncoder()


def test_vectors_are_float32_of_unit_length(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode_passages(["Migrants need information.", "Borders", ""]).vectors

    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_nearer_meanings_have_nearer_vectors(encoder: SentenceEncoder) -> None:
    query = encoder.encode_passages(["help for children"]).vectors[0]

    near, far = encoder.encode_passages(["protecting minors", "customs tariffs on steel"]).vectors @ query

    assert near > far + 0.2


def test_nothing_at_the_end_of_a_long_text_is_cut_off(encoder: SentenceEncoder) -> None:
    long = "The committee met again on the usual matters. " * 120
    query = encoder.encode_passages(["remittance fees"]).vectors[0]

    without, with_ending = encoder.encode_passages([long, long + "Remittance fees fell by half. " * 20]).vectors @ query

    assert with_ending > without + 0.05


def test_each_word_piece_has_its_vector(encoder: SentenceEncoder) -> None:
    tokens = encoder.encode_passages(["data", "on borders and data"], with_tokens=True).tokens

    assert tokens is not None
    assert list(tokens.starts) == [0, 1, 5]
    vectors = tokens.restored()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=0.01)
    assert vectors[0] @ vectors[4] > vectors[0] @ vectors[2]


def test_the_vectors_are_those_of_sentence_transformers(encoder: SentenceEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["Migrants need information.", "Borders"]

    expected = SentenceTransformer(str(packaged_model()), device="cpu").encode(texts, normalize_embeddings=True)

    np.testing.assert_allclose(encoder.encode_passages(texts).vectors, expected, atol=1e-5)


def test_texts_are_counted_as_they_are_encoded(encoder: SentenceEncoder) -> None:
    told: list[int] = []

    encoder.encode_passages(["word"] * 70, report=told.append)

    assert told == sorted(told)
    assert told[-1] == 70


def test_weights_that_are_not_the_expected_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tmp_path / "model"
    shutil.copytree(packaged_model(), changed)
    with (changed / "model.safetensors").open("ab") as file:
        file.write(b"\0")
    monkeypatch.setattr(encoder_module, "packaged_model", lambda: changed)

    with pytest.raises(EncoderError, match="aren't those of"):
        SentenceEncoder()


def test_a_folder_that_holds_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="can't be loaded") as caught:
        SentenceEncoder(str(tmp_path))

    assert "\n" not in str(caught.value)


def test_a_deferred_model_is_loaded_when_the_first_text_is_encoded(tmp_path: Path) -> None:
    encoder = SentenceEncoder(str(tmp_path), is_deferred=True)

    assert encoder.identity.name == str(tmp_path)
    with pytest.raises(EncoderError, match="can't be loaded"):
        encoder.encode_query("a word")


def test_another_model_is_loaded_from_its_folder(encoder: SentenceEncoder) -> None:
    other = SentenceEncoder(str(packaged_model()))

    np.testing.assert_allclose(
        other.encode_passages(["a word"]).vectors, encoder.encode_passages(["a word"]).vectors, atol=1e-6
    )
    assert other.identity.sha256 == encoder.identity.sha256


def test_a_model_of_another_kind_has_no_blueprint(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    config = encoder._model[0].model.config

    monkeypatch.setattr(config, "model_type", "xlm-roberta")

    assert encoder.blueprint() is None
