"""Serve the Model Context Protocol (MCP), over HTTP or standard streams, for programs with a language model.

Three tools, `ask`, `classify` and `check`, take and give what POST /api/ask, /api/classify and /api/check do. Over HTTP
nothing is remembered from one message to the next, so that any process can answer any of them, and a page in a browser
may call only from the service's own address. The protocol's library is imported with the first message, since that
takes most of a second.
"""

import asyncio
import contextlib
import json
import logging
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.journeys import NOTHING_KEPT, Kept
from assistant.schema import Answer, Check, Classification, Draft, Question, Topic, read_request, shown
from assistant.web.api.bodies import MAX_BODY, JsonRequest
from assistant.web.api.routes import answer_request, check_request, classify_request
from assistant.web.app import PRIVATE, Answering, Opening, is_own_page, reply_json

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server
    from mcp.types import CallToolRequestParams, CallToolResult

PATH = "/mcp"
_NAME, _TITLE = "ask-the-documents", "Ask the documents"
_VERSION = "1"  # of the tools; it changes when a program would have to
_PARSE_ERROR, _INVALID_REQUEST = -32700, -32600  # JSON-RPC 2.0, section 5.1
_NO_MESSAGE = "Send one message of JSON-RPC 2.0 at a time; this is none, or a list of them."
_FAULT = "The service has a fault; its terminal says which."
_ABOUT = (
    "Answers from documents on migration, in the documents' own words, with the objectives of the Global Compact for "
    "Migration (GCM) that they concern. The documents are in English. Quote what comes back unchanged, and cite it by "
    "`title` and `locator`; what a digest says is our summary, never to be quoted as the document's. Nothing that is "
    "asked is kept."
)
_TAGS = (
    "A tag of a passage is `stated` where the document itself names the objective, and `inferred` where the text only "
    "resembles it."
)
_ASK = (
    "Answer a question from the documents that this service holds. `answer` and the `text` of hits whose `kind` is "
    "`original` are quotations, word for word; nothing is translated or written anew. `answer_kind` is `quotation`; or "
    "`summary` where only a digest answers, which is our own summary of a document: then `answer` is null, and the "
    "first of `hits` holds our words. Never quote a digest as the document: say that it is a summary, and give `url`, "
    "where the original is. `status` is `answered`; or `not_in_documents`, a proper answer: the documents don't say "
    "it, and `nearest` holds passages that come near but don't answer; or `unclear`, for what is no question. A "
    f"question that names a document is answered from that alone. {_TAGS} The documents are in English; ask in "
    "English. Nothing is remembered: for a follow-up, send the earlier questions in `history`."
)
_CLASSIFY = (
    "Rank the 23 objectives of the Global Compact for Migration by how likely a topic falls under each, with the words "
    "that decided, and quote, word for word, what the documents say on the topic (of a hit whose `kind` is `digest`, "
    f"our summary says it); `hits` is empty where they say nothing. The ranking is inferred, never stated. {_TAGS} "
    "Write the topic in English."
)
_CHECK = (
    "Hold the quotations of a draft against the documents, word for word. What stands in quotation marks of any kind "
    "is a quotation, and so is a run of eight words or more that is nearly a document's. `exact` ones may stand; of "
    "`altered` ones `differences` say what was left out, added or changed, and `source` has the document's words; "
    "`absent` ones aren't in these documents. `paragraphs` has the objectives that each likely concerns. Nothing is "
    "kept."
)

_log = logging.getLogger(__name__)


def add_model_context(app: FastAPI, opening: Opening, kept: Kept = NOTHING_KEPT) -> None:
    """Add the route of the tools to an application, before the page is mounted at all other addresses."""
    endpoint = _Endpoint(opening, kept)
    app.router.routes += [Route(path, endpoint, include_in_schema=False) for path in (PATH, f"{PATH}/")]


