"""Coverage: which objectives the passages of each document carry, stated or inferred, and which passages carry none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.records import Passage


@dataclass(frozen=True, slots=True)
class Cell:
    """The passages of one document that carry one objective, in order."""

    stated: tuple[Passage, ...] = ()  # those that name it
    inferred: tuple[Passage, ...] = ()  # those that only resemble it

    @property
    def is_gap(self) -> bool:
        """Return whether no passage of the document carries the objective."""
        return not self.stated and not self.inferred


@dataclass(frozen=True, slots=True)
class Coverage:
    """Objectives by documents."""

    cells: Mapping[tuple[int, str], Cell]  # by the objective's number and the document's id; without gaps
    untagged: tuple[Passage, ...]  # the passages without an objective, in order

    def cell(self, number: int, document: str) -> Cell:
        """Return the passages of one document that carry one objective; an empty cell if there is a gap."""
        return self.cells.get((number, document), Cell())


def coverage_of(passages: Iterable[Passage]) -> Coverage:
    """Sort passages by objective and document; one that both states and resembles an objective counts as stated."""
    stated: dict[tuple[int, str], list[Passage]] = defaultdict(list)
    inferred: dict[tuple[int, str], list[Passage]] = defaultdict(list)
    untagged = []
    for passage in passages:
        named = {tag.number for tag in passage.tags if tag.basis == "stated"}
        for number in named:
            stated[number, passage.source.id].append(passage)
        for number in {tag.number for tag in passage.tags} - named:
            inferred[number, passage.source.id].append(passage)
        if not passage.tags:
            untagged.append(passage)
    places = stated.keys() | inferred.keys()
    cells = {place: Cell(tuple(stated.get(place, ())), tuple(inferred.get(place, ()))) for place in places}
    return Coverage(cells, tuple(untagged))
