"""What many tests stand on."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from assistant import Assistant, Document, Source
from assistant.documents.structure import paragraphs_of
from assistant.retrieval import Finders
from tests.fakes import BagOfWordsEncoder
from tests.postgres import SERVER, SKIPPED

# The same examples in every run, so that a test that passed once passes again; the long run looks for new ones.
settings.register_profile("short", derandomize=True, deadline=None)
settings.register_profile("long", max_examples=2000, deadline=None)
settings.load_profile("long" if os.environ.get("ASSISTANT_TEST_LONG") == "1" else "short")

ROOT = Path(__file__).resolve().parent.parent


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was skipped for want of a server."""
    if SERVER not in os.environ:
        terminalreporter.write_line(SKIPPED)


def make_document(text: str, *, id: str = "made-up") -> Document:
    """A document of a text, as a reader would make it."""
    return Document(Source(id=id, title="Made up"), text, paragraphs_of(text))


def small_table() -> str:
    """A table of 23 objectives that is learned from in no time."""
    rows = [
        f'[[objective]]\nnumber = {n}\ntitle = "Aim {n}"\nshort = "Aim {n}"\nparagraph = {n + 16}\nround_table = 1\n'
        f"topics = [{', '.join(f'{chr(34)}word{n} in case {i}{chr(34)}' for i in range(5))}]\n"
        for n in range(1, 24)
    ]
    return "\n".join(rows)


def small_finders(folder: Path, text: str) -> Finders:
    """Search one made-up document by a bag of words, with objectives that are learned in no time."""
    (folder / "corpus").mkdir()
    (folder / "corpus" / "made-up.txt").write_text(text, encoding="utf-8")
    (folder / "corpus" / "objectives.toml").write_text(small_table(), encoding="utf-8")
    return Assistant.open(folder / "corpus", folder / "index", encoder=BagOfWordsEncoder()).finders


@pytest.fixture(scope="session")
def corpus_folder() -> Path:
    """The documents that the project ships."""
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def note(corpus_folder: Path) -> Document:
    """The background note as supplied."""
    return make_document((corpus_folder / "background-note.txt").read_text(encoding="utf-8"), id="background-note")


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the session's index of the shipped documents is built, once, whatever the number of processes."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared-index"


@pytest.fixture(scope="session")
def assistant(corpus_folder: Path, index_folder: Path) -> Assistant:
    """The real assistant: the shipped documents, the real model."""
    return Assistant.open(corpus_folder, index_folder)
