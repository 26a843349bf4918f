import numpy as np
import pytest

from assistant.index.store import Filter, Store
from assistant.records import Source
from assistant.retrieval.proposing import (
    PROPOSED,
    cited_documents,
    holding_rows,
    likely_rows,
    named_rows,
    phrases_and_titled,
)
from tests.fakes import BagOfWordsEncoder
from tests.index.test_passage_index import build_index, store_of

COUNT = 2 * PROPOSED
NOWHERE = np.zeros(512, dtype=np.float32)


@pytest.fixture(scope="module")
def store() -> Store:
    """More passages than are proposed; two of them are about lighthouses, one by an objective's number."""
    paragraphs = [f"{n}. Ferry number {n} sails." for n in range(1, COUNT - 1)]
    last = f"{COUNT - 1}. A lighthouse stands here.\n\n{COUNT}. GCM objective 7 has a lighthouse."
    return store_of(build_index("Title\n\n" + "\n\n".join(paragraphs) + f"\n\n{last}\n"))


def likely(store: Store, question: str) -> set[int]:
    return likely_rows(store, BagOfWordsEncoder().encode_query(question).vector, question.split())


def test_of_many_passages_the_nearest_and_those_with_the_words_are_likely(store: Store) -> None:
    rows = likely(store, "lighthouse")

    assert {COUNT - 2, COUNT - 1} <= rows
    assert PROPOSED <= len(rows) <= 2 * PROPOSED


def test_only_what_passes_the_filter_is_likely(store: Store) -> None:
    assert likely(store.filter(Filter(objectives={7})), "lighthouse") == {COUNT - 1}


def test_of_few_passages_all_are_likely() -> None:
    assert likely(store_of(build_index("Title\n\nOne.\n\nTwo.\n")), "three") == {0, 1}


def test_a_named_place_is_found_unless_it_is_filtered_out(store: Store) -> None:
    (row,) = named_rows(store, "What does para. 3 say?", NOWHERE)

    assert store.fetch(np.array([row])).passages[0].text.startswith("3.")
    assert named_rows(store.filter(Filter(objectives={7})), "What does para. 3 say?", NOWHERE) == set()


def test_passages_hold_a_phrase_or_none_does(store: Store) -> None:
    assert holding_rows(store, ("a lighthouse stands",), NOWHERE) == {COUNT - 2}
    assert holding_rows(store, ("a lighthouse falls",), NOWHERE) == set()
    assert holding_rows(store, (), NOWHERE) == set()


def test_a_long_phrase_that_is_a_title_names_its_document() -> None:
    titles = {"note": "The background note of the meeting", "brief": "A brief"}
    sources = {id: Source(id, title) for id, title in titles.items()}

    assert phrases_and_titled(("the background note", "data"), sources) == (("data",), frozenset({"note"}))
    assert phrases_and_titled(("brief",), sources) == (("brief",), frozenset())


SOURCES = {
    source.id: source
    for source in (
        Source("hrc", "Human rights at sea", symbol="A/HRC/RES/59/25", date="8 July 2031"),
        Source("charter", "Charter of Rights of the Sound", date="7 December 2000"),
        Source("convention", "Convention on the Status of Ferries", date="28 July 1951"),
        Source("council", "Resolution 3325 (2031)", symbol="S/RES/3325 (2031)"),
    )
}


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("What does paragraph 3 of resolution 59/25 say?", {"hrc"}),
        ("a/hrc/res/59/25 para. 14", {"hrc"}),
        ("Que dit le paragraphe 3 de la résolution 59/25 ?", {"hrc"}),
        ("第59/25号决议第3段", {"hrc"}),
        ("What does Article 19 of the Charter say about storms?", {"charter"}),
        ("article 19 of the charter", {"charter"}),
        ("Article 33 of the 1951 Convention", {"convention"}),
        ("paragraph 2 of Security Council resolution 3325", {"council"}),
        ("Article 33 of the 1989 Convention", set()),
        ("Article 19 of the Charter of the United Nations", set()),
        ("paragraph 3 of resolution 60/1", set()),
        ("What does A/RES/60/1 para. 4 say?", set()),
        ("What does para. 3 of the note say?", None),
        ("What does resolution 60/1 say about ferries?", None),
        ("What does para. 3 say?", None),
        ("Do 24/7 ferries sail?", None),
    ],
)
def test_a_document_is_named_by_its_symbol_or_behind_a_place(question: str, documents: set[str] | None) -> None:
    assert cited_documents(question, SOURCES) == documents


def test_a_place_of_a_document_that_is_not_here_is_not_found_in_another(store: Store) -> None:
    assert named_rows(store, "What does para. 3 of resolution 60/1 say?", NOWHERE) == set()
