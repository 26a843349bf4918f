"""A draft is held against the documents: each quotation is exact, altered or not in them."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.collation.alignment import Aligner, Alignment, differences
from assistant.collation.figures import Taken, figures_beside
from assistant.collation.marks import Marked, marked_in, paragraph_spans
from assistant.collation.phrases import PHRASE, Block, Phrases
from assistant.collation.words import Worded
from assistant.errors import InputError
from assistant.records import Document, Quotation, Span

_RUN = 8  # words; so many in a row are a quotation without quotation marks, too
_DENSE_RUN = 12  # characters of Chinese or Japanese, which are as much
_SHORT = 4  # words in quotation marks: a term, which doesn't end a longer quotation around it
_ALIKE = 0.75  # share of a quotation's words that are a document's, from which on it is altered and not another text
_HALF = 0.45  # likewise, where they are a run that is a quotation by itself: of two that were joined
_FEW = 6  # words that a quotation leaves out in a row
_NEARLY = 0.75  # likewise, without quotation marks
_GAP = 4  # words that may differ in a row inside a quotation without marks
_LONGEST_NEAR = 40  # words; a longer text without four words in a row isn't a quotation
_CERTAIN, _ENOUGH = 3, 2  # the same words in a row behind one that differs, by which a run goes on; one becomes a run
_MOST = 3000  # quotations in marks; a short one is looked for among all words of all documents
_MOST_RUNS = 20  # places in the documents where a run of a draft is followed


def check_draft(text: str, phrases: Phrases) -> tuple[Quotation, ...]:
    """Return the quotations of a draft, in order.

    What stands in quotation marks is one; and so is, without them, a run of eight words or more that is nearly a
    document's. Words between brackets are the draft's own, and an ellipsis stands for what it leaves out.

    Raises:
        InputError: There are too many.
    """
    return tuple(_Check(text, phrases).quotations())


class _Check:
    """The check of one draft."""

    def __init__(self, text: str, phrases: Phrases) -> None:
        self._text = text
        self._phrases = phrases
        self._draft = Worded(text, is_draft=True)
        self._aligner = Aligner(self._draft, phrases)
        self._longest = max((block.length for block in self._aligner.blocks), default=0)
        self._paragraphs = paragraph_spans(text)

    def quotations(self) -> list[Quotation]:
        marked = [self._marked(each) for each in self._within_limit(marked_in(self._text))]
        runs = list(self._runs([self._words_in(each.start, each.end) for each in marked]))
        found = sorted([*marked, *runs], key=lambda each: (each.start, -each.end))
        taken = Taken((each.start, each.end) for each in found)
        return [self._with_figures(each, taken) for each in found]

    def _within_limit(self, marked: Sequence[Marked]) -> Sequence[Marked]:
        if len(marked) > _MOST:
            raise InputError(f"text: holds more than {_MOST:,} quotations; check it in parts.")
        return marked

    def _words_in(self, start: int, end: int) -> Span:
        return bisect_left(self._draft.starts, start), bisect_left(self._draft.starts, end)

    # In quotation marks --------------------------------------------------------------------------------------------

    def _marked(self, marked: Marked) -> Quotation:
        """Check what stands in quotation marks; where an apostrophe may be its end, the end that fits best."""
        tried = [self._best(marked.start, end) for end in marked.ends]
        return max(tried, key=_gain)

    def _best(self, start: int, end: int) -> Quotation:
        first, last = self._words_in(start, end)
        found = Quotation(self._text[start:end], start, end, "absent")
        if first == last:
            return found
        blocks = self._blocks_in(first, last)
        is_parted = not self._draft.ellipses.isdisjoint(range(first + 1, last))
        if (not blocks or is_parted) and last - first <= _LONGEST_NEAR:
            blocks += self._few(first, last)
        return self._chosen(found, list(self._aligner.alignments(first, last, blocks)), is_marked=True)

    def _few(self, first: int, last: int) -> list[Block]:
        """Return where the words of a short quotation stand: what an ellipsis parts each by itself, else together."""
        numbers = self._aligner.numbers
        cuts = [first, *(i for i in range(first + 1, last) if i in self._draft.ellipses), last]
        find = self._phrases.places if len(cuts) > 2 else self._phrases.near
        return [replace(b, draft=b.draft + one) for one, other in pairwise(cuts) for b in find(numbers[one:other])]

    def _blocks_in(self, first: int, last: int) -> list[Block]:
        blocks = self._aligner.blocks
        least = min(PHRASE, last - first)  # half a phrase tells nothing
        since = bisect_left(blocks, first - self._longest, key=lambda block: block.draft)
        upto = bisect_left(blocks, last, key=lambda block: block.draft)
        return [
            block
            for block in blocks[since:upto]
            if min(block.draft + block.length, last) - max(block.draft, first) >= least
        ]

    def _chosen(self, found: Quotation, alignments: Iterable[Alignment], *, is_marked: bool) -> Quotation:
        """Return a quotation with the document that has it best: an original before a digest, which is ours."""
        best: tuple[bool, int] | None = None
        chosen = found
        for alignment in alignments:
            quotation = self._placed(found, alignment, is_marked=is_marked)
            if quotation.status == "absent":
                continue
            is_digest = self._phrases.documents[alignment.document].source.kind == "digest"
            rank = is_digest, len(quotation.differences)
            if best is None or rank < best:
                best, chosen = rank, quotation
        if best and best[0]:  # only our summary says so
            return replace(found, document=chosen.document, locator=chosen.locator)
        return chosen

    def _placed(self, found: Quotation, alignment: Alignment, *, is_marked: bool) -> Quotation:
        document = self._phrases.documents[alignment.document]
        source = self._phrases.worded(alignment.document)
        if not self._is_alike(alignment):
            return found
        said = differences(alignment, self._draft, source, is_marked=is_marked)
        first, last = alignment.source
        start, end = source.spans[first][0], source.spans[last - 1][1]
        return replace(
            found,
            status="altered" if said else "exact",
            document=document.source,
            locator=locator_at(document, start),
            source=document.text[start:end],
            source_start=start,
            source_end=end,
            differences=tuple(said),
        )

    def _is_alike(self, alignment: Alignment) -> bool:
        """Return whether so many words are the same that a quotation comes from there."""
        own = self._draft.editorial
        count = sum(q not in own for q in range(alignment.first, alignment.last))
        same = sum(q not in own for q, _ in alignment.pairs) + alignment.swapped
        missing = [p1 - p0 for q0, q1, p0, p1 in alignment.edits if q0 == q1]
        beside = count + sum(
            each for each in missing if each <= _FEW
        )  # more are a sentence between two that were joined
        if not alignment.edits or same >= _ALIKE * beside:
            return same > 2 or same == count > 0
        run = _longest_run(alignment.pairs)
        return run >= _RUN and run > _HALF * count

    # Without quotation marks ---------------------------------------------------------------------------------------

    def _runs(self, marked: Sequence[Span]) -> Iterator[Quotation]:
        """Yield the runs of words outside quotation marks that are nearly a document's."""
        taken = bytearray(len(self._draft.spans))
        for first, last in marked:
            if last - first >= _SHORT:
                taken[first:last] = b"\1" * (last - first)
        chains = [each for each in self._chains(taken) if self._is_run(each)]
        chains.sort(key=lambda chain: (-sum(block.length for block in chain), self._is_digest(chain), chain[0].source))
        by_start = sorted(chains, key=lambda chain: chain[0].draft)
        longest = max((chain[-1].draft + chain[-1].length - chain[0].draft for chain in chains), default=0)
        for chain in chains:
            first, last = chain[0].draft, chain[-1].draft + chain[-1].length
            if any(taken[first:last]):
                continue
            taken[first:last] = b"\1" * (last - first)
            start, end = self._draft.spans[first][0], self._draft.spans[last - 1][1]
            found = Quotation(self._text[start:end], start, end, "absent")
            since, upto = (
                bisect_right(by_start, at, key=lambda each: each[0].draft) for at in (last - longest - 1, first)
            )
            others = [each for each in by_start[since:upto] if each[-1].draft + each[-1].length >= last]
            aligned = [
                each for one in [chain, *others[:_MOST_RUNS]] for each in self._aligner.alignments(first, last, one)
            ]
            quotation = self._chosen(found, aligned, is_marked=False)
            if quotation.status != "absent" or quotation.is_ours:
                yield quotation

    def _is_digest(self, chain: Sequence[Block]) -> bool:
        return self._phrases.documents[self._phrases.document_at(chain[0].source)].source.kind == "digest"

    def _chains(self, taken: bytearray) -> Iterator[list[Block]]:
        """Return runs of blocks that follow each other in the draft and in a document with few words between them."""
        free = [piece for block in self._aligner.blocks for piece in _outside(block, taken)]
        opened: dict[int, list[list[Block]]] = defaultdict(list)  # chains by the draft's word behind their last
        chains = []
        for block in sorted(free, key=lambda block: (block.source, block.draft)):
            chain: list[Block] = []
            for end in range(block.draft, block.draft - _GAP - 1, -1):
                before = [each for each in opened.pop(end, ()) if block.source - _source_end(each) <= _GAP]
                at = next((i for i, each in enumerate(before) if _source_end(each) <= block.source), None)
                if not chain and at is not None and not any(taken[end : block.draft]):
                    chain = before.pop(at)
                if before:
                    opened[end] = before
            if not chain:
                chains.append(chain)
            chain.append(block)
            opened[block.draft + block.length].append(chain)
        return (self._extended(chain, taken) for chain in chains)

    def _extended(self, chain: list[Block], taken: bytearray) -> list[Block]:
        """Let a chain go on behind a word or two that differ, as long as words enough are the same."""
        if chain[-1].draft + chain[-1].length - chain[0].draft > 3 * _RUN:
            return chain
        extended = list(chain)
        for least in (_CERTAIN, _ENOUGH):
            if least == _ENOUGH and extended[-1].draft + extended[-1].length - extended[0].draft >= _RUN:
                break
            while (more := self._more(extended[-1], taken, 1, least)) is not None:
                extended.append(more)
            while (more := self._more(extended[0], taken, -1, least)) is not None:
                extended.insert(0, more)
        return extended

    def _more(self, block: Block, taken: bytearray, step: int, least: int) -> Block | None:
        """Return the same words behind a block (`step` 1) or before it (-1), past one or two that differ."""
        words, draft = self._phrases.words, self._aligner.numbers
        lowest, highest = self._phrases.bounds(self._phrases.document_at(block.source))
        q = block.draft + block.length if step > 0 else block.draft - 1
        p = block.source + block.length if step > 0 else block.source - 1
        for dq, dp in ((1, 1), (0, 1), (1, 0), (2, 2), (1, 2), (2, 1)):
            at, beside, count = q + step * dq, p + step * dp, 0
            while (
                0 <= at < len(draft)
                and lowest <= beside < highest
                and not taken[at]
                and draft[at] == words[beside]
                and draft[at] >= 0
            ):
                at, beside, count = at + step, beside + step, count + 1
            passed = range(min(q, q + step * dq), max(q, q + step * dq) + 1)
            if count >= least and not any(taken[i] for i in passed if 0 <= i < len(taken)):
                return Block(at - count, beside - count, count) if step > 0 else Block(at + 1, beside + 1, count)
        return None

    def _is_run(self, chain: Sequence[Block]) -> bool:
        first, last = chain[0].draft, chain[-1].draft + chain[-1].length
        same = sum(block.length for block in chain)
        is_dense = (last - first) > len(self._draft.words(first, last).split()) * 3
        return last - first >= (_DENSE_RUN if is_dense else _RUN) and same >= _NEARLY * (last - first)

    # Beside it -----------------------------------------------------------------------------------------------------

    def _with_figures(self, quotation: Quotation, taken: Taken) -> Quotation:
        if quotation.document is None or quotation.is_ours:
            return quotation
        at = bisect_right(self._paragraphs, quotation.start, key=lambda each: each[0]) - 1
        if at < 0 or quotation.start >= self._paragraphs[at][1]:
            return quotation
        paragraph = self._paragraphs[at]
        document = next(each for each in self._phrases.documents if each.source is quotation.document)
        return replace(quotation, figures=tuple(figures_beside(quotation, self._text, paragraph, taken, document)))


