import numpy as np
import pytest

from assistant.index.lexical import LexicalIndex
from assistant.language.glossary import Glossary
from assistant.retrieval.terms import TermMatcher

PASSAGES = ["Remittances fell.", "Children and their schools.", "A school for all.", "Les remesas."]
GLOSSARY = Glossary(
    [
        {"en": ["remittance", "money transfer"], "es": ["remesas"]},
        {"en": ["school"], "es": ["escuelas"]},
        {"en": ["lighthouse"], "es": ["faro"]},
    ]
)


@pytest.fixture(scope="module")
def matcher() -> TermMatcher:
    return TermMatcher(lambda: GLOSSARY, LexicalIndex.of(PASSAGES), len(PASSAGES))


def test_passages_that_hold_a_terms_english_have_its_share(matcher: TermMatcher) -> None:
    found = matcher.found("¿Qué pasa con las remesas?", "es")

    np.testing.assert_allclose(found.scores, [1, 0, 0, 1])
    assert [(typed, rows.tolist()) for typed, rows in found.holding] == [("remesas", [0, 3])]


def test_of_several_terms_each_counts_by_how_telling_it_is(matcher: TermMatcher) -> None:
    scores = matcher.found("remesas y escuelas", "es").scores

    assert scores[0] == pytest.approx(scores[3])
    assert scores[1] == pytest.approx(1 - scores[0])


def test_a_term_that_no_passage_holds_is_told_and_lessens_the_share_of_the_others(matcher: TermMatcher) -> None:
    found = matcher.found("el faro y la escuela", "es")

    assert found.unknown == 0.5
    assert 0 < found.scores[1] < 0.5  # what is held nowhere tells more than what two hold


def test_a_question_without_a_term_speaks_for_no_passage(matcher: TermMatcher) -> None:
    found = matcher.found("¿Qué hora es?", "es")

    assert not found.scores.any()
    assert (found.holding, found.unknown) == ((), 0)


def test_words_of_a_phrase_must_all_stand_in_the_passage() -> None:
    matcher = TermMatcher(
        lambda: Glossary([{"en": ["money transfer"], "fr": ["transferts"]}]),
        LexicalIndex.of(["Money is short.", "The transfer of money.", "A transfer."]),
        3,
    )

    assert matcher.found("transfert", "fr").scores.tolist() == [0, 1, 0]
