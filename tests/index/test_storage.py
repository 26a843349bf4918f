import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from assistant.encoding.onnx_encoder import Agreement, Network
from assistant.errors import DamagedIndexError, IndexingError
from assistant.index.lexical import indexed
from assistant.index.passage_index import PassageIndex
from assistant.index.storage import MANIFEST, load_index, locked, save_index
from tests.conftest import ROOT
from tests.fakes import BagOfWordsEncoder
from tests.index.test_passage_index import ORIGIN, build_index

LONG = os.environ.get("ASSISTANT_TEST_LONG") == "1"
FILES = 15  # of an index, its manifest among them
NETWORK = Network(
    np.frombuffer(b"graph", dtype=np.uint8),
    b"products",
    '{"a": "é"}',
    (0, 1),
    256,
    Agreement(0.999, 0.998, 0.999, 1.0, 64),
)


def build_index_with_network() -> PassageIndex:
    return dataclasses.replace(build_index(), network=NETWORK)


def test_a_saved_index_loads_as_it_was(tmp_path: Path) -> None:
    built = build_index()

    save_index(built, tmp_path)
    loaded = load_index(tmp_path)

    assert loaded.passages == built.passages
    assert loaded.documents == built.documents
    assert loaded.sources == built.sources
    assert loaded.sentences == built.sentences
    assert loaded.origin == ORIGIN
    assert loaded.problems == built.problems
    query = BagOfWordsEncoder().encode_query("something else").vector
    assert loaded.nearest(query, 5) == built.nearest(query, 5)
    np.testing.assert_array_equal(loaded.tokens.rows, built.tokens.rows)
    np.testing.assert_array_equal(loaded.tokens.words, built.tokens.words)
    np.testing.assert_array_equal(loaded.sentence_tokens, built.sentence_tokens)
    np.testing.assert_array_equal(loaded.objective_probabilities, built.objective_probabilities)
    row = np.array([1])
    cosines = loaded.sentence_cosines(loaded.chosen(row), query)
    np.testing.assert_array_equal(cosines, built.sentence_cosines(built.chosen(row), query))
    assert loaded.operating_point == built.operating_point


def test_a_converted_model_is_kept_beside_the_index(tmp_path: Path) -> None:
    save_index(build_index_with_network(), tmp_path)

    loaded = load_index(tmp_path).network

    assert loaded is not None
    assert loaded.graph.tobytes() == b"graph"
    assert dataclasses.replace(loaded, graph=NETWORK.graph) == NETWORK
    assert json.loads((tmp_path / MANIFEST).read_bytes())["network"]["agreement"]["cosine"] == 0.999


def test_an_index_without_a_converted_model_removes_the_one_before(tmp_path: Path) -> None:
    save_index(build_index_with_network(), tmp_path)

    save_index(build_index(), tmp_path)

    assert load_index(tmp_path).network is None
    assert len(list(tmp_path.iterdir())) == FILES


def test_saving_again_leaves_only_the_new_files(tmp_path: Path) -> None:
    others = {"README.md", "documents-2024.pdf", "tokens-secret.txt", "movie.part"}
    for name in others:
        (tmp_path / name).write_text("stays", encoding="utf-8")
    (tmp_path / "vectors-deadbeef.faiss.part").write_bytes(b"left by a killed build")

    save_index(build_index(), tmp_path)
    save_index(build_index("Another\n\nText entirely.\n"), tmp_path)

    assert len(list(tmp_path.iterdir())) == len(others) + FILES
    assert others <= {path.name for path in tmp_path.iterdir()}
    assert load_index(tmp_path).documents[0].text.startswith("Another")


def test_no_index_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndexError, match="there is no index yet"):
        load_index(tmp_path)


@pytest.mark.parametrize(
    "part",
    "documents passages vectors sentences tokens scales words firsts concerns classifier lexical held found shares "
    "network products tokenizer".split(),
)
@pytest.mark.parametrize("damage", ["cut", "flip", "gone"])
def test_a_damaged_file_is_detected(tmp_path: Path, part: str, damage: str) -> None:
    save_index(build_index_with_network(), tmp_path)
    path = next(tmp_path.glob(f"{part}-*"))
    content = path.read_bytes()

    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if damage == "cut" else bytes([content[0] ^ 1]) + content[1:])

    with pytest.raises(DamagedIndexError):
        load_index(tmp_path)


@pytest.mark.parametrize(
    "manifest", ["", "{", "[]", "null", '{"format": 99}', '{"format": 1}', '{"format": 1, "files": {"documents": 3}}']
)
def test_a_foreign_manifest_is_detected(tmp_path: Path, manifest: str) -> None:
    (tmp_path / MANIFEST).write_text(manifest, encoding="utf-8")

    with pytest.raises(DamagedIndexError):
        load_index(tmp_path)


def test_a_manifest_that_points_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    save_index(build_index(), tmp_path / "index")
    path = tmp_path / "index" / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"]["vectors"]["name"] = "../secret"
    path.write_text(json.dumps(manifest), encoding="utf-8")

    with pytest.raises(DamagedIndexError, match="outside"):
        load_index(tmp_path / "index")


def test_a_failed_save_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_index(build_index(), tmp_path)

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)

    with pytest.raises(IndexingError, match="No space left on device"):
        save_index(build_index("Another\n\nText entirely.\n"), tmp_path)

    assert load_index(tmp_path).documents[0].text.startswith("Title")
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


_BUILD_FOR_EVER = """
import sys
from pathlib import Path
from assistant.index.storage import locked, save_index
from tests.index.test_passage_index import build_index
print("ready", flush=True)
for number in range(10**9):
    with locked(Path(sys.argv[1]), on_wait=lambda: None):
        save_index(build_index("Title\\n\\n" + f"Text {number}. " * 400), Path(sys.argv[1]))
"""


def test_a_build_killed_at_any_moment_leaves_a_whole_index(tmp_path: Path) -> None:
    save_index(build_index(), tmp_path)
    moments = random.Random(7)

    for _ in range(200 if LONG else 8):
        with subprocess.Popen(
            [sys.executable, "-c", _BUILD_FOR_EVER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as build:
            assert build.stdout is not None
            assert build.stdout.readline() == "ready\n"
            time.sleep(moments.uniform(0.0, 0.2))
            build.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

        assert len(load_index(tmp_path).documents) == 1

    with locked(tmp_path, on_wait=lambda: pytest.fail("a killed build left its lock")):
        save_index(build_index(), tmp_path)
    assert len(list(tmp_path.iterdir())) == FILES + 1  # and the lock


def test_words_kept_with_an_index_are_read_where_they_lie(tmp_path: Path) -> None:
    built = build_index()
    lexical = indexed(passage.text for passage in built.passages)
    save_index(dataclasses.replace(built, lexical=lexical), tmp_path)

    loaded = load_index(tmp_path).lexical

    assert loaded.keys() == lexical.keys()
    assert all(np.array_equal(loaded[name], lexical[name]) for name in lexical)
    assert all(isinstance(loaded[name], np.memmap) for name in ("held", "found", "shares"))
