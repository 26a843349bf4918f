"""The contract's JSON: requests that come in, records that go out. It knows nothing of files, pipes or HTTP."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import InputError
from assistant.records import (
    OBJECTIVE_COUNT,
    THIS_ROUND_TABLE,
    Answer,
    Classification,
    Hit,
    ObjectiveMatch,
    Reason,
    Tag,
)
from assistant.settings import DEFAULT_TOP_K, MAX_TOP_K

_SCORE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question as a program asks it."""

    question: str
    history: tuple[str, ...] = ()
    objectives: frozenset[int] = frozenset()
    top_k: int = DEFAULT_TOP_K
    id: object = None


def ask_request(row: object) -> AskRequest:
    """Check a JSON value and make it a request; fields that aren't known are passed over.

    Raises:
        InputError: It isn't an object, or one of its fields isn't what it must be; the message says which.
    """
    if not isinstance(row, Mapping):
        raise InputError('must be a JSON object such as {"question": "…"}.')
    return AskRequest(
        question=_text(row, "question"),
        history=_texts(row, "history"),
        objectives=frozenset(_whole_numbers(row, "objectives", OBJECTIVE_COUNT)),
        top_k=_whole_number(row.get("top_k", DEFAULT_TOP_K), "top_k", MAX_TOP_K),
        id=row.get("id"),
    )


def _text(row: Mapping[str, Any], key: str) -> str:
    if key not in row:
        raise InputError(f"lacks {key}; add it as text.")
    value = row[key]
    if not isinstance(value, str):
        raise InputError(f"{key} must be text.")
    return _whole(value, key)


def _whole(value: str, key: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise InputError(f"{key} holds half a character (a lone surrogate); send whole ones.")
    return value


def _texts(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = row.get(key) or ()
    if (
        not isinstance(values, Sequence)
        or isinstance(values, str)
        or not all(isinstance(value, str) for value in values)
    ):
        raise InputError(f"{key} must be a list of texts.")
    return tuple(_whole(value, key) for value in values)


def _whole_numbers(row: Mapping[str, Any], key: str, most: int) -> list[int]:
    values = row.get(key) or ()
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise InputError(f"{key} must be a list of whole numbers from 1 to {most}.")
    return [_whole_number(value, key, most) for value in values]


def _whole_number(value: object, key: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise InputError(f"{key} must hold whole numbers from 1 to {most}, not {value!r}.")
    return value


@dataclass(frozen=True, slots=True)
class ClassifyRequest:
    """A topic as a program asks for its objectives."""

    topic: str
    id: object = None


def classify_request(row: object) -> ClassifyRequest:
    """Check a JSON value and make it a request; fields that aren't known are passed over.

    Raises:
        InputError: It isn't an object, or its topic isn't text with words in it.
    """
    if not isinstance(row, Mapping):
        raise InputError('must be a JSON object such as {"topic": "…"}.')
    topic = _text(row, "topic")
    if not re.search(r"\w", topic):
        raise InputError("topic holds no words; write a few.")
    return ClassifyRequest(topic, row.get("id"))


def classification_row(classification: Classification) -> dict[str, Any]:
    """Turn a classification into the contract's JSON object."""
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
        "elapsed_ms": classification.elapsed_ms,
    }


def answer_row(answer: Answer) -> dict[str, Any]:
    """Turn an answer into the contract's JSON object."""
    return {
        "id": answer.id,
        "question": answer.question,
        "understood_as": answer.understood_as,
        "status": answer.status,
        "answer": answer.answer,
        "hits": [hit_row(hit) for hit in answer.hits],
        "nearest": [hit_row(hit) for hit in answer.nearest],
        "objectives": [_question_objective_row(match) for match in answer.objectives],
        "notice": answer.notice,
        "corpus": answer.corpus,
        "elapsed_ms": answer.elapsed_ms,
    }


def hit_row(hit: Hit) -> dict[str, Any]:
    """Turn a hit into the contract's JSON object; where it is explained, with why it was found."""
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
