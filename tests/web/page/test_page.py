import asyncio
from types import SimpleNamespace
from typing import Any

import gradio as gr

from assistant.web.app.opening import Opening
from assistant.web.page.page import build_page, spoken_config
from assistant.web.page.turns import Turns
from assistant.web.rendering.strings import read_strings
from tests.web.fake_assistant import FakeAssistant


def page_of(assistant: FakeAssistant) -> gr.Blocks:
    return build_page(Turns(Opening(lambda _: assistant), read_strings))


def asked(assistant: FakeAssistant, sent: str) -> Any:
    """What the page's event answers."""
    event = next(each for each in page_of(assistant).fns.values() if each.name == "ask")
    return asyncio.run(event.fn(SimpleNamespace(request=sent)))


def test_a_question_gets_its_turn_with_what_it_leans_on() -> None:
    assistant = FakeAssistant()
    sent = (
        '{"question": "And schools?", "history": ["What of children?"], "objectives": [7], "number": 2, "lang": "fr"}'
    )

    html = asked(assistant, sent)

    assert 'id="question-2"' in html
    assert assistant.asked[0] == ("And schools?", ("What of children?",))
    assert assistant.narrowed[0] == frozenset({7})


def test_what_no_page_would_send_changes_nothing() -> None:
    assistant = FakeAssistant()

    for sent in ("", "[", "[]", '{"history": 7}', '{"question": "x", "objectives": [99]}', "[" * 100_000):
        assert asked(assistant, sent) == gr.skip()
    assert assistant.asked == []


def test_the_layout_is_sent_in_the_visitor_s_words() -> None:
    page = page_of(FakeAssistant())

    spoken = {language: str(spoken_config(page, read_strings(language))["components"]) for language in ("fr", "de")}

    for language, components in spoken.items():
        assert read_strings(language).text("question.label") in components
        assert read_strings(language).text("ask") in components
