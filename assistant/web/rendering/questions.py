"""A page's question: read from what was sent, and answered.

Nothing that is asked is stored, unless the operator keeps a log. The conversation is its browser's: every question
comes with the earlier ones that it may refer to.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from assistant.errors import AssistantError, InputError
from assistant.journeys import NOTHING_KEPT, Kept
from assistant.records import OBJECTIVE_COUNT, Answer
from assistant.settings import MAX_QUESTION
from assistant.web.app import Answering, Opening, TooLargeError, read_capped, says_json
from assistant.web.rendering.strings import LANGUAGES, language_of

MAX_TURN = 64 * 1024  # bytes of a question with what goes with it
_HISTORY = 10  # earlier questions that help to understand a new one
_MAX_NUMBER = 10_000  # of a turn in its conversation


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, or with the problem that kept it from being answered.

    Attributes:
        objectives: Those that the search was narrowed to; none for all passages.
        documents: Likewise, by id.
    """

    question: str
    answer: Answer | None = None
    problem: str = ""
    objectives: frozenset[int] = frozenset()
    documents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a page sends it.

    Attributes:
        history: The earlier questions that it may refer to, oldest first.
        objectives: Those that the search is narrowed to; none for all passages.
        language: That of the interface, one of LANGUAGES.
        number: Its place in the conversation, from 1.
        documents: Those that the search is narrowed to, by id; none for all.
    """

    question: str
    history: tuple[str, ...] = ()
    objectives: frozenset[int] = frozenset()
    language: str = LANGUAGES[0]
    number: int = 1
    documents: frozenset[str] = frozenset()


def read_asked(sent: object) -> Asked:
    """Read what was sent as JSON: question, and if need be history, objectives, documents, lang, number.

    Raises:
        InputError: A field is missing or wrong; the message names it.
    """
    if not isinstance(sent, Mapping):
        raise InputError("Send a JSON object.")
    question = as_text(_text(sent.get("question"), "question"))
    if not question:
        raise InputError("question: send some text.")
    earlier = [as_text(_text(each, "history")) for each in _list(sent.get("history"), "history")]
    objectives = [_whole(each, "objectives", OBJECTIVE_COUNT) for each in _list(sent.get("objectives"), "objectives")]
    return Asked(
        question,
        history=leaning_on(earlier, question),
        objectives=frozenset(objectives),
        language=language_of(_text(sent.get("lang", ""), "lang")) or LANGUAGES[0],
        number=_whole(sent.get("number", 1), "number", _MAX_NUMBER),
        documents=frozenset(_text(each, "documents") for each in _list(sent.get("documents"), "documents")),
    )


class UnaskedError(Exception):
    """A request that no page of ours sends."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def received(request: Request) -> Asked:
    """Read the question that a request brings.

    Raises:
        UnaskedError: It brings none; the message says why.
    """
    if not says_json(request):
        raise UnaskedError(415, "Send the question as application/json.")
    try:
        return read_asked(json.loads(await read_capped(request, MAX_TURN)))
    except TooLargeError:
        said = f"The question and what goes with it are larger than {MAX_TURN // 1024} kB."
        raise UnaskedError(413, said) from None
    except InputError as error:
        raise UnaskedError(422, str(error)) from error
    except (ValueError, RecursionError):
        raise UnaskedError(422, "That is no JSON.") from None


async def turn_of(asked: Asked, opening: Opening, kept: Kept = NOTHING_KEPT) -> Turn:
    """Answer a question as soon as the documents are open; a problem becomes part of the turn.

    Args:
        kept: Where the operator keeps something of what is asked.
    """
    try:
        assistant = await opening.opened()
    except AssistantError as error:
        return _problem(asked, error)
    return await asyncio.to_thread(ask, asked, assistant, kept=kept)


def ask(asked: Asked, assistant: Answering, *, kept: Kept = NOTHING_KEPT, explain: bool = True) -> Turn:
    """Answer a question; a problem becomes part of the turn.

    Args:
        kept: Where the operator keeps something of what is asked.
        explain: Whether to say of each passage why it was found.
    """
    try:
        answer = assistant.ask(
            asked.question,
            history=asked.history,
            objectives=asked.objectives,
            documents=asked.documents,
            explain=explain,
        )
        kept.add(asked.question, answer)
    except AssistantError as error:
        return _problem(asked, error)
    return Turn(asked.question, answer, objectives=asked.objectives, documents=asked.documents)


def _problem(asked: Asked, error: AssistantError) -> Turn:
    return Turn(asked.question, problem=str(error), objectives=asked.objectives, documents=asked.documents)


def leaning_on(earlier: Sequence[str], question: str) -> tuple[str, ...]:
    """Return the earlier questions that a question may refer to; not itself, where it is asked again."""
    return tuple(each for each in earlier if each not in ("", question))[-_HISTORY:]


def as_text(sent: str) -> str:
    """Trim a text that a browser sent, and replace a lone surrogate, which no answer could carry back."""
    return sent.encode("utf-8", "replace").decode().strip()[:MAX_QUESTION]


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{name}: send text.")
    return value


def _list(value: object, name: str) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{name}: send a list.")
    return value


def _whole(value: object, name: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise InputError(f"{name}: send whole numbers from 1 to {most}.")
    return value
