"""The outline of a document: the parts it falls into, and which of its numbers count paragraphs.

A part is an annex, a resolution, or a section whose numbers begin again. Numbers that follow one another make a run; a
run is read as a list where the paragraphs around it have numbers of their own, or none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from assistant.documents.preambles import Line
from assistant.language import word_count

LABEL_WORDS = 8  # a longer heading is too long to cite by

_PROSE_WORDS = 12  # a line of so many words is running text
_NUMBERED = 3  # paragraphs that make a document a numbered one
_LOST = 3  # numbers that may be missing in a run, their paragraphs lost in reading
# A resolution's name above the organ that speaks: "59/25. Title", "Draft resolution II", "Decision 1/CP.21".
NUMBERED_TITLE = re.compile(
    r"(?P<number>(?:[A-Z]{1,3}-)?\d{1,4}/\d{1,4}|\d{1,4} \((?:[A-Z]+-)?(?:[IVXLC]+|\d{4})\))"
    r"(?P<letter> [A-Z])?\.\s+(?=\S)"
)
_NAMED_TITLE = re.compile(
    r"(?P<name>(?:draft )?(?:resolution|decision))(?:\s+(?P<number>[IVXLC]+|[A-Z]|\S{0,30}\d\S{0,30}))?(?=[.:]|\Z)",
    re.IGNORECASE,
)
_BARRIERS = frozenset({"annex", "article"})  # no number goes on over them
_OPEN = 30  # runs around a paragraph at the most
_NAME_LINES = 4  # lines above the organ among which the name stands
# "II. Means", "Part II", "Commitment 3. Work"
_ENUMERATED = re.compile(r"(?P<noun>[^\W\d]+\s+)?(?P<number>[IVXLC]+|[A-Z](?=[.):])|\d{1,2})(?=[.):–—-]|\s+[A-Z]|\Z)")


@dataclass(slots=True, eq=False)
class Run:
    """Paragraphs or items numbered one after another."""

    first: int  # its first line
    last: int
    number: int  # the last one so far
    heading: int  # the last heading above it, -1 for none
    is_resolution: bool  # its paragraphs are what an organ decides
    crosses_headings: bool = False  # it goes on under another heading
    is_embedded: bool = False  # the run around it goes on behind it
    is_list: bool = False  # its numbers count items, not paragraphs


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document."""

    name: str = ""  # what its citations begin with, "annex I, section II"; empty for the document itself
    is_numbered: bool = False  # numbers count its paragraphs

    @property
    def prefix(self) -> str:
        """The beginning of its citations."""
        return f"{self.name}, " if self.name else ""


@dataclass(frozen=True, slots=True)
class Outline:
    """The part and the run of each line."""

    parts: Sequence[Part]
    runs: Sequence[Run | None]


def outline_of(lines: Sequence[Line]) -> Outline:
    """Find the parts of a document and the runs of its numbers."""
    runs = _runs(lines)
    return Outline(list(_parts(lines, runs)), runs)


def are_numbered(lines: Sequence[Line], *, least: int = _NUMBERED) -> bool:
    """Return whether numbers count the paragraphs of these lines, and not the items of one of their lists."""
    numbered = sum(line.kind == "numbered" for line in lines)
    prose = sum(line.kind == "plain" and word_count(line.text) >= _PROSE_WORDS for line in lines)
    return numbered >= least and numbered > prose


# Runs ----------------------------------------------------------------------------------------------------------------


def _runs(lines: Sequence[Line]) -> list[Run | None]:
    """Assign each number to its run, and tell which runs are lists."""
    walk = _Walk()
    assigned = [walk.run_of(i, line) for i, line in enumerate(lines)]
    regions = list(accumulate(line.kind in _BARRIERS for line in lines))
    inside: dict[int, list[Line]] = defaultdict(list)
    for line, run, region in zip(lines, assigned, regions, strict=True):
        if not (run and run.is_resolution):
            inside[region].append(line)
    least = 1 if are_numbered(lines) else _NUMBERED
    is_numbered = {region: are_numbered(held, least=least) for region, held in inside.items()}
    for run in dict.fromkeys(filter(None, assigned)):
        counts = run.is_resolution or run.crosses_headings or is_numbered[regions[run.first]]
        run.is_list |= not counts
    return assigned


