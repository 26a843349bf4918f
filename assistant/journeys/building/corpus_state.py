"""The state of a corpus folder: what a build of it rests on."""

import hashlib
from pathlib import Path

from assistant.documents import OBJECTIVES_FILE, TRANSLATED_FILE, fingerprint
from assistant.journeys.building.steering import STEERING_FILES

# Serve a corpus folder that brings no tables of its own.
_OWN_TABLES = Path(__file__).resolve().parents[3] / "corpus"


def corpus_state(folder: Path, *, ocr: bool = False) -> tuple[str, str]:
    """Return a corpus's fingerprint, its tables and the operator's words included, and the sha256 of the objectives'.

    Raises:
        CorpusError: There is no such folder.
    """
    table = objectives_file(folder)
    digest = hashlib.sha256(table.read_bytes()).hexdigest() if table.is_file() else ""
    return fingerprint(folder, tables=[table, *(folder / each for each in STEERING_FILES)], ocr=ocr), digest


def objectives_file(folder: Path) -> Path:
    """Return the file of the objectives that serves a corpus."""
    return _own_or_ours(folder, OBJECTIVES_FILE)


def translated_file(folder: Path) -> Path:
    """Return the file of the objectives' titles and terms in other languages that serves a corpus."""
    return _own_or_ours(folder, TRANSLATED_FILE)


def _own_or_ours(folder: Path, name: str) -> Path:
    return folder / name if (folder / name).is_file() else _OWN_TABLES / name
