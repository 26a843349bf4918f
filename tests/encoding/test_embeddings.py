import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.encoding.embeddings import Vectors, WindowedEncoder, identify, packaged_model
from assistant.errors import EncoderError


class LetterEncoder(WindowedEncoder):
    """Each letter is a token; a vector counts the letters a and b."""

    def __init__(self, *, window: int) -> None:
        super().__init__(window=window, dimensions=2)
        self.read: list[str] = []

    def _forward(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors], list[npt.NDArray[np.int64]]]:
        self.read += texts
        tokens = [np.array([[letter == "a", letter == "b"] for letter in text], dtype=np.float32) for text in texts]
        places = [np.array([(at, at + 1) for at in range(len(text))]) for text in texts]
        return np.stack([rows.sum(axis=0) for rows in tokens]), tokens, places

    def _token_starts(self, text: str) -> list[int]:
        return list(range(len(text)))


def test_a_text_longer_than_the_window_is_read_in_pieces_that_fit() -> None:
    encoder = LetterEncoder(window=6)

    encoder.encode(["aaaaaaaaab"])

    assert sorted(map(len, encoder.read)) == [2, 4, 4]
    assert all(piece in "aaaaaaaaab" for piece in encoder.read)


def test_tokens_of_a_later_window_stand_at_their_place_in_the_whole_text() -> None:
    encodings = LetterEncoder(window=4).encode(["b", "aabb"])

    assert encodings.starts.tolist() == [0, 1, 5]
    assert encodings.spans.tolist() == [[0, 1], [0, 1], [1, 2], [2, 3], [3, 4]]
    np.testing.assert_allclose(encodings.vectors, [[0, 1], [0.5**0.5, 0.5**0.5]], atol=1e-6)


def test_a_question_is_encoded_once() -> None:
    encoder = LetterEncoder(window=6)

    first, second = encoder.encode_query("ab"), encoder.encode_query("ab")

    assert encoder.read == ["ab"]
    assert first is second


def test_the_packaged_model_is_known_by_name_and_weights() -> None:
    identity = identify()

    assert identity.name == "sentence-transformers/all-MiniLM-L6-v2"
    assert identity.location == str(packaged_model())


def test_a_folder_is_known_by_its_weights_whatever_its_name(tmp_path: Path) -> None:
    shutil.copy(packaged_model() / "model.safetensors", tmp_path)

    identity = identify(str(tmp_path))

    assert identity.name == str(tmp_path)
    assert identity.sha256 == identify().sha256


def test_weights_that_cannot_be_read_are_told_with_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tmp_path / "model.safetensors"
    weights.touch()
    monkeypatch.setattr("assistant.encoding.embeddings.file_sha256", _unreadable)

    with pytest.raises(EncoderError, match=r"model\.safetensors: the model can't be read"):
        identify(str(tmp_path))


def _unreadable(path: Path) -> str:
    raise OSError(5, "Input/output error")