def serve_standard_streams(opening: Opening) -> None:
    """Serve the tools to the program that started this one, until it closes standard input.

    The documents are opened meanwhile; a tool that is called waits for them.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # else Ctrl-C would wait for a line to be read
    try:
        asyncio.run(_answer_lines(opening))
    except* (BrokenPipeError, anyio.BrokenResourceError):  # the other program has gone
        pass


@contextlib.contextmanager
def gradio_without_mcp() -> Iterator[None]:
    """Keep Gradio from importing mcp for a server of its own, which isn't run here and would delay the start."""
    before = sys.modules.get("mcp")
    sys.modules["mcp"] = None  # type: ignore[assignment]  # makes `import mcp` fail, as if it weren't installed
    try:
        yield
    finally:
        del sys.modules["mcp"]
        if before:
            sys.modules["mcp"] = before


# Messages ------------------------------------------------------------------------------------------------------------


class _Endpoint:
    """The address of the tools; it takes only POST, since there is no session to listen to or to end."""

    def __init__(self, opening: Opening, kept: Kept) -> None:
        self._opening = opening
        self._kept = kept
        self._lock = threading.Lock()
        self._server: Server[Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a message, or say why it is none."""
        request = JsonRequest(scope, receive)
        try:
            _check_sender(request)
            body = await request.body()
            sent = await request.json()
        except ClientDisconnect:
            return
        except HTTPException as error:
            await _refusal(error)(scope, receive, send)
            return
        server = await asyncio.to_thread(self._loaded)  # its first import would keep the others waiting
        if wrong := _error_in(sent, request.headers.get("mcp-protocol-version")):
            await reply_json(wrong, 400)(scope, receive, send)
            return
        await _answer_message(server, scope, _replayed(body, receive), _without_caching(send))

    def _loaded(self) -> "Server[Any]":
        with self._lock:
            if self._server is None:
                self._server = _make_server(self._opening, self._kept)
            return self._server


def _check_sender(request: Request) -> None:
    if request.method != "POST":
        raise HTTPException(405, "Use POST at this address.", {"Allow": "POST"})
    if not is_own_page(request):
        raise HTTPException(403, "A page of another address may not call this one.")


def _error_in(sent: object, version: str | None) -> dict[str, Any] | None:
    """Return the error for a message that the library wouldn't understand or explain; None for one that it answers.

    Args:
        sent: What was sent, as JSON.
        version: The revision of the protocol that its header names.
    """
    from mcp.types import UNSUPPORTED_PROTOCOL_VERSION, jsonrpc_message_adapter
    from mcp.types.version import KNOWN_PROTOCOL_VERSIONS
    from pydantic import ValidationError

    try:
        jsonrpc_message_adapter.validate_python(sent, by_name=False)
    except ValidationError:
        return _error(_INVALID_REQUEST, _NO_MESSAGE)
    if version in (None, *KNOWN_PROTOCOL_VERSIONS):
        return None
    known = {"supported": list(KNOWN_PROTOCOL_VERSIONS), "requested": version}  # by which a client finds another
    said = f"MCP-Protocol-Version: {shown(version)} isn't spoken here; {', '.join(KNOWN_PROTOCOL_VERSIONS)} are."
    return _error(UNSUPPORTED_PROTOCOL_VERSION, said, id=sent.get("id") if isinstance(sent, dict) else None, data=known)


def _error(code: int, message: str, *, id: object = None, **rest: object) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message, **rest}}


def _refusal(error: HTTPException) -> Response:
    """Write a refusal as the protocol does: an error that answers no message."""
    is_unreadable = error.status_code == 422  # the protocol's bad request
    said = _error(_PARSE_ERROR if is_unreadable else _INVALID_REQUEST, str(error.detail))
    return reply_json(said, 400 if is_unreadable else error.status_code, error.headers)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body once more, and then what comes after it."""
    read: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return read.pop() if read else await receive()

    return receive_again


def _without_caching(send: Send) -> Send:
    async def send_without_caching(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(PRIVATE)
        await send(message)

    return send_without_caching


async def _answer_message(server: "Server[Any]", scope: Scope, receive: Receive, send: Send) -> None:
    """Let the library answer one message, by a manager that lives no longer: without sessions it keeps nothing."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings

    # Off, since hosts and origins are checked already.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    manager = StreamableHTTPSessionManager(
        server, json_response=True, stateless=True, security_settings=security, max_request_body_size=MAX_BODY
    )
    async with manager.run():
        await manager.handle_request(scope, receive, send)


async def _answer_lines(opening: Opening) -> None:
    """Let the library answer the messages of standard input; what is none gets an error, which it would leave out."""
    from mcp.server.stdio import stdio_server
    from mcp.shared.message import SessionMessage
    from mcp.types import ErrorData, JSONRPCError

    refusal = JSONRPCError(jsonrpc="2.0", id=None, error=ErrorData(code=_INVALID_REQUEST, message=_NO_MESSAGE))
    pass_on, messages = anyio.create_memory_object_stream[SessionMessage | Exception]()

    async def sort(received: Any, replies: Any) -> None:
        async with pass_on:
            async for each in received:
                await (replies.send(SessionMessage(refusal)) if isinstance(each, Exception) else pass_on.send(each))

    server = _make_server(opening, waits=True)
    async with stdio_server() as (received, replies), anyio.create_task_group() as tasks:
        opening.start()  # not before nothing else can write to standard output
        tasks.start_soon(sort, received, replies)
        await server.run(messages, replies, server.create_initialization_options())


# Tools ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tool:
    """A tool: what it takes and gives, and what runs it."""

    name: str
    title: str
    description: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    run: Callable[[Answering, Any], dict[str, Any]]


_TOOLS: Mapping[str, _Tool] = {
    each.name: each
    for each in (
        _Tool("ask", "Ask the documents", _ASK, Question, Answer, answer_request),
        _Tool("classify", "Which objective?", _CLASSIFY, Topic, Classification, classify_request),
        _Tool("check", "Check my draft", _CHECK, Draft, Check, check_request),
    )
}


def _run(assistant: Answering, tool: _Tool, arguments: Mapping[str, Any]) -> str:
    """Run a tool, and write its result as JSON.

    Raises:
        InputError: Its arguments aren't what it takes.
    """
    row = tool.run(assistant, read_request(tool.takes, arguments))
    # A file's name may hold bytes that are no characters, which the library can't send.
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()


def _make_server(opening: Opening, kept: Kept = NOTHING_KEPT, *, waits: bool = False) -> "Server[Any]":
    """Make the server of the tools; `waits` for the documents to be opened, or says that they aren't yet."""
    from mcp.server.context import ServerRequestContext
    from mcp.server.lowlevel import Server
    from mcp.shared.exceptions import MCPError
    from mcp.types import (
        INVALID_PARAMS,
        CallToolResult,
        ListToolsResult,
        PaginatedRequestParams,
        TextContent,
        Tool,
        ToolAnnotations,
    )

    def said(text: str, **rest: Any) -> CallToolResult:
        return CallToolResult(content=[TextContent(type="text", text=text)], **rest)

    listed = [
        Tool(
            name=each.name,
            title=each.title,
            description=each.description,
            input_schema=each.takes.model_json_schema(),
            output_schema=each.gives.model_json_schema(),
            annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
        )
        for each in _TOOLS.values()
    ]
    tools = {**_TOOLS, "ask": replace(_TOOLS["ask"], run=partial(answer_request, kept=kept))}
    schemas = {each.name: each.input_schema for each in listed}

    async def list_tools(_: ServerRequestContext[Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=listed)

    async def call_tool(_: ServerRequestContext[Any], params: "CallToolRequestParams") -> "CallToolResult":
        tool = tools.get(params.name)
        if tool is None:
            known = ", ".join(_TOOLS)
            raise MCPError(INVALID_PARAMS, f"There is no tool {shown(params.name)!r}; there are {known}.")
        try:
            assistant = await opening.opened() if waits else opening.now()
            answer = await asyncio.to_thread(_run, assistant, tool, params.arguments or {})
        except AssistantError as error:
            return said(" ".join(str(error).split()), is_error=True)
        except Exception as error:  # the library would send and log the message, which may repeat a question
            where = "".join(traceback.format_tb(error.__traceback__))
            _log.error("The tool %s failed with %s at\n%s", tool.name, type(error).__name__, where)
            return said(_FAULT, is_error=True)
        return said(answer, structured_content=json.loads(answer))

    server = Server[Any](
        _NAME,
        version=_VERSION,
        title=_TITLE,
        instructions=_ABOUT,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        get_tool_input_schema=schemas.get,
    )
    server.middleware.clear()  # the library's telemetry
    return server
