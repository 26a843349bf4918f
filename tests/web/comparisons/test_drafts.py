import pytest

from assistant.errors import ReadError
from assistant.web.comparisons.drafts import read_draft, render_draft
from assistant.web.rendering import LANGUAGES, read_strings
from tests.web.fake_assistant import CHILDREN, FakeAssistant

ENGLISH = read_strings("en")


def test_a_page_shows_each_quotation_with_its_place() -> None:
    draft = f"It says “{CHILDREN}” <b>and</b> “{CHILDREN.replace('migrant', 'all')}”."

    html = render_draft(ENGLISH, style="style.css", text=draft, checked=FakeAssistant().check(draft))

    assert 'class="panel draft-quotation is-exact"' in html
    assert "<del" in html
    assert 'href="./documents/background-note/para-4/' in html
    assert "&lt;b&gt;and&lt;/b&gt;" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_page_speaks_every_language(language: str) -> None:
    strings = read_strings(language)

    html = render_draft(strings, style="style.css")

    assert strings.text("draft.lead") in html
    assert "<script" not in html


def test_a_draft_without_quotations_says_so() -> None:
    html = render_draft(ENGLISH, style="", text="Nothing.", checked=FakeAssistant().check("Nothing."))

    assert ENGLISH.text("draft.none") in html


def test_a_file_that_is_no_text_is_refused() -> None:
    assert read_draft("statement.txt", b"Words.") == "Words."
    with pytest.raises(ReadError, match=r"^Is plain text, not a Word document"):
        read_draft("statement.docx", b"no Word file")