@dataclass(slots=True)
class _Walk:
    """The runs that may go on, outermost first, while a document's lines pass."""

    open: list[Run] = field(default_factory=list)
    has_organ: bool = False  # an organ speaks, and hasn't numbered what it decides yet
    heading: int = -1  # the last heading
    is_closed: bool = False  # the last numbered paragraph ends with a full stop

    def run_of(self, i: int, line: Line) -> Run | None:
        """Return the run that a line's number belongs to, if it has one."""
        if line.kind in _BARRIERS:
            self.open.clear()
            self.has_organ = False
        elif line.kind in ("organ", "clause"):
            self.has_organ = True
        elif line.kind == "heading":
            self.heading = i
        elif line.kind == "numbered" and line.mark.isdecimal():
            run = self._continued(int(line.mark)) or self._begun(i)
            run.crosses_headings |= run.last < self.heading and word_count(line.text) >= _PROSE_WORDS
            run.last, run.number = i, int(line.mark)
            self.is_closed = line.text.endswith(".")
            return run
        return None

    def _continued(self, number: int) -> Run | None:
        if number == 1:
            return None
        fitting = [run for run in self.open if run.number + 1 == number]
        fitting = fitting or [run for run in self.open if 1 < number - run.number <= _LOST]
        if not fitting:  # a number that begins no list goes on with the one at hand
            fitting = self.open[-1:]
        if not fitting:
            return None
        # What an organ decides ends with a full stop; then the report around it goes on.
        run = fitting[-2 if len(fitting) > 1 and fitting[-1].is_resolution and self.is_closed else -1]
        while self.open[-1] is not run:
            inner = self.open.pop()
            inner.is_embedded = True
            inner.is_list = inner.heading <= run.last and not inner.is_resolution
        return run

    def _begun(self, i: int) -> Run:
        if self.has_organ:  # what another one decided is over
            self.open = [run for run in self.open if not run.is_resolution]
        run = Run(i, i, 0, self.heading, self.has_organ)
        self.has_organ = False
        self.open = [*self.open[-_OPEN:], run]
        return run


# Parts ---------------------------------------------------------------------------------------------------------------


def _parts(lines: Sequence[Line], runs: Sequence[Run | None]) -> Iterator[Part]:
    """Yield the part of each line."""
    names = _names(lines, runs)
    sections = _sections(lines, runs)
    has_numbers = has_annex = False
    resolution = annex = section = ""
    part = Part()
    parts_of_runs: dict[Run, Part] = {}
    for i, (line, run, is_numbered) in enumerate(zip(lines, runs, _are_numbered_parts(lines, runs), strict=True)):
        if line.kind == "annex":
            # An annex is part of the citation unless the document's numbers only begin in it.
            annex = line.mark if has_numbers or has_annex else ""
            has_annex, section = True, ""
        elif i in names:
            resolution, section = names[i], ""
            annex = "" if "/" in resolution else annex
        elif i in sections:
            section = sections[i]
        if i == 0 or line.kind == "annex" or i in names or i in sections:
            part = Part(", ".join(name for name in (resolution, annex, section) if name), is_numbered)
        has_numbers |= line.kind == "article"
        if run and not run.is_list:
            has_numbers = True
            if run in parts_of_runs and parts_of_runs[run] is not part:
                resolution = section = ""
            part = parts_of_runs.setdefault(run, part)
        yield part


def _are_numbered_parts(lines: Sequence[Line], runs: Sequence[Run | None]) -> list[bool]:
    """Return for each line whether numbers count the paragraphs from here to the next annex."""
    counts, found = False, []
    counts_by_levels = are_numbered(lines)  # "1.2" belongs to no run
    for line, run in zip(reversed(lines), reversed(runs), strict=True):
        counts |= not run.is_list if run else counts_by_levels and line.kind == "numbered"
        found.append(counts)
        counts &= line.kind != "annex"
    return found[::-1]