def _source_end(chain: Sequence[Block]) -> int:
    return chain[-1].source + chain[-1].length


def _gain(quotation: Quotation) -> int:
    """Return how many words are a document's, less twice those that differ; 0 for an absent quotation."""
    if quotation.status == "absent":
        return 0
    differing = [len(each.draft.split()) + min(len(each.source.split()), _FEW) for each in quotation.differences]
    return len(quotation.text.split()) - 2 * sum(differing)


def locator_at(document: Document, start: int) -> str:
    """Return the locator of the paragraph in which an offset lies; empty where a document has none."""
    at = bisect_right(document.paragraphs, start, key=lambda paragraph: paragraph.start) - 1
    return document.paragraphs[max(at, 0)].locator if document.paragraphs else ""


def _longest_run(pairs: Sequence[tuple[int, int]]) -> int:
    longest = length = 0
    before = (-2, -2)
    for q, p in pairs:
        length = length + 1 if (q, p) == (before[0] + 1, before[1] + 1) else 1
        longest, before = max(longest, length), (q, p)
    return longest


def _outside(block: Block, taken: bytearray) -> Iterator[Block]:
    """Yield the parts of a block that are free, as far as they are phrases."""
    at, end = block.draft, block.draft + block.length
    while at < end:
        stop = taken.find(1, at, end)
        stop = end if stop < 0 else stop
        if stop - at >= PHRASE:
            yield Block(at, block.source + at - block.draft, stop - at)
        at = stop + 1
