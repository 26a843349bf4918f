import datetime
import json
import re
import string
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.rendering.strings import LANGUAGES, Strings, name_of_language, negotiate, read_strings

ROOT = Path(__file__).parents[3]
LOCALES = ROOT / "assistant" / "web" / "rendering" / "locales"
Forms = dict[str, str]

CATEGORIES = {
    "en": {"one", "other"},
    "fr": {"one", "other"},
    "ru": {"one", "few", "many", "other"},
    "es": {"one", "other"},
    "ar": {"zero", "one", "two", "few", "many", "other"},
    "zh": {"other"},
    "de": {"one", "other"},
}
DATES = ("month.", "day.")  # keys of a language whose dates are others than the CLDR's
# An Arabic noun says these by itself: "one second", "two seconds".
SAY_THEIR_NUMBER = {"zero", "one", "two"}
LETTERS = {"ru": "CYRILLIC", "ar": "ARABIC", "zh": "CJK UNIFIED"}
NAMES = {
    "CSV",
    "XLSX",
    "Excel",
    "Word",
    "Markdown",
    "Enter",
    "Shift",
    "MB",
    "topic",
    "text/csv",
    "UTC",
    "ASSISTANT",
    "COUNTS",
    "LOG",
    "QUESTIONS",
}
# Words that are spelt alike in English and in the language.
ALIKE = {
    "fr": {
        "place.documents", "documents.title", "original", "source", "date", "conversation",
        "objective.3.short", "objective.19.short", "subject.document", "suggest.question",
        "asked.total one", "asked.total other",
    },
    "es": {"original", "video", "helpful.no"},
    "de": {"original", "resolution", "video"},
}  # fmt: skip


def table(language: str) -> dict[str, str | Forms]:
    read: dict[str, str | Forms] = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))
    return read


TABLES = {language: table(language) for language in LANGUAGES}


def forms(language: str, key: str) -> Forms:
    found = TABLES[language][key]
    return {"": found} if isinstance(found, str) else found


def texts(language: str) -> Iterator[tuple[str, str]]:
    for key in TABLES[language]:
        for category, text in forms(language, key).items():
            yield f"{key} {category}".strip(), text


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def letters(text: str) -> str:
    return re.sub(r"\{\w+\}", "", text)


def refused(language: str, pattern: str) -> list[str]:
    return [f"{key}: {text}" for key, text in texts(language) if re.search(pattern, text)]


# The tables ---------------------------------------------------------------------------------------------------------


