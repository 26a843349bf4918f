import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.encoding import encoding_cache as workbench
from assistant.encoding.encoding_cache import Encoded, Workbench
from assistant.encoding.token_vectors import TokenVectors
from assistant.errors import IndexingError

TEXTS = [f"text {number} of many" for number in range(2000)]


class Encoding:
    """Turns a text into a vector that its number tells, and counts what it was given."""

    def __init__(self, *, fails_after: int = 10**9) -> None:
        self.texts: list[str] = []
        self._left = fails_after

    def __call__(self, texts: Sequence[str], report: Callable[[int], None], with_tokens: bool) -> Encoded:
        if len(self.texts) >= self._left:
            raise KeyboardInterrupt
        self.texts += texts
        report(len(texts))
        numbers = np.array([[int(text.split()[1]), 1] for text in texts], dtype=np.float32)
        rows = np.repeat(numbers, 3, axis=0)
        tokens = TokenVectors.from_unit_rows(rows, np.arange(len(rows), dtype=np.int32), np.arange(len(texts) + 1) * 3)
        return Encoded(numbers, tokens if with_tokens else None)


def bench_in(folder: Path | None, encode: Encoding, *, model: str = "model") -> Workbench:
    return Workbench(encode, model, folder=folder)


def no_report(_: int) -> None:
    """Nobody watches."""


def test_each_text_is_encoded_once_and_found_again(tmp_path: Path) -> None:
    encode = Encoding()
    bench = bench_in(tmp_path, encode)
    told: list[int] = []

    bench.encode([*TEXTS, *TEXTS], with_tokens=True, report=told.append)

    assert sorted(encode.texts) == sorted(TEXTS)
    assert (told[0], told[-1]) == (0, 2000)
    assert bench.vectors([TEXTS[7], TEXTS[1999], TEXTS[7]])[:, 0].tolist() == [7, 1999, 7]
    tokens = bench.tokens(TEXTS[3:5])
    assert tokens.restored()[:, 0].round().tolist() == [3, 3, 3, 4, 4, 4]
    assert tokens.starts.tolist() == [0, 3, 6]


def test_a_killed_build_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        bench_in(tmp_path, Encoding(fails_after=1024)).encode(TEXTS, with_tokens=True, report=no_report)
    encode = Encoding()
    bench = bench_in(tmp_path, encode)

    bench.encode(TEXTS, with_tokens=True, report=no_report)

    assert len(encode.texts) == 2000 - 1024
    assert bench.vectors(TEXTS)[:, 0].tolist() == list(range(2000))
    assert len(bench.tokens(TEXTS).rows) == 6000


@pytest.mark.parametrize("suffix", [".npz", ".npy"])
@pytest.mark.parametrize("damage", ["cut", "emptied", "gone"])
def test_a_damaged_block_is_encoded_again(tmp_path: Path, suffix: str, damage: str) -> None:
    bench_in(tmp_path, Encoding()).encode(TEXTS, with_tokens=True, report=no_report)
    path = max(tmp_path.glob(f"block-*{suffix}"), key=lambda each: each.stat().st_size)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2 if damage == "cut" else 0])
    encode = Encoding()
    bench = bench_in(tmp_path, encode)

    bench.encode(TEXTS, with_tokens=True, report=no_report)

    assert len(encode.texts) == 512
    assert bench.vectors(TEXTS)[:, 0].tolist() == list(range(2000))


def test_blocks_of_another_model_are_not_used(tmp_path: Path) -> None:
    bench_in(tmp_path, Encoding()).encode(TEXTS, with_tokens=False, report=no_report)
    encode = Encoding()

    bench_in(tmp_path, encode, model="another").encode(TEXTS, with_tokens=False, report=no_report)

    assert len(encode.texts) == 2000


def test_a_text_whose_word_pieces_are_wanted_is_encoded_for_them(tmp_path: Path) -> None:
    encode = Encoding()
    bench = bench_in(tmp_path, encode)
    bench.encode(TEXTS[:2], with_tokens=False, report=no_report)

    with pytest.raises(KeyError):
        bench.tokens(TEXTS[:2])
    bench.encode(TEXTS[:2], with_tokens=True, report=no_report)

    assert len(bench.tokens(TEXTS[:2]).rows) == 6
    assert len(encode.texts) == 4


@pytest.mark.parametrize("in_memory", [0, 10**9], ids=["in a file", "in memory"])
def test_many_word_pieces_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(workbench, "_IN_MEMORY", in_memory)
    bench = bench_in(tmp_path, Encoding())
    bench.encode(TEXTS, with_tokens=True, report=no_report)

    tokens = bench.tokens([TEXTS[5], TEXTS[1500]])

    assert isinstance(tokens.rows, np.memmap) == (in_memory == 0)
    assert tokens.restored()[:, 0].round().tolist() == [5, 5, 5, 1500, 1500, 1500]


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbench, "_IN_MEMORY", 0)
    monkeypatch.chdir(tmp_path)
    bench = bench_in(None, Encoding())

    bench.encode(TEXTS, with_tokens=True, report=no_report)

    assert len(bench.tokens(TEXTS).rows) == 6000
    assert list(tmp_path.iterdir()) == []


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_disk_that_fills_while_texts_are_encoded_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = bench_in(tmp_path, Encoding())
    monkeypatch.setattr(os, "fsync", full_disk)

    with pytest.raises(IndexingError, match=r"can't be written \(No space left on device\); free space"):
        bench.encode(TEXTS, with_tokens=True, report=no_report)


def test_a_disk_that_fills_while_they_are_put_together_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = bench_in(tmp_path, Encoding())
    bench.encode(TEXTS, with_tokens=True, report=no_report)
    monkeypatch.setattr(workbench, "_IN_MEMORY", 0)
    monkeypatch.setattr(Path, "replace", full_disk)

    with pytest.raises(IndexingError, match="No space left on device"):
        bench.tokens(TEXTS)
