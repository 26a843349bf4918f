import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import (
    CHILDREN,
    OUTSIDE,
    ask,
    excess,
    go,
    rank,
    unfold_all,
    violations,
    visiting,
)

pytestmark = pytest.mark.browser

TOPIC = "information in local languages for new arrivals"
PENSIONS = "How are pensions paid when migrants return?"
SHEET = b"id,topic\n1,recognition of foreign diplomas\n2,?\n"
CITED = "#documents/background-note/para-4/3594-3690"
# What WCAG 1.4.12 asks a page to bear.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }"""
FOCUS = """() => {
  const focused = document.activeElement;
  const boxes = [...focused.getClientRects()].filter((box) => box.width && box.height);
  const seen = ({ left, right, top, bottom }) => [left + 2, (left + right) / 2, right - 2].some((x) =>
    [top + 2, (top + bottom) / 2, bottom - 2].some((y) => {
      const met = document.elementFromPoint(x, y);
      return met && (focused.contains(met) || met.contains(focused) && met.matches('label, summary'));
    }));
  const name = focused.id || focused.className || focused.tagName;
  return { name, seen: boxes.some(seen), isBody: focused === document.body };
}"""


def views(page: Page) -> Iterator[str]:
    """Go through every view of the page, with all that can be unfolded open, and name each."""
    page.locator("#searched details").wait_for(state="attached")
    unfold_all(page)
    yield "ask, empty"
    for question in (CHILDREN, "And their families?", "Which background materials are linked?", "?!", PENSIONS):
        ask(page, question)
    page.locator("#filter input[value='9']").check()
    ask(page, OUTSIDE)
    page.locator("#filter input[value='9']").uncheck()
    unfold_all(page)
    yield "ask, answered and refused"
    go(page, "#objective")
    rank(page, TOPIC)
    unfold_all(page)
    yield "which objective, a topic"
    go(page, "#many")
    page.locator(".many input[type=file]").set_input_files(
        {"name": "topics.csv", "mimeType": "text/csv", "buffer": SHEET}
    )
    page.locator("#rank-sheet").click()
    page.locator(".sheet-table tbody tr").first.wait_for()
    yield "which objective, a spreadsheet"
    go(page, "#coverage/7/background-note")
    page.locator("#cell .passage-card").first.wait_for()
    unfold_all(page)
    yield "which objective, a cell of the coverage"
    go(page, "#documents")
    page.locator(".library-link").first.wait_for()
    yield "documents, list"
    go(page, CITED)
    page.locator(".arrival").wait_for()
    unfold_all(page)
    yield "documents, a marked paragraph"
    go(page, "#documents/people-on-the-move")
    page.locator(".reader.is-digest").wait_for()
    unfold_all(page)
    yield "documents, a digest"


# Both languages, both themes and both widths, each met with each.
@pytest.mark.parametrize(
    ("locale", "dark", "width"),
    [("en", False, 1280), ("en", True, 390), ("ar", False, 390), ("ar", True, 1280)],
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    chromium: Browser, address: str, locale: str, dark: bool, width: int
) -> None:
    found = []
    with visiting(chromium, address, width=width, dark=dark, locale=locale) as page:
        for view in views(page):
            found += [(view, *each) for each in violations(page)]
            found += [(view, "too wide", str(excess(page)))] * (excess(page) > 0)

    assert found == []


# Controls, by their labels where they have some; not links in a sentence, nor what can't be seen.
SMALL = """() => [...document.querySelectorAll('a[href], button, summary, select, input, textarea')].map((each) => {
  const { width, height } = (each.matches('[type=checkbox]') ? each.closest('label') : each).getBoundingClientRect();
  const isHidden = !each.checkVisibility({ visibilityProperty: true }) || each.closest('.skip-link, .visually-hidden');
  const isInText = each.href && each.closest('p, dd, .citation-run') && getComputedStyle(each).display === 'inline';
  const isSmall = !isHidden && !isInText && width > 1 && height > 1 && (width < 43.5 || height < 43.5);
  return isSmall ? `${each.outerHTML.slice(0, 120)} ${Math.round(width)} x ${Math.round(height)}` : '';
}).filter(Boolean)"""


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_what_a_thumb_meets_is_as_large_as_a_thumb(chromium: Browser, address: str, locale: str) -> None:
    with visiting(chromium, address, width=390, locale=locale) as page:
        small = {view: found for view in views(page) if (found := page.evaluate(SMALL))}
        go(page, "#ask")
        page.locator(".quoted .cited").first.click()
        page.locator(".sheet .reader").wait_for()
        small["source"] = page.evaluate(SMALL)

    assert {view: found for view, found in small.items() if found} == {}


