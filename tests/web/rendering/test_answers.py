import re
from dataclasses import replace

import pytest

from assistant.records import Answer, Entry, Hit, Known, Reason, Source
from assistant.web.rendering.answers import announcement, copied_answer, render_problem, render_turn
from assistant.web.rendering.page_frame import render_searched
from assistant.web.rendering.passages import Context
from assistant.web.rendering.questions import Turn
from assistant.web.rendering.strings import read_strings
from assistant.web.rendering.templates import render
from tests.web.fake_assistant import (
    CHILDREN,
    NOTE,
    NOTE_PASSAGE,
    OBJECTIVES,
    REASON,
    FakeAssistant,
    answered,
    not_in_documents,
    summarised,
)
from tests.web.rendering.test_document_words import Reader

STRINGS = read_strings("en")
CONTEXT = Context(STRINGS, FakeAssistant.documents, {objective.number: objective for objective in OBJECTIVES})
QUESTION = "What does the note say about unaccompanied children?"


def shown(answer: Answer, *, is_folded: bool = False) -> str:
    return render_turn(Turn(answer.question, answer), CONTEXT, number=1, is_folded=is_folded)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_an_answer_is_quoted_first_then_placed_then_its_passages_follow() -> None:
    said = words(shown(answered(QUESTION)))

    parts = [
        f"You asked {QUESTION}",
        "Answer, word for word",
        CHILDREN,
        "Background note, Roundtable 4, para. 4",
        "Objectives concerned",
        "2 documents searched",
        "Version of the documents: sha256:3f9a1c70",
        "2 passages found",
        "Additional activities",
    ]
    assert [said.find(part) for part in parts] == sorted(said.find(part) for part in parts)
    assert all(part in said for part in parts)


def test_the_quoted_words_are_marked_in_their_passage_and_nothing_else_is() -> None:
    assert re.findall(r"<mark>(.*?)</mark>", shown(answered(QUESTION))) == [CHILDREN]


def test_a_passage_that_is_cut_from_its_paragraph_says_so() -> None:
    html = shown(answered(QUESTION))

    assert html.count("goes-on-after") == 1
    assert "goes-on-before" not in html


def test_stated_and_inferred_look_different_and_say_so() -> None:
    html = shown(answered(QUESTION))

    assert '<li class="objective-badge is-stated" data-objective="7" data-round-table="4">' in html
    assert '<li class="objective-badge is-inferred" data-objective="15" data-round-table="3">' in html
    assert "Objective 7: Vulnerabilities stated" in words(html)
    assert "Objective 15: Basic services inferred 58%" in words(html)


def test_why_a_passage_was_found_names_what_states_its_objectives() -> None:
    html = shown(answered(QUESTION))

    assert 'Objective 7, stated: <q lang="en">GCM objective 7</q>' in html


def why(reason: Reason) -> str:
    """What is said of a passage that was found for this reason."""
    html = shown(replace(answered(QUESTION), hits=(Hit(NOTE_PASSAGE, 0.713, reason=reason),)))
    return words(html.split('<details class="why')[1].split("</details>")[0])


def test_why_a_passage_was_found_tells_the_question_s_words_and_no_figures() -> None:
    said = why(REASON)

    assert "Your words in it unaccompanied, children Near in meaning minors" in said
    assert "minors Where the tags come from Objective 7" in said
    assert "Your question" not in said
    assert not re.search(r"\d\.\d", said)  # a reader can do nothing with a likeness


def test_why_a_passage_was_found_leaves_out_what_there_is_not() -> None:
    said = why(replace(REASON, words=(), near=(), is_named=True))

    assert "Your question names this place or quotes its words Where" in said
    assert "Your words in it" not in said
    assert "Near in meaning" not in said


def test_a_passage_without_a_score_and_tags_is_not_explained() -> None:
    untagged = replace(answered(QUESTION), hits=(Hit(replace(NOTE_PASSAGE, tags=()), 0.0),))

    assert "Why this passage?" not in shown(untagged)


def test_what_only_a_digest_says_is_our_summary_and_no_quotation() -> None:
    html = shown(summarised(QUESTION))

    said = words(html)
    assert (
        "Our summary says The crisis is of health, of livelihoods and of protection. "
        "Our summary, What it says, item 1 (the original: COVID-19 and People on the Move ,"
    ) in said
    assert "word for word" not in said
    assert "<blockquote" not in html
    assert html.count("is-digest") == 2  # the answer and its passage stand in the interface's face
    assert ("COVID-19 and People on the Move", "https://example.org/people-on-the-move") in Reader(html).links


