import json
from dataclasses import replace

import pytest
from pydantic import BaseModel, ValidationError

from assistant.journeys import answer_row, classification_row
from assistant.schema.replies import Answer, Classification
from tests.web.fake_assistant import FakeAssistant


@pytest.mark.parametrize("question", ["What of children?", "What of pensions?", "?!"])
@pytest.mark.parametrize("explain", [False, True])
def test_every_answer_has_the_fields_described_in_their_order(question: str, explain: bool) -> None:
    row = answer_row(replace(FakeAssistant().ask(question, explain=explain), id={"mine": 1}))

    assert list(row) == list(Answer.model_fields)
    Answer.model_validate_json(json.dumps(row), strict=True)


def test_every_classification_has_the_fields_described_in_their_order() -> None:
    row = classification_row(FakeAssistant().classify("migrant children"))

    assert list(row) == list(Classification.model_fields)
    Classification.model_validate_json(json.dumps(row), strict=True)


@pytest.mark.parametrize(
    ("question", "chance"), [("What of children?", 0.91), ("What of pensions?", 0.12), ("?!", None)]
)
def test_the_chance_is_a_number_unless_nothing_was_asked(question: str, chance: float | None) -> None:
    row = answer_row(FakeAssistant().ask(question))

    assert row["probability"] == Answer.model_validate(row).probability == chance


@pytest.mark.parametrize("form", [Answer, Classification])
def test_a_field_that_is_not_described_is_no_part_of_a_reply(form: type[BaseModel]) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        form.model_validate({"made_up": 1})