def test_a_screen_reader_meets_the_parts_in_the_order_of_their_use(page: Page) -> None:
    ask(page, CHILDREN)
    page.locator("#searched details").wait_for(state="attached")

    tree = page.locator("body").aria_snapshot()

    parts = (
        'link "Skip to the content"', "banner", 'combobox "Language"', 'navigation "Places"', "main",
        'heading "What does the note say about unaccompanied children?" [level=2]',
        'heading "Answer, word for word" [level=3]', "blockquote", 'link "Background note, Roundtable 4, para. 4"',
        "Objectives concerned", 'button "Copy with citation"', 'heading "1 passage found" [level=3]',
        'textbox "Your question"', 'button "Ask"', "Limit the search", "What is searched", "contentinfo",
    )  # fmt: skip
    places = [tree.find(part) for part in parts]
    assert -1 not in places, [part for part in parts if part not in tree]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "?q=unaccompanied+children",
        "?q=football+cup",
        "documents/background-note",
        "objective?topic=visas",
        "coverage",
    ],
)
def test_axe_finds_nothing_without_scripts(chromium: Browser, address: str, path: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})

    def without_scripts(route: Route) -> None:
        reply = route.fetch()
        html = re.sub(r"<script.*?</script>|</?noscript>", "", reply.text(), flags=re.DOTALL)
        route.fulfill(response=reply, body=html)

    page.route(lambda url: url.startswith(address) and "/page/" not in url and "manifest" not in url, without_scripts)
    page.goto(address + path)
    unfold_all(page)

    found = violations(page)

    page.unroute_all()
    page.close()
    assert found == []


@pytest.mark.parametrize(
    ("width", "scale", "spaced"),
    [(640, 2, False), (320, 1, False), (390, 1, True)],
    ids=["200 %", "400 %", "text spacing"],
)
def test_enlarged_or_spaced_text_reflows(chromium: Browser, address: str, width: int, scale: int, spaced: bool) -> None:
    wide = []
    with visiting(chromium, address, width=width, height=450, scale=scale) as page:
        if spaced:
            # As a sheet of the page's own, since its policy lets no other in.
            page.evaluate(
                "(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
                " document.adoptedStyleSheets.push(sheet); }",
                SPACED,
            )
        for view in views(page):
            wide += [view] * (excess(page) > 0)
        go(page, "#ask")
        ask(page, "word" * 60)

        assert excess(page) <= 0

    assert wide == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_word_without_end_is_broken_wherever_it_is_said(chromium: Browser, address: str, width: int) -> None:
    word = "x" * 630
    with visiting(chromium, address, width=width) as page:
        ask(page, CHILDREN)
        ask(page, f"What about {word}?")
        unfold_all(page)
        assert word in (page.locator("#conversation .turn").last.text_content() or "")
        assert excess(page) <= 0
        go(page, "#objective")
        rank(page, word)

        assert excess(page) <= 0


def test_a_long_question_leaves_room_for_its_answer_and_is_whole_on_paper(chromium: Browser, address: str) -> None:
    long = "What does the note say about unaccompanied children? " * 37
    tall = "(each) => each.getBoundingClientRect().height"
    with visiting(chromium, address, width=390, height=640) as page:
        ask(page, long)
        heading = page.locator("#conversation .turn h2")
        assert heading.evaluate(tall) < 640 / 4

        page.locator(".question .show-all summary").press("Enter")

        assert heading.evaluate(tall) > 640
        page.locator(".question .show-all summary").press("Enter")
        assert heading.evaluate(tall) < 640 / 4
        page.emulate_media(media="print")
        assert heading.evaluate(tall) > 640
        expect(page.locator(".question .show-all")).to_be_hidden()


def test_in_forced_colours_focus_buttons_and_the_current_place_are_seen(chromium: Browser, address: str) -> None:
    outline = "(each) => [getComputedStyle(each).outlineStyle, parseFloat(getComputedStyle(each).outlineWidth)]"
    edge = "(each) => getComputedStyle(each).borderBlockEndColor"
    with visiting(chromium, address, forced_colors="active") as page:
        for place, box, button in (("#ask", "#question", "#ask-button"), ("#objective", "#topic", "#rank-button")):
            go(page, place)
            page.locator(f"{box} textarea").focus()

            style, width = page.locator(f"{box} textarea").evaluate(outline)
            assert (style, width >= 2) == ("solid", True)
            expect(page.locator(button)).to_have_css("border-style", "solid")
            expect(page.locator(button)).to_have_css("border-width", "2px")
            current = page.locator(".places a[aria-current]").evaluate(edge)
            others = {each.evaluate(edge) for each in page.locator(".places a:not([aria-current])").all()}
            assert others == {page.locator("body").evaluate("(each) => getComputedStyle(each).backgroundColor")}
            assert current not in others


