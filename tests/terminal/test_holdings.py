from dataclasses import replace

from assistant.journeys import Waiting
from assistant.records import Source
from assistant.terminal.holdings import render_holdings, render_waiting
from tests.conftest import make_document


def test_documents_are_listed_by_id_and_file_with_the_title_that_is_known() -> None:
    sources = [Source("note", "A note", file="note.pdf"), Source("other", "", file="a/other.txt")]

    assert render_holdings(sources) == "note  note.pdf  A note\nother  a/other.txt"


def test_what_was_read_is_shown_with_what_is_unknown_and_each_paragraph() -> None:
    document = make_document("1. Ferries leave at seven.\n\n2. " + "They return. " * 30 + "\n")
    source = replace(document.source, file="ferries.txt", date="May 2020")

    lines = render_waiting(Waiting("0" * 32, replace(document, source=source))).splitlines()

    assert lines[:4] == ["File: ferries.txt", "Title: Made up", "Symbol: unknown", "Date: May 2020"]
    assert "2 paragraphs" in lines
    assert "item 1: 1. Ferries leave at seven." in lines or "item 1: Ferries leave at seven." in lines
    assert max(map(len, lines)) <= 100
