"""Small real things that stand in for large ones."""

import hashlib
import re
from collections.abc import Callable, Sequence

import numpy as np

from assistant.embeddings import Vectors


class BagOfWordsEncoder:
    """Deterministic and meaningful: texts that share words are near each other."""

    name = "bag-of-words"
    sha256 = "0" * 64
    _dimensions = 512

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_passages(self, texts: Sequence[str], *, report: Callable[[int], None] | None = None) -> Vectors:
        self.encoded += texts
        if report:
            report(len(texts))
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> Vectors:
        vector = np.zeros(self._dimensions, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % self._dimensions] += 1
        length = np.linalg.norm(vector)
        if length:
            vector /= length
        return vector
