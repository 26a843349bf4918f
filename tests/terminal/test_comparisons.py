from assistant.collation import compare_versions
from assistant.records import CheckedDraft, DraftParagraph, Objective, ObjectiveMatch
from assistant.terminal import render_check, render_comparison, render_in_all
from tests.collation.shelf import checked
from tests.collation.test_versions import AFTER, BEFORE
from tests.web.fake_assistant import DIGEST, NOTE, FakeAssistant


def test_a_check_says_of_each_quotation_what_to_mend() -> None:
    draft = "In 1999 “the rights of most migrants, regardless of their status”. “zebra”. “orderly and humane manner”"
    objective = ObjectiveMatch(Objective(7, "Title", "Short", 1, 4), "stated", 1.0)
    paragraphs = (DraftParagraph(0, len(draft), (objective,)),)

    written = render_check(CheckedDraft(draft, checked(draft), paragraphs, "sha256:abc"))

    assert written.startswith("0 exact, 1 altered, 2 not in these documents")
    assert "changed: “all” into “most”" in written
    assert "Title of en, 2018, item 1" in written
    assert "1999, not in the document" in written
    assert "Only our summary of Title of digest" in written
    assert "7 Short (stated)" in written


def test_a_comparison_names_what_was_added_removed_and_changed() -> None:
    written = render_comparison(BEFORE, AFTER, compare_versions(BEFORE, AFTER))

    assert "Paragraphs that are the same: 1." in written
    assert "+ para. 1: 1. A wholly new opening" in written
    assert "~ para. 1 → para. 2\n    changed: “shall” into “must”" in written
    assert "= para. 2 is now para. 3" in written
    assert "- para. 3: 3. This third paragraph" in written


def test_a_subject_in_all_documents_names_those_that_say_nothing() -> None:
    answers = FakeAssistant().in_all_documents("What of children, child?")

    written = render_in_all(answers, {NOTE.id: NOTE, DIGEST.id: DIGEST})

    assert "para. 4" in written
    assert "unaccompanied" in written
    assert "Nothing on it: COVID-19 and People on the Move" in written
