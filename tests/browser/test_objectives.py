import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.records import Classification, ObjectiveMatch
from assistant.web.app.opening import Opening
from tests.browser.conftest import CHILDREN, OUTSIDE, ask, rank, serving, serving_assistant, violations, visiting
from tests.web.fake_assistant import FakeAssistant

pytestmark = pytest.mark.browser

TOPIC = "information in local languages for new arrivals"


def choose(page: Page, *names: str) -> None:
    """Tick objectives in the filter."""
    page.locator("#filter summary").click()
    for name in names:
        page.get_by_role("checkbox", name=name).check()


def open_table(page: Page) -> None:
    """Go to the coverage table, and wait until it is there."""
    page.get_by_role("link", name="Which objective?").click()
    page.get_by_role("link", name="Coverage", exact=True).click()
    expect(page.locator("table.coverage")).to_be_in_viewport()


# Places --------------------------------------------------------------------------------------------------------------


def test_each_place_has_its_address_and_back_returns(page: Page) -> None:
    ask(page, CHILDREN)

    page.get_by_role("link", name="Which objective?").click()
    expect(page.get_by_role("heading", name="Which objective does a topic fall under?")).to_be_visible()
    expect(page.locator("#question textarea")).to_be_hidden()
    expect(page).to_have_url(re.compile("#objective$"))
    expect(page).to_have_title("Which objective? · Ask the documents")
    expect(page.get_by_role("link", name="Which objective?")).to_have_attribute("aria-current", "page")
    page.go_back()

    expect(page.locator("#conversation .turn h2")).to_be_visible()
    expect(page).to_have_title("Ask the documents")
    expect(page.get_by_role("link", name="Ask", exact=True)).to_have_attribute("aria-current", "page")
    page.go_forward()
    expect(page.locator("#topic textarea")).to_be_visible()


@pytest.mark.parametrize(
    ("fragment", "seen"),
    [
        ("#objective", "#topic textarea"),
        ("#many", "#many-title"),
        ("#coverage", "#coverage-title"),
        ("#coverage/7/background-note", "#cell-title"),
        ("#coverage/none", "#cell-title"),
    ],
)
def test_an_address_leads_straight_to_its_place(chromium: Browser, address: str, fragment: str, seen: str) -> None:
    with visiting(chromium, address + fragment) as page:
        expect(page.locator(seen)).to_be_in_viewport()


# A topic -------------------------------------------------------------------------------------------------------------


def test_a_topic_is_ranked_explained_and_found_in_the_documents(chromium: Browser, address: str) -> None:
    with visiting(chromium, address + "#objective") as page:
        rank(page, TOPIC)

        first = page.locator(".explained-card").first
        expect(first.locator("h3")).to_contain_text("Provide accurate and timely information")
        expect(first).to_contain_text(re.compile(r"Roundtable 4, this one · Global Compact, para\.\s19"))
        expect(first).to_contain_text(re.compile(r"clearly (> )?\d\d%"))
        expect(first).to_contain_text("Words that decided: ")
        expect(page.locator(".explained-card")).to_have_count(3)
        expect(page.locator("#ranking .passage-card").first).to_contain_text("Background note, Roundtable 4")
        expect(page.locator(".ranked")).to_have_count(23)
        expect(page.locator("#live")).to_have_text(re.compile("23 objectives ranked. First: objective 3, Information"))
        rank(page, OUTSIDE)
        expect(page.locator("#ranking")).to_contain_text("The documents here say nothing on it.")


def test_a_topic_is_shown_as_text_and_what_is_none_gets_a_plain_line(chromium: Browser, address: str) -> None:
    with visiting(chromium, address + "#objective") as page:
        rank(page, "<img src=x onerror=alert(1)> {{value}} ${1+1}")
        expect(page.locator("#ranking img")).to_have_count(0)

        page.locator("#topic textarea").fill("?!")
        page.get_by_role("button", name="Rank the objectives").click()

        expect(page.locator("#ranking")).to_contain_text("That does not read as a topic.")


