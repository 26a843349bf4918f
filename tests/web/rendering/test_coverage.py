from dataclasses import replace

from assistant.objectives.coverage import Coverage, coverage_of
from assistant.records import Passage, Tag
from assistant.web.app import page_of
from assistant.web.rendering.coverage import render_cell, render_coverage
from assistant.web.rendering.passages import Context
from assistant.web.rendering.strings import read_strings
from tests.web.fake_assistant import DIGEST_PASSAGE, NOTE_PASSAGE, OBJECTIVES, FakeAssistant
from tests.web.rendering.test_document_words import Reader

CONTEXT = Context(read_strings("en"), FakeAssistant.documents, {each.number: each for each in OBJECTIVES})
COVERAGE = coverage_of(FakeAssistant.passages)


def rendered(coverage: Coverage, context: Context = CONTEXT, *, size: int = 9, number: int = 1) -> str:
    """The table of a page of the documents."""
    sources = [document.source for document in context.documents.values()]
    return render_coverage(coverage, page_of(sources, size=size, number=number), context)


def copies(count: int, basis_of_last: Tag | None = None) -> list[Passage]:
    """The same passage many times, the last one perhaps with another tag."""
    passages = [replace(NOTE_PASSAGE, number=n) for n in range(1, count + 1)]
    return [*passages[:-1], replace(passages[-1], tags=(basis_of_last,))] if basis_of_last else passages


def test_a_cell_is_seen_as_a_sum_and_heard_in_words() -> None:
    coverage = coverage_of(copies(4, Tag(7, "inferred", 0.6, "words")))

    html = rendered(coverage)

    assert '<span class="visually-hidden">3 stated, 1 inferred</span><span aria-hidden="true">3 + 1</span>' in html
    assert 'href="coverage/7/background-note"' in html


def test_a_gap_is_seen_as_a_dash_and_heard_as_a_gap() -> None:
    html = rendered(COVERAGE)

    assert '<span aria-hidden="true">–</span><span class="visually-hidden">gap</span>' in html
    assert html.count('class="is-gap"') == 1  # nothing on objective 22 anywhere


def test_squares_count_up_to_eight() -> None:
    assert rendered(coverage_of(copies(8))).count('<span class="square"></span>') == 8
    assert '<span class="square"></span>' not in rendered(coverage_of(copies(9)))


def test_the_passages_without_an_objective_are_counted_and_listed() -> None:
    assert "Passages without an objective (1)" in rendered(COVERAGE)
    listed = render_cell(None, "", COVERAGE, CONTEXT)

    assert 'data-cell="none/"' in listed
    assert "What it says, item 1" in Reader(listed).text


def test_where_every_passage_has_one_it_says_so() -> None:
    assert "Every passage carries an objective." in rendered(coverage_of([NOTE_PASSAGE]))


def test_a_cell_opens_its_passages_with_where_the_tags_come_from() -> None:
    read = Reader(render_cell(7, "background-note", COVERAGE, CONTEXT))

    assert "Objective 7, Vulnerabilities · Background note, Roundtable 4" in read.text
    assert "1 stated, 0 inferred" in read.text
    assert "GCM objective 7" in read.text
    assert "Nearness" not in read.text


def test_a_cell_shows_a_hundred_passages_at_the_most_and_says_so() -> None:
    html = render_cell(7, "background-note", coverage_of(copies(101)), CONTEXT)

    assert html.count("<article") == 100
    assert "the first 100 of 101 are shown" in html


def test_a_gap_and_what_is_not_there_open_nothing() -> None:
    assert "gap" in render_cell(22, "background-note", COVERAGE, CONTEXT)
    assert render_cell(99, "background-note", COVERAGE, CONTEXT) == ""
    assert render_cell(7, "<b>", COVERAGE, CONTEXT) == ""


def test_nothing_of_a_source_becomes_html() -> None:
    source = replace(DIGEST_PASSAGE.source, id='a"<b>', title="<i>T</i>")
    document = replace(FakeAssistant.documents[DIGEST_PASSAGE.source.id], source=source)
    passage = replace(NOTE_PASSAGE, source=source)
    context = replace(CONTEXT, documents={source.id: document})

    html = rendered(coverage_of([passage]), context) + render_cell(7, source.id, coverage_of([passage]), context)

    assert "<i>" not in html
    assert "<b>" not in html
    assert 'href="coverage/7/a%22%3Cb%3E"' in html


def test_a_page_of_many_documents_shows_some_and_the_way_to_the_others() -> None:
    first, last = (rendered(COVERAGE, size=1, number=number) for number in (1, 2))

    assert "<strong>A</strong>" in first
    assert 'href="coverage?lang=en&amp;find=&amp;page=2" data-part="parts/coverage">Next page</a>' in first
    assert "2 to 2 of 2" in last
    assert "<strong>B</strong>" in last
    assert first.count('class="is-gap"') == last.count('class="is-gap"') == 1  # a gap is one in all documents
