import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.encoding import encoding_cache
from assistant.encoding.encoder import Encodings, Identity, Query
from assistant.encoding.encoding_cache import EncodingCache
from assistant.encoding.token_vectors import TokenVectors
from assistant.errors import IndexingError

TEXTS = [f"text {number} of many" for number in range(2000)]


class NumberEncoder:
    """Encodes a text as the number in it, and counts what it was given."""

    def __init__(self, *, fails_after: int = 10**9, sha256: str = "model") -> None:
        self.identity = Identity("numbers", sha256)
        self.texts: list[str] = []
        self._left = fails_after

    def encode_passages(
        self, texts: Sequence[str], *, with_tokens: bool = False, report: Callable[[int], None] | None = None
    ) -> Encodings:
        if len(self.texts) >= self._left:
            raise KeyboardInterrupt
        self.texts += texts
        if report:
            report(len(texts))
        numbers = np.array([[int(text.split()[1]), 1] for text in texts], dtype=np.float32)
        rows, starts = np.repeat(numbers, 3, axis=0), np.arange(len(texts) + 1) * 3
        spans = np.zeros((len(rows), 2), dtype=np.int64)
        return Encodings(numbers, TokenVectors.of(texts, rows, spans, starts) if with_tokens else None)

    def encode_query(self, text: str) -> Query:
        raise NotImplementedError(text)


def no_report(_: int) -> None:
    """Ignore progress."""


def test_each_text_is_encoded_once_and_found_again(tmp_path: Path) -> None:
    encoder = NumberEncoder()
    cache = EncodingCache(encoder, folder=tmp_path)
    told: list[int] = []

    cache.encode([*TEXTS, *TEXTS], with_tokens=True, report=told.append)

    assert sorted(encoder.texts) == sorted(TEXTS)
    assert (told[0], told[-1]) == (0, 2000)
    assert cache.vectors([TEXTS[7], TEXTS[1999], TEXTS[7]])[:, 0].tolist() == [7, 1999, 7]
    tokens = cache.tokens(TEXTS[3:5])
    assert tokens.restored()[:, 0].round().tolist() == [3, 3, 3, 4, 4, 4]
    assert tokens.starts.tolist() == [0, 3, 6]


def test_a_killed_build_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        EncodingCache(NumberEncoder(fails_after=1024), folder=tmp_path).encode(
            TEXTS, with_tokens=True, report=no_report
        )
    encoder = NumberEncoder()
    cache = EncodingCache(encoder, folder=tmp_path)

    cache.encode(TEXTS, with_tokens=True, report=no_report)

    assert len(encoder.texts) == 2000 - 1024
    assert cache.vectors(TEXTS)[:, 0].tolist() == list(range(2000))
    assert len(cache.tokens(TEXTS).rows) == 6000


@pytest.mark.parametrize("suffix", [".npz", ".npy"])
@pytest.mark.parametrize("damage", ["cut", "emptied", "gone"])
def test_a_damaged_block_is_encoded_again(tmp_path: Path, suffix: str, damage: str) -> None:
    EncodingCache(NumberEncoder(), folder=tmp_path).encode(TEXTS, with_tokens=True, report=no_report)
    path = max(tmp_path.glob(f"block-*{suffix}"), key=lambda each: each.stat().st_size)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2 if damage == "cut" else 0])
    encoder = NumberEncoder()
    cache = EncodingCache(encoder, folder=tmp_path)

    cache.encode(TEXTS, with_tokens=True, report=no_report)

    assert len(encoder.texts) == 512
    assert cache.vectors(TEXTS)[:, 0].tolist() == list(range(2000))


def test_blocks_of_another_model_are_not_used(tmp_path: Path) -> None:
    EncodingCache(NumberEncoder(), folder=tmp_path).encode(TEXTS, with_tokens=False, report=no_report)
    encoder = NumberEncoder(sha256="another")

    EncodingCache(encoder, folder=tmp_path).encode(TEXTS, with_tokens=False, report=no_report)

    assert len(encoder.texts) == 2000


def test_a_text_whose_word_pieces_are_wanted_is_encoded_for_them(tmp_path: Path) -> None:
    encoder = NumberEncoder()
    cache = EncodingCache(encoder, folder=tmp_path)
    cache.encode(TEXTS[:2], with_tokens=False, report=no_report)

    with pytest.raises(KeyError):
        cache.tokens(TEXTS[:2])
    cache.encode(TEXTS[:2], with_tokens=True, report=no_report)

    assert len(cache.tokens(TEXTS[:2]).rows) == 6
    assert len(encoder.texts) == 4


@pytest.mark.parametrize("in_memory", [0, 10**9], ids=["in a file", "in memory"])
def test_many_word_pieces_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(encoding_cache, "_IN_MEMORY", in_memory)
    cache = EncodingCache(NumberEncoder(), folder=tmp_path)
    cache.encode(TEXTS, with_tokens=True, report=no_report)

    tokens = cache.tokens([TEXTS[5], TEXTS[1500]])

    assert isinstance(tokens.rows, np.memmap) == (in_memory == 0)
    assert tokens.restored()[:, 0].round().tolist() == [5, 5, 5, 1500, 1500, 1500]


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding_cache, "_IN_MEMORY", 0)
    monkeypatch.chdir(tmp_path)
    cache = EncodingCache(NumberEncoder(), folder=None)

    cache.encode(TEXTS, with_tokens=True, report=no_report)

    assert len(cache.tokens(TEXTS).rows) == 6000
    assert list(tmp_path.iterdir()) == []


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_disk_that_fills_while_texts_are_encoded_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = EncodingCache(NumberEncoder(), folder=tmp_path)
    monkeypatch.setattr(os, "fsync", full_disk)

    with pytest.raises(IndexingError, match=r"can't be written \(No space left on device\); free space"):
        cache.encode(TEXTS, with_tokens=True, report=no_report)


def test_a_disk_that_fills_while_they_are_put_together_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = EncodingCache(NumberEncoder(), folder=tmp_path)
    cache.encode(TEXTS, with_tokens=True, report=no_report)
    monkeypatch.setattr(encoding_cache, "_IN_MEMORY", 0)
    monkeypatch.setattr(Path, "replace", full_disk)

    with pytest.raises(IndexingError, match="No space left on device"):
        cache.tokens(TEXTS)
