"""The page as the server writes it: whole and usable without a script, in one answer with its styles.

With scripts, the same page goes on in the browser; every address here is also a place that its script knows.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, unquote, urlencode

import gradio as gr
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.types import Scope

from assistant.records import OBJECTIVE_COUNT
from assistant.settings import MAX_QUESTION
from assistant.web.app import (
    FOR_EVER,
    PRIVATE,
    Opening,
    StaticFile,
    following_device,
    page_policy,
    read_picture,
    read_static,
    reply_json,
    shortened_style,
    unindented,
)
from assistant.web.page.library import Library
from assistant.web.page.page import spoken_config
from assistant.web.page.places import PLACES
from assistant.web.page.sheets import MAX_ROWS, SHEET_MEGABYTES
from assistant.web.page.topics import Topics
from assistant.web.page.turns import Turns
from assistant.web.rendering import (
    Asked,
    Example,
    Strings,
    as_text,
    chosen_numbers,
    language_of,
    negotiate,
    render,
    render_choice,
    render_filter,
    render_getting_ready,
    render_problem,
    render_searched,
)

_STYLES = ("style.css", "objectives.css", "reader.css", "comparisons.css")
_SCRIPTS = ("page.js", "objectives.js", "reader.js")
_EARLY = unindented(read_static("early.js"))
_WITHOUT_SCRIPT = ".with-script{display:none!important}"
_WORKER_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"  # of what it fetches itself
_YEAR = 365 * 24 * 3600  # seconds
_MOST_CHOSEN = 100  # documents that a question is narrowed to by hand
_ALL = range(1, OBJECTIVE_COUNT + 1)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the service that fill the page."""

    turns: Turns
    topics: Topics
    library: Library
    gradio: gr.Blocks
    examples: Sequence[Example] = ()


