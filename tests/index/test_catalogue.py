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


def located(*texts: str) -> list[Passage]:
    return [passage for n, text in enumerate(texts) for passage in split_document(make_document(text, id=str(n)))]


def standing_at(place: str, passages: list[Passage]) -> list[str]:
    return [passages[row].locator for row in Catalogue(passages).standing_at(place)]


def test_of_a_document_the_place_itself_is_found_before_those_in_its_parts() -> None:
    passages = located(f"{TEXT}Annex I\n1. Ferries sail.\n2. They return.\n")

    assert standing_at("para. 2", passages) == ["para. 2"]
    assert standing_at("annex i, para. 2", passages) == ["annex I, para. 2"]


def test_what_stands_within_a_place_is_found_where_it_has_no_text_of_its_own() -> None:
    passages = located("Article 1\n1. Ferries sail.\n2. They return.\nArticle 2\nNobody swims.\n")

    assert standing_at("article 1", passages) == ["Article 1 (1)", "Article 1 (2)"]
    assert standing_at("article 2", passages) == ["Article 2"]
    assert standing_at("article 3", passages) == []


def test_an_operative_paragraph_is_not_taken_for_a_preambular_one() -> None:
    clause = "Recalling the ferries that crossed the sound in every winter before the bridge was built,"
    passages = located(f"The General Assembly,\n{clause}\n{clause}\n1. Sails;\n2. Rows.\n")

    assert standing_at("para. 2", passages) == ["para. 2"]
    assert standing_at("preambular para. 2", passages) == ["preambular para. 2"]


def test_an_item_is_found_by_its_numbered_heading_too() -> None:
    text = "Objective 7: Ferries\n\n23. We commit to ferries:\n\n(a) Sails;\n\n(b) Oars.\n\n"
    passages = located(text + text.replace("7", "8").replace("23", "24") + "25. We end here.\n")

    assert standing_at("objective 8 (b)", passages) == ["para. 24 (b)"]


def test_documents_are_known_by_their_ids() -> None:
    assert set(Catalogue(made_passages()).sources) == {"one", "two"}
