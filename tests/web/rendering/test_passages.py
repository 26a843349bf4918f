from dataclasses import replace

from assistant.records import Document, Hit, Paragraph
from assistant.web.rendering.passages import Context, context_of, goes_on, render_passage, render_quotation
from assistant.web.rendering.strings import read_strings
from tests.web.fake_assistant import CHILDREN, NOTE, NOTE_PASSAGE, OBJECTIVES, FakeAssistant

STRINGS = read_strings("en")
TEXT = "First part. Second part. Third part."
PASSAGE = replace(NOTE_PASSAGE, locator="para. 1", text="Second part.", start=12, end=24, body=0)
CONTEXT = Context(STRINGS, {NOTE.id: Document(NOTE, TEXT, (Paragraph("para. 1", "", 0, len(TEXT)),))}, {})


def test_while_nothing_is_open_there_are_no_documents_to_show_an_answer_against() -> None:
    assert context_of(None, STRINGS) == Context(STRINGS, {}, {})
    assert set(context_of(FakeAssistant(), STRINGS).objectives) == {each.number for each in OBJECTIVES}


def test_a_passage_in_mid_paragraph_goes_on_on_both_sides() -> None:
    assert goes_on(PASSAGE, CONTEXT) == (True, True)
    assert goes_on(replace(PASSAGE, start=0, end=len(TEXT)), CONTEXT) == (False, False)
    assert goes_on(replace(PASSAGE, locator="para. 9"), CONTEXT) == (False, False)
    assert '<span class="words-line goes-on-before goes-on-after">' in render_passage(Hit(PASSAGE, 0.5), CONTEXT)


def test_what_answers_is_marked_in_the_passage() -> None:
    html = render_passage(Hit(PASSAGE, 0.5, highlights=((0, 6),)), CONTEXT)

    assert "<mark>Second</mark> part." in html


def test_a_dash_in_mid_line_of_a_quotation_opens_no_item() -> None:
    passage = replace(PASSAGE, text="- or not", start=6, end=14)

    assert "words-item" not in render_quotation(passage, "- or not", CONTEXT)


def test_the_lines_of_a_title_page_stay_apart() -> None:
    passage = replace(PASSAGE, locator="opening lines 1–2", text="Regional\nReview")

    assert render_quotation(passage, passage.text, CONTEXT).count("words-line") == 2


def test_quoted_words_are_written_to_the_letter() -> None:
    assert f">{CHILDREN}</span>" in render_quotation(NOTE_PASSAGE, CHILDREN, context_of(FakeAssistant(), STRINGS))
