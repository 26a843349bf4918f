"""The inner products of a question's tokens with the rows of an index, by NumPy or, faster, by onnxruntime."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from assistant.encoding.encoder import Vectors
from assistant.encoding.onnx_encoder import open_session
from assistant.encoding.token_vectors import MIDDLE

# (tokens, dimensions) of a question and uint8 rows, (rows, dimensions), to (tokens, rows); without the rows' scales.
TokenProducts = Callable[[Vectors, npt.NDArray[np.uint8]], Vectors]

# A question's tokens are rounded to so many steps: twice this times 255 fits sixteen bits with a sign, in which
# processors without instructions for such products add up pairs of them.
_STEPS = 63


def multiply_tokens(query: Vectors, rows: npt.NDArray[np.uint8]) -> Vectors:
    """Multiply with NumPy."""
    products: Vectors = query @ (rows.astype(np.float32) - MIDDLE).T
    return products


def load_token_products(model: bytes) -> TokenProducts:
    """Load the ONNX model of `conversion` that multiplies whole numbers of eight bits.

    Raises:
        EncoderError: onnxruntime is missing, or can't run it.
    """
    session = open_session(model)

    def rounded_products(query: Vectors, rows: npt.NDArray[np.uint8]) -> Vectors:
        scales = np.abs(query).max(axis=1, keepdims=True) / _STEPS + np.finfo(np.float32).tiny
        rounded = np.rint(query / scales).astype(np.int8)
        products: Vectors = session.run(None, {"query": rounded, "rows": rows})[0] * scales
        return products

    return rounded_products
