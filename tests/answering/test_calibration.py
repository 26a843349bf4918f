import dataclasses
import math

import pytest

from assistant.answering.answerability import Answerability
from assistant.answering.calibration import calibrated, probes
from assistant.answering.judge import Judge
from assistant.index.passage_index import PassageIndex
from assistant.retrieval.candidates import Candidate
from tests.index.test_passage_index import build_index

TEXT = "Countries exchange verified statistics quarterly.\n\nBorder guards receive yearly human rights training."


class Nothing:
    """Finds nothing."""

    def search(self, *_: object, **__: object) -> list[Candidate]:
        return []


class Likely(Judge):
    """Finds every question equally likely to be answered."""

    def __init__(self, log_odds: float) -> None:
        super().__init__(Nothing(), Answerability.read(), 0.5)  # type: ignore[arg-type]
        self._log_odds = log_odds

    def chance(self, question: str, candidates: object) -> float:
        return 1 / (1 + math.exp(-self._log_odds))

    def features(self, question: str, candidates: object) -> dict[str, float]:
        return {}

    def asks_for_named_only(self, typed: str) -> bool:
        return False


def index_of(text: str = TEXT) -> PassageIndex:
    return build_index(f"Title\n\n{text}\n")


def test_documents_like_those_fitted_on_keep_the_operating_point() -> None:
    fitted = Answerability.read()
    index = index_of()

    point = calibrated(index, Likely(fitted.probed + 0.4))

    assert point.threshold == pytest.approx(fitted.threshold, abs=1e-4)
    assert point.apart == pytest.approx(0.4, abs=1e-3)
    assert point.probes == len(probes(index)) == 2


@pytest.mark.parametrize("apart", [-2.0, 2.0])
def test_another_encoders_chances_move_it(apart: float) -> None:
    fitted = Answerability.read()
    index = index_of()

    point = calibrated(index, Likely(fitted.probed + apart))

    assert (point.threshold > fitted.threshold) == (apart > 0)
    assert 0 < point.threshold < 1


def test_documents_without_sentences_to_ask_about_keep_it() -> None:
    index = index_of("Short.")

    point = calibrated(index, Likely(9.0))

    assert point.probes == 0
    assert point.threshold == pytest.approx(Answerability.read().threshold, abs=1e-4)


def test_the_same_documents_are_probed_alike() -> None:
    assert probes(index_of()) == probes(dataclasses.replace(index_of()))
