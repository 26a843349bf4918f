from dataclasses import replace

import faiss
import numpy as np
import pytest

from assistant.embeddings import Vectors, unit
from assistant.index import Origin, PassageIndex, TokenVectors, searchable, vectors_from_bytes, vectors_to_bytes
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
    words = np.concatenate([np.arange(count) for count in np.diff(encodings.starts)]).astype(np.int32)
    tokens = TokenVectors.from_unit_rows(encodings.tokens, words, encodings.starts)
    return PassageIndex.build(
        ORIGIN,
        sources=[document.source],
        documents=[document],
        passages=passages,
        sentences=sentences,
        vectors=encodings.vectors,
        sentence_vectors=encodings.vectors,
        tokens=tokens,
        sentence_tokens=encodings.starts[:-1],
        concerns=np.zeros((len(passages), 2), dtype=np.float32),
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
        concerns=np.zeros((3, 2), dtype=np.float32),
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
    query, rows = BagOfWordsEncoder().encode(["something named nowhere"]), np.arange(len(index.passages))

    whole, gathered = index.chosen(rows), gathering.chosen(rows)

    assert whole.tokens == slice(None)
    one, two = index.token_matches(whole, query.tokens), gathering.token_matches(gathered, query.tokens)
    np.testing.assert_array_equal(one.passages, two.passages)
    np.testing.assert_array_equal(one.sentences, two.sentences)
    cosines = index.sentence_cosines(whole, query.vectors[0])
    np.testing.assert_array_equal(cosines, gathering.sentence_cosines(gathered, query.vectors[0]))


def test_small_tokens_keep_their_directions() -> None:
    rows = np.random.default_rng(1).normal(size=(50, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)

    tokens = TokenVectors.from_unit_rows(rows, np.arange(50, dtype=np.int32), np.array([0, 20, 50]))

    np.testing.assert_allclose(tokens.restored() @ rows.T, rows @ rows.T, atol=0.01)


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
            concerns=built.concerns,
        )


def clustered(count: int, *, seed: int) -> Vectors:
    """Unit vectors that lie together in heaps of very different sizes, as texts do on their topics."""
    chance = np.random.default_rng(seed)
    topics = np.random.default_rng(0).normal(size=(400, 384)).astype(np.float32)
    chosen = np.minimum(chance.geometric(0.01, size=count), len(topics)) - 1
    return unit(topics[chosen] + 0.7 * chance.normal(size=(count, 384)).astype(np.float32))


@pytest.fixture(scope="module")
def large() -> PassageIndex:
    """An index of so many passages that not all of them are looked at."""
    built = build_index()
    vectors = clustered(24_000, seed=1)
    return replace(built, passages=built.passages[:1] * len(vectors), vectors=searchable(vectors))


def test_a_large_index_finds_nearly_all_of_the_nearest_by_rough_vectors_first(large: PassageIndex) -> None:
    vectors, questions = large.all_vectors(), clustered(100, seed=2)
    exact = np.argsort(-(questions @ vectors.T), axis=1)[:, :10]

    # As many as are looked at further.
    found = [[row for row, _ in large.nearest(question, 100)[:10]] for question in questions]

    assert isinstance(large.vectors, faiss.IndexRefine)
    shared = [len(set(one) & set(two.tolist())) / 10 for one, two in zip(found, exact, strict=True)]
    assert np.mean(shared) >= 0.97


def test_rows_of_a_large_index_keep_their_vectors(large: PassageIndex) -> None:
    vectors = clustered(24_000, seed=1)

    np.testing.assert_array_equal(large.all_vectors(), vectors)
    np.testing.assert_array_equal(large.vector(23_456), vectors[23_456])
    again = replace(large, vectors=vectors_from_bytes(vectors_to_bytes(large.vectors)))
    assert again.nearest(vectors[7], 5) == large.nearest(vectors[7], 5)


@pytest.mark.parametrize("allowed", [50, 22_000])
def test_only_the_passages_that_are_looked_among_are_found(large: PassageIndex, allowed: int) -> None:
    among = np.arange(24_000) < allowed
    question = clustered(1, seed=2)[0]

    found = large.nearest(question, 10, among=among)

    assert len(found) == 10
    assert all(row < allowed for row, _ in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_a_few_passages_of_a_large_index_are_compared_exactly(large: PassageIndex) -> None:
    among = np.arange(24_000) % 100 == 0
    question = clustered(1, seed=2)[0]

    found = large.nearest(question, 10, among=among)

    cosines = np.where(among, large.all_vectors() @ question, -1)
    assert [row for row, _ in found] == np.argsort(-cosines)[:10].tolist()
