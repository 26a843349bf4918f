import pytest

from assistant.language.names import beside_names, holds_phrase, names_in, quoted_phrases, without_quoted


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


def test_names_stand_out_of_another_script_and_acronyms_out_of_the_same() -> None:
    assert names_in("Сколько подписчиков у @UNMigNetwork?", "ru") == ("@UNMigNetwork",)
    assert names_in("Que dit le GCM sur la COVID-19 ?", "fr") == ("GCM", "COVID-19")


def test_capitals_are_no_names_where_all_are_capitals() -> None:
    assert names_in("QUE DIT LA NOTE SUR LES ENFANTS ET #GCM ?", "fr") == ("#GCM",)
    assert names_in("ЧТО ТАКОЕ GCM?", "ru") == ("GCM",)


def test_a_phrase_stands_in_a_text_as_whole_words() -> None:
    assert holds_phrase("Child-sensitive data, para. 7", "sensitive data")
    assert not holds_phrase("insensitive data", "sensitive data")
