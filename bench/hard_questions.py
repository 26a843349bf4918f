"""What the hardest texts cost beside an ordinary question: `python -m bench.hard_questions`.

Each text has 2,000 characters, and is asked alone, after thirty like it, and as a topic; a short question is asked
after 20,000 of its parts. Times are the processor's, the least of three runs, as multiples of an ordinary question's.
"""

import argparse
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path

from assistant import Assistant
from assistant.errors import InputError
from assistant.settings import MAX_QUESTION
from bench.questions import questions
from tests.journeys.test_ask import HARD

RUNS = 3
WORDS = "migrants children data borders rights remittances health labour education consular note policy ".split()
HARDEST = (*HARD, " ".join(WORDS) + " ", "Who pays for the borders? ", "what does it say on data and who wrote it? ")


def cost(run: Callable[[], object]) -> float:
    """Return the least processor time of some runs, in seconds."""
    costs = []
    for _ in range(RUNS):
        before = time.process_time()
        with suppress(InputError):  # of a topic in a language that isn't read
            run()
        costs.append(time.process_time() - before)
    return min(costs)


def main(index: Path) -> None:
    """Print a line for each text."""
    assistant = Assistant.open(index=index)
    assistant.warm_up()
    ordinary = sum(cost(partial(assistant.ask, text)) for text in islice(questions(), 20)) / 20
    print(f"an ordinary question: {ordinary * 1000:.1f} ms; as many of them cost")
    print(f"{'repeated':24} {'asked':>8} {'+ 30 alike':>10} {'+ 20,000':>10} {'a topic':>8}")
    for unit in HARDEST:
        text = unit * (MAX_QUESTION // len(unit))
        taken = (
            cost(partial(assistant.ask, text)),
            cost(partial(assistant.ask, text, history=[text] * 30)),
            cost(partial(assistant.ask, "And for children?", history=[unit] * 20_000)),
            cost(partial(assistant.classify, text)),
        )
        asked, more, many, topic = (each / ordinary for each in taken)
        print(f"{unit!r:24.24} {asked:8.1f} {more:10.1f} {many:10.1f} {topic:8.1f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    main(parser.parse_args().index)
