"""Whether memory stays flat over many mixed requests: `python -m bench.memory --requests 100000`.

As many threads as the service has turns ask at once: short questions, long ones, words at random, other scripts,
follow-ups, topics. No text comes twice, so that whatever is kept by question shows.
"""

import argparse
import random
import re
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

from assistant import Assistant
from assistant.errors import InputError
from assistant.memory import bound_memory
from assistant.settings import MAX_QUESTION
from bench.hard_questions import HARDEST
from bench.questions import questions

THREADS = 3  # questions that the service answers at once
TOLERATED = 1.05  # of the memory after a quarter of the requests, at the end


def resident() -> float:
    """Return the megabytes that this process has in memory."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else 0.0


def requests(assistant: Assistant, chosen: random.Random) -> tuple[Callable[[], object], ...]:
    """Return the kinds of requests; each call is another one."""
    ordinary = questions()

    def letters(first: int, last: int) -> str:
        return "".join(chr(chosen.randint(first, last)) for _ in range(chosen.randrange(1, MAX_QUESTION)))

    return (
        lambda: assistant.ask(next(ordinary)),
        lambda: assistant.ask(" ".join(next(ordinary) for _ in range(chosen.randrange(2, 30)))),
        lambda: assistant.ask("And for children?", history=[next(ordinary) for _ in range(40)]),
        lambda: assistant.classify(next(ordinary)),
        lambda: assistant.ask(letters(0x61, 0x7A)),
        lambda: assistant.ask(letters(0x20, 0x24F)),
        lambda: assistant.ask(letters(0x4E00, 0x9FFF)),
        lambda: assistant.ask(chosen.choice(HARDEST) * chosen.randrange(1, MAX_QUESTION)),
    )


def main(index: Path, total: int) -> None:
    """Print the memory ten times on the way, and fail where it grows."""
    bound_memory()  # as the service does
    assistant = Assistant.open(index=index)
    assistant.warm_up()
    kinds, lock, numbers = requests(assistant, random.Random(18)), threading.Lock(), count()
    seen: list[float] = []

    def work() -> None:
        while (number := next(numbers)) < total:
            with lock:  # a generator can't be asked by two threads at once
                request = kinds[number % len(kinds)]
                if number % max(1, total // 20) == 0:
                    seen.append(resident())
                    print(f"{number:7,} requests: {seen[-1]:6.0f} MB", flush=True)
            try:
                request()
            except (InputError, ValueError):  # a language that isn't read; a generator that another thread has
                continue

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"at the end: {resident():.0f} MB")
    if resident() > TOLERATED * seen[len(seen) // 4]:
        raise SystemExit("It grows.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--requests", type=int, default=100_000)
    given = parser.parse_args()
    main(given.index, given.requests)
