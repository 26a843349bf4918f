"""Write the paragraphs of a text file to standard output, a JSON array a line: a program that `extraction` runs.

`python -m assistant.documents SECONDS PATH`; so long it may have the processor. Each line is `["paragraph", …]` with a
paragraph's fields or, last, `["done"]` or `["error", message]`.
"""

import dataclasses
import sys
from pathlib import Path

from assistant.documents.formats.__main__ import TOO_LARGE, limit_processor, limit_resources, write
from assistant.documents.reading import read_paragraphs
from assistant.errors import ReadError

_MAX_MEMORY = 3 << 30  # bytes of address space, with the libraries


def main(path: Path, seconds: int) -> None:
    """Write the paragraphs of a file."""
    limit_resources(_MAX_MEMORY)
    limit_processor(seconds)
    try:
        for paragraph in read_paragraphs(path):
            write("paragraph", *dataclasses.astuple(paragraph))
        write("done")
    except ReadError as error:
        write("error", str(error).removeprefix(f"{path}: "))
    except MemoryError:
        write("error", TOO_LARGE)


if __name__ == "__main__":
    main(Path(sys.argv[2]), int(sys.argv[1]))