class Shell:
    """The handlers of the page's addresses."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._opening: Opening = parts.turns.opening
        self._strings_of: Callable[[str], Strings] = parts.turns.strings_of
        self._style = shortened_style(following_device(read_static(*_STYLES)))
        script = unindented(read_static(*_SCRIPTS)).encode()
        self.files = {
            "page.js": StaticFile(script, "text/javascript"),
            "sheets.js": StaticFile(unindented(read_static("sheets.js")).encode(), "text/javascript"),
            "icon.svg": StaticFile(read_static("icon.svg").encode(), "image/svg+xml"),
            "icon.png": StaticFile(read_picture("icon.png"), "image/png"),
            "card.png": StaticFile(read_picture("card.png"), "image/png"),
        }
        self._headers = {
            "Cache-Control": "private, no-cache",  # it depends on the visitor's language
            "Content-Security-Policy": page_policy(scripts=[_EARLY], styles=[self._style, _WITHOUT_SCRIPT]),
        }
        self._worker = StaticFile(
            read_static("worker.js").replace("__VERSION__", self.files["page.js"].version).encode(), "text/javascript"
        )

    async def ask(self, request: Request) -> Response:
        """Send the page, with the answer to the question that its address asks."""
        language = self._language(request)
        if (chosen := request.query_params.get("language")) is not None:
            return _keep_language(request, chosen)
        question, turn = as_text(request.query_params.get("q", "")), ""
        numbers = chosen_numbers(",".join(request.query_params.getlist("objective")), _ALL)
        documents = frozenset(request.query_params.getlist("document"))
        if question and self._is_settled():
            asked = Asked(question, objectives=numbers, language=language, documents=documents)
            turn = await self._parts.turns.answer(asked)
        return self._page(request, "", turn=turn, question=question, chosen=numbers, documents=documents)

    async def objective(self, request: Request) -> Response:
        """Send the place "Which objective?", with the ranking of a topic, or the passages of a cell."""
        language = self._language(request)
        address, *cell = _path_of(request)
        topic, ranking = as_text(request.query_params.get("topic", "")), ""
        if topic and self._is_settled():
            ranking = await self._parts.topics.rank(topic, language)
        passages = self._parts.topics.cell(cell[0], "/".join(cell[1:]), language) if cell else ""
        table = self._parts.topics.coverage(language, *_list_page(request)) if address == "coverage" else ""
        return self._page(request, address, topic=topic, ranking=ranking, cell=passages, coverage=table)

    async def documents(self, request: Request) -> Response:
        """Send the place "Documents", with the list or one document in full."""
        strings = self._strings_of(self._language(request))
        _, id, _, marks, *_ = *_path_of(request), "", "", ""
        document = self._parts.library.written(strings, id, marks) if id else None
        status = 404 if id and document is None and self._opening.assistant else 200
        if status == 404:
            document = render("documents/unknown.html", strings=strings)
        listed = self._parts.library.listed(strings, *_list_page(request))
        return self._page(request, "documents", status=status, library=listed or "", document=document or "")

    def parts(self, lang: str = "") -> Response:
        """Send what an open page waits for while the documents are being opened."""
        strings = self._strings_of(language_of(lang))
        return reply_json(self._waited_for(strings))

    def choice(self, lang: str = "", find: str = "", document: Annotated[Sequence[str], Query()] = ()) -> Response:
        """Send the choice of documents: those that are chosen, and those that were searched for."""
        strings, assistant = self._strings_of(language_of(lang)), self._opening.assistant
        if assistant is None:
            return Response("", headers=PRIVATE, media_type="text/html")
        sources = [each.source for each in assistant.documents.values()]
        html = render_choice(sources, strings, find=find, chosen=document[:_MOST_CHOSEN])
        return Response(html, headers=PRIVATE, media_type="text/html")

    def gradio(self, lang: str = "") -> Response:
        """Send what Gradio's script needs to set its part up."""
        strings = self._strings_of(language_of(lang))
        return reply_json(
            {"config": spoken_config(self._parts.gradio, strings), **_gradio_files()},
            headers={"Cache-Control": "no-cache"},
        )

    def manifest(self, request: Request) -> Response:
        """Send what an installed page is called, and how it looks."""
        strings = self._strings_of(self._language(request))
        row = json.loads(render("page/manifest.json", strings=strings, files=self._versions()))
        return reply_json(row, headers={"Cache-Control": "no-cache"})

    def worker(self, request: Request) -> Response:
        """Send the script that keeps the page for times without a network."""
        return self._worker.answer(request, {"Cache-Control": "no-cache", "Content-Security-Policy": _WORKER_POLICY})

    def file(self, request: Request, name: str) -> Response:
        """Send one of the page's files; a changed one has another address."""
        file = self.files.get(name)
        return file.answer(request, {"Cache-Control": FOR_EVER}) if file else Response(status_code=404)

    def _is_settled(self) -> bool:
        """Return whether a question can be answered, or refused, at once; else begin to open the documents."""
        if self._opening.assistant is None and not self._opening.problem:
            self._opening.start()
            return False
        return True

    def _language(self, request: Request) -> str:
        return language_for(request.scope)

    def _waited_for(self, strings: Strings) -> Mapping[str, str]:
        if assistant := self._opening.assistant:
            searched = render_searched(assistant.sources, strings, languages=assistant.languages)
            sources = [each.source for each in assistant.documents.values()]
            choice = render_filter(assistant.objectives, strings, sources=sources)
            return {"readiness": "", "filter": choice, "searched": searched}
        if problem := self._opening.problem:
            said = render_problem(strings.text("problem"), problem, id="cannot-open", level=2)
        else:
            said = render_getting_ready(self._opening.progress, strings)
        return {"readiness": said, "filter": "", "searched": ""}

    def _versions(self) -> Mapping[str, str]:
        return {name: f"page/{name}?v={file.version}" for name, file in self.files.items()}

    def _page(self, request: Request, address: str, *, status: int = 200, **shown: Any) -> Response:
        strings = self._strings_of(self._language(request))
        if assistant := self._opening.assistant:  # who reads a language will ask in it
            self._parts.turns.suggestions.questions(assistant, strings)
        path = "/".join(_path_of(request, is_quoted=True))
        place = next(each for each in PLACES if address in each.addresses)
        values = dict.fromkeys(("turn", "question", "topic", "ranking", "cell", "coverage", "library", "document"), "")
        html = render(
            "page/page.html",
            strings=strings,
            context=self._parts.turns.context(strings.language),
            places=PLACES,
            place=place.name,
            label=place.label,
            address=address,
            base="../" * path.count("/"),
            here=path + (f"?{request.url.query}" if request.url.query else ""),
            lang=strings.language if language_of(request.query_params.get("lang", "")) else "",
            origin=str(request.base_url),
            files=self._versions(),
            style=self._style,
            style_without_script=_WITHOUT_SCRIPT,
            early=_EARLY,
            examples=self._parts.examples,
            most_characters=MAX_QUESTION,
            most_rows=MAX_ROWS,
            megabytes=SHEET_MEGABYTES,
            **{**values, "chosen": frozenset(), "documents": frozenset(), **self._waited_for(strings), **shown},
        )
        return Response(html, status, self._headers, media_type="text/html")


