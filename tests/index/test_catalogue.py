from dataclasses import replace

import numpy as np

from assistant.documents.passages import split_document
from assistant.index.catalogue import Catalogue
from assistant.records import Passage, Tag
from tests.conftest import make_document

TEXT = "Title\n\n1. Borders are closed.\n\n2. Children travel.\n\n3. Data are shared.\n"


def made_passages() -> list[Passage]:
    """Three numbered paragraphs of each of two documents; the last one of both is tagged."""
    passages = [passage for id in ("one", "two") for passage in split_document(make_document(TEXT, id=id))]
    tags = (Tag(7, "stated", 1.0, "objective 7"), Tag(7, "inferred", 0.5, "travel"))
    return [replace(each, tags=tags) if each.locator == "para. 3" else each for each in passages]


def test_passages_are_found_by_their_tags() -> None:
    passages = made_passages()

    found = Catalogue(passages).tagged([7, 23])

    assert [each.locator for each, is_found in zip(passages, found, strict=True) if is_found] == ["para. 3"] * 2


def test_passages_are_found_by_their_documents() -> None:
    passages = made_passages()

    found = Catalogue(passages).belonging(["two", "none"])

    assert [each.source.id == "two" for each in passages] == found.tolist()


def test_passages_are_found_by_their_ids() -> None:
    passages = made_passages()

    found = Catalogue(passages).called({passages[4].id, passages[1].id, "none#1"})

    assert np.flatnonzero(found).tolist() == [1, 4]


def test_passages_are_found_by_their_places() -> None:
    passages = made_passages()

    found = Catalogue(passages).standing_at("para. 2")

    assert [(passages[row].source.id, passages[row].locator) for row in found] == [
        ("one", "para. 2"),
        ("two", "para. 2"),
    ]


def test_documents_are_known_by_their_titles() -> None:
    assert set(Catalogue(made_passages()).sources) == {"one", "two"}
