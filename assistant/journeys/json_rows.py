"""Write answers and classifications as the contract's JSON; `web.api` describes it field by field."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.records import (
    THIS_ROUND_TABLE,
    Answer,
    Change,
    CheckedDraft,
    Classification,
    Document,
    Hit,
    ObjectiveMatch,
    Paragraph,
    Quotation,
    Reason,
    Tag,
)

_SCORE_DIGITS = 4


def timed(row: dict[str, Any], reply: Answer | Classification) -> dict[str, Any]:
    """Add the milliseconds that a reply took, for a command line: over HTTP they could tell what others asked."""
    return row | {"elapsed_ms": reply.elapsed_ms}


def classification_row(classification: Classification) -> dict[str, Any]:
    """Write a classification as the contract's JSON object."""
    return {
        "id": classification.id,
        "topic": classification.topic,
        "objectives": [
            {
                "number": match.objective.number,
                "title": match.objective.title,
                "confidence": match.confidence,
                "in_roundtable": match.objective.round_table == THIS_ROUND_TABLE,
                "why": list(match.why),
            }
            for match in classification.objectives
        ],
        "hits": [hit_row(hit) for hit in classification.hits],
        "corpus": classification.corpus,
    }


def answer_row(answer: Answer) -> dict[str, Any]:
    """Write an answer as the contract's JSON object."""
    return {
        "id": answer.id,
        "question": answer.question,
        "understood_as": answer.understood_as,
        "status": answer.status,
        "answer": answer.answer,
        "answer_kind": answer.answer_kind,
        "probability": answer.probability,
        "hits": [hit_row(hit) for hit in answer.hits],
        "nearest": [hit_row(hit) for hit in answer.nearest],
        "objectives": [_question_objective_row(match) for match in answer.objectives],
        "notice": answer.notice,
        "corpus": answer.corpus,
    }


def check_row(checked: CheckedDraft) -> dict[str, Any]:
    """Write the check of a draft as the contract's JSON object."""
    paragraphs = [
        {
            "start": each.start,
            "end": each.end,
            "objectives": [
                {"number": match.objective.number, "confidence": match.confidence} for match in each.objectives
            ],
        }
        for each in checked.paragraphs
    ]
    quotations = [_quotation_row(each) for each in checked.quotations]
    return {"quotations": quotations, "paragraphs": paragraphs, "corpus": checked.corpus}


def _quotation_row(quotation: Quotation) -> dict[str, Any]:
    is_there = quotation.status != "absent"
    return {
        "text": quotation.text,
        "start": quotation.start,
        "end": quotation.end,
        "status": quotation.status,
        "document": quotation.document.id if quotation.document and is_there else None,
        "locator": quotation.locator if is_there else None,
        "source": quotation.source if is_there else None,
        "source_start": quotation.source_start if is_there else None,
        "source_end": quotation.source_end if is_there else None,
        "differences": [asdict(each) for each in quotation.differences],
    }


def comparison_row(before: Document, after: Document, changes: Sequence[Change]) -> dict[str, Any]:
    """Write what changed between two versions of a document as a JSON object."""

    def side(document: Document, paragraph: Paragraph | None) -> dict[str, str] | None:
        if paragraph is None:
            return None
        return {"locator": paragraph.locator, "text": document.text[paragraph.start : paragraph.end]}

    rows = [
        {
            "kind": each.kind,
            "before": side(before, each.before),
            "after": side(after, each.after),
            "differences": [
                {"kind": said.kind, "before": said.source, "after": said.draft} for said in each.differences
            ],
        }
        for each in changes
    ]
    return {"before": before.id, "after": after.id, "changes": rows}


def hit_row(hit: Hit) -> dict[str, Any]:
    """Write a hit as the contract's JSON object, with why it was found where that is explained."""
    passage = hit.passage
    row = {
        "passage": passage.id,
        "document": passage.source.id,
        "title": passage.source.title,
        "kind": passage.source.kind,
        "url": passage.source.address or None,
        "heading": passage.heading,
        "locator": passage.locator,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "highlights": [list(span) for span in hit.highlights],
        "score": round(hit.score, _SCORE_DIGITS),
        "objectives": [_tag_row(tag) for tag in passage.tags],
    }
    return row | {"why": _reason_row(hit.reason)} if hit.reason else row


def _reason_row(reason: Reason) -> dict[str, Any]:
    return {
        "words": list(reason.words),
        "near": list(reason.near),
        "named": reason.is_named,
        "likeness": {sign.replace(" ", "_"): round(value, _SCORE_DIGITS) for sign, value in reason.likeness.items()},
    }


def _tag_row(tag: Tag) -> dict[str, Any]:
    return {"number": tag.number, "basis": tag.basis, "confidence": tag.confidence, "evidence": tag.evidence}


def _question_objective_row(match: ObjectiveMatch) -> dict[str, Any]:
    return {
        "number": match.objective.number,
        "title": match.objective.title,
        "basis": match.basis,
        "confidence": match.confidence,
    }
