import subprocess
import sys

import pytest

from assistant.memory import one_question, remembered
from tests.conftest import ROOT

# Each of some threads frees many small blocks but the last, above which the C library would keep them all.
_FREEING = """
import re, sys, threading
from pathlib import Path
from assistant.memory import bound_memory, give_memory_back
if sys.argv[1] == "bounded":
    bound_memory()
def hold(number):
    blocks = [bytearray(100_000) for _ in range(200)]
    del blocks[:-1]
    held[number] = blocks
held = {}
for number in range(6):
    threads = [threading.Thread(target=hold, args=(6 * number + each,)) for each in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
if sys.argv[1] == "bounded":
    give_memory_back()
print(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


class Doubling:
    """Doubles numbers, and counts how often it really does."""

    def __init__(self) -> None:
        self.done = 0
        self.doubled = remembered(self._doubled)

    def _doubled(self, number: int) -> int:
        self.done += 1
        return 2 * number


def test_for_one_question_each_value_is_computed_once() -> None:
    doubling = Doubling()

    with one_question():
        values = [doubling.doubled(number) for number in (1, 2, 1, 2)]

    assert (values, doubling.done) == ([2, 4, 2, 4], 2)


def test_nothing_is_remembered_for_the_next_question() -> None:
    doubling = Doubling()

    for _ in range(2):
        with one_question():
            doubling.doubled(1)

    assert doubling.done == 2


def test_a_question_inside_another_is_part_of_it() -> None:
    doubling = Doubling()

    with one_question():
        with one_question():
            doubling.doubled(1)
        doubling.doubled(1)

    assert doubling.done == 1


def test_without_a_question_nothing_is_remembered() -> None:
    doubling = Doubling()

    assert [doubling.doubled(1), doubling.doubled(1)] == [2, 2]
    assert doubling.done == 2


def test_two_of_a_kind_remember_apart() -> None:
    one, other = Doubling(), Doubling()

    with one_question():
        one.doubled(1)
        other.doubled(1)

    assert one.done == other.done == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told")
def test_what_threads_have_freed_goes_back_to_the_system() -> None:
    kept, bounded = (
        int(subprocess.run([sys.executable, "-c", _FREEING, each], cwd=ROOT, capture_output=True, check=True).stdout)
        for each in ("kept", "bounded")
    )

    assert bounded < kept
