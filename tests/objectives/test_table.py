from pathlib import Path

import pytest

from assistant import AssistantError
from assistant.objectives.table import read_objectives

ROUND_TABLES = {
    1: {2, 5, 6, 12, 18},
    2: {4, 8, 9, 10, 11, 13, 21},
    3: {14, 15, 16, 19, 20, 22},
    4: {1, 3, 7, 17, 23},
}


def test_the_table_holds_the_23_objectives(corpus_folder: Path) -> None:
    objectives = read_objectives(corpus_folder / "objectives.toml").objectives

    assert [objective.number for objective in objectives] == list(range(1, 24))
    assert len({objective.title for objective in objectives}) == 23
    assert len({objective.short for objective in objectives}) == 23
    assert [objective.paragraph for objective in objectives] == list(range(17, 40))


def test_the_round_tables_cover_each_objective_once(corpus_folder: Path) -> None:
    objectives = read_objectives(corpus_folder / "objectives.toml").objectives

    groups = {number: {o.number for o in objectives if o.round_table == number} for number in ROUND_TABLES}

    assert groups == ROUND_TABLES


def test_titles_that_are_easily_mixed_up_are_right(corpus_folder: Path) -> None:
    titles = {
        objective.number: objective.title for objective in read_objectives(corpus_folder / "objectives.toml").objectives
    }

    assert titles[2].startswith("Minimize the adverse drivers")
    assert titles[13].startswith("Use immigration detention only")
    assert titles[20].startswith("Promote faster, safer and cheaper transfer of remittances")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[objective]]\nnumber = 1\n", "lacks"),
        ("not toml", "not valid TOML"),
        ("objective = []", "1 to 23"),
        ("", "lacks"),
    ],
)
def test_a_broken_table_is_refused_in_one_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "objectives.toml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(AssistantError, match=message) as caught:
        read_objectives(path)

    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
