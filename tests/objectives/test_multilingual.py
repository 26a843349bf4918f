import numpy as np
import pytest

from assistant.objectives.multilingual import MultilingualClassifier, multilingual_examples, term_array
from assistant.records import Example, Translated
from tests.fakes import BilingualEncoder

WORDS = {1: ("data", "données"), 2: ("children", "enfants"), 3: ("borders", "frontières")}
ENGLISH = [Example(f"{english} number{n}", number) for number, (english, _) in WORDS.items() for n in range(6)]
FRENCH = [Translated(f"{french} numéro{n}", number, "fr") for number, (_, french) in WORDS.items() for n in range(6)]
QUESTIONS = [Translated("Que dit le texte ?", None, "fr"), Translated("What does the text say?", None, "en")]


@pytest.fixture(scope="module")
def classifier() -> MultilingualClassifier:
    encoder = BilingualEncoder()
    examples = multilingual_examples(ENGLISH, [*FRENCH, *QUESTIONS])
    return MultilingualClassifier.fit(
        encoder,
        examples,
        english=lambda texts: encoder.encode_passages(texts).vectors,
        report=lambda _: None,
    )


@pytest.mark.parametrize(("text", "language", "row"), [("les données", "fr", 0), ("the borders", "en", 2)])
def test_a_question_falls_under_its_objective_in_any_language(
    classifier: MultilingualClassifier, text: str, language: str, row: int
) -> None:
    probabilities = classifier.objective_probabilities(BilingualEncoder().encode_query(text).vector, language)

    assert int(np.argmax(probabilities)) == row
    assert ((probabilities > 0) & (probabilities < 1)).all()


def test_a_classifier_is_kept_as_arrays_and_read_again(classifier: MultilingualClassifier) -> None:
    again = MultilingualClassifier.from_arrays(classifier.arrays())

    vector = BilingualEncoder().encode_query("les enfants").vector
    assert again.terms == classifier.terms
    assert np.array_equal(again.objective_probabilities(vector, "fr"), classifier.objective_probabilities(vector, "fr"))


def test_long_examples_are_left_out_and_english_comes_first() -> None:
    long = Example("word " * 40, 1)

    examples = multilingual_examples([long, ENGLISH[0]], FRENCH)

    assert [each.language for each in examples] == ["en", *["fr"] * len(FRENCH)]


def test_terms_are_kept_without_questions() -> None:
    assert term_array([FRENCH[0], *QUESTIONS]).tolist() == [["données numéro0", "fr", "1"]]
