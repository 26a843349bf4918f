import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.journeys.asked.counts import Counts


def counts_at(path: Path) -> Counts:
    return Counts(path, clock=lambda: datetime(2026, 11, 24, 23, 59, tzinfo=UTC))


def test_what_is_added_from_many_threads_is_counted_by_day_and_kind(tmp_path: Path) -> None:
    path = tmp_path / "index" / "counts.sqlite"
    threads = [
        threading.Thread(target=counts_at(path).add, args=({"status": "answered", "language": "fr"},)) for _ in range(8)
    ]

    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert counts_at(path).rows() == [("2026-11-24", "language", "fr", 8), ("2026-11-24", "status", "answered", 8)]


def test_a_place_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("no folder")

    with pytest.raises(InputError, match="counts can't be kept there"):
        Counts(tmp_path / "index" / "counts.sqlite")


def test_a_count_that_cannot_be_written_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    counts = counts_at(tmp_path / "counts.sqlite")
    (tmp_path / "counts.sqlite").write_bytes(b"no database " * 100)

    counts.add({"status": "answered"})

    assert "isn't counted" in caplog.text
    with pytest.raises(InputError, match="can't be read"):
        counts.rows()


def test_what_lies_there_tells_no_question(tmp_path: Path) -> None:
    counts_at(tmp_path / "counts.sqlite").add({"status": "answered"})

    with sqlite3.connect(tmp_path / "counts.sqlite") as table:
        assert table.execute("SELECT * FROM counts").fetchall() == [("2026-11-24", "status", "answered", 1)]
