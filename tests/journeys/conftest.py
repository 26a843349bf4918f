from pathlib import Path

import pytest

from tests.conftest import small_table
from tests.cross_encoders import write_cross_encoder


@pytest.fixture(scope="session")
def reader_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny cross-encoder."""
    return write_cross_encoder(tmp_path_factory.mktemp("reader"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of three small documents."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "objectives.toml").write_text(small_table(), encoding="utf-8")
    for name in ("data", "borders", "health"):
        (corpus / f"{name}.txt").write_text(f"On {name}\n\nStates share {name} with each other.\n", encoding="utf-8")
    return tmp_path
