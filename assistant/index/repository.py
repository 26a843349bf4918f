"""The seam behind which whole builds are kept: published by whoever indexes, opened by services without files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.documents import Corpus
from assistant.index.lexical import LexicalIndex
from assistant.index.passage_index import MultilingualVectors, PassageIndex
from assistant.index.storage import Facts, Part
from assistant.index.store import Store
from assistant.records import Document, Passage


@dataclass(frozen=True, slots=True)
class Contents:
    """The documents and passages of a build, with all that these are found by."""

    corpus: Corpus
    passages: PassageIndex
    words: LexicalIndex
    multilingual: MultilingualVectors | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A count of what was written of a build.

    Attributes:
        generation: The present one's number.
        documents, passages: How many of each were new or changed.
        removed: Documents of older generations that were removed.
    """

    generation: int
    documents: int
    passages: int
    removed: int


@dataclass(frozen=True, slots=True)
class Published:
    """A build as it is opened: what is small is read, what is large is looked up.

    Attributes:
        about: Facts on the build as a whole.
        parts: What else answers questions, as it was published.
        documents: By id, in order.
        passages: In order.
    """

    about: Facts
    parts: Mapping[str, Part]
    store: Store
    documents: Mapping[str, Document]
    passages: Sequence[Passage]


class Repository(Protocol):
    """A place where builds are kept, one generation after another; safe to share between threads."""

    def publish(self, about: Facts, parts: Mapping[str, Part], contents: Contents) -> Written:
        """Keep a build as the next generation, whole or not at all; only what changed is written.

        Raises:
            StoreError: It can't be reached, or doesn't allow it.
        """

    def generation(self) -> int:
        """Return the number of the present generation; 0 for none.

        Raises:
            StoreError: It can't be reached.
        """

    def open(self) -> Published:
        """Open the present generation.

        Raises:
            StoreError: There is none, or it can't be reached.
        """
