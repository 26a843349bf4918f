import re
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.corpus import read_corpus
from assistant.documents.passages import split_document
from assistant.documents.structure import paragraphs_of
from assistant.records import Document, Paragraph, Passage, Source, Span, Tag
from assistant.web.app import page_of
from assistant.web.rendering.document_words import LINE_ENDS, read_lines, render_lines
from assistant.web.rendering.documents import render_document
from assistant.web.rendering.passages import Context
from assistant.web.rendering.strings import read_strings
from assistant.web.rendering.templates import render
from tests.conftest import ROOT
from tests.web.fake_assistant import (
    CHILDREN,
    DIGEST,
    DIGEST_PASSAGE,
    NOTE,
    NOTE_PASSAGE,
    NOTE_TEXT,
    OBJECTIVES,
    FakeAssistant,
)
from tests.web.rendering.test_document_words import Reader

STRINGS = read_strings("en")
CONTEXT = Context(STRINGS, FakeAssistant.documents, {objective.number: objective for objective in OBJECTIVES})
SOURCE = Source("plan", "A plan")


def sheet(text: str, passages: Sequence[Passage] = (), *, source: Source = SOURCE, marks: Sequence[Span] = ()) -> str:
    """The sheet of a text whose paragraphs are found as those of any other."""
    return render_document(Document(source, text, paragraphs_of(text)), passages, CONTEXT, marks=marks)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def document_words(html: str) -> str:
    """What a sheet shows of its document, in order, without what is ours."""
    body = html.split('<div class="paragraphs"', 1)[1].split(">", 1)[1]
    shown = re.findall(r'<(p|h3) class="[^"]*document-words"[^>]*>(.*?)</\1>', body, re.DOTALL)
    return squeezed("".join(Reader(inner).text for _, inner in shown))


def squeezed(text: str) -> str:
    return "".join(text.split())


def without_signs(text: str) -> str:
    """A document's words without the signs of Markdown, which are shown and not written."""
    text = re.sub(r"\[([^\[\]]+)\]\([^()\s]*\)", r"\1", text)
    return squeezed(re.sub(r"^\s*(#{1,6}|[-*•–])\s", "", text, flags=re.MULTILINE))


# Every word ----------------------------------------------------------------------------------------------------------

_DOCUMENTS = {each.id: each for each in read_corpus(ROOT / "corpus").documents}


@pytest.mark.parametrize("id", _DOCUMENTS)
def test_the_sheet_of_a_shipped_document_holds_every_word_of_it_in_order(id: str) -> None:
    document = _DOCUMENTS[id]

    html = render_document(document, split_document(document), CONTEXT)

    assert document_words(html) == without_signs(document.text)


_TEXTS = st.lists(
    st.sampled_from(
        [
            "1. The forum meets every four years.",
            "(a) Decides that:",
            "- one item & <b>",
            "## Means",
            "Annex",
            "The General Assembly,",
            "12 and 13 November 2020",
            "See https://a.org/b, or [here](https://a.org).",
            "A sentence that goes on and",
            "on, after a page has ended.",
            "***",
            "\f",
            "",
        ]
    ),
    max_size=14,
).map("\n".join)


@given(_TEXTS)
def test_the_sheet_of_any_text_holds_every_word_of_it_in_order(text: str) -> None:
    html = sheet(text)

    letters = r"[^\w]"
    assert re.sub(letters, "", document_words(html)) == re.sub(letters, "", without_signs(text))


def test_words_that_lie_outside_all_paragraphs_are_shown_in_their_place() -> None:
    text = "Before.\n\nThe paragraph.\n\nAfter."
    start = text.index("The")
    document = Document(SOURCE, text, (Paragraph("para. 1", "", start, start + 14),))

    html = render_document(document, (), CONTEXT)

    assert document_words(html) == "Before.Theparagraph.After."
    assert 'id="plan--closing-words"' in html


@given(st.text(alphabet=f"ab .#-•[]()h:/{LINE_ENDS}", max_size=30))
def test_plain_words_are_written_as_markup_writes_them(text: str) -> None:
    document = Document(SOURCE, text, (Paragraph("para. 1", "", 0, len(text)),))

    html = render_document(document, (), CONTEXT)

    assert f'<p class="document-words" lang="en" dir="ltr">{render_lines(read_lines(text))}</p>' in html


