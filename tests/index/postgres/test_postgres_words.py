import numpy as np
import pytest

from assistant.index.lexical import LexicalIndex
from assistant.index.postgres import postgres_words as module
from assistant.index.postgres.postgres_words import PostgresWords
from assistant.index.postgres.repository import PostgresRepository
from assistant.index.store import ByWords
from tests.index.postgres.contents import COUNT, contents


@pytest.fixture
def words(repository: PostgresRepository) -> PostgresWords:
    repository.publish({}, {}, contents())
    found = repository.open().store.words
    assert isinstance(found, PostgresWords)
    return found


@pytest.fixture
def local() -> LexicalIndex:
    return contents().words


def test_scores_are_those_of_the_local_words(words: PostgresWords, local: LexicalIndex) -> None:
    asked, rows = ["lighthouse", "ferries", "number", "unheard"], np.arange(COUNT)

    np.testing.assert_array_equal(words.scores(asked, rows), local.scores(asked))
    np.testing.assert_array_equal(words.scores(["unheard"], rows), np.zeros(COUNT))


@pytest.mark.parametrize("asked", [["lighthouse"], ["ferry", "number"], ["ferry", "unheard"], ["the"], []])
def test_what_holds_words_is_found(words: PostgresWords, local: LexicalIndex, asked: list[str]) -> None:
    assert words.rows_holding(asked) == local.rows_holding(asked)


def test_a_passage_tells_what_it_holds(words: PostgresWords, local: LexicalIndex) -> None:
    assert words.row_holds(COUNT - 1, "lighthouses")
    assert not words.row_holds(0, "lighthouse")
    for other in (1, COUNT - 1):
        assert words.are_alike(0, other, 0.5) == local.are_alike(0, other, 0.5)


def test_where_most_passages_hold_a_word_those_with_rarer_ones_come_first(
    repository: PostgresRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SCORED", 5)
    repository.publish({}, {}, contents())

    store = repository.open().store

    assert store.propose(ByWords(["ferry", "lighthouse"]), count=1).tolist() == [COUNT - 1]
    assert 0 < len(store.propose(ByWords(["ferry", "passengers"]), count=4)) <= 4
