from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.sentences import clause_spans, quotable_spans, sentence_spans

_TEXTS = st.text(alphabet="ab Cd.;:,?!()\n\r\f 12-“”é中", max_size=200)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("One ends. Two ends.", ["One ends.", "Two ends."], id="plain"),
        pytest.param("See para. 7 of it. Next.", ["See para. 7 of it.", "Next."], id="abbreviation"),
        pytest.param("In A/RES/73/195. It was adopted.", ["In A/RES/73/195.", "It was adopted."], id="symbol"),
        pytest.param("By Mr. A. B. Smith. Yes.", ["By Mr. A. B. Smith.", "Yes."], id="initials"),
        pytest.param("2. What is it? Why?", ["2. What is it?", "Why?"], id="list_number"),
        pytest.param("In 2020. Then 2021.", ["In 2020.", "Then 2021."], id="year"),
        pytest.param("Is it so? (GCM objective 7)", ["Is it so? (GCM objective 7)"], id="trailing_parenthesis"),
        pytest.param(
            "child-sensitive and\n\ngender-specific.", ["child-sensitive and\n\ngender-specific."], id="page_break"
        ),
        pytest.param("Title\n\nText begins.", ["Title", "Text begins."], id="heading"),
        pytest.param("Take:\n(a) One;\n(b) two.", ["Take:", "(a) One;", "(b) two."], id="items"),
        pytest.param("He said “so.” Then he left.", ["He said “so.”", "Then he left."], id="closing_quote"),
    ],
)
def test_sentences_are_told_apart(text: str, sentences: list[str]) -> None:
    spans = sentence_spans(text)

    assert [text[start:end] for start, end in spans] == sentences


def test_clauses_end_at_semicolons() -> None:
    text = "assessing policies; establishing partnerships, quickly; helping"

    spans = clause_spans(text)

    assert [text[start:end] for start, end in spans] == [
        "assessing policies;",
        "establishing partnerships, quickly;",
        "helping",
    ]


def test_a_long_sentence_is_quoted_by_its_clauses_without_the_marks_between_them() -> None:
    text = "Measures include " + " ".join(["word"] * 30) + "; establishing procedures for children; helping others."

    quotable = [text[start:end] for start, end in quotable_spans(text)]

    assert "establishing procedures for children" in quotable


@given(_TEXTS)
def test_sentences_hold_every_word_in_order(text: str) -> None:
    spans = sentence_spans(text)

    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


@given(_TEXTS, st.integers(0, 2))
def test_clauses_hold_every_word_in_order(text: str, level: int) -> None:
    spans = clause_spans(text, level=level)

    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("移民需要信息。国家应当提供信息！谁负责？", ["移民需要信息。", "国家应当提供信息！", "谁负责？"]),
        ("من المسؤول؟ الدول مسؤولة.", ["من المسؤول؟", "الدول مسؤولة."]),
        ("Il dit : « C'est fini. » Puis il part.", ["Il dit : « C'est fini. »", "Puis il part."]),
        ("Er sagte: „Es ist vorbei.“ Dann ging er.", ["Er sagte: „Es ist vorbei.“", "Dann ging er."]),
    ],
)
def test_sentences_of_other_languages_end_at_their_own_marks(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences
