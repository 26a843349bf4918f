import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from assistant.documents.structure import paragraphs_of
from assistant.records import Document, Source
from assistant.web.app.opening import Opening
from tests.browser.conftest import (
    CHILDREN,
    ask,
    clipboard,
    excess,
    go,
    serving,
    serving_assistant,
    violations,
    visiting,
)
from tests.web.fake_assistant import FakeAssistant

pytestmark = pytest.mark.browser

NOTE = "#documents/background-note"
MARKED = f"{NOTE}/para-4/3594-3690"
ODD = "odd/näme #1 %"
ODD_ADDRESS = "#documents/odd%2Fn%C3%A4me%20%231%20%25"


def _document(id: str, text: str, **facts: str) -> Document:
    return Document(Source(id=id, title=f"Title of {id}", **facts), text, paragraphs_of(text))  # type: ignore[arg-type]


class Shelf(FakeAssistant):
    """Holds documents of other kinds than those that the project ships."""

    _ADDED = (
        _document(
            "long", "\n\n".join(f"{n}. Paragraph {n} of many. {'Words and words. ' * 20}" for n in range(1, 901))
        ),
        _document("arabic", "1. هذه الفقرة الأولى.\n\n2. وهذه الفقرة الثانية، وهي أطول من الأولى.\n", language="ar"),
        _document(ODD, "1. The first paragraph.\n\n2. The second paragraph.\n"),
    )
    documents: Mapping[str, Document] = {**FakeAssistant.documents, **{each.id: each for each in _ADDED}}
    sources: tuple[Source, ...] = (*FakeAssistant.sources, *(each.source for each in _ADDED))


@pytest.fixture(scope="module")
def shelf() -> Iterator[str]:
    """Where the shelf is served."""
    with serving_assistant(Shelf()) as url:
        yield url


def top_of(page: Page, selector: str) -> float:
    """How far below the window's upper edge something begins."""
    return float(page.locator(selector).first.evaluate("(each) => each.getBoundingClientRect().top"))


def settled(page: Page) -> float:
    """How far down the page is once it has stopped moving."""
    page.evaluate(
        """() => new Promise((done) => {
          let last = -1, still = 0;
          const look = () => {
            still = scrollY === last ? still + 1 : 0;
            last = scrollY;
            if (still > 12) done(); else requestAnimationFrame(look);
          };
          look();
        })"""
    )
    return float(page.evaluate("scrollY"))


# Arriving and going back ---------------------------------------------------------------------------------------------


def test_a_citation_leads_to_its_paragraph_with_the_words_marked_and_back_leads_to_the_same_spot(page: Page) -> None:
    ask(page, CHILDREN)
    cited = page.locator(".passage-card .cited").first
    cited.scroll_into_view_if_needed()
    left_at = settled(page)

    cited.click()
    page.locator(".sheet-open").click()

    arrived = page.locator("#background-note--para-4.is-arrival")
    expect(arrived).to_be_focused()
    expect(arrived.locator("mark")).to_contain_text("unaccompanied children")
    expect(page.locator(".arrival")).to_be_in_viewport()
    expect(page.locator(".arrival + .is-arrival")).to_have_count(1)
    expect(page).to_have_title("Background note, Roundtable 4 · Ask the documents")
    settled(page)
    page.evaluate("scrollBy(0, 700)")
    read_at = settled(page)
    page.go_back()
    expect(cited).to_be_focused()
    assert abs(settled(page) - left_at) < 3
    expect(page).to_have_title("Ask the documents")
    page.go_forward()
    expect(arrived.locator("mark")).to_have_count(1)
    assert abs(settled(page) - read_at) < 3


def test_the_mark_is_removed_without_a_trace_and_back_still_leads_to_the_answer(page: Page) -> None:
    ask(page, CHILDREN)
    page.locator(".quoted .cited").click()
    page.locator(".sheet-open").click()
    expect(page.locator("#view-documents mark")).to_have_count(1)
    steps = page.evaluate("history.length")

    page.get_by_role("button", name="Remove the mark").click()

    expect(page.locator("#view-documents mark, .arrival")).to_have_count(0)
    expect(page).to_have_url(re.compile(f"{NOTE}/para-4$"))
    expect(page.locator("#background-note--para-4")).to_be_focused()
    assert page.evaluate("history.length") == steps
    page.go_back()
    expect(page.locator("#conversation .turn h2")).to_be_visible()
    page.locator(".quoted .cited").click()
    expect(page.locator("#sheet mark")).to_be_in_viewport()
    expect(page.locator(".quoted")).to_be_in_viewport()  # the answer stays in view


def test_contents_lead_to_headings_and_back_to_the_marked_paragraph(chromium: Browser, address: str) -> None:
    with visiting(chromium, address + MARKED) as page:
        expect(page.get_by_role("button", name="Back to the answer")).to_have_count(0)  # there is none to go back to
        page.get_by_role("link", name="Background materials", exact=True).click()

        heading = page.locator("#background-note--background-materials")
        expect(heading).to_be_focused()
        settled(page)
        assert 0 <= top_of(page, "#background-note--background-materials") < 120
        expect(page.locator("#view-documents mark")).to_have_count(0)
        page.go_back()
        expect(page.locator(".arrival + .is-arrival mark")).to_have_count(1)
        expect(page.get_by_role("link", name="Background materials", exact=True)).to_be_in_viewport()  # where one was
        page.reload()
        expect(page.locator("#view-documents mark")).to_have_count(1)


def test_the_words_win_where_an_address_names_another_paragraph(chromium: Browser, address: str) -> None:
    with visiting(chromium, f"{address}{NOTE}/para-1/3594-3690") as page:
        expect(page.locator("#background-note--para-4")).to_be_focused()


def test_the_list_is_left_and_found_again_where_it_was(chromium: Browser, address: str) -> None:
    with visiting(chromium, address, height=420) as page:
        page.get_by_role("link", name="Documents", exact=True).click()
        page.locator(".library-link").first.wait_for()
        page.evaluate("scrollTo(0, 150)")
        link = page.get_by_role("link", name="COVID-19 and People on the Move")
        link.hover()  # which may scroll, as a click would
        left_at = settled(page)
        link.click()

        expect(page.locator("#reader-title")).to_be_focused()
        expect(page.locator(".library-link[aria-current]")).to_have_count(1)
        assert settled(page) == 0
        page.go_back()
        expect(page.get_by_role("link", name="COVID-19 Does Not Discriminate")).to_be_visible()
        assert abs(settled(page) - left_at) < 3
        expect(page).to_have_title("Documents · Ask the documents")


def test_a_digest_is_never_taken_for_the_document(chromium: Browser, address: str) -> None:
    with visiting(chromium, address + "#documents/people-on-the-move") as page:
        expect(page.locator(".reader-notice")).to_contain_text("Digest: our summary, not the document’s words.")
        original = page.get_by_role("link", name="Open the original")
        expect(original).to_have_attribute("target", "_blank")
        expect(original).to_have_attribute("rel", "noreferrer")


# Copying -------------------------------------------------------------------------------------------------------------


def test_a_paragraph_s_link_and_citation_are_copied_and_the_address_stays(chromium: Browser, address: str) -> None:
    with visiting(chromium, address + MARKED) as page:
        paragraph = page.locator("#background-note--para-5")
        share, cite = paragraph.locator("[data-share]"), paragraph.locator("[data-copy]")

        share.click()

        expect(page.locator("#live")).to_have_text("Link copied")
        expect(share).to_contain_text("Link copied")
        assert clipboard(page) == f"{address}documents/background-note/para-5#background-note--para-5"
        cite.click()
        expect(page.locator("#live")).to_have_text("Copied")
        assert clipboard(page).startswith("Background note, Roundtable 4, para. 5, 13 November 2020\nhttp")
        expect(page).to_have_url(address + MARKED)
        expect(share).to_have_accessible_name(re.compile("^Link to this paragraph ?, para. 5$"))


# Addresses that lead nowhere, services that don't answer -------------------------------------------------------------


def test_an_address_of_nothing_is_told_and_one_of_no_paragraph_shows_the_document(
    chromium: Browser, shelf: str
) -> None:
    with visiting(chromium, shelf + "#documents/nothing/para-1", errors_expected=True) as page:
        room = page.locator(".reader-room")
        expect(room).to_contain_text("no such document")
        go(page, "#documents/background-note/nothing")
        expect(page.locator("#reader-title")).to_have_text("Background note, Roundtable 4")
        go(page, "#documents/%zz/%")
        expect(room).to_contain_text("no such document")
        go(page, f"{ODD_ADDRESS}/item-2")
        expect(page.locator(".is-arrival")).to_contain_text("The second paragraph.")


def test_a_server_that_is_away_or_answers_for_another_is_told_and_may_be_tried_again(
    chromium: Browser, shelf: str
) -> None:
    other = "<script>window.isBad = true</script><h1>Proxy</h1>"
    refusals: tuple[tuple[Callable[[Route], None], str], ...] = (
        (lambda route: route.abort(), "cannot be reached"),
        (lambda route: route.fulfill(status=502, body=other, content_type="text/html"), "has a fault"),
    )
    with visiting(chromium, shelf + "#documents", errors_expected=True) as page:
        page.locator(".library-link").first.wait_for()
        for refuse, said in refusals:
            page.route("**/reader/**", refuse)
            go(page, "#documents/people-on-the-move")
            expect(page.locator(".reader-room")).to_contain_text(said)
            expect(page.locator(".reader-room")).not_to_contain_text("Proxy")
            assert violations(page) == []
            page.unroute_all()
            page.get_by_role("button", name="Try again").click()
            expect(page.locator("#reader-title")).to_have_text("COVID-19 and People on the Move")
            go(page, "#documents/background-note")
            expect(page.locator("#reader-title")).to_have_text("Background note, Roundtable 4")

        assert page.evaluate("window.isBad ?? false") is False


def test_an_address_opened_before_the_documents_are_waits_for_them(chromium: Browser) -> None:
    opening = Opening(lambda _: Shelf())
    with serving(opening) as url, visiting(chromium, url + f"{NOTE}/para-4", errors_expected=True) as page:
        expect(page.locator(".reader-room")).to_contain_text("being opened")

        opening.start()

        expect(page.locator("#background-note--para-4")).to_be_focused()


# Long, and of other directions ---------------------------------------------------------------------------------------


def test_a_long_document_is_entered_in_the_middle_and_left_and_found_again(chromium: Browser, shelf: str) -> None:
    where = "document.elementFromPoint(innerWidth / 2, 60).closest('.paragraph').id"
    with visiting(chromium, shelf + "#documents/long/para-450") as page:
        expect(page.locator("#long--para-450")).to_be_focused()
        settled(page)
        assert 0 <= top_of(page, "#long--para-450") < 80
        page.evaluate("scrollBy(0, 5000)")
        settled(page)
        left_at = page.evaluate(where)

        go(page, "#ask")
        page.go_back()

        expect(page.locator(f'[id="{left_at}"]')).to_be_in_viewport()
        settled(page)
        assert page.evaluate(where) == left_at


def test_an_arabic_document_runs_from_the_right_in_an_english_page(chromium: Browser, shelf: str) -> None:
    with visiting(chromium, shelf + "#documents/arabic/item-2", width=390) as page:
        words = page.locator(".is-arrival .document-words")
        expect(words).to_have_attribute("lang", "ar")
        assert words.evaluate("(each) => getComputedStyle(each).direction") == "rtl"
        assert page.locator(".reader-facts").evaluate("(each) => getComputedStyle(each).direction") == "ltr"
        assert excess(page) <= 0
        assert violations(page) == []


# A delegate's way ----------------------------------------------------------------------------------------------------


def test_a_delegate_on_a_phone_asks_reads_the_paragraph_cites_it_and_asks_on(chromium: Browser, address: str) -> None:
    with visiting(chromium, address, width=390, height=844) as page:
        page.get_by_role("link", name=CHILDREN).click()
        page.locator(".quoted .cited").click()
        expect(page.locator("#sheet mark")).to_be_in_viewport()
        page.locator(".sheet-open").click()
        paragraph = page.locator("#background-note--para-4")
        expect(paragraph.locator("mark")).to_be_in_viewport()
        expect(page.locator(".library-room")).to_be_hidden()
        paragraph.locator("[data-copy]").click()
        expect(paragraph.locator("[data-copy]")).to_have_class(re.compile("is-copied"))
        assert "para. 4" in clipboard(page)

        page.go_back()
        ask(page, "And their families?")

        last = page.locator("#conversation .turn").last
        expect(last.locator(".understood")).to_contain_text("And their families?")
        expect(last.locator("h2")).to_be_in_viewport()
        expect(page.locator("#ask-button")).to_be_in_viewport()


# Very many documents -------------------------------------------------------------------------------------------------


class Thousands(FakeAssistant):
    """Holds many documents of one title."""

    sources: tuple[Source, ...] = tuple(
        Source(f"r-{n}", "Resolution adopted by the General Assembly", symbol=f"A/RES/{n}") for n in range(1, 1001)
    )
    documents: Mapping[str, Document] = {each.id: Document(each, "1. Words.", ()) for each in sources}


def test_many_documents_are_paged_searched_and_chosen(chromium: Browser) -> None:
    with serving_assistant(Thousands()) as url, visiting(chromium, f"{url}#documents") as page:
        library = page.locator(".library")
        expect(library).to_contain_text("1 to 50 of 1000")
        library.get_by_role("link", name="Next page").click()
        expect(library).to_contain_text("51 to 100 of 1000")
        expect(library.locator("[data-pages]")).to_be_focused()
        library.get_by_role("searchbox").fill("res/777")
        library.get_by_role("searchbox").press("Enter")
        expect(library.locator("li")).to_have_count(1)
        expect(library).to_contain_text("A/RES/777")
        assert violations(page) == []

        go(page, "#coverage")
        table = page.locator(".coverage-view")
        table.get_by_role("link", name="Next page").click()
        expect(table).to_contain_text("9 to 16 of 1000")
        expect(table.locator("thead th")).to_have_count(9)

        go(page, "#ask")
        page.locator("#filter-fold summary").click()
        choice = page.locator("#filter-fold [data-paged]")
        for number in ("A/RES/333", "A/RES/444"):
            choice.get_by_role("searchbox").fill(number)
            choice.get_by_role("searchbox").press("Enter")
            choice.get_by_label(re.compile(number)).check()
        expect(choice.locator("input:checked")).to_have_count(2)
        expect(page.locator("[data-chosen]")).to_have_text("2 chosen")
