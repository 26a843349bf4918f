import pytest

from assistant.retrieval.finders import Finders
from tests.conftest import small_finders


@pytest.fixture(scope="module")
def finders(tmp_path_factory: pytest.TempPathFactory) -> Finders:
    return small_finders(tmp_path_factory.mktemp("small"), "Title\n\nChildren are protected by the authorities.\n")


def test_english_is_searched_for_by_its_own_finder(finders: Finders) -> None:
    assert finders.for_question("Who protects the children?") == (finders.english,)


def test_without_multilingual_vectors_another_language_can_not_be_read(finders: Finders) -> None:
    assert finders.for_question("Qui protège les enfants des migrants dans le pays ?") == ()
    assert finders.languages == ("en",)
    assert finders.in_language("fr") is finders.english


def test_a_handle_and_what_is_quoted_do_not_tell_the_language(finders: Finders) -> None:
    assert finders.spoken("What is “les enfants des pays” in @nosotros?").language == "en"
