"""The addresses of the pages that lay texts side by side: /draft, /subject, and their stylesheet."""

import asyncio
import datetime
from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from assistant.errors import AssistantError, InputError
from assistant.web.app import PRIVATE, Opening, following_device, read_static
from assistant.web.comparisons.drafts import read_draft, render_draft
from assistant.web.comparisons.subjects import render_subject, rows_of, silent_of
from assistant.web.exports import commented_docx, subject_docx, subject_markdown
from assistant.web.rendering import Strings, as_text, context_of, language_of, negotiate, render_problem

MAX_DRAFT_FORM = 3_500_000  # bytes of what the page sends
_MAX_DRAFT_MEGABYTES = 3
STYLE = "comparisons.css"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

StringsOf = Callable[[str], Strings]


def add_comparisons(app: FastAPI, opening: Opening, strings_of: StringsOf) -> None:
    """Add the pages to an application."""
    pages = _Pages(opening, strings_of)
    for path, endpoint, methods in (
        ("/draft", pages.form, ["GET", "HEAD"]),
        ("/draft", pages.draft, ["POST"]),
        ("/subject", pages.subject, ["GET", "HEAD"]),
        (f"/{STYLE}", pages.style, ["GET", "HEAD"]),
    ):
        app.add_api_route(path, endpoint, methods=methods, response_model=None, include_in_schema=False)


class _Pages:
    """The handlers."""

    def __init__(self, opening: Opening, strings_of: StringsOf) -> None:
        self._opening = opening
        self._strings_of = strings_of
        files = ("style.css", "objectives.css", STYLE)
        self._style = following_device(read_static(*files))

    def _strings(self, request: Request, lang: str) -> Strings:
        return self._strings_of(language_of(lang) or negotiate(request.headers.get("accept-language", "")))

    async def style(self) -> Response:
        """Send the stylesheet."""
        return Response(self._style, media_type="text/css", headers={"Cache-Control": "no-cache"})

    async def form(self, request: Request, lang: str = "") -> Response:
        """Send the page with an empty box."""
        return _page(render_draft(self._strings(request, lang), style=STYLE))

    async def draft(self, request: Request) -> Response:
        """Check what was sent: a text or a file."""
        try:
            form = await request.form(max_files=1, max_fields=4, max_part_size=MAX_DRAFT_FORM)
        except HTTPException as error:
            return _page(self._problem(request, str(error.detail)), 422)
        strings = self._strings(request, str(form.get("lang", "")))
        text, sent = form.get("text"), form.get("file")
        text = text.replace("\r\n", "\n") if isinstance(text, str) else ""
        try:
            if isinstance(sent, UploadFile) and sent.filename:
                content = await sent.read()
                if len(content) > _MAX_DRAFT_MEGABYTES * 1024 * 1024:
                    raise InputError(strings.text("draft.too_large", megabytes=_MAX_DRAFT_MEGABYTES))
                text = await asyncio.to_thread(read_draft, sent.filename, content)
            if not text.strip():
                raise InputError(strings.text("draft.empty"))
            assistant = await self._opening.opened()
            checked = await asyncio.to_thread(assistant.check, text)
        except AssistantError as error:
            return _page(render_draft(strings, style=STYLE, text=text, problem=str(error)), 422)
        if form.get("as") == "docx":
            content = await asyncio.to_thread(commented_docx, checked, strings)
            return _file(content, f"draft-{_today()}.docx", _WORD)
        return _page(await asyncio.to_thread(lambda: render_draft(strings, style=STYLE, text=text, checked=checked)))

    def _problem(self, request: Request, problem: str) -> str:
        return render_draft(self._strings(request, ""), style=STYLE, problem=problem)

    async def subject(self, request: Request, q: str = "", lang: str = "") -> Response:
        """Send what each document says on a question."""
        question, strings = as_text(q), self._strings(request, lang)
        kind = request.query_params.get("as", "page")
        try:
            assistant = await self._opening.opened()
            answers = await asyncio.to_thread(assistant.in_all_documents, question) if question else {}
        except AssistantError as error:
            return _page(render_problem(strings.text("problem"), str(error), id="subject-problem", level=1), 503)
        context = context_of(assistant, strings)
        if kind == "page":
            return _page(render_subject(question, answers, context, style=STYLE))
        rows, silent = rows_of(answers, context), silent_of(answers, context)
        if kind == "docx":
            content = await asyncio.to_thread(subject_docx, question, rows, silent, strings)
            return _file(content, f"subject-{_today()}.docx", _WORD)
        content = subject_markdown(question, rows, silent, strings).encode()
        return _file(content, f"subject-{_today()}.md", "text/markdown; charset=utf-8")


def _today() -> str:
    return datetime.datetime.now().astimezone().date().isoformat()


def _page(html: str, status: int = 200) -> Response:
    headers = {**PRIVATE, "Content-Security-Policy": PAGE_POLICY, "Referrer-Policy": "no-referrer"}
    return Response(html, status, headers, media_type="text/html")


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