def test_in_forced_colours_marks_and_plates_keep_their_difference(chromium: Browser, address: str) -> None:
    filled = "(each) => getComputedStyle(each).backgroundColor"
    with visiting(chromium, address, forced_colors="active") as page:
        ask(page, CHILDREN)
        ask(page, PENSIONS)
        unfold_all(page)
        stated = page.locator(".is-stated > .objective-plate").first.evaluate(filled)
        inferred = page.locator(".is-inferred > .objective-plate").first.evaluate(filled)
        marked = page.locator(".passage-card mark").first.evaluate(filled)

        assert stated != inferred
        assert marked != page.locator("body").evaluate(filled)
        assert violations(page) == []


def test_nothing_moves_for_those_who_want_it_still(chromium: Browser, address: str) -> None:
    with visiting(chromium, address) as page:
        page.evaluate("document.addEventListener('animationstart', () => { window.hasMoved = true; }, true)")
        ask(page, CHILDREN)
        page.locator("#pending").evaluate("(each) => { each.hidden = false; }")  # with the dot that breathes otherwise

        assert page.evaluate("document.getAnimations().length") == 0
        assert page.evaluate("window.hasMoved ?? false") is False


# By keyboard ---------------------------------------------------------------------------------------------------------


def test_every_focus_is_seen_on_its_way_through_an_answer_on_a_low_phone(chromium: Browser, address: str) -> None:
    hidden, names = [], []
    with visiting(chromium, address, width=390, height=640) as page:
        ask(page, CHILDREN)
        page.locator(".masthead a").first.focus()
        for key in ("Tab", "Shift+Tab"):
            for _ in range(60):
                page.keyboard.press(key)
                focus = page.evaluate(FOCUS)
                if focus["isBody"]:
                    break
                names.append(focus["name"])
                hidden += [] if focus["seen"] else [(key, focus["name"])]

    assert {"language-choice", "theme-choice", "cited", "ask-button"} <= set(names)
    assert hidden == []


def test_from_an_answer_into_the_document_and_back_by_keyboard(page: Page) -> None:
    ask(page, CHILDREN)
    cited = page.locator(".quoted .cited")

    cited.press("Enter")

    expect(page.locator(".sheet-body")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(cited).to_be_focused()
    cited.press("Enter")
    page.locator(".sheet-open").press("Enter")
    paragraph = page.locator("#background-note--para-4")
    expect(paragraph).to_be_focused()
    expect(page.locator("#live")).to_have_text("Marked below: the words that answer.")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Remove the mark")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Back to the answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(cited).to_be_focused()


def test_a_spreadsheet_and_the_choice_of_colours_by_keyboard(chromium: Browser, address: str) -> None:
    with visiting(chromium, address + "#many") as page:
        page.get_by_label("Choose a file").set_input_files(
            {"name": "topics.csv", "mimeType": "text/csv", "buffer": SHEET}
        )
        page.get_by_role("button", name="Rank the topics").press("Enter")
        expect(page.locator("#live")).to_have_text(re.compile("^1 topic done"))
        expect(page.get_by_role("button", name="Rank the topics")).to_be_focused()

        page.get_by_label("Colours").press("End")

        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.reload()
        expect(page.get_by_label("Colours")).to_have_value("dark")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")


# What is heard -------------------------------------------------------------------------------------------------------


def test_what_happens_is_said_in_one_place_that_stays(page: Page) -> None:
    live = page.locator("#live[role=status]")
    live.evaluate("(each) => { each.isTheSame = true; }")

    ask(page, CHILDREN)
    expect(live).to_have_text(re.compile(r"^Answered\. \d passages? found\.$"))
    ask(page, PENSIONS)
    expect(live).to_have_text("Not in the documents. The topic falls under objective 22, Social security.")
    ask(page, OUTSIDE)
    expect(live).to_have_text("Not in the documents.")

    assert live.evaluate("(each) => each.isTheSame")
    assert "".join(page.locator("[role=status]:not(#live)").all_text_contents()) == ""  # Gradio's own says nothing


def test_headings_and_landmarks_lead_through_each_place(page: Page) -> None:
    ask(page, CHILDREN)
    levels = "(all) => all.filter((each) => each.checkVisibility()).map((each) => Number(each.tagName[1]))"
    headings = "#main :is(h1, h2, h3, h4)"

    of_answer = page.locator(headings).evaluate_all(levels)

    assert of_answer[:2] == [1, 2]  # the title stays for those who hear it
    assert max(later - earlier for earlier, later in pairwise(of_answer)) == 1
    expect(page.get_by_role("article", name=CHILDREN)).to_have_count(1)
    expect(page.get_by_role("navigation", name="Places")).to_be_visible()
    expect(page.get_by_role("main")).to_have_count(1)
