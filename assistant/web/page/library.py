"""The addresses that the page gets its documents from: `reader` is the list, `reader/<id>` one document in full.

The list comes a page at a time, and can be searched (`find`).

A page keeps what it gets until the server would write it otherwise.
"""

import re
import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated

from fastapi import FastAPI, Header, Response

from assistant.records import Span
from assistant.web.app import Answering, Opening, is_known, number_in, page_of
from assistant.web.rendering import Strings, context_of, render, render_document, render_problem

_MARK = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_MOST_MARKS = 100  # an answer marks a few; an address that marks more is nobody's link
_LISTED = 50  # documents of a page
_KINDS = ("original", "digest", "link")  # in the list, the last are those whose text isn't here
_SOON = 1  # seconds after which a page may ask again while the documents are being opened


def marks_in(value: str) -> tuple[Span, ...]:
    """Read the spans that an address asks to mark; whatever isn't one is left out.

    >>> marks_in("120-180,200-240"), marks_in("180-120,x")
    (((120, 180), (200, 240)), ())
    """
    matches = map(_MARK.fullmatch, value.split(",", _MOST_MARKS)[:_MOST_MARKS])
    spans = [(int(match[1]), int(match[2])) for match in matches if match]
    return tuple((start, end) for start, end in spans if start < end)


class Library:
    """The handlers of these addresses."""

    def __init__(self, opening: Opening, strings_of: Callable[[str], Strings]) -> None:
        """Take what opens the documents, and what gives the interface's words in a language of the page's choice."""
        self._opening = opening
        self._strings_of = strings_of
        # An open assistant is one state of the documents and their objectives; a changed corpus brings another.
        self._served: tuple[Answering | None, str] = None, ""

    def catalogue(
        self, lang: str = "en", find: str = "", page: str = "", if_none_match: Annotated[str, Header()] = ""
    ) -> Response:
        """Answer with a page of the list of the documents."""
        strings = self._strings_of(lang)
        assistant = self._opening.assistant
        if assistant is None:
            return self._not_open(strings)
        tag = self._tag(assistant, strings, find, page)
        if is_known(tag, if_none_match):
            return _fragment("", 304, tag)
        return _fragment(self.listed(strings, find, page) or "", 200, tag)

    def document(
        self, id: str, lang: str = "en", mark: str = "", if_none_match: Annotated[str, Header()] = ""
    ) -> Response:
        """Answer with one document in full."""
        strings = self._strings_of(lang)
        assistant = self._opening.assistant
        if assistant is None:
            return self._not_open(strings)
        tag = self._tag(assistant, strings, marks_in(mark))
        if id in assistant.documents and is_known(tag, if_none_match):
            return _fragment("", 304, tag)
        html = self.written(strings, id, mark)
        if html is None:
            return _fragment(render("documents/unknown.html", strings=strings), 404)
        return _fragment(html, 200, tag)

    def listed(self, strings: Strings, find: str = "", page: str = "") -> str | None:
        """Write a page of the list of the documents; None while they aren't open."""
        assistant = self._opening.assistant
        if assistant is None:
            return None
        ordered = sorted(assistant.sources, key=lambda source: _KINDS.index(source.kind))
        shown = page_of(ordered, size=_LISTED, find=find, number=number_in(page))
        return render("documents/library.html", page=shown, context=context_of(assistant, strings))

    def written(self, strings: Strings, id: str, mark: str) -> str | None:
        """Write one document in full; None where it isn't there, or isn't open."""
        assistant = self._opening.assistant
        document = assistant.documents.get(id) if assistant else None
        if assistant is None or document is None:
            return None
        passages = [passage for passage in assistant.passages if passage.source.id == id]
        return render_document(document, passages, context_of(assistant, strings), marks=marks_in(mark))

    def _not_open(self, strings: Strings) -> Response:
        if problem := self._opening.problem:
            self._opening.start()  # so that trying again may help
            return _fragment(render_problem(strings.text("problem"), problem, id="reader-problem", level=2), 503)
        # A success, since a browser writes failures on its console.
        return _fragment(render("documents/waiting.html", strings=strings), 202, wait=_SOON)

    def _tag(self, assistant: Answering, strings: Strings, *shown: object) -> str:
        """Return the entity tag of what an address shows as it would be written now."""
        served, name = self._served
        if served is not assistant:
            name = secrets.token_hex(8)
            self._served = assistant, name
        state = repr((name, strings.language, shown))
        return f'"{sha256(state.encode()).hexdigest()[:32]}"'


def add_library(app: FastAPI, library: Library) -> None:
    """Give an application the addresses that the page gets the list and the documents from."""
    app.add_api_route("/reader", library.catalogue, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/reader/{id:path}", library.document, methods=["GET", "HEAD"], response_model=None)


def _fragment(html: str, status: int, tag: str = "", *, wait: int = 0) -> Response:
    # The page's script puts nothing into the page that doesn't carry the first header: a proxy's error isn't ours.
    headers = {"X-Fragment": "reader", "X-Content-Type-Options": "nosniff"}
    headers["Cache-Control"] = "private, no-cache" if tag else "no-store"
    headers |= {"ETag": tag} if tag else {}
    headers |= {"Retry-After": str(wait)} if wait else {}
    return Response(html, status, headers, media_type="text/html")
