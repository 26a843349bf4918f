import json
import re
from dataclasses import replace
from html import unescape

import pytest

from assistant.records import Classification, ObjectiveMatch
from assistant.web.rendering.objectives import chosen_numbers, ranking_announcement, render_filter, render_ranking
from assistant.web.rendering.passages import Context
from assistant.web.rendering.strings import read_strings
from tests.web.fake_assistant import OBJECTIVES, FakeAssistant
from tests.web.rendering.test_document_words import Reader

STRINGS = read_strings("en")
CONTEXT = Context(STRINGS, FakeAssistant.documents, {each.number: each for each in OBJECTIVES})


def ranked(topic: str) -> Reader:
    return Reader(render_ranking(FakeAssistant().classify(topic), CONTEXT))


def test_the_first_are_explained_with_how_surely_their_place_and_the_words_that_decided() -> None:
    text = ranked("unaccompanied children").text

    first = text[: text.index("Objective 15")]
    for part in (
        "Address and reduce vulnerabilities in migration",
        "Roundtable 4, this one · Global Compact, para.\u00a023",
        "Confidence: ",
        "clearly 84%",
        "children",
        "Care for migrants at risk & on the way.",
        "The ordinary clinic is objective 15.",
    ):
        assert part in first
    assert "Roundtable 3, not this one · Global Compact, para.\u00a031" in text


def test_every_objective_is_ranked_with_its_share() -> None:
    html = render_ranking(FakeAssistant().classify("children"), CONTEXT)

    assert html.count('<li class="ranked"') == len(OBJECTIVES)
    assert html.count("&lt;\u00a01%") == 4  # two of the explained, and the same two in the list
    assert html.count('aria-hidden="true"></div>') == 6  # bars are for the eye only


def test_what_the_documents_say_is_shown_or_that_they_say_nothing() -> None:
    assert "establishing procedures for the protection of migrant children" in ranked("children").text
    assert "The documents here say nothing on it." in ranked("football").text


def test_where_none_is_likely_it_says_so() -> None:
    assert "None of the 23 is likely." in ranked("football").text
    assert "None of the 23 is likely." not in ranked("children").text


def test_a_stated_objective_is_said_to_be_stated() -> None:
    match = ObjectiveMatch(OBJECTIVES[0], "stated", 1.0, ("GCM objective 7",))

    text = Reader(render_ranking(Classification("GCM objective 7", (match,), "sha256:0"), CONTEXT)).text

    assert "Stated by the words:" in text
    assert "GCM objective 7" in text
    assert "100%" not in text


def test_words_of_ours_are_set_apart_as_english_in_another_language() -> None:
    topic = FakeAssistant().classify("children")

    arabic, english = (
        render_ranking(topic, replace(CONTEXT, strings=read_strings(each))).split('aria-labelledby="says"')[0]
        for each in ("ar", "en")
    )

    assert '<p lang="en" dir="ltr">Care for migrants at risk &amp; on the way.</p>' in arabic
    assert '<p lang="en" dir="ltr">The ordinary clinic is objective 15.</p>' in arabic
    assert arabic.count('<span class="language-label">بالإنكليزية</span>') == 1
    assert "language-label" not in english


@pytest.mark.parametrize(
    ("language", "colon", "share"), [("fr", "\u00a0: ", "84\u00a0%"), ("zh", "：", "84%"), ("ar", ": ", "\u200e84%")]
)
def test_labels_and_shares_are_set_as_the_language_sets_them(language: str, colon: str, share: str) -> None:
    strings = read_strings(language)

    text = Reader(render_ranking(FakeAssistant().classify("children"), replace(CONTEXT, strings=strings))).text

    for key in ("topic.label", "topic.why", "confidence"):
        assert strings.text(key) + colon in text
    assert share in text


def test_a_screen_reader_hears_the_first() -> None:
    said = ranking_announcement(FakeAssistant().classify("children"), STRINGS)

    assert said == "23 objectives ranked. First: objective 7, Vulnerabilities, clearly 84%."


def test_nothing_in_a_topic_becomes_html() -> None:
    hostile = '<img src=x onerror="alert(1)"> children {0}'

    html = render_ranking(FakeAssistant().classify(hostile), CONTEXT)

    assert "<img" not in html
    assert hostile in Reader(html).text


# The choice ----------------------------------------------------------------------------------------------------------


def test_objectives_are_grouped_by_round_table_and_this_one_comes_first() -> None:
    html = render_filter(OBJECTIVES, STRINGS)

    assert html.index("Roundtable 4 (this one)") < html.index("Roundtable 3<")
    assert html.count('type="checkbox"') == 3


def test_before_any_is_chosen_all_are_and_a_script_finds_how_to_say_how_many() -> None:
    html = render_filter(OBJECTIVES, read_strings("fr"))

    assert "Limiter la recherche" in html
    assert 'none-chosen">tous</span>' in html
    forms = re.search("data-forms='([^']*)'", html)
    assert forms
    assert json.loads(unescape(forms[1])) == {"one": "{n}\u00a0choisi", "other": "{n}\u00a0choisis"}


def test_only_numbers_of_objectives_are_read() -> None:
    assert chosen_numbers("", range(1, 24)) == set()
    assert chosen_numbers("7,<b>,-1,²,24,0,100000000000,15", range(1, 24)) == {7, 15}
