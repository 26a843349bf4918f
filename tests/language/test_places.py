import pytest

from assistant.language.places import (
    is_place_of,
    named_places,
    names_objective,
    places_in,
    with_places_in_english,
    without_places,
)


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("Que dit le paragraphe 4 ?", "para. 4"),
        ("Вопрос 3 и пункт 5", "question 3, para. 5"),
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
        ("What are objectives 0 and 99?", "GCM objectives 0 and 99"),
        ("Quote the first sentence", "sentence 1"),
        ("la dernière phrase", "last sentence"),
        ("the final guiding question", "last question"),
        ("последний пункт", "last para."),
        ("الفقرة الأخيرة", "last para."),
        ("最后一段", "last para."),
        ("第二句话", "sentence 2"),
        ("my last question", ""),
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
    assert ", ".join(place.english for place in places_in(question)) == english


def test_an_objective_is_named_by_its_numbers_and_is_no_place() -> None:
    (place,) = places_in("les objectifs 22 et 24")

    assert (place.objectives, place.locators) == ((22, 24), ())


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Strategic objectives 1, 2 and 22 of the plan", True),
        ("L’objectif 22", True),
        ("Objective 2, as agreed on 22 May", False),
        ("Objective 2. On 22 May", False),
        ("objective 2.22", False),
        ("objective 122", False),
        ("22 May", False),
    ],
)
def test_a_text_names_an_objective_of_any_framework(text: str, is_named: bool) -> None:
    assert names_objective(text, 22) == is_named


def test_a_citation_ends_at_a_place_of_a_kind() -> None:
    assert is_place_of("Guiding question 3", "question")
    assert is_place_of("Health, para. 2", "paragraph")
    assert not is_place_of("preambular para. 2", "paragraph")
    assert not is_place_of("para. 2 (a)", "paragraph")


def test_a_place_is_told_as_typed() -> None:
    assert [place.typed for place in places_in("l'Objectif  7 et le paragraphe 4")] == ["Objectif  7", "paragraphe 4"]


def test_places_are_taken_out_or_put_into_english() -> None:
    assert without_places("Что сказано в пункте 4?").split() == ["Что", "сказано", "в", "?"]
    assert with_places_in_english("párrafo 4 y objetivo 7") == "para. 4 y GCM objective 7"


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
        ("Article 19 (1)(a)", ["article 19 (1) (a)"]),
        ("Article 19, paragraph 1", ["article 19 (1)"]),
        ("paragraph 2 (b) of article 5", ["article 5 (2) (b)"]),
        ("articles 3 and 4", ["article 3", "article 4"]),
        ("l'article 19", ["article 19"]),
        ("第19条", ["article 19"]),
        ("المادة 19", ["article 19"]),
        ("recital 26", ["recital 26"]),
        ("OP 3 and PP 2", ["para. 3", "preambular para. 2"]),
        ("operative paragraph 3", ["para. 3"]),
        ("para. 5 (b)(ii)", ["para. 5 (b) (ii)"]),
        ("objective 7, action (f)", ["objective 7 (f)"]),
        ("objective 7 (f)", ["objective 7 (f)"]),
        ("objective 7", []),
        ("annex II, para. 3", ["annex ii, para. 3"]),
        ("paragraph 3 of draft resolution I", ["draft resolution i, para. 3"]),
    ],
)
def test_places_are_read_as_they_are_cited(question: str, places: list[str]) -> None:
    assert named_places(question) == places


def test_only_a_place_that_english_does_not_name_so_is_put_into_english() -> None:
    assert with_places_in_english("párrafo 4") == "para. 4"
    assert with_places_in_english("questions 3 and 4, párrafo 5") == "questions 3 and 4, para. 5"
