import shutil
from pathlib import Path

import pytest

from assistant.encoding.encoder import identify, packaged_model
from assistant.errors import EncoderError


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
    monkeypatch.setattr("assistant.encoding.encoder.file_sha256", _unreadable)

    with pytest.raises(EncoderError, match=r"model\.safetensors: the model can't be read"):
        identify(str(tmp_path))


def _unreadable(path: Path) -> str:
    raise OSError(5, "Input/output error")