def test_a_document_s_text_is_escaped() -> None:
    hostile = "\"><script>alert('x')</script><img src=x onerror=alert(1)>"
    source = Source(hostile, hostile, "digest", hostile, hostile, hostile, f"https://a.org/{hostile}", hostile, hostile)
    document = Document(
        source, f"{hostile}\n{hostile}", (Paragraph(hostile, hostile, len(hostile) + 1, 2 * len(hostile) + 1),)
    )

    html = render_document(document, (), CONTEXT) + render(
        "documents/library.html", page=page_of([source], size=9), context=CONTEXT
    )

    tags = Reader(html).tags
    assert not {tag for tag, _ in tags} & {"script", "img"}
    assert not any(name.startswith("on") for _, attributes in tags for name in attributes)


# What stands beside them ---------------------------------------------------------------------------------------------


def test_a_paragraph_carries_its_place_a_link_and_its_citation() -> None:
    html = render_document(FakeAssistant.documents[NOTE.id], (), CONTEXT)

    assert '<div class="paragraph" id="background-note--para-4" tabindex="-1">' in html
    assert '<span class="paragraph-number">4</span>' in html
    assert 'href="documents/background-note/para-4#background-note--para-4" data-share>' in html
    assert 'data-copy="Background note, Roundtable 4, para. 4, 13 November 2020"' in html


def test_a_paragraph_s_objectives_stand_beside_it_once_stated_before_inferred() -> None:
    inferred = Tag(7, "inferred", 0.6, "children"), Tag(22, "inferred", 0.7, "benefits")
    passages = [
        replace(NOTE_PASSAGE, tags=inferred),
        NOTE_PASSAGE,
        replace(NOTE_PASSAGE, tags=(Tag(15, "inferred", 0.9, "services"),)),
    ]

    html = render_document(FakeAssistant.documents[NOTE.id], passages, CONTEXT)

    badges = re.findall(r'class="objective-badge is-(\w+)" data-objective="(\d+)"', html)
    assert badges == [("stated", "7"), ("inferred", "15"), ("inferred", "22")]
    assert "inferred 90%" in words(html)


def test_marked_parts_are_marked_to_the_letter_and_nothing_else_is() -> None:
    start = NOTE_TEXT.index(CHILDREN)

    html = render_document(
        FakeAssistant.documents[NOTE.id], (), CONTEXT, marks=[(start, start + len(CHILDREN)), (10**9, 10**9 + 5)]
    )

    assert re.findall(r"<mark>(.*?)</mark>", html) == [CHILDREN]


def test_a_mark_over_two_paragraphs_marks_its_part_of_each() -> None:
    text = "First one of two.\n\nSecond one of two."

    html = sheet(text, marks=[(text.index("two"), text.index("one", 20)), (4, 4), (8, 2), (-5, -1)])

    assert re.findall(r"<mark>(.*?)</mark>", html) == ["two.", "Second "]


def test_headings_are_shown_once_and_listed() -> None:
    html = sheet("## Means\n\nThe one way.\n\nThe other way.\n\n## Ends ##\n\nThe end of it.")

    assert re.findall(r'<h3 class="reader-heading document-words" id="([^"]+)"', html) == ["plan--means", "plan--ends"]
    assert [words(each) for each in re.findall(r"<h3.*?</h3>", html)] == ["Means", "Ends"]
    assert re.findall(r'<li><a href="([^"]+)">', html) == [
        "documents/plan/means#plan--means",
        "documents/plan/ends#plan--ends",
    ]


def test_a_heading_over_several_lines_is_one_heading() -> None:
    heading = "Progress in the\nimplementation"
    text = f"***\n{heading}\n-----\nIt has begun."
    document = Document(SOURCE, text, (Paragraph("para. 1", heading, text.index("It"), len(text)),))

    html = render_document(document, (), CONTEXT)

    assert [words(each) for each in re.findall(r"<h3.*?</h3>", html)] == ["Progress in the implementation"]
    assert document_words(html) == "***Progressintheimplementation-----Ithasbegun."


