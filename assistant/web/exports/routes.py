"""A conversation's questions sent by the page -> a file with their answers: each is asked again, and nothing is kept.

This module knows nothing of what such a file holds.
"""

import asyncio
import datetime
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from assistant.errors import InputError
from assistant.records import OBJECTIVE_COUNT
from assistant.web.app import PRIVATE, Answering, Opening, TooLargeError, read_capped, says_json
from assistant.web.exports.outline import render_markdown
from assistant.web.rendering import MAX_TEXT, Asked, Context, Strings, Turn, ask, context_of, leaning_on

MAX_TURNS = 50  # of a conversation, as many as the page keeps
MAX_CONVERSATION = 300_000  # bytes
_AGAIN = "5"  # seconds after which a client may try again
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_ADDRESS = re.compile(r"[!-~]{1,2000}")


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """A question of a conversation.

    Attributes:
        objectives: Those that the search was narrowed to; none for all passages.
        is_alone: Whether it was asked without regard to the questions before it.
    """

    question: str
    objectives: frozenset[int] = frozenset()
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the page sends.

    Attributes:
        page: The address of the page that shows whole documents, empty where there is none to be used.
    """

    asked: tuple[AskedBefore, ...]
    language: str
    page: str


class _Render(Protocol):
    def __call__(self, turns: Sequence[Turn], context: Context, *, asked_on: datetime.date, page: str) -> bytes: ...


def _markdown_file(turns: Sequence[Turn], context: Context, *, asked_on: datetime.date, page: str) -> bytes:
    return render_markdown(turns, context, asked_on=asked_on, page=page).encode()


def _word_file(turns: Sequence[Turn], context: Context, *, asked_on: datetime.date, page: str) -> bytes:
    from assistant.web.exports.word import render_docx  # here, since the page shouldn't wait for what few ask for

    return render_docx(turns, context, asked_on=asked_on, page=page)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of file."""

    ending: str
    media_type: str
    render: _Render


_KINDS = {
    "docx": _Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _word_file),
    "markdown": _Kind("md", "text/markdown; charset=utf-8", _markdown_file),
}


def add_exports(app: FastAPI, opening: Opening, strings_of: Callable[[str], Strings]) -> None:
    """Give an application the addresses that make files of conversations: POST /export/docx and /export/markdown.

    Args:
        strings_of: The interface's words in a language, by its code; KeyError or FileNotFoundError if there are none.
    """
    turn = asyncio.Semaphore(1)
    for name, kind in _KINDS.items():
        export = _Export(opening, strings_of, kind, turn)
        app.add_api_route(f"/export/{name}", export.take, methods=["POST"], response_model=None)


class _Export:
    """Makes files of one kind, one after the other, so that answers don't have to wait for them."""

    def __init__(
        self, opening: Opening, strings_of: Callable[[str], Strings], kind: _Kind, turn: asyncio.Semaphore
    ) -> None:
        self._opening = opening
        self._strings_of = strings_of
        self._kind = kind
        self._turn = turn

    async def take(self, request: Request) -> Response:
        """Answer a request that brings the questions of a conversation."""
        if not says_json(request):
            return _refusal("Send the questions as application/json.", 415)
        try:
            conversation = read_conversation(await read_capped(request, MAX_CONVERSATION))
            strings = self._strings(conversation.language)
        except TooLargeError:
            return _refusal(f"The conversation is larger than {MAX_CONVERSATION:,} bytes; send fewer questions.", 413)
        except InputError as error:
            return _refusal(str(error), 422)
        assistant = self._opening.assistant
        if assistant is None:
            problem = self._opening.problem or "The documents are being opened; try again in a few seconds."
            self._opening.start()  # again, after a failure
            return _refusal(problem, 503, headers={"Retry-After": _AGAIN})
        async with self._turn:
            return await self._file(conversation, assistant, strings)

    def _strings(self, language: str) -> Strings:
        try:
            return self._strings_of(language)
        except (KeyError, FileNotFoundError) as error:
            raise InputError(f"lang: the interface doesn't speak {language!r}.") from error

    async def _file(self, conversation: Conversation, assistant: Answering, strings: Strings) -> Response:
        turns: list[Turn] = []
        for asked in conversation.asked:
            turns.append(await asyncio.to_thread(_ask_again, asked, turns, assistant))
        today = datetime.datetime.now().astimezone().date()
        context = context_of(assistant, strings)
        content = await asyncio.to_thread(self._kind.render, turns, context, asked_on=today, page=conversation.page)
        name = f"answers-{today.isoformat()}.{self._kind.ending}"
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=self._kind.media_type, headers=headers)


