"""Write a file's blocks to standard output, a JSON array a line: the program that `documents.extraction` runs.

`python -m formats READER SILENCE TOTAL PATH`, in the folder of this package; the limits are those of
`extraction.Limits`. Each line is `["title", text]`, `["block", text, kind,
page, label]`, `["recognised", page]`, `["remark", text]`, `["tick"]` (work goes on) or, last, `["done"]` or `["error",
message]`.
"""

import json
import math
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from .blocks import Block, FormatError, Recognised, Remark, Title

MAX_MEMORY = 1 << 30  # bytes of address space
TOO_LARGE = "takes more memory than one file may; split it into parts."


def main(reader: str, path: Path, *, silence: int, total: int) -> None:
    """Write the blocks of a file.

    Args:
        silence: Seconds of the processor that one piece may take.
        total: The same for all.
    """
    limit_resources()
    limit_processor(silence)
    try:
        module, _, function = reader.rpartition(".")
        for piece in getattr(import_module(f".{module}", __package__), function)(path):
            _write_piece(piece)
            limit_processor(min(time.process_time() + silence, total))
        write("done")
    except FormatError as error:
        write("error", str(error))
    except MemoryError:
        write("error", TOO_LARGE)
    except RecursionError:
        write("error", "has parts inside of parts, too deep to be read; copy its text into a new file.")
    except (OSError, ValueError, LookupError, ArithmeticError) as error:
        write("error", f"damaged ({type(error).__name__}); open it, save it again and try again.")
    sys.stdout.flush()


def _write_piece(piece: Block | Title | Recognised | Remark | None) -> None:
    match piece:
        case Title(text):
            write("title", text)
        case Remark(text):
            write("remark", text)
        case Recognised(page):
            write("recognised", page)
            sys.stdout.flush()
        case Block(text, kind, page, label) if any(map(str.isalnum, text)):  # a rule or an ornament has no words
            write("block", text, kind, page, label)
        case _:
            write("tick")
            sys.stdout.flush()


def write(*message: str | int) -> None:
    """Write a line of output."""
    sys.stdout.write(f"{json.dumps(message)}\n")


def limit_resources(memory: int = MAX_MEMORY) -> None:
    """Limit this process's memory, in bytes, where the system can; if it dies it leaves no copy of it."""
    _limit("RLIMIT_AS", memory)
    _limit("RLIMIT_CORE", 0)


def limit_processor(seconds: float) -> None:
    """Let the system end this process when it has had the processor for so long, if the system can."""
    _limit("RLIMIT_CPU", math.ceil(seconds))


def _limit(name: str, wanted: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows has no such limits; those of the clock and of output hold there too
    limit = getattr(resource, name)
    _, hard = resource.getrlimit(limit)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with suppress(OSError, ValueError):  # this system doesn't know this limit, or doesn't allow it to be set
        resource.setrlimit(limit, (most, hard))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[4]), silence=int(sys.argv[2]), total=int(sys.argv[3]))
