import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import pytest

from assistant.answering.answerability import Answerability
from assistant.answering.calibration import calibrated, probe_scores, probed, probes, scaled
from assistant.answering.judge import Judge
from assistant.index.passage_index import PassageIndex
from assistant.retrieval import OWN_SCALE, Candidate, EnglishFinder, Found, Reader, Understood
from assistant.retrieval.candidates import Features
from tests.fakes import SharedWordsReader
from tests.index.test_passage_index import build_index

TEXT = "Countries exchange verified statistics quarterly.\n\nBorder guards receive yearly human rights training."
NONE = np.zeros(0, dtype=np.float32)  # no objectives


class Nothing:
    """Finds nothing."""

    def find(self, *_: object, **__: object) -> Found:
        return Found([])


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


class Everything(EnglishFinder):
    """Finds all passages, and has them read."""

    def __init__(self, index: PassageIndex, reader: Reader | None) -> None:
        self.reader = reader
        self._index = index

    def search(self, understood: Understood, *, top_k: int, **_: object) -> list[Candidate]:
        return [
            Candidate(row, passage, Features(0, 0, 0, 0, 0, 0, 0), (), (), NONE)
            for row, passage in enumerate(self._index.passages)
        ][:top_k]


class Indifferent(SharedWordsReader):
    """Gives every passage nearly the same score."""

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        return [40.0 - 1e-6 * len(passage) for passage in passages]


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


def test_a_probe_is_made_of_the_words_of_its_passage() -> None:
    index = index_of()

    for row, probe in probes(index):
        words = probe.removeprefix("What does it say about ").rstrip("?").split()
        assert len(words) == 4
        assert all(word in index.passages[row].text.lower() for word in words)


def test_each_probe_is_told_by_its_log_odds() -> None:
    assert probed(index_of(), Likely(1.5)) == pytest.approx([1.5, 1.5])


def test_a_probe_is_read_with_its_own_passage_and_with_its_neighbours() -> None:
    index, reader = index_of(), SharedWordsReader()

    told = probe_scores(index, Everything(index, Reader(reader)))

    assert told == [(4.0, 0.0), (4.0, 0.0)]
    assert len(reader.read) == 4


@pytest.mark.parametrize(("steps", "start"), [(1.0, 0.0), (0.25, 7.0), (30.0, -900.0)])
def test_another_readers_scores_are_put_on_our_scale(
    steps: float, start: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = dataclasses.replace(Answerability.read(), probe_read=3.0, others_read=-2.0)
    monkeypatch.setattr(Answerability, "read", lambda *_: ours)
    index = index_of()

    scale = scaled(index, Everything(index, Reader(SharedWordsReader(steps=steps, start=start))))

    # Of a probe's four words its own passage holds all, the other one none.
    assert scale.slope * (start + 4 * steps) + scale.offset == pytest.approx(3.0, abs=0.1)
    assert scale.slope * start + scale.offset == pytest.approx(-2.0, abs=0.1)


@pytest.mark.parametrize("reader", [Indifferent(), SharedWordsReader(steps=-1.0)])
def test_a_reader_that_does_not_tell_what_answers_says_nothing(
    reader: SharedWordsReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = dataclasses.replace(Answerability.read(), probe_read=3.0, others_read=-2.0)
    monkeypatch.setattr(Answerability, "read", lambda *_: ours)
    index = index_of()

    scale = scaled(index, Everything(index, Reader(reader)))

    assert (scale.slope, scale.offset) == (0.0, 0.5)


@pytest.mark.parametrize("text", ["Short.", "Countries exchange verified statistics quarterly."])
def test_a_reader_that_cannot_be_probed_keeps_its_own_scale(text: str) -> None:
    index = index_of(text)

    assert scaled(index, Everything(index, Reader(SharedWordsReader()))) == OWN_SCALE
    assert scaled(index, Everything(index, None)) == OWN_SCALE
