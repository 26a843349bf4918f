import re

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.web.rendering.strings import LANGUAGES, read_strings
from tests.browser.conftest import CHILDREN, OUTSIDE, ask, excess, go, visiting

pytestmark = pytest.mark.browser

QUOTED = "establishing procedures for the protection of migrant children, including unaccompanied children"


def choose_language(page: Page, name: str) -> None:
    """Choose a language as a person does; the page is loaded anew in it."""
    with page.expect_navigation():
        page.locator("#language-choice").select_option(label=name)
    page.locator("#question textarea").wait_for(state="attached")


def side(page: Page, selector: str) -> str:
    """At which side of its window something begins."""
    box = page.locator(selector).first.bounding_box()
    assert box
    assert page.viewport_size
    return "left" if box["x"] < page.viewport_size["width"] - box["x"] - box["width"] else "right"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browser_s_language_is_spoken_and_fits_a_phone_in_all_places(
    chromium: Browser, address: str, language: str
) -> None:
    strings = read_strings(language)
    with visiting(chromium, address, width=390, locale=language) as page:
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page).to_have_title(strings.text("product"))
        expect(page.get_by_role("button", name=strings.text("ask"), exact=True)).to_be_visible()
        expect(page.get_by_label(strings.text("question.label"))).to_be_visible()
        expect(page.locator("#language-choice")).to_have_value(language)
        tops = page.locator(".places a").evaluate_all("(all) => all.map((each) => each.offsetTop)")
        assert len(set(tops)) == 1  # on one line
        tops = page.locator(".preference").evaluate_all("(all) => all.map((each) => each.offsetTop)")
        assert len(set(tops)) == 1

        ask(page, CHILDREN)
        ask(page, OUTSIDE)

        first, last = page.locator("#conversation .turn").all()
        expect(first.locator(".quoted .document-words[lang=en][dir=ltr]")).to_have_text(QUOTED)
        expect(first.locator(".answer-label")).to_have_text(strings.text("answer"))
        expect(last.locator(".refusal-title")).to_have_text(strings.text("refused", n=4))
        expect(page.locator("#live")).to_have_text(strings.text("live.not_in_documents.unplaced"))
        wide = [("#ask", excess(page))]
        for place, seen in (
            ("#objective", "#topic textarea"),
            ("#coverage", "table.coverage"),
            ("#documents", ".library-link >> nth=0"),
            ("#documents/background-note/para-4/3594-3690", ".arrival"),
        ):
            go(page, place)
            page.locator(seen).wait_for()
            wide.append((place, excess(page)))
        expect(page.locator(".arrival")).to_contain_text(strings.text("arrival.clear"))
        assert [each for each in wide if each[1] > 0] == []


def test_a_language_chosen_by_hand_stays_and_the_conversation_is_told_in_it(chromium: Browser, address: str) -> None:
    with visiting(chromium, address + "?lang=fr", locale="ru") as page:
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        ask(page, CHILDREN)
        expect(page.locator(".answer-label")).to_have_text(read_strings("fr").text("answer"))

        choose_language(page, "Español")

        expect(page).to_have_url(address)  # the address's own wish is over
        expect(page.locator("#conversation .turn h2")).to_have_text(CHILDREN)
        expect(page.locator(".answer-label")).to_have_text(read_strings("es").text("answer"))
        page.goto(address + "#documents/people-on-the-move")
        page.reload()
        expect(page.locator("html")).to_have_attribute("lang", "es")
        expect(page.locator(".reader-notice")).to_contain_text(read_strings("es").text("digest"))


def test_arabic_runs_from_the_right_and_the_documents_from_the_left(chromium: Browser, address: str) -> None:
    with visiting(chromium, address, width=1280, locale="ar") as page:
        ask(page, CHILDREN)
        ask(page, "How are pensions paid when migrants return?")

        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        directions = page.evaluate(
            """['.masthead', '#composer', '.answer', '.aside', '#colophon', '.quoted .document-words']
            .map((each) => getComputedStyle(document.querySelector(each)).direction)"""
        )
        assert directions == ["rtl"] * 5 + ["ltr"]
        assert side(page, ".product") == "right"
        assert side(page, ".preferences") == "left"
        assert side(page, "#ask-column") == "right"
        # The sign of a percentage is drawn to the right of its number, as Arabic text on the web has it with 0 to 9.
        facts = page.locator(".refusal .objective-basis")
        expect(facts).to_contain_text(re.compile("\u200e(> )?\\d\\d%"))
        edges = facts.evaluate(
            """(facts) => {
              const words = document.createTreeWalker(facts, NodeFilter.SHOW_TEXT).nextNode();
              const edge = (at) => {
                const range = document.createRange();
                range.setStart(words, at);
                range.setEnd(words, at + 1);
                return range.getBoundingClientRect().left;
              };
              const sign = words.data.indexOf('%');
              return [edge(sign - 1), edge(sign)];
            }"""
        )
        assert edges[0] < edges[1]


def test_a_language_nobody_speaks_here_gets_english(chromium: Browser, address: str) -> None:
    with visiting(chromium, address + "?lang=xx", locale="sv") as page:
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator(".masthead")).to_contain_text("Ask the documents")
