import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.journeys.asked.counts import Counts
from assistant.journeys.asked.keeping import Kept, kept_by
from assistant.journeys.asked.question_log import QuestionLog
from assistant.settings import KeepingSettings, Settings
from tests.web.fake_assistant import answered, not_in_documents

FRENCH = "Qui paie les billets des délégués ?"


def test_without_a_wish_nothing_is_kept(tmp_path: Path) -> None:
    kept = kept_by(Settings(index=tmp_path / "index"))

    kept.add(FRENCH, answered(FRENCH))

    assert kept == Kept()
    assert list(tmp_path.iterdir()) == []


def test_counts_tell_status_language_and_the_likeliest_objective(tmp_path: Path) -> None:
    kept = kept_by(Settings(index=tmp_path, keeping=KeepingSettings(counts=True)))

    kept.add(FRENCH, not_in_documents(FRENCH))
    kept.add("Who pays?", replace(answered("Who pays?"), objectives=()))

    assert kept.counts
    assert [row[1:] for row in kept.counts.rows()] == [
        ("language", "en", 1),
        ("language", "fr", 1),
        ("objective", "22", 1),
        ("objective", "none", 1),
        ("status", "answered", 1),
        ("status", "not_in_documents", 1),
    ]
    assert FRENCH.encode() not in (tmp_path / "counts.sqlite").read_bytes()


def test_a_log_keeps_the_question_with_the_same(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"

    kept_by(Settings(keeping=KeepingSettings(log=path))).add(FRENCH, answered(FRENCH))

    line = json.loads(path.read_text(encoding="utf-8"))
    told = {"kind": "question", "question": FRENCH, "status": "answered", "language": "fr", "objective": "7"}
    assert {key: line[key] for key in told} == told


def test_a_log_that_cannot_be_written_keeps_no_answer_from_anybody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    kept = Kept(QuestionLog(folder / "questions.jsonl"), Counts(tmp_path / "counts.sqlite"))
    (folder / "questions.jsonl").unlink()
    folder.rmdir()

    kept.add(FRENCH, answered(FRENCH))

    assert "can't be kept there" in caplog.text
