import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from assistant.errors import DamagedIndexError, IndexingError
from assistant.index import storage
from assistant.index.storage import MANIFEST, Part, listed_files, load_parts, locked, save_parts
from tests.conftest import ROOT

LONG = os.environ.get("ASSISTANT_TEST_LONG") == "1"
LARGE = 1 << 20  # bytes: such an array has a file of its own
FILES = 4  # of `made_parts`, their manifest among them


def made_parts(value: int = 1) -> dict[str, Part]:
    """Parts with small arrays, a large one, and none; all hold one value, by which they are told apart."""
    small: dict[str, npt.NDArray[Any]] = {"one": np.full(3, value), "names": np.array(["a", "é"])}
    large: dict[str, npt.NDArray[Any]] = {
        "all": np.full(LARGE, value, dtype=np.uint8),
        "few": np.full((2, 2), value, dtype=np.float32),
    }
    return {"small": Part(small), "large": Part(large, {"value": value}), "point": Part({}, {"value": value})}


def save(folder: Path, value: int = 1) -> None:
    save_parts(folder, made_parts(value), about={"corpus": f"sha256:{value}"})


def value_of(folder: Path) -> int:
    """The one value that all parts in a folder hold."""
    about, parts = load_parts(folder)
    arrays = [parts["small"].arrays["one"], *parts["large"].arrays.values()]
    (value,) = {int(each) for array in arrays for each in np.unique(array)} | {
        parts["point"].facts["value"],
        parts["large"].facts["value"],
    }
    assert about["corpus"] == f"sha256:{value}"
    return value


def test_saved_parts_load_as_they_were(tmp_path: Path) -> None:
    save(tmp_path)

    about, parts = load_parts(tmp_path)

    made = made_parts()
    assert about["corpus"] == "sha256:1"
    assert list(parts) == list(made)
    for name, part in made.items():
        assert parts[name].facts == part.facts
        assert parts[name].arrays.keys() == part.arrays.keys()
        assert all(np.array_equal(parts[name].arrays[key], array) for key, array in part.arrays.items())


@pytest.mark.parametrize("in_memory", [0, LARGE * 2])
def test_files_that_are_cut_short_afterwards_harm_nothing_that_was_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int
) -> None:
    monkeypatch.setattr(storage, "_IN_MEMORY", in_memory)
    save(tmp_path)
    parts = load_parts(tmp_path)[1]

    for path in tmp_path.iterdir():
        os.truncate(path, 0)

    assert parts["large"].arrays["all"].sum() == LARGE  # a mapped file that is shorter ends the process
    assert isinstance(parts["large"].arrays["all"], np.memmap) == (in_memory == 0)
    assert parts["small"].arrays["one"].sum() == len(parts["small"].arrays["one"])


@pytest.mark.parametrize("changed", ["value", "name", "space", "twice", "unsigned"])
def test_a_manifest_that_somebody_changed_is_detected(tmp_path: Path, changed: str) -> None:
    save(tmp_path)
    path = tmp_path / MANIFEST
    content = path.read_text(encoding="utf-8")
    changes = {
        "value": content.replace('"value": 1', '"value": 2', 1),
        "name": content.replace('"corpus"', '"corpora"'),
        "space": content + " ",
        "twice": content.replace('"value": 1', '"value": 2, "value": 1', 1),
        "unsigned": json.dumps({key: value for key, value in json.loads(content).items() if key != "sha256"}, indent=1),
    }

    path.write_text(changes[changed], encoding="utf-8")

    assert changes[changed] != content
    with pytest.raises(DamagedIndexError, match="aren't those that were written"):
        load_parts(tmp_path)


def test_facts_can_be_read_in_the_manifest(tmp_path: Path) -> None:
    save(tmp_path, 7)

    manifest = json.loads((tmp_path / MANIFEST).read_bytes())

    assert manifest["corpus"] == "sha256:7"
    assert manifest["parts"]["point"] == {"value": 7}


def test_an_array_that_a_build_put_into_the_folder_is_only_renamed(tmp_path: Path) -> None:
    path = tmp_path / "assembled-0123abcd.npy"
    np.save(path, np.full(LARGE, 1, dtype=np.uint8))
    parts = made_parts() | {"large": Part({"all": np.load(path, mmap_mode="r")}, {"value": 1})}
    number = path.stat().st_ino

    save_parts(tmp_path, parts, about={"corpus": "sha256:1"})

    assert value_of(tmp_path) == 1
    assert number in {each.stat().st_ino for each in tmp_path.glob("large.all-*.npy")}


def test_a_part_that_is_gone_takes_its_files_with_it(tmp_path: Path) -> None:
    save(tmp_path)

    save_parts(tmp_path, {"point": Part({}, {"value": 1})}, about={})

    assert list(load_parts(tmp_path)[1]) == ["point"]
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST]


