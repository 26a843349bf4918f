import pytest

from assistant.language.naming import beside_names, named_places, quoted_phrases, with_places_in_english, without_quoted


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("What is question 3?", ["question 3"]),
        ("guiding question three", ["question 3"]),
        ("question #3", ["question 3"]),
        ("the 3rd guiding question", ["question 3"]),
        ("What do paragraphs 2 and 3 say?", ["para. 2", "para. 3"]),
        ("paras. 2 to 4", ["para. 2", "para. 3", "para. 4"]),
        ("para. 21 (b)", ["para. 21 (b)"]),
        ("preambular para. 2", ["preambular para. 2"]),
        ("para. 4.2", []),
        ("My first question: who chairs?", []),
        ("Why should states question 30 year old policies?", []),
        ("What is said on data?", []),
        ("párrafo 4", ["para. 4"]),
        ("пункты 2 и 3", ["para. 2", "para. 3"]),
        ("第2段", ["para. 2"]),
    ],
)
def test_places_are_read_as_they_are_cited(question: str, places: list[str]) -> None:
    assert named_places(question) == places


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ('"GCM objective 7"', ("gcm objective 7",)),
        ("‘media’ and 'the press'", ("media", "the press")),
        ("»data« or «borders»", ("data", "borders")),
        ("„data“, „visas” et ‹borders›", ("data", "visas", "borders")),
        ("「data」和『border visas』", ("data", "border visas")),
        ("＂data＂ och ”visas”", ("data", "visas")),
        ("‚data‘", ("data",)),
        ("the network's channel and the states' views", ()),
        ('Where does it say "the"?', ()),
        ('an open " mark', ()),
    ],
)
def test_phrases_are_what_stands_in_quotation_marks(question: str, phrases: tuple[str, ...]) -> None:
    assert quoted_phrases(question) == phrases


def test_what_is_asked_beside_names() -> None:
    assert beside_names('How many "migrants" live in Germany?') == ["live", "germany"]
    assert beside_names("What does guiding question 3 say?") == []


def test_what_is_quoted_can_be_left_out() -> None:
    assert without_quoted("Où dit-on « value-driven » ?").split() == ["Où", "dit-on", "?"]


def test_a_place_is_put_into_english_where_english_names_none() -> None:
    assert with_places_in_english("párrafo 4") == "para. 4"
    assert with_places_in_english("questions 3 and 4, párrafo 5") == "questions 3 and 4, párrafo 5"
