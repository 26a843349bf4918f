import dataclasses
import json
import logging
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, AssistantError
from assistant.answering.answerability import READ, UNREAD, Answerability
from assistant.encoding.cross_encoder import NO_READER, ConvertedCrossEncoder, CrossEncoder, OriginalCrossEncoder
from assistant.encoding.encoder import Encoder, Identity
from assistant.encoding.onnx_encoder import ConvertedEncoder
from assistant.encoding.sentence_encoder import SentenceEncoder
from assistant.errors import EncoderError
from assistant.records import Progress
from assistant.retrieval import OWN_SCALE
from assistant.settings import Settings
from tests.fakes import BagOfWordsEncoder, SharedWordsReader, UnconvertibleEncoder
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
    assert assistant.ranked_hits("States share data")


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

    assert assistant.ask('"share data"').status == "answered"
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
    before = opened(folder).build.operating_point
    change_weights(monkeypatch, UNREAD, threshold=0.9, sha256="other")
    again = BagOfWordsEncoder()

    refitted = opened(folder, again)

    assert again.encoded == []
    assert refitted.build.operating_point.threshold > before.threshold


def test_weights_that_nothing_is_judged_by_refit_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = opened(folder).build.operating_point
    change_weights(monkeypatch, READ, threshold=0.9, sha256="other")
    caplog.set_level(logging.INFO, logger="assistant")

    assert opened(folder).build.operating_point == before
    assert "Building" not in caplog.text


def change_weights(monkeypatch: pytest.MonkeyPatch, changed: Path, **values: Any) -> None:
    """Change some of the weights in a file."""
    read = Answerability.read

    def read_changed(path: Path = READ) -> Answerability:
        return dataclasses.replace(read(path), **values) if path == changed else read(path)

    monkeypatch.setattr(Answerability, "read", read_changed)


# What reads ----------------------------------------------------------------------------------------------------------

PARAGRAPHS = {
    "ferries": "Night ferries carry seasonal workers between neighbouring islands.",
    "schools": "Village schools teach newly arrived pupils their second language.",
    "clinics": "Mobile clinics vaccinate pregnant women without asking for documents.",
    "harvest": "Farmers hire harvest labour through licensed recruitment agencies.",
    "courts": "Local courts appoint guardians for unaccompanied children immediately.",
    "banks": "Savings banks lower transfer charges for remittances sent abroad.",
}
# Judges by what was read alone.
BY_READING: dict[str, Any] = {
    "weights": {"read": 1.0},
    "means": {"read": 0.0},
    "scales": {"read": 1.0},
    "intercept": 0.0,
    "threshold": 0.5,
    "probed": 3.0,
    "probe_read": 3.0,
    "others_read": -3.0,
}


@pytest.fixture
def varied(folder: Path) -> Path:
    """A corpus of one document whose paragraphs share no words."""
    for path in (folder / "corpus").glob("*.txt"):
        path.unlink()
    text = "\n\n".join(f"{number}. {words}" for number, words in enumerate(PARAGRAPHS.values(), 1))
    (folder / "corpus" / "plan.txt").write_text(f"A plan\n\n{text}\n", encoding="utf-8")
    return folder


def read_by(folder: Path, reader: CrossEncoder, *, setting: str = "", encoder: Encoder | None = None) -> Assistant:
    settings = Settings(folder / "corpus", folder / "index", reader=setting)
    return Assistant.from_settings(settings, encoder=encoder or BagOfWordsEncoder(), reader=reader)


