import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from assistant.files import take_file, write_array, write_arrays, write_bytes


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_written_is_read_again_and_its_sha256_is_told(tmp_path: Path) -> None:
    array = np.arange(100_000, dtype=np.int8).reshape(-1, 10)

    told = [
        write_bytes(tmp_path / "a", b"content"),
        write_array(tmp_path / "b.npy", array),
        write_arrays(tmp_path / "c.npz", {"rows": array}),
    ]

    assert told == [sha256(tmp_path / name) for name in ("a", "b.npy", "c.npz")]
    assert (tmp_path / "a").read_bytes() == b"content"
    np.testing.assert_array_equal(np.load(tmp_path / "b.npy"), array)
    np.testing.assert_array_equal(np.load(tmp_path / "c.npz")["rows"], array)


def test_a_file_that_cannot_be_written_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_bytes(tmp_path / "a", b"before")

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)

    with pytest.raises(OSError, match="No space left"):
        write_bytes(tmp_path / "a", b"after")
    assert (tmp_path / "a").read_bytes() == b"before"


def test_a_file_is_given_its_name(tmp_path: Path) -> None:
    (tmp_path / "made").write_bytes(b"content")

    told = take_file(tmp_path / "named", tmp_path / "made")

    assert told == sha256(tmp_path / "named")
    assert not (tmp_path / "made").exists()
