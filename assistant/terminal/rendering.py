"""Write answers and rankings as plain text for a terminal."""

import textwrap
from collections.abc import Iterator

from assistant.documents import without_link_marks
from assistant.objectives import standing_of
from assistant.records import (
    THIS_ROUND_TABLE,
    Answer,
    Basis,
    Classification,
    Hit,
    ObjectiveMatch,
    Passage,
    Reason,
    Tag,
    percent_in_words,
)

_WIDTH = 100  # characters
_EXPLAINED = 3  # objectives


def render_answer(answer: Answer) -> str:
    """Write an answer as text: the quotation first, then where it stands, then the passages."""
    return "\n".join(_lines(answer))


def render_classification(classification: Classification) -> str:
    """Write a ranking as text: the first three with the words that decided, then what the documents say."""
    lines = [f"Which objective? {classification.topic}", ""]
    first = classification.objectives[:_EXPLAINED]
    shown = [match for match in first if standing_of(match.confidence)]
    if not shown:
        lines += ["None of the 23 is likely. These are only the nearest.", ""]
    for match in shown or first:
        objective = match.objective
        covered = "this roundtable" if objective.round_table == THIS_ROUND_TABLE else "not this one"
        standing = standing_of(match.confidence) or ""
        share = "stated" if match.basis == "stated" else f"{standing} {percent_in_words(match.confidence)}"
        lines.append(f"{share:>12}  {objective.number}. {objective.title}")
        lines.append(
            f"              Global Compact, para. {objective.paragraph}; roundtable {objective.round_table}, {covered}"
        )
        if match.why:
            lines.append(
                f"              {'stated by' if match.basis == 'stated' else 'decided by'}: {', '.join(match.why)}"
            )
    if classification.hits:
        lines += ["", "What the documents say on it", *_passages(classification.hits)]
    return "\n".join(lines)


def _lines(answer: Answer) -> Iterator[str]:
    if answer.understood_as != answer.question.strip():
        yield f"Understood as: {answer.understood_as}"
        yield ""
    if answer.known:
        yield from textwrap.wrap(answer.known.notice, _WIDTH)
        yield from (f"  - {entry.label}" for entry in answer.known.entries)
    elif answer.status == "answered":
        yield from _quotation(answer.answer) if answer.answer else _summary(answer.summary)
        yield f"    {cited(answer.hits[0].passage)}"
        if answer.notice:
            yield from textwrap.wrap(answer.notice, _WIDTH)
    else:
        title = "Not in the documents." if answer.status == "not_in_documents" else "Unclear."
        yield f"{title} {answer.notice or ''}".rstrip()
    if answer.objectives and not answer.known:
        yield ""
        yield "Objectives: " + "; ".join(map(_objective, answer.objectives))
    if answer.hits:
        yield ""
        yield f"{len(answer.hits)} {'passage' if len(answer.hits) == 1 else 'passages'} found"
        yield from _passages(answer.hits)
    if answer.nearest:
        yield ""
        yield "Nearest passages (they do not answer the question)"
        yield from _passages(answer.nearest)
    yield ""
    yield f"Documents as of {answer.corpus[:15]}…, {answer.elapsed_ms:.0f} ms"


def _quotation(text: str) -> Iterator[str]:
    for line in textwrap.wrap(_in_a_line(text), _WIDTH - 4):
        yield f"  | {line}"


def _summary(text: str) -> Iterator[str]:
    yield from textwrap.wrap(f"Our summary says: {_in_a_line(text)}", _WIDTH)


def _passages(hits: tuple[Hit, ...]) -> Iterator[str]:
    for number, hit in enumerate(hits, start=1):
        yield ""
        yield f"{number}. {cited(hit.passage)}"
        yield from textwrap.wrap(_in_a_line(hit.passage.text), _WIDTH, initial_indent="   ", subsequent_indent="   ")
        for tag in hit.passage.tags:
            yield f"   {_tag(tag)}"
        if hit.reason:
            yield f"   Why this: {_reason(hit.reason)}"


def _in_a_line(text: str) -> str:
    """Return a document's words as they are read, without line breaks and the marks of links."""
    return " ".join(without_link_marks(text).split())


def _reason(reason: Reason) -> str:
    parts = ["named in the question"] if reason.is_named else []
    parts += [f"holds {', '.join(reason.words)}"] if reason.words else []
    parts += [f"comes near {', '.join(reason.near)}"] if reason.near else []
    return "; ".join([*parts, ", ".join(f"{sign} {value:z.2f}" for sign, value in reason.likeness.items())])


def cited(passage: Passage) -> str:
    """Cite a passage; one of a digest as our summary."""
    source = passage.source
    if source.kind == "digest":
        return (
            f"Our summary, {passage.locator} (the original: {', '.join(filter(None, (source.title, source.address)))})"
        )
    return f"{source.title}, {passage.locator}"


def _tag(tag: Tag) -> str:
    return f"Objective {tag.number}, {_known(tag.basis, tag.confidence)}: “{tag.evidence}”"


def _objective(match: ObjectiveMatch) -> str:
    return f"{match.objective.number} {match.objective.short} ({_known(match.basis, match.confidence)})"


def _known(basis: Basis, confidence: float) -> str:
    return "stated" if basis == "stated" else f"inferred {percent_in_words(confidence)}"