def _names(lines: Sequence[Line], runs: Sequence[Run | None]) -> dict[int, str]:
    """Return the names of resolutions by the line of their organ: of several, and of those inside of a report."""
    named: dict[int, str] = {}
    inside: set[int] = set()
    report_ends = -1
    last = ""
    for i, (line, run) in enumerate(zip(lines, runs, strict=True)):
        if run and not (run.is_list or run.is_resolution or run.is_embedded):
            report_ends = max(report_ends, run.last)
        name = _name_above(lines, i, last) if line.kind == "organ" else _decision(line)
        if name or line.kind == "organ":
            named[i] = name
            last = name or last
            if report_ends > i:
                inside.add(i)
                named[i] = name or "draft resolution"
    are_several = sum(map(bool, named.values())) > 1
    return {i: name if are_several or i in inside else "" for i, name in named.items()}


def _name_above(lines: Sequence[Line], organ: int, last: str) -> str:
    """Return the name of the resolution that an organ speaks in, from the lines above it.

    Args:
        last: The name of the resolution before, of which this may be another part: "B".
    """
    letter = ""
    for line in reversed(lines[max(0, organ - _NAME_LINES) : organ]):
        if line.kind not in ("heading", "opening", "plain"):
            break
        words = line.mark if line.kind == "heading" else line.text
        if match := NUMBERED_TITLE.match(words):
            return f"resolution {match['number']}{match['letter'] or letter}"
        if match := _NAMED_TITLE.match(words):
            return _named(match)
        if re.fullmatch("[A-Z]", words):
            letter = f" {words}"
    return f"{last[:-2]}{letter}" if letter and re.search(r" [A-Z]\Z", last) else ""


def _decision(line: Line) -> str:
    """Return the name of a decision that a heading gives: no organ speaks in it."""
    match = _NAMED_TITLE.match(line.mark) if line.kind == "heading" else None
    return _named(match) if match and "decision" in match["name"].lower() else ""


def _named(match: re.Match[str]) -> str:
    return " ".join(part for part in (match["name"].lower(), match["number"]) if part)


def _sections(lines: Sequence[Line], runs: Sequence[Run | None]) -> dict[int, str]:
    """Return the sections whose numbers begin again, by the line at which they begin."""
    groups: dict[tuple[int, int], list[Run]] = defaultdict(list)
    begins: dict[Run, tuple[int, str]] = {}
    headings: list[int] = []  # since the last number
    region = organ = 0
    is_article = False
    enumerated = ""  # the last heading with a number
    for i, (line, run) in enumerate(zip(lines, runs, strict=True)):
        if line.kind in _BARRIERS:
            region, enumerated, headings = i, "", []
            is_article = line.kind == "article"
        elif line.kind == "organ":
            organ = i
        elif line.kind == "heading":
            headings.append(i)
            enumerated = _enumerated(line.mark) or enumerated
        elif run and not run.is_list:
            if run.first == i and not is_article:
                # Behind what an organ decides numbers may begin again in the same resolution, unless it is in a report.
                is_decided = run.is_resolution or ((region, organ) in groups and (region, -1) not in groups)
                groups[region, organ if is_decided else -1].append(run)
                begins[run] = _section_of(lines, headings or [i], enumerated)
            headings = []
    return dict(begins[run] for group in groups.values() for run in _apart(group))


def _apart(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield those of a part's runs whose numbers need a section to be told by: of several, and inside of a report."""
    counts = Counter(run.is_embedded for run in runs)
    for run in runs:
        if (run.is_embedded and not run.is_resolution) or counts[run.is_embedded] > 1:
            yield run


def _section_of(lines: Sequence[Line], headings: Sequence[int], enumerated: str) -> tuple[int, str]:
    """Return where a section begins and its name: by the first heading with a number, the last short one, the last."""
    for i in headings:
        if name := _enumerated(lines[i].mark):
            return i, name
    short = [i for i in headings if lines[i].kind == "heading" and word_count(lines[i].mark) <= LABEL_WORDS]
    return (short[-1], lines[short[-1]].mark.rstrip(":")) if short else (headings[0], enumerated)


def _enumerated(heading: str) -> str:
    """Return how a heading that has a number is cited.

    >>> _enumerated("II. Means"), _enumerated("Part II"), _enumerated("Means")
    ('section II', 'Part II', '')
    """
    match = _ENUMERATED.match(heading)
    return f"{(match['noun'] or 'section').strip()} {match['number']}" if match else ""
