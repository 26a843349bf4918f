"""A file becomes blocks in a process of its own, with limits of time, memory and output.

A library that reads a stranger's file may crash, run for ever or fill the memory. Here that ends the process, costs one
file and is reported in one line. The process is a fresh interpreter, so that threads and libraries of this one don't
matter.
"""

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

from assistant.documents.formats.blocks import Block
from assistant.errors import ReadError
from assistant.records import Paragraph

_PACKAGE = Path(__file__).resolve().parent / "formats"
_ROOT = _PACKAGE.parents[2]
_REMEDY = "split it into parts, or save it again in another format."


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of reading one file; those of the processor hold where the system knows them (not on Windows)."""

    silence: int = 8  # seconds of the processor without a sign of work, such as a page of a PDF that has been read
    total: int = 120  # the same in all
    clock: float = 1200.0  # seconds in all, whatever else the machine does
    output: int = 32_000_000  # bytes that the process may write


WITH_OCR = Limits(silence=120, total=3600, clock=7200.0)


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
    lines = _lines(path, [_PACKAGE.name, reader, str(limits.silence), str(limits.total)], _PACKAGE.parent, limits)
    of: dict[str, list[Any]] = {"title": [""], "recognised": [], "remark": [], "block": [], "tick": []}
    for name, *values in lines:
        of[name].append(values if name == "block" else values and values[0])
    blocks = tuple(Block(*values) for values in of["block"])
    return Extract(of["title"][-1], blocks, frozenset(of["recognised"]), tuple(of["remark"]))


def extract_paragraphs(path: Path, *, limits: Limits | None = None) -> tuple[Paragraph, ...]:
    """Find the paragraphs of a text file in a process of its own.

    Raises:
        ReadError: As `extract` does.
    """
    limits = limits or Limits()
    lines = _lines(path, ["assistant.documents", str(limits.total)], _ROOT, limits)
    return tuple(Paragraph(*values) for _, *values in lines)


# The process's output ------------------------------------------------------------------------------------------------


def _lines(path: Path, program: list[str], folder: Path, limits: Limits) -> list[list[Any]]:
    """Run a program on a file, and return what it writes, without its last word."""
    command = [sys.executable, "-m", *program, str(path.absolute())]
    with subprocess.Popen(  # noqa: S603 - our own program; the path is an argument of its own
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            written = _written(path, process, limits)
        finally:
            process.kill()
    *lines, last = written.splitlines() or [b""]
    if last.startswith(b'["error"'):
        raise ReadError(f"{path}: {json.loads(last)[1]}")
    if process.returncode == -getattr(signal, "SIGXCPU", 0):
        raise ReadError(f"{path}: takes too long to read; {_REMEDY}")
    if last != b'["done"]':
        reason = f"signal {-process.returncode}" if process.returncode < 0 else f"exit status {process.returncode}"
        raise ReadError(f"{path}: reading it ended early ({reason}); it may be damaged: save it again.")
    return [json.loads(line) for line in lines]


def _written(path: Path, process: subprocess.Popen[bytes], limits: Limits) -> bytes:
    """Return what the process writes until it ends.

    A thread reads it, because a pipe can't be read with a time limit.
    """
    pieces: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_pump, args=(process.stdout, pieces), daemon=True).start()
    written = bytearray()
    deadline = time.monotonic() + limits.clock
    while True:
        try:
            piece = pieces.get(timeout=max(deadline - time.monotonic(), 0))
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
