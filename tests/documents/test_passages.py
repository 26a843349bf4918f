import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Document, Passage
from assistant.documents.passages import MAX_WORDS, context_of, sentence_in_full, split_document
from tests.conftest import make_document

_WORDS = st.lists(
    st.sampled_from(["word", "para.", "end.", "so;", "and,", "Yes?", "\n", "\n\n", "1. ", "(a) ", "# Head\n"]),
    max_size=150,
)


def assert_law_of_passages(document: Document, passages: tuple[Passage, ...], max_words: int = MAX_WORDS) -> None:
    """Passages stand at their offsets, keep to the limit, and hold every word of the document."""
    covered = set()
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert 1 <= len(passage.text.split()) <= max_words
        assert passage.start == 0 or not document.text[passage.start - 1 : passage.start + 1].isalnum()
        assert document.text[passage.end - 1 : passage.end + 1].isalnum() is False or passage.end == len(document.text)
        assert 0 <= passage.body <= len(passage.text)
        covered |= set(range(passage.start, passage.end))
    words = {i for match in re.finditer(r"\w+", document.text) for i in range(*match.span())}
    assert words <= covered
    assert [passage.number for passage in passages] == list(range(1, len(passages) + 1))


def test_the_note_is_cut_lawfully(note: Document) -> None:
    passages = split_document(note)

    assert_law_of_passages(note, passages)


def test_the_long_paragraph_is_cut_between_sentences(note: Document) -> None:
    parts = [passage.text for passage in split_document(note) if passage.locator == "para. 4"]

    assert len(parts) == 3
    assert all(part.endswith(".") for part in parts)


def test_a_passage_opens_with_the_heading_above_it(note: Document) -> None:
    first = next(passage for passage in split_document(note) if passage.locator == "Communications, para. 1")

    assert first.text.startswith("Communications\n\nDuring the roundtable")
    assert first.text[first.body :].startswith("During the roundtable")


def test_a_long_sentence_is_cut_after_a_semicolon() -> None:
    clause = " ".join(["word"] * 70)
    document = make_document(f"{clause}; {clause}; {clause}.")

    passages = split_document(document)

    assert [passage.text[-1] for passage in passages] == [";", ";", "."]


def test_words_without_any_mark_are_cut_between_words() -> None:
    document = make_document(" ".join(f"word{i}" for i in range(300)))

    passages = split_document(document)

    assert_law_of_passages(document, passages)
    assert len(passages) == 3


@given(_WORDS, st.integers(1, 40))
def test_any_text_is_cut_lawfully(words: list[str], max_words: int) -> None:
    document = make_document(" ".join(words))

    passages = split_document(document, max_words=max_words)

    assert_law_of_passages(document, passages, max_words)


@given(st.text(max_size=300))
def test_any_characters_are_cut_lawfully(text: str) -> None:
    document = make_document(text)

    passages = split_document(document, max_words=5)

    covered = {i for passage in passages for i in range(passage.start, passage.end)}
    assert all(document.text[passage.start : passage.end] == passage.text for passage in passages)
    assert {i for match in re.finditer(r"\w+", text) for i in range(*match.span())} <= covered


def test_a_text_without_spaces_is_cut_by_its_characters() -> None:
    document = make_document("移民有权获得信息" * 60)

    passages = split_document(document)

    assert max(len(passage.text) for passage in passages) <= MAX_WORDS
    assert "".join(passage.text for passage in passages) == document.text


def test_what_a_digest_says_of_itself_is_in_no_passage() -> None:
    opening = "# Digest: A brief\n\nThis digest is our own summary. It covers a brief of 25 pages.\n\n"
    date = "## Date\n\nIt came out in May. This digest covers a part.\n\n"
    document = make_document(f"{opening}{date}## What this digest leaves open\n\nThis digest ends.\n")
    digest = replace(document, source=replace(document.source, kind="digest"))

    passages = split_document(digest)

    assert [passage.text for passage in passages] == [
        "It covers a brief of 25 pages.",
        "## Date\n\nIt came out in May.",
    ]
    assert [passage.number for passage in passages] == [1, 2]
    assert all(digest.text[each.start : each.end] == each.text for each in passages)
    assert "This digest ends." in " ".join(passage.text for passage in split_document(document))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            "The Board of Ferries for the Sound met.\n\nIn May, the Board had nine members.",
            "Board of Ferries for the Sound",
        ),
        (
            "The Statute of the Lissen Ferry Office was signed.\n\nToday the Office rests.",
            "Lissen Ferry Office",
        ),
        ("The Ferry Mission in Lissen sails.\n\nThe crew of the Mission’s ferries rows.", "Ferry Mission in Lissen"),
        ("The Ferry Board met. The Bridge Board met, too.\n\nIn May, the Board rested.", "Ferry Board"),
        ("The Ferry Board met.\n\nThe Ferry Board rested, and then the Board met.", ""),
        ("The Ferry Board met.\n\nIn May, the Board of Bridges rested, and so did the Board Room.", ""),
        ("In May, the Board rested.\n\nThe Ferry Board met, and everybody was there.", ""),
        ("The Secretary-General met the Ferry Secretary.\n\nIn May, the Secretary-General rested.", ""),
    ],
)
def test_a_passage_is_found_by_the_full_name_of_what_it_names_shortly(text: str, meant: str) -> None:
    last = split_document(make_document(text))[-1]

    assert last.lead == meant
    assert context_of(last).startswith(meant)


def test_a_title_gives_the_full_name_first() -> None:
    document = make_document("The Bridge Organization met.\n\nIn May, the Organization rested.")

    titled = replace(document, source=replace(document.source, title="Observers for the Ferry Organization"))

    assert split_document(titled)[-1].lead == "Ferry Organization"
    assert sentence_in_full(split_document(titled)[-1], "Then the Organization and the Board rested.") == (
        "Then the Ferry Organization and the Board rested."
    )
