import numpy as np
import pytest

from assistant.answering.answer_types import KINDS, Texts, missing_kinds, texts_of
from assistant.records import Passage, Source
from assistant.retrieval.candidates import Candidate, Features

NONE = np.zeros(0, dtype=np.float32)  # no objectives
EVERYWHERE = {"missing in sentence": 1.0, "missing in passage": 1.0, "missing nearby": 1.0}
NOWHERE = dict.fromkeys(EVERYWHERE, 0.0)


def missing(kind: str, text: str) -> dict[str, float]:
    return missing_kinds({kind}, Texts(text, text, [text]))


def candidate(text: str, *sentences: str) -> Candidate:
    """A candidate whose last sentence comes nearest."""
    spans = tuple((text.index(each), text.index(each) + len(each)) for each in sentences or (text,))
    passage = Passage(Source("note", "Note"), 1, "", "para. 1", text, 0, len(text))
    scores = tuple(float(at) for at in range(len(spans)))
    return Candidate(0, passage, Features(0, 0, 0, 0, 0, 0, 0), spans, scores, NONE)


@pytest.mark.parametrize(
    ("kind", "holds", "lacks"),
    [
        ("count", "Forty came.", "Many came."),
        ("count", "In all, 1,200 victims were found.", "Victims were found."),
        ("money", "It needs 3 million dollars.", "It needs much."),
        ("date", "It is on 3 May.", "It is soon, and may be short."),
        ("duration", "It meets every two years.", "It meets often."),
        ("duration", "It lasts three days.", "It lasts long."),
        ("identity", "The chair is Ana Example.", "the chair is well known"),
        ("organization", "Among them was the Bureau.", "some took part"),
        ("country", "It was signed by Malta and Chad.", "All States signed."),
        ("place", "It is in Geneva.", "it is in town"),
        ("contact", "Write to a@example.org.", "Write to us."),
    ],
)
def test_what_is_asked_for_is_looked_for(kind: str, holds: str, lacks: str) -> None:
    assert missing(kind, holds) == NOWHERE
    assert missing(kind, lacks) == EVERYWHERE


def test_every_kind_is_looked_for_and_none_is_missing_where_none_is_asked_for() -> None:
    assert all(missing(kind, "nothing of the kind") == EVERYWHERE for kind in KINDS)
    assert missing_kinds((), Texts("", "", [""])) == NOWHERE


@pytest.mark.parametrize(
    "text",
    ["3. Some came.", "GCM objective 7 and 8 apply.", "See A/RES/73/195.", "It was in 2018.", "at 13:30", "COVID-19"],
)
def test_a_number_that_counts_nothing_is_none(text: str) -> None:
    assert missing("count", text) == EVERYWHERE


def test_it_is_told_how_near_a_thing_of_the_kind_stands() -> None:
    asked, nothing, something = {"count"}, "Many came.", "Forty came."

    assert missing_kinds(asked, Texts(nothing, f"{nothing} {something}", [something]))["missing in passage"] == 0.0
    assert missing_kinds(asked, Texts(nothing, nothing, [nothing, something])) == {**EVERYWHERE, "missing nearby": 0.0}
    assert missing_kinds({"count", "country"}, Texts(something, something, [something])) == EVERYWHERE


def test_an_answer_is_looked_for_in_the_nearest_sentence_and_the_first_few_passages() -> None:
    first = candidate("One. Two.", "One.", "Two.")

    texts = texts_of([first, *(candidate(text) for text in ("Three.", "Four.", "Five."))])

    assert (texts.sentence, texts.passage) == ("Two.", "One. Two.")
    assert texts.nearby[:2] == ["One. Two.", "Three."]
    assert "Five." not in texts.nearby
