"""Make a file of a conversation: the page sends its questions, each is asked again, and nothing is kept."""

import asyncio
import datetime
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.errors import AssistantError, InputError
from assistant.schema import ObjectiveNumber
from assistant.settings import MAX_QUESTION
from assistant.web.app import PRIVATE, Answering, Opening, TooLargeError, read_capped, refuse, says_json
from assistant.web.exports.outline import render_markdown
from assistant.web.rendering import Asked, Context, Strings, Turn, ask, context_of, leaning_on

MAX_TURNS = 50  # as many as the page keeps
MAX_CONVERSATION = 300_000  # bytes
_AGAIN = "5"  # seconds after which to try again
_ADDRESS = re.compile(r"[!-~]{1,2000}")


# What the page sends -------------------------------------------------------------------------------------------------


def _with_whole_characters(text: object) -> object:
    """Replace halves of characters, which a script may send and no model reads."""
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else text


class _EarlierQuestion(BaseModel):
    model_config = ConfigDict(strict=True)

    question: Annotated[str, Field(max_length=MAX_QUESTION, pattern=r"\S"), BeforeValidator(_with_whole_characters)]
    objectives: list[ObjectiveNumber] = []  # those that the search was narrowed to
    documents: list[str] = []  # likewise, by id
    alone: bool = False  # whether it was asked without regard to the questions before it


class _Conversation(BaseModel):
    model_config = ConfigDict(strict=True)

    turns: Annotated[list[_EarlierQuestion], Field(min_length=1, max_length=MAX_TURNS)]
    lang: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "en"
    page: str = ""  # the address of the page that shows whole documents


def _read_conversation(content: bytes) -> _Conversation:
    try:
        return _Conversation.model_validate(json.loads(content))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InputError(f"{'.'.join(map(str, first['loc'])) or 'The body'}: {first['msg']}.") from None
    except (ValueError, RecursionError):  # bad JSON, bad UTF-8, a number or a nesting without end
        raise InputError("The body isn't JSON.") from None


# The files ------------------------------------------------------------------------------------------------------------


def _markdown_file(turns: Sequence[Turn], context: Context, *, asked_on: datetime.date, page: str) -> bytes:
    return render_markdown(turns, context, asked_on=asked_on, page=page).encode()


def _word_file(turns: Sequence[Turn], context: Context, *, asked_on: datetime.date, page: str) -> bytes:
    from assistant.web.exports.word import render_docx  # few ask for it

    return render_docx(turns, context, asked_on=asked_on, page=page)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of file."""

    ending: str
    media_type: str
    render: Callable[..., bytes]


_KINDS = {
    "docx": _Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _word_file),
    "markdown": _Kind("md", "text/markdown; charset=utf-8", _markdown_file),
}


def add_exports(app: FastAPI, opening: Opening, strings_of: Callable[[str], Strings]) -> None:
    """Add POST /export/docx and /export/markdown to an application.

    Files are made one at a time, so that answers don't wait for them.
    """
    turn = asyncio.Semaphore(1)

    async def take(name: str, request: Request) -> Response:
        if not says_json(request):
            return refuse("Send the questions as application/json.", 415)
        try:
            conversation = _read_conversation(await read_capped(request, MAX_CONVERSATION))
        except TooLargeError:
            return refuse(f"The conversation is larger than {MAX_CONVERSATION:,} bytes; send fewer questions.", 413)
        except InputError as error:
            return refuse(str(error), 422)
        try:
            assistant = opening.now()
        except AssistantError as error:
            return refuse(str(error), 503, {"Retry-After": _AGAIN})
        async with turn:
            return await _file(_KINDS[name], conversation, assistant, strings_of(conversation.lang))

    for name in _KINDS:
        app.add_api_route(f"/export/{name}", partial(take, name), methods=["POST"], response_model=None)


async def _file(kind: _Kind, conversation: _Conversation, assistant: Answering, strings: Strings) -> Response:
    turns: list[Turn] = []
    for sent in conversation.turns:
        turns.append(await asyncio.to_thread(_ask_again, sent, turns, assistant))
    today = datetime.datetime.now().astimezone().date()
    page = conversation.page if is_usable_page(conversation.page) else ""
    content = await asyncio.to_thread(kind.render, turns, context_of(assistant, strings), asked_on=today, page=page)
    disposition = f'attachment; filename="answers-{today.isoformat()}.{kind.ending}"'
    return Response(content, media_type=kind.media_type, headers={**PRIVATE, "Content-Disposition": disposition})


def _ask_again(sent: _EarlierQuestion, turns: Sequence[Turn], assistant: Answering) -> Turn:
    """Ask a question as the page did: unclear questions are no history, and none follows up on itself."""
    earlier = [turn.question for turn in turns if turn.answer and turn.answer.status != "unclear"]
    history = () if sent.alone else leaning_on(earlier, sent.question)
    narrowed = frozenset(sent.objectives), frozenset(sent.documents)
    return ask(Asked(sent.question, history, narrowed[0], documents=narrowed[1]), assistant, explain=False)


def is_usable_page(address: str) -> bool:
    """Return whether citations may lead to an address: http or https, without credentials or a fragment.

    >>> is_usable_page("https://example.org/ask?lang=fr"), is_usable_page("https://me:secret@example.org/")
    (True, False)
    """
    if "#" in address or not _ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port  # checked only when it is read
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
