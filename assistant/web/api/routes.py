"""Answer programs over HTTP with the contract's JSON, or with one line that says why not.

A refusal is `{"error": "objectives: 99 isn't from 1 to 23."}`. Nothing that is asked is stored.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from assistant.errors import AssistantError, InputError
from assistant.journeys import NOTHING_KEPT, Kept, answer_row, check_row, classification_row
from assistant.records import THIS_ROUND_TABLE, Document, Objective, Source
from assistant.schema import (
    MAX_PAGE,
    MAX_PAGE_SIZE,
    Answer,
    Check,
    Classification,
    Draft,
    Question,
    Topic,
    explain_errors,
    shown,
)
from assistant.web.api import schema
from assistant.web.api.bodies import JsonRequest
from assistant.web.api.openapi import describe, docs_routes, operation
from assistant.web.api.suggestions import Suggestions
from assistant.web.app import Answering, Opening, page_of, refuse, reply_json
from assistant.web.rendering import as_text, language_of, read_strings

_DOCUMENT = "/api/documents/{id:anything}"
_SOON, _LATER = 1, 5  # seconds until a program may ask again: while opening, after a failure
_OF_SOURCE = ("id", "title", "kind", "type", "publisher", "date", "symbol", "address", "language")
_OF_PARAGRAPH = ("locator", "heading", "start", "end", "anchor")


class _Anything(StringConvertor):
    """The rest of an address, whatever it holds: a document's id may have slashes and ends of lines."""

    regex = r"[\s\S]*"


register_url_convertor("anything", _Anything())


def add_api(app: FastAPI, opening: Opening, suggestions: Suggestions | None = None, kept: Kept = NOTHING_KEPT) -> None:
    """Give an application the addresses of the programming interface, its description and the page that shows it."""
    api = _Api(opening, suggestions or Suggestions(()), kept)
    router = APIRouter(route_class=_ApiRoute)
    sent, read = (408, 413, 415, 422, 429, 503, 504), (503,)
    router.add_api_route("/api/ask", api.ask, **operation(api.ask, Answer, sent))
    router.add_api_route("/api/classify", api.classify, **operation(api.classify, Classification, sent))
    router.add_api_route("/api/check", api.check, **operation(api.check, Check, sent))
    router.add_api_route("/api/objectives", api.objectives, **operation(api.objectives, schema.Objectives, read))
    router.add_api_route("/api/suggest", api.suggest, **operation(api.suggest, schema.Suggestions, read))
    router.add_api_route("/api/documents", api.documents, **operation(api.documents, schema.Documents, (422, *read)))
    router.add_api_route(_DOCUMENT, api.document, **operation(api.document, schema.Document, (404, *read)))
    described = list(router.routes)
    for route in described:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            router.add_api_route(route.path, route.endpoint, methods=["HEAD"], include_in_schema=False)
    app.include_router(router)
    app.router.routes += docs_routes(describe(described))
    app.router.routes.append(Route("/api/{rest:anything}", _NotFound(router.routes), include_in_schema=False))


class _Api:
    """The answers of the routes; the work is done in a thread, so that others are heard meanwhile."""

    def __init__(self, opening: Opening, suggestions: Suggestions, kept: Kept) -> None:
        self._opening = opening
        self._kept = kept
        self._suggestions = suggestions

    async def ask(self, body: Question) -> Response:
        """Answer a question with the documents' own words.

        The answer and every passage are quotations, to the letter. Where no document answers, the status says so.
        """
        assistant = self._opened()

        return await asyncio.to_thread(lambda: reply_json(answer_request(assistant, body, self._kept)))

    async def classify(self, body: Topic) -> Response:
        """Rank the 23 objectives by how likely a topic falls under them.

        With the words that decided, and what the documents say on the topic.
        """
        assistant = self._opened()

        return await asyncio.to_thread(lambda: reply_json(classify_request(assistant, body)))

    async def check(self, body: Draft) -> Response:
        """Hold the quotations of a draft against the documents, word for word.

        What stands in quotation marks of any kind is one, and so is a run of eight words or more that is nearly a
        document's. White space and the kind of quotation marks and dashes are no difference. Nothing is kept.
        """
        assistant = self._opened()

        return await asyncio.to_thread(lambda: reply_json(check_request(assistant, body)))

    async def objectives(self) -> Response:
        """List the objectives of the Global Compact for Migration."""
        return reply_json({"objectives": [_objective_row(each) for each in self._opened().objectives]})

    async def suggest(
        self,
        q: Annotated[str, Query(description="What somebody has typed so far.", examples=["lang"])] = "",
        lang: Annotated[str, Query(description="The language of the questions.", examples=["en"])] = "",
    ) -> Response:
        """Suggest headings, places and questions that match some typed words: at most five.

        A question is suggested only where the documents answer it.
        """
        strings, assistant = read_strings(language_of(lang)), self._opened()
        found = await asyncio.to_thread(self._suggestions.matching, as_text(q), assistant, strings)
        return reply_json({"suggestions": [{**asdict(each), "address": each.address or None} for each in found]})

    async def documents(
        self,
        find: Annotated[str, Query(description="Words in a title, symbol, date, publisher or id.")] = "",
        page: Annotated[int, Query(ge=1, le=MAX_PAGE, description="The number of a page; empty beyond the last.")] = 1,
        size: Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE, description="Documents of a page at the most.")] = 100,
    ) -> Response:
        """List the documents a page at a time, those included whose text isn't here."""
        assistant = self._opened()
        found = page_of(assistant.sources, size=size, find=find, number=page)
        shown = found.sources if page == found.number else ()
        rows = [_source_row(each, has_text=each.id in assistant.documents) for each in shown]
        return reply_json({"documents": rows, "found": found.found, "page": page, "pages": found.last})

    async def document(
        self,
        id: Annotated[str, Path(description="As the list has it, percent-encoded.", examples=["background-note"])],
    ) -> Response:
        """Get one text in full, with its paragraphs.

        What a passage cites stands at its offsets: `text[start:end]`, counted in Unicode code points.
        """
        assistant = self._opened()
        document = assistant.documents.get(id)
        if document is None:
            raise HTTPException(404, _lacking(id, assistant.sources))
        return await asyncio.to_thread(lambda: reply_json(_document_row(document)))

    def _opened(self) -> Answering:
        wait = _LATER if self._opening.problem else _SOON
        try:
            return self._opening.now()
        except AssistantError as error:
            raise HTTPException(503, str(error), {"Retry-After": str(wait)}) from error


