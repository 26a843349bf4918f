import datetime
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import docx
import pytest
from docx.document import Document as WordFile
from docx.text.paragraph import Paragraph as WordParagraph
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.records import Answer, Document, Entry, Hit, Known, Link, Passage, Source
from assistant.web.exports.outline import render_markdown
from assistant.web.exports.word import render_docx
from assistant.web.rendering.passages import Context, render_quotation
from assistant.web.rendering.questions import Turn
from assistant.web.rendering.strings import Strings, read_strings
from tests.web.fake_assistant import (
    CHILDREN,
    DIGEST_PASSAGE,
    NOTE,
    NOTE_PASSAGE,
    OBJECTIVES,
    FakeAssistant,
    answered,
    not_in_documents,
    summarised,
)
from tests.web.rendering.test_document_words import Reader

TODAY = datetime.date(2026, 11, 24)
CONTEXT = Context(read_strings("en"), FakeAssistant.documents, {each.number: each for each in OBJECTIVES})
ARABIC = replace(CONTEXT, strings=read_strings("ar"))
QUESTION = "What does the note say about unaccompanied children?"
PAGE = "https://example.org/ask"
UNPRINTABLE = "\x00\x07\x1b\x9f\ud800\ufffe\uffff"
MARKUP = "*a* _b_ `c` [d](https://x.org) ![e](f) <b>g</b> &amp; &#35; # h | i ~~j~~ \\k $l$ {#m} ^n^ <https://x.org> !"
MARKS = ["# a", "a #", "- a", "+ a", "* a", "1. a", "1) a", "> a", "---", "===", "***", "```", "~~~", "| a |", "[a]: b"]


def markdown(turns: Sequence[Turn], context: Context = CONTEXT, page: str = "") -> str:
    return render_markdown(turns, context, asked_on=TODAY, page=page)


def word_file(turns: Sequence[Turn], context: Context = CONTEXT, page: str = "") -> WordFile:
    return docx.Document(io.BytesIO(render_docx(turns, context, asked_on=TODAY, page=page)))


