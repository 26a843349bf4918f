from assistant.web.comparisons.subjects import render_subject, rows_of, silent_of
from assistant.web.rendering import context_of, read_strings
from tests.web.fake_assistant import CHILDREN, FakeAssistant

ASSISTANT = FakeAssistant()
CONTEXT = context_of(ASSISTANT, read_strings("en"))
ANSWERS = ASSISTANT.in_all_documents("Which child?")


def test_each_document_that_speaks_has_a_row_word_for_word() -> None:
    (row,) = rows_of(ANSWERS, CONTEXT)

    assert row.words == " ".join(CHILDREN.split())
    assert row.citation.endswith("para. 4")
    assert row.place.startswith("documents/background-note/para-4/")


def test_those_that_say_nothing_are_named() -> None:
    assert silent_of(ANSWERS, CONTEXT) == "COVID-19 and People on the Move (digest)"
    assert silent_of(ANSWERS, CONTEXT) in render_subject("<Which> child?", ANSWERS, CONTEXT, style="style.css")
    assert "&lt;Which&gt;" in render_subject("<Which> child?", ANSWERS, CONTEXT, style="style.css")
