import numpy as np
import pytest

from assistant.errors import StoreError
from assistant.index.postgres.repository import PostgresRepository
from assistant.index.storage import Part
from tests.index.postgres.contents import COUNT, contents
from tests.postgres import new_database


def test_an_empty_database_says_what_to_do() -> None:
    with new_database() as address:
        repository = PostgresRepository(address)

        with pytest.raises(StoreError, match="python -m assistant index"):
            repository.open()
        repository.close()


def test_what_was_published_is_opened(repository: PostgresRepository) -> None:
    parts = {"model": Part({"weights": np.arange(3)}, {"name": "a model"}), "facts": Part({}, {"point": 0.5})}
    repository.publish({"corpus": "sha256:1"}, parts, contents())

    published = repository.open()

    assert published.about == {"corpus": "sha256:1"}
    assert published.parts["facts"] == parts["facts"]
    np.testing.assert_array_equal(published.parts["model"].arrays["weights"], np.arange(3))
    assert len(published.store) == len(published.passages) == COUNT


def test_documents_and_passages_are_read_when_they_are_looked_at(repository: PostgresRepository) -> None:
    of = contents()
    repository.publish({}, {}, of)

    published = repository.open()

    (document,) = of.corpus.documents
    (held,) = published.documents.values()
    assert (held.source, held.text, held.paragraphs) == (document.source, document.text, document.paragraphs)
    assert tuple(published.passages) == of.passages.passages
    assert published.passages[-1] == of.passages.passages[-1]
    assert published.passages[2:4] == list(of.passages.passages[2:4])
    with pytest.raises(KeyError):
        published.documents["none"]
