import re

from assistant.web.rendering.page_frame import NOTE_EXAMPLES
from assistant.web.rendering.passages import context_of
from assistant.web.rendering.questions import Turn
from assistant.web.rendering.strings import read_strings
from assistant.web.widget.compact_page import Wish, render_compact_page, render_compact_turn
from tests.web.fake_assistant import OBJECTIVES, FakeAssistant, answered

HOSTILE = "\"><script>alert('x')</script>"
TABLE = {each.number: each for each in OBJECTIVES}


def page(wish: Wish, language: str = "en") -> str:
    strings = read_strings(language)
    return render_compact_page(
        strings, wish, style="embed.css?v=1", script="embed-page.js?v=1", objectives=TABLE, examples=NOTE_EXAMPLES
    )


def test_the_page_is_whole_and_in_its_language() -> None:
    html = page(Wish(theme="dark"), "ar")

    assert html.startswith('<!doctype html><html lang="ar" dir="rtl" data-theme="dark"><head>')
    assert html.endswith("</body></html>")


def test_what_is_asked_for_is_text_and_nothing_else() -> None:
    html = page(Wish(question=HOSTILE, theme=HOSTILE))

    assert re.findall("<script[^>]*>", html) == ['<script src="embed-page.js?v=1" defer>']


def test_only_the_last_three_fitting_examples_are_shown() -> None:
    assert page(Wish()).count('class="example"') == 3
    assert page(Wish(frozenset({7}))).count('class="example"') == 1


def test_its_search_is_narrowed_in_words_and_for_its_script() -> None:
    html = page(Wish(frozenset({15, 7})))

    assert "Limited to objectives: 7 Vulnerabilities; 15 Basic services" in html
    assert 'data-objectives="7,15"' in html


def test_a_turn_is_folded_and_leads_to_the_full_page() -> None:
    turn = Turn(HOSTILE, answered(HOSTILE))
    assert turn.answer

    html = render_compact_turn(turn, turn.answer, context_of(FakeAssistant(), read_strings("fr")), number=2)

    assert html.startswith('<div class="exchange" data-status="answered" data-live="')
    assert '<article class="turn is-new" aria-labelledby="question-2"' in html
    assert '<details class="disclosure passages">' in html
    assert 'href="./documents/background-note/' in html
    assert "<script" not in html
