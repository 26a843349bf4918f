import pytest

from assistant.records import Progress
from assistant.terminal.progress import ProgressBar


def test_each_stage_gets_a_bar_with_its_unit(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar(shown=True) as bar:
        bar.report(Progress("reading", 1, 2))
        bar.report(Progress("reading", 2, 2))
        bar.report(Progress("encoding", 3, 4))

    shown = capsys.readouterr().err
    assert "Reading: 100%" in shown
    assert "2/2" in shown
    assert "documents/s" in shown
    assert "Encoding:  75%" in shown
    assert "texts/s" in shown


def test_nothing_is_shown_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar(shown=False) as bar:
        bar.report(Progress("reading", 1, 2))

    assert capsys.readouterr().err == ""


def test_a_file_whose_size_is_unknown_shows_what_has_come(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar(shown=False) as bar:
        bar.report_bytes("note.pdf", 2048, None)

    assert "note.pdf: 2.05kB" in capsys.readouterr().err
