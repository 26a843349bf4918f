from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.journeys.asked.counts import Counts
from assistant.journeys.asked.keeping import Kept
from assistant.journeys.asked.question_log import QuestionLog
from assistant.journeys.asked.report import report
from tests.web.fake_assistant import NOTE_PASSAGE, FakeAssistant

START = datetime(2026, 11, 24, 12, tzinfo=UTC)


def log_of(path: Path, *events: dict[str, object]) -> QuestionLog:
    """A log with an event a day."""
    for day, event in enumerate(events):
        QuestionLog(path, clock=lambda day=day: START + timedelta(days=day)).add(**event)  # type: ignore[misc, arg-type]
    return QuestionLog(path, clock=lambda: START)


def asked(question: str, status: str = "not_in_documents", **known: str) -> dict[str, object]:
    return {"kind": "question", "question": question, "status": status, **known}


def test_questions_are_counted_by_day_status_language_and_objective(tmp_path: Path) -> None:
    log = log_of(
        tmp_path / "log.jsonl",
        asked("Who pays for travel?", language="en", objective="7"),
        asked("Qui paie le voyage des délégués ?", "answered"),  # of an earlier version, without the rest
        {"kind": "feedback", "question": "Who pays for travel?", "helpful": True},
    )

    told = report(Kept(log), FakeAssistant())

    assert told.counts == {
        "day": {"2026-11-24": 1, "2026-11-25": 1},
        "status": {"not_in_documents": 1, "answered": 1},
        "language": {"en": 1, "fr": 1},
        "objective": {"7": 1, "none": 1},
    }
    assert told.total == 2


def test_refused_and_thumbed_down_questions_are_grouped_by_likeness_the_most_frequent_first(tmp_path: Path) -> None:
    log = log_of(
        tmp_path / "log.jsonl",
        asked("Is there parking at the venue?"),
        asked("Who pays for the travel of delegates?"),
        asked("who pays for the travel of delegates"),
        asked("Who pays for the delegates' travel?"),
        asked("What does it say about children?", "answered"),
        {"kind": "feedback", "question": "What does it say about children?", "helpful": False},
        asked("What is data?", "answered"),
        {"kind": "feedback", "question": "What is data?", "helpful": True},
        asked("???", "unclear"),
    )

    gaps = report(Kept(log), FakeAssistant()).gaps

    assert [(each.questions, each.count) for each in gaps] == [
        (("Who pays for the travel of delegates?", "Who pays for the delegates' travel?"), 3),
        (("Is there parking at the venue?",), 1),
        (("What does it say about children?",), 1),
    ]
    assert all(gap.nearest and gap.nearest.passage == NOTE_PASSAGE for gap in gaps)


def test_with_counts_alone_numbers_are_told_and_no_questions(tmp_path: Path) -> None:
    counts = Counts(tmp_path / "counts.sqlite", clock=lambda: START)
    counts.add({"status": "answered", "language": "ru", "objective": "9"})

    told = report(Kept(counts=counts), None)

    assert (told.total, told.gaps, told.has_questions) == (1, (), False)
    assert told.counts["day"] == {"2026-11-24": 1}


def test_lines_that_are_not_ours_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = log_of(path, asked("Who pays?"))
    with path.open("a", encoding="utf-8") as file:
        file.write(
            '{"time": "2026-11-24T12:00Z"}\n{"time": "2026-11-24T12:00Z", "kind": "question", "question": 7}\n{\n'
        )

    assert report(Kept(log), FakeAssistant()).total == 1
