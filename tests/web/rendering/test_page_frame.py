import re

import pytest

from assistant.records import Progress, Source
from assistant.web.rendering.page_frame import NOTE_EXAMPLES, render_getting_ready, render_searched
from assistant.web.rendering.strings import read_strings
from assistant.web.rendering.templates import render
from tests.web.fake_assistant import FakeAssistant
from tests.web.rendering.test_document_words import Reader

STRINGS = read_strings("en")


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_progress_is_told_in_figures() -> None:
    assert "Reading the documents: 2 of 4." in words(render_getting_ready(Progress("reading", 2, 4), STRINGS))
    assert 'max="4" value="2"' in render_getting_ready(Progress("reading", 2, 4), STRINGS)
    assert "7 of 90" in words(render_getting_ready(Progress("encoding", 7, 90), STRINGS))
    assert "Opening the documents." in words(render_getting_ready(None, STRINGS))


def test_links_without_text_are_listed_last_and_say_so() -> None:
    said = words(render_searched(FakeAssistant.sources, STRINGS))

    documents, _, languages = said.partition(" Questions can be asked in: ")
    assert documents.endswith("The Global Compact in a Nutshell Video · Link only: the text is not here")
    assert languages == "English To get the originals: python -m assistant sources fetch"
    assert render_searched((), STRINGS) == ""


def test_what_is_searched_can_be_read_in_the_page() -> None:
    html = render_searched(FakeAssistant.sources, STRINGS)

    links = {attributes.get("href", "") for name, attributes in Reader(html).tags if name == "a"}
    assert "documents/background-note" in links


@pytest.mark.parametrize("number", [1, 3, 7, 17, 23])
def test_each_objective_of_the_round_table_has_an_example(number: int) -> None:
    assert number in [example for example, _ in NOTE_EXAMPLES]


def test_the_page_says_in_which_languages_can_be_asked() -> None:
    said = words(render_searched(FakeAssistant.sources, STRINGS, languages=("en", "fr", "zh")))

    assert "Questions can be asked in: English , français , 中文 " in said


def test_examples_are_links_that_ask_with_the_colour_of_their_objective() -> None:
    examples = [(None, "When & where?"), (7, "What of children?")]

    html = render("page/examples.html", examples=examples, strings=read_strings("fr"))

    assert 'href="./?q=When%20%26%20where%3F&amp;lang=fr" data-ask="When &amp; where?"' in html
    assert '<li data-objective="7" data-round-table="4">' in html
    assert not render("page/examples.html", examples=[], strings=STRINGS).strip()


def test_where_a_digest_stands_in_the_command_that_gets_originals_is_named() -> None:
    sources = [Source(kind, kind, kind=kind) for kind in ("original", "digest")]

    assert "To get the originals: python -m assistant sources fetch" in words(render_searched(sources, STRINGS))
    assert "sources fetch" not in words(render_searched(sources[:1], STRINGS))
