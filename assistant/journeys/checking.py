"""The journeys of a draft that is held against the documents, and of two versions of a document."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.collation import Phrases, check_draft, paragraph_spans
from assistant.documents import linked_documents, read_one, read_source
from assistant.errors import InputError
from assistant.objectives import LIKELY
from assistant.records import CheckedDraft, Document, DraftParagraph, ObjectiveMatch

MAX_DRAFT = 1_000_000  # characters; three hundred pages
_MOST_OBJECTIVES = 3  # of a paragraph
_FEW_WORDS = 4  # a paragraph of fewer is a heading or the like, and concerns nothing by itself

RankAll = Callable[[Sequence[str]], Iterator[tuple[ObjectiveMatch, ...]]]


class Checking:
    """Checks of drafts against one open corpus; safe to share between threads."""

    def __init__(self, documents: Sequence[Document], corpus: str, rank_all: RankAll) -> None:
        """Take the documents, their fingerprint, and what ranks the objectives of many texts."""
        self._documents = documents
        self._corpus = corpus
        self._rank_all = rank_all
        self._lock = threading.Lock()
        self._phrases: Phrases | None = None

    def check(self, text: str) -> CheckedDraft:
        """Return a draft's quotations, each held against the documents, and its paragraphs' objectives.

        Raises:
            InputError: It is too long.
        """
        if len(text) > MAX_DRAFT:
            raise InputError(f"text: holds more than {MAX_DRAFT:,} characters; check it in parts.")
        spans = paragraph_spans(text)
        told = [span for span in spans if len(text[slice(*span)]) > _FEW_WORDS and _words(text[slice(*span)])]
        ranked = dict(zip(told, self._rank_all([text[slice(*span)] for span in told]), strict=True))
        paragraphs = tuple(DraftParagraph(*span, objectives=_likely(ranked.get(span, ()))) for span in spans)
        return CheckedDraft(text, check_draft(text, self._indexed()), paragraphs, self._corpus)

    def _indexed(self) -> Phrases:
        """Index the documents' phrases with the first draft, since most visitors ask questions."""
        with self._lock:
            if self._phrases is None:
                self._phrases = Phrases(self._documents)
            return self._phrases


def _words(text: str) -> bool:
    return len(text.split()) >= _FEW_WORDS or not text.isascii()


def _likely(matches: Sequence[ObjectiveMatch]) -> tuple[ObjectiveMatch, ...]:
    return tuple(match for match in matches[:_MOST_OBJECTIVES] if match.confidence >= LIKELY)


def open_version(name: str, corpus: Path) -> Document:
    """Read a version of a document: a file, or a document of the corpus by its id.

    Raises:
        InputError: It is neither.
        ReadError: The file can't be read.
    """
    path = Path(name)
    if path.is_file():
        return read_one(path)
    linked = {each.source.id: each for each in linked_documents(corpus)} if corpus.is_dir() else {}
    if name not in linked:
        raise InputError(f"{name}: is neither a file nor the id of a document in {corpus}.")
    return read_source(corpus, linked[name])
