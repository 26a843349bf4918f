"""Describe what changed between an index before and after a build, in a few lines."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DamagedIndexError
from assistant.journeys.building import load_build
from assistant.records import Document, Passage

_NAMED = 10  # documents in a line; of more, the number is told


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The contents of an index, to be compared with those of a later one.

    Attributes:
        documents: By id.
        passages: Number of passages by document and text.
    """

    documents: Mapping[str, Document]
    passages: Counter[tuple[str, str]]

    @classmethod
    def of(cls, documents: Iterable[Document], passages: Iterable[Passage]) -> "Snapshot":
        """Take documents and their passages."""
        counted = Counter((passage.source.id, passage.text) for passage in passages)
        return cls({document.id: document for document in documents}, counted)


def snapshot_of(index_folder: Path) -> Snapshot | None:
    """Return the contents of the index in a folder; None where no index can be read."""
    try:
        build = load_build(index_folder)
    except DamagedIndexError:
        return None
    return Snapshot.of(build.corpus.documents, build.passages.passages)


def describe_changes(before: Snapshot | None, after: Snapshot) -> list[str]:
    """Return what changed: a line of figures, then the documents by name."""
    if before is None:
        return ["There was no index to compare it with; all is new."]
    old, new = before.documents, after.documents
    added = [id for id in new if id not in old]
    removed = [id for id in old if id not in new]
    both = [id for id in new if id in old]
    changed = [id for id in both if new[id] != old[id]]
    fresh, gone = (after.passages - before.passages).total(), (before.passages - after.passages).total()
    if not (added or removed or changed or fresh or gone):
        return [f"Nothing has changed since the last build: {len(both)} documents as they were."]
    lines = [
        f"Since the last build: {len(added)} documents added, {len(changed)} changed, {len(removed)} removed, "
        f"{len(both) - len(changed)} unchanged; {fresh} passages new, {gone} gone, "
        f"{(after.passages & before.passages).total()} kept."
    ]
    told = [_with_kind(id, old, new) for id in changed]
    parts = (("added", added), ("changed", told), ("removed", removed))
    return lines + [f"  {name}: {_listed(ids)}" for name, ids in parts if ids]


def _with_kind(id: str, old: Mapping[str, Document], new: Mapping[str, Document]) -> str:
    kind = new[id].source.kind
    return id if kind == old[id].source.kind else f"{id} (now the {kind})"


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more
