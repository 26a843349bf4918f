"""Small real things that stand in for large ones."""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from assistant.encoding.embeddings import Blueprint, Encodings, Query, Vectors, products


class BagOfWordsEncoder:
    """Deterministic and meaningful: texts that share words are near each other."""

    name = "bag-of-words"
    sha256 = "0" * 64
    _dimensions = 512

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], *, report: Callable[[int], None] | None = None) -> Encodings:
        self.encoded += texts
        if report:
            report(len(texts))
        return self._encodings(texts)

    def _encodings(self, texts: Sequence[str]) -> Encodings:
        tokens = [self._tokens(text) for text in texts]
        sums = np.stack([rows.sum(axis=0) for rows in tokens])
        vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        starts = np.concatenate([[0], np.cumsum([len(rows) for rows in tokens])])
        rows = np.concatenate(tokens)
        spans = np.array([span for text in texts for span in self._spans(text)], dtype=np.int64).reshape(-1, 2)
        return Encodings(vectors.astype(np.float32), rows, np.ones(len(rows), dtype=np.float32), spans, starts)

    def encode_query(self, text: str) -> Query:
        spans = tuple(self._spans(text))
        return Query(
            self._encodings([text]).vectors[0], self._tokens(text), np.ones(len(spans), dtype=np.float32), spans
        )

    def encode_whole(
        self, texts: Sequence[str], *, as_questions: bool = False, report: Callable[[int], None] | None = None
    ) -> Vectors:
        if not as_questions:
            return self.encode(texts, report=report).vectors
        if report:
            report(len(texts))
        rows = [self.encode_query(text).vector for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, self._dimensions)

    def knows(self, word: str) -> bool:
        return not word  # it has never seen any

    def blueprint(self) -> Blueprint | None:
        return None

    def products(self, query: Vectors, rows: npt.NDArray[np.uint8]) -> Vectors:
        return products(query, rows)

    @staticmethod
    def _spans(text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+", text)]

    def _tokens(self, text: str) -> Vectors:
        words = re.findall(r"\w+", text.lower())
        tokens = np.zeros((len(words), self._dimensions), dtype=np.float32)
        for row, word in enumerate(words):
            tokens[row, int(hashlib.sha256(word.encode()).hexdigest(), 16) % self._dimensions] = 1
        return tokens


class BilingualEncoder(BagOfWordsEncoder):
    """Reads words of French as the English ones that they mean."""

    name = "bilingual bag"
    sha256 = "2" * 64
    _ENGLISH: ClassVar[dict[str, str]] = {
        "enfants": "children",
        "données": "data",
        "frontières": "borders",
        "langue": "language",
    }

    def _tokens(self, text: str) -> Vectors:
        return super()._tokens(" ".join(self._ENGLISH.get(word, word) for word in re.findall(r"\w+", text.lower())))
