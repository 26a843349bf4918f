import json

from assistant.journeys.json_rows import answer_row, hit_row, timed
from assistant.records import Answer, Hit, Objective, ObjectiveMatch, Passage, Reason, Source, Tag


def test_an_answer_has_the_contracts_shape() -> None:
    source = Source("note", "Note", address="https://example.org/note")
    passage = Passage(
        source, 2, "Head", "para. 7", "Exact words.", 10, 22, tags=(Tag(7, "stated", 1.0, "objective 7"),)
    )
    objective = Objective(7, "Address", "Vulnerabilities", 23, 4)
    answer = Answer(
        "q?", "q?", "answered", "sha256:0", answer="Exact words.", hits=(Hit(passage, 0.61239, ((0, 12),)),),
        objectives=(ObjectiveMatch(objective, "stated", 1.0),), probability=0.91, elapsed_ms=6.1, id="a",
    )  # fmt: skip

    row = json.loads(json.dumps(answer_row(answer)))

    assert row == {
        "id": "a",
        "question": "q?",
        "understood_as": "q?",
        "status": "answered",
        "answer": "Exact words.",
        "answer_kind": "quotation",
        "probability": 0.91,
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
    }
    assert timed(row, answer) == row | {"elapsed_ms": 6.1}


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