def test_each_file_is_a_language_and_english_is_the_first() -> None:
    files = {path.stem for path in LOCALES.glob("*.json")}

    assert {"en", "fr", "ru", "es", "ar", "zh"} <= files
    assert ("en", *sorted(files - {"en"})) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_keys_of_english_in_their_order(language: str) -> None:
    keys = [key for key in TABLES[language] if not key.startswith(DATES)]

    assert keys == list(TABLES["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice_in_a_file(language: str) -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len({key for key, _ in pairs}) == len(pairs), [key for key, _ in pairs]
        return dict(pairs)

    json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"), object_pairs_hook=once)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_text_has_every_plural_form_of_its_language(language: str) -> None:
    for key in TABLES["en"]:
        found = TABLES[language][key]
        assert isinstance(found, str) == isinstance(TABLES["en"][key], str), key
        assert isinstance(found, str) or set(found) == CATEGORIES[language], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_and_every_plural_form_takes_the_same_values(language: str) -> None:
    for key in TABLES["en"]:
        expected = placeholders(forms("en", key).get("other", forms("en", key).get("", "")))

        for category, text in forms(language, key).items():
            said_in_words = language == "ar" and category in SAY_THEIR_NUMBER
            assert placeholders(text) == expected or (said_in_words and placeholders(text) < expected), (key, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_plain_and_neither_empty_nor_padded(language: str) -> None:
    for key, text in texts(language):
        assert text.strip(" \u00a0") == text != "" or key.startswith("mark."), key
        assert not re.search(r"[<>&]|[ \u00a0]{2}|[\t\r\n]", text), (key, text)
        assert unicodedata.is_normalized("NFC", text), (key, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_western_digits_and_typographic_quotation_marks(language: str) -> None:
    for key, text in texts(language):
        assert all(c.isascii() for c in text if c.isdecimal()), (key, text)
        assert not re.search("[\"'`]", text), (key, text)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_text_is_left_in_english(language: str) -> None:
    english = dict(texts("en"))
    left = {key for key, text in texts(language) if english.get(key) == text and not key.startswith("mark.")}

    assert left == ALIKE.get(language, set())


@pytest.mark.parametrize("language", LETTERS)
def test_a_text_in_another_script_is_written_in_it_but_for_names(language: str) -> None:
    for key, text in texts(language):
        if key.startswith("mark."):
            continue
        said = letters(text)

        assert any(unicodedata.name(c, "").startswith(LETTERS[language]) for c in said), (key, text)
        assert set(re.findall(r"[A-Za-z][A-Za-z/]*", said)) <= NAMES, (key, text)


def test_french_keeps_its_marks_with_their_words_by_no_break_spaces() -> None:
    assert refused("fr", "(?<!\u00a0)[:;?!»%]|«(?!\u00a0)") == []


@pytest.mark.parametrize("language", ["ru", "es", "en", "de"])
def test_other_languages_put_no_space_before_a_mark(language: str) -> None:
    assert refused(language, "[ \u00a0][:;?!,.»]|« ") == []


def test_spanish_questions_open_with_their_mark() -> None:
    assert all(text.count("¿") == text.count("?") for _, text in texts("es"))


def test_arabic_and_chinese_use_their_own_marks() -> None:
    assert refused("ar", "[?;,]") == []
    assert refused("zh", "[?;:,.!()]") == []


def test_every_text_that_the_interface_asks_for_is_there() -> None:
    folder = LOCALES.parents[1]
    sources = [path.read_text(encoding="utf-8") for path in (*folder.rglob("*.py"), *folder.rglob("*.html"))]

    asked = {
        key for source in sources for key in re.findall(r"trings\.(?:text|label|forms)\(\s*[\"']([^\"']+)[\"']", source)
    }

    assert "answer" in asked
    assert asked - set(TABLES["en"]) == set()


def test_a_language_is_named_in_itself() -> None:
    names = ["English", "français", "русский", "español", "العربية", "中文"]

    assert [name_of_language(code) for code in ("en", "fr", "ru", "es", "ar", "zh")] == names


def test_a_language_that_nobody_knows_goes_by_its_code() -> None:
    assert name_of_language("xx") == "xx"
    assert name_of_language("<b>") == "<b>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_knows_its_code(language: str) -> None:
    assert read_strings(language).language == language


def test_the_english_short_names_are_those_of_the_table_of_objectives() -> None:
    rows = tomllib.loads((ROOT / "corpus" / "objectives.toml").read_text(encoding="utf-8"))["objective"]

    assert len(rows) == 23
    for row in rows:
        assert TABLES["en"][f"objective.{row['number']}.short"] == row["short"]


def test_every_type_of_document_has_a_name() -> None:
    rows = tomllib.loads((ROOT / "corpus" / "sources.toml").read_text(encoding="utf-8"))

    types = set(re.findall(r"'type': '([^']+)'", str(rows)))
    assert types
    assert {each.replace(" ", "_") for each in types} <= set(TABLES["en"])


# Texts --------------------------------------------------------------------------------------------------------------


def test_values_stand_in_a_text_as_they_are() -> None:
    strings = Strings("en", {"searched": "Searched: {documents}."})

    assert strings.text("searched", documents="{n} <b>") == "Searched: {n} <b>."


def test_a_text_that_is_not_there_is_a_slip_of_the_caller() -> None:
    strings = read_strings("en")

    assert "no such text" not in strings
    with pytest.raises(KeyError):
        strings.text("no such text")


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        ("en", 1, "1 passage found"),
        ("fr", 0, "0\u00a0passage trouvé"),
        ("fr", 1_000_000, "1000000\u00a0passages trouvés"),
        ("ru", 22, "Найдено 22\u00a0отрывка"),
        ("es", 0, "0\u00a0pasajes encontrados"),
        ("ar", 2, "عُثر على مقطعين"),
        ("ar", 3, "عُثر على 3\u00a0مقاطع"),
        ("zh", 1, "找到1个段落"),
    ],
)
def test_a_number_chooses_the_plural_form(language: str, n: int, said: str) -> None:
    assert read_strings(language).text("passages_found", n=n) == said


def test_the_first_value_chooses_where_there_is_no_n() -> None:
    assert read_strings("en").text("error.busy", seconds=1).endswith("in 1 second.")
    assert read_strings("en").text("error.busy", seconds=2).endswith("in 2 seconds.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_that_a_script_fills_in_leaves_its_place_open(language: str) -> None:
    assert "{n}" in read_strings(language).text("filter.chosen", n="{n}")


@given(st.sampled_from(LANGUAGES), st.integers(min_value=0))
def test_every_counted_text_can_be_said_of_any_number(language: str, n: int) -> None:
    strings = read_strings(language)

    for key, found in TABLES[language].items():
        if not isinstance(found, str):
            (name,) = placeholders(found["other"])
            assert strings.text(key, **{name: n})


def test_arabic_alone_runs_from_right_to_left() -> None:
    assert [each for each in LANGUAGES if read_strings(each).direction == "rtl"] == ["ar"]
    assert read_strings("en").direction == "ltr"


@pytest.mark.parametrize("language", ["", "xx", "FR", "fr-CH", "../fr", "\0", "en.json"])
def test_a_language_without_a_file_reads_english(language: str) -> None:
    assert read_strings(language).language == "en"


def test_a_language_is_read_once() -> None:
    assert read_strings("fr") is read_strings("fr")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "10,000"),
        ("fr", "10\u202f000"),
        ("ru", "10\u00a0000"),
        ("es", "10.000"),
        ("ar", "10,000"),
        ("zh", "10,000"),
    ],
)
def test_thousands_are_parted_as_the_language_does(language: str, said: str) -> None:
    assert read_strings(language).number(10_000) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1\u00a0November 2026"),
        ("fr", "1er\u00a0novembre 2026"),
        ("ru", "1\u00a0ноября 2026\u202fг."),
        ("es", "1\u00a0de noviembre de 2026"),
        ("ar", "1\u00a0تشرين الثاني/نوفمبر 2026"),
        ("zh", "2026年11月1日"),
    ],
)
def test_a_date_is_written_out(language: str, said: str) -> None:
    assert read_strings(language).date(datetime.date(2026, 11, 1)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "58%, <\u00a01%, >\u00a099%"),
        ("fr", "58\u00a0%, <\u00a01\u00a0%, >\u00a099\u00a0%"),
        ("ru", "58\u00a0%, <\u00a01\u00a0%, >\u00a099\u00a0%"),
        ("es", "58\u00a0%, <\u00a01\u00a0%, >\u00a099\u00a0%"),
        ("ar", "\u200e58%, \u200e<\u00a01%, \u200e>\u00a099%"),
        ("zh", "58%, <\u00a01%, >\u00a099%"),
    ],
)
def test_a_share_is_written_as_the_language_does(language: str, said: str) -> None:
    assert ", ".join(map(read_strings(language).percent, (0.58, 0.004, 0.999))) == said


