from dataclasses import replace

import pytest

from assistant.records import Difference, ObjectiveMatch, Source
from assistant.web.rendering.strings import read_strings
from assistant.web.rendering.wording import (
    basis_in_words,
    difference_in_words,
    facts_in_words,
    is_likely,
    is_long,
    is_put_to_states,
    language_in_words,
    names_of,
    place_in_compact,
    title_in_words,
)
from tests.web.fake_assistant import OBJECTIVES

STRINGS = read_strings("en")


def test_differences_have_names() -> None:
    assert difference_in_words(Difference("left out", "", "all"), STRINGS) == "Left out"


@pytest.mark.parametrize(
    ("confidence", "said"), [(0.004, "<\u00a01%"), (0.58, "58%"), (0.994, "99%"), (0.999, ">\u00a099%")]
)
def test_an_inference_is_never_certain(confidence: float, said: str) -> None:
    assert basis_in_words("inferred", confidence, STRINGS) == f"inferred {said}"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "7 Vulnérabilités\u00a0; 15 Services de base"),
        ("ar", "7 أوجه الضعف؛ 15 الخدمات الأساسية"),
        ("zh", "7 脆弱性；15 基本服务"),
    ],
)
def test_a_line_of_names_has_the_language_s_own_semicolon(language: str, said: str) -> None:
    table = {each.number: each for each in OBJECTIVES}

    assert names_of({15, 7}, table, read_strings(language)) == said


def test_objectives_are_named_in_order() -> None:
    table = {each.number: each for each in OBJECTIVES}

    assert names_of({15, 7}, table, read_strings("en")) == "7 Vulnerabilities; 15 Basic services"


def test_they_are_named_in_the_interface_s_language_unless_the_table_has_names_of_its_own() -> None:
    usual = {objective.number: objective for objective in OBJECTIVES}
    own = {7: replace(usual[7], short="Weak points")}

    assert names_of({7}, usual, read_strings("fr")) == "7 Vulnérabilités"
    assert names_of({7}, own, read_strings("fr")) == "7 Weak points"


@pytest.mark.parametrize(("confidence", "likely"), [(0.39, False), (0.4, True)])
def test_a_topic_falls_under_an_objective_from_four_in_ten_on(confidence: float, likely: bool) -> None:
    assert is_likely(ObjectiveMatch(OBJECTIVES[0], "inferred", confidence)) is likely


def test_an_objective_s_place_names_its_roundtable_and_its_paragraph() -> None:
    assert place_in_compact(OBJECTIVES[0], STRINGS) == "Roundtable 4, this one · Global Compact, para.\u00a023"
    assert place_in_compact(OBJECTIVES[1], STRINGS) == "Roundtable 3, not this one · Global Compact, para.\u00a031"


def test_a_document_s_type_is_said_in_the_interface_s_language_or_in_its_own_words() -> None:
    french = read_strings("fr")

    assert facts_in_words(Source("a", "A", type="Policy brief"), french).startswith("Policy brief · ")
    assert facts_in_words(Source("a", "A", type="resolution"), french) == "Résolution · Original"
    assert facts_in_words(Source("a", "A"), STRINGS) == "Original"


def test_a_language_without_words_for_it_goes_by_its_code() -> None:
    assert language_in_words("fr", STRINGS) == "In French"
    assert language_in_words("xx", STRINGS) == "In another language (xx)"


def test_a_question_is_long_by_its_letters_or_by_its_lines() -> None:
    assert not is_long("a" * 300)
    assert is_long("a" * 301)
    assert is_long("a\n" * 4)


def test_a_guiding_question_is_told_from_what_a_note_says() -> None:
    assert is_put_to_states("Guiding question 3")
    assert not is_put_to_states("para. 3")


def test_a_title_is_official_where_we_have_it_and_a_table_s_own_stays() -> None:
    usual = next(each for each in OBJECTIVES if each.number == 7)

    titles = {language: title_in_words(usual, read_strings(language)) for language in ("en", "fr", "ar")}

    assert titles["en"] == (usual.title, True)
    assert titles["fr"] == ("S’attaquer aux facteurs de vulnérabilité liés aux migrations et les réduire", True)
    assert titles["ar"][1] is False
    assert title_in_words(replace(usual, title="Our own"), read_strings("fr")) == ("Our own", True)