def test_a_digest_beside_a_quotation_is_called_one_and_leads_to_its_original() -> None:
    html = shown(answered(QUESTION))

    assert html.count("Digest: our summary, not the document’s words") == 1
    assert html.count("is-digest") == 1
    assert ("COVID-19 and People on the Move", "https://example.org/people-on-the-move") in Reader(html).links


def test_our_summary_is_copied_and_announced_as_such() -> None:
    answer = summarised(QUESTION)

    assert copied_answer(answer, STRINGS).splitlines() == [
        "Our summary says: The crisis is of health, of livelihoods and of protection.",
        "Our summary, What it says, item 1 (the original: COVID-19 and People on the Move, "
        "https://example.org/people-on-the-move)",
    ]
    assert announcement(Turn(QUESTION, answer), CONTEXT) == "Answered. 1 passage found. Our summary."


def test_a_refusal_says_what_was_searched_for_a_document_that_is_named() -> None:
    said = words(shown(replace(not_in_documents(QUESTION), documents=frozenset({NOTE.id}))))

    assert "1 document searched: it does not answer this." in said
    assert "1 document searched." in said


def test_a_citation_opens_the_document_at_its_paragraph_with_the_answer_marked() -> None:
    answer = answered(QUESTION)
    start, end = answer.hits[0].highlights[0]
    first = answer.hits[0].passage.start

    links = dict(Reader(shown(answer)).links)

    place = f"documents/background-note/para-4/{first + start}-{first + end}#background-note--para-4"
    assert links["Background note, Roundtable 4, para. 4"] == place


def test_where_the_page_is_another_a_citation_opens_it_in_a_new_window() -> None:
    context = replace(CONTEXT, page="https://example.org/")

    html = render_turn(Turn(QUESTION, answered(QUESTION)), context, number=1)

    assert 'href="https://example.org/documents/background-note/para-4/' in html
    assert 'target="_blank"' in html.split("</figcaption>")[0]


def test_another_language_than_the_interface_s_is_named() -> None:
    source = replace(NOTE_PASSAGE.source, language="ar")
    answer = replace(answered(QUESTION), hits=(Hit(replace(NOTE_PASSAGE, source=source), 0.5),))

    html = shown(answer)

    assert "In Arabic" in html
    assert 'class="document-words" lang="ar" dir="rtl"' in html
    assert "In English" not in shown(answered(QUESTION))


def test_what_was_understood_is_shown_only_if_it_differs() -> None:
    answer = answered("And children?", understood_as="What helps children?")
    followed = render_turn(Turn(answer.question, answer), CONTEXT, number=2)

    assert "Understood as: What helps children?" in words(followed)
    assert 'data-ask="And children?" data-alone' in followed
    assert "data-alone" not in shown(answer)  # nothing came before it
    assert "Understood as" not in shown(answered(QUESTION, understood_as=f" {QUESTION}"))


def test_a_refusal_is_three_lines_and_its_nearest_passages_are_folded() -> None:
    contact = replace(CONTEXT, contact="desk@example.org")
    turn = Turn("Can a pension be paid abroad?", not_in_documents("Can a pension be paid abroad?"))

    html = render_turn(turn, contact, number=1)

    assert words(html[html.index('<section class="refusal"') : html.index("</section>")]) == (
        "None of the 2 documents answers this. The topic falls under 22 Objective 22: Social security inferred 86% "
        "Whom to ask: desk@example.org"
    )
    assert 'href="mailto:desk@example.org"' in html
    assert '<details class="disclosure passages"><summary>' in html
    assert 'class="passage-card is-nearest"' in html
    assert "<mark>" not in html


@pytest.mark.parametrize("confidence", [0.2, 0.39])
def test_what_is_not_likely_is_left_out(confidence: float) -> None:
    refusal = not_in_documents("Pensions?")
    unlikely = replace(refusal, objectives=(replace(refusal.objectives[0], confidence=confidence),))

    html = shown(unlikely)

    assert "falls under" not in html
    assert announcement(Turn("Pensions?", unlikely), CONTEXT) == "Not in the documents."


def test_a_refusal_without_a_place_leaves_it_out() -> None:
    answer = replace(not_in_documents("Who won the cup?"), objectives=(), nearest=())

    html = shown(answer)

    assert "falls under" not in html
    assert "Nearest passages" not in html
    assert announcement(Turn(answer.question, answer), CONTEXT) == "Not in the documents."


