import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.documents.structure import paragraphs_of
from assistant.records import Answer, Classification, Document, Hit, Objective, ObjectiveMatch, Source, Tag
from tests.browser.conftest import ask, rank, serving_assistant, unfold_all, visiting
from tests.web.fake_assistant import FakeAssistant, answered, make_passage, not_in_documents

pytestmark = pytest.mark.browser

# What would set `window.pwned` if any of it ran: as HTML, in an attribute, in a template, in a link.
TRICKS = " ".join(
    (
        "<script>window.pwned=1</script>",
        "<img src=x onerror=window.pwned=1>",
        '"><svg onload=window.pwned=1></svg>',
        "' autofocus onfocus=window.pwned=1 x='",
        "</textarea></template></script><iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
        "<style>body{display:none}</style><base href=//elsewhere.example/><meta http-equiv=refresh content=0>",
        "<form action=//elsewhere.example/><button>children</button></form>",
        "`${window.pwned=1}` {{window.pwned=1}} {{#with pwned}}{{/with}}",
        "[children](javascript:window.pwned=1) javascript:window.pwned=1",
    )
)
MADE = (
    "#turns img, iframe, svg[onload], base[href*=elsewhere], form[action*=elsewhere], meta[http-equiv], [onerror], "
    "[onfocus]"
)
REORDERING = "child \u202erdlihc\u2067 \u2066children\u202d"  # overrides and isolates that are never closed
HIDDEN = "children" + "".join(chr(0xE0000 + ord(each)) for each in "ignore this") + "\U000e007f"


# Hostile documents ---------------------------------------------------------------------------------------------------

_TEXT = f"# {TRICKS}\n\n1. On children. {TRICKS}\n\n2. {REORDERING} and {HIDDEN}.\n"
_BAD = Source(
    id=f"bad/{TRICKS[:60]}",
    title=f"Title {TRICKS}",
    publisher=TRICKS,
    date=TRICKS,
    symbol=TRICKS,
    type=TRICKS,
    address="javascript:window.pwned=1",
    file="<img src=x onerror=window.pwned=1>.md",
)
_OBJECTIVE = Objective(7, f"Title {TRICKS}", f"Short {TRICKS}", 23, 4, scope=TRICKS, boundary=TRICKS)
_PASSAGES = tuple(
    make_passage(_BAD, _TEXT, words, locator, Tag(7, "stated", 1.0, TRICKS))
    for words, locator in ((f"1. On children. {TRICKS}", f"para. 1 {TRICKS}"), (_TEXT[-80:].strip(), "para. 2"))
)


class Hostile(FakeAssistant):
    """Answers from a document whose every word, name and fact means harm."""

    sources: tuple[Source, ...] = (_BAD, *FakeAssistant.sources)
    objectives = (_OBJECTIVE, *FakeAssistant.objectives[1:])
    passages = _PASSAGES  # type: ignore[assignment]
    documents: Mapping[str, Document] = {_BAD.id: Document(_BAD, _TEXT, paragraphs_of(_TEXT))}

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        objectives: Collection[int] = (),
        documents: Collection[str] = (),
        top_k: int = 5,
        explain: bool = False,
    ) -> Answer:
        if "penguins" in question:
            return replace(not_in_documents(question), nearest=(Hit(_PASSAGES[0], 0.2),))
        passage = _PASSAGES[0]
        return replace(
            answered(question, understood_as=f"{question} {TRICKS}"),
            answer=passage.text,
            hits=tuple(Hit(each, 0.7, ((0, len(each.text)),)) for each in _PASSAGES),
            objectives=(ObjectiveMatch(_OBJECTIVE, "stated", 1.0, (TRICKS,)),),
        )

    def classify(self, topic: str) -> Classification:
        ranked = (ObjectiveMatch(_OBJECTIVE, "inferred", 0.8, (TRICKS,)), *super().classify(topic).objectives[1:])
        return replace(super().classify(topic), objectives=ranked, hits=(Hit(_PASSAGES[0], 0.6),))


@pytest.fixture(scope="module")
def hostile() -> Iterator[str]:
    """Where the hostile document is served."""
    with serving_assistant(Hostile()) as url:
        yield url


@pytest.fixture(scope="module")
def plain() -> Iterator[str]:
    """Where ordinary documents are served."""
    with serving_assistant(FakeAssistant()) as url:
        yield url


def dialogs_of(page: Page) -> list[str]:
    """What dialogs say from now on; each is closed."""
    said: list[str] = []

    def close(dialog: object) -> None:
        said.append(dialog.message)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", close)
    return said


def is_unharmed(page: Page) -> bool:
    """Whether nothing ran, nothing was put into the page, and the page is still to be seen."""
    return bool(
        page.evaluate(
            "(made) => window.pwned === undefined && document.querySelector(made) === null "
            "&& document.baseURI.startsWith(location.origin) && getComputedStyle(document.body).display !== 'none'",
            MADE,
        )
    )


