import asyncio
import json
from typing import Any

import gradio as gr

from assistant.web.app.opening import Opening
from assistant.web.page.page import build_page
from tests.web.fake_assistant import FakeAssistant


def opened(assistant: FakeAssistant) -> Opening:
    return Opening(lambda _: assistant)


def asked(opening: Opening, question: str, sent: str) -> Any:
    """What the page's first event, the question box, answers."""
    page = build_page(opening)
    event = next(each for each in page.fns.values() if each.name == "ask")
    return asyncio.run(event.fn(question, sent))


def test_a_question_gets_its_turn_in_the_page_s_language() -> None:
    html = asked(opened(FakeAssistant()), "What of children?", json.dumps({"lang": "fr", "number": 3}))

    assert 'id="question-3"' in html
    assert "Vous avez demandé" in html or "Votre question" in html


def test_what_the_box_holds_is_asked_with_what_it_leans_on() -> None:
    assistant = FakeAssistant()
    sent = {"question": "another", "history": ["What of children?"], "objectives": [7], "number": 2}

    asked(opened(assistant), "And schools?", json.dumps(sent))

    assert assistant.asked == [("And schools?", ("What of children?",))]
    assert assistant.narrowed == [frozenset({7})]


def test_what_no_page_would_send_changes_nothing() -> None:
    assistant = FakeAssistant()

    for sent in ("", "[", "[]", '{"history": 7}', '{"objectives": [99]}', '{"number": 0}', "[" * 100_000):
        assert asked(opened(assistant), "children?" if sent.startswith("{") else "", sent) == gr.skip()
    assert assistant.asked == []
