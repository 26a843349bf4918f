import numpy as np

from assistant.documents.passages import split_document
from assistant.journeys.building.texts import Texts, encode_multilingual, encode_texts, encode_whole, open_cache
from assistant.records import Progress
from tests.conftest import make_document
from tests.fakes import BagOfWordsEncoder
from tests.index.test_passage_index import build_index

TEXTS = Texts.of(split_document(make_document("Title\n\n1. Boats leave. Trains wait.\n\n2. Nobody walks.\n")))


def test_passages_are_split_into_sentences_under_their_headings() -> None:
    assert list(TEXTS.sentences) == ["1. Boats leave.", "Trains wait.", "2. Nobody walks."]
    assert list(TEXTS.whole) == ["Title 1. Boats leave. Trains wait.", "Title 2. Nobody walks."]


def test_the_first_token_of_a_sentence_is_that_of_its_first_word() -> None:
    cache = open_cache(BagOfWordsEncoder(), None, folder=None)
    encode_texts(TEXTS, cache, lambda _: None)
    tokens = cache.tokens(TEXTS.whole)

    firsts = TEXTS.sentence_tokens(tokens)

    assert len(firsts) == len(TEXTS.sentences)
    assert (np.diff(firsts) > 0).all()
    for first, sentence in zip(firsts, TEXTS.sentences, strict=True):
        assert tokens.restored()[first] @ BagOfWordsEncoder().encode_query(sentence.split()[0]).tokens[0] > 0.9


def test_what_an_older_build_knows_is_not_encoded_again() -> None:
    known, encoder = build_index("Title\n\nBoats leave.\n"), BagOfWordsEncoder()
    texts = Texts.of(known.passages)

    encode_texts(texts, open_cache(encoder, known, folder=None), lambda _: None)

    assert encoder.encoded == []


def test_further_texts_are_encoded_without_tokens() -> None:
    cache = open_cache(BagOfWordsEncoder(), None, folder=None)

    vectors = encode_whole(["boats leave", "boats stay"], cache)

    assert vectors.shape[0] == 2
    assert not cache.holds("boats leave", with_tokens=True)


def test_multilingual_vectors_are_taken_over_for_texts_that_stay() -> None:
    index = build_index("Title\n\nBoats leave.\n")
    texts, told = Texts.of(index.passages), list[Progress]()
    first = encode_multilingual(texts, BagOfWordsEncoder(), None, told.append)
    again = BagOfWordsEncoder()

    second = encode_multilingual(texts, again, (index, first), told.append)

    assert again.encoded == []
    np.testing.assert_array_equal(second.passages, first.passages)
    np.testing.assert_array_equal(second.sentences, first.sentences)
    assert {progress.stage for progress in told} == {"languages"}