# The policy ----------------------------------------------------------------------------------------------------------


def test_the_page_works_under_its_policy(chromium: Browser, plain: str) -> None:
    with visiting(chromium, plain) as page:  # which fails at a word in the console
        ask(page, "children?")
        unfold_all(page)
        page.get_by_role("link", name="Which objective?").click()
        rank(page, "children")
        page.get_by_role("link", name="Coverage", exact=True).click()
        page.locator("table.coverage a, table.coverage button").first.click()
        expect(page.locator("#cell-title")).to_be_visible()
        page.get_by_role("link", name="Documents", exact=True).click()
        page.locator(".library-link").first.click()

        expect(page.locator("#reader-title")).to_be_visible()


def test_what_gets_into_the_page_all_the_same_does_not_run(chromium: Browser, plain: str) -> None:
    put = """(html) => {
        const place = document.body.appendChild(document.createElement("div"));
        place.innerHTML = html;
        const script = document.createElement("script");
        script.textContent = "window.pwned = 2";
        place.append(script);
        const link = Object.assign(document.createElement("a"), { href: "javascript:window.pwned=3" });
        place.append(link);
        link.click();
        place.querySelector("form").submit();
        return new Promise((resolve) => setTimeout(() => resolve(getComputedStyle(document.body).display), 300));
    }"""
    with visiting(chromium, plain, errors_expected=True) as page:
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))

        display = page.evaluate(put, TRICKS)

        assert page.evaluate("window.pwned") is None
        assert display != "none"
        assert page.url == plain
        assert sum("Content Security Policy" in each for each in refused) >= 5