def add_shell(app: FastAPI, parts: Parts) -> None:
    """Give an application the page, its files, and the addresses that its script asks."""
    shell = Shell(parts)
    handlers: Mapping[str, Callable[..., Any]] = {
        "/": shell.ask,
        "/documents": shell.documents,
        "/documents/{rest:path}": shell.documents,
        "/objective": shell.objective,
        "/many": shell.objective,
        "/coverage": shell.objective,
        "/coverage/{rest:path}": shell.objective,
        "/parts": shell.parts,
        "/parts/documents": shell.choice,
        "/gradio.json": shell.gradio,
        "/manifest.webmanifest": shell.manifest,
        "/worker.js": shell.worker,
        "/page/{name}": shell.file,
    }
    for path, handler in handlers.items():
        app.add_api_route(path, handler, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/turn", parts.turns.answer_request, methods=["POST"], response_model=None)


def language_for(scope: Scope) -> str:
    """Choose the language for a request: its address's `lang`, else its cookie `language`, else `Accept-Language`."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]
    try:
        cookie = SimpleCookie(headers.get(b"cookie", "")).get("language")
    except CookieError:
        cookie = None
    chosen = language_of(asked) or language_of(cookie.value if cookie else "")
    return chosen or negotiate(headers.get(b"accept-language", ""))


def _list_page(request: Request) -> tuple[str, str]:
    """Return what of a list of documents a request asks for: words to find, and the number of a page."""
    return request.query_params.get("find", ""), request.query_params.get("page", "")


def _keep_language(request: Request, chosen: str) -> Response:
    """Go on in the language that was chosen by hand, and keep it for later."""
    rest = [(name, value) for name, value in request.query_params.multi_items() if name not in ("language", "lang")]
    reply = RedirectResponse(f"{request.base_url}{f'?{urlencode(rest)}' if rest else ''}", 303, PRIVATE)
    if language := language_of(chosen):
        reply.set_cookie(
            "language", language, max_age=_YEAR, samesite="lax", path=request.scope.get("root_path") or "/"
        )
    return reply


def _path_of(request: Request, *, is_quoted: bool = False) -> list[str]:
    """Return the parts of a request's path below the page's own: an id with a slash is one part."""
    raw = (request.scope.get("raw_path") or request.scope["path"].encode()).decode("latin-1").partition("?")[0]
    below = raw.removeprefix(request.scope.get("root_path", "")).lstrip("/")
    return [part if is_quoted else unquote(part) for part in below.split("/")]


@cache
def _gradio_files() -> Mapping[str, str]:
    """Return the addresses of Gradio's first script and style, as its own page names them."""
    html = (Path(gr.__file__).parent / "templates/frontend/index.html").read_text(encoding="utf-8")
    script = re.search(r'type="module"[^>]{0,200}src="\./([^"]+)"', html)
    style = re.search(r'rel="stylesheet"[^>]{0,200}href="\./([^"]+)"', html)
    return {"script": script[1] if script else "", "style": style[1] if style else ""}
