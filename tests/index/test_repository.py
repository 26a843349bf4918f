from assistant.index.repository import Contents
from tests.index.postgres.contents import contents


def test_contents_without_other_languages_have_no_vectors_for_them() -> None:
    of = contents(multilingual=False)

    assert of == Contents(of.corpus, of.passages, of.words)
