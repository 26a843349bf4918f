"""Build an index in a process of its own, so that the serving process needn't hold what only a build needs.

torch and what it loads take some 400 MB that a process never gives back, and its threads would take the cores from
questions. The process reports its progress in lines of JSON, and ends with the process that started it.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from assistant import errors
from assistant.errors import AssistantError
from assistant.records import Progress, ReportProgress
from assistant.settings import ReadingSettings, Settings

_KILLED = 9  # the signal of a system that runs out of memory
_HOME = Path(__file__).resolve().parents[2]
_PROGRAM = "import sys; from assistant.journeys.build_process import main; main(*sys.argv[1:])"


def build_apart(settings: Settings, *, report: ReportProgress) -> str:
    """Build or refresh the index of a corpus in a process of its own.

    Args:
        settings: The folders and the models.
        report: Called as the build goes on.

    Returns:
        `Assistant.corpus_hash` of the documents as that process found them.

    Raises:
        AssistantError: What the build raised, of the same class; or the process ended early.
    """
    # It starts where this package is found, and continues in the folder that the given paths are relative to.
    models = (settings.model, settings.multilingual, settings.reader)
    given = (str(Path.cwd()), str(settings.corpus), str(settings.index), *models, "1" if settings.reading.ocr else "")
    command = [sys.executable, "-c", _PROGRAM, *given]
    # Its standard input is a pipe that nothing is written to: the process ends when the pipe closes.
    with subprocess.Popen(  # noqa: S603 - our own program, with arguments that no shell reads
        command, cwd=_HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            if corpus_hash := _follow(process.stdout or (), report):
                return corpus_hash
            raise AssistantError(f"Building the index ended early: {_reason(process.wait())} What is done is kept.")
        finally:
            process.kill()


def _follow(lines: Iterable[str], report: ReportProgress) -> str:
    """Read the lines of the process until it is done; return the documents' hash, or "" where it ended early."""
    for line in lines:
        name, *values = json.loads(line)
        if name == "progress":
            report(Progress(*values))
        elif name == "error":
            kind, message = values
            raise getattr(errors, kind, AssistantError)(message)
        else:
            return str(*values)
    return ""


def _reason(status: int) -> str:
    if status == -_KILLED:
        return "the system stopped it, most likely for want of memory; make more of it free."
    return f"its process failed (exit status {status}); the terminal says why."


# The process ---------------------------------------------------------------------------------------------------------


def main(folder: str, corpus: str, index: str, model: str, multilingual: str, reader: str, ocr: str) -> None:
    """Build or refresh an index, and report progress and outcome in lines of JSON on standard output."""
    from assistant.journeys.opening import open_corpus  # here: the process that starts this one doesn't need it

    os.chdir(folder)
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints isn't one of our lines
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both processes; the one that started this decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)

    def write(*values: object) -> None:
        print(json.dumps(values), file=lines, flush=True)

    try:
        opened = open_corpus(
            Settings(Path(corpus), Path(index), model, multilingual, reader, reading=ReadingSettings(ocr=bool(ocr))),
            report=lambda progress: write("progress", progress.stage, progress.done, progress.total),
            must_keep=True,
        )
    except AssistantError as error:
        write("error", type(error).__name__, str(error))
    else:
        write("done", opened.models.origin.corpus)


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # reading `sys.stdin` would hold a lock that Python needs to end
    os._exit(1)  # the next build continues a killed one