def answer_request(assistant: Answering, sent: Question, kept: Kept = NOTHING_KEPT) -> dict[str, Any]:
    """Answer a question as the contract's JSON, and keep of it what the operator wants."""
    answer = assistant.ask(
        sent.question,
        history=sent.history,
        objectives=frozenset(sent.objectives),
        documents=frozenset(sent.documents),
        top_k=sent.top_k,
        explain=sent.explain,
    )
    kept.add(sent.question, answer)
    return answer_row(replace(answer, id=sent.id))


def classify_request(assistant: Answering, sent: Topic) -> dict[str, Any]:
    """Classify a topic as the contract's JSON."""
    return classification_row(replace(assistant.classify(sent.topic), id=sent.id))


def check_request(assistant: Answering, sent: Draft) -> dict[str, Any]:
    """Check a draft as the contract's JSON."""
    return check_row(assistant.check(sent.text))


# Refusals ------------------------------------------------------------------------------------------------------------


class _ApiRoute(APIRoute):
    """A route that reads bodies strictly, and says in one line of JSON why a request is refused."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_or_refuse(request: Request) -> Response:
            try:
                return await answer(JsonRequest(request.scope, request.receive))
            except HTTPException as error:
                return refuse(str(error.detail), error.status_code, error.headers)
            except RequestValidationError as error:
                return refuse(explain_errors([{**each, "loc": each["loc"][1:]} for each in error.errors()]), 422)
            except InputError as error:
                return refuse(str(error), 422)
            except AssistantError as error:
                return refuse(str(error), 503, {"Retry-After": str(_LATER)})

        return answer_or_refuse


class _NotFound:
    """The answer at addresses under /api that there aren't: JSON, and not the page's error."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._routes = [route for route in routes if isinstance(route, APIRoute)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request."""
        known = [each for each in self._routes if each.matches(scope)[0] is not Match.NONE]
        allowed = {method for each in known for method in each.methods or ()}
        if allowed:
            methods = ", ".join(sorted(allowed))
            refusal = refuse(f"Use {methods} at this address.", 405, {"Allow": methods})
        else:
            refusal = refuse("There is no such address; /docs lists them.", 404)
        await refusal(scope, receive, send)


def _lacking(id: str, sources: Iterable[Source]) -> str:
    source = next((each for each in sources if each.id == id), None)
    if source is None:
        return f"There is no document {shown(id)!r}; /api/documents lists them."
    read = f"; read it at {source.address}" if source.address else ""
    return f"The text of {shown(id)!r} isn't here{read}."


# Rows ----------------------------------------------------------------------------------------------------------------


def _objective_row(objective: Objective) -> dict[str, Any]:
    return asdict(objective) | {"in_roundtable": objective.round_table == THIS_ROUND_TABLE}


def _source_row(source: Source, *, has_text: bool) -> dict[str, Any]:
    return {name: getattr(source, name) or None for name in _OF_SOURCE} | {"has_text": has_text}


def _document_row(document: Document) -> dict[str, Any]:
    paragraphs = [{name: getattr(each, name) for name in _OF_PARAGRAPH} for each in document.paragraphs]
    return _source_row(document.source, has_text=True) | {"text": document.text, "paragraphs": paragraphs}
