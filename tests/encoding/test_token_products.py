import numpy as np

from assistant import Assistant
from assistant.encoding.token_products import load_token_products, multiply_tokens
from assistant.encoding.token_vectors import TokenVectors


def test_numpys_products_are_those_of_the_vectors() -> None:
    rows = np.random.default_rng(1).normal(size=(50, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    tokens = TokenVectors.from_unit_rows(rows, np.arange(50, dtype=np.int32), np.array([0, 50]))

    products = multiply_tokens(rows[:3], tokens.rows)

    np.testing.assert_allclose(products * tokens.scales, rows[:3] @ rows.T, atol=0.01)


def test_products_in_whole_numbers_are_nearly_numpys(assistant: Assistant) -> None:
    build = assistant.build
    assert build.network is not None
    query = assistant.finders.english.runtime.encoder.encode_query("borders and data").tokens
    rows, scales = np.asarray(build.passages.tokens.rows[:500]), build.passages.tokens.scales[:500]

    products = load_token_products(build.network.products)(query, rows)

    np.testing.assert_allclose(products * scales, multiply_tokens(query, rows) * scales, atol=3e-3)
