"""German is read by data alone: no rule names it, its profile holds all."""

from pathlib import Path

import pytest

from assistant.language.acts import act_of
from assistant.language.asking import asked_for, asks_for_more
from assistant.language.detection import spoken
from assistant.language.follow_ups import is_follow_up
from assistant.language.parts import parts_of
from assistant.language.places import named_places, places_in, with_places_in_english, without_places
from assistant.language.profiles import messages_in

QUESTIONS = (
    "Was sagt der Hinweis über unbegleitete Kinder?",
    "Wie werden Migranten informiert?",
    "Wer nimmt an der Konferenz teil?",
    "Wann findet das Treffen statt?",
    "Mit welchen Partnern sollen die Staaten arbeiten?",
    "Was ist das Ziel der Überprüfung?",
    "Können Sie mir sagen, was über Frauen gesagt wird?",
    "Was tun, damit Kinder sicher sind?",
)
EVENTS = (
    "Wann beginnt diese Sitzung?",
    "Wer leitet dieses Treffen?",
    "Worum geht es bei dieser regionalen Konsultation?",
    "Für wen ist diese Veranstaltung?",
    "Auf dieser Konferenz?",
)
FOLLOW_UPS = (
    "Und für Kinder?",
    "Was ist mit Frauen?",
    "Gilt das auch für Frauen?",
    "Aber wie?",
    "Warum?",
    "Für Kinder?",
    "Unter welches Ziel fällt das?",
    "In welchem Absatz steht das?",
    "Dürfen sie arbeiten?",
    "Was wird dafür getan?",
    "Welche Länder sind davon betroffen?",
    "Mehr dazu",
    "Mit wem?",
)


@pytest.mark.parametrize("question", [*QUESTIONS, *EVENTS])
def test_a_german_question_tells_its_language_and_stands_on_its_own(question: str) -> None:
    assert spoken(question).language == "de"
    assert not is_follow_up(question, "de")


@pytest.mark.parametrize("question", FOLLOW_UPS)
def test_a_german_follow_up_leans_on_what_was_asked(question: str) -> None:
    assert is_follow_up(question, "de")


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("Was steht in Absatz 4?", "para. 4"),
        ("Was fragt Leitfrage 3?", "question 3"),
        ("Welche Stellen gehören zu Ziel 7?", "GCM objective 7"),
        ("die Ziele 7 und 12", "GCM objectives 7 and 12"),
        ("in den Absätzen 2 und 3", "paras. 2 and 3"),
        ("Absätze 5 bis 7", "paras. 5–7"),
        ("Leitfragen 1–3", "questions 1–3"),
        ("der dritte Absatz", "para. 3"),
        ("die zweite Leitfrage", "question 2"),
        ("im 4. Absatz", "para. 4"),
        ("Abs. 21 (b)", "para. 21 (b)"),
        ("Präambelabsatz 2", "preambular para. 2"),
        ("Empfehlung 2", "recommendation 2"),
        ("Frage zwei", "question 2"),
        ("Absatz Nr. 5", "para. 5"),
        ("Ziel 3 der SDGs", ""),
        ("Ziel 3 für nachhaltige Entwicklung", ""),
        ("meine erste Frage", ""),
        ("Frage 30 Jahre später", ""),
        ("Absatz 4.2", ""),
        ("die 23 Ziele", ""),
    ],
)
def test_a_german_place_is_known(question: str, english: str) -> None:
    assert ", ".join(place.english for place in places_in(question)) == english


def test_a_german_place_is_cited_translated_and_left_out() -> None:
    question = "Was sagen die Absätze 5 bis 7 zu Ziel 7?"

    assert named_places(question) == ["para. 5", "para. 6", "para. 7"]
    assert with_places_in_english(question) == "Was sagen die paras. 5–7 zu GCM objective 7?"
    assert without_places(question).split() == ["Was", "sagen", "die", "zu", "?"]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Wann ist das Treffen? Wo ist der Sitz?", ("Wann ist das Treffen?", "Wo ist der Sitz?")),
        (
            "Wie viele Länder nehmen teil, und wer leitet das Treffen?",
            ("Wie viele Länder nehmen teil", "wer leitet das Treffen?"),
        ),
        ("Wann und wo ist das Treffen?", ()),
        ("Wie viele Länder nehmen teil? Und für die Kinder?", ()),
        ("Was sagt der Hinweis über Frauen und Kinder?", ()),
    ],
)
def test_german_questions_put_together_are_taken_apart(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question, "de") == parts


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wie viele Staaten haben unterschrieben?", "count"),
        ("Wie hoch sind die Kosten?", "money"),
        ("Wann findet das Treffen statt?", "date"),
        ("Wie lange dauert das Verfahren?", "duration"),
        ("Wer hat den Hinweis verfasst?", "identity"),
        ("Welche Organisation hilft den Familien?", "organization"),
        ("Welche Länder haben die Grenzen geschlossen?", "country"),
        ("Wo ist der Sitz des Netzwerks?", "place"),
        ("An welche E-Mail-Adresse schreibe ich?", "contact"),
    ],
)
def test_what_a_german_question_asks_for_is_known(question: str, kind: str) -> None:
    assert asked_for(question, "de") == {kind}


def test_a_german_question_for_a_place_asks_for_no_more() -> None:
    assert not asks_for_more(without_places("Was steht in Absatz 4?"), "de")
    assert asks_for_more(without_places("Was steht in Absatz 4 über Kinder?"), "de")


@pytest.mark.parametrize("text", ["Guten Tag!", "Vielen Dank für Ihre Hilfe", "Hallo zusammen, wie geht es Ihnen?"])
def test_a_german_greeting_is_known(text: str) -> None:
    act = act_of(text)

    assert act is not None
    assert (act.kind, act.language) == ("greeting", "de")


def test_whoever_asks_in_german_is_answered_in_german() -> None:
    assert messages_in("de").nothing.startswith("Keine Stelle")


@pytest.mark.parametrize("question", QUESTIONS[:5])
def test_a_whole_german_question_leaves_no_doubt_about_its_language(question: str) -> None:
    assert spoken(question).is_sure


def test_no_module_of_the_package_names_german() -> None:
    package = Path(__file__).parents[2] / "assistant"

    naming = [path.name for path in package.rglob("*.py") if '"de"' in path.read_text(encoding="utf-8")]

    assert naming == []
