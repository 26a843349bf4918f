"""Answer a JSON object a line with a JSON object a line."""

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TextIO

from assistant.errors import InputError

_MAX_LINE = 1_000_000  # bytes


def answer_lines(lines: BinaryIO, output: TextIO, *, answer: Callable[[object], dict[str, Any]]) -> bool:
    """Answer each line in its turn, flushed at once, and return whether all were good.

    A bad line, for which `answer` may raise InputError, gets an error in its place.
    """
    from assistant.schema import read_json  # pydantic comes with it, for which one question needn't wait

    all_good = True
    for number, line in enumerate(_capped_lines(lines), start=1):
        row: object = None
        try:
            row = read_json(_checked(line))
            reply = answer(row)
        except InputError as error:
            all_good = False
            reply = {"id": row.get("id") if isinstance(row, dict) else None, "error": f"line {number}: {error}"}
        # A file's name may hold bytes that are no characters.
        output.write(json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
        output.flush()
    return all_good


def _checked(line: bytes) -> bytes:
    if len(line) > _MAX_LINE:
        raise InputError(f"This is longer than {_MAX_LINE:,} bytes; shorten it.")
    return line


def _capped_lines(lines: BinaryIO) -> Iterator[bytes]:
    """Read line by line; of one that is too long only the beginning is kept, so that memory stays bounded."""
    while line := lines.readline(_MAX_LINE + 1):
        rest = line
        while len(rest) > _MAX_LINE and not rest.endswith(b"\n"):
            rest = lines.readline(_MAX_LINE + 1)
        yield line
