"""Tell what changed from one version of a document to the next, paragraph by paragraph and word by word."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from rapidfuzz.distance import LCSseq, Levenshtein

from assistant.collation.words import DASHES, QUOTES, difference_kind, marker_length, spelt
from assistant.language import WORD
from assistant.records import Change, Difference, DifferenceKind, Document, Paragraph, Source

PieceKind: TypeAlias = Literal["same"] | DifferenceKind
_ALIKE = 0.5  # share of the words of two paragraphs that are the same, from which on one is the other, changed
_RARE, _TRIED = 20, 5  # paragraphs that hold a word that tells them apart; of which so many are compared
# What tells versions of a file apart at the end of its name: "note-v2", "note_rev.1", "note (2)", "note final".
_VERSION = re.compile(
    r"(?<![\s._(-])[\s._(-]+(?:(?:v|ver|version|rev|revision|revised|r|draft|d|zero|final|clean)[\s._-]*(\d*)|(\d{1,2}))\)?$",
    re.IGNORECASE,
)
_DASH, _QUOTE = re.compile(f"[{DASHES}]"), re.compile(f"[{QUOTES}]+")
_FIRST_WORDS = ("zero", "draft", "", "v", "ver", "version", "r", "rev", "revision", "revised", "clean", "final")


def compare_versions(before: Document, after: Document) -> tuple[Change, ...]:
    """Return the paragraphs of two versions in the later one's order, each beside its counterpart.

    What was removed stands where it was. Numbers of paragraphs don't count, so that one that moved is the same.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    partner = _partners([words for _, words in old], [words for _, words in new])
    removed = sorted(set(range(len(old))) - set(partner.values()))
    changes: list[Change] = []
    for j, (paragraph, words) in enumerate(new):
        i = partner.get(j)
        while removed and i is not None and removed[0] < i:
            changes.append(Change("removed", old[removed.pop(0)][0], None))
        if i is None:
            changes.append(Change("added", None, paragraph))
        else:
            said = _differences(before.text, old[i][0], after.text, paragraph) if old[i][1] != words else ()
            changes.append(Change("changed" if said else "same", old[i][0], paragraph, said))
    return (*changes, *(Change("removed", old[i][0], None) for i in removed))


def earlier_versions(source: Source, sources: Iterable[Source]) -> list[Source]:
    """Return the documents that one is a later version of, latest first: by what it supersedes, else by file names.

    >>> old, new = Source("a", "Note", file="note.txt"), Source("b", "Note", file="note-rev2.txt")
    >>> [each.id for each in earlier_versions(new, [old, new])]
    ['a']
    """
    known = {each.id: each for each in sources if each.kind != "link"}
    found: list[Source] = []
    at = source
    while at.supersedes in known and known[at.supersedes] not in (*found, source):
        at = known[at.supersedes]
        found.append(at)
    if found or not source.file:
        return found
    stem, version = _version_of(source.file)
    older = [(_version_of(each.file), each) for each in known.values() if each.file and each.id != source.id]
    same = [(number, each) for (name, number), each in older if name == stem and number < version]
    return [each for _, each in sorted(same, key=lambda each: each[0], reverse=True)]


def _version_of(file: str) -> tuple[str, tuple[int, int]]:
    """Return a file's name without its version, and the version as it sorts."""
    path = PurePosixPath(file.lower())
    found = _VERSION.search(path.stem)
    if not found or not path.stem[: found.start()].strip():
        return str(path.with_suffix("")), (_FIRST_WORDS.index(""), 0)
    number = found[1] or found[2] or ""
    word = re.sub(r"[^a-z]", "", found[0])
    rank = _FIRST_WORDS.index("v") if number and word not in ("zero", "draft", "final") else _FIRST_WORDS.index(word)
    return str(path.with_name(path.stem[: found.start()].strip())), (rank, int(number or 0))


def pieces_between(before: str, after: str) -> list[tuple[PieceKind, str, str]]:
    """Lay two texts beside each other word by word.

    Returns:
        For each stretch "same" or the kind of difference, its words before, and its words after, as they stand there.
    """
    old, new = list(WORD.finditer(before)), list(WORD.finditer(after))
    steps = Levenshtein.opcodes([_form(each[0]) for each in old], [_form(each[0]) for each in new])
    pieces: list[tuple[PieceKind, str, str]] = []
    for same, group in groupby(steps, key=lambda step: step.tag == "equal"):
        run = list(group)
        words = _words(before, old[run[0].src_start : run[-1].src_end])
        said = _words(after, new[run[0].dest_start : run[-1].dest_end])
        pieces.append(("same" if same else difference_kind(said, words), words, said))
    return pieces


def _words(text: str, matches: Sequence[re.Match[str]]) -> str:
    return text[matches[0].start() : matches[-1].end()] if matches else ""


def _form(word: str) -> str:
    """Return a word with its signs as it is compared: the kind of a dash or a quotation mark is no difference."""
    return _QUOTE.sub("'", _DASH.sub("-", spelt(word)))


def _paragraphs(document: Document) -> list[tuple[Paragraph, tuple[str, ...]]]:
    """Return a document's paragraphs with their words, without the number or letter that they begin with."""
    found = []
    for paragraph in document.paragraphs:
        start, end = paragraph.start, paragraph.end
        words = WORD.findall(document.text[start + marker_length(document.text[start:end]) : end])
        found.append((paragraph, tuple(map(_form, words))))
    return found


def _partners(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> dict[int, int]:
    """Return which paragraph of the old version each of the new one was, by number."""
    partner: dict[int, int] = {}
    places: dict[tuple[str, ...], list[int]] = {}
    for i, words in enumerate(old):
        places.setdefault(words, []).append(i)
    for j, words in enumerate(new):
        if places.get(words):
            partner[j] = places[words].pop(0)
    taken = set(partner.values())
    free = [i for i in range(len(old)) if i not in taken]
    for _, _, j, i in sorted(_likely(old, new, free, [j for j in range(len(new)) if j not in partner])):
        if j not in partner and i not in taken:
            partner[j] = i
            taken.add(i)
    return partner


def _likely(
    old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]], old_free: Sequence[int], new_free: Sequence[int]
) -> Iterator[tuple[float, int, int, int]]:
    """Yield pairs of paragraphs that are much alike: how unlike they are, how far apart, and their numbers."""
    holders: dict[str, list[int]] = {}
    for i in old_free:
        for word in set(old[i]):
            holders.setdefault(word, []).append(i)
    for j in new_free:
        rare = [word for word in set(new[j]) if len(holders.get(word, ())) <= _RARE]
        shared = Counter(i for word in rare for i in holders.get(word, ()))
        for i, _ in shared.most_common(_TRIED):
            alike = LCSseq.normalized_similarity(old[i], new[j])
            if alike >= _ALIKE:
                yield -alike, abs(i - j), j, i


def _differences(before: str, old: Paragraph, after: str, new: Paragraph) -> tuple[Difference, ...]:
    one, other = before[old.start : old.end], after[new.start : new.end]
    pieces = pieces_between(one[marker_length(one) :], other[marker_length(other) :])
    return tuple(Difference(kind, said, words) for kind, words, said in pieces if kind != "same")
