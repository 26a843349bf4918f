"""The seam behind which passages are kept: propose, filter, fetch.

A store is searched in two steps. `propose` looks at all passages and returns the rows of those worth a closer look;
`fetch` returns what ranks these. What `filter` returns is the same store narrowed to some passages, so that whatever is
proposed by it has passed the filter. A row is a passage's number in its store, from 0.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from assistant.encoding import Vectors
from assistant.index.fetched import Fetched, Rows
from assistant.index.lexical import Scores
from assistant.records import Source


@dataclass(frozen=True, slots=True)
class ByMeaning:
    """The passages nearest to a question.

    Attributes:
        vector: float32, (dimensions,), of unit length.
        is_across_languages: Whether it is a centred vector of the encoder that reads many languages.
    """

    vector: Vectors
    is_across_languages: bool = False


@dataclass(frozen=True, slots=True)
class ByWords:
    """The passages that score highest by words in lower case (BM25); such that hold none of them aren't proposed."""

    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class ByPlace:
    """The passages that stand at one of these places ("para. 7"); of too many, those nearest to a question's vector."""

    places: Sequence[str]
    vector: Vectors


@dataclass(frozen=True, slots=True)
class ByRow:
    """Passages found in another way; of too many, those nearest to a question's vector, or else the first ones."""

    rows: Sequence[int] | Rows
    vector: Vectors | None = None


Criterion: TypeAlias = ByMeaning | ByWords | ByPlace | ByRow


@dataclass(frozen=True, slots=True)
class Filter:
    """The passages that are searched; all of them unless it says otherwise.

    Attributes:
        objectives: Only passages with a tag of one of these.
        documents: Only passages of one of these documents, by id.
        without: None of these passages, by id.
    """

    objectives: Collection[int] = ()
    documents: Collection[str] = ()
    without: Collection[str] = ()


EVERYTHING = Filter()


class Words(Protocol):
    """The words of a store's passages under their headings. A word stands for all of its inflections."""

    def holds(self, word: str) -> bool:
        """Return whether any passage holds a word."""

    def weight(self, stem: str) -> float:
        """Return a stem's inverse document frequency, which is greatest for one that no passage holds."""

    def corrected(self, word: str) -> str | None:
        """Return the word of the passages that is most likely meant by a misspelt one, if any is like it."""

    def scores(self, words: Sequence[str], rows: Rows) -> Scores:
        """Return the BM25 scores of some passages for words in lower case, as shares of the highest possible score."""

    def rows_holding(self, words: Collection[str]) -> list[int]:
        """Return the rows of the passages that hold all of the content words among these; none if there are none."""

    def rows_holding_stems(self, stems: Collection[str]) -> Rows:
        """Return the rows of the passages that hold all of these stems, in order; none if there are none."""

    def row_holds(self, row: int, word: str) -> bool:
        """Return whether a passage holds a word."""

    def are_alike(self, row: int, other: int, share: float) -> bool:
        """Return whether two passages have at least this share of their words in common (Jaccard index)."""


class Store(Protocol):
    """Passages that can be searched; safe to share between threads."""

    @property
    def words(self) -> Words:
        """The words of all passages, whatever the filter."""

    @property
    def sources(self) -> Mapping[str, Source]:
        """The sources of all documents by their ids, whatever the filter."""

    @property
    def trouble(self) -> str:
        """The reason why it can't be searched at present; empty where it can, as far as is known."""

    def __len__(self) -> int:
        """Return the number of all passages, whatever the filter."""

    def filter(self, narrowed: Filter) -> "Store":
        """Return this store narrowed further."""

    def propose(self, criterion: Criterion, *, count: int) -> Rows:
        """Return the rows of the passages that pass the filter and fit a criterion best, in no particular order.

        Args:
            count: Rows at the most.
        """

    def fetch(self, rows: Rows, *, with_tokens: bool = True, is_across_languages: bool = False) -> Fetched:
        """Return what ranks some passages.

        Args:
            rows: Of the passages, each once.
            with_tokens: Whether the vectors of their tokens are wanted.
            is_across_languages: Whether the vectors of the encoder that reads many languages are.
        """