def test_saving_again_leaves_only_the_new_files(tmp_path: Path) -> None:
    others = {"README.md", "documents-2024.pdf", "tokens-secret.txt", "movie.part"}
    for name in others:
        (tmp_path / name).write_text("stays", encoding="utf-8")
    for name in ("large.all-deadbeef.npy.part", "vectors-deadbeef.faiss", "network-deadbeef.onnx"):
        (tmp_path / name).write_bytes(b"left by a killed build, or by one of an older format")

    save(tmp_path)
    save(tmp_path, 2)

    assert len(list(tmp_path.iterdir())) == len(others) + FILES
    assert others <= {path.name for path in tmp_path.iterdir()}
    assert value_of(tmp_path) == 2


def test_the_files_of_a_build_are_listed_with_their_sha256(tmp_path: Path) -> None:
    save(tmp_path)

    assert listed_files(tmp_path).keys() == {path.name for path in tmp_path.iterdir()} - {MANIFEST}
    assert {len(sha256) for sha256 in listed_files(tmp_path).values()} == {64}
    assert listed_files(tmp_path / "none") == {}


def test_no_index_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndexError, match="there is no index yet"):
        load_parts(tmp_path)


@pytest.mark.parametrize("file", ["small-", "large-", "large.all-"])
@pytest.mark.parametrize("damage", ["cut", "flip", "gone"])
def test_a_damaged_file_is_detected(tmp_path: Path, file: str, damage: str) -> None:
    save(tmp_path)
    path = next(tmp_path.glob(f"{file}*"))
    content = path.read_bytes()

    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if damage == "cut" else bytes([content[0] ^ 1]) + content[1:])

    with pytest.raises(DamagedIndexError):
        load_parts(tmp_path)


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": 99}',
        '{"format": 1, "files": {"documents": 3}}',
        '{"format": 11}',
        '{"format": 11, "parts": null, "files": {}}',
        '{"format": 11, "parts": {"a": {}}, "files": []}',
        '{"format": 11, "parts": {"a": {}}, "files": {"a": 3}}',
        '{"format": 11, "parts": {"a": {}}, "files": {"a": {}}}',
        '{"format": 11, "parts": {}, "files": {"a": {"name": "manifest.json", "sha256": ""}}}',
    ],
)
def test_a_foreign_manifest_is_detected(tmp_path: Path, manifest: str) -> None:
    (tmp_path / MANIFEST).write_text(manifest, encoding="utf-8")

    with pytest.raises(DamagedIndexError):
        load_parts(tmp_path)


def test_a_manifest_that_points_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    save(tmp_path / "index")
    path = tmp_path / "index" / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"]["small"]["name"] = "../secret"
    del manifest["sha256"]
    path.write_bytes(storage._signed(manifest))

    with pytest.raises(DamagedIndexError, match="outside"):
        load_parts(tmp_path / "index")


def test_a_failed_save_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path)

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)

    with pytest.raises(IndexingError, match="No space left on device"):
        save(tmp_path, 2)

    assert value_of(tmp_path) == 1
    assert len(list(tmp_path.iterdir())) == FILES


def test_two_builds_wait_for_each_other(tmp_path: Path) -> None:
    waited: list[bool] = []

    with (
        locked(tmp_path, on_wait=lambda: None),
        pytest.raises(IndexingError, match="another build still holds"),
        locked(tmp_path, on_wait=lambda: waited.append(True), timeout=0.05),
    ):
        pass

    assert waited == [True]


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file", encoding="utf-8")

    with pytest.raises(IndexingError, match="can't be written"), locked(tmp_path / "index", on_wait=lambda: None):
        pass


_SAVE_FOR_EVER = """
import sys
from itertools import count
from pathlib import Path
from assistant.index.storage import locked
from tests.index.test_storage import save
print("ready", flush=True)
for value in count(2):
    with locked(Path(sys.argv[1]), on_wait=lambda: None):
        save(Path(sys.argv[1]), value % 250)
"""


def test_a_build_killed_at_any_moment_leaves_whole_parts(tmp_path: Path) -> None:
    save(tmp_path)
    moments = random.Random(7)

    for _ in range(200 if LONG else 8):
        with subprocess.Popen(
            [sys.executable, "-c", _SAVE_FOR_EVER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as build:
            assert build.stdout is not None
            assert build.stdout.readline() == "ready\n"
            time.sleep(moments.uniform(0.0, 0.2))
            build.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

        assert value_of(tmp_path) >= 0

    with locked(tmp_path, on_wait=lambda: pytest.fail("a killed build left its lock")):
        save(tmp_path)
    assert len(list(tmp_path.iterdir())) == FILES + 1  # and the lock
