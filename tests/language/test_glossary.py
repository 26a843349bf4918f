import tomllib

import pytest

from assistant.language.glossary import _GLOSSARY, Glossary, shipped_glossary

LANGUAGES = ("en", "fr", "ru", "es", "ar", "zh")


@pytest.mark.parametrize(
    ("language", "question", "typed", "english"),
    [
        ("fr", "Et les droits de l’homme ?", "droits de l’homme", "human rights"),
        ("fr", "Les envois de fonds ont-ils baissé ?", "envois de fonds", "remittance"),
        ("ru", "Что сказано о денежных переводах?", "денежных переводах", "remittance"),
        ("es", "¿Cómo afecta a las remesas?", "remesas", "remittance"),
        ("ar", "ماذا عن الحوالات المالية؟", "الحوالات", "remittance"),
        ("zh", "汇款受到什么影响？", "汇款", "remittance"),
    ],
)
def test_a_term_is_found_in_any_inflection(language: str, question: str, typed: str, english: str) -> None:
    found = shipped_glossary().terms_in(question, language)

    assert [term for term in found if term.typed.startswith(typed) and english in term.equivalents], found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("и на за при", "ru"),
        ("هو هي مثل رقم الفقرة دور", "ar"),
        ("d'un côté, au cours de, fait-on directement", "fr"),
        ("por parte de, se deben", "es"),
    ],
)
def test_a_word_of_grammar_is_no_term_though_it_has_the_stem_of_one(text: str, language: str) -> None:
    assert shipped_glossary().terms_in(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("المهاجرين", "ar", "women"),
        ("بلدان المنشأ", "ar", "firm"),
        ("البيانات", "ar", "statement"),
        ("移民", "zh", "immigration"),
        ("nombre", "es", "appointment"),
        ("información", "es", "report"),
        ("movilidad", "es", "telephone"),
    ],
)
def test_a_general_word_does_not_stand_for_something_narrower(text: str, language: str, other: str) -> None:
    found = shipped_glossary().terms_in(text, language)

    assert found
    assert not [term for term in found if other in term.equivalents]


@pytest.mark.parametrize(
    ("text", "language", "english"),
    [
        ("ИИ", "ru", "AI"),
        ("informes", "es", "report"),
        ("наем", "ru", "recruitment"),
        ("приём", "ru", "reception"),
        ("الهوية", "ar", "identity"),
    ],
)
def test_a_term_whose_stem_is_a_word_of_grammar_is_found(text: str, language: str, english: str) -> None:
    assert any(english in term.equivalents for term in shipped_glossary().terms_in(text, language))


def test_of_terms_that_overlap_the_longest_is_found() -> None:
    glossary = Glossary(
        [{"en": ["child"], "fr": ["enfant"]}, {"en": ["unaccompanied child"], "fr": ["enfant non accompagné"]}]
    )

    (term,) = glossary.terms_in("Que dit-on des enfants non accompagnés ?", "fr")

    assert term.typed == "enfants non accompagnés"
    assert term.equivalents == ("unaccompanied child", "enfant non accompagné")


def test_what_a_word_may_mean_is_found_once_each() -> None:
    glossary = Glossary([{"en": ["law"], "es": ["derecho"]}, {"en": ["right"], "es": ["derecho"]}])

    found = glossary.terms_in("El derecho, los derechos", "es")

    assert [term.equivalents[0] for term in found] == ["law", "right"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "\ud800", "123", "a" * 2000, "و" * 50])
def test_anything_may_be_asked(text: str) -> None:
    for language in (*LANGUAGES, "de", ""):
        assert shipped_glossary().terms_in(text, language) == []


def test_words_that_hold_letters_of_changing_length_keep_their_places() -> None:
    glossary = Glossary([{"en": ["fee"], "fr": ["frais"]}])

    assert glossary.terms_in("İİİ frais", "fr")[0].typed == "frais"


def test_every_entry_has_all_languages_and_nothing_empty() -> None:
    for entry in tomllib.loads(_GLOSSARY.read_text(encoding="utf-8"))["term"]:
        assert tuple(entry) == LANGUAGES
        assert all(term == term.strip() and term for terms in entry.values() for term in terms), entry
        assert all(entry.values()), entry
