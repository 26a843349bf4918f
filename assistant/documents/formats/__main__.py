"""Write a file's blocks to standard output, a JSON array a line: the program that `documents.extraction` runs.

`python -m formats READER PATH`, in the folder of this package. Each line is `["title", text]`, `["block", text, kind,
page, label]`, `["recognised", page]`, `["remark", text]`, `["tick"]` (work goes on) or, last, `["done"]` or `["error",
message]`.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

from .blocks import Block, FormatError, Recognised, Remark, Title

MAX_MEMORY = 1 << 30  # bytes of address space
TOO_LARGE = "takes more memory than one file may; split it into parts."
_MAX_PROCESSOR_SECONDS = 130  # the parent's own limits are tighter; this one holds when the parent is gone


def main(reader: str, path: Path) -> None:
    """Write the blocks of a file."""
    limit_resources()
    try:
        module, _, function = reader.rpartition(".")
        for piece in getattr(import_module(f".{module}", __package__), function)(path):
            _write_piece(piece)
        write("done")
    except FormatError as error:
        write("error", str(error))
    except MemoryError:
        write("error", TOO_LARGE)
    except (OSError, RecursionError, ValueError, LookupError, ArithmeticError) as error:
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
    """Limit this process's memory, in bytes, and its time, where the system can."""
    try:
        import resource
    except ImportError:
        return  # Windows has no such limits; those of time and output hold there too
    for limit, wanted in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, _MAX_PROCESSOR_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(limit, (most, hard))
        except (OSError, ValueError):
            continue  # this system doesn't know this limit, or doesn't allow it to be set


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
