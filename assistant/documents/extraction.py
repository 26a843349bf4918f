"""A file becomes blocks in a process of its own, with limits of time, memory and output.

A library that reads a stranger's file may crash, run for ever or fill the memory. Here that ends the process, costs one
file and is reported in one line. The process is a fresh interpreter, so that threads and libraries of this one don't
matter.
"""

import json
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from assistant.documents.formats.blocks import Block
from assistant.errors import ReadError

_PACKAGE = Path(__file__).resolve().parent / "formats"
_REMEDY = "split it into parts, or save it again in another format."


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of reading one file."""

    silence: float = 8.0  # seconds without a sign of work, such as a page of a PDF that has been read
    total: float = 120.0  # seconds in all
    output: int = 32_000_000  # bytes that the process may write


WITH_OCR = Limits(silence=120.0, total=3600.0)


@dataclass(frozen=True, slots=True)
class Extract:
    """The blocks of a file, its title, which is empty where it gives none, and how it was read."""

    title: str
    blocks: tuple[Block, ...]
    recognised: frozenset[int] = frozenset()  # pages that are pictures, read by OCR
    remarks: tuple[str, ...] = ()  # on what couldn't be read


def extract(path: Path, reader: str, *, limits: Limits | None = None) -> Extract:
    """Read a file in a process of its own, by the reader that `formats.registry` names.

    Raises:
        ReadError: It can't be read, or took more than the limits allow.
    """
    limits = limits or Limits()
    command = [sys.executable, "-m", _PACKAGE.name, reader, str(path.absolute())]
    with subprocess.Popen(  # noqa: S603 - our own program; the path is an argument of its own
        command, cwd=_PACKAGE.parent, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            written = _written(path, process, limits)
        finally:
            process.kill()
    return _extract(path, written, process.returncode)


# The process's output ------------------------------------------------------------------------------------------------


def _written(path: Path, process: subprocess.Popen[bytes], limits: Limits) -> bytes:
    """Return what the process writes until it ends.

    A thread reads it, because a pipe can't be read with a time limit.
    """
    pieces: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_pump, args=(process.stdout, pieces), daemon=True).start()
    written = bytearray()
    deadline = time.monotonic() + limits.total
    while True:
        try:
            piece = pieces.get(timeout=max(min(limits.silence, deadline - time.monotonic()), 0))
        except queue.Empty:
            raise ReadError(f"{path}: takes too long to read; {_REMEDY}") from None
        if not piece:
            process.wait()
            return bytes(written)
        written += piece
        if len(written) > limits.output:
            raise ReadError(f"{path}: holds more text than one document may; {_REMEDY}")


def _pump(stream: BufferedReader, pieces: queue.Queue[bytes]) -> None:
    try:
        while piece := stream.read1(1 << 16):
            pieces.put(piece)
    except (OSError, ValueError):
        pass  # the process was stopped and its pipe closed
    pieces.put(b"")


def _extract(path: Path, written: bytes, status: int) -> Extract:
    *lines, last = written.splitlines() or [b""]
    if last.startswith(b'["error"'):
        raise ReadError(f"{path}: {json.loads(last)[1]}")
    if last != b'["done"]':
        reason = f"signal {-status}" if status < 0 else f"exit status {status}"
        raise ReadError(f"{path}: reading it ended early ({reason}); it may be damaged: save it again.")
    title = ""
    blocks: list[Block] = []
    pages: set[int] = set()
    remarks: list[str] = []
    for line in lines:
        name, *values = json.loads(line)
        if name == "title":
            title = values[0]
        elif name == "block":
            blocks.append(Block(*values))
        elif name == "recognised":
            pages.update(values)
        elif name == "remark":
            remarks += values
    return Extract(title, tuple(blocks), frozenset(pages), tuple(remarks))