def test_a_fault_is_told_at_the_topic(chromium: Browser) -> None:
    class Broken(FakeAssistant):
        def classify(self, _: str) -> Classification:
            raise ZeroDivisionError

    opening = Opening(lambda _: Broken())
    opening.start()
    with serving(opening) as url, visiting(chromium, url + "#objective", errors_expected=True) as page:
        page.locator("#topic textarea").fill(TOPIC)
        page.locator("#topic textarea").press("Enter")

        expect(page.locator("#topic-pending .problem:visible")).to_contain_text("The service has a fault")
        expect(page.locator("#topic textarea")).to_have_value(TOPIC)


# Many topics ---------------------------------------------------------------------------------------------------------


def test_a_sheet_becomes_a_table_the_unsure_first_that_is_corrected_and_saved(
    chromium: Browser, address: str, tmp_path: Path
) -> None:
    topics = ["recognition of foreign diplomas", "?", "", "money sent home", *["the weather"] * 60]
    sheet = tmp_path / "my topics.csv"
    sheet.write_bytes(
        "\r\n".join(["id;topic", *(f"{i};{each}" if each else "" for i, each in enumerate(topics))]).encode()
    )
    with visiting(chromium, address + "#many") as page:
        page.get_by_role("button", name="Rank the topics").click()
        expect(page.locator(".many .empty-hint")).to_contain_text("No file is chosen.")
        page.get_by_label("Choose a file").set_input_files(sheet)
        page.get_by_role("button", name="Rank the topics").click()

        rows = page.locator(".sheet-table tbody tr")
        expect(rows).to_have_count(50)
        expect(rows.first).to_contain_text("none possible")
        page.get_by_text("1 row to look at").click()
        expect(page.locator(".many")).to_contain_text("Line 3: no words in the topic; no objectives.")
        page.get_by_role("button", name="Show more rows").click()
        expect(rows).to_have_count(63)
        assert violations(page) == []
        page.get_by_label("Find in the topics").fill("Diplomas")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("Skills and qualifications clearly")
        page.get_by_role("button", name="Correct").press("Enter")
        expect(page.get_by_label("Objective 1 (Row 2)")).to_be_focused()
        page.get_by_label("Objective 1 (Row 2)").select_option("5")
        assert violations(page) == []
        page.get_by_role("button", name="Done").click()
        expect(rows.first).to_contain_text("Regular pathways by hand")
        page.get_by_label("Find in the topics").fill("")
        page.get_by_label("Show").select_option("20")
        expect(rows).to_contain_text(["money sent home"])
        with page.expect_download() as excel:
            page.get_by_role("button", name="Save as Excel").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as CSV").click()
        download.value.save_as(tmp_path / "out.csv")

    assert excel.value.suggested_filename == "my topics-objectives.xlsx"
    assert download.value.suggested_filename == "my topics-objectives.csv"
    written = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert written[1].startswith("0;recognition of foreign diplomas;5;Enhance availability")
    assert ";by hand;" in written[1]
    assert written[3] == ""
    assert written[4].startswith("3;money sent home;20;")


def test_a_long_sheet_shows_its_progress_and_can_be_stopped(chromium: Browser) -> None:
    may_go_on = threading.Event()

    class Slow(FakeAssistant):
        def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
            assert topics[0] == "first" or may_go_on.wait(30)
            return super().classify_all(topics)

    rows = b"topic\n" + b"first\n" * 256 + b"later\n" * 9744
    with serving_assistant(Slow()) as url, visiting(chromium, url + "#many") as page:
        file = {"name": "long.csv", "mimeType": "text/csv", "buffer": rows}
        page.get_by_label("Choose a file").set_input_files(file)  # type: ignore[arg-type]
        page.get_by_role("button", name="Rank the topics").click()
        expect(page.locator(".many-progress")).to_contain_text("256 of 10000 topics")
        expect(page.locator(".many-progress progress")).to_have_attribute("value", "256")
        page.get_by_role("button", name="Stop").click()

        expect(page.locator(".many-progress")).to_be_hidden()
        expect(page.get_by_role("button", name="Rank the topics")).to_be_focused()
        expect(page.locator(".many-outcome")).to_be_empty()
        may_go_on.set()


