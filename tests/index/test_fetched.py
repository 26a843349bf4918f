import numpy as np
import numpy.typing as npt
import pytest

from assistant.encoding import Vectors, multiply_tokens
from assistant.encoding.token_vectors import TokenVectors
from assistant.index.fetched import FetchedTokens
from assistant.index.passage_index import PassageIndex
from assistant.index.vectors import SearchableVectors
from tests.fakes import BagOfWordsEncoder
from tests.index.test_passage_index import build_index, store_of


def test_tokens_are_matched_one_by_one() -> None:
    tokens = store_of(build_index()).fetch(np.array([0, 1])).tokens
    assert tokens is not None

    matches = tokens.matches(BagOfWordsEncoder().encode_query("something named nowhere").tokens)

    np.testing.assert_allclose(matches.passages, [[0, 1], [1, 0], [0, 0]], atol=0.01)
    np.testing.assert_allclose(matches.sentences, matches.passages)


@pytest.mark.parametrize("rows", [[0], [1], [2], [2, 0], [1, 2], [0, 1, 2]])
def test_each_sentence_is_matched_with_its_own_tokens(rows: list[int]) -> None:
    chance = np.random.default_rng(3)
    vectors = chance.normal(size=(12, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    # The first has a heading's token before two sentences; the second's middle sentence and all of the third's heading
    # have none.
    starts, firsts = np.array([0, 5, 9, 12]), np.array([1, 3, 5, 7, 7, 9])
    counts = [2, 3, 1]
    index = PassageIndex(
        build_index().passages[:1] * 3,
        tuple(((0, 1),) * count for count in counts),
        SearchableVectors.of(vectors[:3]),
        vectors[:6],
        TokenVectors.from_unit_rows(vectors, np.arange(12, dtype=np.int32), starts),
        firsts,
        np.zeros((3, 2), dtype=np.float32),
    )
    query = vectors[[4, 11, 0]]
    pieces = [(1, 3), (3, 5), (5, 7), (7, 7), (7, 9), (9, 12)]
    chosen = [piece for row in rows for piece in pieces[sum(counts[:row]) : sum(counts[: row + 1])]]
    cosines = query @ vectors.T

    tokens = store_of(index).fetch(np.array(rows)).tokens
    assert tokens is not None
    found = tokens.matches(query)

    of_sentences = [
        cosines[:, first:last].max(axis=1, initial=-1) if last > first else np.zeros(3) for first, last in chosen
    ]
    of_passages = [cosines[:, starts[row] : starts[row + 1]].max(axis=1) for row in rows]
    np.testing.assert_allclose(found.sentences, np.stack(of_sentences, axis=1), atol=0.01)
    np.testing.assert_allclose(found.passages, np.stack(of_passages, axis=1), atol=0.01)


def test_of_a_long_question_few_tokens_at_once_are_multiplied_with_all_of_the_passages() -> None:
    tokens = store_of(build_index()).fetch(np.array([0, 1])).tokens
    assert tokens is not None
    query = np.tile(BagOfWordsEncoder().encode_query("something named nowhere").tokens, (100, 1))
    taken: list[int] = []

    def products(some: Vectors, rows: npt.NDArray[np.uint8]) -> Vectors:
        taken.append(len(some))
        return multiply_tokens(some, rows)

    found = tokens.matches(query, products=products)

    assert max(taken) <= 32
    assert sum(taken) == len(query)
    np.testing.assert_array_equal(found.passages, np.tile(tokens.matches(query[:3]).passages, (100, 1)))


def test_tokens_are_compared_as_if_what_their_language_shares_were_taken_away() -> None:
    chance = np.random.default_rng(5)
    centres = (chance.normal(size=(2, 8)) / 4).astype(np.float32)
    rows = chance.normal(size=(6, 8)).astype(np.float32) + np.repeat(centres, 3, axis=0) * 4
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    rounded = TokenVectors.from_unit_rows(rows, np.arange(6, dtype=np.int32), np.arange(7))
    pieces = np.arange(6)
    tokens = FetchedTokens(
        rounded.rows, rounded.scales, pieces, np.ones(6, dtype=bool), pieces, pieces, np.repeat([0, 1], 3), centres
    )
    query = np.eye(8, dtype=np.float32)[:2]
    centred = rows - np.repeat(centres, 3, axis=0)

    found = tokens.matches(query).passages

    np.testing.assert_allclose(found, query @ (centred / np.linalg.norm(centred, axis=1, keepdims=True)).T, atol=0.02)
