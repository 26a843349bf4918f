import pytest

from assistant.cues import asked_for, leans_on_earlier, names_in, places_in_english


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
    assert asked_for("Wie viele Länder?", "de") == frozenset()


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Et pour les enfants ?", "fr"),
        ("А для детей?", "ru"),
        ("¿Y para los niños?", "es"),
        ("وماذا عن الأطفال؟", "ar"),
        ("那么儿童呢？", "zh"),
    ],
)
def test_a_follow_up_leans_on_what_was_asked(question: str, language: str) -> None:
    assert leans_on_earlier(question, language)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Comment informer les migrants ?", "fr"),
        ("Как информировать мигрантов?", "ru"),
        ("¿Cómo informar a los migrantes?", "es"),
        ("كيف يُعلَم المهاجرون؟", "ar"),
        ("怎样向移民提供信息？", "zh"),
    ],
)
def test_a_question_that_says_enough_leans_on_nothing(question: str, language: str) -> None:
    assert not leans_on_earlier(question, language)


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("Que dit le paragraphe 4 ?", "para. 4"),
        ("Вопрос 3 и пункт 5", "para. 5, question 3"),
        ("la pregunta orientadora 2", "question 2"),
        ("الهدف 17", "GCM objective 17"),
        ("目标7", "GCM objective 7"),
        ("第4段", "para. 4"),
        ("Combien d'États ?", ""),
    ],
)
def test_a_place_named_by_number_is_named_in_english(question: str, english: str) -> None:
    assert places_in_english(question) == english


def test_names_stand_out_of_another_script_and_acronyms_out_of_the_same() -> None:
    assert names_in("Сколько подписчиков у @UNMigNetwork?", "ru") == ("@UNMigNetwork",)
    assert names_in("Que dit le GCM sur la COVID-19 ?", "fr") == ("GCM", "COVID-19")