def test_a_heading_with_other_lines_below_it_is_a_heading() -> None:
    text = "73/326. Format\nThe General Assembly,\nReaffirming its resolution."
    document = Document(SOURCE, text, (Paragraph("preambular para. 1", "73/326. Format", 37, len(text)),))

    html = render_document(document, (), CONTEXT)

    assert [words(each) for each in re.findall(r"<h3.*?</h3>", html)] == ["73/326. Format"]
    assert '<p class="reader-between document-words"' in html
    assert document_words(html) == squeezed(text)


def test_a_digest_says_plainly_what_it_is_and_where_the_original_is() -> None:
    html = render_document(FakeAssistant.documents[DIGEST.id], [DIGEST_PASSAGE], CONTEXT)

    assert "Digest: our summary, not the document’s words. Open the original" in words(html)
    assert 'href="https://example.org/people-on-the-move" target="_blank"' in html
    assert 'class="reader is-digest"' in html
    assert (
        "Our summary, What it says, item 1 (the original: COVID-19 and People on the Move" in html
    )  # in its citations


def test_an_original_has_no_such_notice_and_its_facts_leave_out_what_is_unknown() -> None:
    html = render_document(FakeAssistant.documents[NOTE.id], (), CONTEXT)

    assert "reader-notice" not in html
    facts = words(html.split('<dl class="reader-facts">')[1].split("</dl>")[0])
    assert facts == "Kind Background note · Original · In English Source United Nations Date 13 November 2020"


@pytest.mark.parametrize(
    ("locator", "heading", "text", "shown"),
    [
        ("para. 4", "", "In keeping with", "4"),
        ("para. 4", "", "4. In keeping with", ""),
        ("para. 21 (b) (i)", "", "(i) Round table one", "21 (b) (i)"),
        ("Guiding question 3", "Guiding questions", "3. What examples", ""),
        ("Communications, para. 2", "Communications", "If there is content", "2"),
        ("Means, item 2", "Means:", "- Two", "item 2"),
        ("opening lines 1–3", "", "Regional Review", "opening lines 1–3"),
    ],
)
def test_a_number_says_what_the_heading_and_the_words_do_not(locator: str, heading: str, text: str, shown: str) -> None:
    html = render_document(Document(SOURCE, text, (Paragraph(locator, heading, 0, len(text)),)), (), CONTEXT)

    assert "".join(re.findall(r'<span class="paragraph-number">(.*?)</span>', html)) == shown


def test_ids_are_unique_even_where_two_places_make_the_same_anchor() -> None:
    text = "Para 3\nOne.\nTwo.\nThree."
    spans = [(7, 11), (12, 16), (17, 23)]
    locators = ["para. 3", "Para 3", "(para. 3)"]
    paragraphs = [Paragraph(each, "Para 3", *span) for each, span in zip(locators, spans, strict=True)]

    html = render_document(Document(SOURCE, text, tuple(paragraphs)), (), CONTEXT)

    assert re.findall(r' id="(plan--[^"]+)"', html) == [
        "plan--para-3-4",
        "plan--para-3",
        "plan--para-3-2",
        "plan--para-3-3",
    ]


def test_a_document_from_right_to_left_is_set_so() -> None:
    html = sheet("نص قصير.", source=replace(SOURCE, language="ar"))

    assert '<div class="paragraphs" dir="rtl">' in html


def test_five_hundred_pages_are_written_fast() -> None:
    count = 5_000
    texts = [f"{i}. {'The General Assembly decides so, as it did before. ' * 8}" for i in range(count)]
    text = "\n".join(texts)
    paragraphs, start = [], 0
    for i, each in enumerate(texts):
        paragraphs.append(Paragraph(f"para. {i}", "", start, start + len(each)))
        start += len(each) + 1
    passages = [
        Passage(SOURCE, i, "", f"para. {i}", "", 0, 0, tags=(Tag(7, "inferred", 0.5, ""),)) for i in range(count)
    ]
    marks = [(start, start + 1) for start in range(0, len(text), 200_000)]
    began = time.process_time()

    html = render_document(Document(SOURCE, text, tuple(paragraphs)), passages, CONTEXT, marks=marks)

    assert time.process_time() - began < 5  # half a second on most machines
    assert html.count('class="paragraph"') == count
    assert 'class="reader is-long"' in html
