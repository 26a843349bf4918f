import json

import pytest

from assistant.errors import InputError
from assistant.journeys.json_rows import AskRequest, answer_row, ask_request, hit_row
from assistant.records import Answer, Hit, Objective, ObjectiveMatch, Passage, Reason, Source, Tag


def test_only_the_question_is_required() -> None:
    assert ask_request({"question": "When?"}) == AskRequest("When?")


def test_a_whole_request_is_understood() -> None:
    row = {"id": 3, "question": "And then?", "history": ["When?"], "objectives": [7, 7], "top_k": 2, "lang": "fr"}

    assert ask_request(row) == AskRequest("And then?", ("When?",), frozenset({7}), 2, 3)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([], "must be a JSON object"),
        ("When?", "must be a JSON object"),
        (None, "must be a JSON object"),
        ({}, "lacks question"),
        ({"question": None}, "question must be text"),
        ({"question": "\ud800"}, "half a character"),
        ({"question": "q", "history": "When?"}, "history must be a list"),
        ({"question": "q", "history": [1]}, "history must be a list"),
        ({"question": "q", "objectives": 7}, "objectives must be a list"),
        ({"question": "q", "objectives": [24]}, "from 1 to 23, not 24"),
        ({"question": "q", "objectives": [True]}, "not True"),
        ({"question": "q", "top_k": 0}, "from 1 to 20, not 0"),
        ({"question": "q", "top_k": 2.5}, "not 2.5"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(row: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask_request(row)


def test_an_answer_has_the_contracts_shape() -> None:
    source = Source("note", "Note", address="https://example.org/note")
    passage = Passage(
        source, 2, "Head", "para. 7", "Exact words.", 10, 22, tags=(Tag(7, "stated", 1.0, "objective 7"),)
    )
    objective = Objective(7, "Address", "Vulnerabilities", 23, 4)
    answer = Answer(
        "q?", "q?", "answered", "sha256:0", answer="Exact words.", hits=(Hit(passage, 0.61239, ((0, 12),)),),
        objectives=(ObjectiveMatch(objective, "stated", 1.0),), elapsed_ms=6.1, id="a",
    )  # fmt: skip

    row = json.loads(json.dumps(answer_row(answer)))

    assert row == {
        "id": "a",
        "question": "q?",
        "understood_as": "q?",
        "status": "answered",
        "answer": "Exact words.",
        "hits": [
            {
                "passage": "note#2",
                "document": "note",
                "title": "Note",
                "kind": "original",
                "url": "https://example.org/note",
                "heading": "Head",
                "locator": "para. 7",
                "text": "Exact words.",
                "start": 10,
                "end": 22,
                "highlights": [[0, 12]],
                "score": 0.6124,
                "objectives": [{"number": 7, "basis": "stated", "confidence": 1.0, "evidence": "objective 7"}],
            }
        ],
        "nearest": [],
        "objectives": [{"number": 7, "title": "Address", "basis": "stated", "confidence": 1.0}],
        "notice": None,
        "corpus": "sha256:0",
        "elapsed_ms": 6.1,
    }


def test_a_hit_that_is_explained_says_why() -> None:
    passage = Passage(Source("note", "Note"), 2, "", "para. 7", "Exact words.", 10, 22)
    likeness = {"meaning": 0.51239, "sentence tokens": 0.7}
    hit = Hit(passage, 0.6, reason=Reason(("exact",), ("precise",), likeness, is_named=False))

    assert hit_row(hit)["why"] == {
        "words": ["exact"],
        "near": ["precise"],
        "named": False,
        "likeness": {"meaning": 0.5124, "sentence_tokens": 0.7},
    }