def test_a_reader_that_is_named_is_converted_once_and_reads(varied: Path, reader_folder: Path) -> None:
    environ = {
        "ASSISTANT_CORPUS": str(varied / "corpus"),
        "ASSISTANT_INDEX": str(varied / "index"),
        "ASSISTANT_READER": str(reader_folder),
    }
    settings = Settings.from_environment(environ)

    built = Assistant.from_settings(settings, encoder=BagOfWordsEncoder())
    assistant = Assistant.from_settings(settings, encoder=BagOfWordsEncoder())

    manifest = json.loads((varied / "index" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["reader"] == str(reader_folder)
    assert len(manifest["reader_sha256"]) == 64
    assert assistant.finders.english.reader is not None
    assert isinstance(assistant.finders.english.reader.model, ConvertedCrossEncoder)
    answer = assistant.ask("Who vaccinates pregnant women without documents?", explain=True)
    assert answer.probability is not None
    assert 0 <= answer.probability <= 1
    assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)
    assert dataclasses.replace(built.ask(answer.question, explain=True), elapsed_ms=answer.elapsed_ms) == answer


def test_the_scale_of_another_reader_is_found_so_that_order_and_chance_hold(
    varied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_weights(monkeypatch, READ, **BY_READING)
    reader = SharedWordsReader(steps=25.0, start=-400.0)

    assistant = read_by(varied, reader, setting="a reader on a scale of its own")

    for name, words in PARAGRAPHS.items():
        answer = assistant.ask(f"Is it said that {words.lower().rstrip('.')}?")
        assert answer.status == "answered"
        assert answer.hits[0].passage.text.endswith(words), name
    missing = assistant.ask("How many tourists visited the northern volcanoes?")
    assert missing.status == "not_in_documents"
    assert answer.probability is not None
    assert missing.probability is not None
    assert answer.probability > 0.8
    assert missing.probability < 0.2


def test_the_scale_is_kept_with_the_index(varied: Path) -> None:
    reader = SharedWordsReader(steps=25.0)
    built = read_by(varied, reader, setting="other").build.reader_scale
    reader.read.clear()

    kept = read_by(varied, reader, setting="other").build.reader_scale

    assert kept == built != OWN_SCALE
    assert reader.read == []


def test_log_odds_need_no_other_scale(varied: Path) -> None:
    assert read_by(varied, SharedWordsReader()).build.reader_scale == OWN_SCALE


def test_an_index_of_another_reader_is_built_anew_and_nothing_encoded_again(
    varied: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened(varied)
    other = SharedWordsReader()
    other.identity = Identity("other words", "4" * 64)
    caplog.set_level(logging.INFO, logger="assistant")
    again = BagOfWordsEncoder()

    for reader in (SharedWordsReader(), other, other):
        read_by(varied, reader, encoder=again)
    opened(varied, again)

    told = [each.message for each in caplog.records if "another reader" in each.message]
    assert [message.partition("(")[2].partition(")")[0] for message in told] == ["none", "shared words", "other words"]
    assert again.encoded == []


def test_the_conversion_of_a_reader_is_taken_over_when_documents_change(
    varied: Path, reader_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(varied / "corpus", varied / "index", reader=str(reader_folder))
    Assistant.from_settings(settings, encoder=BagOfWordsEncoder())
    (varied / "corpus" / "added.txt").write_text("On tea\n\nStates share tea.\n", encoding="utf-8")
    monkeypatch.setattr(OriginalCrossEncoder, "converted", None)

    assistant = Assistant.from_settings(settings, encoder=BagOfWordsEncoder())

    assert assistant.build.reader is not None
    assert "added" in assistant.documents


def test_a_reader_that_cannot_be_loaded_is_named(varied: Path) -> None:
    settings = Settings(varied / "corpus", varied / "index", reader=str(varied / "none"))

    with pytest.raises(EncoderError, match=r"none: the reader can't be loaded"):
        Assistant.from_settings(settings, encoder=BagOfWordsEncoder())


def test_where_nothing_is_to_read_nothing_reads(varied: Path) -> None:
    assistant = Assistant.from_settings(
        Settings(varied / "corpus", varied / "index", reader=NO_READER), encoder=BagOfWordsEncoder()
    )

    assert assistant.finders.english.reader is None
    assert assistant.build.reader is None


# The converted model -------------------------------------------------------------------------------------------------


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


def test_passages_are_read_by_our_own_model_converted(assistant: Assistant) -> None:
    reader = assistant.finders.english.reader
    question = "What does the note say about unaccompanied children?"
    (first, *_), (last, *_) = assistant.ranked_hits(question), assistant.ranked_hits(question, top_k=20)[::-1]

    assert reader is not None
    assert isinstance(reader.model, ConvertedCrossEncoder)
    answering, other = reader.scores(question, [first.passage, last.passage])
    assert answering > other


def test_where_the_model_cannot_be_converted_it_answers_itself_and_one_line_says_so(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = UnconvertibleEncoder()

    assistant = Assistant.open(folder / "corpus", folder / "index", encoder=encoder)

    (warning,) = (each for each in caplog.records if each.levelno >= logging.WARNING)
    assert "can't be converted" in warning.message
    assert "more slowly" in warning.message
    assert assistant.finders.english.runtime.encoder is encoder
    assert assistant.ranked_hits("What is said about borders?")[0].passage.source.id == "borders"


def test_where_the_converted_models_cannot_run_the_originals_answer_and_a_line_each_says_so(
    shipped: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    assistant = Assistant.open(shipped / "corpus", shipped / "index")

    of_questions, of_passages = (each for each in caplog.records if each.levelno >= logging.WARNING)
    assert "Questions are answered by the original, more slowly" in of_questions.message
    assert "Passages are read by the original, more slowly" in of_passages.message
    assert isinstance(assistant.finders.english.runtime.encoder, SentenceEncoder)
    assert "children" in (assistant.ask("What does the note say about unaccompanied children?").answer or "")


def test_the_converted_model_is_taken_over_when_documents_change(shipped: Path) -> None:
    before = next((shipped / "index").glob("network.graph-*")).read_bytes()
    (shipped / "corpus" / "added.txt").write_text("On ferries\n\nNight ferries run to Aldmoor.\n", encoding="utf-8")

    assistant = Assistant.open(shipped / "corpus", shipped / "index")

    (after,) = (shipped / "index").glob("network.graph-*")
    assert after.read_bytes() == before
    assert assistant.ranked_hits("Where do night ferries run to?")[0].passage.source.id == "added"


def test_a_damaged_converted_model_is_made_again(shipped: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = next((shipped / "index").glob("network.graph-*"))
    with path.open("r+b") as file:
        file.write(b"damaged")

    with caplog.at_level(logging.INFO):
        assistant = Assistant.open(shipped / "corpus", shipped / "index")

    assert "its bytes aren't those that were written" in caplog.text
    assert isinstance(assistant.finders.english.runtime.encoder, ConvertedEncoder)
