import numpy as np
import pytest

from assistant.encoding.encoder import Vectors, unit
from assistant.index.vectors import SearchableVectors


def test_a_few_are_compared_exactly_and_their_rows_lie_as_they_were() -> None:
    rows = clustered(50, seed=3)
    vectors = SearchableVectors.of(rows)
    question = clustered(1, seed=4)[0]

    found = vectors.nearest(question, 100)

    assert (len(vectors), vectors.dimensions) == rows.shape
    np.testing.assert_array_equal(vectors.rows, rows)
    assert [row for row, _ in found] == np.argsort(-(rows @ question), kind="stable").tolist()


def test_none_at_all_are_searched_in_vain() -> None:
    vectors = SearchableVectors.of(np.empty((0, 8), dtype=np.float32))

    assert vectors.nearest(np.ones(8, dtype=np.float32), 3) == []
    assert vectors.rows.shape == (0, 8)


def clustered(count: int, *, seed: int) -> Vectors:
    """Unit vectors that lie together in heaps of very different sizes, as texts do on their topics."""
    chance = np.random.default_rng(seed)
    topics = np.random.default_rng(0).normal(size=(400, 384)).astype(np.float32)
    chosen = np.minimum(chance.geometric(0.01, size=count), len(topics)) - 1
    return unit(topics[chosen] + 0.7 * chance.normal(size=(count, 384)).astype(np.float32))


@pytest.fixture(scope="module")
def large() -> SearchableVectors:
    """So many that not all of them are compared exactly."""
    return SearchableVectors.of(clustered(24_000, seed=1))


def test_of_very_many_nearly_all_of_the_nearest_are_found_by_rough_vectors_first(large: SearchableVectors) -> None:
    vectors, questions = large.rows, clustered(100, seed=2)
    exact = np.argsort(-(questions @ vectors.T), axis=1)[:, :10]

    # As many as are looked at further.
    found = [[row for row, _ in large.nearest(question, 100)[:10]] for question in questions]

    shared = [len(set(one) & set(two.tolist())) / 10 for one, two in zip(found, exact, strict=True)]
    assert np.mean(shared) >= 0.97


def test_very_many_rows_stay_as_they_are(large: SearchableVectors) -> None:
    vectors = clustered(24_000, seed=1)

    np.testing.assert_array_equal(large.rows, vectors)
    np.testing.assert_array_equal(large.rows[23_456], vectors[23_456])
    again = SearchableVectors.from_array(large.to_array())
    assert again.nearest(vectors[7], 5) == large.nearest(vectors[7], 5)


@pytest.mark.parametrize("allowed", [50, 22_000])
def test_only_what_is_looked_among_is_found(large: SearchableVectors, allowed: int) -> None:
    among = np.arange(24_000) < allowed
    question = clustered(1, seed=2)[0]

    found = large.nearest(question, 10, among=among)

    assert len(found) == 10
    assert all(row < allowed for row, _ in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_a_few_of_very_many_are_compared_exactly(large: SearchableVectors) -> None:
    among = np.arange(24_000) % 100 == 0
    question = clustered(1, seed=2)[0]

    found = large.nearest(question, 10, among=among)

    cosines = np.where(among, large.rows @ question, -1)
    assert [row for row, _ in found] == np.argsort(-cosines)[:10].tolist()
