import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.encoding.cross_encoder import (
    NO_READER,
    OURS,
    ConvertedCrossEncoder,
    OriginalCrossEncoder,
    PairNetwork,
    choose_cross_encoder,
    open_cross_encoder,
)
from assistant.encoding.encoder import packaged_model
from assistant.errors import EncoderError
from tests.cross_encoders import WINDOW, WORDS, write_cross_encoder

QUESTION = "who share the data of children?"
PASSAGES = ("the states share data with schools", "ferries close at night", "nurses and teachers of the country")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT with one output."""
    return write_cross_encoder(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module")
def original(folder: Path) -> OriginalCrossEncoder:
    return chosen(folder)


@pytest.fixture(scope="module")
def network(original: OriginalCrossEncoder) -> PairNetwork:
    network = original.converted()
    assert network is not None
    return network


@pytest.fixture(scope="module")
def converted(network: PairNetwork, original: OriginalCrossEncoder) -> ConvertedCrossEncoder:
    return ConvertedCrossEncoder(network, original.identity)


@pytest.fixture(scope="module")
def distilled(tmp_path_factory: pytest.TempPathFactory) -> OriginalCrossEncoder:
    """A model that is no BERT."""
    return chosen(write_cross_encoder(tmp_path_factory.mktemp("other"), kind="distilbert"))


def chosen(folder: Path) -> OriginalCrossEncoder:
    model = choose_cross_encoder(str(folder))
    assert model is not None
    return model


def ranks(scores: Sequence[float]) -> list[int]:
    order: list[int] = np.argsort(np.argsort(scores)).tolist()
    return order


def test_a_conversion_agrees_with_its_original(
    original: OriginalCrossEncoder, converted: ConvertedCrossEncoder
) -> None:
    chance = random.Random(0)
    passages = [" ".join(chance.choices(WORDS, k=chance.randint(4, 20))) for _ in range(60)]

    theirs, ours = original.scores(QUESTION, passages), converted.scores(QUESTION, passages)

    assert np.corrcoef(ranks(theirs), ranks(ours))[0, 1] > 0.95
    assert np.abs(np.subtract(theirs, ours)).mean() < 0.2 * np.std(theirs)


def test_a_network_of_its_arrays_and_facts_reads_as_it_did(
    network: PairNetwork, converted: ConvertedCrossEncoder
) -> None:
    again = PairNetwork.from_arrays(network.arrays(), network.facts())

    read = ConvertedCrossEncoder(again, converted.identity)

    assert read.scores(QUESTION, PASSAGES) == converted.scores(QUESTION, PASSAGES)


def test_a_passage_is_read_alike_whatever_is_read_beside_it(converted: ConvertedCrossEncoder) -> None:
    together = converted.scores(QUESTION, PASSAGES)

    assert together == [score for passage in PASSAGES for score in converted.scores(QUESTION, [passage])]
    assert len(set(together)) == len(PASSAGES)
    assert converted.scores(QUESTION, []) == []


def test_question_and_passage_are_told_apart(converted: ConvertedCrossEncoder) -> None:
    assert converted.scores(QUESTION, PASSAGES[:1]) != converted.scores(PASSAGES[0], [QUESTION])


def test_what_is_longer_than_the_window_is_cut(converted: ConvertedCrossEncoder) -> None:
    long, longer = "states share data " * WINDOW, "states share data " * WINDOW + "at night"

    assert converted.scores(QUESTION, [long]) == converted.scores(QUESTION, [longer])
    assert converted.scores(long, PASSAGES) == converted.scores(longer, PASSAGES)
    assert len(set(converted.scores(long, PASSAGES))) == len(PASSAGES), "half of the window is the passage's"


def test_no_text_is_too_short(original: OriginalCrossEncoder, converted: ConvertedCrossEncoder) -> None:
    assert np.isfinite([*original.scores("", ["", "x"]), *converted.scores("", ["", "x"])]).all()


def test_a_model_is_loaded_when_it_is_needed(folder: Path) -> None:
    model = chosen(folder)

    assert model.identity.name == str(folder)
    assert len(model.identity.sha256) == 64
    assert "_model" not in vars(model)


def test_other_weights_are_another_model(folder: Path, tmp_path: Path) -> None:
    other = write_cross_encoder(tmp_path, seed=1)

    assert chosen(other).identity.sha256 != chosen(folder).identity.sha256


def test_nothing_is_shown_while_a_model_is_loaded(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model = chosen(folder)

    model.scores(QUESTION, PASSAGES)

    assert capfd.readouterr() == ("", "")


def test_ours_reads_unless_another_or_none_is_wanted() -> None:
    ours = choose_cross_encoder()

    assert ours is not None
    assert (ours.identity.name, ours.identity.location) == ("our reader", str(OURS))
    assert choose_cross_encoder(NO_READER) is None


def test_a_model_with_two_outputs_is_refused_in_one_line(tmp_path: Path) -> None:
    two = write_cross_encoder(tmp_path, labels=2)

    complaint = refused(two)

    assert complaint == f"{two}: the reader has 2 outputs; give a CrossEncoder that has one."


def test_an_encoder_is_no_reader() -> None:
    assert "an encoder" in refused(packaged_model())


@pytest.mark.parametrize("name", ["", "none"])
def test_a_folder_without_a_model_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    complaint = refused(tmp_path / name)

    assert complaint.startswith(f"{tmp_path / name}: the reader can't be loaded (")
    assert complaint.endswith("); give a CrossEncoder folder.")
    assert "\n" not in complaint


def refused(folder: Path) -> str:
    model = chosen(folder)
    with pytest.raises(EncoderError) as caught:
        model.converted()
    return str(caught.value)


def test_a_model_of_another_kind_reads_as_it_came(
    distilled: OriginalCrossEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    assert distilled.converted() is None

    (told,) = caplog.records
    assert "more slowly" in told.message
    assert open_cross_encoder(None, distilled) is distilled
    assert len(set(distilled.scores(QUESTION, PASSAGES))) == len(PASSAGES)


def test_a_model_that_cannot_be_converted_here_reads_itself(
    original: OriginalCrossEncoder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)

    assert original.converted() is None

    (told,) = caplog.records
    assert "can't be converted" in told.message
    assert "more slowly" in told.message


def test_a_conversion_that_cannot_be_run_is_left_for_the_model_itself(
    network: PairNetwork, original: OriginalCrossEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    broken = replace(network, graph=np.zeros(9, dtype=np.uint8))

    assert open_cross_encoder(broken, original) is original

    (told,) = caplog.records
    assert "more slowly" in told.message
    assert open_cross_encoder(network, original).identity == original.identity
