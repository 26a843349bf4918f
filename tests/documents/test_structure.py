from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Document
from assistant.documents.structure import paragraphs_of
from tests.conftest import make_document

_LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["", "Heading", "# Heading", "1. First point is here.", "(a) Item;", "(i) sub", "- bullet", "Annex I"]
        ),
        st.text(alphabet="abc DEF.,;:(1)#-\t", max_size=60),
    ),
    max_size=25,
)


def _locators(document: Document) -> dict[str, str]:
    return {p.locator: document.text[p.start : p.end] for p in document.paragraphs}


def test_the_notes_paragraphs_are_cited_as_a_delegate_would(note: Document) -> None:
    locators = _locators(note)

    assert locators["opening lines 1–3"].endswith("Roundtable 4 – Friday, 13 November, 13:30 – 15:10")
    assert locators["opening lines 4–8"].startswith("GCM objective 1:")
    assert locators["para. 4"].startswith("This roundtable will further consider GCM objective 7")
    assert locators["Guiding question 3"].startswith("3. What examples of state-led interventions")
    assert locators["Background materials, item 2"].startswith("UN Secretary-General [Policy Brief](#)")
    assert locators["Communications, para. 3"].startswith("To tweet during the event")
    assert len(locators) == 23


def test_the_notes_headings_are_found(note: Document) -> None:
    headings = list(dict.fromkeys(p.heading for p in note.paragraphs))

    assert headings == ["", "Background note", "Guiding questions", "Background materials", "Communications"]


def test_a_paragraph_broken_by_a_page_break_is_one(note: Document) -> None:
    text = _locators(note)["para. 3"]

    assert "child-sensitive and\n\ngender-specific information" in text
    assert text.endswith("may be considered necessary.")


FORMAL = """\
Seventh session
Agenda item 3
7/1. Mobility and shelter
The General Assembly,
Recalling its earlier resolutions on shelter for people on the move, and noting the progress that was made since,
1. Decides that the review:
    (a) Shall last for two days;
    (b) Shall cover the aims in the following way:
        (i) First table: aims 1 and 2;
        (ii) Second table: aim 3;
    (c) Shall end with a summary;
Shelter and water
2. Invites States to build shelters along the routes that people take;
3. Requests the secretariat to report on the progress made, and to do so every second year.
12th plenary meeting
1 May 2019
"""


def test_a_resolution_is_cited_by_numbers_letters_and_sub_items() -> None:
    document = make_document(FORMAL)

    locators = _locators(document)

    assert list(locators) == [
        "opening lines 1–2",
        "preambular para. 1",
        "para. 1",
        "para. 1 (a)",
        "para. 1 (b)",
        "para. 1 (b) (i)",
        "para. 1 (b) (ii)",
        "para. 1 (c)",
        "para. 2",
        "para. 3",
        "closing lines 1–2",
    ]
    assert locators["para. 1 (b) (ii)"] == "(ii) Second table: aim 3;"


def test_an_item_keeps_the_words_that_introduce_it() -> None:
    document = make_document(FORMAL)

    leads = {p.locator: p.lead for p in document.paragraphs}

    assert leads["para. 1 (a)"] == "1. Decides that the review:"
    assert leads["para. 1 (b) (i)"] == "(b) Shall cover the aims in the following way:"
    assert leads["para. 2"] == ""


def test_letters_go_on_after_h_without_turning_into_roman_numbers() -> None:
    items = "\n".join(f"({letter}) Takes step {letter};" for letter in "abcdefghijk")
    document = make_document(
        f"1. First of the points.\n2. Second of the points.\n3. Decides that the forum:\n{items}\n"
    )

    locators = list(_locators(document))

    assert locators[-3:] == ["para. 3 (i)", "para. 3 (j)", "para. 3 (k)"]


def test_an_annex_whose_numbers_begin_again_is_named() -> None:
    body = "1. One is said here.\n2. Two is said here.\n3. Three is said here.\n"
    document = make_document(f"{body}Annex I\nA plan\n1. The plan is this.\n2. The plan is that.\n")

    locators = list(_locators(document))

    assert locators == ["para. 1", "para. 2", "para. 3", "annex I, para. 1", "annex I, para. 2"]


def test_an_annex_that_holds_the_only_numbers_is_not_named() -> None:
    document = make_document(
        "The General Assembly\nEndorses the declaration in the annex, as it stands below.\n"
        "Annex\nDeclaration\n1. One.\n2. Two.\n3. Three.\n"
    )

    locators = list(_locators(document))

    assert locators[-3:] == ["para. 1", "para. 2", "para. 3"]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = "\n".join(
        [
            "Migrants often carry the burden of a crisis that they did not",
            "cause, and many of them have no access to the services that",
            "others take for granted, such as a doctor, a school or a bank",
            "account, which is why this brief looks at all three of them in",
            "turn and says what can be done.",
            "",
            "The second paragraph begins after a blank line, and is wrapped",
            "in the same way as the first.",
        ]
    )
    document = make_document(text)

    assert list(_locators(document)) == ["para. 1", "para. 2"]


def test_markdown_headings_and_lists_are_understood() -> None:
    document = make_document("# Title\n\nOpening words.\n\n## Means\n\n- first\n- second\n\nClosing words.\n")

    assert list(_locators(document)) == ["para. 1", "Means, item 1", "Means, item 2", "Means, para. 1"]


@pytest.mark.parametrize("text", ["", "\n\n", "---", "word", "\r\n\r\nword\r\n", "\ufeff", "1.", "(a)", "#"])
def test_small_texts_are_read(text: str) -> None:
    assert len(paragraphs_of(text)) <= 1


@given(_LINES)
def test_paragraphs_are_in_order_and_their_locators_unique(lines: list[str]) -> None:
    text = "\n".join(lines)

    paragraphs = paragraphs_of(text)

    assert all(p.start < p.end for p in paragraphs)
    assert all(first.end <= second.start for first, second in pairwise(paragraphs))
    assert len({p.locator for p in paragraphs}) == len(paragraphs)
    assert len({p.anchor for p in paragraphs}) == len(paragraphs)


def test_headings_that_differ_in_punctuation_alone_make_different_anchors() -> None:
    document = make_document("(a) Item;\nF-\n1. First point is here.\nF\n1. First point is here.")

    assert len({paragraph.anchor for paragraph in document.paragraphs}) == len(document.paragraphs)


def test_the_long_formal_document_is_cited_throughout(formal_document: Document) -> None:
    locators = _locators(formal_document)

    assert sum(locator.count("(") == 1 for locator in locators) >= 100
    assert not [locator for locator in locators if locator.endswith("]")]


@pytest.fixture
def formal_document() -> Document:
    """A long document in the manner of a resolution, with an annex."""
    path = Path(__file__).parents[1] / "data" / "formal-document.txt"
    return make_document(path.read_text(encoding="utf-8"))


def test_an_annex_without_numbers_is_cited_as_one_though_a_scan_parts_numbers_from_their_full_stops() -> None:
    text = (
        "The General Assembly,\n\nRecalling the winter of the ferries and of those who keep them,\n\n"
        "1 . Adopts the declaration;\n\n2 . Ends.\n\nAnnex\n\nDeclaration on ferries\n\n"
        "We, the towns of the sound, met in Odrin to speak of ferries and of their crews.\n"
    )

    assert [each.locator for each in paragraphs_of(text)] == [
        "preambular para. 1",
        "para. 1",
        "para. 2",
        "annex, Declaration on ferries, para. 1",
    ]
