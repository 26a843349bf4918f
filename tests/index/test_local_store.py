import numpy as np

from tests.fakes import BagOfWordsEncoder
from tests.index.test_passage_index import build_index, store_of


def test_a_small_store_fetched_whole_is_matched_as_one_that_is_gathered() -> None:
    store = store_of(build_index())
    query = BagOfWordsEncoder().encode_query("something named nowhere")

    whole, reversed_ = store.fetch(np.array([0, 1])), store.fetch(np.array([1, 0]))

    assert whole.tokens is not None
    assert reversed_.tokens is not None
    one, two = whole.tokens.matches(query.tokens), reversed_.tokens.matches(query.tokens)
    np.testing.assert_array_equal(one.passages, two.passages[:, ::-1])
    np.testing.assert_array_equal(one.sentences, two.sentences[:, ::-1])
    cosines = whole.sentence_cosines(query.vector)
    np.testing.assert_allclose(cosines, reversed_.sentence_cosines(query.vector)[::-1], atol=1e-6)
