import numpy as np
import pytest

from assistant.index.local_store import LocalStore
from assistant.index.postgres import postgres_store as module
from assistant.index.postgres.repository import PostgresRepository
from assistant.index.store import EVERYTHING, ByMeaning, ByPlace, ByRow, ByWords, Criterion, Filter, Store
from tests.fakes import BagOfWordsEncoder
from tests.index.postgres.contents import contents

CONTENTS = contents()
LOCAL = LocalStore(CONTENTS.passages, CONTENTS.words, CONTENTS.multilingual)
VECTOR = BagOfWordsEncoder().encode_query("Ferry number 7 and a lighthouse").vector
assert CONTENTS.multilingual is not None
SECOND = CONTENTS.multilingual.passages[3]


@pytest.fixture
def store(repository: PostgresRepository) -> Store:
    repository.publish({}, {}, CONTENTS)
    return repository.open().store


@pytest.mark.parametrize("narrowed", [EVERYTHING, Filter(objectives={7}), Filter(documents={"made-up"})])
@pytest.mark.parametrize(
    "criterion",
    [
        ByMeaning(VECTOR),
        ByMeaning(SECOND, is_across_languages=True),
        ByWords(["lighthouse", "7"]),
        ByPlace(["para. 3", "para. 5"], VECTOR),
        ByRow([4, 2, 19, 6], VECTOR),
        ByRow([4, 2, 19, 6]),
    ],
)
def test_it_proposes_what_the_local_store_does(store: Store, criterion: Criterion, narrowed: Filter) -> None:
    found = store.filter(narrowed).propose(criterion, count=2)

    assert set(found.tolist()) == set(LOCAL.filter(narrowed).propose(criterion, count=2).tolist())


def test_the_index_finds_what_comparing_with_all_does(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_EXACT", 0)

    found = store.propose(ByMeaning(VECTOR), count=2)

    assert set(found.tolist()) == set(LOCAL.propose(ByMeaning(VECTOR), count=2).tolist())


def test_it_gives_out_what_the_local_store_does(store: Store) -> None:
    rows = np.array([19, 0, 5])

    one, two = (each.fetch(rows, is_across_languages=True) for each in (LOCAL, store))

    assert list(one.passages) == list(two.passages)
    assert list(one.sentences) == list(two.sentences)
    for name in ("vectors", "sentence_vectors", "sentence_starts", "objective_probabilities"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    for name in ("rows", "scales", "starts", "is_filled", "headings", "sentences"):
        np.testing.assert_array_equal(getattr(one.tokens, name), getattr(two.tokens, name))
    assert one.across_languages is not None
    assert two.across_languages is not None
    cosines = (each.sentences.cosines(SECOND) for each in (one.across_languages, two.across_languages))
    np.testing.assert_allclose(next(cosines), next(cosines), atol=1e-6)
