"""Figures beside what they were when their floors were recorded -> those that have become worse.

A floor is the worst value that passes: the least for a share, the most for an error. Times have none, for they are the
machine's. This module knows nothing of how figures are measured.
"""

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.errors import InputError
from assistant.evaluation.metrics import Figure

FLOORS_FILE = "floors.toml"  # beside the questions

_MARGIN = 0.03  # below what was measured; one question, where that is more: another machine rounds another way
_HEADER = """\
# The worst value that passes, by split and figure: the least for a share, the most for an error.
# Written by `python -m assistant evaluate --split dev --record-floors`.
"""


def read_floors(path: Path, *, split: str) -> Mapping[str, float]:
    """Read the floors of a split.

    Raises:
        InputError: There are none.
    """
    try:
        floors = _read(path).get(split)
    except OSError as error:
        raise InputError(f"{path}: the floors can't be read ({error.strerror}); {_remedy(split)}.") from error
    if not floors:
        raise InputError(f"{path}: no floors for the {split} questions; {_remedy(split)}.")
    return floors


def below_floors(figures: Sequence[Figure], floors: Mapping[str, float]) -> list[str]:
    """Say of each figure that is worse than its floor, or that is no longer measured, what it is and what it was."""
    measured = {each.name: each for each in figures}
    problems = []
    for name, floor in floors.items():
        each = measured.get(name)
        if each is None or math.isnan(each.value):
            problems.append(f"{name} isn't measured any more; its floor is {floor:.2f}.")
        elif each.kind == "error" and each.value > floor:
            problems.append(f"{name} is {each.value:.3f}, above the {floor:.2f} that it may be at the most.")
        elif each.kind == "share" and each.value < floor:
            problems.append(f"{name} is {each.value:.3f}, below its floor of {floor:.2f}.")
    return problems


def record_floors(figures: Sequence[Figure], path: Path, *, split: str) -> None:
    """Write floors a little below the figures; other splits keep theirs.

    Raises:
        InputError: What is there isn't a file of floors.
    """
    floors = _read(path) if path.exists() else {}
    floors[split] = {
        each.name: floor_of(each) for each in figures if each.kind != "time" and not math.isnan(each.value)
    }
    tables = [
        "\n".join([f"[{name}]", *(f"{json.dumps(key)} = {value:.2f}" for key, value in table.items())]) + "\n"
        for name, table in sorted(floors.items())
    ]
    temporary = path.with_name(path.name + ".new")
    temporary.write_text("\n".join([_HEADER, *tables]), encoding="utf-8", newline="\n")
    temporary.replace(path)


def floor_of(figure: Figure) -> float:
    """A figure's value less a margin, in whole hundredths; for an error, more.

    >>> floor_of(Figure("recall", 0.9, 0.8, 1.0, 100)), floor_of(Figure("error", 0.051, 0, 1, 100, "error"))
    (0.87, 0.09)
    """
    margin = max(_MARGIN, 1 / figure.count)
    # Rounded twice, because 0.9 - 0.03 is a little less than 0.87.
    if figure.kind == "error":
        return min(math.ceil(round((figure.value + margin) * 100, 6)) / 100, 1.0)
    return max(math.floor(round((figure.value - margin) * 100, 6)) / 100, 0.0)


def _read(path: Path) -> dict[str, dict[str, float]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: not TOML ({error}).") from error


def _remedy(split: str) -> str:
    return f"record them with `python -m assistant evaluate --split {split} --record-floors`"
