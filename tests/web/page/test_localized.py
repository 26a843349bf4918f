import asyncio
from typing import Any

import gradio as gr
import pytest
from starlette.types import Receive, Scope, Send

from assistant.web.page.localized import InLanguage, LocalizedBlocks, language_for
from assistant.web.rendering.strings import read_strings


def scope_of(path: str = "/", query: str = "", **headers: str) -> Scope:
    sent = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http", "path": path, "query_string": query.encode(), "headers": sent}


@pytest.mark.parametrize(
    ("scope", "language"),
    [
        (scope_of(query="lang=fr", cookie="language=ru", accept_language="es"), "fr"),
        (scope_of(query="lang=tlh", cookie="language=ru", accept_language="es"), "ru"),
        (scope_of(cookie="language=<b>", accept_language="es"), "es"),
        (scope_of(cookie="a=b; =; ,", accept_language="zh-Hant"), "zh"),
        (scope_of(), "en"),
    ],
)
def test_the_address_s_language_wins_then_the_cookie_s_then_the_browser_s(scope: Scope, language: str) -> None:
    assert language_for(scope) == language


def layout_for(query: str) -> dict[str, Any]:
    """What a browser that asks for the page gets of its layout."""
    with LocalizedBlocks(lambda strings: strings.text("product"), read_strings, analytics_enabled=False) as blocks:
        button = gr.Button("as it was laid out")
        blocks.say(button, value=lambda strings: strings.text("ask"))
    sent: list[dict[str, Any]] = []

    async def page(_scope: Scope, _receive: Receive, _send: Send) -> None:
        sent.append(blocks.config)

    async def nothing(*_: Any) -> Any:
        raise AssertionError

    asyncio.run(InLanguage(page)(scope_of(query=query), nothing, nothing))
    return sent[0]


def test_the_layout_is_sent_in_the_visitor_s_words() -> None:
    french, german = layout_for("lang=fr"), layout_for("lang=de")

    values = [
        component["props"]["value"]
        for layout in (french, german)
        for component in layout["components"]
        if component["type"] == "button"
    ]
    assert values == [read_strings("fr").text("ask"), read_strings("de").text("ask")]
    assert french["title"] == read_strings("fr").text("product")
