"""The journeys of a draft that is held against the documents, and of two versions of a document."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents import linked_documents, read_one, read_source
from assistant.errors import InputError
from assistant.objectives import LIKELY, asked_objectives
from assistant.records import CheckedDraft, Document, DraftParagraph, Objective, ObjectiveMatch

if TYPE_CHECKING:
    from assistant.collation import Phrases

MAX_DRAFT = 1_000_000  # characters; three hundred pages
_MOST_OBJECTIVES = 3  # of a paragraph
_RANKED_TOGETHER = 16  # paragraphs, by one thread
_READ = 180  # characters of a paragraph that its objectives are inferred from; all would take three times as long
_FEW_WORDS = 4  # a paragraph of fewer is a heading or the like, and concerns nothing by itself

RankAll = Callable[[Sequence[str]], Iterator[tuple[ObjectiveMatch, ...]]]


class Checking:
    """Checks of drafts against one open corpus; safe to share between threads."""

    def __init__(
        self, documents: Mapping[str, Document], corpus: str, rank_all: RankAll, objectives: Sequence[Objective]
    ) -> None:
        """Take the documents by id, their fingerprint, what ranks the objectives of many texts, and these."""
        self._documents = documents
        self._corpus = corpus
        self._rank_all = rank_all
        self._objectives = objectives
        self._lock = threading.Lock()
        self._phrases: Phrases | None = None

    def check(self, text: str) -> CheckedDraft:
        """Return a draft's quotations, each held against the documents, and its paragraphs' objectives.

        Raises:
            InputError: It is too long.
        """
        from assistant.collation import check_draft  # its patterns take a while, for which no question need wait

        if len(text) > MAX_DRAFT:
            raise InputError(f"text: holds more than {MAX_DRAFT:,} characters; check it in parts.")
        quotations = check_draft(text, self._indexed())
        return CheckedDraft(text, quotations, tuple(self._paragraphs(text)), self._corpus)

    def _paragraphs(self, text: str) -> Iterator[DraftParagraph]:
        """Yield the paragraphs with the objectives that they name, and those that they likely concern."""
        from assistant.collation import paragraph_spans

        spans = paragraph_spans(text)
        told = [span for span in spans if _says_something(text[slice(*span)])]
        begins = [_beginning(text[slice(*span)]) for span in told]
        parts = [begins[first : first + _RANKED_TOGETHER] for first in range(0, len(begins), _RANKED_TOGETHER)]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            every = threads.map(lambda part: list(self._rank_all(part)), parts)
            ranked = dict(zip(told, chain.from_iterable(every), strict=True))
        for span in spans:
            named = asked_objectives(text[slice(*span)], self._objectives)
            stated = [
                ObjectiveMatch(each, "stated", 1.0, (named[each.number],))
                for each in self._objectives
                if each.number in named
            ]
            likely = [
                match
                for match in ranked.get(span, ())[:_MOST_OBJECTIVES]
                if match.confidence >= LIKELY and match.objective.number not in named
            ]
            yield DraftParagraph(*span, objectives=(*stated, *likely))

    def _indexed(self) -> "Phrases":
        """Index the documents' phrases with the first draft, since most visitors ask questions."""
        from assistant.collation import Phrases

        with self._lock:
            if self._phrases is None:
                self._phrases = Phrases(self._documents.values())
            return self._phrases


def _says_something(paragraph: str) -> bool:
    return len(paragraph.split()) >= _FEW_WORDS or not paragraph.isascii()


def _beginning(paragraph: str) -> str:
    """Return the first words of a paragraph, which say what it is on."""
    return paragraph if len(paragraph) <= _READ else paragraph[:_READ].rpartition(" ")[0] or paragraph[:_READ]


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