def test_what_is_known_is_told_with_links_and_without_passages() -> None:
    known = Known("Answers here are <quotations>.", (Entry(NOTE, NOTE.title), Entry(NOTE, "para. 4", "para-4")))
    answer = replace(not_in_documents("Summarise it"), nearest=(), known=known, notice=known.notice)

    html = shown(answer)

    assert "About the documents themselves" in html
    assert "Answers here are &lt;quotations&gt;." in html
    assert 'href="documents/background-note"' in html
    assert 'href="documents/background-note/para-4#background-note--para-4"' in html
    assert "Not in the documents" not in html
    assert "falls under" not in html
    assert announcement(Turn("Summarise it", answer), CONTEXT) == known.notice


def test_an_objective_that_no_document_names_is_shown_from_the_table_without_a_badge() -> None:
    known = Known("Objective 22: …", objectives=(OBJECTIVES[2],))
    answer = replace(not_in_documents("objective 22"), nearest=(), known=known)

    html = shown(answer)

    assert "Not in the documents" in html
    assert OBJECTIVES[2].title in html
    assert "Global Compact, para.\u00a038" in html
    assert "stated" not in html
    assert "inferred" not in html


def test_where_the_page_is_another_its_entries_open_it() -> None:
    known = Known("…", (Entry(NOTE, "para. 4", "para-4"),))
    turn = Turn("Summarise it", replace(not_in_documents("Summarise it"), known=known))

    html = render_turn(turn, replace(CONTEXT, page="./?lang=en"), number=1)

    assert 'href="./documents/background-note/para-4?lang=en#background-note--para-4" target="_blank"' in html


def test_what_is_no_question_gets_one_plain_line() -> None:
    html = shown(Answer("?!", "?!", "unclear", "sha256:0"))

    assert words(html) == (
        "You asked ?! That does not read as a question. Try a few words on a topic, for example “data protection”."
    )


def test_a_problem_says_what_to_do_and_offers_to_ask_again() -> None:
    html = render_turn(Turn("Why?", problem="corpus: no folder <x>."), CONTEXT, number=1)

    assert "corpus: no folder &lt;x&gt;." in html
    assert 'data-ask="Why?"' in html


def test_passages_are_open_unless_a_small_page_wants_them_folded() -> None:
    is_open = '<details class="disclosure passages" open>'

    assert shown(answered(QUESTION)).count(is_open) == 1
    assert is_open not in shown(answered(QUESTION), is_folded=True)


def test_an_answer_can_be_copied_with_its_citations_and_asked_again_by_a_link() -> None:
    answer = answered(QUESTION)
    turn = Turn("Who & when?", answer, objectives=frozenset({7}))

    html = render_turn(turn, CONTEXT, number=1)

    assert copied_answer(answer, STRINGS).splitlines() == [
        f"“{CHILDREN}”",
        "Background note, Roundtable 4, para. 4, 13 November 2020",
    ]
    assert re.search(r'data-link="documents/background-note/para-4/[^"]+"', html)
    assert 'href="?q=Who+%26+when%3F&amp;objective=7" data-share' in html
    assert html.count("data-export") == 2


def test_a_copied_link_is_its_words() -> None:
    answer = replace(answered(QUESTION), answer="Materials are available [here](#).")

    assert copied_answer(answer, STRINGS).startswith("“Materials are available here.”\n")


def test_a_compact_page_leaves_paper_and_files_to_the_full_one() -> None:
    html = render_turn(Turn(QUESTION, answered(QUESTION)), replace(CONTEXT, page="./?lang=en"), number=1)

    assert "data-export" not in html
    assert "data-print" not in html
    assert 'href="./?q=' in html
    assert "&amp;lang=en" in html


def test_its_link_to_a_question_keeps_the_language() -> None:
    context = replace(CONTEXT, strings=read_strings("fr"), page="./?lang=fr")

    html = render_turn(Turn("Who?", answered("Who?"), objectives=frozenset({7})), context, number=1)

    assert 'href="./?q=Who%3F&amp;objective=7&amp;lang=fr"' in html


def test_a_citation_is_one_run_in_its_document_s_direction_on_paper_too() -> None:
    html = render_turn(Turn(QUESTION, answered(QUESTION)), replace(CONTEXT, strings=read_strings("ar")), number=1)

    caption = html.split('<figcaption class="citation">')[1].split("</figcaption>")[0]
    run = re.match(r'<bdi class="citation-run" lang="en" dir="ltr">(.*?)</bdi>', caption)
    assert run
    assert re.sub("<[^>]*>", "", run[1]) == "Background note, Roundtable 4, para. 4, 13 November 2020"


