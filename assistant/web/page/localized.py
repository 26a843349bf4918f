"""One Gradio page in several languages: laid out once, and sent to each visitor in a language of theirs.

Gradio sends a page's layout with the page itself; the words are put in before it is sent, so that nobody sees the page
change its language.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.rendering import LANGUAGES, Strings, language_of, negotiate

_language: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])

Said = Callable[[Strings], str]


class LocalizedBlocks(gr.Blocks):  # type: ignore[misc]  # Gradio is untyped
    """Gradio's blocks with words in the language of the request that is being answered."""

    def __init__(self, title: Said, strings_of: Callable[[str], Strings], **options: Any) -> None:
        """Take the page's title, what gives the words of a language, and Gradio's own options."""
        self._title = title
        self._strings_of = strings_of
        self._said: dict[int, dict[str, Said]] = {}
        self._laid_out: dict[str, Any] = {}
        self._spoken: dict[str, dict[str, Any]] = {}
        super().__init__(title=title(strings_of(LANGUAGES[0])), **options)

    def say(self, component: gr.components.Component, **said: Said) -> None:
        """Set the words of a component's properties: `say(button, value=lambda strings: strings.text("ask"))`."""
        self._said[component._id] = dict(said)

    @property
    def config(self) -> Any:
        """The page's layout as Gradio sends it to a browser."""
        language = _language.get()
        if language not in self._spoken:
            self._spoken[language] = self._in(self._strings_of(language))
        return self._spoken[language]

    @config.setter
    def config(self, laid_out: Any) -> None:
        self._laid_out = laid_out
        self._spoken.clear()

    def _in(self, strings: Strings) -> dict[str, Any]:
        components = [self._spoken_component(each, strings) for each in self._laid_out.get("components", ())]
        return {**self._laid_out, "components": components, "title": self._title(strings)}

    def _spoken_component(self, component: Mapping[str, Any], strings: Strings) -> Mapping[str, Any]:
        said = self._said.get(component["id"])
        if not said:
            return component
        return {**component, "props": {**component["props"], **{name: say(strings) for name, say in said.items()}}}


class InLanguage:
    """ASGI middleware that sends the page in the language that its visitor chose, or that the browser prefers."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application that sends the page at "/"."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http" and scope["path"] == "/":
            _language.set(language_for(scope))
        await self._app(scope, receive, send)


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