def test_a_file_that_cannot_be_used_is_told_and_one_too_large_is_not_sent(chromium: Browser, address: str) -> None:
    with visiting(chromium, address + "#many") as page:
        sent: list[str] = []
        page.locator(".many input[type=file]").evaluate("(each) => { each.dataset.most = 500; }")  # soon reached
        page.on("request", lambda request: sent.append(request.url) if "classify.csv" in request.url else None)
        for name, content, said in (
            ("wrong.csv", b"subject\nx\n", 'Line 1 names no column "topic"'),
            ("large.csv", b"topic\n" + b"x" * 1000, "larger than 10 MB"),
        ):
            file = {"name": name, "mimeType": "text/csv", "buffer": content}
            page.get_by_label("Choose a file").set_input_files(file)  # type: ignore[arg-type]
            page.get_by_role("button", name="Rank the topics").click()
            expect(page.locator(".many .problem")).to_contain_text(said)

    assert len(sent) == 1


# The choice of objectives --------------------------------------------------------------------------------------------


def test_a_search_is_narrowed_for_follow_ups_too_and_widened_again(chromium: Browser) -> None:
    assistant = FakeAssistant()
    opening = Opening(lambda _: assistant)
    opening.start()
    with serving(opening) as url, visiting(chromium, url) as page:
        choose(page, "15 Basic services", "22 Social security")
        expect(page.locator("#filter summary")).to_contain_text("2 chosen")
        ask(page, "What of children?")
        expect(page.locator(".refusal")).to_contain_text("15 Basic services; 22 Social security")
        ask(page, "And schools?")
        assert [each for each in assistant.narrowed if each] == [{15, 22}, {15, 22}]

        page.locator("#conversation .turn").first.get_by_role("button", name="Search everything").click()

        expect(page.locator("#conversation .turn")).to_have_count(3)
        expect(page.locator(".quoted")).to_contain_text("unaccompanied children")
        assert assistant.narrowed[-1] == frozenset()
        expect(page.locator("#filter summary .none-chosen")).to_be_visible()


def test_the_choice_is_made_and_undone_by_keyboard(page: Page) -> None:
    page.locator("#filter summary").press("Enter")
    page.get_by_role("checkbox", name="7 Vulnerabilities").press("Space")
    expect(page.locator("#filter summary")).to_contain_text("1 chosen")
    ask(page, CHILDREN)
    expect(page.locator(".quoted")).to_contain_text("unaccompanied children")
    expect(page.locator("#conversation .question")).to_contain_text("Limited to objectives: 7 Vulnerabilities")

    page.locator("#filter").get_by_role("button", name="Search everything").press("Enter")

    expect(page.locator("#filter summary .none-chosen")).to_be_visible()
    expect(page.locator("#filter [data-chosen]")).to_be_hidden()
    expect(page.locator("#filter summary")).to_be_focused()


# Coverage ------------------------------------------------------------------------------------------------------------


def test_a_cell_opens_its_passages_by_keyboard_and_back_returns(page: Page) -> None:
    open_table(page)
    row = page.get_by_role("row", name=re.compile("^7 Vulnerabilities"))
    cell = row.get_by_role("link").first
    expect(cell).to_have_accessible_name(re.compile(r"\d+ stated, \d+ inferred"))
    stated, inferred = map(int, re.findall(r"\d+", cell.text_content() or "")[:2])

    cell.press("Enter")

    heading = page.get_by_role("heading", name="Objective 7, Vulnerabilities · Background note, Roundtable 4")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(page.locator("#cell .passage-card")).to_have_count(stated + inferred)
    expect(page).to_have_url(re.compile("#coverage/7/background-note$"))
    page.go_back()
    expect(page.locator("#cell .passage-card").first).to_be_hidden()


def test_gaps_are_heard_and_passages_without_an_objective_are_listed(page: Page) -> None:
    open_table(page)

    expect(page.get_by_role("cell", name="gap").first).to_be_visible()
    link = page.get_by_role("link", name="Passages without an objective")
    count = int(re.findall(r"\d+", link.text_content() or "")[0])
    link.click()
    expect(page.locator("#cell .passage-card")).to_have_count(count)
    expect(page.locator("#cell .objective-badge")).to_have_count(0)
