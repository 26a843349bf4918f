import dataclasses

import numpy as np
import pytest

from assistant.documents.corpus import Corpus
from assistant.documents.passages import split_document
from assistant.encoding.token_vectors import TokenVectors
from assistant.index.lexical import LexicalIndex
from assistant.index.local_store import LocalStore
from assistant.index.passage_index import MultilingualVectors, PassageIndex
from assistant.index.store import Store
from assistant.index.vectors import SearchableVectors
from assistant.objectives.stated import with_stated_tags
from tests.conftest import make_document
from tests.fakes import BagOfWordsEncoder

TEXT = "Title\n\nGCM objective 7 is named “here”.\n\nSomething else; and more.\n"


def build_corpus(text: str = TEXT) -> Corpus:
    """A corpus of one document, and of one file that couldn't be read."""
    document = make_document(text)
    return Corpus((document,), (document.source,), ("one file: unreadable",))


def build_index(text: str = TEXT) -> PassageIndex:
    """The index of `build_corpus`; each passage is one sentence."""
    (document,) = build_corpus(text).documents
    passages = with_stated_tags(document, split_document(document), ())
    texts = [passage.text for passage in passages]
    encodings = BagOfWordsEncoder().encode_passages(texts, with_tokens=True)
    assert encodings.tokens is not None
    return PassageIndex(
        tuple(passages),
        tuple(((passage.body, len(passage.text)),) for passage in passages),
        SearchableVectors.of(encodings.vectors),
        encodings.vectors,
        encodings.tokens,
        encodings.tokens.starts[:-1],
        np.zeros((len(passages), 2), dtype=np.float32),
    )


def store_of(index: PassageIndex) -> Store:
    """A store of an index, by the words of its passages."""
    return LocalStore(index, LexicalIndex.of([passage.text for passage in index.passages]))


def test_an_index_of_its_arrays_is_as_it_was() -> None:
    built = build_index()

    again = PassageIndex.from_arrays(built.arrays(), build_corpus())

    assert again.passages == built.passages
    assert again.sentences == built.sentences
    np.testing.assert_array_equal(again.vectors.rows, built.vectors.rows)
    np.testing.assert_array_equal(again.sentence_starts, [0, 1, 2])
    for name, array in built.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], array)


def test_rows_that_do_not_fit_are_refused() -> None:
    built = build_index()

    with pytest.raises(ValueError, match="rows that don't fit"):
        dataclasses.replace(built, sentence_vectors=built.sentence_vectors[:1])


def test_multilingual_vectors_of_their_arrays_are_as_they_were() -> None:
    tokens = TokenVectors.from_unit_rows(np.eye(3, dtype=np.float32), np.arange(3, dtype=np.int32), np.arange(4))
    vectors = MultilingualVectors(
        np.eye(3, dtype=np.float32), np.ones((5, 3), dtype=np.float32), tokens, np.array([0, 0, 1, 1, 2])
    )

    again = MultilingualVectors.from_arrays(vectors.arrays())

    np.testing.assert_array_equal(again.passages, vectors.passages)
    np.testing.assert_array_equal(again.sentences, vectors.sentences)
    np.testing.assert_array_equal(again.tokens.restored(), tokens.restored())
    np.testing.assert_array_equal(again.sentence_tokens, vectors.sentence_tokens)
