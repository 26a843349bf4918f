"""No pattern takes more than linear time: ten times the text takes about ten times as long, whatever it is made of."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.conftest import ROOT
from tests.patterns import Compiled, hard_texts

SHORT, LONG = 2_000, 20_000  # characters
TOLERATED = 3.0  # times as long as in proportion to the length: measured times vary, and a square would be ten
TRIES = 30  # only where the times don't agree: on a busy machine the caches are others' now and then
HARDEST = 2  # texts for each pattern of which the long form is measured, too
END = "\0"  # what no pattern expects


@pytest.fixture(scope="module")
def patterns() -> list[Compiled]:
    """All patterns, each once; those that are compiled later, too."""
    lines = subprocess.run(
        [sys.executable, "-m", "tests.patterns"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    every = [Compiled(**json.loads(line)) for line in lines]
    return list({(each.pattern, each.flags, each.is_searched): each for each in every}.values())


def grown(prefix: str, unit: str, length: int) -> str:
    return prefix + unit * (length // len(unit)) + END


def cost(run: Callable[[str], object], text: str, times: int) -> float:
    """Return the least processor time of some runs: what else the machine does only adds to it."""
    costs = []
    for _ in range(times):
        before = time.process_time()
        run(text)
        costs.append(time.process_time() - before)
    return min(costs)


def grows(run: Callable[[str], object], prefix: str, unit: str) -> float:
    """Return how much longer a long text takes than in proportion to its length, by the least of some measurements."""
    short, long = grown(prefix, unit, SHORT), grown(prefix, unit, LONG)
    of_short = of_long = ratio = float("inf")
    for _ in range(TRIES):
        of_short, of_long = min(of_short, cost(run, short, 3)), min(of_long, cost(run, long, 1))
        ratio = of_long / max(of_short, 1e-6) / (len(long) / len(short))
        if ratio < TOLERATED:
            break
    return ratio


def searching(pattern: re.Pattern[str]) -> Callable[[str], object]:
    def search(text: str) -> None:
        for _ in pattern.finditer(text):
            pass

    return search


def test_every_pattern_is_known(patterns: list[Compiled]) -> None:
    folders = {each.place.split("/")[1] for each in patterns}

    assert len(patterns) > 400
    assert folders >= {"language", "documents", "objectives", "retrieval", "web"}


def test_ten_times_the_text_takes_ten_times_as_long(patterns: list[Compiled]) -> None:
    slow = []
    for each in patterns:
        pattern = re.compile(each.pattern, each.flags)
        run = searching(pattern) if each.is_searched else pattern.match
        pairs = hard_texts(each.pattern, each.flags)
        hardest = sorted(pairs, key=lambda pair: -cost(run, grown(pair[0], pair[1], SHORT), 1))[:HARDEST]
        for prefix, unit in hardest:
            if (ratio := grows(run, prefix, unit)) >= TOLERATED:
                slow.append(f"{each.place}: {ratio:.1f} times with {prefix[:40]!r} and {unit[:40]!r}")

    assert slow == []
