import dataclasses

import pytest

from assistant import records
from assistant.records import Passage, Source, anchor_of, percent_in_words

RECORDS = [each for each in vars(records).values() if dataclasses.is_dataclass(each)]


def test_an_anchor_is_the_same_for_a_passage_and_its_paragraph() -> None:
    source = Source("note", "Note")

    passage = Passage(source, 3, "", "para. 23 (f)", "words", 0, 5)
    paragraph = records.Paragraph("para. 23 (f)", "", 0, 5)

    assert passage.anchor == paragraph.anchor == anchor_of("para. 23 (f)") == "para-23-f"
    assert passage.id == "note#3"


@pytest.mark.parametrize(("confidence", "words"), [(0.0, "< 1%"), (0.5, "50%"), (0.994, "99%"), (1.0, "> 99%")])
def test_an_inference_is_never_certain(confidence: float, words: str) -> None:
    assert percent_in_words(confidence) == words


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_record_is_frozen_and_slotted(record: type) -> None:
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(record)
