import pytest

from assistant.language.asking import asked_for, asks_for_more


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("Combien de pays ?", "fr", "count"),
        ("Сколько стран?", "ru", "count"),
        ("¿Cuántos países?", "es", "count"),
        ("كم دولة؟", "ar", "count"),
        ("有多少国家？", "zh", "count"),
        ("Qui préside la réunion ?", "fr", "identity"),
        ("Кто председатель?", "ru", "identity"),
        ("¿Cuándo empieza?", "es", "date"),
        ("أين المقر؟", "ar", "place"),
        ("电话号码是什么？", "zh", "contact"),
    ],
)
def test_what_a_question_asks_for_is_known_in_five_languages(question: str, language: str, kind: str) -> None:
    assert kind in asked_for(question, language)


def test_a_question_for_no_particular_thing_asks_for_none() -> None:
    assert asked_for("Que dit la note sur les enfants ?", "fr") == frozenset()
    assert asked_for("Hoeveel landen?", "nl") == frozenset()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Que dit ?", "fr"),
        ("О чём говорится в ?", "ru"),
        ("Por favor, ¿qué dice el ?", "es"),
        ("ماذا جاء في ؟", "ar"),
        ("讲什么？", "zh"),
    ],
)
def test_words_of_asking_say_nothing_beside(text: str, language: str) -> None:
    assert not asks_for_more(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("sur les enfants", "fr"),
        ("о детях", "ru"),
        ("sobre los visados", "es"),
        ("عن الأطفال", "ar"),
        ("关于儿童", "zh"),
        ("a", "ja"),
    ],
)
def test_what_is_asked_says_something_beside(text: str, language: str) -> None:
    assert asks_for_more(text, language)
