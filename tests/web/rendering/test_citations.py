from dataclasses import replace

import pytest

from assistant.web.rendering.citations import cite, listed, marks_of, place_of, place_of_document, place_of_hit, titled
from assistant.web.rendering.strings import read_strings
from tests.web.fake_assistant import CHILDREN, DIGEST, NOTE, NOTE_PASSAGE, answered

STRINGS = read_strings("en")


def test_a_citation_leaves_out_what_is_unknown() -> None:
    assert cite(replace(NOTE, publisher="", date=""), "para. 4", STRINGS) == "Background note, Roundtable 4, para. 4"


def test_a_digest_is_named_as_one() -> None:
    assert titled(DIGEST, STRINGS) == "COVID-19 and People on the Move (digest)"
    assert titled(NOTE, STRINGS) == NOTE.title


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Background note, Roundtable 4; COVID-19 and People on the Move (digest)"),
        ("ar", "\u2068Background note, Roundtable 4\u2069؛ \u2068COVID-19 and People on the Move (ملخص)\u2069"),
    ],
)
def test_names_in_a_line_stay_in_order_from_right_to_left_too(language: str, said: str) -> None:
    assert listed([NOTE, DIGEST], read_strings(language)) == said


def test_a_place_of_any_name_is_one_fragment() -> None:
    odd = replace(NOTE, id="a/b ?#é")

    assert place_of_document(odd) == "documents/a%2Fb%20%3F%23%C3%A9"
    assert place_of(odd, "para-1", [(3, 9)]) == "documents/a%2Fb%20%3F%23%C3%A9/para-1/3-9#a%2Fb%20%3F%23%C3%A9--para-1"


def test_a_passage_s_marks_count_from_the_beginning_of_its_document() -> None:
    start = NOTE_PASSAGE.start + NOTE_PASSAGE.text.index(CHILDREN)
    hit = answered("What of children?").hits[0]

    assert marks_of(NOTE_PASSAGE, hit.highlights) == [(start, start + len(CHILDREN))]
    assert place_of_hit(hit).endswith(f"/para-4/{start}-{start + len(CHILDREN)}#background-note--para-4")
