"""Measure what the ranking loses when the vectors of word pieces are made smaller: fewer dimensions, fewer bits.

    python -m bench.projection --documents FOLDER --index FOLDER [--every 2]

The folder holds texts, and beside each its questions (as `bench/documents` does); each question is asked of all of
them. Dimensions are the first principal axes of all word pieces of the index; 0 stands for vectors as they are.
"""

import argparse
import importlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from assistant import Assistant
from assistant.encoding import NO_ENCODER, NO_READER, TokenProducts, Vectors
from assistant.evaluation import read_gold, relevant_passages
from assistant.settings import Settings

DEPTH = 10  # passages of a ranking that are looked at
SMALLER = ((0, 8), (384, 4), (192, 4), (128, 8), (128, 4), (96, 8), (64, 8))  # dimensions and bits


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--every", type=int, default=1, help="of so many questions one is asked")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        index = chosen.index or Path(scratch)
        settings = Settings(chosen.documents, index, multilingual=NO_ENCODER, reader=NO_READER)
        assistant = Assistant.from_settings(settings)
        asked = list(questions(assistant, chosen.documents))[:: chosen.every]
        rows = assistant.build.passages.tokens.restored()
        axes = np.linalg.svd(rows.T @ rows)[2]
        print(f"{len(asked)} questions, {len(assistant.passages)} passages, {len(rows)} word pieces")
        for dimensions, bits in SMALLER:
            with made_smaller(axes[:dimensions].T, bits):
                found = np.array([place(assistant, *each) for each in asked])
            shares = [float((found < depth).mean()) for depth in (1, 3, 5)]
            reciprocal = float((1 / (1 + found)).mean())
            print(dimensions, bits, *(f"{share:.4f}" for share in (*shares, reciprocal)), flush=True)


def questions(assistant: Assistant, folder: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each question that is answered with the ids of the passages that answer it."""
    for document in assistant.documents.values():
        own = [passage for passage in assistant.passages if passage.source.id == document.source.id]
        for row in read_gold((folder / document.source.file).with_suffix(".jsonl")):
            if row.get("evidence") and (right := relevant_passages(own, row)):
                yield row["question"], right


def place(assistant: Assistant, question: str, right: frozenset[str]) -> float:
    """Return the place of the first passage that answers, from 0; infinite where none is found."""
    hits = assistant.ranked_hits(question, top_k=DEPTH)
    return next((at for at, hit in enumerate(hits) if hit.passage.id in right), float("inf"))


@contextmanager
def made_smaller(axes: Vectors, bits: int) -> Iterator[None]:
    """Compare word pieces along some axes, rounded to so many bits; as they are without axes."""
    steps = 2 ** (bits - 1) - 1
    kept = importlib.import_module("assistant.index.fetched").FetchedTokens

    def cosines(tokens: Any, query: Vectors, _: TokenProducts) -> Vectors:
        rows = (tokens.rows.astype(np.float32) - 128) * tokens.scales[:, None] @ axes
        scales = np.abs(rows).max(axis=1, keepdims=True) / steps
        products: Vectors = (query @ axes) @ (np.rint(rows / scales) * scales).T
        return products

    made: Callable[..., Vectors] = cosines if axes.size else kept._cosines
    with patch.object(kept, "_cosines", made):
        yield


if __name__ == "__main__":
    main()