def test_labels_and_lists_have_the_language_s_own_marks() -> None:
    marks = {
        each: (strings.colon, strings.semicolon, strings.comma, strings.sentence(""))
        for each, strings in ((each, read_strings(each)) for each in CATEGORIES)
    }

    usual = (": ", "; ", ", ", ".")
    assert marks == {
        "en": usual,
        "de": usual,
        "fr": ("\u00a0: ", "\u00a0; ", ", ", "."),
        "ru": usual,
        "es": usual,
        "ar": (": ", "؛ ", "، ", "."),
        "zh": ("：", "；", "，", "。"),
    }


# Plural rules -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {0: "other", 1: "one", 2: "other", 21: "other"}),
        ("fr", {0: "one", 1: "one", 2: "other", 1_000: "other", 1_000_000: "many", 1_000_001: "other"}),
        ("es", {0: "other", 1: "one", 2: "other", 1_000_000: "many", 2_000_000: "many"}),
        ("ru", {0: "many", 1: "one", 2: "few", 4: "few", 5: "many", 11: "many", 12: "many", 14: "many"}),
        ("ru", {20: "many", 21: "one", 22: "few", 25: "many", 101: "one", 111: "many", 112: "many", 1_001: "one"}),
        ("ar", {0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other"}),
        ("ar", {101: "other", 102: "other", 103: "few", 110: "few", 111: "many", 200: "other", 1_003: "few"}),
        ("zh", {0: "other", 1: "other", 2: "other", 1_000_000: "other"}),
        ("xx", {0: "other", 1: "one", 2: "other", -1: "one"}),
    ],
)
def test_a_number_chooses_among_all_forms_of_its_language(language: str, expected: dict[int, str]) -> None:
    strings = Strings(language, {"form": {name: name for name in ("zero", "one", "two", "few", "many", "other")}})

    assert {n: strings.text("form", n=n) for n in expected} == expected