def test_a_page_of_another_site_can_neither_frame_it_nor_read_it(chromium: Browser, plain: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.route("http://elsewhere.test/", lambda route: route.fulfill(body=f"<iframe src='{plain}'></iframe>"))
    page.goto("http://elsewhere.test/")

    read = page.evaluate("(url) => fetch(url).then((answer) => answer.text(), () => 'refused')", plain)
    scripted = page.evaluate(
        "(src) => new Promise((resolve) => document.head.append(Object.assign(document.createElement('script'), "
        "{ src, onload: () => resolve('loaded'), onerror: () => resolve('refused') })))",
        f"{plain}static/js/iframeResizer.contentWindow.min.js",
    )
    page.wait_for_function("document.querySelector('iframe').contentDocument === null")
    frames = [frame.locator("gradio-app").count() for frame in page.frames if frame.parent_frame]
    context.close()

    assert (read, scripted) == ("refused", "refused")
    assert frames == [0]


# Words that mean harm ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", [f"children {TRICKS}", f"penguins {TRICKS}"], ids=["answered", "refused"])
def test_nothing_of_a_question_or_of_what_answers_it_runs(chromium: Browser, hostile: str, question: str) -> None:
    with visiting(chromium, hostile) as page:
        dialogs = dialogs_of(page)
        ask(page, question)
        unfold_all(page)

        assert page.locator("#conversation .turn h2").inner_text() == question
        assert is_unharmed(page)
        page.reload()  # the conversation is brought back from the tab
        expect(page.locator("#conversation .turn h2")).to_have_text(question)
        assert is_unharmed(page)
        assert dialogs == []


def test_nothing_of_a_topic_or_of_its_ranking_runs(chromium: Browser, hostile: str) -> None:
    with visiting(chromium, hostile + "#objective") as page:
        dialogs = dialogs_of(page)
        rank(page, f"children {TRICKS}")
        unfold_all(page)
        page.get_by_role("link", name="Coverage", exact=True).click()
        page.locator("table.coverage a, table.coverage button").first.click()
        expect(page.locator("#cell-title")).to_be_visible()

        assert is_unharmed(page)
        assert dialogs == []


def test_nothing_of_a_document_or_of_its_facts_runs(chromium: Browser, hostile: str) -> None:
    with visiting(chromium, hostile + "#documents") as page:
        dialogs = dialogs_of(page)
        page.locator(".library-link").first.click()
        expect(page.locator("#reader-title")).to_contain_text("<script>window.pwned=1</script>")

        assert is_unharmed(page)
        assert page.locator("a[href^=javascript]").count() == 0
        assert dialogs == []


@pytest.mark.parametrize(
    "address",
    [
        f"?q={quote(f'children {TRICKS}')}",
        f"?lang={quote(TRICKS)}",
        f"?objective={quote(TRICKS)}",
        f"#documents/{quote(TRICKS, safe='')}/{quote(TRICKS, safe='')}",
        f"#coverage/{quote(TRICKS, safe='')}/{quote(TRICKS, safe='')}",
        f"#{quote(TRICKS)}",
    ],
    ids=["question", "language", "objective", "document", "cell", "place"],
)
def test_nothing_of_an_address_runs(chromium: Browser, hostile: str, address: str) -> None:
    with visiting(chromium, hostile + address, errors_expected="#documents" in address) as page:  # there is none such
        dialogs = dialogs_of(page)
        expect(page.locator("#searched")).to_be_attached()
        if "q=" in address:
            expect(page.locator("#conversation .turn")).to_have_count(1)
        if "#documents" in address:
            expect(page.locator(".reader-room")).to_contain_text("no such document")

        assert is_unharmed(page)
        assert dialogs == []


def test_nothing_of_a_spreadsheet_or_its_name_runs_and_its_formulas_come_back_as_text(
    chromium: Browser, hostile: str, tmp_path: Path
) -> None:
    rows = [["note", "topic"], [TRICKS, f"children {TRICKS}"], ["=1+1", "+children"], [TRICKS, "?"]]
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    sheet = {
        "name": "\"><img src=x onerror=window.pwned=1>'.csv",
        "mimeType": "text/csv",
        "buffer": (tmp_path / "in.csv").read_bytes(),
    }
    with visiting(chromium, hostile + "#many") as page:
        dialogs = dialogs_of(page)
        page.get_by_label("Choose a file").set_input_files(sheet)  # type: ignore[arg-type]
        page.get_by_role("button", name="Rank the topics").click()
        expect(page.locator(".many")).to_contain_text("no words in the topic")

        assert is_unharmed(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as CSV").click()
        download.value.save_as(tmp_path / "out.csv")
        assert dialogs == []

    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.reader(file))
    assert [row[:2] for row in written] == [*rows[:2], ["'=1+1", "'+children"], rows[3]]
    # What is added is a number, an official title, a share or nothing: nothing that a spreadsheet would reckon.
    assert all(not cell or cell[0].isalnum() for row in written for cell in row[2:])


# Characters that mislead ---------------------------------------------------------------------------------------------

# The boxes in which something that reorders stands beside words of others.
LEAKS = """() => {
    const leaks = [];
    const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (all.nextNode()) {
        const node = all.currentNode;
        if (!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(node.data)) continue;
        if (node.parentElement.closest("template, textarea, script")) continue;
        let box = node.parentElement;
        while (getComputedStyle(box).display.startsWith("inline") && getComputedStyle(box).unicodeBidi === "normal")
            box = box.parentElement;
        if (box.textContent.trim() !== node.data.trim()) leaks.push(box.outerHTML.slice(0, 200));
    }
    return leaks;
}"""


@pytest.mark.parametrize("question", [REORDERING, "penguins \u202ekcab ot tnorf"], ids=["answered", "refused"])
def test_what_reorders_letters_reorders_those_of_its_own_box_only(chromium: Browser, plain: str, question: str) -> None:
    with visiting(chromium, plain) as page:
        ask(page, question)
        unfold_all(page)
        leaks = page.evaluate(LEAKS)
        page.get_by_role("link", name="Which objective?").click()
        rank(page, question)
        leaks += page.evaluate(LEAKS)

        assert page.locator(".topic-asked bdi").inner_text() == question
        assert leaks == []


def test_what_reorders_letters_in_a_document_stays_in_its_paragraph(chromium: Browser, hostile: str) -> None:
    with visiting(chromium, hostile + "#documents") as page:
        page.locator(".library-link").first.click()
        expect(page.locator("#reader-title")).to_be_visible()

        leaks = page.evaluate(LEAKS)

        assert leaks == []


@pytest.mark.parametrize(
    "question",
    [
        HIDDEN,
        "children \ud800",
        "\udc00children",
        "chil\u200bdren children \u200f",
        "children \ufeff\uffff",
        "children \x00",
    ],
    ids=["tags", "half a pair", "the other half", "no width", "no character", "NUL"],
)
def test_an_odd_question_is_an_ordinary_one(chromium: Browser, plain: str, question: str) -> None:
    with visiting(chromium, plain) as page:
        page.evaluate(
            "([box, units]) => { const area = document.querySelector(box); "
            "area.value = String.fromCharCode(...units); area.dispatchEvent(new Event('input', { bubbles: true })); }",
            ["#question textarea", _units(question)],
        )
        page.locator("#question textarea").press("Enter")
        expect(page.locator("#conversation .turn")).to_have_count(1)

        assert page.locator("#conversation .turn").get_attribute("data-status") == "answered"
        assert "children" in page.locator("#conversation .turn h2").inner_text()


def _units(text: str) -> list[int]:
    """A text as JavaScript counts it."""
    sent = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(sent[at : at + 2], "little") for at in range(0, len(sent), 2)]
