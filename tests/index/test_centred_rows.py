import numpy as np
import pytest

from assistant.index.centred_rows import CentredRows

RANDOM = np.random.default_rng(5)


def unit_rows(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rows = RANDOM.normal(size=(count, 16)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_rows_are_compared_as_if_their_languages_centre_were_taken_away() -> None:
    rows, groups, question = unit_rows(40), np.repeat([0, 1], 20), unit_rows(1)[0]

    centred = CentredRows.of(rows, groups)

    apart = rows - centred.centres[groups]
    expected = apart @ question / np.linalg.norm(apart, axis=1)
    np.testing.assert_allclose(centred.cosines(question), expected, atol=1e-5)


def test_the_rows_of_a_rare_language_are_centred_mostly_by_the_mean_of_all() -> None:
    rows = unit_rows(200)

    centres = CentredRows.of(rows, np.array([0] * 199 + [1])).centres

    assert np.linalg.norm(centres[0] - centres[1]) < np.linalg.norm(centres[1] - rows[-1]) / 4


@pytest.mark.parametrize("at", [np.array([7, 3]), slice(None)])
def test_some_rows_are_compared_as_among_all(at: "np.ndarray[tuple[int], np.dtype[np.int64]] | slice") -> None:
    centred, question = CentredRows.of(unit_rows(20), np.repeat([0, 1], 10)), unit_rows(1)[0]

    cosines = centred.take(at).cosines(question)

    np.testing.assert_allclose(cosines, centred.cosines(question)[at], atol=1e-6)


def test_no_rows_are_no_fault() -> None:
    none = CentredRows.of(unit_rows(0), np.zeros(0, dtype=np.int64))

    assert len(none.cosines(unit_rows(1)[0])) == 0
