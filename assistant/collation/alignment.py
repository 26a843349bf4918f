"""Words of a draft beside those of a document: where they stand, which are the same, and how the others differ.

Runs of the same words are chained in order; only the few words between two of them are aligned one by one, so that it
takes time in proportion to the words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from assistant.collation.phrases import UNKNOWN, Block, Phrases
from assistant.collation.words import DASH, Worded, difference_kind, punctuation, same_signs, spelt
from assistant.records import Difference

_CHAINED = 80  # blocks of one document that are chained; the longest
_WEIGHED = 3  # documents that a quotation is aligned with
# What it costs to leave out much, a word of the document, a word of the draft; and each word between, so that the
# nearest of several places is taken.
_JUMP, _SHIFT, _SKIPPED, _FAR = 2.5, 0.25, 0.5, 0.0005
_ABOUT = 0.8  # share of the best chain's score
_SLACK = 3  # words that may be missing before the first or after the last that is the same
_SEARCHED = 400  # words of a document in which a few words beside an ellipsis are looked for
_SENTENCE_ENDS = frozenset(".!?;:。！？；؟।")


@dataclass(slots=True)
class Alignment:
    """Words `first` to `last` of a draft beside words of a document.

    Attributes:
        pairs: The words that are the same: their numbers in the draft and in the document.
        edits: What differs: words of the draft from and up to, words of the document from and up to.
        swapped: How many words of the edits only changed places.
    """

    document: int
    first: int
    last: int
    pairs: list[tuple[int, int]] = field(default_factory=list)
    edits: list[tuple[int, int, int, int]] = field(default_factory=list)
    swapped: int = 0

    @property
    def source(self) -> tuple[int, int]:
        """The first of the document's words, and the one after the last."""
        at = [p for _, p in self.pairs]
        starts = [*at, *(edit[2] for edit in self.edits)]
        ends = [*(p + 1 for p in at), *(edit[3] for edit in self.edits)]
        return min(starts), max(ends)


