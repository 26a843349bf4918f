import numpy as np
import pytest

from assistant.index import Origin, PassageIndex, TokenVectors
from assistant.objectives import with_stated_tags
from assistant.passages import split_document
from tests.conftest import make_document
from tests.fakes import BagOfWordsEncoder

ORIGIN = Origin("bag-of-words", "0" * 64, "sha256:made-up")


def build_index(text: str = "Title\n\nGCM objective 7 is named “here”.\n\nSomething else; and more.\n") -> PassageIndex:
    """A small index of one document."""
    document = make_document(text)
    passages = with_stated_tags(document, split_document(document), ())
    sentences = [((passage.body, len(passage.text)),) for passage in passages]
    encodings = BagOfWordsEncoder().encode([passage.text for passage in passages])
    tokens = TokenVectors.from_unit_rows(encodings.tokens, encodings.starts)
    return PassageIndex.build(
        ORIGIN,
        sources=[document.source],
        documents=[document],
        passages=passages,
        sentences=sentences,
        vectors=encodings.vectors,
        sentence_vectors=encodings.vectors,
        tokens=tokens,
        problems=["one file: unreadable"],
    )


def test_the_nearest_passage_comes_first() -> None:
    index = build_index()

    nearest = index.nearest(BagOfWordsEncoder().encode(["something else"]).vectors[0], 5)

    assert [row for row, _ in nearest] == [1, 0]
    assert nearest[0][1] > nearest[1][1]


def test_tokens_are_matched_one_by_one() -> None:
    index = build_index()
    query = BagOfWordsEncoder().encode(["something named nowhere"]).tokens

    matches = index.token_matches(np.array([0, 1]), query)

    np.testing.assert_allclose(matches, [[0, 1], [1, 0], [0, 0]], atol=0.01)


def test_small_tokens_keep_their_directions() -> None:
    rows = np.random.default_rng(1).normal(size=(50, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)

    tokens = TokenVectors.from_unit_rows(rows, np.array([0, 20, 50]))

    np.testing.assert_allclose(tokens.rows * tokens.scales[:, None] @ rows.T, rows @ rows.T, atol=0.01)
    assert len(tokens.of(1).rows) == 30


def test_rows_that_do_not_fit_are_refused() -> None:
    built = build_index()

    with pytest.raises(ValueError, match="rows that don't fit"):
        PassageIndex.build(
            ORIGIN,
            sources=built.sources,
            documents=built.documents,
            passages=built.passages,
            sentences=built.sentences,
            vectors=built.sentence_vectors[:1],
            sentence_vectors=built.sentence_vectors,
            tokens=built.tokens,
        )
