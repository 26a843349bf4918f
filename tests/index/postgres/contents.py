"""Builds to publish: many paragraphs about ferries, one of them otherwise."""

import numpy as np

from assistant.documents import context_of
from assistant.encoding import TokenVectors
from assistant.index.lexical import LexicalIndex
from assistant.index.passage_index import MultilingualVectors
from assistant.index.repository import Contents
from tests.index.test_passage_index import build_corpus, build_index

COUNT = 20  # paragraphs


def contents(verb: str = "sails", *, multilingual: bool = True) -> Contents:
    """One document; the last of its passages is about a lighthouse and states objective 7."""
    paragraphs = [f"{n}. Ferry number {n} {verb}; passengers wait." for n in range(1, COUNT)]
    text = "Title\n\n" + "\n\n".join([*paragraphs, f"{COUNT}. GCM objective 7 has a lighthouse."]) + "\n"
    index = build_index(text)
    vectors = np.random.default_rng(0).normal(size=(2, len(index.passages), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    words = LexicalIndex.of([context_of(passage) for passage in index.passages])
    tokens = TokenVectors.from_unit_rows(
        vectors[0], np.zeros(len(vectors[0]), dtype=np.int32), np.arange(len(vectors[0]) + 1)
    )
    firsts = np.arange(len(vectors[0]))  # a token for each passage, which has one sentence
    other = MultilingualVectors(vectors[0], vectors[1], tokens, firsts) if multilingual else None
    return Contents(build_corpus(text), index, words, other)
