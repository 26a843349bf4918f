import json
import re
from dataclasses import replace
from html import unescape

import pytest

from assistant.web.rendering.filter import chosen_numbers, names_of, render_filter
from assistant.web.rendering.strings import read_strings
from tests.web.fake_assistant import OBJECTIVES

STRINGS = read_strings("en")


def test_objectives_are_grouped_by_round_table_and_this_one_comes_first() -> None:
    html = render_filter(OBJECTIVES, STRINGS)

    assert html.index("Roundtable 4 (this one)") < html.index("Roundtable 3<")
    assert html.count('type="checkbox"') == 3


def test_before_any_is_chosen_all_are_and_a_script_finds_how_to_say_how_many() -> None:
    html = render_filter(OBJECTIVES, read_strings("fr"))

    assert "Limiter aux objectifs" in html
    assert 'none-chosen">tous</span>' in html
    forms = re.search('data-forms="([^"]*)"', html)
    assert forms
    assert json.loads(unescape(forms[1])) == {"one": "{n}\u00a0choisi", "other": "{n}\u00a0choisis"}


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


def test_only_numbers_of_objectives_are_read() -> None:
    assert chosen_numbers("", range(1, 24)) == set()
    assert chosen_numbers("7,<b>,-1,²,24,0,100000000000,15", range(1, 24)) == {7, 15}


def test_objectives_are_named_in_order() -> None:
    table = {each.number: each for each in OBJECTIVES}

    assert names_of({15, 7}, table, read_strings("en")) == "7 Vulnerabilities; 15 Basic services"


def test_they_are_named_in_the_interface_s_language_unless_the_table_has_names_of_its_own() -> None:
    usual = {objective.number: objective for objective in OBJECTIVES}
    own = {7: replace(usual[7], short="Weak points")}

    assert names_of({7}, usual, read_strings("fr")) == "7 Vulnérabilités"
    assert names_of({7}, own, read_strings("fr")) == "7 Weak points"
