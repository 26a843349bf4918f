"""Run every fit, one after the other, and say how long each takes: `make fit`, or `python -m bench.fit`.

What a fit writes is written anew: the learned objectives and the two files of answerability weights. The others print
what they find beside what is in use.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

# In order: the answerability is fitted on what the objectives and the ranking find.
FITS = {
    "fit_objectives": False,
    "fit_intents": False,
    "fit_ranking": True,
    "fit_answerability": True,
    "fit_crosslingual": False,
    "sweep": False,
}  # by name, whether it takes a folder for its indexes


def main() -> None:
    """Run the fits."""
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory() as indexes:
        for name, takes_indexes in FITS.items():
            print(f"== {name}", flush=True)
            started = time.perf_counter()
            options = ["--indexes", indexes] if takes_indexes else []
            subprocess.run([sys.executable, "-m", f"bench.{name}", *options], cwd=root, check=True)
            print(f"== {name} took {time.perf_counter() - started:.0f} s\n", flush=True)


if __name__ == "__main__":
    main()
