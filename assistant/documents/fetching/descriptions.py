"""Descriptions: what of each linked document is here, and what became of fetching, in words for the command line."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.documents import SOURCES_FILE, LinkedDocument, linked_documents, read_record
from assistant.documents.fetching.downloads import Outcome

_PREFIX = 15  # characters of a sha256 that tell two apart
_MEANINGS = {
    "digest": "our summary is here, not the document's words",
    "link": "only its address is here",
}


def describe_sources(folder: Path) -> Iterator[str]:
    """Yield lines that say of each linked document whether it is here as original, as digest or as link.

    Raises:
        CorpusError: There is no such folder, or its table is wrong.
        OSError: An original can't be read.
    """
    described = [each for each in linked_documents(folder) if each.source.kind != "original" or each.original]
    if not described:
        yield f"{folder / SOURCES_FILE} names no linked documents."
    for linked in described:
        kind, meaning = _standing(folder, linked)
        yield f"{kind:9}{linked.source.title}"
        yield f"{'':9}{meaning}"
        yield f"{'':9}{linked.source.address or 'no address known'}"


def describe_standing(folder: Path, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield a line for each described document: whether it is here as original, as digest or as link, and why.

    Args:
        outcomes: What became of asking for the originals; empty if none was asked for.
    """
    problems = {outcome.original.id: outcome.problem for outcome in outcomes}
    lines = []
    for linked in linked_documents(folder):
        kind, meaning = _standing(folder, linked) if linked.original else (linked.source.kind, "")
        problem = problems.get(linked.source.id, "")
        told = f": {'; '.join(filter(None, (meaning, problem)))}" if kind != "original" and (meaning or problem) else ""
        lines.append(f"{kind:9}{linked.source.title}{told}")
    yield from lines
    if any(problems.values()):
        yield "To try again at greater length: python -m assistant sources fetch"
    elif not outcomes and lines:
        yield "To get the originals: python -m assistant sources fetch"


def describe_outcomes(folder: Path, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield a line for each original that was to be fetched and one for all; a single one if there is no network."""
    asked = [outcome for outcome in outcomes if outcome.state != "here"]
    if not outcomes:
        yield f"{folder / SOURCES_FILE} names no originals; there is nothing to fetch."
    elif asked and all(outcome.state == "unreachable" for outcome in asked):
        problems = "; ".join(dict.fromkeys(outcome.problem for outcome in asked))
        yield f"There is no network: {problems}; nothing was fetched."
    else:
        yield from (f"{outcome.original.id}: {_described(folder, outcome)}" for outcome in outcomes)
        here = sum(not outcome.problem for outcome in outcomes)
        yield f"{here} of {len(outcomes)} originals are here."


def _standing(folder: Path, linked: LinkedDocument) -> tuple[str, str]:
    """Return the kind in which a linked document is here, and what that means."""
    original = linked.original
    if original is None or not (path := folder / original.file).is_file():
        return linked.source.kind, _MEANINGS[linked.source.kind]
    record = read_record(folder, original)
    if record is None:
        return "original", f"put by hand into {path}"
    changed = "" if record.fits(path) else "; CHANGED since"
    return "original", f"fetched {record.day}, sha256:{record.sha256[:_PREFIX]}…{changed}"


def _described(folder: Path, outcome: Outcome) -> str:
    if outcome.problem:
        return f"failed: {outcome.problem}."
    record = read_record(folder, outcome.original)
    if record is None:
        return "is here, put by hand."
    if outcome.state == "here":
        return f"is here, fetched {record.day}."
    return f"fetched, {record.bytes:,} bytes, sha256:{record.sha256[:_PREFIX]}…"
