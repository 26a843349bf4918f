from dataclasses import replace

from assistant.documents.passages import split_document
from assistant.journeys.changes import Snapshot, describe_changes
from assistant.records import Document
from tests.conftest import make_document


def snapshot(*documents: Document) -> Snapshot:
    return Snapshot.of(documents, [passage for each in documents for passage in split_document(each)])


NOTE = make_document("The note\n\nIt speaks of data.\n", id="note")
BRIEF = make_document("The brief\n\nIt speaks of borders.\n", id="brief")


def test_the_first_build_has_nothing_to_compare() -> None:
    assert describe_changes(None, snapshot(NOTE)) == ["There was no index to compare it with; all is new."]


def test_no_change_is_said_in_one_line() -> None:
    assert describe_changes(snapshot(NOTE, BRIEF), snapshot(NOTE, BRIEF)) == [
        "Nothing has changed since the last build: 2 documents as they were."
    ]


def test_documents_are_named_and_passages_counted() -> None:
    original = make_document("The brief\n\nIts own words. They are others.\n", id="brief")
    digest = replace(BRIEF, source=replace(BRIEF.source, kind="digest"))
    new = make_document("New\n\nWords.\n", id="new")
    gone = make_document("Gone\n\nWords.\n", id="gone")

    lines = describe_changes(snapshot(NOTE, digest, gone), snapshot(NOTE, original, new))

    assert lines == [
        "Since the last build: 1 documents added, 1 changed, 1 removed, 1 unchanged; 2 passages new, 2 gone, 1 kept.",
        "  added: new",
        "  changed: brief (now the original)",
        "  removed: gone",
    ]


def test_a_title_alone_is_a_change() -> None:
    renamed = replace(NOTE, source=replace(NOTE.source, title="Another title"))

    lines = describe_changes(snapshot(NOTE), snapshot(renamed))

    assert lines[1:] == ["  changed: note"]
    assert "0 passages new, 0 gone, 1 kept" in lines[0]


def test_of_many_the_first_are_named() -> None:
    many = [make_document(f"Text {number}\n\nWords.\n", id=f"text-{number}") for number in range(25)]

    lines = describe_changes(snapshot(NOTE), snapshot(NOTE, *many))

    assert lines[1].endswith("text-9 and 15 more")
