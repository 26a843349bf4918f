import pytest

from assistant.answering.answer_types import Texts, type_features


def signs(question: str, text: str) -> dict[str, float]:
    return type_features(question, Texts(text, text, [text]))


@pytest.mark.parametrize(
    ("question", "kind", "holds", "lacks"),
    [
        ("How many came?", "count", "Forty came.", "Many came."),
        ("number of victims", "count", "In all, 1,200 victims were found.", "Victims were found."),
        ("How much money is needed?", "money", "It needs 3 million dollars.", "It needs much."),
        ("When is it?", "date", "It is on 3 May.", "It is soon, and may be short."),
        ("How often does it meet?", "duration", "It meets every two years.", "It meets often."),
        ("How long does it last?", "duration", "It lasts three days.", "It lasts long."),
        ("Who is the chair?", "identity", "The chair is Ana Example.", "the chair is well known"),
        ("Which bodies took part?", "organization", "Among them was the Bureau.", "some took part"),
        ("Which countries signed?", "country", "It was signed by Malta and Chad.", "All States signed."),
        ("In which city is it?", "place", "It is in Geneva.", "it is in town"),
        ("email of the secretariat", "contact", "Write to a@example.org.", "Write to us."),
    ],
)
def test_what_is_asked_for_is_looked_for(question: str, kind: str, holds: str, lacks: str) -> None:
    assert signs(question, holds)[f"asks {kind}"] == 1.0
    assert signs(question, holds)[f"{kind} not in passage"] == 0.0
    for where in ("in sentence", "in passage", "nearby"):
        assert signs(question, lacks)[f"{kind} not {where}"] == 1.0


@pytest.mark.parametrize("question", ["What does it say on health?", "rights of children", "Should states do more?"])
def test_a_question_on_a_matter_asks_for_no_kind_of_thing(question: str) -> None:
    found = signs(question, "Nothing in particular.")

    assert not any(value for name, value in found.items() if name.startswith("asks") or " not " in name)


@pytest.mark.parametrize(
    "text",
    ["3. Some came.", "GCM objective 7 and 8 apply.", "See A/RES/73/195.", "It was in 2018.", "at 13:30", "COVID-19"],
)
def test_a_number_that_counts_nothing_is_none(text: str) -> None:
    assert signs("How many came?", text)["count not in passage"] == 1.0


def test_it_matters_what_is_counted() -> None:
    question = "How many children are out of school?"

    assert signs(question, "There are 5 million children.")["other things counted in sentence"] == 0.0
    assert signs(question, "It took 24 States a long while to agree on a text for them.")[
        "other things counted in sentence"
    ]


def test_the_form_of_a_question_is_told() -> None:
    assert signs("data protection", "x")["form topic"] == 1.0
    assert signs("What is data protection?", "x")["form topic"] == 0.0
    assert signs("Is there a fund?", "x")["form yes or no"] == 1.0
