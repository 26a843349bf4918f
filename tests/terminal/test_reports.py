from assistant.journeys.asked.report import Asked, Gap
from assistant.records import Hit
from assistant.terminal.reports import render_asked
from tests.web.fake_assistant import NOTE_PASSAGE

COUNTS = {
    "day": {"2026-11-24": 2},
    "status": {"not_in_documents": 1, "answered": 1},
    "language": {"en": 2},
    "objective": {"none": 1, "7": 1},
}


def test_counts_come_first_then_each_group_with_the_nearest_passage() -> None:
    gap = Gap(("Who pays?", "Who pays for it?"), 3, Hit(NOTE_PASSAGE, 0.2))

    lines = render_asked(Asked(COUNTS, (gap,), has_questions=True)).splitlines()

    assert lines[:5] == [
        "2 questions",
        "By day: 2026-11-24 2",
        "By status: not in the documents 1; answered 1",
        "By language: en 2",
        "By objective: none likely 1; 7 1",
    ]
    assert lines[6:11] == [
        "Not answered, or not helpful",
        "",
        "1. Asked 3 times",
        "   - Who pays?",
        "   - Who pays for it?",
    ]
    assert lines[11] == "   Nearest: Background note, Roundtable 4, para. 4"
    assert all(line.startswith("   | ") for line in lines[12:])


def test_without_questions_it_says_so() -> None:
    assert render_asked(Asked(COUNTS, (), has_questions=False)).endswith("Only numbers are kept, no questions.")


def test_without_gaps_it_says_so() -> None:
    assert "Every question was answered" in render_asked(Asked(COUNTS, (), has_questions=True))
