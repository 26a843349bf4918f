"""Small real things that stand in for large ones."""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np

from assistant.encoding.conversion import Blueprint
from assistant.encoding.encoder import Encodings, Identity, Query, Vectors
from assistant.encoding.selection import QueryRuntime
from assistant.encoding.sentence_encoder import SentenceEncoder
from assistant.encoding.token_vectors import TokenVectors
from assistant.language import content_words


class BagOfWordsEncoder:
    """A deterministic encoder by which texts that share words are near each other."""

    identity = Identity("bag-of-words", "0" * 64)
    _dimensions = 512

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_passages(
        self, texts: Sequence[str], *, with_tokens: bool = False, report: Callable[[int], None] | None = None
    ) -> Encodings:
        self.encoded += texts
        if report:
            report(len(texts))
        encodings = self._encodings(texts)
        return encodings if with_tokens else Encodings(encodings.vectors)

    def encode_query(self, text: str) -> Query:
        spans = tuple(self._spans(text))[:512]  # as many as a real one reads
        read = text[: spans[-1][1]] if spans else text
        return Query(
            self._encodings([read]).vectors[0], self._tokens(read), np.ones(len(spans), dtype=np.float32), spans
        )

    def _encodings(self, texts: Sequence[str]) -> Encodings:
        tokens = [self._tokens(text) for text in texts]
        sums = np.stack([rows.sum(axis=0) for rows in tokens])
        vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        starts = np.concatenate([[0], np.cumsum([len(rows) for rows in tokens])])
        spans = np.array([span for text in texts for span in self._spans(text)], dtype=np.int64).reshape(-1, 2)
        return Encodings(vectors.astype(np.float32), TokenVectors.of(texts, np.concatenate(tokens), spans, starts))

    @staticmethod
    def _spans(text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+", text)]

    def _tokens(self, text: str) -> Vectors:
        words = re.findall(r"\w+", text.lower())
        tokens = np.zeros((len(words), self._dimensions), dtype=np.float32)
        for row, word in enumerate(words):
            tokens[row, int(hashlib.sha256(word.encode()).hexdigest(), 16) % self._dimensions] = 1
        return tokens


def bag_of_words() -> QueryRuntime:
    """Run a bag of words for questions."""
    return QueryRuntime(BagOfWordsEncoder(), knows=lambda _: False)


class UnconvertibleEncoder(SentenceEncoder):
    """The packaged model, said to consist of something other than a BERT."""

    def blueprint(self) -> Blueprint:
        return Blueprint({}, heads=1, epsilon=0.0, pooling="mean", tokenizer="{}", special=(), window=8)


class BilingualEncoder(BagOfWordsEncoder):
    """A bag of words in which words of French count as the English ones that they mean."""

    identity = Identity("bilingual bag", "2" * 64)
    _ENGLISH: ClassVar[dict[str, str]] = {
        "enfants": "children",
        "données": "data",
        "frontières": "borders",
        "langue": "language",
    }

    def _tokens(self, text: str) -> Vectors:
        return super()._tokens(" ".join(self._ENGLISH.get(word, word) for word in re.findall(r"\w+", text.lower())))


class SharedWordsReader:
    """A cross-encoder that counts the words of a question that a passage holds, and keeps what it read.

    Attributes:
        read: Each question and passage that it was given.
    """

    identity = Identity("shared words", "3" * 64)

    def __init__(self, *, steps: float = 1.0, start: float = 0.0) -> None:
        self.read: list[tuple[str, str]] = []
        self._steps, self._start = steps, start

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        self.read += [(question, passage) for passage in passages]
        asked = set(content_words(question))
        return [self._start + self._steps * len(asked & set(content_words(passage))) for passage in passages]
