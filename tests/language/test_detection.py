import json
from pathlib import Path

import pytest

from assistant.language.detection import spoken

GOLD = Path(__file__).parents[1] / "gold"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Que dit la note sur les enfants ?", "fr"),
        ("¿Qué dice la nota sobre los niños?", "es"),
        ("Что говорится о детях?", "ru"),
        ("Що сказано про дітей і їхні права?", "uk"),
        ("ماذا تقول المذكرة عن الأطفال؟", "ar"),
        ("说明里关于儿童怎么说？", "zh"),
        ("子どもについて何と書いてありますか？", "ja"),
        ("Was sagt der Vermerk über die Kinder?", "de"),
        ("Che cosa dice la nota sui bambini?", "it"),
        ("O que diz a nota sobre as crianças e os jovens?", "pt"),
        ("O que diz o parágrafo 4?", "pt"),
        ("4. paragraf ne diyor?", "tr"),
        ("Bu belge çocuklar hakkında ne diyor?", "tr"),
    ],
)
def test_a_short_question_tells_its_language(text: str, language: str) -> None:
    assert spoken(text).language == language


@pytest.mark.parametrize(
    "text",
    ["GCM objective 7", "What about the Côte d'Ivoire?", "What does “миграция” mean in English?", "COVID-19", "…"],
)
def test_english_with_a_foreign_word_in_it_is_english(text: str) -> None:
    assert spoken(text).language == "en"


def test_an_english_term_in_a_question_does_not_make_it_english() -> None:
    told = [spoken(text).language for text in ("Что такое GCM и Roundtable 4?", "Que dit la Roundtable 4 sur le GCM ?")]

    assert told == ["ru", "fr"]


def test_a_word_of_the_field_tells_a_language_that_grammar_does_not() -> None:
    told = spoken("remesas", {"es": frozenset({"remesas"})})

    assert (told.language, told.is_sure) == ("es", False)


def test_a_guess_from_little_is_not_sure() -> None:
    assert not spoken("racismo y prejuicios").is_sure
    assert spoken("Quelles sont les mesures pour les enfants ?").is_sure


@pytest.mark.parametrize("split", ["dev", "test"])
def test_no_english_question_of_the_gold_ones_is_taken_for_another_language(split: str) -> None:
    names = ("ask", "refuse", "formal", "objectives")

    asked = [
        row.get("question") or row["text"]
        for name in names
        for row in map(json.loads, (GOLD / f"{name}-{split}.jsonl").read_text(encoding="utf-8").splitlines())
    ]

    assert [text for text in asked if spoken(text).language != "en"] == []