def parsed(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def plain(token: Token) -> str:
    return "".join(each.content for each in token.children or [] if each.type in ("text", "text_special"))


def in_quotations(text: str) -> list[str]:
    """The words of each block quotation, as a parser of Markdown reads them."""
    found, is_open = list[str](), False
    for token in parsed(text):
        if token.type == "blockquote_open":
            is_open = True
            found.append("")
        elif token.type == "blockquote_close":
            is_open = False
        elif token.type == "inline" and is_open:
            found[-1] += plain(token) + "\n"
    return found


def headings(text: str) -> list[tuple[str, str]]:
    tokens = parsed(text)
    return [(token.tag, plain(after)) for token, after in pairwise(tokens) if token.type == "heading_open"]


def squeezed(text: str) -> str:
    return "".join(text.split())


def of_style(file: WordFile, *names: str) -> list[WordParagraph]:
    return [each for each in file.paragraphs if each.style is not None and each.style.name in names]


def told(words: str, *, source: Source = NOTE, question: str = QUESTION) -> Turn:
    """A turn that quotes a passage of these words."""
    passage = Passage(source, 1, "", "para. 1", words, 0, len(words))
    return Turn(question, replace(answered(question), answer=words, hits=(Hit(passage, 0.5),)))


# What it holds -------------------------------------------------------------------------------------------------------


def test_a_file_tells_what_was_searched_then_each_question_with_its_quotation_and_citation() -> None:
    text = markdown([Turn(QUESTION, answered(QUESTION, understood_as="Which children?"))])

    parts = [
        "# Questions to the documents, and their answers",
        "Ask the documents · Roundtable 4",
        "Asked on 24\u00a0November 2026",
        "## What is searched",
        "- Background note, Roundtable 4, 13 November 2020 · Original",
        "· Digest: our summary, not the document’s words",
        "**Version of the documents:** sha256:3f9a1c70",
        f"## {QUESTION}",
        "**Understood as:** Which children?",
        "### Answer, word for word",
        f"> {CHILDREN}\n\nUnited Nations, Background note, Roundtable 4, 13 November 2020, para. 4\n",
        "**Objectives concerned:** 7 Vulnerabilities (stated)",
        "### 2 passages found",
        "**para. 4** · Original",
        "> Additional activities",
        "7 Vulnerabilities (stated); 15 Basic services (inferred 58%)",
        "**What it says, item 1** · Digest: our summary, not the document’s words",
        "**What it says**\n\n- The crisis",
        "Our summary, What it says, item 1 (the original: [COVID-19 and People on the Move](https://example.org/",
        "---\n\nQuotations are word for word.",
    ]
    found = [text.find(part) for part in parts]
    assert -1 not in found
    assert found == sorted(found)


def test_a_passage_says_where_its_paragraph_goes_on_as_the_page_does() -> None:
    inner = NOTE_PASSAGE.text.index(CHILDREN)
    start = NOTE_PASSAGE.start + inner
    passage = replace(NOTE_PASSAGE, text=CHILDREN, start=start, end=start + len(CHILDREN))
    answer = replace(answered(QUESTION), hits=(Hit(passage, 0.5),))

    quoted = in_quotations(markdown([Turn(QUESTION, answer)]))

    assert quoted == [f"{CHILDREN}\n", f"[…] {CHILDREN} […]\n"]


def test_what_was_understood_is_left_out_where_it_is_the_question() -> None:
    assert "Understood as" not in markdown([Turn(QUESTION, answered(QUESTION, understood_as=f" {QUESTION}"))])


def test_an_unlikely_objective_is_called_the_nearest_as_on_the_page() -> None:
    refusal = not_in_documents("Pensions?")
    unlikely = replace(refusal, objectives=(replace(refusal.objectives[0], confidence=0.07), *refusal.objectives[1:]))

    text = markdown([Turn("Pensions?", unlikely)])

    assert "None of the 23 is likely. These are only the nearest.\n\nObjective 22: Establish mechanisms" in text
    assert "The topic falls under" not in text


def test_a_refusal_says_what_was_searched_and_where_the_topic_falls() -> None:
    text = markdown([Turn("Pensions?", not_in_documents("Pensions?"))])

    assert "### Not in the documents\n\nNo passage answers this question. What was searched: Background note" in text
    assert "**The topic falls under:** Objective 22: Establish mechanisms" in text
    assert "inferred 86% · Roundtable 3, not this one" in text
    assert "**Less likely:** 7 Vulnerabilities (inferred 7%); 15 Basic services (inferred <\u00a01%)" in text
    assert "### Nearest passages\n\nThey touch on the topic. They do not answer the question." in text
    assert "Answer, word for word" not in text


def test_what_is_known_is_told_with_links_to_where_it_can_be_read() -> None:
    known = Known("Answers here are quotations.", (Entry(NOTE, "para. 4", "para-4"),))
    answer = replace(not_in_documents("Summarise it"), known=known)

    text = markdown([Turn("Summarise it", answer)], page=PAGE)

    assert "### About the documents themselves\n\nAnswers here are quotations.\n\n- [para. 4](" in text
    assert f"({PAGE}/documents/background-note/para-4#background-note--para-4)" in text
    assert "Nearest passages" not in text


def test_a_refusal_of_a_narrowed_search_says_no_more_than_was_searched() -> None:
    text = markdown([Turn("Pensions?", not_in_documents("Pensions?"), objectives=frozenset({15, 7}))])

    assert "**Limited to objectives:** 7 Vulnerabilities; 15 Basic services" in text
    assert "### Not under the chosen objectives" in text
    assert "Not in the documents" not in text


def test_what_is_no_question_and_what_went_wrong_say_so_in_a_line() -> None:
    text = markdown([Turn("?!", Answer("?!", "?!", "unclear", "sha256:0")), Turn("Why?", problem="No folder.")])

    assert "That does not read as a question." in text
    assert "**The documents cannot be opened:** No folder." in text


def test_what_only_a_digest_says_is_our_summary_and_no_quotation() -> None:
    turns = [Turn(QUESTION, summarised(QUESTION))]

    text, file = markdown(turns), word_file(turns)

    label = "### Our summary says\n\nDigest: our summary, not the document’s words\n\n"
    assert f"{label}The crisis is of health, of livelihoods and of protection.\n\nOur summary, What it says, " in text
    assert "Answer, word for word" not in text
    assert not in_quotations(text)
    assert not of_style(file, "Quote", "Quote item")


def test_an_objective_goes_by_the_interface_s_name_and_else_by_its_own() -> None:
    table = {key: key for key in ("meeting", "product", "export.title", "export.asked_on", "export.note", "searched")}
    table |= {"mark.colon": ": ", "mark.semicolon": "; ", "mark.comma": ", ", "mark.stop": "."}
    table |= {
        "corpus": "",
        "answer": "",
        "summary": "",
        "summary.original": "",
        "original": "",
        "digest": "",
        "digest.short": "",
        "objectives_of_question": "o",
    }
    table |= {"passages_found": "", "stated": "said", "inferred": "guessed", "objective.7.short": "Verletzlichkeit"}
    strings = Strings("de", {**table, "written_in.other": "({code})"})

    text = markdown([Turn(QUESTION, answered(QUESTION))], replace(CONTEXT, strings=strings))

    assert "**o:** 7 Verletzlichkeit (said); 15 Basic services (guessed 58\u00a0%)" in text
    assert "(en)" in text


def test_with_the_page_s_address_a_citation_leads_to_its_paragraph() -> None:
    start = NOTE_PASSAGE.start + NOTE_PASSAGE.text.index(CHILDREN)
    place = f"{PAGE}/documents/background-note/para-4/{start}-{start + len(CHILDREN)}#background-note--para-4"
    turns = [Turn(QUESTION, answered(QUESTION))]

    text, file = markdown(turns, page=PAGE), word_file(turns, page=PAGE)

    cited = "United Nations, Background note, Roundtable 4, 13 November 2020, para. 4"
    assert f"[{cited}]({place})" in text
    links = {link.text: link.url for paragraph in file.paragraphs for link in paragraph.hyperlinks}
    assert links[cited] == place
    assert links["COVID-19 and People on the Move"] == "https://example.org/people-on-the-move"


def test_without_it_a_citation_leads_only_to_where_the_original_stands() -> None:
    turns = [Turn(QUESTION, answered(QUESTION))]

    text, file = markdown(turns), word_file(turns)

    links = [each.attrs["href"] for token in parsed(text) for each in token.children or [] if each.type == "link_open"]
    assert set(links) == {"https://example.org/people-on-the-move"}
    assert {link.url for each in file.paragraphs for link in each.hyperlinks} == {DIGEST_PASSAGE.source.address}


def test_a_link_of_the_document_keeps_its_words_and_its_target() -> None:
    words = "See the [Policy Brief](#): COVID-19 and People on the Move."

    text, file = markdown([told(words)]), word_file([told(words)])

    assert "> See the [Policy Brief](https://example.org/people-on-the-move): COVID-19 and" in text
    assert of_style(file, "Quote")[0].text == "See the Policy Brief: COVID-19 and People on the Move."
    assert of_style(file, "Quote")[0].hyperlinks[0].url == "https://example.org/people-on-the-move"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc", "https:", "data:text/html,x"])
def test_an_address_that_is_none_of_the_web_is_no_link(address: str) -> None:
    source = replace(NOTE, address=address, links=(Link("Policy Brief", "", address),))
    turns = [told("A [Policy Brief](#).", source=source)]
    context = replace(CONTEXT, documents={source.id: Document(source, "", ())})

    assert "](" not in markdown(turns, context, address)
    assert not any(each.hyperlinks for each in word_file(turns, context, address).paragraphs)


def test_an_address_cannot_break_out_of_its_link() -> None:
    source = replace(NOTE, address="https://x.org/a b)(c <d> &copy; \\ \ud800*_")
    turns = [told("Words.", source=source)]

    text = markdown(turns, page="https://x.org/?a=1&copy;=2")

    links = [
        str(child.attrs["href"]) for each in parsed(text) for child in each.children or [] if child.type == "link_open"
    ]
    assert any(link.startswith("https://x.org/documents/") for link in links)
    assert "https://x.org/a%20b%29%28c%20%3Cd%3E%20&copy;%20%5C%20?*_" in links
    assert "https://x.org/a%20b%29%28c" in {
        link.url[:26] for each in word_file(turns).paragraphs for link in each.hyperlinks
    }


# To the letter -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [MARKUP, *MARKS])
def test_signs_of_markdown_in_a_question_stay_signs(words: str) -> None:
    text = markdown([Turn(words, answered(words))])

    assert ("h2", words) in headings(text)
    assert len(headings(text)) == 5


@pytest.mark.parametrize(
    "words", ["_a_ *b* `c`", "1. One thing", "=== a", "| a | b |", "+ a", "a < b > c", "2) b &amp;"]
)
def test_signs_of_markdown_in_a_document_stay_signs(words: str) -> None:
    quoted = in_quotations(markdown([told(words)]))

    assert [each.strip() for each in quoted] == [words, words]


def test_a_mark_before_a_link_makes_no_image_of_it() -> None:
    text = markdown([told("Read![Policy Brief](https://x.org/brief)")])

    assert squeezed(in_quotations(text)[0]) == "Read!PolicyBrief"


def test_headings_and_bullets_of_a_document_become_those_of_the_quotation() -> None:
    words = "## What it says\n\n- One thing.\n- Another,\n  longer thing."

    text, file = markdown([told(words)]), word_file([told(words)])

    assert "> **What it says**\n>\n> - One thing.\n> - Another, longer thing.\n\n" in text
    styles = [(each.style.name if each.style else "", each.text) for each in of_style(file, "Quote", "Quote item")]
    assert styles[:3] == [
        ("Quote", "What it says"),
        ("Quote item", "One thing."),
        ("Quote item", "Another, longer thing."),
    ]
    assert of_style(file, "Quote")[0].runs[0].bold


def kept(words: str) -> str:
    """What the page shows of a document's words, in characters that a file can hold, without white space."""
    shown = Reader(render_quotation(told(words).answer.hits[0].passage, words, CONTEXT)).text  # type: ignore[union-attr]
    return squeezed(re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", " ".join(shown.split())))


texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab1 \n#-+*_`~=|[](){}<>&;:!.,\\/$^'\"\x00\x85\u2028\ud800", max_size=60),
    st.lists(st.sampled_from([*MARKS, MARKUP, "https://x.org/a_b*c", " ", "\n", "\n\n"]), max_size=6).map("".join),
)


@given(texts)
@settings(max_examples=300)
def test_any_words_of_a_document_survive_markdown(words: str) -> None:
    quoted = in_quotations(markdown([told(words)]))

    assert [squeezed(each) for each in quoted] == ([kept(words)] * 2 if kept(words) else [])


@given(texts)
@settings(max_examples=200)
def test_any_question_survives_markdown(question: str) -> None:
    text = markdown([told("Words.", question=question)])

    written = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", " ".join(question.split()))
    assert squeezed(written) in [squeezed(heading) for _, heading in headings(text)] or not written
    assert in_quotations(text) == ["Words.\n", "Words.\n"]


def test_what_no_file_may_hold_is_replaced_everywhere() -> None:
    source = replace(NOTE, title=UNPRINTABLE, symbol=UNPRINTABLE, address=f"https://x.org/{UNPRINTABLE}")
    context = replace(CONTEXT, documents={source.id: Document(source, "", ())})
    turns = [told(f"a{UNPRINTABLE}b", source=source, question=UNPRINTABLE), Turn("b", problem=UNPRINTABLE)]

    text, file = markdown(turns, context, PAGE), word_file(turns, context, PAGE)

    text.encode()
    assert of_style(file, "Quote")[0].text == "a" + "\ufffd" * len(UNPRINTABLE) + "b"
    assert not set(UNPRINTABLE) & set(text)


# The Word file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "ru", "es", "ar", "zh"])
def test_both_files_are_made_in_each_language_of_the_united_nations(language: str) -> None:
    context = replace(CONTEXT, strings=read_strings(language))
    turns = [Turn(QUESTION, answered(QUESTION)), Turn("Pensions?", not_in_documents("Pensions?"))]

    text, file = markdown(turns, context), word_file(turns, context)

    assert in_quotations(text)[0].strip() == CHILDREN
    assert of_style(file, "Quote")[0].text == CHILDREN
    assert len(headings(text)) == 8
    assert not [each for each in parsed(text) if each.type == "inline" and "**" in plain(each)]