def _ask_again(asked: AskedBefore, turns: Sequence[Turn], assistant: Answering) -> Turn:
    """Ask a question as the page did: what was unclear is no history, and a question is no follow-up to itself."""
    earlier = [turn.question for turn in turns if turn.answer and turn.answer.status != "unclear"]
    history = () if asked.is_alone else leaning_on(earlier, asked.question)
    return ask(Asked(asked.question, history, asked.objectives), assistant, explain=False)


def _refusal(message: str, status: int, *, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": " ".join(message.split())}, status, headers={**PRIVATE, **(headers or {})})


# What the page sends -------------------------------------------------------------------------------------------------


def read_conversation(content: bytes) -> Conversation:
    """Read the questions of a conversation from JSON.

    Raises:
        InputError: It isn't of the form agreed.
    """
    try:
        sent = json.loads(content)
    except (ValueError, RecursionError) as error:  # bad JSON, bad UTF-8, a number or a nesting without end
        raise InputError("The body isn't JSON.") from error
    if not isinstance(sent, dict):
        raise InputError('The body must be an object: {"turns": [...], "lang": "en", "page": "https://..."}.')
    turns, language, page = sent.get("turns"), sent.get("lang", "en"), sent.get("page", "")
    if not isinstance(turns, list) or not 1 <= len(turns) <= MAX_TURNS:
        raise InputError(f"turns: must be a list of 1 to {MAX_TURNS} questions.")
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise InputError('lang: must be the code of a language, for example "fr".')
    if not isinstance(page, str):
        raise InputError("page: must be an address.")
    asked = tuple(_asked(each, f"turns[{i}]") for i, each in enumerate(turns))
    return Conversation(asked, language, page if is_usable_page(page) else "")


def is_usable_page(address: str) -> bool:
    """Whether citations may lead there: http or https, without credentials or a fragment.

    >>> is_usable_page("https://example.org/ask?lang=fr"), is_usable_page("https://me:secret@example.org/")
    (True, False)
    """
    if "#" in address or not _ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port  # looked at, since only then it is checked
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def _asked(sent: object, where: str) -> AskedBefore:
    if not isinstance(sent, dict):
        raise InputError(f'{where}: must be an object: {{"question": "...", "objectives": [], "alone": false}}.')
    question, objectives, is_alone = sent.get("question"), sent.get("objectives", []), sent.get("alone", False)
    if not isinstance(question, str) or not question.strip():
        raise InputError(f"{where}.question: must be a text.")
    if len(question) > MAX_TEXT:
        raise InputError(f"{where}.question: is longer than {MAX_TEXT:,} characters.")
    if not isinstance(objectives, list) or not all(map(_is_objective, objectives)):
        raise InputError(f"{where}.objectives: must be a list of numbers from 1 to {OBJECTIVE_COUNT}.")
    if not isinstance(is_alone, bool):
        raise InputError(f"{where}.alone: must be true or false.")
    # Half of a pair of surrogates is no character, and no model reads it.
    return AskedBefore(question.encode("utf-8", "replace").decode(), frozenset(objectives), is_alone)


def _is_objective(number: object) -> bool:
    return type(number) is int and 1 <= number <= OBJECTIVE_COUNT
