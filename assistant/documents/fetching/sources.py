"""The linked documents: what of each is here, and getting the originals.

In words, for the command line. It knows nothing of passages or of the index.
"""

import datetime
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.documents import (
    SOURCES_FILE,
    LinkedDocument,
    allowed_hosts,
    linked_documents,
    path_of,
    read_record,
    standing_of,
)
from assistant.documents.fetching.downloads import Limits, Outcome, fetch_originals

_PREFIX = 15  # characters of a sha256 that tell two apart
_MEANINGS = {
    "digest": "our summary is here, not the document's words",
    "link": "only its address is here",
}


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What became of the originals.

    Attributes:
        lines: One for each original and one for all; a single one where there is no network.
        is_complete: Whether all are here.
    """

    lines: tuple[str, ...]
    is_complete: bool


def describe_sources(folder: Path) -> Iterator[str]:
    """Say of each linked document whether it is here as original, as digest or as link.

    Raises:
        CorpusError: There is no such folder, or its table is wrong.
        OSError: An original can't be read.
    """
    linked = [each for each in linked_documents(folder) if each.source.kind != "original" or each.original]
    if not linked:
        yield f"{folder / SOURCES_FILE} names no linked documents."
    for each in linked:
        kind, meaning = _standing(folder, each)
        yield f"{kind:9}{each.source.title}"
        yield from (f"{'':9}{line}" for line in (meaning, each.source.address or "no address known"))


def fetch_sources(
    folder: Path,
    *,
    today: datetime.date,
    report: Callable[[str, int, int | None], None],
    limits: Limits | None = None,
    trusted: ssl.SSLContext | None = None,
) -> FetchReport:
    """Get the originals that `sources.toml` names and that aren't here yet.

    Args:
        folder: The corpus folder.
        report: Called with a document's id, its bytes here, and its bytes in all where that is known.
        limits: As for `fetch_originals`.
        trusted: As for `fetch_originals`.

    Raises:
        CorpusError: There is no such folder, or its table is wrong.
    """
    wanted = [linked.original for linked in linked_documents(folder) if linked.original]
    if not wanted:
        return FetchReport((f"{folder / SOURCES_FILE} names no originals; there is nothing to fetch.",), True)
    outcomes = fetch_originals(
        wanted,
        folder,
        hosts=allowed_hosts(folder),
        today=today,
        report=lambda original, done, total: report(original.id, done, total),
        limits=limits,
        trusted=trusted,
    )
    asked = [outcome for outcome in outcomes if outcome.state != "here"]
    if asked and all(outcome.state == "unreachable" for outcome in asked):
        problems = "; ".join(dict.fromkeys(outcome.problem for outcome in asked))
        return FetchReport((f"There is no network: {problems}; nothing was fetched.",), False)
    here = sum(outcome.state in ("here", "fetched") for outcome in outcomes)
    lines = (*(_told(folder, outcome) for outcome in outcomes), f"{here} of {len(outcomes)} originals are here.")
    return FetchReport(lines, here == len(outcomes))


def _standing(folder: Path, linked: LinkedDocument) -> tuple[str, str]:
    if linked.original is not None and (standing := standing_of(folder, linked.original)) != "missing":
        record = read_record(folder, linked.original)
        if standing == "by hand" or record is None:
            return "original", f"put by hand into {path_of(folder, linked.original)}"
        changed = "; CHANGED since" if standing == "changed" else ""
        return "original", f"fetched {record.day}, sha256:{record.sha256[:_PREFIX]}…{changed}"
    return linked.source.kind, _MEANINGS[linked.source.kind]


def _told(folder: Path, outcome: Outcome) -> str:
    original = outcome.original
    if outcome.problem:
        return f"{original.id}: failed: {outcome.problem}."
    record = read_record(folder, original)
    if record is None:
        return f"{original.id}: is here, put by hand."
    if outcome.state == "here":
        return f"{original.id}: is here, fetched {record.day}."
    return f"{original.id}: fetched, {record.bytes:,} bytes, sha256:{record.sha256[:_PREFIX]}…"
