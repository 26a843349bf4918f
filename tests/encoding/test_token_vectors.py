import numpy as np

from assistant.encoding.token_vectors import TokenVectors
from tests.fakes import BagOfWordsEncoder


def test_rounded_tokens_keep_their_directions() -> None:
    rows = np.random.default_rng(1).normal(size=(50, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)

    tokens = TokenVectors.from_unit_rows(rows, np.arange(50, dtype=np.int32), np.array([0, 20, 50]))

    np.testing.assert_allclose(tokens.restored() @ rows.T, rows @ rows.T, atol=0.01)


def test_each_token_has_the_number_of_its_word() -> None:
    texts = ["(one two-three) four", "", "five"]

    rounded = BagOfWordsEncoder().encode_passages(texts, with_tokens=True).tokens

    assert rounded is not None
    assert rounded.words.tolist() == [0, 1, 1, 2, 0]
    assert rounded.starts.tolist() == [0, 4, 4, 5]
    assert [rounded.first_of_word(0, word) for word in (0, 1, 2)] == [0, 1, 3]
    assert rounded.first_of_word(2, 0) == 4
