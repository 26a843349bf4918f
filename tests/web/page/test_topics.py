import asyncio
from typing import Any

import pytest

from assistant.errors import CorpusError
from assistant.records import ReportProgress
from assistant.web.app.opening import Answering, Opening
from assistant.web.page.topics import Topics
from assistant.web.rendering.strings import read_strings
from tests.web.fake_assistant import FakeAssistant


def opened() -> Opening:
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()
    return opening


def rank(topic: str, language: str = "en", opening: Opening | None = None) -> Any:
    return asyncio.run(Topics(opening or opened(), read_strings).rank(topic, language))


def cell(objective: str, document: str = "") -> str:
    return Topics(opened(), read_strings).cell(objective, document, "en")


def test_a_topic_is_ranked_in_the_page_s_language() -> None:
    assert '<div class="topic-result is-new"' in rank("children")
    assert read_strings("fr").text("topic.first_three") in rank("children", "fr")


@pytest.mark.parametrize("topic", ["", "?!", "7", "x"])
def test_what_has_no_words_is_said_to_be_no_topic(topic: str) -> None:
    said = read_strings("en").text("topic.unclear")

    assert rank(topic) == f'<p class="panel" data-live="{said}">{said}</p>'


def test_a_problem_is_seen_and_heard() -> None:
    def fail(_: ReportProgress) -> Answering:
        raise CorpusError("corpus: no <such> folder.")

    html = rank("children", opening=Opening(fail))

    assert html.startswith('<div data-live="The documents cannot be opened. corpus: no &lt;such&gt; folder.">')
    assert '<h2 id="topic-problem">' in html


def test_a_cell_opens_its_passages_and_anything_else_opens_nothing() -> None:
    assert 'data-cell="7/background-note"' in cell("7", "background-note")
    assert 'data-cell="none/"' in cell("none")
    for wrong in ("", "-1", "777", "²", "<b>"):
        assert cell(wrong, "background-note") == ""