def test_a_long_question_can_be_unfolded_and_a_short_one_need_not() -> None:
    long = "What does the note say about children? " * 20

    html = shown(answered(long, understood_as=f"{long}?"))

    assert html.count('class="is-cut"') == 2
    assert html.count("Show the whole question") == 2
    assert long.strip() in words(html)
    assert "is-cut" not in shown(answered(QUESTION))
    assert "is-cut" in shown(answered("a\nb\nc\nd\ne"))


def test_labels_have_the_language_s_own_colon() -> None:
    html = render_turn(
        Turn("Et ?", answered("Et ?", understood_as="Quoi ?"), objectives=frozenset({7})),
        replace(CONTEXT, strings=read_strings("fr")),
        number=1,
    )

    assert "Question comprise ainsi\u00a0: <strong" in html
    assert "Limité aux objectifs\u00a0: 7 Vulnérabilités" in html
    assert "Objectif 7\u00a0: </span>" in html
    assert "58\u00a0%" in html


def test_ids_are_unique_and_every_reference_has_its_target() -> None:
    turns = [Turn("a", answered("a")), Turn("b", not_in_documents("b"))]
    html = "".join(render_turn(turn, CONTEXT, number=number) for number, turn in enumerate(turns, start=1))

    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(" ".join(re.findall(r'aria-labelledby="([^"]+)"', html)).split()) <= set(ids)


def test_the_screen_reader_hears_what_came() -> None:
    assert announcement(Turn("a", answered("a")), CONTEXT) == "Answered. 2 passages found."
    assert announcement(Turn("b", not_in_documents("b")), CONTEXT) == (
        "Not in the documents. The topic falls under objective 22, Social security."
    )


HOSTILE = "\"><script>alert('x')</script><img src=x onerror=alert(1)>{{value}}${value}"


def test_text_of_questions_and_documents_is_escaped() -> None:
    source = Source(id="x", title=HOSTILE, address=HOSTILE, type=HOSTILE, language=HOSTILE)
    tags = tuple(replace(tag, evidence=HOSTILE) for tag in NOTE_PASSAGE.tags)
    passage = replace(NOTE_PASSAGE, source=source, text=HOSTILE, locator=HOSTILE, tags=tags)
    answer = replace(
        answered(HOSTILE, understood_as=f"{HOSTILE}?"),
        answer=HOSTILE,
        hits=(Hit(passage, 0.5, reason=replace(REASON, words=(HOSTILE,), near=(HOSTILE,))),),
        notice=HOSTILE,
    )

    html = shown(answer)
    html += render_searched([source], STRINGS) + render_problem(HOSTILE, HOSTILE, id="problem", spoken=HOSTILE)
    html += render("page/examples.html", examples=[(None, HOSTILE)], strings=STRINGS)

    tags_of_page = {tag for tag, _ in Reader(html).tags}
    assert not tags_of_page & {"script", "img"}
    assert not any(name.startswith("on") for _, attributes in Reader(html).tags for name in attributes)


def test_a_refusal_of_a_narrowed_search_says_no_more_than_was_searched_and_offers_all() -> None:
    turn = Turn("Pensions?", not_in_documents("Pensions?"), objectives=frozenset({15, 7}))

    html = render_turn(turn, CONTEXT, number=1)

    said = words(html)
    assert "Limited to objectives: 7 Vulnerabilities; 15 Basic services" in said
    assert "Not under the chosen objectives" in said
    assert "none answers the question: 7 Vulnerabilities; 15 Basic services." in said
    assert "Not in the documents" not in said
    assert 'data-ask="Pensions?" data-all>Search everything</button>' in html
    assert announcement(turn, CONTEXT) == "Not under the chosen objectives. All objectives can be searched."


def test_a_question_that_can_not_be_read_is_told_so_in_its_own_language() -> None:
    notice = "Les questions en français ne peuvent pas être lues ici."
    unread = Answer("Et alors ?", "Et alors ?", "unclear", "sha256:0", notice=notice, is_unread=True)

    html = shown(unread)

    assert notice in words(html)


def test_the_first_card_does_not_repeat_the_quotation_in_the_open() -> None:
    html = shown(answered(QUESTION))

    first, second = re.findall(r'<article class="passage-card.*?</article>', html, re.DOTALL)
    assert '<details class="around disclosure">' in first
    assert '<details class="around' not in second


def test_a_guiding_question_is_called_one_and_questions_to_go_on_with_are_links() -> None:
    hit = Hit(replace(NOTE_PASSAGE, locator="Guiding question 3"), 0.7)

    html = render_turn(Turn("?", replace(answered("?"), hits=(hit,))), CONTEXT, number=1, following=("What now?",))

    assert "A question put to States" in html
    assert 'href="./?q=What%20now%3F&amp;lang=en" data-ask="What now?"' in html
