import math
from pathlib import Path

import pytest

from assistant import Assistant, evaluation
from assistant.__main__ import main
from assistant.errors import InputError
from assistant.evaluation.evaluate import Evaluation, evaluate_corpus
from assistant.evaluation.floors import FLOORS_FILE, below_floors, read_floors, record_floors
from assistant.evaluation.metrics import Figure
from assistant.settings import Settings
from tests.conftest import ROOT

GOLD = ROOT / "tests" / "gold"


def measured(name: str, value: float, **kind: str) -> Figure:
    return Figure(name, value, value, value, 100, **kind)  # type: ignore[arg-type]


def test_the_development_questions_reach_their_floors(
    corpus_folder: Path, index_folder: Path, assistant: Assistant
) -> None:
    floors = read_floors(GOLD / FLOORS_FILE, split="dev")

    done = evaluate_corpus(Settings(corpus_folder, index_folder), gold=GOLD, split="dev", report=lambda _: None)

    assert below_floors(done.figures, floors) == []
    assert floors.keys() == {each.name for each in done.figures if each.kind != "time"}, "record the floors again"


def test_a_figure_below_its_floor_is_named_with_its_value() -> None:
    figures = [measured("recall", 0.7), measured("answered", 0.9), measured("wrong", 0.2, kind="error")]

    problems = below_floors(figures, {"recall": 0.75, "answered": 0.9, "wrong": 0.1})

    assert problems == [
        "recall is 0.700, below its floor of 0.75.",
        "wrong is 0.200, above the 0.10 that it may be at the most.",
    ]


@pytest.mark.parametrize("figures", [[], [measured("recall", math.nan)]])
def test_a_figure_that_is_not_measured_any_more_is_below_its_floor(figures: list[Figure]) -> None:
    assert below_floors(figures, {"recall": 0.5}) == ["recall isn't measured any more; its floor is 0.50."]


def test_recorded_floors_are_a_little_below_the_figures(tmp_path: Path) -> None:
    figures = [
        measured("documents: recall@1", 0.999),
        measured("error", 0.051, kind="error"),
        measured("latency", 12.0, kind="time"),
        Figure("few", 0.75, 0, 1, 4),
        Figure("none", math.nan, math.nan, math.nan, 0),
    ]

    record_floors(figures, tmp_path / FLOORS_FILE, split="dev")

    floors = read_floors(tmp_path / FLOORS_FILE, split="dev")
    assert floors == {"documents: recall@1": 0.96, "error": 0.09, "few": 0.5}
    assert below_floors(figures, floors) == []


def test_recording_one_split_leaves_the_other(tmp_path: Path) -> None:
    record_floors([measured("recall", 0.9)], tmp_path / FLOORS_FILE, split="test")
    record_floors([measured("recall", 0.8)], tmp_path / FLOORS_FILE, split="dev")

    assert read_floors(tmp_path / FLOORS_FILE, split="test") == {"recall": 0.87}
    assert read_floors(tmp_path / FLOORS_FILE, split="dev") == {"recall": 0.77}


def test_without_floors_it_is_said_how_to_record_them(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--split dev --record-floors"):
        read_floors(tmp_path / FLOORS_FILE, split="dev")

    record_floors([measured("recall", 0.9)], tmp_path / FLOORS_FILE, split="test")
    with pytest.raises(InputError, match="no floors for the dev questions"):
        read_floors(tmp_path / FLOORS_FILE, split="dev")

    (tmp_path / FLOORS_FILE).write_text("recall", encoding="utf-8")
    with pytest.raises(InputError, match="not TOML"):
        read_floors(tmp_path / FLOORS_FILE, split="dev")


def test_the_command_fails_below_a_floor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record_floors([measured("recall", 0.9)], tmp_path / FLOORS_FILE, split="dev")
    worse = Evaluation("dev", "sha256:0", "none", (measured("recall", 0.6),), {}, {})
    monkeypatch.setattr(evaluation, "evaluate_corpus", lambda *_, **__: worse)
    command = ["evaluate", "--split", "dev", "--gold", str(tmp_path)]

    assert main([*command, "--floors"]) == 1
    assert capsys.readouterr().err == "recall is 0.600, below its floor of 0.87.\n"
    assert main([*command, "--record-floors"]) == 0
    assert main([*command, "--floors"]) == 0
