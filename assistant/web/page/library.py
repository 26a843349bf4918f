"""Address of a document -> the piece of HTML that the page shows there; and the place that it is shown in.

A page asks for `reader` (the list) or `reader/<id>` (one document in full), and keeps what it gets until it would be
written otherwise. This module knows nothing of Gradio.
"""

import re
import secrets
from collections.abc import Callable
from hashlib import sha256
from html import escape
from typing import Annotated

from fastapi import FastAPI, Header, Response

from assistant.records import Span
from assistant.web.app import Answering, Opening, is_known
from assistant.web.rendering import Strings, context_of, render_library, render_problem, render_sheet

_MARK = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_MOST_MARKS = 100  # an answer marks a few; an address that marks more is nobody's link
_SOON = 1  # seconds after which a page may ask again while the documents are being opened


def render_place(strings: Strings) -> str:
    """Write the place "Documents": its title, room for the list and a document, and what its script says when."""
    again = f'<button type="button" class="button" data-again>{escape(strings.text("try_again"))}</button>'
    said = {
        "looking": f'<p class="waiting">{escape(strings.text("looking"))}</p>',
        "away": render_problem(
            strings.text("away"), strings.text("away.documents"), id="reader-away", level=2, action=again
        ),
        "fault": render_problem(
            strings.text("fault"), strings.text("fault.topic"), id="reader-fault", level=2, action=again
        ),
        "arrival": (
            f'<p class="arrival"><span>{escape(strings.text("arrival"))}</span>'
            f'<button type="button" class="text-action" data-back>{escape(strings.text("arrival.back"))}</button>'
            f'<button type="button" class="text-action" data-clear-mark>{escape(strings.text("arrival.clear"))}'
            "</button></p>"
        ),
    }
    templates = "".join(f'<template data-when="{key}">{html}</template>' for key, html in said.items())
    return (
        f'<div class="reader-view" data-language="{escape(strings.language)}" '
        f'data-copied="{escape(strings.text("copied"))}" data-link-copied="{escape(strings.text("link_copied"))}" '
        f'data-not-copied="{escape(strings.text("not_copied"))}">'
        f'<div class="view-head"><h1>{escape(strings.text("documents.title"))}</h1>'
        f'<p class="lead">{escape(strings.text("documents.lead"))}</p></div>'
        f'<div class="reader-layout"><div class="library-room"></div><div class="reader-room"></div></div>{templates}'
        "</div>"
    )


def marks_in(value: str) -> tuple[Span, ...]:
    """Read what an address asks to be marked; whatever isn't a span is left out.

    >>> marks_in("120-180,200-240"), marks_in("180-120,x")
    (((120, 180), (200, 240)), ())
    """
    matches = map(_MARK.fullmatch, value.split(",", _MOST_MARKS)[:_MOST_MARKS])
    spans = [(int(match[1]), int(match[2])) for match in matches if match]
    return tuple((start, end) for start, end in spans if start < end)


class Library:
    """Hands out the list and the documents."""

    def __init__(self, opening: Opening, strings_of: Callable[[str], Strings]) -> None:
        """Take what opens the documents, and what gives the interface's words in a language of the page's choice."""
        self._opening = opening
        self._strings_of = strings_of
        # An open assistant is one state of the documents and their objectives; a changed corpus brings another.
        self._served: tuple[Answering | None, str] = None, ""

    def catalogue(self, lang: str = "en", if_none_match: Annotated[str, Header()] = "") -> Response:
        """Answer with the list of the documents."""
        strings = self._strings_of(lang)
        assistant = self._opening.assistant
        if assistant is None:
            return self._not_open(strings)
        tag = self._tag(assistant, strings)
        if is_known(tag, if_none_match):
            return _fragment("", 304, tag)
        return _fragment(render_library(assistant.sources, context_of(assistant, strings)), 200, tag)

    def sheet(
        self, id: str, lang: str = "en", mark: str = "", if_none_match: Annotated[str, Header()] = ""
    ) -> Response:
        """Answer with one document in full."""
        strings = self._strings_of(lang)
        assistant = self._opening.assistant
        if assistant is None:
            return self._not_open(strings)
        document = assistant.documents.get(id)
        if document is None:
            return _fragment(f'<p class="panel">{escape(strings.text("document.unknown"))}</p>', 404)
        marks = marks_in(mark)
        tag = self._tag(assistant, strings, marks)
        if is_known(tag, if_none_match):
            return _fragment("", 304, tag)
        passages = [passage for passage in assistant.passages if passage.source.id == id]
        return _fragment(render_sheet(document, passages, context_of(assistant, strings), marks=marks), 200, tag)

    def _not_open(self, strings: Strings) -> Response:
        if problem := self._opening.problem:
            self._opening.start()  # so that trying again may help
            return _fragment(render_problem(strings.text("problem"), problem, id="reader-problem", level=2), 503)
        # No failure: a browser writes those on its console.
        return _fragment(f'<p class="waiting">{escape(strings.text("documents.waiting"))}</p>', 202, wait=_SOON)

    def _tag(self, assistant: Answering, strings: Strings, marks: tuple[Span, ...] = ()) -> str:
        """Names a piece as it would be written now."""
        served, name = self._served
        if served is not assistant:
            name = secrets.token_hex(8)
            self._served = assistant, name
        state = repr((name, strings.language, marks))
        return f'"{sha256(state.encode()).hexdigest()[:32]}"'


def add_library(app: FastAPI, opening: Opening, strings_of: Callable[[str], Strings]) -> None:
    """Give an application the addresses that the page gets the list and the documents from.

    Args:
        strings_of: The interface's words in the language that a page names, or in another one that there is.
    """
    library = Library(opening, strings_of)
    app.add_api_route("/reader", library.catalogue, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/reader/{id:path}", library.sheet, methods=["GET", "HEAD"], response_model=None)


def _fragment(html: str, status: int, tag: str = "", *, wait: int = 0) -> Response:
    # The page's script puts nothing into the page that doesn't carry the first header: a proxy's error isn't ours.
    headers = {"X-Fragment": "reader", "X-Content-Type-Options": "nosniff"}
    headers["Cache-Control"] = "private, no-cache" if tag else "no-store"
    headers |= {"ETag": tag} if tag else {}
    headers |= {"Retry-After": str(wait)} if wait else {}
    return Response(html, status, headers, media_type="text/html")
