"""The journeys of a draft, of one subject in all documents, of versions and of chosen documents."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.documents.structure import paragraphs_of
from assistant.records import Document, Source
from tests.browser.conftest import ask, serving_assistant, violations, visiting
from tests.web.fake_assistant import CHILDREN, FakeAssistant

pytestmark = pytest.mark.browser


def _version(id: str, text: str, **facts: str) -> Document:
    return Document(Source(id=id, title=f"Plan, {id}", file=f"{id}.txt", **facts), text, paragraphs_of(text))  # type: ignore[arg-type]


class Versions(FakeAssistant):
    """Holds two versions of a plan besides the note."""

    _ADDED = (
        _version("plan", "1. Migrants shall be protected.\n\n2. The second paragraph stays as it is."),
        _version(
            "plan-rev", "1. Migrants must be protected.\n\n2. The second paragraph stays as it is.", supersedes="plan"
        ),
    )
    documents: Mapping[str, Document] = {**FakeAssistant.documents, **{each.id: each for each in _ADDED}}
    sources: tuple[Source, ...] = (*FakeAssistant.sources, *(each.source for each in _ADDED))


@pytest.fixture(scope="module")
def versions() -> Iterator[str]:
    """Where the versions are served."""
    with serving_assistant(Versions()) as url:
        yield url


def test_a_draft_is_pasted_checked_and_saved(chromium: Browser, versions: str, tmp_path: Path) -> None:
    with visiting(chromium, versions) as page:
        page.locator(".places a", has_text="Check a draft").click()
        page.locator("#draft-text").fill(f"It says “{CHILDREN}”, and “{CHILDREN.replace('migrant', 'all')}”. “Zebra”.")
        page.get_by_role("button", name="Check the draft").click()

        expect(page.locator(".draft-quotation > .draft-status")).to_have_text(
            ["Exact", "Altered", "Not in these documents"]
        )
        expect(page.locator(".draft-difference del")).to_have_text("migrant")
        assert violations(page) == []
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save as Word").click()
        assert saved.value.suggested_filename.endswith(".docx")
        place = re.compile(r"^\./documents/background-note/para-4/\d+-\d+#background-note--para-4$")
        expect(page.locator(".citation a").first).to_have_attribute("href", place)


def test_an_answer_leads_to_all_documents_and_a_choice_of_them_narrows(chromium: Browser, versions: str) -> None:
    with visiting(chromium, versions) as page:
        page.locator("#filter-fold summary").click()
        page.locator('input[name="document"][value="background-note"]').check()
        ask(page, "Which child?")
        expect(page.locator("[data-only]")).to_contain_text("Background note")

        page.locator(".turn a", has_text="In all documents").click()

        expect(page.locator(".subject-table tbody tr")).to_have_count(1)
        expect(page.locator("main")).to_contain_text("Nothing on it in")
        assert violations(page) == []


def test_the_reader_shows_what_changed_since_an_earlier_version(chromium: Browser, versions: str) -> None:
    with visiting(chromium, f"{versions}#documents/plan-rev") as page:
        page.locator(".changes summary").click()

        expect(page.locator(".changes ins")).to_have_text("must")
        expect(page.locator(".changes del")).to_have_text("shall")
