import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.journeys.asked.question_log import QuestionLog

START = datetime(2026, 11, 24, 12, 30, 59, tzinfo=UTC)


class Clock:
    """Tells the time that it was given."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_holds_the_minute_and_what_was_asked(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path / "questions.jsonl", clock=Clock())

    log.add("question", question="Qui “paie” ?\nEt quand ?", status="answered")

    assert lines_of(tmp_path / "questions.jsonl") == [
        {"time": "2026-11-24T12:30Z", "kind": "question", "question": "Qui “paie” ?\nEt quand ?", "status": "answered"}
    ]
    assert (tmp_path / "questions.jsonl").stat().st_mode & 0o077 == 0


def test_what_is_too_old_is_dropped_at_the_start_and_day_by_day(tmp_path: Path) -> None:
    clock = Clock()
    path = tmp_path / "questions.jsonl"
    QuestionLog(path, clock=clock).add("question", question="old")
    clock.time += timedelta(days=20)
    log = QuestionLog(path, clock=clock)
    log.add("question", question="newer")

    clock.time += timedelta(days=11)
    log.add("question", question="newest")

    assert [line["question"] for line in lines_of(path)] == ["newer", "newest"]


def test_all_can_be_dropped_and_lines_that_are_not_ours_are(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text("not ours\n[]\n", encoding="utf-8")
    log = QuestionLog(path, clock=Clock())
    log.add("question", question="one")

    assert lines_of(path)[0]["question"] == "one"
    assert log.purge(days=0) == 1
    assert path.read_bytes() == b""


def test_lines_of_many_threads_do_not_mix(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path / "questions.jsonl", clock=Clock())
    threads = [threading.Thread(target=log.add, args=("question",), kwargs={"question": "x" * 3000}) for _ in range(20)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(lines_of(tmp_path / "questions.jsonl")) == 20


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"questions can't be kept there .*ASSISTANT_LOG_QUESTIONS"):
        QuestionLog(tmp_path / "nowhere" / "questions.jsonl")


def test_what_is_too_old_is_dropped_while_nobody_asks(tmp_path: Path) -> None:
    clock, ended = Clock(), threading.Event()
    path = tmp_path / "questions.jsonl"
    log = QuestionLog(path, clock=clock)
    log.add("question", question="old")
    clock.time += timedelta(days=31)
    purging = threading.Thread(target=log.keep_purging, args=(ended,), kwargs={"every": 0.001})

    purging.start()
    until = time.monotonic() + 60
    while lines_of(path) and time.monotonic() < until:
        time.sleep(0.01)
    ended.set()
    purging.join()

    assert lines_of(path) == []