class Aligner:
    """Aligns the words of one draft with the documents."""

    def __init__(self, draft: Worded, phrases: Phrases) -> None:
        self.draft = draft
        self.phrases = phrases
        self.numbers = phrases.numbers(draft.compared)
        self.numbers[list(draft.own)] = UNKNOWN
        self._plain: list[int] = self.numbers.tolist()
        self.blocks = phrases.blocks(self.numbers)

    def alignments(self, first: int, last: int, blocks: Sequence[Block]) -> Iterator[Alignment]:
        """Yield the alignments of words `first` to `last` of the draft with the likeliest documents, best first.

        Args:
            blocks: Runs of the same words; those outside are cut off.
        """
        by_document: dict[int, list[Block]] = {}
        for block in blocks:
            start, end = max(block.draft, first), min(block.draft + block.length, last)
            if start < end:
                among = by_document.setdefault(self.phrases.document_at(block.source), [])
                # An ellipsis parts words even where the document has them side by side.
                cuts = [start, *(i for i in range(start + 1, end) if i in self.draft.ellipses), end]
                among += [Block(a, block.source + a - block.draft, b - a) for a, b in pairwise(cuts)]
        found = [each for document, among in by_document.items() for each in self._chains(among, document)]
        for _, chain, index in sorted(found, key=lambda each: -each[0])[:_WEIGHED]:
            yield self._aligned(chain, index, first, last)

    def _chains(self, blocks: list[Block], document: int) -> Iterator[tuple[float, list[Block], int]]:
        """Yield the best chain of a document, and another about as good elsewhere in it: a sentence may stand twice."""
        score, chain = self._chain(blocks)
        yield score, chain, document
        start, end = chain[0].source, chain[-1].source + chain[-1].length
        elsewhere = [each for each in blocks if each.source >= end or each.source + each.length <= start]
        if elsewhere:
            other, chain = self._chain(elsewhere)
            if other >= _ABOUT * score:
                yield other, chain, document

    def _chain(self, blocks: list[Block]) -> tuple[float, list[Block]]:
        """Return the best series of blocks, in order on both sides and without overlaps, with its score."""
        longest = sorted(blocks, key=lambda block: (-block.length, block.source))[:_CHAINED]
        ordered = sorted(longest, key=lambda block: (block.draft, block.source))
        best: list[tuple[float, int, int]] = []  # score, the block before, words that it takes off this one
        for j, block in enumerate(ordered):
            score = (float(block.length), -1, 0)
            for k in range(j):
                before = ordered[k]
                skipped = block.draft - before.draft - before.length
                left_out = block.source - before.source - before.length
                overlap = max(-skipped, -left_out, 0)
                if overlap >= block.length or before.draft + before.length + overlap > block.draft + block.length:
                    continue
                cost = _SKIPPED * max(skipped, 0) + _FAR * max(left_out, 0)
                if not self._leaves_out(before.draft + before.length, block.draft):
                    cost += min(_SHIFT * abs(left_out - skipped), _JUMP)
                reached = best[k][0] + block.length - overlap - cost
                if reached > score[0]:
                    score = reached, k, overlap
            best.append(score)
        at = max(range(len(best)), key=lambda j: (best[j][0], -j))
        total, chain = best[at][0], []
        while at >= 0:
            _, before_at, overlap = best[at]
            block = ordered[at]
            chain.append(Block(block.draft + overlap, block.source + overlap, block.length - overlap))
            at = before_at
        return total, chain[::-1]

    def _leaves_out(self, first: int, last: int) -> bool:
        return not self.draft.ellipses.isdisjoint(range(first, last + 1))

    def _aligned(self, chain: Sequence[Block], document: int, first: int, last: int) -> Alignment:
        found = Alignment(document, first, last)
        begin, end = self.phrases.bounds(document)
        for block in chain:
            found.pairs += [(block.draft + k, block.source + k - begin) for k in range(block.length)]
        self._before(found, first, chain[0].draft, begin, chain[0].source)
        for one, other in pairwise(chain):
            self._gap(found, one.draft + one.length, other.draft, one.source + one.length, other.source)
        self._after(found, chain[-1].draft + chain[-1].length, last, chain[-1].source + chain[-1].length, end)
        found.pairs.sort()
        found.edits = self._merged(sorted(found.edits), found)
        return found

    # Words between runs that are the same -------------------------------------------------------------------------

    def _gap(self, found: Alignment, q0: int, q1: int, p0: int, p1: int) -> None:
        """Align the words between two runs; where the draft leaves words out, they aren't missing."""
        cuts = [i for i in range(q0, q1 + 1) if i in self.draft.ellipses]
        if not cuts:
            self._edit(found, q0, q1, p0, p1)
            return
        left = self._edge(found, q0, cuts[0], p0, p1, is_after=True)
        right = self._edge(found, cuts[-1], q1, left, p1, is_after=False)
        for one, other in pairwise(cuts):
            self._elsewhere(found, one, other, left, right)

    def _before(self, found: Alignment, q0: int, q1: int, p0: int, p1: int) -> None:
        """Align the words before the first run."""
        cuts = [i for i in range(q0, q1 + 1) if i in self.draft.ellipses and i > q0]
        right = self._edge(found, cuts[-1] if cuts else q0, q1, p0, p1, is_after=False)
        for one, other in reversed(list(pairwise([q0, *cuts]))):
            right = self._elsewhere(found, one, other, max(p0, right - _SEARCHED), right, is_last=True)

    def _after(self, found: Alignment, q0: int, q1: int, p0: int, p1: int) -> None:
        """Align the words after the last run."""
        cuts = [i for i in range(q0, q1) if i in self.draft.ellipses]
        left = self._edge(found, q0, cuts[0] if cuts else q1, p0, p1, is_after=True)
        for one, other in pairwise([*cuts, q1] if cuts else []):
            left = self._elsewhere(found, one, other, left, min(p1, left + _SEARCHED))

    def _edge(self, found: Alignment, q0: int, q1: int, p0: int, p1: int, *, is_after: bool) -> int:
        """Align words that lean on a run on one side only, and return where the document's words beside them end."""
        count, at = q1 - q0, p0 if is_after else p1
        if not count:
            return at
        draft = self._plain[q0:q1]
        source = self.phrases.words
        room = self._sentence_room(found.document, at, is_after=is_after, most=count + _SLACK)
        choices = []
        for length in range(min(count + _SLACK, p1 - p0) + 1):
            beside = (source[at : at + length] if is_after else source[at - length : at]).tolist()
            edits = Levenshtein.distance(draft, beside)
            same = max(count, length) - edits
            choices.append((edits, -same if same > 0 else 0, length > room, abs(length - count), length))
        length = self._whole(found.document, at, min(choices)[-1], is_after=is_after) if min(choices)[0] else count
        span = (at, at + length) if is_after else (at - length, at)
        self._edit(found, q0, q1, *span)
        return span[1] if is_after else span[0]

    def _whole(self, document: int, at: int, length: int, *, is_after: bool) -> int:
        """Return how many words there are up to the end, or the beginning, of a compound: "well-being"."""
        worded, begin = self.phrases.worded(document), self.phrases.bounds(document)[0]
        edge = at - begin + length if is_after else at - begin - length
        step = 1 if is_after else -1
        while length and 0 < edge < len(worded.spans) and DASH.fullmatch(worded.between(edge - 1)):
            edge, length = edge + step, length + 1
        return length

    def _sentence_room(self, document: int, at: int, *, is_after: bool, most: int) -> int:
        """Return how many words there are from a place to the end, or the beginning, of its sentence."""
        worded, begin = self.phrases.worded(document), self.phrases.bounds(document)[0]
        i = at - begin
        for count in range(most):
            k = i + count if is_after else i - count
            if not 0 < k < len(worded.spans) or _ends_sentence(worded.between(k - 1)):
                return count
        return most

    def _elsewhere(self, found: Alignment, q0: int, q1: int, p0: int, p1: int, *, is_last: bool = False) -> int:
        """Align words between two ellipses with the likest words of a stretch; return where these end, or begin."""
        count, room = q1 - q0, p1 - p0 - (q1 - q0) + 1
        if not count:
            return p0 if not is_last else p1
        best, at = 0, p0
        if room > 0:
            words = self.phrases.words[p0:p1]
            same = sum((words[k : k + room] == self._plain[q0 + k]).astype(int) for k in range(count))
            best = int(same.max())
            at += int((same == best).nonzero()[0][-1 if is_last else 0])
        if 2 * best < count or not best:
            edge = (p1 if is_last else p0) - self.phrases.bounds(found.document)[0]
            found.edits.append((q0, q1, edge, edge))
            return p1 if is_last else p0
        self._edit(found, q0, q1, at, at + count)
        return at if is_last else at + count

    def _edit(self, found: Alignment, q0: int, q1: int, p0: int, p1: int) -> None:
        """Align words with others, from their beginnings to their ends."""
        offset = self.phrases.bounds(found.document)[0]
        if q0 == q1 or p0 == p1:
            if q0 < q1 or p0 < p1:
                found.edits.append((q0, q1, p0 - offset, p1 - offset))
            return
        steps = Levenshtein.opcodes(self._plain[q0:q1], self.phrases.words[p0:p1].tolist())
        for step in steps:
            q, p = q0 + step.src_start, p0 + step.dest_start - offset
            if step.tag == "equal":
                found.pairs += [(q + k, p + k) for k in range(step.src_end - step.src_start)]
            else:
                found.edits.append((q, q0 + step.src_end, p, p0 + step.dest_end - offset))

    def _merged(self, edits: Sequence[tuple[int, int, int, int]], found: Alignment) -> list[tuple[int, int, int, int]]:
        """Join edits that touch, and two that stand for words that changed places."""
        merged: list[tuple[int, int, int, int]] = []
        for edit in edits:
            if merged:
                last = merged[-1]
                both = last[0], edit[1], last[2], edit[3]
                touch = last[1] == edit[0] and last[3] == edit[2]
                near = edit[0] - last[1] <= 3 and 0 <= edit[2] - last[3] <= 3
                if touch or (near and self._are_swapped(both, found)):
                    merged[-1] = both
                    found.pairs = [each for each in found.pairs if not both[0] <= each[0] < both[1]]
                    continue
            merged.append(edit)
        found.swapped = sum(edit[1] - edit[0] for edit in merged if self._are_swapped(edit, found))
        return merged

    def _are_swapped(self, edit: tuple[int, int, int, int], found: Alignment) -> bool:
        q0, q1, p0, p1 = edit
        offset = self.phrases.bounds(found.document)[0]
        return sorted(self._plain[q0:q1]) == sorted(self.phrases.words[p0 + offset : p1 + offset].tolist())


