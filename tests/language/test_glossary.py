import tomllib
from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.language.glossary import _GLOSSARY, Glossary, glossary_with, read_glossary, shipped_glossary

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


def test_a_meeting_s_own_terms_stand_beside_those_that_ship(tmp_path: Path) -> None:
    (tmp_path / "glossary.toml").write_text('[[term]]\nen = ["hotspot"]\nfr = ["centre chaud"]\n', encoding="utf-8")

    glossary = glossary_with(read_glossary(tmp_path))

    (own, shipped) = glossary.terms_in("Les remesas ? Non : les centres chauds, et les envois de fonds", "fr")
    assert (own.typed, own.equivalents[0]) == ("centres chauds", "hotspot")
    assert "remittance" in shipped.equivalents
    assert glossary_with(()) is shipped_glossary()
    assert read_glossary(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    "content", ["term = 3", '[[term]]\nen = "x"', "[[term]]", '[[term]]\nEN = ["x"]', "[[term]]\nen = []"]
)
def test_what_is_no_entry_is_named_with_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / "glossary.toml").write_text(content, encoding="utf-8")

    with pytest.raises(CorpusError, match=r"glossary\.toml: \[\[term\]\] number 1: give lists of terms"):
        read_glossary(tmp_path)


def test_a_table_of_another_name_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "glossary.toml").write_text('[[terms]]\nen = ["reception centre", "RIC"]\n', encoding="utf-8")

    with pytest.raises(CorpusError, match=r"glossary\.toml: holds 'terms'; it may hold \[\[term\]\] alone\."):
        read_glossary(tmp_path)
