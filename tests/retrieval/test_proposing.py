import numpy as np
import pytest

from assistant.index.lexical import LexicalIndex
from assistant.index.passage_index import PassageIndex
from assistant.retrieval.proposing import PROPOSED, allowed_rows, holding_rows, named_rows, proposed_rows
from tests.fakes import BagOfWordsEncoder
from tests.index.test_passage_index import build_index

COUNT = 2 * PROPOSED


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    """More passages than are proposed; two of them are about lighthouses, one by an objective's number."""
    paragraphs = [f"{n}. Ferry number {n} sails." for n in range(1, COUNT - 1)]
    last = f"{COUNT - 1}. A lighthouse stands here.\n\n{COUNT}. GCM objective 7 has a lighthouse."
    return build_index("Title\n\n" + "\n\n".join(paragraphs) + f"\n\n{last}\n")


@pytest.fixture(scope="module")
def lexical(index: PassageIndex) -> LexicalIndex:
    return LexicalIndex.of([passage.text for passage in index.passages])


def proposed(index: PassageIndex, lexical: LexicalIndex, question: str, **options: object) -> set[int]:
    vector = BagOfWordsEncoder().encode_query(question).vector
    return proposed_rows(index, vector, lexical.scores(question.split()), **options)  # type: ignore[arg-type]


def test_of_many_passages_the_nearest_and_those_with_the_words_are_proposed(
    index: PassageIndex, lexical: LexicalIndex
) -> None:
    rows = proposed(index, lexical, "lighthouse")

    assert {COUNT - 2, COUNT - 1} <= rows
    assert PROPOSED <= len(rows) <= 2 * PROPOSED


def test_only_what_is_allowed_is_proposed_by_its_words(index: PassageIndex, lexical: LexicalIndex) -> None:
    allowed = allowed_rows(index.catalogue, {7})

    rows = proposed(index, lexical, "lighthouse", allowed=allowed)

    assert rows == {COUNT - 1}


def test_of_few_passages_all_are_proposed() -> None:
    few = build_index("Title\n\nOne.\n\nTwo.\n")

    assert proposed(few, LexicalIndex.of(["One.", "Two."]), "three") == {0, 1}


def test_nothing_is_kept_out_without_a_filter(index: PassageIndex) -> None:
    assert allowed_rows(index.catalogue, ()) is None


def test_a_named_place_is_found(index: PassageIndex) -> None:
    (row,) = named_rows("What does para. 3 say?", index.catalogue)

    assert index.passages[row].text.startswith("3.")


def test_passages_hold_a_phrase_or_none_does(index: PassageIndex, lexical: LexicalIndex) -> None:
    vector = np.zeros(512, dtype=np.float32)

    assert holding_rows(("a lighthouse stands",), index, lexical, vector) == {COUNT - 2}
    assert holding_rows(("a lighthouse falls",), index, lexical, vector) == set()
    assert holding_rows((), index, lexical, vector) == set()
