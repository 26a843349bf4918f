"""The gold questions that fits may use, and the documents that they are asked of.

Questions for testing, whose files' names end in "test", can't be read from here.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant import Assistant
from assistant.encoding import NO_ENCODER
from assistant.evaluation import Row, read_gold
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold"
TEXTS = ROOT / "tests" / "data"
SPLITS = ("fit", "dev")
# The made-up documents, by the names of the questions that are asked of them.
MADE_UP = {"formal": "formal-document", "plan": "regional-plan", "briefing": "briefing-note"}


@contextmanager
def indexes_folder(description: str | None) -> Iterator[Path]:
    """Read the command line, and give the folder for indexes that it names; else a temporary one."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indexes", type=Path, help="keep the indexes of the made-up documents here")
    chosen = parser.parse_args().indexes
    with tempfile.TemporaryDirectory() as temporary:
        yield chosen or Path(temporary)


def read_questions(name: str, *splits: str) -> list[Row]:
    """Read the questions of a name; of "fit" and "dev" those splits that there are.

    Raises:
        ValueError: A split is for testing.
    """
    if not set(splits) <= set(SPLITS):
        raise ValueError(f"{splits}: nothing is fitted on other questions than those of {SPLITS}")
    paths = (GOLD / f"{name}-{split}.jsonl" for split in splits or SPLITS)
    return [row for path in paths if path.is_file() for row in read_gold(path)]


def read_answerable(name: str, *splits: str) -> list[Row]:
    """Read the questions of a name that its document answers."""
    return [row for row in read_questions(name, *splits) if row.get("expected") or row.get("locators")]


def open_shipped() -> Assistant:
    """Open the shipped documents, the background note among them."""
    return Assistant.open(ROOT / "corpus", ROOT / "index")


def open_made_up(folder: Path) -> Iterator[tuple[str, Assistant]]:
    """Open each made-up document alone, by the name of its questions; the indexes lie in a folder."""
    for name, text in MADE_UP.items():
        corpus = folder / text
        corpus.mkdir(exist_ok=True)
        shutil.copy(TEXTS / f"{text}.txt", corpus)
        yield name, Assistant.from_settings(Settings(corpus, folder / f"{text}-index", multilingual=NO_ENCODER))


def open_all(folder: Path) -> Assistant:
    """Open the shipped and the made-up documents as one corpus."""
    corpus = shutil.copytree(ROOT / "corpus", folder / "all", dirs_exist_ok=True)
    for text in MADE_UP.values():
        shutil.copy(TEXTS / f"{text}.txt", corpus)
    return Assistant.from_settings(Settings(corpus, folder / "all-index", multilingual=NO_ENCODER))
