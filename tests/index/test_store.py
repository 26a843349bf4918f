from collections.abc import Iterator

import numpy as np
import pytest

from assistant.documents import context_of
from assistant.index.lexical import LexicalIndex
from assistant.index.repository import Contents
from assistant.index.store import EVERYTHING, ByMeaning, ByPlace, ByRow, ByWords, Criterion, Filter, Store
from assistant.index.stores import repository_at
from tests.fakes import BagOfWordsEncoder
from tests.index.test_passage_index import build_corpus, build_index, store_of
from tests.postgres import new_database

COUNT = 150  # more than are fetched at once


@pytest.fixture(scope="module", params=["local", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Passages about ferries, but for the last two, which are about a lighthouse; the very last states objective 7."""
    paragraphs = [f"{n}. Ferry number {n} sails; passengers wait." for n in range(1, COUNT - 1)]
    last = f"{COUNT - 1}. A lighthouse stands here.\n\n{COUNT}. GCM objective 7 has a lighthouse."
    text = "Title\n\n" + "\n\n".join(paragraphs) + f"\n\n{last}\n"
    if request.param == "local":
        yield store_of(build_index(text))
        return
    with new_database() as address:
        repository = repository_at(address)
        index = build_index(text)
        words = LexicalIndex.of([context_of(passage) for passage in index.passages])
        repository.publish({}, {}, Contents(build_corpus(text), index, words))
        yield repository.open().store


def vector(text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    encoded: np.ndarray[tuple[int], np.dtype[np.float32]] = BagOfWordsEncoder().encode_query(text).vector
    return encoded


def proposed(store: Store, criterion: Criterion, *, count: int = 10) -> set[int]:
    rows = store.propose(criterion, count=count)
    assert rows.dtype == np.int64
    assert len(set(rows.tolist())) == len(rows) <= count
    return set(rows.tolist())


def test_the_nearest_by_meaning_are_proposed(store: Store) -> None:
    assert proposed(store, ByMeaning(vector("lighthouse")), count=2) == {COUNT - 2, COUNT - 1}


def test_of_few_passages_all_are_proposed_by_meaning() -> None:
    few = store_of(build_index("Title\n\nOne.\n\nTwo.\n"))

    assert proposed(few, ByMeaning(vector("three"))) == {0, 1}


def test_only_passages_that_hold_a_word_are_proposed_by_words(store: Store) -> None:
    assert proposed(store, ByWords(["lighthouse", "unheard"])) == {COUNT - 2, COUNT - 1}


def test_those_at_a_place_are_proposed(store: Store) -> None:
    assert proposed(store, ByPlace(["para. 3", "para. 5"], vector("ferry"))) == {2, 4}


def test_of_too_many_at_a_place_the_nearest_are_proposed(store: Store) -> None:
    assert proposed(store, ByPlace(["para. 3", f"para. {COUNT}"], vector("lighthouse")), count=1) == {COUNT - 1}


def test_of_too_many_given_ones_the_nearest_or_else_the_first_are_proposed(store: Store) -> None:
    rows = [4, 2, COUNT - 1]

    assert proposed(store, ByRow(rows, vector("lighthouse")), count=1) == {COUNT - 1}
    assert proposed(store, ByRow(rows), count=1) == {4}


@pytest.mark.parametrize(
    "criterion",
    [
        ByMeaning(vector("ferry")),
        ByWords(["lighthouse", "ferry"]),
        ByPlace([f"para. {n}" for n in range(1, COUNT + 1)], vector("ferry")),
        ByRow(range(COUNT)),
    ],
)
def test_whatever_is_proposed_has_passed_the_filter(store: Store, criterion: Criterion) -> None:
    narrowed = store.filter(Filter(objectives={7}))

    assert proposed(narrowed, criterion) == {COUNT - 1}
    assert len(proposed(store, criterion)) > 1


def test_filters_add_up(store: Store) -> None:
    in_note, elsewhere = (store.filter(Filter(documents={id})) for id in ("made-up", "none"))

    assert proposed(in_note.filter(Filter(objectives={7})), ByRow(range(COUNT))) == {COUNT - 1}
    assert proposed(store.filter(Filter({7}, {"made-up"})), ByRow(range(COUNT))) == {COUNT - 1}
    assert proposed(elsewhere.filter(Filter(objectives={7})), ByRow(range(COUNT))) == set()
    assert proposed(elsewhere, ByMeaning(vector("ferry"))) == set()


def test_a_filter_of_nothing_is_none(store: Store) -> None:
    assert store.filter(EVERYTHING) is store


@pytest.mark.parametrize("criterion", [ByMeaning(vector("lighthouse")), ByWords(["lighthouse"]), ByRow(range(COUNT))])
def test_passages_can_be_left_out_by_their_ids(store: Store, criterion: Criterion) -> None:
    last = store.fetch(np.array([COUNT - 1])).passages[0].id

    without = store.filter(Filter(without={last, "made-up#none"}))

    assert COUNT - 1 not in proposed(without, criterion, count=COUNT)
    assert COUNT - 2 in proposed(without, criterion, count=COUNT)
    assert proposed(without.filter(Filter(objectives={7})), criterion) == set()
    assert len(without) == COUNT


def test_what_ranks_passages_is_fetched_in_their_order(store: Store) -> None:
    rows = np.array([COUNT - 1, 0])

    fetched = store.fetch(rows)

    assert [passage.locator for passage in fetched.passages] == [f"para. {COUNT}", "para. 1"]
    assert [len(spans) for spans in fetched.sentences] == np.diff(fetched.sentence_starts).tolist()
    assert np.argmax(fetched.cosines(vector("lighthouse"))) == 0
    assert len(fetched.sentence_cosines(vector("lighthouse"))) == fetched.sentence_starts[-1]
    assert fetched.objective_probabilities.shape[0] == len(fetched) == 2


def test_tokens_are_fetched_where_they_are_wanted(store: Store) -> None:
    assert store.fetch(np.array([3]), with_tokens=False).tokens is None
    assert store.fetch(np.array([3])).tokens is not None


def test_no_vectors_of_another_encoder_are_fetched_where_there_are_none(store: Store) -> None:
    assert store.fetch(np.array([3]), is_across_languages=True).across_languages is None
    assert proposed(store, ByMeaning(vector("ferry"), is_across_languages=True)) == set()
