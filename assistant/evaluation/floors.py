"""Floors: the worst figures that pass, recorded beside the gold questions.

A floor is a least value for a share and a greatest for an error. Times have none, since they depend on the machine.
"""

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.errors import InputError
from assistant.evaluation.metrics import Figure
from assistant.files import write_bytes

FLOORS_FILE = "floors.toml"  # in the folder of the gold questions

_MARGIN = 0.03  # or one question where that is more, because machines round differently
_HEADER = """\
# The worst value that passes, by split and figure: the least for a share, the most for an error.
# Written by `python -m assistant evaluate --split dev --record-floors`.
"""


def read_floors(path: Path, *, split: str) -> Mapping[str, float]:
    """Read the floors of a split.

    Raises:
        InputError: There are none for this split, or the file can't be read.
    """
    try:
        floors = _read(path).get(split)
    except OSError as error:
        raise InputError(f"{path}: the floors can't be read ({error.strerror}); {_remedy(split)}.") from error
    if not floors:
        raise InputError(f"{path}: no floors for the {split} questions; {_remedy(split)}.")
    return floors


def below_floors(figures: Sequence[Figure], floors: Mapping[str, float]) -> list[str]:
    """Return a sentence for each figure that is worse than its floor or no longer measured."""
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
    """Write floors a little below the figures, and keep those of other splits.

    Raises:
        InputError: The file that is there can't be read.
    """
    floors = _read(path) if path.exists() else {}
    floors[split] = {
        each.name: floor_of(each) for each in figures if each.kind != "time" and not math.isnan(each.value)
    }
    tables = [
        "\n".join([f"[{name}]", *(f"{json.dumps(key)} = {value:.2f}" for key, value in table.items())]) + "\n"
        for name, table in sorted(floors.items())
    ]
    write_bytes(path, "\n".join([_HEADER, *tables]).encode())


def floor_of(figure: Figure) -> float:
    """Return a figure's value less a margin, for an error plus a margin, in whole hundredths.

    >>> floor_of(Figure("recall", 0.9, 0.8, 1.0, 100)), floor_of(Figure("error", 0.051, 0, 1, 100, "error"))
    (0.87, 0.09)
    """
    margin = max(_MARGIN, 1 / figure.count)
    # Round before the floor or ceiling, because 0.9 - 0.03 is a little less than 0.87.
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
