import dataclasses
import logging
import shutil
import sys
from pathlib import Path

import pytest

from assistant import Assistant, AssistantError
from assistant.answering.answerability import Answerability
from assistant.encoding.encoder import Identity
from assistant.encoding.onnx_encoder import ConvertedEncoder
from assistant.encoding.sentence_encoder import SentenceEncoder
from assistant.records import Progress
from assistant.settings import Settings
from tests.fakes import BagOfWordsEncoder, UnconvertibleEncoder
from tests.journeys.opened import opened


def test_an_index_is_built_once(folder: Path) -> None:
    opened(folder)
    again = BagOfWordsEncoder()

    opened(folder, again)

    assert again.encoded == []


def test_documents_that_change_while_an_index_is_built_elsewhere_are_not_built_here_too(folder: Path) -> None:
    idle = BagOfWordsEncoder()

    def build() -> str:
        (folder / "corpus" / "health.txt").write_text("On health\n\nClinics are open to everyone.\n", encoding="utf-8")
        built = opened(folder).corpus_hash
        (folder / "corpus" / "data.txt").unlink()
        return built

    settings = Settings(folder / "corpus", folder / "index")
    assistant = Assistant.from_settings(settings, encoder=idle, build=build)

    assert idle.encoded == []
    assert set(assistant.documents) == {"data", "borders", "health"}
    assert any("Clinics" in passage.text for passage in assistant.passages)


def test_a_damaged_index_is_rebuilt_and_said_so(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    opened(folder)
    next((folder / "index").glob("passages-*")).write_bytes(b"damaged")
    caplog.set_level(logging.INFO, logger="assistant")

    assistant = opened(folder)

    assert "aren't those that were written" in caplog.text
    assert assistant.ask("States share data").hits


def test_an_index_of_another_model_is_rebuilt(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    opened(folder)
    other = BagOfWordsEncoder()
    other.identity = Identity("bag-of-words", "1" * 64)
    caplog.set_level(logging.INFO, logger="assistant")

    opened(folder, other)

    assert other.encoded
    assert "another model" in caplog.text


def test_an_index_that_cannot_be_kept_is_no_reason_not_to_answer(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "index").write_text("a file stands in the way", encoding="utf-8")

    assistant = opened(folder)

    assert assistant.ask("States share data").status == "answered"
    assert "can't be written" in caplog.text


def test_a_build_tells_how_far_it_has_come(folder: Path) -> None:
    told: list[Progress] = []

    Assistant.open(folder / "corpus", folder / "index", encoder=BagOfWordsEncoder(), report=told.append)

    assert [progress for progress in told if progress.stage == "reading"][-1] == Progress("reading", 3, 3)
    assert {progress.stage for progress in told if progress.done == progress.total} == {
        "reading",
        "encoding",
        "learning",
    }


def test_a_wrong_folder_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="no such folder"):
        Assistant.open(tmp_path / "none", tmp_path / "index")


def test_other_weights_refit_it_and_encode_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(folder)
    fitted = Answerability.read()
    monkeypatch.setattr(Answerability, "read", lambda *_: dataclasses.replace(fitted, threshold=0.9, sha256="other"))
    again = BagOfWordsEncoder()

    refitted = opened(folder, again)

    assert again.encoded == []
    assert refitted.build.operating_point.threshold > fitted.threshold


@pytest.fixture
def shipped(assistant: Assistant, corpus_folder: Path, index_folder: Path, tmp_path: Path) -> Path:
    """The shipped documents and their index, to be changed at will."""
    shutil.copytree(corpus_folder, tmp_path / "corpus")
    shutil.copytree(index_folder, tmp_path / "index")
    return tmp_path


def test_a_question_is_encoded_by_the_converted_model(assistant: Assistant) -> None:
    network = assistant.build.network

    assert isinstance(assistant.finders.english.runtime.encoder, ConvertedEncoder)
    assert network is not None
    assert network.agreement is not None
    assert network.agreement.cosine > 0.999


def test_where_the_model_cannot_be_converted_it_answers_itself_and_one_line_says_so(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = UnconvertibleEncoder()

    assistant = Assistant.open(folder / "corpus", folder / "index", encoder=encoder)

    (warning,) = (each for each in caplog.records if each.levelno >= logging.WARNING)
    assert "can't be converted" in warning.message
    assert "more slowly" in warning.message
    assert assistant.finders.english.runtime.encoder is encoder
    assert assistant.ask("What is said about borders?").status == "answered"


def test_where_the_converted_model_cannot_run_the_original_answers_and_one_line_says_so(
    shipped: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    assistant = Assistant.open(shipped / "corpus", shipped / "index")

    (warning,) = (each for each in caplog.records if each.levelno >= logging.WARNING)
    assert "more slowly" in warning.message
    assert isinstance(assistant.finders.english.runtime.encoder, SentenceEncoder)
    assert "children" in (assistant.ask("What does the note say about unaccompanied children?").answer or "")


def test_the_converted_model_is_taken_over_when_documents_change(shipped: Path) -> None:
    before = next((shipped / "index").glob("network.graph-*")).read_bytes()
    (shipped / "corpus" / "added.txt").write_text("On ferries\n\nNight ferries run to Aldmoor.\n", encoding="utf-8")

    assistant = Assistant.open(shipped / "corpus", shipped / "index")

    (after,) = (shipped / "index").glob("network.graph-*")
    assert after.read_bytes() == before
    assert assistant.ask("Where do night ferries run to?").hits[0].passage.source.id == "added"


def test_a_damaged_converted_model_is_made_again(shipped: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = next((shipped / "index").glob("network.graph-*"))
    with path.open("r+b") as file:
        file.write(b"damaged")

    with caplog.at_level(logging.INFO):
        assistant = Assistant.open(shipped / "corpus", shipped / "index")

    assert "its bytes aren't those that were written" in caplog.text
    assert isinstance(assistant.finders.english.runtime.encoder, ConvertedEncoder)
