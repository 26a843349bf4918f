import json
import os
import random
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.encoding.cross_encoder import PairNetwork
from assistant.encoding.encoder import Encodings
from assistant.encoding.token_vectors import TokenVectors
from assistant.errors import DamagedIndexError
from assistant.index import storage
from assistant.index.lexical import LexicalIndex
from assistant.index.passage_index import MultilingualVectors
from assistant.journeys.building.build import load_build, save_build
from assistant.retrieval import Scale
from tests.fakes import BagOfWordsEncoder
from tests.journeys.opened import opened


class Refusing(BagOfWordsEncoder):
    """Encodes questions, but no documents any more."""

    def encode_passages(
        self, texts: Sequence[str], *, with_tokens: bool = False, report: Callable[[int], None] | None = None
    ) -> Encodings:
        raise AssertionError("what was kept isn't encoded again")


def test_the_manifest_publishes_the_operating_point(folder: Path) -> None:
    opened(folder)

    manifest = json.loads((folder / "index" / "manifest.json").read_text(encoding="utf-8"))

    assert 0 < manifest["parts"]["operating_point"]["threshold"] < 1
    assert len(manifest["answerability"]) == 64
    assert (manifest["reader"], manifest["reader_sha256"]) == ("", "")


@pytest.mark.skipif(sys.platform != "linux", reason="file systems elsewhere hold names of characters only")
def test_a_file_whose_name_is_no_characters_is_answered_from_and_kept(folder: Path) -> None:
    (folder / "corpus" / os.fsdecode(b"caf\xe9.txt")).write_text("On tea\n\nStates share tea.\n", encoding="utf-8")

    opened(folder)
    answer = opened(folder, Refusing()).ask("How is tea shared?")

    assert "tea" in {hit.passage.text.split()[-1].strip(".") for hit in (*answer.hits, *answer.nearest)}


# What somebody changes ------------------------------------------------------------------------------------------------


def mutated(content: bytes, chosen: random.Random) -> bytes:
    """Return a file's bytes with one change: a byte, some of them gone, written twice, zeros, or its end gone."""
    first = chosen.randrange(len(content))
    last = first + chosen.randint(1, 9)
    change = chosen.randrange(5)
    piece = (bytes([content[first] ^ 1 << chosen.randrange(8)]), b"", content[first:last] * 2, bytes(last - first), b"")
    return content[:first] + piece[change] + (content[first + 1 :] if change == 0 else content[last:] * (change < 4))


def test_300_changes_of_any_file_are_noticed_and_what_is_built_then_answers_as_before(folder: Path) -> None:
    answer = opened(folder).ask("How is tea shared?")
    files = {path: path.read_bytes() for path in sorted((folder / "index").iterdir()) if path.name != ".lock"}
    chosen = random.Random(18)

    noticed = 0
    for number in range(300):
        path = [*files][number % len(files)]
        changed = mutated(files[path], chosen)
        path.write_bytes(changed)
        with pytest.raises(DamagedIndexError) if changed != files[path] else nullcontext():
            load_build(folder / "index")
        noticed += changed != files[path]
        if number % 100:
            path.write_bytes(files[path])
            continue
        again = opened(folder).ask("How is tea shared?")
        assert replace(again, elapsed_ms=0.0) == replace(answer, elapsed_ms=0.0)
        for other in (folder / "index").iterdir():
            other.unlink()
        for other, content in files.items():
            other.write_bytes(content)

    assert noticed > 250


@pytest.mark.parametrize(
    ("part", "fact", "value"),
    [
        ("operating_point", "threshold", 0),
        ("operating_point", "threshold", "0.5"),
        ("operating_point", "probes", -1),
        ("operating_point", "apart", float("nan")),
        ("reader_scale", "slope", None),
        ("reader_scale", "another", 1.0),
        ("objectives", "objectives", [{"number": 7}]),
        ("words", "surprise", 1),
    ],
)
def test_a_fact_of_another_type_or_out_of_its_range_is_refused_though_the_manifest_is_signed(
    folder: Path, part: str, fact: str, value: object
) -> None:
    opened(folder)
    path = folder / "index" / "manifest.json"
    manifest = json.loads(path.read_bytes())
    del manifest["sha256"]

    manifest["parts"][part][fact] = value
    path.write_bytes(storage._signed(manifest))

    with pytest.raises(DamagedIndexError, match=fact):
        load_build(folder / "index")


# The converted model -------------------------------------------------------------------------------------------------


def test_a_saved_build_loads_as_it_was(folder: Path) -> None:
    built = opened(folder).build

    loaded = load_build(folder / "index")

    assert loaded.origin == built.origin
    assert loaded.corpus == built.corpus
    assert loaded.objectives == built.objectives
    assert loaded.passages.passages == built.passages.passages
    assert loaded.operating_point == built.operating_point
    assert loaded.reader_scale == built.reader_scale
    assert loaded.network is None
    assert loaded.reader is None
    assert loaded.multilingual is None
    for name, array in built.classifier.arrays().items():
        np.testing.assert_array_equal(loaded.classifier.arrays()[name], array)
    for name, array in built.words.arrays().items():
        np.testing.assert_array_equal(loaded.words.arrays()[name], array)


def test_a_reader_that_was_saved_is_loaded_as_it_was(folder: Path) -> None:
    network = PairNetwork(np.arange(9, dtype=np.uint8), '{"é": 1}', window=64, begin=2, between=3)
    build = replace(opened(folder).build, reader=network, reader_scale=Scale(2.5, -0.25))

    save_build(build, folder / "index")
    loaded = load_build(folder / "index")

    assert loaded.reader_scale == Scale(2.5, -0.25)
    assert loaded.reader is not None
    assert loaded.reader.facts() == network.facts()
    assert loaded.reader.tokenizer == network.tokenizer
    np.testing.assert_array_equal(loaded.reader.graph, network.graph)


def test_parts_that_do_not_belong_together_are_refused(folder: Path) -> None:
    build = opened(folder).build
    few, none = np.zeros((1, 4), dtype=np.float32), np.zeros(0, dtype=np.int64)
    tokens = TokenVectors.from_unit_rows(few, np.zeros(1, dtype=np.int32), np.array([0, 1]))

    with pytest.raises(ValueError, match="rows of words"):
        replace(build, words=LexicalIndex.of(["one text"]))
    with pytest.raises(ValueError, match="rows of the multilingual vectors"):
        replace(build, multilingual_vectors=MultilingualVectors(few, few, tokens, none))


def test_a_manifest_that_counts_otherwise_is_refused(folder: Path) -> None:
    opened(folder)
    path = folder / "index" / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"documents": 3', '"documents": 4'), encoding="utf-8")

    with pytest.raises(DamagedIndexError, match="counts"):
        load_build(folder / "index")


def test_a_build_without_one_of_its_parts_is_refused(folder: Path) -> None:
    build = opened(folder).build
    save_build(build, folder / "index")
    path = folder / "index" / "manifest.json"
    manifest = json.loads(path.read_bytes())
    del manifest["sha256"], manifest["parts"]["operating_point"]
    path.write_bytes(storage._signed(manifest))

    with pytest.raises(DamagedIndexError, match="don't belong together"):
        load_build(folder / "index")
