from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.collation import compare_versions
from assistant.errors import InputError, ReadError
from assistant.journeys import check_row, comparison_row, open_version
from assistant.journeys.checking import MAX_DRAFT, Checking
from assistant.records import Objective, ObjectiveMatch
from tests.collation.shelf import DOCUMENTS

HEALTH = Objective(7, "Address vulnerabilities", "Vulnerabilities", 23, 4)


def rank_all(texts: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
    for text in texts:
        yield (ObjectiveMatch(HEALTH, "inferred", 0.9 if "migrants" in text else 0.1),)


CHECKING = Checking({each.id: each for each in DOCUMENTS}, "sha256:abc", rank_all, (HEALTH,))


def test_a_check_is_written_as_the_contract_has_it() -> None:
    draft = "Title\n\nThey say “the rights of most migrants, regardless of their status”.\n\n“zebra”"

    row = check_row(CHECKING.check(draft))

    altered, absent = row["quotations"]
    source = DOCUMENTS[0].text.index("the rights of all")
    assert row.keys() == {"quotations", "paragraphs", "corpus"}
    assert altered == {
        "text": "the rights of most migrants, regardless of their status",
        "start": 17,
        "end": 72,
        "status": "altered",
        "document": "en",
        "locator": "item 1",
        "source": "the rights of all migrants, regardless of their status",
        "source_start": source,
        "source_end": source + 54,
        "differences": [{"kind": "changed", "draft": "most", "source": "all"}],
    }
    assert [absent[name] for name in ("status", "document", "source", "source_start")] == ["absent", None, None, None]
    assert [each["objectives"] for each in row["paragraphs"]] == [[], [{"number": 7, "confidence": 0.9}], []]


def test_an_objective_that_a_paragraph_names_is_stated() -> None:
    (paragraph,) = CHECKING.check("We care for GCM objective 7 in all that we do.").paragraphs

    assert [(each.objective.number, each.basis) for each in paragraph.objectives] == [(7, "stated")]


def test_a_draft_without_words_has_no_quotations() -> None:
    assert check_row(CHECKING.check(" \n")) == {"quotations": [], "paragraphs": [], "corpus": "sha256:abc"}


def test_a_draft_that_is_too_long_is_refused() -> None:
    with pytest.raises(InputError, match=r"^text: holds more than 1,000,000 characters"):
        CHECKING.check("a" * (MAX_DRAFT + 1))


def test_versions_are_files_or_documents_of_the_corpus(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("1. The first words.\n\n2. The others.\n", encoding="utf-8")
    (tmp_path / "later.txt").write_text("1. The first words.\n", encoding="utf-8")

    before, after = open_version("note", tmp_path), open_version(str(tmp_path / "later.txt"), tmp_path)
    row = comparison_row(before, after, compare_versions(before, after))

    assert (row["before"], row["after"]) == ("note", "later.txt")
    assert [each["kind"] for each in row["changes"]] == ["same", "removed"]
    assert row["changes"][1]["after"] is None
    assert "The others." in row["changes"][1]["before"]["text"]


def test_what_is_no_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")

    with pytest.raises(InputError, match=r"^nothing: is neither a file nor the id"):
        open_version("nothing", tmp_path)
    with pytest.raises(ReadError, match="no words"):
        open_version("empty", tmp_path)
