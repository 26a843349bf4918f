import pytest

from assistant.language.cues import (
    asked_for,
    leans_on_earlier,
    names_in,
    places_in,
    places_in_english,
    with_english_places,
    without_places,
)


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
        ("les paragraphes 5 à 7", "paras. 5–7"),
        ("parrafo 4", "para. 4"),
        ("os paragrafos 1 e 2", "paras. 1 and 2"),
        ("le deuxieme paragraphe", "para. 2"),
        ("le sixième paragraphe", "para. 6"),
        ("la 2e question", "question 2"),
        ("в пунктах 1, 2 и 5", "paras. 1, 2 and 5"),
        ("3-й абзац", "para. 3"),
        ("пятый пункт", "para. 5"),
        ("вопрос № 2", "question 2"),
        ("párrafos 1 y 3", "paras. 1 and 3"),
        ("el objetivo n.º 12", "GCM objective 12"),
        ("الفقرتان 2 و3", "paras. 2 and 3"),
        ("الفقرة الثالثة", "para. 3"),
        ("第十五段", "para. 15"),
        ("第三段", "para. 3"),
        ("目标7和12", "GCM objectives 7 and 12"),
        ("Absatz 2", "para. 2"),
        ("ціль 9", "GCM objective 9"),
        ("objectif 3 des ODD", ""),
        ("可持续发展目标3", ""),
        ("ma première question", ""),
        ("les 23 objectifs", ""),
        ("le premier objectif de la réunion", ""),
        ("des questions sur 3 pays", ""),
        ("paragraphe 4.2", ""),
        ("divisé par 3", ""),
        ("la question 30 ans après", ""),
        ("этот вопрос 5 лет назад", ""),
    ],
)
def test_a_place_named_by_number_is_named_in_english(question: str, english: str) -> None:
    assert places_in_english(question) == english


def test_names_stand_out_of_another_script_and_acronyms_out_of_the_same() -> None:
    assert names_in("Сколько подписчиков у @UNMigNetwork?", "ru") == ("@UNMigNetwork",)
    assert names_in("Que dit le GCM sur la COVID-19 ?", "fr") == ("GCM", "COVID-19")


def test_capitals_are_no_names_where_all_are_capitals() -> None:
    assert names_in("QUE DIT LA NOTE SUR LES ENFANTS ET #GCM ?", "fr") == ("#GCM",)
    assert names_in("ЧТО ТАКОЕ GCM?", "ru") == ("GCM",)


def test_a_place_is_told_as_typed() -> None:
    assert [place.typed for place in places_in("l'Objectif  7 et le paragraphe 4")] == ["paragraphe 4", "Objectif  7"]


def test_places_are_taken_out_or_put_into_english() -> None:
    assert without_places("Что сказано в пункте 4?").split() == ["Что", "сказано", "в", "?"]
    assert with_english_places("párrafo 4 y objetivo 7") == "para. 4 y GCM objective 7"