# Accept-Language ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CH", "fr"),
        ("FR-ch", "fr"),
        ("es_419", "es"),
        ("zh-Hant-TW", "zh"),
        ("ar-EG, en;q=0.5", "ar"),
        ("en;q=0.5, ru;q=0.7", "ru"),
        ("es, fr", "es"),
        ("fr-CH, fr;q=0.9, en;q=0.8, pt;q=0.7, *;q=0.5", "fr"),
        ("pt-BR, pt;q=0.9, ru;q=0.3", "ru"),
        ("fr ; q = 0.2 ,\tes;Q=0.3", "es"),
        ("nl, pt;q=0.9", "en"),
        ("*", "en"),
        ("*, fr", "fr"),
        ("fr;q=0.5, *", "en"),
        ("en;q=0, *;q=0.1", "en"),
        ("fr;q=0", "en"),
        ("fr;q=0, es;q=0.001", "es"),
        ("fr;q=0.0, fr-CA", "fr"),
        ("french, frr, arabic", "en"),
        ("fr;q=2, es;q=nan, ru;q=-1, ar;q=1e0, zh;q=0.1", "zh"),
        ("fr;q=, es;level=1;q=1, zh;q", "en"),
        (";;;q=1,,,-,_;q=.", "en"),
        ("fr\0, \u0666", "en"),
    ],
)
def test_the_best_language_is_chosen(header: str, language: str) -> None:
    assert negotiate(header) == language


parts = st.one_of(
    st.text(max_size=8),
    st.sampled_from([*LANGUAGES, "*", "-", "_", ";q=", ";q=0.5", ";q=0", ",", " ", "nan", "inf", "1_0", "٣"]),
)


@given(st.one_of(st.text(), st.lists(parts).map("".join)))
def test_any_header_gives_a_language_of_the_interface(header: str) -> None:
    assert negotiate(header) in LANGUAGES


@given(st.lists(st.sampled_from(["nl", "pt-BR", "x-klingon", ""])), st.sampled_from(LANGUAGES[1:]))
def test_a_language_of_the_interface_is_found_among_any_others(others: list[str], wanted: str) -> None:
    assert negotiate(", ".join([*others, f"{wanted};q=0.1"])) == wanted
