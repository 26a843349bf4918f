"""What tests of a corpus folder stand on."""

from pathlib import Path

import pytest


@pytest.fixture
def link_out(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A link in the folder, "link.txt", that leads out of it."""
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("A secret of the machine.", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(secret)
