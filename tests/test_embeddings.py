import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant import embeddings
from assistant.embeddings import SentenceEncoder, packaged_model
from assistant.errors import EncoderError


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """The packaged MiniLM."""
    return SentenceEncoder()


def test_vectors_are_float32_of_unit_length(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode_passages(["Migrants need information.", "Borders", ""])

    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_nearer_meanings_have_nearer_vectors(encoder: SentenceEncoder) -> None:
    query = encoder.encode_query("help for children")

    near, far = encoder.encode_passages(["protecting minors", "customs tariffs on steel"]) @ query

    assert near > far + 0.2


def test_nothing_at_the_end_of_a_long_text_is_cut_off(encoder: SentenceEncoder) -> None:
    long = "The committee met again on the usual matters. " * 120
    query = encoder.encode_query("remittance fees")

    without, with_ending = encoder.encode_passages([long, long + "Remittance fees fell by half. " * 20]) @ query

    assert with_ending > without + 0.05


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
    monkeypatch.setattr(embeddings, "packaged_model", lambda: changed)

    with pytest.raises(EncoderError, match="aren't those of"):
        SentenceEncoder()


def test_a_folder_that_holds_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="can't be loaded") as caught:
        SentenceEncoder(str(tmp_path))

    assert "\n" not in str(caught.value)


def test_another_model_is_loaded_from_its_folder(encoder: SentenceEncoder) -> None:
    other = SentenceEncoder(str(packaged_model()))

    np.testing.assert_allclose(other.encode_query("a word"), encoder.encode_query("a word"), atol=1e-6)
    assert other.sha256 == encoder.sha256
