import numpy as np
import pytest

from assistant.index.postgres.tables import (
    HeldWords,
    Shape,
    bigints,
    key_of,
    packed,
    read_bigints,
    unpacked,
    unpacked_tokens,
    words_of,
)
from tests.index.postgres.contents import contents


@pytest.mark.parametrize("numbers", [[], [7], [-(2**63), 0, 2**63 - 1]])
def test_numbers_are_read_as_they_were_written(numbers: list[int]) -> None:
    assert read_bigints(bigints(numbers)).tolist() == numbers


def test_a_key_is_the_same_in_every_process() -> None:
    assert key_of("ferri") == -2709609979929732540


def test_a_passage_is_read_from_its_columns_as_it_was() -> None:
    of = contents()
    index, row = of.passages, 3
    _, _, passage, vectors, tokens, second_tokens = packed(index, row, of.multilingual)
    source = index.passages[row].source

    read = unpacked(passage, vectors, source, Shape(index.vectors.dimensions, 8, 2))
    rows, scales, counts, firsts = unpacked_tokens([tokens], np.array([1]), index.vectors.dimensions)

    assert read.passage == index.passages[row]
    assert read.spans == index.sentences[row]
    np.testing.assert_array_equal(read.told[: index.vectors.dimensions], index.vectors.rows[row])
    begin, end = index.tokens.starts[row : row + 2]
    np.testing.assert_array_equal(rows, index.tokens.rows[begin:end])
    np.testing.assert_array_equal(scales, index.tokens.scales[begin:end])
    assert (counts.tolist(), firsts.tolist()) == ([end - begin], [0])
    assert of.multilingual
    rows, *_ = unpacked_tokens([second_tokens], np.array([1]), 8)
    np.testing.assert_array_equal(rows, of.multilingual.tokens.rows[row : row + 1])


def test_the_words_of_a_passage_are_counted() -> None:
    passage = contents().passages.passages[3]

    stems, often, length = words_of(passage)

    held = HeldWords.of(stems, often)
    assert key_of("ferri") in held.stems
    assert length == held.often[0] == held.often[1:].sum()
