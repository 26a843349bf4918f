from assistant.collation.alignment import Aligner, differences
from assistant.collation.words import Worded
from tests.collation.shelf import PHRASES


def test_words_are_aligned_with_the_document_that_has_most_of_them() -> None:
    draft = Worded("Les États s’engagent à défendre les droits de l’homme de tous les migrants", is_draft=True)
    aligner = Aligner(draft, PHRASES)

    found = next(iter(aligner.alignments(0, len(draft.spans), aligner.blocks)))

    source = PHRASES.worded(found.document)
    assert PHRASES.documents[found.document].id == "fr"
    assert [(each.draft, each.source) for each in differences(found, draft, source)] == [("défendre", "protéger")]
    assert source.words(*found.source).startswith("Les États")


def test_a_first_letter_may_differ_where_nothing_marks_a_quotation() -> None:
    draft = Worded("states shall protect the rights", is_draft=True)
    aligner = Aligner(draft, PHRASES)
    found = next(iter(aligner.alignments(0, 5, aligner.blocks)))

    source = PHRASES.worded(found.document)

    assert differences(found, draft, source, is_marked=False) == []
    assert [each.kind for each in differences(found, draft, source)] == ["changed"]
