import dataclasses

from assistant import records
from assistant.web.api.schema import Document, DocumentEntry, Objective, Paragraph


def test_an_objective_is_described_with_all_that_its_record_has() -> None:
    fields = {field.name for field in dataclasses.fields(records.Objective)}

    assert set(Objective.model_fields) == fields | {"in_roundtable"}


def test_a_document_in_full_is_its_entry_with_its_text() -> None:
    assert set(Document.model_fields) == {*DocumentEntry.model_fields, "text", "paragraphs"}


def test_a_paragraph_is_described_with_what_its_record_has_and_its_anchor() -> None:
    fields = {field.name for field in dataclasses.fields(records.Paragraph)}

    assert set(Paragraph.model_fields) == (fields - {"lead"}) | {"anchor"}


def test_what_is_not_known_of_a_document_is_null() -> None:
    schema = DocumentEntry.model_json_schema()

    assert {"type": "null"} in schema["properties"]["symbol"]["anyOf"]
    assert "symbol" in schema["required"]
