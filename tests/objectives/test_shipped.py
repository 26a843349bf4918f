import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant
from assistant.encoding.encoder import identify
from assistant.encoding.nano_encoder import NanoEncoder, is_installed
from assistant.journeys.building import corpus_state, translated_file
from assistant.objectives.classifier import ObjectiveClassifier
from assistant.objectives.multilingual import second_sha256
from assistant.objectives.shipped import Pretrained, pretrained
from tests.conftest import ROOT

CORPUS = ROOT / "corpus"
OTHER = "0" * 64
LONG = os.environ.get("ASSISTANT_TEST_LONG") == "1"


def test_what_ships_was_learned_from_the_table_that_ships() -> None:
    _, table = corpus_state(CORPUS)

    assert pretrained().classifier_for(identify("").sha256, table), "run: python -m bench.fit_objectives"


@pytest.mark.skipif(not is_installed(), reason="needs requirements-languages.txt")
def test_what_ships_of_other_languages_was_learned_from_the_tables_that_ship() -> None:
    _, table = corpus_state(CORPUS)
    second = second_sha256(NanoEncoder(), table.encode(), translated_file(CORPUS).read_bytes())

    assert pretrained().second_for(identify("").sha256, second), "run: python -m bench.fit_objectives"


def test_the_index_of_the_documents_that_ship_takes_it_over(assistant: Assistant) -> None:
    for name, array in pretrained().classifier.items():
        np.testing.assert_array_equal(assistant.build.classifier.arrays()[name], array)


def test_of_another_table_or_another_model_nothing_is_taken() -> None:
    known = pretrained()

    assert known.classifier_for(known.encoder_sha256, OTHER) is None
    assert known.classifier_for(OTHER, known.table) is None
    assert known.second_for(known.encoder_sha256, OTHER) is None
    assert known.second_for(OTHER, known.second_sha256) is None


def test_what_is_written_is_read_again_but_for_the_terms(tmp_path: Path) -> None:
    arrays = {"languages": np.array(["en", "fr"]), "sharpness": np.array(2.0)}
    one = Pretrained("model", "table", "second", {"words": np.ones((2, 3))}, {**arrays, "terms": np.array(["a"])})
    one.write(tmp_path / "kept.npz")

    other = pretrained(tmp_path / "kept.npz")

    assert dataclasses.replace(one, classifier={}, second={}) == dataclasses.replace(other, classifier={}, second={})
    np.testing.assert_array_equal(other.classifier["words"], np.ones((2, 3)))
    assert other.second.keys() == arrays.keys()
    assert other.second["languages"].tolist() == ["en", "fr"]


@pytest.mark.skipif(not LONG, reason="takes half a minute")
@pytest.mark.skipif(not is_installed(), reason="needs requirements-languages.txt")
def test_learning_again_finds_the_same() -> None:
    from bench.fit_objectives import learned

    again, known = learned(), pretrained()
    topics = ["remittance fees", "children without papers", "visa rules", "football"]
    vectors = np.eye(len(topics), known.classifier["meaning"].shape[1] - 1, dtype=np.float32)

    ours, theirs = (
        ObjectiveClassifier.from_arrays(each.classifier).objective_probabilities(topics, vectors)
        for each in (known, again)
    )
    np.testing.assert_allclose(ours, theirs, atol=0.01)
    assert known.second.keys() == again.second.keys() - {"terms"}
    np.testing.assert_allclose(known.second["bridge"], again.second["bridge"], atol=0.01)
