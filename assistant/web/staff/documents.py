"""Let staff add, replace and retire documents, each looked at before it goes live: /staff/documents.

The pages are the server's own and need no script. A form is taken from a page of this very address alone.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from assistant.errors import AssistantError, InputError
from assistant.journeys import MAX_UPLOAD, Holdings, Waiting, corpus_state
from assistant.records import Source
from assistant.web.app import PRIVATE, Answering, Opening, is_own_page
from assistant.web.comparisons import PAGE_POLICY, STYLE
from assistant.web.page import language_for
from assistant.web.rendering import Strings, cite_briefly, language_of, render

MAX_UPLOAD_FORM = MAX_UPLOAD + 65_536  # bytes of what the page sends: a file, and what goes with it
_MOST_SHOWN = 400  # paragraphs of a document that is looked at; more is a long page
_LOOK_AGAIN = 3  # seconds until the page is asked for again while the index is refreshed
_DONE = ("added", "dropped", "retired")
_HEADERS = {
    **PRIVATE,
    "Content-Security-Policy": PAGE_POLICY,
    "Referrer-Policy": "same-origin",  # else a browser wouldn't say that a form is the page's own
}


def add_documents(app: FastAPI, opening: Opening, strings_of: Callable[[str], Strings], holdings: Holdings) -> None:
    """Give an application the pages; the caller sees to it that a password is asked for."""
    pages = _Pages(opening, strings_of, holdings)
    for path, handler, methods in (
        ("/staff/documents", pages.listing, ["GET", "HEAD"]),
        ("/staff/documents", pages.proposal, ["POST"]),
        ("/staff/decision", pages.decision, ["POST"]),
        ("/staff/retirement", pages.retirement, ["POST"]),
    ):
        app.add_api_route(path, handler, methods=methods, response_model=None, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Row:
    """A document of the folder, as the page lists it: its source, and whether questions are answered from it."""

    source: Source
    is_live: bool


class _Pages:
    """The handlers of the pages; what reads files runs in a thread."""

    def __init__(self, opening: Opening, strings_of: Callable[[str], Strings], holdings: Holdings) -> None:
        self._opening = opening
        self._strings_of = strings_of
        self._holdings = holdings

    async def listing(self, request: Request) -> Response:
        """Send the list of the documents, with the forms that change them."""
        return await self._listing(request, done=request.query_params.get("done", ""))

    async def proposal(self, request: Request) -> Response:
        """Read a file that was sent, and show what was read of it."""
        try:
            form = await _form(request)
            sent, replaces = form.get("file"), str(form.get("replaces", ""))
            if not isinstance(sent, UploadFile) or not sent.filename:
                raise InputError(self._strings(request, form).text("upload.no_file"))
            content = await sent.read()
            await form.close()
            known = tuple(self._opening.assistant.documents.values()) if self._opening.assistant else ()
            waiting = await asyncio.to_thread(
                self._holdings.propose, sent.filename, content, replaces=replaces, known=known
            )
        except _LargeError:
            said = self._strings(request).text("upload.large", megabytes=MAX_UPLOAD // 1_000_000)
            return await self._listing(request, problem=said, status=413)
        except AssistantError as error:
            return await self._listing(request, problem=str(error), status=422)
        return _page(self._preview(self._strings(request, form), waiting))

    async def decision(self, request: Request) -> Response:
        """Put a file that waits among the documents, or drop it."""
        return await self._done(request, self._decide)

    async def retirement(self, request: Request) -> Response:
        """Retire a document."""
        return await self._done(request, lambda form: (self._holdings.retire(str(form.get("id", ""))), "retired")[1])

    def _decide(self, form: FormData) -> str:
        token = str(form.get("token", ""))
        if form.get("decision") != "live":
            self._holdings.discard(token)
            return "dropped"
        self._holdings.accept(token, replaces=str(form.get("replaces", "")))
        return "added"

    async def _done(self, request: Request, change: Callable[[FormData], str]) -> Response:
        """Change something, and go on with the list, so that nothing is sent twice."""
        try:
            form = await _form(request)
            done = await asyncio.to_thread(change, form)
        except AssistantError as error:
            return await self._listing(request, problem=str(error), status=422)
        query = urlencode({"done": done, "lang": self._strings(request, form).language})
        return RedirectResponse(f"documents?{query}", 303, PRIVATE)

    async def _listing(self, request: Request, *, done: str = "", problem: str = "", status: int = 200) -> Response:
        assistant, trouble = self._opening.assistant, self._opening.problem or self._opening.stale
        try:
            rows, is_pending = await asyncio.to_thread(self._rows, assistant)
        except AssistantError as error:
            rows, is_pending, problem = [], False, problem or str(error)
        html = render(
            "staff/documents.html",
            strings=self._strings(request),
            root="../",
            style=STYLE,
            rows=rows,
            done=done if done in _DONE else "",
            problem=problem,
            trouble=trouble,
            refresh=_LOOK_AGAIN if is_pending and not (problem or trouble) else 0,
            is_pending=is_pending,
            megabytes=MAX_UPLOAD // 1_000_000,
        )
        return _page(html, status)

    def _rows(self, assistant: Answering | None) -> tuple[list[_Row], bool]:
        """List the documents of the folder; and return whether its state isn't yet that which is answered from."""
        state, _ = corpus_state(self._holdings.folder, ocr=self._holdings.ocr)
        live = assistant.documents if assistant else {}
        rows = [
            _Row(live[each.id].source if each.id in live else each, each.id in live)
            for each in self._holdings.sources()
        ]
        return rows, assistant is None or assistant.corpus_hash != state

    def _preview(self, strings: Strings, waiting: Waiting) -> str:
        document = waiting.document
        shown = [
            (cite_briefly(document.source, each.locator, strings), document.text[each.start : each.end])
            for each in document.paragraphs[:_MOST_SHOWN]
        ]
        return render(
            "staff/preview.html",
            strings=strings,
            root="../",
            style=STYLE,
            waiting=waiting,
            source=document.source,
            count=len(document.paragraphs),
            more=len(document.paragraphs) - len(shown),
            shown=shown,
        )

    def _strings(self, request: Request, form: FormData | None = None) -> Strings:
        sent = language_of(str(form.get("lang", ""))) if form else ""
        return self._strings_of(sent or language_for(request.scope))


class _LargeError(AssistantError):
    """A form that is too large."""


async def _form(request: Request) -> FormData:
    """Read a form of a page of ours.

    Raises:
        HTTPException: It is another page's.
        _LargeError: It is too large.
        InputError: It isn't a form.
    """
    if not is_own_page(request):
        raise HTTPException(403, "A page of another address may not send this.")
    content = bytearray()
    async for block in request.stream():
        if len(content) <= MAX_UPLOAD_FORM:
            content += block  # of more, the rest is let pass: a browser shows no answer before it has sent all
    if len(content) > MAX_UPLOAD_FORM:
        raise _LargeError

    async def stream() -> AsyncGenerator[bytes, None]:
        yield bytes(content)

    try:
        return await MultiPartParser(request.headers, stream(), max_files=1, max_fields=4, max_part_size=65_536).parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise InputError("That is no form of this page.") from error


def _page(html: str, status: int = 200) -> Response:
    return Response(html, status, _HEADERS, media_type="text/html")
