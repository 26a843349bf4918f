"""Find phrases of a draft in the documents: each run of four words has a number made of the words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.collation.words import WORD, Worded, compared
from assistant.records import Document

PHRASE = 4  # words; fewer are shared by texts that have nothing to do with each other
_MOST_PLACES = 500  # of a phrase; one that is everywhere tells nothing, and words beside it do
UNKNOWN = -1  # the number of a word that no document has
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64)


Numbers: TypeAlias = npt.NDArray[np.int32] | npt.NDArray[np.int64]
Keys: TypeAlias = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Block:
    """Words of a draft that stand in a document in the same order.

    Attributes:
        draft: The first one's number in the draft.
        source: The first one's number among all words of all documents.
    """

    draft: int
    source: int
    length: int


class Phrases:
    """The words of all documents in a row, and where each phrase of them stands."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Read the words of documents; a million of them take about a second."""
        self.documents = tuple(documents)
        self._numbers: dict[str, int] = {}
        by_spelling: dict[str, int] = {}
        pieces = []
        for document in self.documents:
            words = WORD.findall(document.text)
            for word in set(words) - by_spelling.keys():
                by_spelling[word] = self._numbers.setdefault(compared(word), len(self._numbers))
            pieces.append(np.fromiter(map(by_spelling.__getitem__, words), np.int32, len(words)))
        self.starts = np.cumsum([0, *map(len, pieces)])
        self.words = np.concatenate([*pieces, np.empty(0, np.int32)])
        keys, places = _phrases(self.words)
        is_inside = np.ones(len(self.words), bool)
        for start in self.starts[1:]:  # a phrase of two documents is none
            is_inside[max(start - PHRASE + 1, 0) : start] = False
        keys, places = keys[is_inside[places]], places[is_inside[places]]
        order = np.argsort(keys, kind="stable")
        self._keys, self._places = keys[order], places[order].astype(np.int32)
        self._worded = lru_cache(maxsize=64)(lambda index: Worded(self.documents[index].text))

    def numbers(self, words: Sequence[str]) -> Numbers:
        """Return the numbers of words as the documents' words have them, -1 for one that they don't hold."""
        return np.fromiter((self._numbers.get(word, UNKNOWN) for word in words), np.int32, len(words))

    def document_at(self, place: int) -> int:
        """Return the number of the document that a word of all words belongs to."""
        return int(np.searchsorted(self.starts, place, side="right")) - 1

    def bounds(self, index: int) -> tuple[int, int]:
        """Return the first word of a document and the one after its last."""
        return int(self.starts[index]), int(self.starts[index + 1])

    def worded(self, index: int) -> Worded:
        """Return a document with its words' places."""
        return self._worded(index)

    def blocks(self, draft: Numbers) -> list[Block]:
        """Return the runs of a draft's words, of at least four, that stand in a document, in the draft's order."""
        keys, at = _phrases(draft)
        if not len(keys) or not len(self._keys):
            return []
        first, last = np.searchsorted(self._keys, keys, "left"), np.searchsorted(self._keys, keys, "right")
        counts = np.where(last - first > _MOST_PLACES, 0, last - first)
        total = int(counts.sum())
        if not total:
            return []
        within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        sources = self._places[np.repeat(first, counts) + within].astype(np.int64)
        drafts = np.repeat(at, counts)
        same = draft[drafts] == self.words[sources]
        sources, drafts = sources[same], drafts[same]
        order = np.lexsort((drafts, sources - drafts))
        sources, drafts = sources[order], drafts[order]
        begins = np.flatnonzero(np.r_[True, (np.diff(drafts) != 1) | (np.diff(sources) != 1)])
        lengths = np.diff(np.r_[begins, len(drafts)]) + PHRASE - 1
        found = zip(drafts[begins].tolist(), sources[begins].tolist(), lengths.tolist(), strict=True)
        return sorted((Block(*each) for each in found), key=lambda block: (block.draft, block.source))

    def places(self, draft: Numbers) -> list[Block]:
        """Return where a few words stand in a row, without gaps."""
        count = len(self.words) - len(draft) + 1
        if count <= 0 or not len(draft):
            return []
        at = np.flatnonzero(self.words[:count] == draft[0])
        for i, word in enumerate(draft[1:].tolist(), start=1):
            at = at[self.words[at + i] == word]
        return [Block(0, place, len(draft)) for place in at[:_MOST_PLACES].tolist()]

    def near(self, draft: Numbers) -> list[Block]:
        """Return the words of a short quotation at the places where most of them stand close together, in order."""
        votes = np.zeros(len(self.words) + 2 * len(draft) + 2, np.int16)
        for i, word in enumerate(draft.tolist()):
            if word != UNKNOWN:
                votes[np.flatnonzero(self.words == word) - i + len(draft)] += 1
        close = votes[:-1] + votes[1:]
        best = int(close.max(initial=0))
        if best < max(1, len(draft) // 2):
            return []
        blocks = []
        for place in np.flatnonzero(close == best)[:3].tolist():
            for shift in (place, place + 1):
                for i, word in enumerate(draft.tolist()):
                    source = shift - len(draft) + i
                    if word != UNKNOWN and 0 <= source < len(self.words) and self.words[source] == word:
                        blocks.append(Block(i, source, 1))
        return _joined(blocks)


def _joined(blocks: Iterable[Block]) -> list[Block]:
    """Join blocks that follow each other on both sides."""
    joined: list[Block] = []
    for block in sorted(set(blocks), key=lambda each: (each.source - each.draft, each.draft)):
        last = joined[-1] if joined else None
        if last and last.draft + last.length == block.draft and last.source + last.length == block.source:
            joined[-1] = Block(last.draft, last.source, last.length + block.length)
        else:
            joined.append(block)
    return joined


def _phrases(words: Numbers) -> tuple[Keys, Numbers]:
    """Return a number for each run of four known words, and where it begins."""
    count = len(words) - PHRASE + 1
    if count <= 0:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    keys, known = np.zeros(count, np.uint64), np.ones(count, bool)
    for k in range(PHRASE):
        part = words[k : k + count]
        known &= part >= 0
        keys += (part.astype(np.int64).astype(np.uint64) + np.uint64(1)) * _FACTORS[k]
        keys ^= keys >> np.uint64(29)
    at = np.flatnonzero(known)
    return keys[at], at
