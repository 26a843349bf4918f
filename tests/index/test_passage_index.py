from dataclasses import replace

import numpy as np
import pytest

from assistant.documents.passages import split_document
from assistant.encoding.token_vectors import TokenVectors
from assistant.index.lexical import LexicalIndex
from assistant.index.local_store import LocalStore
from assistant.index.passage_index import Origin, PassageIndex
from assistant.objectives.stated import with_stated_tags
from tests.conftest import make_document
from tests.fakes import BagOfWordsEncoder

ORIGIN = Origin("bag-of-words", "0" * 64, "sha256:made-up")


def build_index(text: str = "Title\n\nGCM objective 7 is named “here”.\n\nSomething else; and more.\n") -> PassageIndex:
    """A small index of one document."""
    document = make_document(text)
    passages = with_stated_tags(document, split_document(document), ())
    sentences = [((passage.body, len(passage.text)),) for passage in passages]
    texts = [passage.text for passage in passages]
    encodings = BagOfWordsEncoder().encode_passages(texts, with_tokens=True)
    assert encodings.tokens is not None
    tokens = TokenVectors.of(texts, encodings.tokens)
    return PassageIndex.build(
        ORIGIN,
        sources=[document.source],
        documents=[document],
        passages=passages,
        sentences=sentences,
        vectors=encodings.vectors,
        sentence_vectors=encodings.vectors,
        tokens=tokens,
        sentence_tokens=tokens.starts[:-1],
        objective_probabilities=np.zeros((len(passages), 2), dtype=np.float32),
        problems=["one file: unreadable"],
    )


def store_of(index: PassageIndex) -> LocalStore:
    """A store of an index, by the words of its passages."""
    return LocalStore(index, LexicalIndex.of([passage.text for passage in index.passages]))


def test_the_nearest_passage_comes_first() -> None:
    index = build_index()

    nearest = index.nearest(BagOfWordsEncoder().encode_query("something else").vector, 5)

    assert [row for row, _ in nearest] == [1, 0]
    assert nearest[0][1] > nearest[1][1]


def test_tokens_are_matched_one_by_one() -> None:
    index = build_index()
    query = BagOfWordsEncoder().encode_query("something named nowhere").tokens

    matches = index.token_matches(index.chosen(np.array([0, 1])), query)

    np.testing.assert_allclose(matches.passages, [[0, 1], [1, 0], [0, 0]], atol=0.01)
    np.testing.assert_allclose(matches.sentences, matches.passages)


@pytest.mark.parametrize("rows", [[0], [1], [2], [2, 0], [1, 2]])
def test_each_sentence_is_matched_with_its_own_tokens(rows: list[int]) -> None:
    chance = np.random.default_rng(3)
    vectors = chance.normal(size=(12, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    # The first has a heading's token before two sentences; the second's middle sentence and all of the third's heading
    # have none.
    starts, firsts = np.array([0, 5, 9, 12]), np.array([1, 3, 5, 7, 7, 9])
    counts = [2, 3, 1]
    passages = build_index().passages[:1] * 3
    index = PassageIndex.build(
        ORIGIN,
        sources=[],
        documents=[],
        passages=passages,
        sentences=[[(0, 1)] * count for count in counts],
        vectors=vectors[:3],
        sentence_vectors=vectors[:6],
        tokens=TokenVectors.from_unit_rows(vectors, np.arange(12, dtype=np.int32), starts),
        sentence_tokens=firsts,
        objective_probabilities=np.zeros((3, 2), dtype=np.float32),
    )
    query = vectors[[4, 11, 0]]
    pieces = [(1, 3), (3, 5), (5, 7), (7, 7), (7, 9), (9, 12)]
    chosen = [piece for row in rows for piece in pieces[sum(counts[:row]) : sum(counts[: row + 1])]]
    cosines = query @ vectors.T

    found = index.token_matches(index.chosen(np.array(rows)), query)

    of_sentences = [
        cosines[:, first:last].max(axis=1, initial=-1) if last > first else np.zeros(3) for first, last in chosen
    ]
    of_passages = [cosines[:, starts[row] : starts[row + 1]].max(axis=1) for row in rows]
    np.testing.assert_allclose(found.sentences, np.stack(of_sentences, axis=1), atol=0.01)
    np.testing.assert_allclose(found.passages, np.stack(of_passages, axis=1), atol=0.01)


def test_a_small_index_taken_whole_is_matched_as_one_that_is_gathered() -> None:
    index = build_index()
    gathering = replace(index, everything=None)
    query, rows = BagOfWordsEncoder().encode_query("something named nowhere"), np.arange(len(index.passages))

    whole, gathered = index.chosen(rows), gathering.chosen(rows)

    assert whole.tokens == slice(None)
    one, two = index.token_matches(whole, query.tokens), gathering.token_matches(gathered, query.tokens)
    np.testing.assert_array_equal(one.passages, two.passages)
    np.testing.assert_array_equal(one.sentences, two.sentences)
    cosines = index.sentence_cosines(whole, query.vector)
    np.testing.assert_array_equal(cosines, gathering.sentence_cosines(gathered, query.vector))


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
            sentence_tokens=built.sentence_tokens,
            objective_probabilities=built.objective_probabilities,
        )
