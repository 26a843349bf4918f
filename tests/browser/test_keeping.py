import re
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHILDREN, OUTSIDE, ask, clipboard, rank, serving_assistant, visiting
from tests.web.fake_assistant import FakeAssistant

pytestmark = pytest.mark.browser

QUOTED = "establishing procedures for the protection of migrant children, including unaccompanied children"
CITED = "Background note, Roundtable 4"


def printed(page: Page) -> str:
    """What a print of the page holds, as one line of text."""
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    return " ".join(" ".join(sheet.get_textpage().get_text_bounded() for sheet in document).split())


def saved(page: Page, button: str, folder: Path) -> Path:
    """Press a button that saves a file, and say where it is."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).last.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


# Copying -------------------------------------------------------------------------------------------------------------


def test_an_answer_is_copied_with_its_citations(page: Page) -> None:
    ask(page, CHILDREN)

    button = page.locator(".actions [data-copy]")
    button.press("Enter")

    expect(page.locator("#live")).to_have_text("Copied")
    expect(button).to_contain_text("Copied")
    quotation, citation, link = clipboard(page).splitlines()
    assert quotation == f"“{QUOTED}”"
    assert citation == f"{CITED}, para. 4, 13 November 2020"
    assert link.startswith(f"{page.url}documents/background-note/para-4/")
    expect(button).to_be_focused()


def test_where_nothing_may_be_copied_the_old_way_is_taken(page: Page) -> None:
    ask(page, CHILDREN)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")

    page.locator(".passage-card [data-copy]").first.press("Enter")

    expect(page.locator("#live")).to_have_text("Copied")
    expect(page.locator(".passage-card [data-copy]").first).to_be_focused()
    expect(page.locator("body > textarea")).to_have_count(0)


# Links ---------------------------------------------------------------------------------------------------------------


def test_the_link_of_a_question_asks_it_at_once_of_the_same_objectives(chromium: Browser, address: str) -> None:
    with visiting(chromium, address) as page:
        page.locator("#filter summary").click()
        page.get_by_role("checkbox", name="7 Vulnerabilities").check()
        ask(page, CHILDREN)
        page.get_by_role("link", name="Link to this question").click()
        expect(page.locator("#live")).to_have_text("Link copied")
        expect(page).to_have_url(address)
        link = clipboard(page)
    assert parse_qs(urlsplit(link).query) == {"q": [CHILDREN], "objective": ["7"]}

    with visiting(chromium, link) as other:
        expect(other.locator("#conversation .turn h2")).to_have_text(CHILDREN)
        expect(other.locator("#conversation .question")).to_contain_text("Limited to objectives: 7 Vulnerabilities")
        expect(other.locator("#filter summary")).to_contain_text("1 chosen")
        expect(other).to_have_url(address)  # so that loading it again doesn't ask it twice
        other.reload()
        expect(other.locator("#conversation .turn")).to_have_count(1)


def test_an_address_may_ask_anything_and_it_stays_text(chromium: Browser, address: str) -> None:
    sent = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20children"
    with visiting(chromium, f"{address}?q={sent}&objective=99&objective=x") as page:
        expect(page.locator("#conversation .turn h2")).to_have_text("<img src=x onerror=alert(1)> children")
        expect(page.locator("#conversation img")).to_have_count(0)
        expect(page.locator("#filter summary .none-chosen")).to_be_visible()


# Paper and files -----------------------------------------------------------------------------------------------------


def test_a_print_holds_questions_quotations_and_citations_and_no_controls(page: Page) -> None:
    ask(page, CHILDREN)
    ask(page, OUTSIDE)
    expect(page.locator("#conversation .turn").first.locator(".passage-card").first).to_be_hidden()

    text = printed(page)

    for said in (CHILDREN, QUOTED, f"{CITED}, para. 4", "13 November 2020", "Vulnerabilities stated", OUTSIDE):
        assert said in text
    assert "None of the 4 documents answers this." in text
    assert "ensuring migrants have access to legal assistance" in text  # the passages of a folded turn too
    assert re.search(r"Version of the documents: sha256:[0-9a-f]{8}", text)
    assert re.search(r"Printed \d+ \w+ \d{4}\.", text)
    assert re.search(r"1 / \d", text)  # its pages are numbered
    assert text.index("Printed ") < text.index(CHILDREN)
    for control in (
        "Your question",
        "Save as Word",
        "Copy citation",
        "Limit the search",
        "Ask next",
        "Which objective?",
        "▼",
    ):
        assert control not in text
    expect(page.locator("#conversation .turn").first.locator(".passage-card").first).to_be_hidden()


def test_a_print_of_a_dark_page_is_light_and_shows_a_new_answer_at_once(chromium: Browser, address: str) -> None:
    colour = "getComputedStyle(document.documentElement).getPropertyValue('--objective-7')"
    with visiting(chromium, address, dark=True, motion="no-preference") as page:
        dark = page.evaluate(colour)
        ask(page, CHILDREN)

        page.emulate_media(media="print")

        light = page.evaluate(colour)
        page.emulate_media(media="screen", color_scheme="light")
        expect(page.locator("html")).to_have_attribute("data-theme", "light")
        assert page.evaluate(colour) == light != dark
        page.emulate_media(media="print", color_scheme="dark")
        expect(page.locator(".turn.is-new")).to_have_css("animation-name", "none")
        expect(page.locator(".passages > summary")).to_have_css("text-decoration-line", "none")
        expect(page.locator(".objective-badge").first).to_have_css("background-color", "rgb(255, 255, 255)")


def test_a_print_in_arabic_keeps_a_citation_in_its_order(chromium: Browser, address: str) -> None:
    with visiting(chromium, address, locale="ar") as page:
        ask(page, CHILDREN)

        page.emulate_media(media="print")

        run = page.locator(".quoted .citation-run")
        left = "(each) => each.getBoundingClientRect().left"
        assert run.locator(".cited").evaluate(left) < run.locator(".in-print").evaluate(left)


def test_a_print_of_a_ranking_breaks_no_card(chromium: Browser, address: str) -> None:
    with visiting(chromium, address + "#objective") as page:
        rank(page, "children")

        page.emulate_media(media="print")

        expect(page.locator(".explained-card").first).to_have_css("break-inside", "avoid")
        expect(page.locator(".ranked").first).to_have_css("break-inside", "avoid")


def test_a_print_of_a_document_holds_its_paragraphs_with_their_numbers_and_objectives(
    chromium: Browser, address: str
) -> None:
    with visiting(chromium, address + "#documents/background-note/para-4/3594-3690") as page:
        page.locator(".arrival").wait_for()

        text = printed(page)

    assert QUOTED in text
    assert "Vulnerabilities stated" in text
    assert "Copy citation" not in text
    assert "Back to the answer" not in text


def test_a_conversation_is_saved_as_word_and_as_markdown(page: Page, tmp_path: Path) -> None:
    ask(page, CHILDREN)
    ask(page, "And their families?")

    markdown = saved(page, "Save as Markdown", tmp_path)
    word = saved(page, "Save as Word", tmp_path)

    text = markdown.read_text(encoding="utf-8")
    body = zipfile.ZipFile(word).read("word/document.xml").decode()
    assert re.fullmatch(r"answers-\d{4}-\d\d-\d\d\.md", markdown.name)
    assert word.suffix == ".docx"
    for said in (CHILDREN, QUOTED, "And their families?", "para. 4"):
        assert said in text
        assert said in body


def test_a_file_that_cannot_be_made_is_told_and_may_be_tried_again(
    chromium: Browser, address: str, tmp_path: Path
) -> None:
    with visiting(chromium, address, errors_expected=True) as page:
        ask(page, CHILDREN)
        page.route("**/export/**", lambda route: route.abort())
        for _ in range(2):
            page.get_by_role("button", name="Save as Markdown").click()
            expect(page.locator("#live")).to_have_text(re.compile("The service cannot be reached"))
            expect(page.locator("#conversation .hint")).to_have_count(1)
        page.unroute_all()

        assert QUOTED in saved(page, "Save as Markdown", tmp_path).read_text(encoding="utf-8")
        expect(page.locator("#conversation .hint")).to_have_count(0)


# The tab -------------------------------------------------------------------------------------------------------------


def test_a_conversation_is_there_again_when_the_page_is_loaded_anew_and_gone_when_a_new_one_begins(page: Page) -> None:
    ask(page, OUTSIDE)
    ask(page, CHILDREN)
    ask(page, "And their families?")
    understood = page.locator(".understood strong").text_content()

    page.reload()

    expect(page.locator("#conversation .turn h2")).to_have_text([OUTSIDE, CHILDREN, "And their families?"])
    expect(page.locator(".understood strong")).to_have_text(understood or "")
    expect(page.locator("#conversation .turn").first.locator(".passage-card").first).to_be_hidden()
    page.get_by_role("button", name="New conversation").click()
    page.reload()
    expect(page.get_by_role("heading", name="Questions to start with")).to_be_visible()
    expect(page.locator("#conversation .turn")).to_have_count(0)


def test_a_conversation_is_kept_in_its_tab_only(page: Page) -> None:
    ask(page, CHILDREN)

    with page.context.expect_page() as opened:
        page.evaluate("open(location.href, '_blank', 'noopener')")
    other = opened.value

    expect(other.get_by_role("heading", name="Questions to start with")).to_be_visible()
    expect(other.locator("#conversation .turn")).to_have_count(0)
    assert page.evaluate("JSON.stringify({ ...localStorage })").count("children") == 0
    assert page.context.cookies() == []


def test_an_answer_opened_by_a_link_is_left_by_back_and_found_again_by_forward(page: Page) -> None:
    ask(page, CHILDREN)
    page.get_by_role("link", name="Documents", exact=True).click()
    page.locator(".library").get_by_role("link", name="COVID-19 and People on the Move").click()
    expect(page.locator("#reader-title")).to_have_text("COVID-19 and People on the Move")

    page.go_back()
    page.go_back()

    expect(page.locator("#conversation .turn h2")).to_be_visible()
    page.go_forward()
    expect(page.locator(".library-link").first).to_be_visible()
    page.go_forward()
    expect(page.locator("#reader-title")).to_be_visible()


def test_documents_can_be_read_when_the_service_is_away(chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    with serving_assistant(FakeAssistant()) as url:
        page.goto(url)
        for _ in range(300):
            if page.evaluate("caches.match('reader/background-note?lang=en').then(Boolean)"):
                break
            page.wait_for_timeout(100)

    page.goto(f"{url}documents/background-note")

    expect(page.locator(".reader .paragraph").first).to_contain_text("unaccompanied children")
    expect(page.locator("#offline")).to_contain_text("You are offline.")
    context.close()
