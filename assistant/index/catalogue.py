"""A catalogue of passages by their tags, documents and places.

Each register is built when it is first used, so that a lookup among very many passages needn't look at each.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from assistant.records import Passage, Source

_Key = TypeVar("_Key")
Mask = npt.NDArray[np.bool_]  # (passages,)
_NUMBERED_HEADING = re.compile(r"[^\W\d]+ \d{1,2}(?=[.:])")
_MARKS = re.compile(r"(?<!\))(?: \(\w+\))+$")


class Catalogue:
    """Registers of passages; safe to share between threads."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Catalogue passages, a row each."""
        self._passages = passages

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The documents' sources, by their ids."""
        return {passage.source.id: passage.source for passage in self._passages}

    def tagged(self, objectives: Collection[int]) -> Mask:
        """Return which passages carry a tag of one of these objectives."""
        return self._among([self._by_objective.get(number, []) for number in objectives])

    def belonging(self, documents: Collection[str]) -> Mask:
        """Return which passages belong to one of these documents, by id."""
        return self._among([self._by_document.get(id, []) for id in documents])

    def called(self, ids: Collection[str]) -> Mask:
        """Return which passages have one of these ids."""
        return np.array([passage.id in ids for passage in self._passages], dtype=bool)

    def standing_at(self, place: str) -> list[int]:
        """Return the rows of the passages at a place ("para. 7"); in each document the nearest that there is to it.

        That is the place itself, or one in a part of the document, or else what stands within such: "Article 7 (1)".
        """
        distances = distances_to(place, self._by_locator)
        return nearest_in_documents(
            (row, self._passages[row].source.id, distance)
            for locator, distance in distances.items()
            for row in self._by_locator[locator]
        )

    def _among(self, rows: Sequence[Sequence[int]]) -> Mask:
        mask = np.zeros(len(self._passages), dtype=bool)
        for each in rows:
            mask[each] = True
        return mask

    @cached_property
    def _by_objective(self) -> Mapping[int, list[int]]:
        return _register({tag.number for tag in passage.tags} for passage in self._passages)

    @cached_property
    def _by_document(self) -> Mapping[str, list[int]]:
        return _register({passage.source.id} for passage in self._passages)

    @cached_property
    def _by_locator(self) -> Mapping[str, list[int]]:
        return _register(places_of(passage) for passage in self._passages)


def distances_to(place: str, locators: Iterable[str]) -> dict[str, tuple[bool, bool]]:
    """Return the locators at which a place stands, each with its distance: the place itself comes first."""
    stands_there = re.compile(rf"(?P<part>.*(?:, |\w (?<!\bpreambular )))?{re.escape(place)}(?P<within> \(.*|, .*)?$")
    found = ((locator, stands_there.match(locator)) for locator in locators)
    return {locator: (match["within"] is not None, match["part"] is not None) for locator, match in found if match}


def nearest_in_documents(found: Iterable[tuple[int, _Key, tuple[bool, bool]]]) -> list[int]:
    """Return of (row, document, distance) the rows that are nearest in each document."""
    nearest: dict[_Key, tuple[tuple[bool, bool], list[int]]] = {}
    for row, document, distance in found:
        known = nearest.get(document)
        if known is None or distance < known[0]:
            nearest[document] = distance, [row]
        elif distance == known[0]:
            known[1].append(row)
    return [row for _, rows in nearest.values() for row in rows]


def places_of(passage: Passage) -> set[str]:
    """Return the places at which a passage stands, in lower case: by its locator, and by a numbered heading."""
    return {passage.locator.lower(), *_by_heading(passage)}


def _by_heading(passage: Passage) -> list[str]:
    """Return a place under a numbered heading as it is also cited: "objective 7 (f)"."""
    heading, marks = _NUMBERED_HEADING.match(passage.heading), _MARKS.search(passage.locator)
    return [f"{heading[0]}{marks[0]}".lower()] if heading and marks else []


def _register(keys_of_rows: Iterable[Collection[_Key]]) -> dict[_Key, list[int]]:
    """Return the rows of each key, given the keys of each row."""
    rows: dict[_Key, list[int]] = {}
    for row, keys in enumerate(keys_of_rows):
        for key in keys:
            rows.setdefault(key, []).append(row)
    return rows
