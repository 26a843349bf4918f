"""The journey of the project's own questions to figures: the assistants are opened, and asked.

Here the evaluation meets what it evaluates.
"""

import shutil
import tempfile
from pathlib import Path

from assistant.encoding import NO_SECOND
from assistant.evaluation.figures import Evaluation, evaluate
from assistant.journeys import Assistant
from assistant.records import ReportProgress

_FORMAL_DOCUMENT = Path(__file__).resolve().parents[2] / "tests" / "data" / "formal-document.txt"


def evaluate_corpus(
    corpus: Path,
    index: Path,
    *,
    gold: Path,
    split: str,
    model: str = "",
    multilingual: str = "",
    report: ReportProgress,
) -> Evaluation:
    """Ask a split of the project's questions, of its documents and of a formal text of our own.

    Args:
        gold: Folder of the questions.
        split: "dev" or "test".
        model: As for `Assistant.open`.
        multilingual: As for `Assistant.open`.
        report: Called as the work advances.

    Raises:
        AssistantError: The documents, the model or the questions can't be used.
    """
    documents = Assistant.open(corpus, index, model=model, multilingual=multilingual, report=report)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "corpus"
        folder.mkdir()
        shutil.copy(_FORMAL_DOCUMENT, folder)
        if index.is_dir():  # what was learned of the objectives is the same, and is taken over
            shutil.copytree(index, Path(scratch) / "index")
        formal = Assistant.open(folder, Path(scratch) / "index", model=model, multilingual=NO_SECOND, report=report)
    encoder = documents.searcher.encoder.name
    return evaluate(documents, formal, gold=gold, split=split, corpus=documents.corpus_hash, encoder=encoder)
