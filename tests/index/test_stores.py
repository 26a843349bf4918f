import pytest

from assistant.errors import InputError
from assistant.index.lexical import LexicalIndex
from assistant.index.stores import STORES, open_store
from tests.index.test_passage_index import build_index

PASSAGES = build_index()
WORDS = LexicalIndex.of([passage.text for passage in PASSAGES.passages])


@pytest.mark.parametrize("engine", ["", *STORES])
def test_each_engine_opens_a_store_of_the_passages(engine: str) -> None:
    store = open_store(engine, PASSAGES, WORDS, None)

    assert len(store) == len(PASSAGES.passages)
    assert {id: source.title for id, source in store.sources.items()} == {"made-up": "Made up"}


def test_an_unknown_engine_is_named_with_those_that_exist() -> None:
    with pytest.raises(InputError, match="'abacus' is none of local"):
        open_store("abacus://somewhere", PASSAGES, WORDS, None)
