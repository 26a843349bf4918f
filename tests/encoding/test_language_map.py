import numpy as np
import pytest

from assistant.encoding.encoder import unit
from assistant.encoding.language_map import LanguageMap

DIMENSIONS = 16
# What each language adds to every vector of its texts.
SHIFTS = {"en": np.eye(DIMENSIONS)[0], "fr": np.eye(DIMENSIONS)[1], "de": np.eye(DIMENSIONS)[2]}


def texts_of(language: str, subjects: np.ndarray) -> np.ndarray:
    return unit((subjects + 3 * SHIFTS[language]).astype(np.float32))


@pytest.fixture(scope="module")
def subjects() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(200, DIMENSIONS)).astype(np.float32)


@pytest.fixture(scope="module")
def language_map(subjects: np.ndarray) -> LanguageMap:
    vectors = np.concatenate([texts_of("en", subjects), texts_of("fr", subjects)])
    languages = ["en"] * len(subjects) + ["fr"] * len(subjects)
    is_term = np.tile(np.arange(len(subjects)) % 4 > 0, 2)
    english = unit(subjects[is_term[: len(subjects)]][:, ::-1].copy())
    return LanguageMap.fit(vectors, languages, is_term=is_term, english=english)


def test_terms_of_one_subject_are_alike_in_two_languages_once_centred(
    language_map: LanguageMap, subjects: np.ndarray
) -> None:
    english, french = texts_of("en", subjects), texts_of("fr", subjects)
    before = (english * french).sum(axis=1).mean()

    centred = [
        language_map.centred_terms(vectors, [language] * len(vectors))
        for language, vectors in (("en", english), ("fr", french))
    ]

    assert before < 0.7
    assert (centred[0] * centred[1]).sum(axis=1).mean() > 0.95


def test_a_question_crosses_the_bridge_to_the_vectors_of_the_other_encoder(
    language_map: LanguageMap, subjects: np.ndarray
) -> None:
    question = texts_of("fr", subjects[:1])[0]

    bridged = language_map.bridged_question(question, "fr")

    assert np.argmax(unit(subjects[:, ::-1].copy()) @ bridged) == 0


def test_an_unknown_language_is_centred_by_the_mean_of_all_but_english(
    language_map: LanguageMap, subjects: np.ndarray
) -> None:
    question = texts_of("de", subjects[:1])[0]

    assert np.array_equal(language_map.centred_question(question, "de"), language_map.centred_question(question, "fr"))
    assert not np.array_equal(
        language_map.centred_question(question, "de"), language_map.centred_question(question, "en")
    )


def test_a_map_is_kept_as_arrays_and_read_again(language_map: LanguageMap) -> None:
    again = LanguageMap.from_arrays(language_map.arrays())

    assert again.languages == ("en", "fr")
    for name, array in language_map.arrays().items():
        assert np.array_equal(again.arrays()[name], array)
