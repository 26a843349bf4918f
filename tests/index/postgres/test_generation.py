import numpy as np

from assistant.index.postgres.generation import Generation
from assistant.index.postgres.tables import Shape
from assistant.records import Source

SOURCES = {id: Source(id, id) for id in ("first", "empty", "last")}
# Three documents of 2, 0 and 3 passages.
GENERATION = Generation(
    1, Shape(4, 0, 2), np.array([9, 4, 7]), np.array([0, 2, 2, 5]), SOURCES, (), {}, {"languages": ["en"]}
)


def test_a_row_is_a_passages_place_among_all() -> None:
    addresses = GENERATION.addresses(np.arange(5))

    assert addresses == {"keys": [9, 9, 7, 7, 7], "numbers": [0, 1, 0, 1, 2]}
    assert GENERATION.rows(np.array(addresses["keys"]), np.array(addresses["numbers"])).tolist() == [0, 1, 2, 3, 4]
    assert len(GENERATION) == 5


def test_passages_of_other_generations_have_no_row() -> None:
    assert GENERATION.rows(np.array([8, 7, 10, 1]), np.array([0, 1, 0, 0])).tolist() == [3]