def differences(found: Alignment, draft: Worded, source: Worded, *, is_marked: bool = True) -> list[Difference]:
    """Say word by word how a quotation differs from a document.

    Args:
        is_marked: Whether it stands in quotation marks; else the case of its first letter is its sentence's.
    """
    said = [each for edit in found.edits if (each := _said(edit, draft, source))]
    for k, (q, p) in enumerate(found.pairs):
        if q not in draft.editorial:
            ours, theirs = draft.word(q), source.word(p)
            is_first = not is_marked and q == found.first
            if ours != theirs and spelt(ours) != spelt(theirs) and not is_first:
                said.append((q, Difference("changed", ours, theirs)))
        if k + 1 < len(found.pairs) and found.pairs[k + 1] == (q + 1, p + 1):
            ours, theirs = draft.between(q), source.between(p)
            if not same_signs(ours, theirs) and not _is_excused(q, p, draft, source):
                kind = difference_kind(punctuation(ours), punctuation(theirs))
                said.append((q, Difference(kind, ours.strip(), theirs.strip())))
    return [difference for _, difference in sorted(said, key=lambda each: each[0])]


def _is_excused(q: int, p: int, draft: Worded, source: Worded) -> bool:
    """Return whether signs between two words may differ: words are left out or changed there, and the draft says so."""
    return q + 1 in draft.ellipses or bool({q, q + 1} & draft.editorial) or source.is_marker(p)


def _said(edit: tuple[int, int, int, int], draft: Worded, source: Worded) -> tuple[int, Difference] | None:
    q0, q1, p0, p1 = edit
    ours = [i for i in range(q0, q1) if i not in draft.editorial]
    theirs = [i for i in range(p0, p1) if not source.is_marker(i)]
    if not ours and (q1 > q0 or not theirs):
        return None
    words, said = draft.words(q0, q1), source.words(p0, p1)
    if _bare(words) == _bare(said):
        return None
    return q0, Difference(difference_kind(words, said), words, said)


def _bare(words: str) -> str:
    """Return words without the spaces in them and the breaks at ends of lines."""
    return "".join(spelt(piece) for piece in words.replace("-\n", "").split())


def _ends_sentence(between: str) -> bool:
    return not _SENTENCE_ENDS.isdisjoint(between) or "\n\n" in between
